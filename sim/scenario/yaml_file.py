"""YAML 1.2 as plain data, with the place of every value, and never a crash.

PyYAML only cuts the text into parse events; composing them is done here, because its
own composers know YAML 1.1 (where `no` is false and `010` is eight), keep the last of
repeated keys without a word, and run out of stack on deep nesting.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from sim.scenario.problems import KeyPath, Place, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 20_000

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_MOST_DIGITS = 30


@dataclass(frozen=True)
class Document:
    """One file as plain data.

    `values` and `keys` give the place of each value, and of the key it stands under,
    by its path.
    """

    data: object
    values: dict[KeyPath, Place] = field(default_factory=dict)
    keys: dict[KeyPath, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _RefusedError(Exception):
    """The text cannot be read on from here."""

    def __init__(self, message: str, mark: Any = None) -> None:
        super().__init__(message)
        self.mark = mark


@dataclass(eq=False)
class _Node:
    """A value as composed: a scalar's text, or the children."""

    mark: yaml.Mark
    kind: str
    text: str = ""
    plain: bool = False
    children: list["_Node"] = field(default_factory=list)


def read(raw: bytes, file: str) -> Document:
    """Read the bytes of a file; `file` is its name in messages.

    What makes the whole unreadable, such as a syntax error, is the only problem
    returned then; other problems (repeated keys, tags) leave the rest to be checked.
    """
    if len(raw) > MAX_BYTES:
        message = f"the file has more than {MAX_BYTES:,} bytes"
        return Document(None, problems=[Problem((), message, Place(file, 1, 1, ""))])
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        lines = _LINE_END.split(before)
        place = Place(file, len(lines), len(lines[-1]) + 1, lines[-1])
        message = f"not UTF-8: byte 0x{raw[error.start]:02x}"
        return Document(None, problems=[Problem((), message, place)])
    return read_text(text, file)


def read_text(text: str, file: str) -> Document:
    """Read a text as one YAML document."""
    lines = _LINE_END.split(text)

    def place(mark: yaml.Mark | None) -> Place:
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Place(file, line + 1, column + 1, lines[line] if mark else lines[0])

    try:
        root = _compose(text)
        builder = _Builder(place)
        return builder.document(root)
    except _RefusedError as refused:
        message, where = str(refused), place(refused.mark)
    except yaml.MarkedYAMLError as error:
        message = f"not YAML: {error.problem or error.context}"
        where = place(error.problem_mark or error.context_mark)
    except yaml.reader.ReaderError as error:
        before = _LINE_END.split(text[: error.position])
        message = f"not YAML: the character {text[error.position]!a}"
        line = lines[len(before) - 1]
        where = Place(file, len(before), len(before[-1]) + 1, line)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The scanner lets some of Python's own errors through, as for "\UFFFFFFFF".
        message, where = f"not YAML: {error}", place(None)
    return Document(None, problems=[Problem((), message, where)])


def _events(text: str) -> Iterator[Any]:
    """Yield parse events; refuse deep nesting before anything is composed of it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _RefusedError(f"nested deeper than {MAX_DEPTH}", event.start_mark)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        yield event


def _compose(text: str) -> _Node | None:
    """Return the root node of the only document, None if there is none."""
    root: _Node | None = None
    open_nodes: list[_Node] = []
    anchors: dict[str, _Node] = {}
    for event in _events(text):
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise _RefusedError("a second document in the file", event.start_mark)
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        node = _node(event, anchors, open_nodes)
        if open_nodes:
            open_nodes[-1].children.append(node)
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append(node)
    return root


def _node(event: Any, anchors: dict[str, _Node], open_nodes: list[_Node]) -> _Node:
    mark: yaml.Mark = event.start_mark
    if isinstance(event, yaml.AliasEvent):
        node = anchors.get(str(event.anchor))
        if node is None:
            raise _RefusedError(f"no anchor &{event.anchor} before this alias", mark)
        if node in open_nodes:
            raise _RefusedError(f"&{event.anchor} would contain itself", mark)
        return node
    if isinstance(event, yaml.ScalarEvent):
        node = _Node(mark, "scalar", event.value, plain=not event.style)
    else:
        is_map = isinstance(event, yaml.MappingStartEvent)
        node = _Node(mark, "mapping" if is_map else "sequence")
    if event.tag is not None:
        node.kind, node.text = "tag", event.tag
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


class _Builder:
    """Turns nodes into plain data, noting places and problems on the way."""

    def __init__(self, place: Callable[[yaml.Mark | None], Place]) -> None:
        self.place = place
        self.result = Document(None)
        self.count = 0

    def document(self, root: _Node | None) -> Document:
        if root is None:
            raise _RefusedError("the file is empty")
        data = self.value(root, ())
        made = self.result
        return Document(data, made.values, made.keys, made.problems)

    def value(self, node: _Node, path: KeyPath) -> object:
        self.count += 1
        if self.count > MAX_NODES:
            raise _RefusedError(
                f"more than {MAX_NODES:,} values with aliases", node.mark
            )
        if len(path) > MAX_DEPTH:
            raise _RefusedError(
                f"nested deeper than {MAX_DEPTH} with aliases", node.mark
            )
        self.result.values[path] = self.place(node.mark)
        if node.kind == "mapping":
            return self.mapping(node, path)
        if node.kind == "sequence":
            return [self.value(n, (*path, i)) for i, n in enumerate(node.children)]
        if node.kind == "tag":
            tag = node.text.replace("tag:yaml.org,2002:", "!!")
            self.wrong(path, f"the tag {tag!a} is not read here", node)
            return None
        if not node.plain:
            return self.text(node, path)
        return _plain_scalar(node.text)

    def mapping(self, node: _Node, path: KeyPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, child in zip(node.children[::2], node.children[1::2], strict=True):
            if key.kind != "scalar":
                self.wrong(path, "a name must be plain text", key)
                continue
            name = self.text(key, path)
            here = (*path, name)
            if name in data:
                first = self.result.keys[here].line
                self.wrong(here, f"repeated; line {first} gives it first", key)
                continue
            self.result.keys[here] = self.place(key.mark)
            data[name] = self.value(child, here)
        return data

    def text(self, node: _Node, path: KeyPath) -> str:
        if any("\ud800" <= c <= "\udfff" for c in node.text):
            self.wrong(path, "half of a surrogate pair is not text", node)
            return ascii(node.text)
        return node.text

    def wrong(self, path: KeyPath, message: str, node: _Node) -> None:
        self.result.problems.append(Problem(path, message, self.place(node.mark)))


def _plain_scalar(text: str) -> str | int | float | bool | None:
    """Return what an unquoted word means by the core schema of YAML 1.2.

    >>> [_plain_scalar(word) for word in ("no", "010", "1e3", "2025-03-13", "~")]
    ['no', 10, 1000.0, '2025-03-13', None]
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _INTEGER.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text)
    if _OCTAL.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text) and len(text) <= _MOST_DIGITS:
        return int(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text) or _NAN.fullmatch(text):
        return float(text.replace(".", "", 1))
    return text
