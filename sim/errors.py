"""The few exceptions a user can meet, each with the exit code of its command.

Any other exception is a fault of ours and ends a command with exit code 1.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar


class CeasefireError(Exception):
    """What every exception here has in common: a text made for the user."""

    exit_code: ClassVar[int] = 1


class UsageError(CeasefireError):
    """The question makes no sense here: no such cell, no decision on that day."""

    exit_code: ClassVar[int] = 2


class ScenarioError(CeasefireError):
    """A scenario or experiment is invalid; every mistake found is in `problems`.

    >>> print(ScenarioError(["step_days: 0 is not above 0", "id: missing"]))
    step_days: 0 is not above 0
    id: missing
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, problems: str | Iterable[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        # The argument Exception keeps is what a copy or a pickle is made from.
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Return the problems, in the order found, joined by newlines."""
        return "\n".join(self.problems)


class InputMissingError(CeasefireError):
    """A file or folder asked for is not there, or cannot be read or written."""

    exit_code: ClassVar[int] = 4


class CheckFailedError(CeasefireError):
    """A check that was asked for failed, or some chunks of a sweep did."""

    exit_code: ClassVar[int] = 5


class PolicyError(UsageError):
    """A policy cannot be used, failed, or returned what is no answer or offer."""


def listed(head: str, items: Sequence[object], most: int) -> str:
    """Return a message with a line for each item, up to so many.

    >>> print(listed("damaged:", ["a", "b", "c"], 2))
    damaged:
      a
      b
      ... and 1 more
    """
    lines = [head, *(f"  {each}" for each in items[:most])]
    more = len(items) - most
    return "\n".join(lines + ([f"  ... and {more} more"] if more > 0 else []))


def refuse_lost(data: object, of: str) -> None:
    """Refuse results of which a number is NaN or infinite; `of` says what they are of.

    Whatever a command tells or writes passes here first, so that inputs at which a
    formula breaks end in words.

    >>> refuse_lost({"value": [float("nan")]}, "war")
    Traceback (most recent call last):
        ...
    sim.errors.ScenarioError: war: value.0 cannot be computed from inputs so extreme

    Raises
    ------
    ScenarioError
        With the path of the first such number.
    """
    for path in _lost(data):
        raise ScenarioError(f"{of}: {path} cannot be computed from inputs so extreme")


def _lost(data: object) -> Iterator[str]:
    """Yield the paths of numbers that are not finite."""
    if isinstance(data, float):
        if not math.isfinite(data):
            yield ""
        return
    inside: Iterable[tuple[object, object]] = ()
    if isinstance(data, Mapping):
        inside = data.items()
    elif isinstance(data, list | tuple):
        inside = enumerate(data)
    for name, each in inside:
        for path in _lost(each):
            yield f"{name}.{path}".rstrip(".")


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def control_in(text: str) -> str:
    """Return what is wrong with a text that could steer a terminal; else nothing."""
    found = _CONTROL.search(text)
    return f"has the control character {found[0]!a}" if found else ""


def printable(text: str, most: int | None = None) -> str:
    r"""Return a text as a terminal may show it: what is not printable is escaped.

    At most `most` of its characters are kept.

    >>> printable("a \x1b[31mred\x1b[0m herring", 8)
    'a \\x1b[31mr...'
    """
    if most is not None and len(text) > most:
        text = f"{text[:most]}..."
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
