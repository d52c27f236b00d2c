"""Names, lists and dates as they stand in a sentence."""

from collections.abc import Sequence
from datetime import date


def display_name(identifier: str) -> str:
    """Return an identifier of a scenario file as a reader writes it.

    >>> display_name("united_states")
    'United States'
    """
    return identifier.replace("_", " ").title()


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "battle"), counted(3, "battle")
    ('1 battle', '3 battles')
    """
    return f"{count} {noun}{'' if count == 1 else 's'}"


def percent(share: float) -> str:
    """Return a share as a whole percentage.

    >>> percent(0.4)
    '40 %'
    """
    return f"{100.0 * share:.0f} %"


def long_date(iso: str) -> str:
    """Return an ISO date in words, without looking at the locale.

    >>> long_date("2025-03-13")
    '13 March 2025'
    """
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
