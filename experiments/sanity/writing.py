"""Pieces of Markdown: paragraphs, lists, numbers and tables, with lines of 100."""

import textwrap
from collections.abc import Sequence

WIDEST = 100


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
