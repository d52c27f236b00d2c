"""A scenario file and the files it extends, as one.

`extends: other.yaml` names one parent, by a path relative to the file. Maps merge;
lists and scalars replace; so does a quantity, a mapping with a `value`, as a whole.
"""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from sim.errors import InputMissingError, UsageError
from sim.scenario.find import read_file, suggestion
from sim.scenario.problems import Place, Problem, report
from sim.scenario.yaml_reader import MAX_BYTES, Document, read

MOST_ANCESTORS = 16


@dataclass(frozen=True)
class Sources:
    """The merged document, and the files it was read from, the first one last."""

    document: Document
    files: tuple[FilePath, ...]


def read_with_parents(file: FilePath) -> Sources:
    """Read a file and those it extends.

    Raises
    ------
    InputMissingError
        If the file is not there or cannot be read.
    ScenarioError
        If a file is not YAML, or what it extends is missing or extends it in turn.
    """
    merged = Document(None)
    files: list[FilePath] = []
    here: FilePath | None = file
    stands_at: Place | None = None
    left = MAX_BYTES
    while here is not None:
        if any(_is_same(here, other) for other in files):
            chain = " extends ".join(each.name for each in [*files, here])
            raise report([Problem(("extends",), f"a cycle: {chain}", stands_at)])
        if len(files) > MOST_ANCESTORS:
            text = f"more than {MOST_ANCESTORS} files in a chain"
            raise report([Problem(("extends",), text, stands_at)])
        document, size = _read(here, stands_at, left)
        left -= size
        files.insert(0, here)
        parent, stands_at = _parent(document, here)
        merged = _merged(document, merged) if files[1:] else document
        here = parent
    return Sources(merged, tuple(files))


def refuse_overwriting(written: Iterable[FilePath], reads: Iterable[FilePath]) -> None:
    """See to it that nothing is written over what it is made from.

    Files are told apart by what they are and not by their names: links and other
    spellings of a path lead to the same file.

    Raises
    ------
    UsageError
        If one of the files to be written is one that is read.
    """
    known = {_which(file): file for file in reads}
    for file in written:
        read = known.get(_which(file) or (0, 0))
        if read is not None:
            also = "" if read == file else f" (the same as {file})"
            raise UsageError(
                f"{read}{also} is read here and would be overwritten: write to "
                "another place"
            )


def _which(file: FilePath) -> tuple[int, int] | None:
    """Return what tells a file from others on this machine; None if it is not there."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def _read(file: FilePath, stands_at: Place | None, most: int) -> tuple[Document, int]:
    """Return what is in a file, and its size; `stands_at` is where it is named."""
    try:
        raw = read_file(file, most)
    except FileNotFoundError:
        text = f"no file {file}{suggestion(file)}"
        if stands_at:
            raise report([Problem(("extends",), text, stands_at)]) from None
        raise InputMissingError(text) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        if getattr(error, "errno", None) == errno.EFBIG:
            text = f"the file has more than {MAX_BYTES:,} bytes"
            text += " together with those that extend it" if stands_at else ""
            raise report([Problem((), text, Place(str(file), 1, 1, ""))]) from None
        text = f"{file} cannot be read: {reason}"
        if stands_at:
            raise report([Problem(("extends",), text, stands_at)]) from None
        raise InputMissingError(text) from None
    document = read(raw, str(file))
    if document.data is None or not isinstance(document.data, dict):
        place = document.values.get((), Place(str(file), 1, 1, ""))
        shape = Problem((), "a scenario is a mapping of fields", place)
        raise report(document.problems or [shape])
    return document, len(raw)


def _parent(document: Document, file: FilePath) -> tuple[FilePath | None, Place | None]:
    """Take `extends` out of the document; return the file it names, and its place."""
    data: Any = document.data
    name = data.pop("extends", None)
    place = document.values.get(("extends",))
    if name is None:
        return None, None
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise report([Problem(("extends",), "needs the path of a file", place)])
    if FilePath(name).is_absolute():
        raise report([Problem(("extends",), "needs a relative path", place)])
    return file.parent / name, place


def _is_same(one: FilePath, other: FilePath) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _merged(parent: Document, child: Document) -> Document:
    """Return one document: what the child says, and else what the parent says."""
    # Places of what was replaced stay, under paths that nothing asks for.
    return Document(
        _merge(parent.data, child.data),
        values=parent.values | child.values,
        keys=parent.keys | child.keys,
        problems=[*child.problems, *parent.problems],
    )


def _merges(parent: Any, child: Any) -> bool:
    """Say whether two values are merged; otherwise the child's replaces the other."""
    if not (isinstance(parent, dict) and isinstance(child, dict)):
        return False
    if "value" in parent or "value" in child:
        return False
    # Another policy or rule has other fields: nothing of the first would fit it.
    return "name" not in child or parent.get("name") == child["name"]


def _merge(parent: Any, child: Any) -> Any:
    if not _merges(parent, child):
        return child
    both = {
        name: _merge(parent[name], child[name]) if name in parent else child[name]
        for name in child
    }
    return parent | both
