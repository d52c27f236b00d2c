"""Each headline anew, under the low and the high value of one assumption at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from experiments.claims.headlines import (
    BEGUN,
    HEADLINES,
    RARE,
    REPLICATES,
    SCENARIO,
    SEED,
    WITHIN_DAYS,
    Headline,
)
from sim.analysis.outcomes import measured
from sim.analysis.tornado import paired
from sim.batch.estimates import share
from sim.batch.inputs import Input
from sim.batch.intervals import Interval
from sim.batch.samples import Sample, all_inputs, run_samples
from sim.scenario.load import load

HOLDS, OPEN, FLIPS = "holds", "not shown", "flips"


@dataclass(frozen=True)
class Answer:
    """A headline under one assumption: shares before and after, and the difference."""

    before: float
    after: float
    change: Interval
    verdict: str


@dataclass(frozen=True)
class Level:
    """The scenario's own share under one assumption, and whether it is rare."""

    share: Interval
    verdict: str


def under(headline: Headline, draws: list[dict[str, float]]) -> Iterator[Answer]:
    """Yield the headline's answer under each draw of inputs, luck paired."""
    settings = [
        {**headline.settings, headline.path: number}
        for number in (headline.before, headline.after)
    ]
    asked = [(draw, setting) for draw in draws for setting in settings]
    worlds = _worlds(asked, headline.outcome)
    for before, after in zip(worlds[::2], worlds[1::2], strict=True):
        change = paired(after, before, chance=True)
        low, high = sorted(headline.sign * end for end in (change.low, change.high))
        verdict = HOLDS if low > 0 else FLIPS if high < 0 else OPEN
        yield Answer(float(before.mean()), float(after.mean()), change, verdict)


def rare(draws: list[dict[str, float]]) -> Iterator[Level]:
    """Yield the scenario's own share under each draw."""
    for worlds in _worlds([(draw, {}) for draw in draws], BEGUN):
        found = share(worlds > 0.0)
        verdict = HOLDS if found.high < RARE else FLIPS if found.low > RARE else OPEN
        yield Level(found, verdict)


def assumptions() -> list[Input]:
    """Return every input of the scenario with its bounds."""
    return list(all_inputs(load(SCENARIO), {}))


def applies(headline: Headline, one: Input) -> bool:
    """Say whether an assumption can be moved while a headline varies its own path."""
    return one.path != headline.path


def all_answers() -> tuple[dict[str, list[Answer]], list[Level], list[Input]]:
    """Return all of it: own values first, then low and high of each input."""
    inputs = assumptions()
    answers = {}
    for headline in HEADLINES:
        moved = [one for one in inputs if applies(headline, one)]
        answers[headline.name] = list(under(headline, draws_of(moved)))
    return answers, list(rare(draws_of(inputs))), inputs


def draws_of(inputs: list[Input]) -> list[dict[str, float]]:
    """Return no change, then each input at its low and at its high."""
    ends = [{one.path: end} for one in inputs for end in (one.low, one.high)]
    return [{}, *ends]


def _worlds(
    asked: list[tuple[dict[str, float], dict[str, object]]], outcome: str
) -> list[np.ndarray]:
    samples = [
        Sample(draw, range(REPLICATES), settings=settings) for draw, settings in asked
    ]
    found = run_samples(
        load(SCENARIO), samples, partial(measured, within_days=WITHIN_DAYS), seed=SEED
    )
    return [columns[outcome] for _, columns in found]
