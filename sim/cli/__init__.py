"""The command `ceasefire`: each module here parses, calls one function and prints.

Data goes to stdout, words about it to stderr. The module of a command has its name, so
no builtin is used in this file: `list` here is a command, once that is imported.
"""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

try:
    from sim.cli.group import INTERRUPTED, exit_code
    from sim.cli.process import end_watch, mend_streams, watch_interrupts
except KeyboardInterrupt:
    sys.exit(130)  # the importing itself was interrupted
except (OSError, MemoryError, ImportError) as error:
    os.write(2, f"ceasefire: it cannot be loaded: {error!r}\n".encode())
    sys.exit(4)

__all__ = ["exit_code", "main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    try:
        mend_streams()  # first: what is opened next would take their numbers
        if arguments is None:
            watch_interrupts()
        # No command opens a window, whatever the user's notebooks are told to do.
        os.environ["MPLBACKEND"] = "agg"
        code = exit_code(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        code = INTERRUPTED  # while an error was told
    end_watch(code)
    sys.exit(code)
