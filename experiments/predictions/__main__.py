"""Try every signed prediction, and write the report on them.

    python -m experiments.predictions [--small] [--out docs/reports/predictions.md]

Exit codes: 0; 5 if a result needs a reason and `found.yaml` has none, or has one that
is not needed. The report is written in both cases. A sign that is contradicted is a
result, not a failure.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.predictions.cells import FULL, SMALL
from experiments.predictions.page import page
from experiments.predictions.questions import questions
from experiments.predictions.reasons import amiss
from experiments.predictions.trial import results
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
OUT = "docs/reports/predictions.md"
CHECK_FAILED = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the report, and print what lacks a reason."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.predictions",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--small", action="store_true", help="few worlds, as in tests")
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    sizes = SMALL if given.small else FULL
    found = []
    for question in questions():
        print(f"{question.id} {question.world}", file=sys.stderr, flush=True)
        found += results(question, sizes)
    small = "python -m experiments.predictions --small"
    command = small if given.small else "make predictions"
    out = ROOT / given.out
    write_whole(out, page(found, sizes, command))
    lacking = amiss(found)
    print(*lacking, f"{out}: written", sep="\n", file=sys.stderr)
    return CHECK_FAILED if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
