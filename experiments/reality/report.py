"""Calibrate and back-test on the observed areas: two pages in docs/reports.

    python -m experiments.reality.report [--paths 2000] [--out docs/reports]

writes calibration.md and backtest.md. The table of recovery that the
first one shows is made by `python -m experiments.reality.recovery`. How well the model
does is a result, not a failure: the exit code is 0.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.reality import backtest_page, calibration_page
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
PATHS, FEWEST, OUT = 2_000, 100, "docs/reports"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write both pages."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.reality.report",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--paths", type=int, default=PATHS, help=f"default: {PATHS}")
    parser.add_argument("--out", type=Path, default=Path(OUT), help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    if given.paths < FEWEST:
        parser.error(f"--paths must be at least {FEWEST}")
    command = parser.prog
    command += "" if given.paths == PATHS else f" --paths {given.paths}"
    for name, page in (
        ("calibration", calibration_page.page),
        ("backtest", backtest_page.page),
    ):
        file = ROOT / given.out / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, page(command, given.paths))
        print(f"{file}: written", file=sys.stderr, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
