"""Text in columns for a terminal."""

import sys
from collections.abc import Sequence
from itertools import zip_longest
from shutil import get_terminal_size
from textwrap import fill, wrap
from typing import NamedTuple

# Nothing to write to is no terminal, either.
_IS_TERMINAL = sys.stdout is not None and sys.stdout.isatty()
_TERMINAL = get_terminal_size((100, 24)).columns if _IS_TERMINAL else 100
WIDTH = max(60, min(88, _TERMINAL))
MOST_WIDE = max(60, min(100, _TERMINAL))
"""Letters of the widest line of a table, unless `--wide` is given."""


def aligned(
    rows: Sequence[Sequence[str]], right: Sequence[int] = (), indent: int = 2
) -> list[str]:
    """Return rows as lines in columns two spaces apart; rows may be short.

    `right` names the columns whose text stands at their right edge.

    >>> aligned([["a", "1"], ["bb", "10"]], right=[1], indent=0)
    ['a    1', 'bb  10']
    """
    columns = zip_longest(*rows, fillvalue="")
    widths = [max(map(len, column)) for column in columns]
    return [
        (
            " " * indent
            + "  ".join(
                f"{text:>{width}}" if i in right else f"{text:<{width}}"
                for i, (text, width) in enumerate(zip(row, widths, strict=False))
            )
        ).rstrip()
        for row in rows
    ]


class Column(NamedTuple):
    """A column of a table: what stands above it, in some lines, and its cells.

    `called` is what it is called if it is left out for want of room.
    """

    head: str
    cells: Sequence[str]
    called: str = ""


def headed(
    columns: Sequence[Column], head_width: int, right: Sequence[int], indent: int = 2
) -> list[str]:
    """Return columns as lines; heads are wrapped and stand right above the cells."""
    heads = [wrap(column.head, head_width) or [""] for column in columns]
    depth = max(map(len, heads))
    rows = [*zip(*([""] * (depth - len(each)) + each for each in heads), strict=True)]
    rows += zip(*(column.cells for column in columns), strict=True)
    return aligned(rows, right, indent)


def width_of(columns: Sequence[Column], head_width: int) -> int:
    """Return how wide such columns are, without an indent.

    >>> width_of([Column("of a hundred", ["7"]), Column("x", ["12 km2"])], 8)
    15
    """
    widths = (
        max(map(len, [*wrap(column.head, head_width), *column.cells]), default=0)
        for column in columns
    )
    return sum(widths) + 2 * (len(columns) - 1)


def paragraph(text: str, indent: int = 0) -> str:
    """Return a text wrapped to the width of a page; addresses are not broken."""
    space = " " * indent
    if max(map(len, text.split()), default=0) > WIDTH - indent:
        return space + text
    return fill(
        text,
        WIDTH,
        initial_indent=space,
        subsequent_indent=space,
        break_long_words=False,
        break_on_hyphens=False,
    )
