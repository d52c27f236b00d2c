"""Simulation-based calibration of `ceasefire infer` on the shipped facts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.inference.ranks import (
    Likelihood,
    Ranks,
    Uniform,
    likelihood_of,
    ranks,
    uniform,
)
from experiments.inference.truths import Floats, Pattern, Truths, seen, truths
from experiments.inference.variants import FACTS, VARIANTS, inferred
from sim.analysis.inference.evidence import chance_of, effective
from sim.analysis.inference.sets import Seen, Space
from sim.batch.estimates import BEGUN, HEADLINES
from sim.batch.intervals import Interval, wilson
from sim.scenario.fact_file import load_facts

# Chosen before any truth was drawn: the inputs that the shipped facts narrow most.
INPUTS = (
    "territory_flow",
    "parties.russia.belief.drift_km2_per_week",
    "discount_factor_per_week",
    "parties.ukraine.belief.drift_km2_per_week",
    "parties.ukraine.rearmament_km2_per_week",
    "parties.russia.rearmament_km2_per_week",
)
QUANTITIES = (*HEADLINES, *INPUTS)
SIGNIFICANT = 0.05
TRUTH_SEED, RANK_SEED = 20, 21
OWN = 4_096  # sets at most with luck of their own
_CHECKED, _OWN = 0x74, 0x7500


@dataclass(frozen=True)
class Checked:
    """Calibration over some truths, with so many worlds of each set."""

    name: str
    truths: int
    worlds: int
    quantities: tuple[Uniform, ...]
    """In the order of `QUANTITIES`."""
    effective: tuple[float, float]
    """Sets of equal weight: the median over truths, and the least."""

    @property
    def least(self) -> float:
        """The least of all chances, times their number (Bonferroni), at most 1."""
        every = [
            chance
            for each in self.quantities
            for chance in (each.chi_square, each.kolmogorov)
        ]
        return min(1.0, min(every) * len(every))

    @property
    def is_uniform(self) -> bool:
        """Whether nothing departs from uniform ranks beyond chance."""
        return self.least >= SIGNIFICANT


@dataclass(frozen=True)
class Rejection:
    """Truths whose one world a scenario was seen to do all that the facts say.

    They are draws from the posterior itself, found without any likelihood.
    """

    truths: int
    kept: int
    chance: Interval
    headlines: tuple[Interval, ...]


@dataclass(frozen=True)
class Weighted:
    """What weighting says of the shipped facts, with so many worlds of each set."""

    worlds: int
    chance: float
    error: float
    effective: float
    headlines: tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """All that the page says of calibration."""

    space: Space
    sets: int
    asked: Checked
    """With as many truths and worlds as were asked for."""
    sharper: tuple[Checked, ...]
    """With more truths: worlds of each set few, as asked, and many."""
    shared: Checked
    """Truths whose world is one of the sets' own: ranks are uniform by construction."""
    alike: Checked
    """Truths that were seen to be as the war was."""
    rejection: Rejection
    weighted: tuple[Weighted, ...]
    """With few, as many as asked, and many worlds."""
    blocks: tuple[tuple[Checked, Weighted], ...]
    """As asked, with other worlds each time: how much hangs on their luck."""
    again: tuple[Checked, Checked]
    """Other truths, with as many worlds as asked and with many."""
    own_luck: Weighted
    """As asked, but each set has luck of its own."""


