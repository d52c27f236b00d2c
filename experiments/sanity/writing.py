"""Pages of Markdown from a template and values, with lines of at most 100 characters.

A template has the words of a page, and `{name.of.a.value:format}` where a value goes,
as `str.format` does it; FORMATS below can be used as well. Paragraphs and entries of
lists are broken into lines after that, and columns made even. A row of a table, or an
entry of a list, with a value that is a list is written once for each of its items. A
paragraph or an entry that comes out empty is left out. After a line `<!-- name -->`
begins another part: a section that comes several times, or a sentence that is said only
if the numbers have it so.
"""

import re
import string
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

WIDEST = 100


class Template:
    """The words of a page, in a file of Markdown."""

    def __init__(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")
        first, *rest = re.split(r"^<!-- (.+) -->$", text, flags=re.MULTILINE)
        self._parts = dict(zip(["", *rest[::2]], [first, *rest[1::2]], strict=True))

    def words(self, part: str, /, **values: object) -> str:
        """A part as one line, to be put into another."""
        return _WORDS.vformat(" ".join(self._parts[part].split()), (), values)

    def filled(self, part: str = "", /, **values: object) -> str:
        """A part as a text of lines, without one at its end."""
        blocks = re.split(r"\n{2,}", self._parts[part].strip("\n"))
        return "\n\n".join(text for each in blocks if (text := _block(each, values)))

    def page(self, **values: object) -> str:
        """The whole page."""
        return self.filled("", **values) + "\n"


def narrow(text: str) -> str:
    """The page, if no line is too long; tables might be."""
    if long := [line for line in text.splitlines() if len(line) > WIDEST]:
        raise ValueError(f"wider than {WIDEST}: {long[0]}")
    return text


def _block(block: str, values: Mapping[str, object]) -> str:
    if block.startswith("|"):
        head, *lines = block.splitlines()
        rows = [row for line in lines for row in _each(line, values)]
        head = _WORDS.vformat(head, (), values)
        return table(_cells(head), list(map(_cells, rows)))
    if block.startswith("- "):
        entries = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
        said = (each for entry in entries for each in _each(_line(entry), values))
        return "\n".join(bullet(each) for each in said if each)
    if block.startswith(("#", "```", "    ", "![")):
        return _WORDS.vformat(block, (), values)
    text = _WORDS.vformat(_line(block), (), values)
    return text if "\n" in text else prose(text)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")[1:-1]]


def _line(text: str) -> str:
    return " ".join(text.split())


def _each(line: str, values: Mapping[str, object]) -> Iterator[str]:
    """A line filled, once for each item of the list that it names, if it names one."""
    fields = [field for _, field, _, _ in _WORDS.parse(line) if field is not None]
    roots = [re.split(r"[.\[]", field)[0] for field in fields]
    name = next((root for root in roots if isinstance(values[root], list)), None)
    items: Any = [None] if name is None else values[name]
    for item in items:
        of = values if name is None else {**values, name: item}
        yield _WORDS.vformat(line, (), of)


def prose(text: str) -> str:
    """A paragraph, broken into lines."""
    return textwrap.fill(text, WIDEST, break_long_words=False, break_on_hyphens=False)


def bullet(text: str) -> str:
    """An entry of a list, broken into lines."""
    return textwrap.fill(
        f"- {text}",
        WIDEST,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def part(value: float) -> str:
    """A share; nothing is rounded to 0 or 1 that is not."""
    if 0.0 < value < 0.0005:
        return "<.001"
    if 0.9995 <= value < 1.0:
        return ">.999"
    return f"{value:.3f}"


def number(value: float, digits: int = 3) -> str:
    """A count as a count, another number with its digits; a dash for none."""
    if value != value:
        return "-"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:.{digits}f}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown with columns of even width."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True))
        + " |"
        for line in lines
    )


def until(time: float) -> str:
    """A day or a week, infinite if it comes after all that was looked at."""
    return "beyond" if time == float("inf") else f"{time:.0f}"


FORMATS: Mapping[str, Callable[[Any], str]] = {
    "part": part,
    "number": number,
    "of_100": lambda share: f"{100 * share:.0f}",
    "change_of_100": lambda change: f"{100 * change:+.0f}",
    "chance": lambda chance: "-" if chance != chance else f"{chance:.4f}",
    "time": until,
    "cells": " | ".join,
}


class _Words(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        if own := FORMATS.get(format_spec):
            return own(value)
        return str(super().format_field(value, format_spec))


_WORDS = _Words()
