"""Read a scenario, check it whole, and vary it.

>>> flagship = load("kursk-2025-03-13", set={"chips.kursk.area_km2": 400})
>>> flagship.scenario.chips["kursk"].area_km2
400.0
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from sim.errors import InputMissingError, ScenarioError, UsageError, printable
from sim.scenario.arguments import by_name
from sim.scenario.defaults import DERIVED, completed
from sim.scenario.library import find, read_file, suggestion
from sim.scenario.messages import problems_of
from sim.scenario.overrides import assign
from sim.scenario.problems import KeyPath, Place, Problem, report
from sim.scenario.quantities import Sourced, is_written, part, written_at
from sim.scenario.references import Finding, disorder, gather, is_crowd
from sim.scenario.schema import Scenario
from sim.scenario.version_1 import VERSION, changes, is_old
from sim.scenario.yaml_file import MAX_BYTES, Document, read

MOST_ANCESTORS = 16
_MOST_TOLD, _LONGEST_TOLD = 120, 300  # values of version 1, and letters of a line


def read_with_parents(file: FilePath) -> tuple[Document, tuple[FilePath, ...]]:
    """Read a file and those it extends; return one document, and all files, it last.

    Raises
    ------
    InputMissingError
        If the file is not there or cannot be read.
    ScenarioError
        If a file is not YAML, or what it extends is missing or extends it in turn.
    """
    document, raws = _with_parents(file)
    return document, tuple(raws)


def _with_parents(file: FilePath) -> tuple[Document, dict[FilePath, bytes]]:
    """Return one document, and what was read by file, `file` last."""
    merged = Document(None)
    files: list[FilePath] = []
    raws: dict[FilePath, bytes] = {}
    here: FilePath | None = file
    stands_at: Place | None = None
    left = MAX_BYTES
    while here is not None:
        real = os.path.realpath(here)
        if any(os.path.realpath(other) == real for other in files):
            chain = " extends ".join(each.name for each in [*files, here])
            raise _not_extended(f"a cycle: {chain}", stands_at)
        if len(files) > MOST_ANCESTORS:
            text = f"more than {MOST_ANCESTORS} files in a chain"
            raise _not_extended(text, stands_at)
        document, raw = _read(here, stands_at, left)
        left -= len(raw)
        files.insert(0, here)
        raws = {here: raw, **raws}
        parent, stands_at = _parent(document, here)
        merged = _merged(document, merged) if files[1:] else document
        here = parent
    return merged, raws


def _not_extended(text: str, place: Place | None) -> ScenarioError:
    return report([Problem(("extends",), text, place)])


def refuse_overwriting(written: Iterable[FilePath], reads: Iterable[FilePath]) -> None:
    """See to it that nothing is written over what it is made from; else `UsageError`.

    Files are told apart by what they are and not by their names: links and other
    spellings of a path lead to the same file.
    """
    known = {_which(file): file for file in reads}
    for file in written:
        read = known.get(_which(file) or (0, 0))
        if read is not None:
            also = "" if read == file else f" (the same as {file})"
            raise UsageError(
                f"{read}{also} is used as input and would be overwritten: choose "
                "another place to write to"
            )


def _which(file: FilePath) -> tuple[int, int] | None:
    """Return what tells a file from others on this machine; None if it is not there."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _read(file: FilePath, stands_at: Place | None, most: int) -> tuple[Document, bytes]:
    """Return what is in a file, also as read; `stands_at` is where it is named."""
    try:
        raw = read_file(file, most)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        text = f"{file} cannot be read: {reason}"
        if isinstance(error, FileNotFoundError):
            text = f"no file {file}{suggestion(file)}"
        elif getattr(error, "errno", None) == errno.EFBIG:
            text = f"the file has more than {MAX_BYTES:,} bytes"
            text += " together with those that extend it" if stands_at else ""
            raise report([Problem((), text, Place(str(file), 1, 1, ""))]) from None
        if stands_at:
            raise _not_extended(text, stands_at) from None
        raise InputMissingError(text) from None
    document = read(raw, str(file))
    if document.data is None or not isinstance(document.data, dict):
        place = document.values.get((), Place(str(file), 1, 1, ""))
        shape = Problem((), "a scenario is a mapping of fields", place)
        raise report(document.problems or [shape])
    return document, raw


