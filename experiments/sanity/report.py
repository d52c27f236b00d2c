"""Run every shipped scenario many times, and report what looks degenerate.

    python experiments/sanity/report.py [--worlds 20000] [--out docs/reports/sanity.md]

Exit codes: 0 if every check holds, 5 if one fails; the report is written in both cases.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from checks import checks
from page import page
from summary import watch_scenario

from sim.batch.files import write_whole
from sim.scenario.library import shipped

ROOT = Path(__file__).resolve().parents[2]
WORLDS, OUT = 20_000, "docs/reports/sanity.md"
CHECK_FAILED = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report, and print what fails."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--worlds", type=int, default=WORLDS, help="of each scenario")
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    parser.add_argument("--scenarios", nargs="+", help="ids; default: all shipped")
    given = parser.parse_args(arguments)
    names = given.scenarios or list(shipped())
    summaries = []
    for name in names:
        print(f"{name}: {given.worlds:,} worlds", file=sys.stderr, flush=True)
        summaries.append(watch_scenario(name, range(given.worlds)))
    command = "python experiments/sanity/report.py"
    if given.worlds != WORLDS:
        command += f" --worlds {given.worlds}"
    if given.scenarios:
        command += f" --scenarios {' '.join(names)}"
    out = ROOT / given.out
    write_whole(out, page(summaries, command))
    failed = [check for check in checks(summaries) if not check.passed]
    for check in failed:
        print(f"fails in {check.where}: {check.asks}: {check.worst:g}", file=sys.stderr)
    print(f"{out}: {len(failed)} checks fail", file=sys.stderr)
    return CHECK_FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main())
