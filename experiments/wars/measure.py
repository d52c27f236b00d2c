"""Worlds of a past war against what happened, and what the answer hangs on."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.wars.cases import Case
from sim.analysis.compare import fighting_ends
from sim.batch.inputs import Input, inputs_of, with_inputs
from sim.batch.intervals import Interval, median, paired_proportions, wilson
from sim.model.engine import simulate
from sim.model.labels import Labels, labels_of
from sim.model.parameters import build
from sim.model.state import DEFEAT, WAR
from sim.scenario.load import Loaded, load

SEED = 1
OFTEN = 0.1  # an end of fewer worlds is called rare
MIDDLE = (0.1, 0.9)  # days between these quantiles are called within


class Seen(NamedTuple):
    """What worlds came to: the end that the war had, and the day, nan for never."""

    so: NDArray[np.bool_]
    day: NDArray[np.float64]


class Effect(NamedTuple):
    """An assumption at its low and its high: shares, and the paired difference."""

    input: Input
    so: tuple[float, float]
    by_then: tuple[float, float]
    so_difference: Interval
    by_then_difference: Interval


class Answer(NamedTuple):
    """The model's answer to one war."""

    case: Case
    worlds: int
    title: str
    horizon: int
    so: Interval
    by_then: Interval
    day: Interval
    middle: tuple[float, float]
    ends: tuple[tuple[str, float], ...]
    effects: tuple[Effect, ...]

    @property
    def kind(self) -> str:
        """How the end that the war had compares with the others in number."""
        others = [share for end, share in self.ends if end != ENDED_SO]
        if self.so.estimate < OFTEN:
            return "rare"
        return "most" if self.so.estimate >= max(others, default=0) else "among others"

    @property
    def time(self) -> str:
        """Whether the worlds ended sooner or later than the war, or about then."""
        first, last = self.middle
        if last < self.case.day:
            return "sooner"
        return "later" if first > self.case.day else "within"


ENDED_SO = "as it did"


def answer(case: Case, *, worlds: int, each: int) -> Answer:
    """Run a war: `worlds` as it stands, `each` at either bound of every assumption."""
    loaded = load(case.id)
    seen, ended, names = _run(case, loaded, worlds)
    day = np.where(np.isnan(seen.day), np.inf, seen.day)
    low, high = np.quantile(day, MIDDLE, method="inverted_cdf")
    few = Seen(seen.so[:each], seen.day[:each])
    effects = [_effect(case, loaded, given, few) for given in inputs_of(loaded, ())]
    return Answer(
        case,
        worlds,
        loaded.scenario.title,
        loaded.scenario.horizon_days,
        _share(seen.so),
        _share(day <= case.day),
        median(seen.day),
        (float(low), float(high)),
        tuple(_ends(seen, ended, names)),
        tuple(effects),
    )


def _run(
    case: Case, loaded: Loaded, worlds: int
) -> tuple[Seen, NDArray[np.void], Labels]:
    names = labels_of(loaded.scenario)
    ended = simulate(build(loaded.scenario), seed=SEED, replicates=range(worlds))
    return Seen(case.ended_so(ended, names), fighting_ends(ended, names)), ended, names


def _effect(case: Case, loaded: Loaded, given: Input, base: Seen) -> Effect:
    low, high = (
        _at(case, loaded, given.path, number, base)
        for number in (given.low, given.high)
    )
    then = (low.day <= case.day, high.day <= case.day)
    return Effect(
        given,
        (float(low.so.mean()), float(high.so.mean())),
        (float(then[0].mean()), float(then[1].mean())),
        _difference(high.so, low.so),
        _difference(then[1], then[0]),
    )


def _at(case: Case, loaded: Loaded, path: str, number: float, base: Seen) -> Seen:
    changed, _ = with_inputs(loaded, {}, {path: number})
    if changed.hash == loaded.hash:
        return base
    return _run(case, changed, base.so.size)[0]


def _difference(here: NDArray[np.bool_], there: NDArray[np.bool_]) -> Interval:
    found = paired_proportions((here & ~there).sum(), (there & ~here).sum(), here.size)
    return Interval(*(float(number) for number in found))


def _share(seen: NDArray[np.bool_]) -> Interval:
    return Interval(*(float(number) for number in wilson(seen.sum(), seen.size)))


def _ends(
    seen: Seen, ended: NDArray[np.void], names: Labels
) -> Iterator[tuple[str, float]]:
    """Yield ends in words with their shares, the most frequent first."""
    words = [
        ENDED_SO if so else _in_words(world, names)
        for so, world in zip(seen.so.tolist(), ended, strict=True)
    ]
    for end, count in sorted(Counter(words).items(), key=lambda item: -item[1]):
        yield end, count / len(words)


def _in_words(world: np.void, names: Labels) -> str:
    phase = int(world["phase"])
    if phase == DEFEAT:
        return f"defeat of {names.party(int(world['defeated']))}"
    if phase == WAR:
        return "still at war"
    offer = names.offer(int(world["first_truce_offer"]))
    return f"truce or settlement under {offer}"
