"""Compare lengths of random wars with observed ones: docs/reports/durations.md.

    python -m experiments.durations.report [--wars 4000] [--observed CSV] [--out FILE]

Exit codes: 0; 2 for a wrong option; 4 if the table of observed wars is missing or
unreadable. How far the model is off is a result, not a failure.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.durations.lengths import LASTING_WEEKS, lengths
from experiments.durations.observed import observed
from experiments.durations.page import SHORT_WEEKS, page
from experiments.durations.population import population, units
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]
OBSERVED = Path(__file__).with_name("observed.csv")
WARS, OUT, SEED = 4_000, "docs/reports/durations.md", 1
FEWEST, INPUT_MISSING = 20, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.durations.report",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--wars", type=int, default=WARS, help=f"default: {WARS}")
    parser.add_argument(
        "--observed", type=Path, default=OBSERVED, help="a table with its columns"
    )
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    if given.wars < FEWEST:
        parser.error(f"--wars must be at least {FEWEST}")
    try:
        seen = observed(given.observed)
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return INPUT_MISSING
    command = parser.prog
    command += "" if given.wars == WARS else f" --wars {given.wars}"
    command += "" if given.observed == OBSERVED else f" --observed {given.observed}"
    places = units(given.wars, SEED)
    print(f"{given.wars:,} random wars", file=sys.stderr, flush=True)
    definitions = (LASTING_WEEKS, SHORT_WEEKS)
    runs = lengths(population(places), seed=SEED, lasting=definitions)
    text = page(seen, *(runs[weeks] for weeks in definitions), places, SEED, command)
    out = ROOT / given.out
    write_whole(out, text)
    print(f"{out}: written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
