"""The command `ceasefire`: each module here parses, calls one function and prints.

Data goes to stdout, words about it to stderr. The module of a command has its name, so
no builtin is used in this file: `list` here is a command, once that is imported.
"""

import sys
from collections.abc import Sequence
from typing import NoReturn

from sim.cli.group import exit_code

__all__ = ["exit_code", "main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal without a km² or a dash shows a question mark, it does not crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(exit_code(sys.argv[1:] if arguments is None else arguments))
