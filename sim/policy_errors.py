"""What goes wrong in a policy that somebody else wrote, told in its own lines."""

import traceback
from pathlib import Path

from sim.errors import UsageError

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
