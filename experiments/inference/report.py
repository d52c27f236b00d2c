"""Whether `ceasefire infer` is calibrated, and P(facts) of other rules.

    python -m experiments.inference.report [--truths 200] [--sets 8192] [--out FILE]

Writes docs/reports/inference.md and docs/figures/inference_ranks.svg. Exit codes: 0; 2
for a wrong option. That ranks are not uniform is a result, not a failure.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.inference.calibration import calibrate
from experiments.inference.page import TRUTHS, Sizes, context_of, page
from experiments.inference.picture import picture
from experiments.inference.variants import VARIANTS, inferred
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
OUT, FIGURE = "docs/reports/inference.md", "docs/figures/inference_ranks.svg"
SETS, WORLDS, SEED = 8_192, (8, 32, 128), 1
RULE_SETS = 4_096  # at most, for each of the rules
FEWEST_TRUTHS, FEWEST_SETS = 20, 64
MORE, AGAIN, MOST = 10, 20, 100  # times the truths asked for


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page and its figure."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.inference.report",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--truths", type=int, default=TRUTHS, help=f"default: {TRUTHS}")
    parser.add_argument("--sets", type=int, default=SETS, help=f"default: {SETS}")
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    parser.add_argument("--figure", default=FIGURE, help=f"default: {FIGURE}")
    parser.add_argument(
        "--kept",
        type=Path,
        help="a folder to go on from, if stopped",
    )
    given = parser.parse_args(arguments)
    if given.truths < FEWEST_TRUTHS:
        parser.error(f"--truths must be at least {FEWEST_TRUTHS}")
    if given.sets < FEWEST_SETS:
        parser.error(f"--sets must be at least {FEWEST_SETS}")
    command = parser.prog
    command += "" if given.truths == TRUTHS else f" --truths {given.truths}"
    command += "" if given.sets == SETS else f" --sets {given.sets}"
    found = calibrate(
        sets=given.sets,
        count=given.truths,
        more=MORE * given.truths,
        again=AGAIN * given.truths,
        most=MOST * given.truths,
        worlds=WORLDS,
        seed=SEED,
        kept=given.kept,
    )
    print("calibration: done", file=sys.stderr, flush=True)
    few = min(given.sets, RULE_SETS)
    rules = [
        (each, inferred(each, sets=few, worlds=WORLDS[1], seed=SEED, kept=given.kept))
        for each in VARIANTS
    ]
    sizes = Sizes(given.truths, MORE * given.truths, WORLDS, SEED)
    drawn = picture(found.asked, context_of(found, sizes, command))
    write_whole(ROOT / given.figure, drawn.svg(drawn.origin))
    write_whole(ROOT / given.out, page(found, rules, sizes, command))
    print(f"{ROOT / given.out}: written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
