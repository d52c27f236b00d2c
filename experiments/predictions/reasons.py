"""Reasons for what was not found as predicted, each with a counter-check."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from experiments.predictions.cells import Sizes
from experiments.predictions.trial import Result, results
from experiments.predictions.verdicts import CONFIRMED

FOUND = Path(__file__).parent / "found.yaml"


class Reason(NamedTuple):
    """Why some results are what they are, and how the same question is asked anew."""

    results: tuple[str, ...]
    why: str
    without: dict[str, object]
    still: bool


@cache
def reasons() -> tuple[Reason, ...]:
    """Read the reasons from `found.yaml`."""
    return tuple(
        Reason(
            tuple(entry["results"]),
            " ".join(entry["why"].split()),
            entry.get("without", {}),
            entry.get("still", False),
        )
        for entry in yaml.safe_load(FOUND.read_text(encoding="utf-8"))
    )


def needs_reason(result: Result) -> bool:
    """Whether a result is not confirmed, or not at every step."""
    finding = result.finding
    return finding.verdict != CONFIRMED or finding.monotone not in ("yes", "-")


def without_cause(result: Result, reason: Reason, sizes: Sizes) -> Result:
    """The same question with the suspected cause taken out."""
    question = result.question._replace(
        base={**result.question.base, **reason.without},
        expect={result.measure: result.predicted},
        still=reason.still,
    )
    return results(question, sizes)[0]


def amiss(found: Sequence[Result]) -> list[str]:
    """Results that need a reason and have none, and reasons that are not needed."""
    told = {name for reason in reasons() for name in reason.results}
    needed = {result.name for result in found if needs_reason(result)}
    return [f"no reason is told: {name}" for name in sorted(needed - told)] + [
        f"a reason is told, but not needed: {name}" for name in sorted(told - needed)
    ]
