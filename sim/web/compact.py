"""Columns of whole numbers as short text, for a page that travels by mail.

Each number is written as its difference from the one before, five bits a letter, the
lowest first; a letter past the first half of the alphabet says that another follows.
Runs of no change are counted. `js/read.js` reads it.

Source: the base 64 variable-length quantity of source maps (ECMA-426, section 6).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ABSENT, SAME = "~", "*"


def packed(numbers: Iterable[float], *, per_unit: float = 1.0) -> str:
    """Return numbers, rounded to 1 / `per_unit`, as text; nan stays nan.

    >>> packed([0, 1, 1, 1, 1, -15, float("nan"), 100])
    'AC*DhB~mH'
    """
    text: list[str] = []
    before = 0
    changes: list[int | None] = []
    for number in numbers:
        if not math.isfinite(number):
            changes.append(None)
            continue
        whole = round(float(number) * per_unit)
        changes.append(whole - before)
        before = whole
    for change, group in groupby(changes):
        count = len(list(group))
        if change is None:
            text.append(ABSENT * count)
        elif change == 0 and count > 2:
            text.append(SAME + _digits(count))
        else:
            text.append(_digits(2 * change if change >= 0 else -2 * change + 1) * count)
    return "".join(text)


def by_column(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows of the same columns with each name written once.

    >>> by_column([{"day": "A", "km2": "C"}, {"day": "B", "km2": "D"}])
    {'day': ['A', 'B'], 'km2': ['C', 'D']}
    """
    return {name: [row[name] for row in rows] for name in rows[0]}


def _digits(number: int) -> str:
    """Return a number from 0 up, five bits a letter.

    >>> _digits(31), _digits(32)
    ('f', 'gB')
    """
    text = ""
    while True:
        number, five = number >> 5, number & 31
        text += LETTERS[five + 32 * (number > 0)]
        if number == 0:
            return text
