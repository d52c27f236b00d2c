"""From numbers of worlds at each level to a verdict, by rules that were fixed before.

Levels are compared world by world, with the same luck. An effect is the difference
between the highest and the lowest level; its interval is the paired one, at .95. It is
confirmed if the whole interval is on the predicted side of 0, contradicted if it is on
the other, not shown if it contains 0. Of a predicted 0 the interval has to be within a
margin. Of a hump the middle level that is best in one half of the worlds has to be
above both ends in the other half.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from experiments.predictions.measures import Column
from sim.batch.intervals import Interval, paired_means, paired_proportions

CONFIRMED, NOT_SHOWN, CONTRADICTED = "confirmed", "not shown", "contradicted"
HUMP, ZERO = "hump", "0 +- "


class Finding(NamedTuple):
    """What was found: means by level, effects (of a hump two), verdict, monotone."""

    means: tuple[float, ...]
    effects: tuple[Interval, ...]
    verdict: str
    monotone: str


def judge(predicted: str, columns: Sequence[Column]) -> Finding:
    """Compare levels, lowest first; each column has one number a world."""
    means = tuple(float(np.mean(column)) for column in columns)
    if predicted == HUMP:
        rises = _rises(columns)
        return Finding(means, rises, _all_above(rises), "-")
    effect = difference(columns[-1], columns[0])
    if predicted.startswith(ZERO):
        margin = float(predicted.removeprefix(ZERO))
        return Finding(means, (effect,), _near_zero(effect, margin), "-")
    sign = {"+": 1.0, "-": -1.0}[predicted]
    verdict = _all_above([_signed(effect, sign)])
    return Finding(means, (effect,), verdict, _monotone(columns, sign))


def difference(here: Column, there: Column) -> Interval:
    """Mean difference, here minus there, of the same worlds."""
    if here.dtype == np.bool_:
        only_here, only_there = (here & ~there).sum(), (there & ~here).sum()
        found = paired_proportions(only_here, only_there, here.size)
        return Interval(float(found.estimate), float(found.low), float(found.high))
    return paired_means(here, there)


def _signed(effect: Interval, sign: float) -> Interval:
    ends = sorted((sign * effect.low, sign * effect.high))
    return Interval(sign * effect.estimate, *ends)


def _all_above(effects: Sequence[Interval]) -> str:
    if all(effect.low > 0.0 for effect in effects):
        return CONFIRMED
    return CONTRADICTED if any(effect.high < 0.0 for effect in effects) else NOT_SHOWN


def _near_zero(effect: Interval, margin: float) -> str:
    if -margin < effect.low and effect.high < margin:
        return CONFIRMED
    outside = effect.low > margin or effect.high < -margin
    return CONTRADICTED if outside else NOT_SHOWN


def _rises(columns: Sequence[Column]) -> tuple[Interval, ...]:
    """Differences of the middle level that is best elsewhere from both ends."""
    half = columns[0].size // 2
    middle = [float(np.mean(column[:half])) for column in columns[1:-1]]
    top = columns[1 + int(np.argmax(middle))][half:]
    return tuple(difference(top, columns[end][half:]) for end in (0, -1))


def _monotone(columns: Sequence[Column], sign: float) -> str:
    """Whether each step has the sign: yes, no, or unclear as luck may be why not."""
    steps = [
        _signed(difference(there, here), sign) for here, there in pairwise(columns)
    ]
    if all(step.estimate > 0.0 for step in steps):
        return "yes"
    return "no" if any(step.high < 0.0 for step in steps) else "unclear"