def calibrate(
    *,
    sets: int,
    count: int,
    more: int,
    again: int,
    most: int,
    worlds: Sequence[int],
    seed: int,
    kept: Path | None = None,
) -> Calibration:
    """Run the sets once, draw truths, and compare.

    Parameters
    ----------
    sets
        Of inputs, from the prior.
    count, more, again, most
        Truths: as asked, for a sharper look, others to look again, and how many are
        drawn to find those that are as the war was.
    worlds
        Of each set, ascending: few, as asked, many.
    kept
        A folder for what was run, so that it is not run again.
    """
    miscoded = load_facts(FACTS).content.miscoded
    found = inferred(VARIANTS[0], sets=sets, worlds=worlds[-1], seed=seed, kept=kept)
    whole, places, ran = found.space, found.free.places, found.free.seen
    drawn = truths(whole, most, miscoded=miscoded, seed=TRUTH_SEED)
    everything: tuple[Pattern, ...] = tuple((1,) * len(c.facts) for c in whole.cases)
    as_war = drawn.as_seen(everything)
    # the answer of a truth is that of the same worlds as the answer of the sets
    wanted = np.union1d(np.arange(more + again), as_war)
    answers = dict(zip(wanted, _answers(whole, drawn.places[wanted]), strict=True))
    luck = np.random.default_rng([RANK_SEED, _CHECKED])
    order = [whole.paths.index(path) for path in INPUTS]
    columns = places[:, order]

    facts_of = [case.facts for case in whole.cases]

    def likelihoods(worlds: slice) -> Likelihood:
        said = [each.said[:, worlds] for each in ran]
        return likelihood_of(said, facts_of, miscoded)

    def check(
        name: str,
        which: NDArray[np.int64],
        worlds: slice,
        patterns: Sequence[tuple[Pattern, ...]] | None = None,
    ) -> Checked:
        said = patterns or [drawn.pattern(truth) for truth in which]
        mine = np.array([answers[truth][:, worlds].mean(axis=1) for truth in which])
        found = ranks(
            np.column_stack([mine, drawn.places[which][:, order]]),
            np.column_stack([_headlines(ran[whole.told_by], worlds), columns]),
            said,
            likelihoods(worlds),
            luck,
        )
        return _checked(name, worlds.stop - worlds.start, found, luck)

    def weighted(worlds: slice) -> Weighted:
        likelihood = likelihoods(worlds)(everything)
        return _weighted(ran[whole.told_by], likelihood, worlds)

    _, usual, many = worlds
    as_asked, some = slice(0, usual), np.arange(more)
    upto = [slice(0, each) for each in worlds]
    apart = [slice(at, at + usual) for at in range(0, many - usual + 1, usual)]
    others = np.arange(more, more + again)
    shared = _patterns_of_shared(
        whole, drawn, some, worlds=usual, miscoded=miscoded, luck=luck
    )
    alike = np.array([answers[truth].mean(axis=1) for truth in as_war])
    return Calibration(
        space=whole,
        sets=sets,
        asked=check("asked", np.arange(count), as_asked),
        sharper=tuple(check("sharper", some, each) for each in upto),
        shared=check("shared", some, as_asked, shared),
        alike=check("alike", as_war, as_asked),
        rejection=_rejection(most, alike),
        weighted=tuple(map(weighted, upto)),
        blocks=tuple((check("block", some, each), weighted(each)) for each in apart),
        again=(check("again", others, as_asked), check("again", others, upto[-1])),
        own_luck=_with_own_luck(whole, places[:: max(1, sets // OWN)], usual, miscoded),
    )


def _weighted(told: Seen, likelihood: Floats, worlds: slice) -> Weighted:
    chance, error = chance_of(likelihood)
    means = likelihood @ _headlines(told, worlds) / likelihood.sum()
    count = worlds.stop - worlds.start
    return Weighted(count, chance, error, effective(likelihood), tuple(means.tolist()))


def _with_own_luck(
    whole: Space, places: Floats, worlds: int, miscoded: float
) -> Weighted:
    """Return what weighting says if no two sets, nor scenarios, share their luck."""
    ran = [
        seen(replace(whole, worlds=worlds, seed=_OWN + at), case, places, own_luck=True)
        for at, case in enumerate(whole.cases)
    ]
    likelihood = likelihood_of(
        [each.said for each in ran], [case.facts for case in whole.cases], miscoded
    )(tuple((1,) * len(case.facts) for case in whole.cases))
    return _weighted(ran[whole.told_by], likelihood, slice(0, worlds))


def _answers(whole: Space, places: Floats) -> NDArray[np.bool_]:
    """Return both outcomes of each world of sets, (n, 2, n_worlds)."""
    found = seen(whole, whole.cases[whole.told_by], places)
    by_name = [found.begun if name == BEGUN else found.stopped for name in HEADLINES]
    return np.stack(by_name, axis=1)


def _headlines(ran: Seen, worlds: slice) -> Floats:
    """Return both headlines of each set over some of its worlds, (n, 2)."""
    by_name = [ran.begun if name == BEGUN else ran.stopped for name in HEADLINES]
    return np.column_stack([each[:, worlds].mean(axis=1) for each in by_name])


def _patterns_of_shared(
    whole: Space,
    drawn: Truths,
    which: NDArray[np.int64],
    *,
    worlds: int,
    miscoded: float,
    luck: np.random.Generator,
) -> list[tuple[Pattern, ...]]:
    """Return what is seen of truths whose world has the luck of one of the sets'."""
    columns = []
    for case in whole.cases:
        said = seen(replace(whole, worlds=worlds), case, drawn.places[which]).said
        one = said[np.arange(which.size), luck.integers(0, worlds, which.size)]
        wrong = luck.random(one.shape) < miscoded
        columns.append(np.where(wrong, 1.0 - one, one).round().astype(int))
    return [
        tuple(tuple(rows.tolist()) for rows in each)
        for each in zip(*columns, strict=True)
    ]


def _checked(
    name: str, worlds: int, found: Ranks, luck: np.random.Generator
) -> Checked:
    return Checked(
        name,
        len(found.ranks),
        worlds,
        tuple(uniform(column, luck) for column in found.ranks.T),
        (float(np.median(found.effective)), float(found.effective.min())),
    )


def _rejection(most: int, kept: Floats) -> Rejection:
    chance = Interval(*(float(each) for each in wilson(len(kept), most)))
    error = kept.std(axis=0, ddof=1) / np.sqrt(len(kept))
    headlines = tuple(
        Interval(float(m), float(m - 1.96 * e), float(m + 1.96 * e))
        for m, e in zip(kept.mean(axis=0), error, strict=True)
    )
    return Rejection(most, len(kept), chance, headlines)
