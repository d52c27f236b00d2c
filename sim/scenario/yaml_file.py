"""YAML 1.2 as plain data, with the place of every value, and never a crash.

PyYAML composes the nodes, with the words of YAML 1.2 (in 1.1 `no` is false and `010` is
eight) and within limits known before anything is made of the text. Nodes become plain
data here, since PyYAML would keep the last of repeated keys without a word.
"""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import yaml

from sim.errors import printable
from sim.scenario.problems import KeyPath, Place, Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 32
MAX_NODES = 20_000
_KEPT_LENGTH = 100_000  # of a text whose document is kept

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TAG = "tag:yaml.org,2002:"
# Words of the core schema. A whole number of more digits is read as a float.
_CORE = {
    "null": r"|~|null|Null|NULL",
    "bool": r"true|True|TRUE|false|False|FALSE",
    "int": r"[-+]?[0-9]{1,30}|0o[0-7]{1,30}|0x[0-9a-fA-F]{1,30}",
    "float": r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)",
}
_GIVEN = "given: "  # before a tag that stands in the file


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


class _Loader(yaml.SafeLoader):
    """Composes nodes of YAML 1.2, none of them too many, too deep or in itself."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.count = 0
        self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> yaml.Node | None:
        event: Any = self._peek()
        mark = event.start_mark
        self.count += 1
        if self.count > MAX_NODES:
            raise _RefusedError(f"more than {MAX_NODES:,} values", mark)
        if isinstance(event, yaml.AliasEvent):
            node = self.anchors.get(event.anchor)
            name = printable(f"&{event.anchor}", 60)
            if node is None:
                raise _RefusedError(f"no anchor {name} before this alias", mark)
            if node.end_mark is None:  # not yet at its end
                raise _RefusedError(f"{name} would contain itself", mark)
            return super().compose_node(parent, index)
        is_block = isinstance(event, yaml.CollectionStartEvent)
        if is_block and self.depth >= MAX_DEPTH:
            raise _RefusedError(f"nested deeper than {MAX_DEPTH}", mark)
        self.anchors.pop(event.anchor, None)  # a name may be used again
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        if node is not None and event.tag is not None:
            node.tag = _GIVEN + event.tag
        return node

    def compose_document(self) -> yaml.Node | None:
        node = super().compose_document()
        if not self.check_event(yaml.StreamEndEvent):
            mark = self._peek().start_mark
            raise _RefusedError("a second document in the file", mark)
        return node

    def _peek(self) -> Any:
        return self.peek_event()  # type: ignore[no-untyped-call]


_Loader.yaml_implicit_resolvers = {
    None: [(_TAG + name, re.compile(rf"(?:{p})\Z")) for name, p in _CORE.items()]
}


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
    """Read a text as one YAML document.

    PyYAML takes a tenth of a second for a scenario, so the last few are kept.
    """
    if len(text) > _KEPT_LENGTH:
        return _read_text(text, file)
    kept = _kept(text, file)
    # Places are never changed; what holds them is the caller's own.
    return Document(
        deepcopy(kept.data), dict(kept.values), dict(kept.keys), list(kept.problems)
    )


def _read_text(text: str, file: str) -> Document:
    lines = _LINE_END.split(text)

    def place(mark: yaml.Mark | None) -> Place:
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Place(file, line + 1, column + 1, lines[line] if mark else lines[0])

    try:
        root = _Loader(text).get_single_node()
        if root is None:
            raise _RefusedError("the file is empty")
        builder = _Builder(place)
        return replace(builder.result, data=builder.value(root, ()))
    except _RefusedError as refused:
        message, where = str(refused), place(refused.mark)
    except yaml.MarkedYAMLError as error:
        message = f"not YAML: {printable(str(error.problem or error.context), 200)}"
        where = place(error.problem_mark or error.context_mark)
    except yaml.reader.ReaderError as error:
        before = _LINE_END.split(text[: error.position])
        message = f"not YAML: the character {text[error.position]!a}"
        line = lines[len(before) - 1]
        where = Place(file, len(before), len(before[-1]) + 1, line)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # The scanner lets some of Python's own errors through, as for "\UFFFFFFFF".
        message, where = f"not YAML: {printable(str(error), 200)}", place(None)
    return Document(None, problems=[Problem((), message, where)])


_kept = lru_cache(maxsize=16)(_read_text)


def nodes_of(text: str) -> yaml.Node:
    """Return the nodes of a text that can be read: where each value begins and ends.

    Marks count from the first letter after a byte order mark.
    """
    node = _Loader(text).get_single_node()
    assert node is not None
    return node


def number_in(node: yaml.Node) -> float | int | None:
    """Return the number that a node is, if it is one."""
    kind = node.tag.removeprefix(_TAG)
    if not isinstance(node, yaml.ScalarNode) or kind not in ("int", "float"):
        return None
    value = _plain(kind, node.value)
    return value if isinstance(value, int | float) else None


def quoted(text: str) -> str:
    r"""Return a text in double quotes, on one line, as YAML reads it back.

    Line ends, controls and whatever else cannot be printed are escaped, since YAML
    folds some of them and refuses others. Everything written in YAML passes here.

    >>> print(quoted("front\N{LINE SEPARATOR}"))
    "front\u2028"
    """
    return "".join(map(_escaped, json.dumps(text, ensure_ascii=False)))


def _escaped(letter: str) -> str:
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class _Builder:
    """Turns nodes into plain data, noting places and problems on the way."""

    def __init__(self, place: Callable[[yaml.Mark | None], Place]) -> None:
        self.place = place
        self.result = Document(None)
        self.count = 0
        self.length = 0

    def value(self, node: yaml.Node, path: KeyPath) -> object:
        mark = node.start_mark
        self.count += 1
        if self.count > MAX_NODES:
            raise _RefusedError(f"more than {MAX_NODES:,} values with aliases", mark)
        if len(path) > MAX_DEPTH:
            raise _RefusedError(f"nested deeper than {MAX_DEPTH} with aliases", mark)
        self.result.values[path] = self.place(mark)
        if node.tag.startswith(_GIVEN):
            tag = node.tag.removeprefix(_GIVEN).replace(_TAG, "!!")
            self.wrong(path, f"the tag '{printable(tag, 60)}' is not read here", node)
            return None
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(n, (*path, i)) for i, n in enumerate(node.value)]
        return _plain(node.tag.removeprefix(_TAG), self.text(node, path))

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag.startswith(_GIVEN):
                self.wrong(path, "a name must be plain text", key)
                continue
            name = self.text(key, path)
            here = (*path, name)
            if name in data:
                first = self.result.keys[here].line
                self.wrong(here, f"repeated; line {first} gives it first", key)
                continue
            self.result.keys[here] = self.place(key.start_mark)
            data[name] = self.value(child, here)
        return data

    def text(self, node: yaml.Node, path: KeyPath) -> str:
        text = str(node.value)
        self.length += len(text)
        if self.length > MAX_BYTES:
            message = f"more than {MAX_BYTES:,} characters with aliases"
            raise _RefusedError(message, node.start_mark)
        try:
            # JSON writes a character beyond U+FFFF as the two halves of a pair.
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.wrong(path, "half of a surrogate pair is not text", node)
            return ascii(text)

    def wrong(self, path: KeyPath, message: str, node: yaml.Node) -> None:
        place = self.place(node.start_mark)
        self.result.problems.append(Problem(path, message, place))


def _plain(kind: str, text: str) -> str | int | float | bool | None:
    """Return what a text means, given the name of its tag.

    >>> _plain("int", "010"), _plain("float", "1e3"), _plain("str", "010")
    (10, 1000.0, '010')
    """
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if kind == "float":
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
