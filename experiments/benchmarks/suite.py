"""The benchmark suite: one run, one table, one CSV.

    python experiments/benchmarks/suite.py [--quick | --full] [--csv FILE] [--only NAME]

Within a group all is measured in turns, so that a busy machine slows all alike; the
time to compile is counted in a cold start only. What is measured, and what came out on
one machine, is in docs/benchmarks.md. Nothing is asserted about time.
"""

import argparse
import os
import platform
from collections.abc import Callable
from pathlib import Path

import commands
import costs
import formula_loops
import numba
import numpy as np
import speed
from rows import HEADER, Row, line, write_csv
from sizes import FULL, QUICK, Sizes

GROUPS: dict[str, Callable[[Sizes], list[Row]]] = {
    "speed": speed.speed,
    "formulas": formula_loops.formula_loops,
    "war-values": costs.war_values,
    "features": costs.against_features,
    "worlds": costs.against_worlds,
    "steps": costs.against_steps,
    "offers": costs.against_offers,
    "chips": costs.against_chips,
    "memory": commands.memory,
    "start": commands.starts,
    "flagship-sweep": commands.flagship_sweep,
}


def parser() -> argparse.ArgumentParser:
    """Return what the command understands."""
    made = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    size = made.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small sizes, no cold start")
    size.add_argument("--full", action="store_true", help="also a sweep of 1e7 worlds")
    made.add_argument("--csv", type=Path, metavar="FILE", help="write the rows here")
    made.add_argument(
        "--only",
        action="append",
        choices=GROUPS,
        metavar="GROUP",
        help=f"one or more of {', '.join(GROUPS)}",
    )
    return made


def main() -> None:
    """Measure, and print the table as it grows."""
    asked = parser().parse_args()
    sizes = QUICK if asked.quick else FULL if asked.full else Sizes()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, "
        f"numba {numba.__version__}, {platform.machine()}, {os.cpu_count()} processors"
    )
    print(HEADER)
    rows: list[Row] = []
    for name in asked.only or GROUPS:
        for row in GROUPS[name](sizes):
            print(line(row), flush=True)
            rows.append(row)
        if asked.csv:
            write_csv(asked.csv, rows)


if __name__ == "__main__":
    main()