def _parent(document: Document, file: FilePath) -> tuple[FilePath | None, Place | None]:
    """Take `extends` out of the document; return the file it names, and its place."""
    data: Any = document.data
    name = data.pop("extends", None)
    place = document.values.get(("extends",))
    if name is None:
        return None, None
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise _not_extended("needs the path of a file", place)
    if FilePath(name).is_absolute():
        raise _not_extended("needs a relative path", place)
    return file.parent / name, place


def _merged(parent: Document, child: Document) -> Document:
    """Return one document: what the child says, and else what the parent says."""
    # Places of what was replaced stay, under paths that nothing asks for.
    return Document(
        merge(parent.data, child.data),
        values=parent.values | child.values,
        keys=parent.keys | child.keys,
        problems=[*child.problems, *parent.problems],
    )


def merge(parent: Any, child: Any) -> Any:
    """Return blocks merged; of anything else, such as a quantity, the child's."""
    blocks = isinstance(parent, dict) and isinstance(child, dict)
    if not blocks or "value" in parent or "value" in child:
        return child
    # Another policy or rule has other fields: nothing of the first would fit it.
    if "name" in child and parent.get("name") != child["name"]:
        return child
    return parent | {
        name: merge(parent[name], each) if name in parent else each
        for name, each in child.items()
    }


PROSE = frozenset({"schema_version", "id", "title", "notes", "sources"})
_WORDS: Any = dict.fromkeys(PROSE, True) | {
    "parties": {"__all__": {"label"}},
    "chips": {"__all__": {"label", "unit"}},
}


@dataclass(frozen=True)
class Loaded:
    """A valid scenario, with where it comes from.

    `hash` is the SHA-256 of all resolved parameters, defaults included: comments, the
    order of keys and files, prose (`PROSE`), sources, notes, `low` and `high` do not
    enter it, since the result of a run does not depend on them.
    """

    scenario: Scenario
    hash: str
    files: tuple[FilePath, ...]
    sourced: Sourced = field(repr=False)


def load(
    scenario: str | FilePath | Loaded, *, set: Mapping[str, object] | None = None
) -> Loaded:
    """Load a scenario by id or path, with some values changed.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    set
        New values by dotted path, such as `{"chips.kursk.area_km2": 400}`.

    Raises
    ------
    ScenarioError
        With all mistakes of the file, or else all those of `set`.
    InputMissingError
        If there is no such scenario or file.
    """
    changes = by_name("--set", set)
    loaded = scenario if isinstance(scenario, Loaded) else _of_file(find(scenario))
    return resolve(loaded, changes) if changes else loaded


_MOST_KEPT = 16
_kept: dict[FilePath, tuple[dict[FilePath, bytes], Loaded]] = {}


def _of_file(file: FilePath) -> Loaded:
    """Return the scenario in a file: that of the last time if no file has changed.

    A model that is given a scenario by its name, once for each world, would otherwise
    spend a quarter of its time here.
    """
    raws, loaded = _kept.get(file, ({}, None))
    if loaded is not None and all(_is_still(each, raws[each]) for each in raws):
        return loaded
    document, raws = _with_parents(file)
    _refuse_version_1(document, file)
    loaded = _loaded(part(document), tuple(raws))
    _kept.pop(file, None)
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)))
    _kept[file] = raws, loaded
    return loaded


def _is_still(file: FilePath, raw: bytes) -> bool:
    """Say whether a file is what it was when it was read."""
    try:
        return read_file(file, MAX_BYTES) == raw
    except (OSError, ValueError):
        return False


def resolve(loaded: Loaded, set: Mapping[str, object]) -> Loaded:
    """Return the scenario with other values at some dotted paths; reads no file.

    Raises `ScenarioError` if a path is unknown, or the scenario would not be valid;
    it names all of it.
    """
    scenario, sourced = changed(loaded, set)
    return replace(loaded, scenario=scenario, hash=hash_of(scenario), sourced=sourced)


