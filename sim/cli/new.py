"""`ceasefire new`: a scenario file to start from."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import click

from sim.batch.files import together
from sim.cli import options
from sim.errors import InputMissingError, UsageError
from sim.scenario.library import known
from sim.scenario.load import read_with_parents
from sim.scenario.yaml_file import quoted

# Two parties on nothing but defaults, and what one most likely adds: a test takes the
# comment signs away and finds a valid scenario again.
_TEMPLATE = Path(__file__).with_name("new.yaml")
_SUFFIXES = (".yaml", ".yml")
_NOT_TEXT = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
_LONGEST_ID, _LONGEST_TITLE = 64, 200


@click.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "origin",
    metavar="ID",
    help="Shipped scenario to copy, including its comments.",
)
@options.output_options("force", "quiet")
def new(file: Path, origin: str | None, output: options.Output) -> None:
    """Write a commented scenario file to start from.

    Without --from, the file contains two parties, the few values that have no default,
    and comments on what to add. A shipped scenario that extends another one is copied
    together with that one.
    """
    if file.suffix not in _SUFFIXES:
        raise UsageError(
            f"{file}: a scenario file ends in .yaml; did you mean '{file}.yaml'?"
        )
    reads: tuple[Path, ...] = ()
    texts = {file: _copy(_TEMPLATE, file)}
    if origin is not None:
        reads, texts = _copies(file, origin)
    options.refuse_existing(list(texts), reads=reads, force=output.force)
    with together() as put:
        for path, text in texts.items():
            put(path, text)
    output.say(f"written: {', '.join(map(str, texts))}")
    show, run = (
        options.command_line("show", str(file)),
        options.command_line("run", str(file)),
    )
    output.say(f"next: {show}, {run}")


def _copies(file: Path, origin: str) -> tuple[tuple[Path, ...], dict[Path, str]]:
    """Return what is copied; texts of the new file and what it extends, by place.

    `extends` is a relative path, and the folder of the package no place to refer to:
    it moves with every installation. So parents come along, unchanged.
    """
    files = known()
    if origin not in files:
        near = get_close_matches(origin, files, n=3, cutoff=0.5) or list(files)
        raise InputMissingError(
            f"no scenario '{origin}' is shipped; similar names: {', '.join(near)}"
        )
    document, sources = read_with_parents(files[origin])
    *parents, own = sources
    # `read_with_parents` refuses what is no mapping.
    title = f"Changed from: {cast(dict[str, Any], document.data)['title']}"
    title = quoted(title[:_LONGEST_TITLE])
    texts = {file: _with_field(_copy(own, file), "title", title)}
    for parent in parents:
        place = file.parent / parent.relative_to(own.parent)
        if place.name.lower() == file.name.lower():
            raise UsageError(
                f"{file}: '{origin}' extends a file of that name, which is copied "
                "too; choose another name"
            )
        text = parent.read_text(encoding="utf-8")
        # One that stands there already, word for word, is not replaced.
        if not place.is_file() or place.read_bytes() != text.encode("utf-8"):
            texts[place] = text
    return sources, texts


def _copy(source: Path, file: Path) -> str:
    """Return the text of a scenario with the id of another file.

    Edited line by line, not parsed and written anew, which would lose the comments.
    """
    return _with_field(source.read_text(encoding="utf-8"), "id", _id_of(file))


def _with_field(text: str, name: str, value: str) -> str:
    r"""Return the text with another value at the top, or with one if it had none.

    >>> _with_field("id: old\ntitle: >-\n  Two\n  lines\nx: 1\n", "title", "new")
    'id: old\ntitle: new\nx: 1\n'
    """
    # A value that goes on over lines is indented, or broken by empty lines.
    field = re.compile(rf"^{name}:.*(?:\n(?:[ \t].*|[ \t]*(?=\n[ \t])))*", re.MULTILINE)
    line = f"{name}: {value}"
    new, count = field.subn(lambda _: line, text, count=1)
    return new if count else f"{line}\n{text}"


def _id_of(file: Path) -> str:
    """Return the name of a file as an id, such as a scenario may have.

    >>> _id_of(Path("my war (2).yaml")), _id_of(Path("2025.yaml"))
    ('my-war-2', '"2025"')
    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", file.stem).strip("._-")[:_LONGEST_ID]
    # Beginning with a digit, some YAML reads as a number; these words mean others.
    plain = name[:1].isalpha() and name.lower() not in _NOT_TEXT
    return name if plain else quoted(name or "scenario")
