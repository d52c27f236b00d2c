"""Ranges of settings: `FROM:TO:COUNT` spaced evenly, `FROM:TO` to draw from.

Ends are numbers, or dates such as 2025-03-13; between dates, settings are whole days.
"""

import math
from dataclasses import dataclass
from datetime import date

MOST_SETTINGS = 100_000


@dataclass(frozen=True)
class Range:
    """What lies between two ends, both among it; of dates, their days (`ordinal`)."""

    low: float
    high: float
    is_date: bool = False

    def __str__(self) -> str:
        """Return it as one writes it after `--vary PATH=`."""
        return f"{_end(self.low, self.is_date)}:{_end(self.high, self.is_date)}"

    def at(self, place: float, *, whole: bool) -> float | str:
        """Return the setting at a place in [0, 1) between the ends.

        Dates and whole numbers are equally likely each, both ends among them.

        >>> days = Range(738958.0, 738964.0, is_date=True)
        >>> days.at(0.0, whole=False), days.at(0.999, whole=False)
        ('2024-03-13', '2024-03-19')
        """
        if not (whole or self.is_date):
            return self.low + place * (self.high - self.low)
        number = self.low + math.floor(place * (self.high - self.low + 1))
        number = min(number, self.high)
        return _day(number) if self.is_date else float(number)


def parse_range(text: str) -> Range:
    """Return the range `FROM:TO`.

    >>> str(parse_range("2025-03-13:2025-04-13"))
    '2025-03-13:2025-04-13'

    Raises
    ------
    ValueError
        If the ends are not two numbers or two dates, the first below the second.
    """
    (low, high), is_date = _ends(text.split(":"))
    if low >= high:
        raise ValueError(f"FROM is below TO, not {text.strip()!r}")
    return Range(low, high, is_date)


def spaced(text: str) -> tuple[float | str, ...]:
    """Return COUNT equally spaced settings from FROM to TO, both among them.

    >>> spaced("0:0.3:4")
    (0.0, 0.1, 0.2, 0.3)
    >>> spaced("2025-03-13:2025-03-27:3")
    ('2025-03-13', '2025-03-20', '2025-03-27')
    """
    *ends, counted = text.split(":")
    (first, last), is_date = _ends(ends)
    try:
        count = int(counted)
    except ValueError:
        raise ValueError(f"COUNT is a whole number, not {counted.strip()!r}") from None
    if not 2 <= count <= MOST_SETTINGS:
        raise ValueError(f"COUNT is 2 to {MOST_SETTINGS:,}, not {count}")
    inner = [first + (last - first) * i / (count - 1) for i in range(1, count - 1)]
    if is_date:
        return tuple(_day(round(number)) for number in (first, *inner, last))
    # Twelve digits: 0.1 * 3 is written and compared as 0.3.
    return (first, *(float(f"{number:.12g}") for number in inner), last)


def _ends(words: list[str]) -> tuple[tuple[float, float], bool]:
    """Return both ends, and whether they are dates."""
    days = [_ordinal(word) for word in words]
    if None not in days:
        first, last = (float(day) for day in days if day is not None)
        return (first, last), True
    try:
        first, last = (float(word) for word in words)
    except ValueError:
        listed = " and ".join(repr(word.strip()) for word in words)
        raise ValueError(f"FROM and TO are numbers or dates, not {listed}") from None
    if not math.isfinite(last - first):
        raise ValueError(
            f"FROM and TO are finite numbers, and so is what is between them, not "
            f"{first:g} and {last:g}"
        )
    return (first, last), False


def _ordinal(word: str) -> int | None:
    try:
        return date.fromisoformat(word.strip()).toordinal()
    except ValueError:
        return None


def _day(ordinal: float) -> str:
    return date.fromordinal(int(ordinal)).isoformat()


def _end(number: float, is_date: bool) -> str:
    if is_date:
        return _day(number)
    whole = number.is_integer() and abs(number) < 1e15
    return str(int(number)) if whole else repr(number)
