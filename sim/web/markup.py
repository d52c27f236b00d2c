"""Lists, paragraphs and tables as HTML; whatever stands in them is escaped."""

from collections.abc import Collection, Iterable, Sequence
from html import escape


def items(texts: Iterable[str]) -> str:
    """Return the items of a list."""
    return "\n".join(f"<li>{escape(text)}</li>" for text in texts)


def paragraphs(texts: Iterable[str]) -> str:
    """Return a paragraph of each text."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in texts)


def heads(texts: Iterable[str], *, numbers: bool = False) -> str:
    """Return headings of columns, which may be columns of numbers."""
    kind = ' class="number"' if numbers else ""
    return "".join(f'<th scope="col"{kind}>{escape(text)}</th>' for text in texts)


def rows(lines: Iterable[Sequence[str]], numbers: Collection[int] = ()) -> str:
    """Return rows of a table; `numbers` are the places of its columns of numbers."""
    told = (
        "".join(_cell(text, place in numbers) for place, text in enumerate(line))
        for line in lines
    )
    return "\n".join(f"<tr>{cells}</tr>" for cells in told)


def _cell(text: str, is_number: bool) -> str:
    kind = ' class="number"' if is_number else ""
    return f"<td{kind}>{escape(text)}</td>"


def table(head: Iterable[str], body: Iterable[Sequence[str]]) -> str:
    """Return a table with one line of headings."""
    return (
        f"<table><thead><tr>{heads(head)}</tr></thead>"
        f"<tbody>{rows(body)}</tbody></table>"
    )


def empty_rows(columns: int, count: int) -> str:
    """Return rows to write in, on paper."""
    return rows([[""] * columns] * count)
