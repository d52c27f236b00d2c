"""Run seven past wars, and write docs/reports/wars.md on them.

    python -m experiments.wars.report [--worlds 10000] [--each 2000] [--out FILE]

Exit codes: 0; 5 if what is read into a war in `happened.yaml` rests on a verdict that
is no longer there. The page is written in both cases. That a war ended otherwise than
the model has it is a result, not a failure.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.wars.cases import cases
from experiments.wars.measure import Answer, answer
from experiments.wars.page import page
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
WORLDS, EACH, OUT = 10_000, 2_000, "docs/reports/wars.md"
CHECK_FAILED = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, and print whose reading no longer holds."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.wars.report",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--worlds", type=int, default=WORLDS, help="of each war")
    parser.add_argument("--each", type=int, default=EACH, help="at each bound")
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    if not 0 < given.each <= given.worlds:
        parser.error("--each must lie between 1 and --worlds")
    answers = []
    for case in cases():
        print(case.id, file=sys.stderr, flush=True)
        answers.append(answer(case, worlds=given.worlds, each=given.each))
    command = parser.prog
    for name, value, default in (
        ("worlds", given.worlds, WORLDS),
        ("each", given.each, EACH),
    ):
        command += "" if value == default else f" --{name} {value}"
    out = ROOT / given.out
    write_whole(out, page(answers, command, given.each))
    amiss = [text for found in answers for text in no_longer_there(found)]
    print(*amiss, f"{out}: written", sep="\n", file=sys.stderr)
    return CHECK_FAILED if amiss else 0


def no_longer_there(found: Answer) -> list[str]:
    """Verdicts that the reading of a war rests on and that are others now."""
    now = {"kind": found.kind, "time": found.time}
    return [
        f"{found.case.id}: the reading rests on {what} '{then}', which is '{now[what]}'"
        for what, then in found.case.rests_on.items()
        if now[what] != then
    ]


if __name__ == "__main__":
    sys.exit(main())
