"""Where scenarios are: those that come along by their id, a user's own by path."""

from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path

from sim.errors import InputMissingError

_PACKAGE = Path(__file__).resolve().parents[1]
_SUFFIXES = (".yaml", ".yml")


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: in the wheel, or in a checkout."""
    in_wheel = _PACKAGE / "_data" / "scenarios"
    return in_wheel if in_wheel.is_dir() else _PACKAGE.parent / "scenarios"


def shipped() -> dict[str, Path]:
    """Return the files of the scenarios of the first case by id, alphabetically."""
    return _scenarios_in(shipped_folder())


def history() -> dict[str, Path]:
    """Return the files of the scenarios of past wars by id, alphabetically."""
    return _scenarios_in(shipped_folder() / "history")


def known() -> dict[str, Path]:
    """Return the files of all scenarios that come with the project, by id."""
    return shipped() | history()


def _scenarios_in(folder: Path) -> dict[str, Path]:
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def find(scenario: str | Path) -> Path:
    """Return the file of a scenario, given its id or a path.

    A bare word is an id; what has a folder or ends in .yaml is a path.

    Raises
    ------
    InputMissingError
        If there is no such scenario; it names what was looked for and near names.
    """
    path = Path(scenario)
    is_path = isinstance(scenario, Path) or path.suffix in _SUFFIXES or path.parts[1:]
    if is_path:
        if _exists(path.is_file):
            return path
        what = "a folder, not a file" if _exists(path.is_dir) else "no such file"
        raise InputMissingError(f"{scenario}: {what}{suggestion(path)}")
    files = known()
    if scenario in files:
        return files[str(scenario)]
    if _exists(path.is_file):
        return path
    near = get_close_matches(str(scenario), files, n=3, cutoff=0.5) or list(files)
    raise InputMissingError(
        f"no scenario '{scenario}' in {shipped_folder()}, and no file of that name; "
        f"near names: {', '.join(near) or 'none'}"
    )


def _exists(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except OSError:  # such as a name too long for the file system
        return False


def suggestion(path: Path) -> str:
    """Return near names for a path that is not there, as the end of a sentence."""
    folder = path.parent
    beside = folder.glob("*.y*ml") if _exists(folder.is_dir) else ()
    names = {file.name: str(file) for file in sorted(beside)}
    names |= {file.name: name for name, file in known().items() if name not in names}
    near = [names[name] for name in get_close_matches(path.name, names, n=3)]
    return f"; near names: {', '.join(near)}" if near else ""
