"""The few exceptions a user can meet, each with the exit code of its command.

Any other exception is a fault of ours and ends a command with exit code 1.
"""

import traceback
from collections.abc import Iterable
from pathlib import Path
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


_PACKAGE = Path(__file__).resolve().parent
_MOST_FRAMES = 8


class PolicyError(UsageError):
    """A policy cannot be used, failed, or returned what is no answer or offer."""


def told(error: BaseException) -> str:
    """Return what an exception says, after the lines outside this package.

    Frames of ours are left out: whoever wrote the policy cannot mend them.
    """
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if _PACKAGE not in Path(frame.filename).parents
    ]
    lines = traceback.StackSummary.from_list(frames[-_MOST_FRAMES:]).format()
    if isinstance(error, PolicyError):
        lines.append(f"  {error}")
    else:
        lines += traceback.format_exception_only(error)
    return "".join(lines).rstrip()
