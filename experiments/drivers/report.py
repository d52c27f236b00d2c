"""What the flagship's answer hangs on: docs/reports/sensitivity.md.

    python -m experiments.drivers.report [--samples 1024] [--out FILE]

One input at a time, screening, Sobol' indices and boxes of conditions, of one analysis
as `ceasefire sensitivity` runs it. Exit codes: 0; 2 for a wrong option. How much hangs
on assumptions is a result, not a failure.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.drivers.asked import ASKED, SCENARIO
from experiments.drivers.page import page
from sim.api.discovery import conditions
from sim.api.sensitivity import SAMPLES, sensitivity
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
OUT = "docs/reports/sensitivity.md"
FEWEST = 64  # sets of inputs enough to look for boxes in


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.drivers.report",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument(
        "--samples", type=int, default=SAMPLES, help=f"default: {SAMPLES}"
    )
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    if given.samples < FEWEST or given.samples & (given.samples - 1):
        parser.error(f"--samples must be a power of 2 from {FEWEST}")
    found = sensitivity(SCENARIO, samples=given.samples)
    boxes = [conditions(found, **asked.options) for asked in ASKED]
    command = parser.prog
    command += "" if given.samples == SAMPLES else f" --samples {given.samples}"
    out = ROOT / given.out
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, page(found, boxes, command))
    print(f"{out}: written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