def changed(loaded: Loaded, set: Mapping[str, object]) -> tuple[Scenario, Sourced]:
    """Return the scenario with other values, and how it is then written.

    What `resolve` does, but for the hash, which takes a third of the time. Errors as
    `resolve`, without places, since the values stand in no file.
    """
    sourced, problems = assign(loaded.scenario, loaded.sourced, set)
    return _valid(replace(sourced, values={}, keys={}), problems), sourced


def rebuilt(written: object, file: FilePath) -> Loaded:
    """Return a scenario from the values it was written with: `Loaded.sourced.data`.

    Defaults are filled in anew, since some follow from other values, which may be
    changed. What was known about the values is lost. `file` is where they are kept.
    Raises `ScenarioError` if they are no scenario.
    """
    if not isinstance(written, dict):
        raise ScenarioError("a scenario is a mapping of fields")
    _refuse_version_1(Document(written), file)
    return _loaded(Sourced(written), (file,))


def hash_of(scenario: Scenario) -> str:
    """Return the SHA-256 of the parameters of a scenario, in hexadecimal."""
    parameters = scenario.model_dump(mode="json", exclude=_WORDS)
    text = json.dumps(
        parameters, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _loaded(sourced: Sourced, files: tuple[FilePath, ...]) -> Loaded:
    scenario = _valid(sourced, sourced.problems)
    return Loaded(scenario, hash_of(scenario), files, sourced)


def _refuse_version_1(document: Document, file: FilePath) -> None:
    """Say what each value of version 1 is now, if that is what the file has."""
    if not is_old(document.data):
        return
    place = document.values.get(("schema_version",))
    where = f"{place.file}:{place.line}:{place.column}" if place else str(file)
    lines = [
        f"{where}: schema_version: this is a file of version {VERSION}; in version 2, "
        "land is in km2, time is in weeks, and the line has no steps",
        f"ceasefire convert {file.name} NEW.yaml converts it, keeping sources and "
        "notes and writing down the defaults of version 1:",
    ]
    told = [f"    {each}" for each in changes(document.data)]
    lines += told[:_MOST_TOLD]
    if len(told) > _MOST_TOLD:
        lines.append(f"    ... and {len(told) - _MOST_TOLD} more")
    raise ScenarioError("\n".join(printable(line, _LONGEST_TOLD) for line in lines))


def _valid(sourced: Sourced, problems: Iterable[Problem]) -> Scenario:
    """Return the scenario; if something is wrong, raise it, `problems` included."""
    data = completed(sourced.data)
    scenario = None
    found = list(disorder(data))
    if not is_crowd(data):
        try:
            scenario = Scenario.model_validate(data, context=gather(data))
        except ValidationError as error:
            found += problems_of(error)
    every = [*problems, *_located(found, sourced)]
    if scenario is None or every:
        raise report(every)
    return scenario


def _located(found: Iterable[Finding], sourced: Sourced) -> list[Problem]:
    reported = {problem.path for problem in sourced.problems}
    problems: list[Problem] = []
    echoes: list[Problem] = []
    for path, message, about_name in found:
        if path in reported:
            continue
        problem = Problem(path, message, _place(sourced, path, about_name))
        # What a default is made from is reported itself.
        echo = not is_written(sourced.data, path) and not DERIVED.isdisjoint(path)
        (echoes if echo else problems).append(problem)
    return problems if problems or sourced.problems else echoes


def _place(sourced: Sourced, path: KeyPath, about_name: bool) -> Place | None:
    """Return the place of a value, of its name, or of the block it is missing from."""
    at_name = about_name or isinstance(written_at(sourced.data, path), dict)
    if path in sourced.values and not (at_name and path in sourced.keys):
        return sourced.values[path]
    while path:
        if path in sourced.keys:
            return sourced.keys[path]
        if path in sourced.values:
            return sourced.values[path]
        path = path[:-1]
    root = sourced.values.get(())
    return replace(root, line=root.line, column=1) if root else None
