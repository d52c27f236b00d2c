"""The checks of the report: each asks one thing of every scenario, and has a limit."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from acts import ACTS
from bounds import BOUNDS
from summary import EARLY, Summary, at_first_offer, by_noise, cycles


class Check(NamedTuple):
    """One check: what it asks, its number in the worst scenario, and the limit."""

    asks: str
    worst: float
    where: str
    limit: float

    @property
    def passed(self) -> bool:
        """Whether the worst scenario keeps to the limit."""
        return self.worst <= self.limit


CYCLES, FIRST_DAY, NOISE = 0.001, 0.99, 0.25


def missed(bound: str) -> Callable[[Summary], float]:
    """Return a count of the days on which a bound did not hold."""
    number = list(BOUNDS).index(bound)
    return lambda summary: float(summary.seen["missed"][:, number].sum())


def checks(summaries: Sequence[Summary]) -> list[Check]:
    """Make every check of the report."""
    asked: list[tuple[str, Callable[[Summary], float], float]] = [
        (
            f"share of worlds in which {EARLY} or more truces broke within a week of "
            "their beginning",
            cycles,
            CYCLES,
        ),
        (
            "share of worlds with a truce on the day of the first offer",
            at_first_offer,
            FIRST_DAY,
        ),
        (
            "share of first answers in which noise turned the scale (a coin: 0.5)",
            lambda summary: by_noise(summary)[0],
            NOISE,
        ),
    ]
    asked += [(f"misses: {text}", missed(name), 0.0) for name, text in BOUNDS.items()]
    made = []
    for text, number, limit in asked:
        worst = max(summaries, key=number)
        made.append(Check(text, number(worst), worst.id, limit))
    idle = [
        name
        for i, name in enumerate(ACTS)
        if not any(summary.seen["acted"][:, i].any() for summary in summaries)
    ]
    text = "stages that act in no world of any scenario"
    return [*made, Check(text, float(len(idle)), ", ".join(idle) or "-", 0.0)]


def looked(summaries: Sequence[Summary]) -> dict[str, int]:
    """How often each bound was looked at."""
    return {
        name: sum(int(summary.seen["looked"][:, i].sum()) for summary in summaries)
        for i, name in enumerate(BOUNDS)
    }


def examples(summaries: Sequence[Summary]) -> list[str]:
    """First misses of bounds, as a world that can be run again, at most three each."""
    found = []
    for i, name in enumerate(BOUNDS):
        for summary in summaries:
            rows = (summary.seen["missed"][:, i] > 0).nonzero()[0][:3]
            for row in rows:
                replicate = int(summary.worlds["replicate"][row])
                step = int(summary.seen["missed_at"][row, i])
                found.append(f"{name}: {summary.id} replicate {replicate}, step {step}")
    return found
