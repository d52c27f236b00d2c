"""Compute every headline of the findings under every assumption, and write the table.

python -m experiments.claims [--out docs/reports/claims.md]
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from experiments.claims.page import page
from experiments.claims.recompute import all_answers
from sim.batch.files import write_whole

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.claims", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--out", default="docs/reports/claims.md")
    given = parser.parse_args(arguments)
    write_whole(ROOT / given.out, page(*all_answers()))


if __name__ == "__main__":
    main()
