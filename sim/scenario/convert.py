"""A scenario file of schema_version 1 written anew in the units of 2.

The text is edited where a value changes, so that comments, order, sources and notes
stay. Values that version 1 took when they were left out, and that mean something else
now, are written out. What comes out is read again and held against the converted data.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ScenarioError, UsageError
from sim.scenario.library import find
from sim.scenario.load import merge, read_with_parents
from sim.scenario.problems import KeyPath, report
from sim.scenario.references import number_of
from sim.scenario.version_1 import (
    PROSE,
    SPREAD,
    VERSION,
    Walk,
    converted,
    field_at,
    is_old,
    plain,
    shortened,
    walk_of,
    with_defaults,
)
from sim.scenario.yaml_file import nodes_of, number_in, quoted, read_text

_DEFAULT = "  # as version 1 took it"
_SPREAD = (
    "# version 1 had battles_per_week: a week's variance is battles x step_km2^2 - "
    "(step_days / 7) x drift^2"
)


@dataclass(frozen=True)
class _Edit:
    """A part of a text, by its place, and what takes that place."""

    start: int
    end: int
    new: str


class _TwiceError(Exception):
    """Two edits of the same part of a text, which an alias can ask for."""


def converted_texts(old: str | Path, new: Path) -> tuple[dict[Path, str], list[Path]]:
    """Return the texts of a scenario, and of what it extends, in the units of today.

    By the place of each: parents keep their place beside the new file, as it was beside
    the old one. With them come the files that were read.

    Raises
    ------
    ScenarioError
        If a file cannot be read, does not say what is at stake, or is written in a way
        that cannot be edited.
    UsageError
        If nothing in it is of version 1, or what it extends is of version 2 already.
    """
    file = find(old)
    document, files = read_with_parents(file)
    if document.problems:
        raise report(document.problems)
    texts = {each: each.read_text(encoding="utf-8-sig") for each in files}
    written = {each: _data(text, each) for each, text in texts.items()}
    if not is_old(document.data):
        raise UsageError(f"{file}: nothing in it is of schema_version {VERSION}")
    for each, data in written.items():
        if plain(data.get("schema_version")) == 2:
            raise UsageError(
                f"{each} is of schema_version 2 already, and what extends it of "
                f"{VERSION}: convert both from {VERSION}"
            )
    walk = walk_of(document.data)
    if walk is None:
        raise ScenarioError(
            f"{file}: front.stake_km2: is missing: values are converted by it"
        )
    found: dict[Path, str] = {}
    before: Any = {}
    after: Any = {}
    for each in files:
        before = merge(before, written[each])
        here = walk_of(before) or walk
        own = converted(written[each], here)
        after = merge(after, own)
        missing = []
        if _is_whole(before):
            full = converted(with_defaults(before), here)
            missing = [*_differences(after, full)]
        for path, value in missing:
            after, own = _set(after, path, value), _set(own, path, value)
        place = os.path.relpath(each.parent, file.parent)
        name = new.name if each == file else each.name
        beside = Path(os.path.normpath(new.parent / place / name))
        found[beside] = _rewritten(texts[each], here, missing, own, each)
    return found, list(files)


def _rewritten(
    text: str,
    walk: Walk,
    missing: list[tuple[KeyPath, Any]],
    wanted: dict[str, Any],
    file: Path,
) -> str:
    """Return the text of a file with the names and numbers of today, and more values.

    Raises ScenarioError if what comes out does not say what is wanted.
    """
    with suppress(_TwiceError, yaml.YAMLError):
        text = _without_steps(_with(_in_new_units(text, walk), missing))
        document = read_text(text, str(file))
        if not document.problems and plain_data(document.data) == plain_data(wanted):
            return text
    raise ScenarioError(
        f"{file}: written in a way that cannot be edited here, such as with an alias "
        "that means two things; write each value out where it stands"
    )


def _data(text: str, file: Path) -> dict[str, Any]:
    document = read_text(text, str(file))
    assert isinstance(document.data, dict)
    return document.data


def _is_whole(data: Any) -> bool:
    """Say whether there is all that the defaults of version 1 hang on."""
    front = data.get("front")
    return isinstance(front, dict) and "stake_km2" in front and "parties" in data


def plain_data(data: Any) -> Any:
    """Return data with numbers as they compare, and nothing that is empty."""
    if isinstance(data, dict):
        return {n: plain_data(e) for n, e in data.items() if e not in (None, {})}
    if isinstance(data, list):
        return [plain_data(each) for each in data]
    number = number_of(data)
    return data if number is None else shortened(number)


def _differences(
    now: Any, wanted: Any, path: KeyPath = ()
) -> Iterator[tuple[KeyPath, Any]]:
    """Yield what has to be added to, or replaced in, some data."""
    for name, value in wanted.items():
        here = (*path, name)
        if name not in now:
            yield here, value
            continue
        given, both = now[name], (now[name], value)
        if all(isinstance(each, dict) and "value" not in each for each in both):
            yield from _differences(given, value, here)
        elif plain_data(_bare(given)) != plain_data(_bare(value)):
            yield here, value


def _bare(value: Any) -> Any:
    """Return a quantity without what is said of it."""
    if isinstance(value, dict) and "value" in value:
        return [value["value"], value.get("private")]
    return [value, None] if number_of(value) is not None else value


def _set(data: Any, path: KeyPath, value: Any) -> Any:
    if not path:
        return value
    below = data if isinstance(data, dict) else {}
    return {**below, path[0]: _set(below.get(path[0]), path[1:], value)}


def _edited(text: str, edits: list[_Edit]) -> str:
    """Return the text with parts replaced; edits of an alias come twice."""
    parts: list[str] = []
    at = 0
    for edit in sorted(dict.fromkeys(edits), key=lambda e: (e.start, e.end)):
        if edit.start < at:
            raise _TwiceError
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])


def _in_new_units(text: str, walk: Walk) -> str:
    """Return the text with the names and numbers of today."""
    return _edited(text, [*_changes(nodes_of(text), (), walk)])


def _changes(node: yaml.Node, path: KeyPath, walk: Walk) -> Iterator[_Edit]:
    """Yield the edits below a node."""
    if isinstance(node, yaml.SequenceNode):
        for i, each in enumerate(node.value):
            yield from _changes(each, (*path, i), walk)
    elif not isinstance(node, yaml.MappingNode):
        if path == ("schema_version",) and number_in(node) == VERSION:
            yield _Edit(node.start_mark.index, node.end_mark.index, "2")
    else:
        for key, child in node.value:
            here = (*path, key.value)
            field = field_at(here)
            if field is None:
                yield from _changes(child, here, walk)
            elif field.name:
                name = quoted(field.name) if key.style else field.name
                if field.unit is SPREAD and not node.flow_style:
                    indent = " " * key.start_mark.column
                    name = f"{_SPREAD}\n{indent}{name}"
                yield _Edit(key.start_mark.index, key.end_mark.index, name)
                for number in _numbers(child):
                    new = field.unit.new(walk, float(number_in(number) or 0.0))
                    start, end = number.start_mark.index, number.end_mark.index
                    yield _Edit(start, end, flow(shortened(new)))


def _numbers(node: yaml.Node) -> Iterator[yaml.Node]:
    """Yield the numbers that a value is made of."""
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value not in PROSE:
                yield from _numbers(child)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _numbers(child)
    elif number_in(node) is not None:
        yield node


def _with(text: str, missing: list[tuple[KeyPath, Any]]) -> str:
    """Return the text with values added, or put in the place of others."""
    tree: dict[str | int, Any] = {}
    for path, value in missing:
        *above, last = path
        inside = tree
        for name in above:
            inside = inside.setdefault(name, {})
        inside[last] = (value,)  # a tuple ends the path: the value may be a mapping
    return _edited(text, [*_additions(text, nodes_of(text), tree)])


def _additions(
    text: str, node: yaml.Node, tree: dict[str | int, Any], depth: int = 0
) -> Iterator[_Edit]:
    """Yield the edits that add, below a node, what a tree of values has."""
    assert isinstance(node, yaml.MappingNode)
    there = {key.value: child for key, child in node.value}
    entries = []
    for name, inside in tree.items():
        child = there.get(name)
        if isinstance(child, yaml.MappingNode) and isinstance(inside, dict):
            yield from _additions(text, child, inside, depth + 1)
        elif child is not None:
            start, end = child.start_mark.index, child.end_mark.index
            space = " " if text[start - 1 : start] == ":" else ""
            yield _Edit(start, end, space + flow(_value_of(inside)))
        else:
            entries.append(f"{flow(str(name))}: {flow(_value_of(inside))}")
    if not entries:
        return
    start = node.start_mark.index
    if node.flow_style:
        yield _Edit(start + 1, start + 1, ", ".join([*entries, *[""] * bool(there)]))
    elif depth == 0:
        first = "" if text.endswith("\n") else "\n"
        lines = "".join(f"{entry}{_DEFAULT}\n" for entry in entries)
        yield _Edit(len(text), len(text), first + lines)
    else:
        indent = " " * node.start_mark.column
        lines = "".join(f"{entry}{_DEFAULT}\n{indent}" for entry in entries)
        yield _Edit(start, start, lines)


def _value_of(tree: Any) -> Any:
    """Return what a tree of additions is as one value."""
    if isinstance(tree, tuple):
        return tree[0]
    return {name: _value_of(inside) for name, inside in tree.items()}


def _without_steps(text: str) -> str:
    """Return the text with the entries that have no place in version 2 as comments."""
    edits: list[_Edit] = []
    for key, child, parent, is_last in _gone(nodes_of(text), ()):
        start, end = key.start_mark.index, child.end_mark.index
        if parent.flow_style:
            pairs = parent.value
            i = next(i for i, pair in enumerate(pairs) if pair[0] is key)
            if not is_last:
                end = pairs[i + 1][0].start_mark.index
            elif i:
                start = pairs[i - 1][1].end_mark.index
            edits.append(_Edit(start, end, ""))
            words = " ".join(text[key.start_mark.index : child.end_mark.index].split())
            line = text.rfind("\n", 0, parent.start_mark.index) + 1
            indent = text[line : line + len(text[line:]) - len(text[line:].lstrip(" "))]
            edits.append(_Edit(line, line, f"{indent}# version 1: {words}\n"))
            continue
        while text[end - 1].isspace():
            end -= 1
        end = _end_of_line(text, end)
        indent = " " * key.start_mark.column
        lines = text[start:end].split("\n")
        new = f"\n{indent}".join(f"# {line.removeprefix(indent)}" for line in lines)
        only = f"\n{indent}{{}}" if len(parent.value) == 1 else ""
        edits.append(_Edit(start, end, f"# version 1:\n{indent}{new}{only}"))
    return _edited(text, edits)


def _gone(
    node: yaml.Node, path: KeyPath
) -> Iterator[tuple[yaml.Node, yaml.Node, yaml.MappingNode, bool]]:
    """Yield key, value and mapping of what is taken away; whether it is last."""
    if not isinstance(node, yaml.MappingNode):
        return
    for i, (key, child) in enumerate(node.value):
        here = (*path, key.value)
        field = field_at(here)
        if field is not None and not field.name:
            yield key, child, node, i == len(node.value) - 1
        else:
            yield from _gone(child, here)


def _end_of_line(text: str, at: int) -> int:
    """Return where the line ends, so that a remark at its end goes along."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def flow(value: Any) -> str:
    """Return a value as YAML on one line.

    >>> flow({"value": 0.5, "private": [0, 1.0], "note": "a: b"})
    '{value: 0.5, private: [0, 1], note: "a: b"}'
    """
    if isinstance(value, dict):
        entries = (f"{_word(name)}: {flow(each)}" for name, each in value.items())
        return f"{{{', '.join(entries)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    number = number_of(value)
    if number is not None:
        return f"{number:.12g}"
    return _word(str(value))


def _word(text: str) -> str:
    """Return a text as YAML reads it back: bare if it is a plain name."""
    is_text = read_text(text, "").data == text
    return text if is_text and text.isidentifier() else quoted(text)
