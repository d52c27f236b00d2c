"""The words of the page, all in one file, and what a translation of it has to have."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sim.errors import InputMissingError, UsageError

_SHIPPED = Path(__file__).with_name("words.yaml")

# Below these a translation may have other keys than ours: paths, ids, plural forms.
_OPEN = {("inputs",), ("turn", "inputs"), ("names",), ("scenarios",)}
_PLURAL = "by"


def words_from(file: Path | None = None) -> dict[str, Any]:
    """Return the words of the page, by default those that come with the program.

    Raises
    ------
    InputMissingError
        If the file cannot be read or is no YAML.
    UsageError
        If keys are missing or unknown, or a text is none; it names them all.
    """
    ours: dict[str, Any] = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    if file is None:
        return ours
    try:
        theirs = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    except (yaml.YAMLError, ValueError) as error:
        where = " ".join(str(error).split())
        raise InputMissingError(f"{file} is not words in YAML: {where}") from None
    if not isinstance(theirs, dict):
        raise UsageError(f"{file}: words are a mapping, as in {_SHIPPED.name}")
    wrong = list(_differences(ours, theirs, ()))
    if wrong:
        more = f" and {len(wrong) - 10} more" if wrong[10:] else ""
        raise UsageError(f"{file}: {'; '.join(wrong[:10])}{more}")
    return theirs


def _differences(ours: Any, theirs: Any, path: tuple[str, ...]) -> Iterator[str]:
    name = ".".join(path)
    if not isinstance(ours, Mapping):
        if type(theirs) is not type(ours):
            yield f"{name} is no {'list' if isinstance(ours, list) else 'text'}"
        return
    if not isinstance(theirs, Mapping):
        yield f"{name} is no mapping"
        return
    if path in _OPEN:
        return
    if _PLURAL in ours:
        forms = {"other", _PLURAL} - set(theirs)
        yield from (f"{name}.{form} is missing" for form in sorted(forms))
        return
    prefix = f"{name}." if name else ""
    yield from (f"{prefix}{key} is missing" for key in ours if key not in theirs)
    yield from (f"{prefix}{key} is unknown" for key in theirs if key not in ours)
    for key in ours:
        if key in theirs:
            yield from _differences(ours[key], theirs[key], (*path, str(key)))
