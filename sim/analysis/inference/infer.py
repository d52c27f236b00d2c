"""Inputs that fit the facts: sets drawn, run, weighted, and summed up."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import numpy as np
import pandas as pd

from sim.analysis.inference.evidence import (
    Evidence,
    Floats,
    chance_of,
    effective,
    of_facts,
    quantiles,
    spread,
)
from sim.analysis.inference.sets import Case, Seen, Space
from sim.analysis.inference.tempered import sample
from sim.batch.estimates import BEGUN, HEADLINES
from sim.batch.progress import Progress, Told, progress_of
from sim.batch.sampled import resampled
from sim.model.engine import cores

FEWEST_EFFECTIVE = 400  # sets; below it the posterior is sampled power by power
IDENTIFIED = 0.8  # of the prior's spread, that of the posterior lies below it
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
_BLOCK = 256  # sets of a chunk: to build a few takes as long as to build these


class Keeper(Protocol):
    """Keeps what chunks of sets came to, so that nothing is run twice."""

    def get(self, name: str) -> Seen | None:
        """Return what a chunk came to, None if it is not there."""

    def put(self, name: str, seen: Seen) -> None:
        """Keep it."""


class Nothing:
    """Keeps nothing."""

    def get(self, name: str) -> Seen | None:
        """Have nothing."""

    def put(self, name: str, seen: Seen) -> None:
        """Forget it."""


@dataclass(frozen=True)
class Drawn:
    """Sets of inputs with what their worlds say, case by case."""

    places: Floats
    seen: tuple[Seen, ...]
    evidence: Evidence

    def headline(self, space: Space, name: str) -> Floats:
        """Return a headline of each set: a share of its worlds, shape (n_sets,)."""
        return np.asarray(self._worlds(space, name).mean(axis=1))

    def of_world(self, space: Space, name: str) -> float:
        """Return a headline over the worlds in which the facts come true themselves."""
        place = space.told_by
        weights = self.evidence.of_worlds(place)
        return float((weights * self._worlds(space, name)).sum())

    def _worlds(self, space: Space, name: str) -> Any:
        seen = self.seen[space.told_by]
        return seen.begun if name == BEGUN else seen.stopped


@dataclass(frozen=True)
class Inferred:
    """What the facts tell: P(facts), sets before and after, and how they were found."""

    space: Space
    miscoded: float
    free: Drawn
    fitted: Drawn
    weights: Floats
    chance: float
    error: float
    """Standard error of the chance: from the sets that were drawn, and the worlds."""
    powers: tuple[float, ...]

    @property
    def effective(self) -> float:
        """How many sets of equal weight would tell as much."""
        if not self.powers:
            return effective(self.weights)
        # Sets that were drawn again and never moved count once.
        _, counts = np.unique(self.fitted.places, axis=0, return_counts=True)
        return effective(counts.astype(float))

    def sets(self, count: int) -> pd.DataFrame:
        """Return sets drawn by weight: inputs by path, headlines, and `weight`.

        `weight` is how often a set was drawn, of `count`.
        """
        case = self.space.cases[self.space.told_by]
        drawn, times = np.unique(resampled(self.weights, count), return_counts=True)
        numbers = self.space.numbers(case, self.fitted.places[drawn])
        columns: dict[str, Any] = {"weight": times / count}
        for name in HEADLINES:
            columns[name] = self.fitted.headline(self.space, name)[drawn]
        return pd.DataFrame(columns | numbers)

    def inputs(self) -> pd.DataFrame:
        """Return each input before and after: one row a path, narrowest first."""
        case = self.space.cases[self.space.told_by]
        before = self.space.numbers(case, self.free.places)
        after = self.space.numbers(case, self.fitted.places)
        even = np.ones(self.free.places.shape[0])
        rows = []
        bounds = {each.path: (each.low, each.high) for each in case.inputs}
        for path, numbers in before.items():
            ratio = spread(after[path], self.weights) / spread(numbers, even)
            row: dict[str, Any] = {"path": path, "spread_ratio": ratio}
            row["identified"] = ratio < IDENTIFIED
            row["low"], row["high"] = bounds[path]
            for name, values, weights in (
                ("prior", numbers, even),
                ("posterior", after[path], self.weights),
            ):
                found = quantiles(values, weights, SHARES)
                row |= {
                    f"{name}_{100 * share:.0f}": each
                    for share, each in zip(SHARES, found, strict=True)
                }
            rows.append(row)
        return pd.DataFrame(rows).sort_values("spread_ratio", ignore_index=True)

    def facts(self) -> pd.DataFrame:
        """Return what each fact did: one row a fact, in the order of the file.

        `free` is how often worlds of free inputs say so (of a number, their mean),
        `given_the_others` how often those that fit all other facts do; then P(facts)
        and both headlines without it.
        """
        rows = []
        everything = self.fitted.evidence
        for place, case in enumerate(self.space.cases):
            for at, fact in enumerate(case.facts):
                said = self.fitted.seen[place].said[:, :, at]
                weights = everything.weights((place, at))
                raw = everything.before * everything.likelihood((place, at))
                whole = everything.before * everything.likelihood()
                row: dict[str, Any] = {
                    "id": fact.id,
                    "scenario": fact.scenario,
                    "date": fact.date.isoformat(),
                    "statement": fact.statement,
                    "scored": case.scored[at],
                    "is_chance": not fact.is_measured,
                    "free": float(self.free.seen[place].said[:, :, at].mean()),
                    "given_the_others": everything.given_the_others(place, at, said),
                    "chance_without": self.chance * float(raw.sum() / whole.sum()),
                }
                for name in HEADLINES:
                    values = self.fitted.headline(self.space, name)
                    row[f"{name}_without"] = float((weights * values).sum())
                rows.append(row)
        return pd.DataFrame(rows)

    def answer(self) -> pd.DataFrame:
        """Return both headlines with free and with fitted inputs, one row each.

        Mean and quantiles over sets; `same_worlds` is the share of the single worlds
        in which the facts came true, luck included.
        """
        rows = []
        even = np.full(self.free.places.shape[0], 1.0)
        for name in HEADLINES:
            for inputs, drawn, weights in (
                ("free", self.free, even),
                ("fitted", self.fitted, self.weights),
            ):
                values = drawn.headline(self.space, name)
                row: dict[str, Any] = {"outcome": name, "inputs": inputs}
                row["mean"] = float((weights * values).sum() / weights.sum())
                found = quantiles(values, weights, SHARES)
                for share, each in zip(SHARES, found, strict=True):
                    row[f"q{100 * share:.0f}"] = each
                fitted = inputs == "fitted"
                row["same_worlds"] = (
                    drawn.of_world(self.space, name) if fitted else float("nan")
                )
                rows.append(row)
        return pd.DataFrame(rows)

    def shape(self, bins: int = 20) -> pd.DataFrame:
        """Return how sets lie over each headline: shares of `bins` equal parts."""
        rows = []
        edges = np.linspace(0.0, 1.0, bins + 1)
        for name in HEADLINES:
            free = self.free.headline(self.space, name)
            fitted = self.fitted.headline(self.space, name)
            counts, _ = np.histogram(free, edges)
            weighed, _ = np.histogram(fitted, edges, weights=self.weights)
            for at in range(bins):
                rows.append(
                    {
                        "outcome": name,
                        "from": edges[at],
                        "to": edges[at + 1],
                        "free": counts[at] / free.size,
                        "fitted": weighed[at],
                    }
                )
        return pd.DataFrame(rows)


def infer(
    space: Space,
    *,
    sets: int,
    miscoded: float,
    threads: int | None = None,
    keeper: Keeper | None = None,
    progress: Told = None,
    fewest: int = FEWEST_EFFECTIVE,
) -> Inferred:
    """Draw sets of inputs, run their worlds, and weigh them by the facts.

    Where the weights leave fewer than `fewest` sets of equal weight, and fewer than
    half of them, the posterior is sampled power by power (`tempered`). The result does
    not depend on threads, nor on what `keeper` had already.
    """
    told = progress_of(progress)
    work = _Work(space, miscoded, threads or cores(), keeper or Nothing(), told)
    told.start(work.worlds_of(sets), 0)
    try:
        told.begin()
        free = work.drawn(space.places(sets), "prior")
        likelihood = free.evidence.likelihood()
        chance, error = chance_of(likelihood)
        if chance > 0.0 and effective(likelihood) >= min(fewest, sets / 2):
            weights = free.evidence.weights()
            error = math.hypot(error, chance * free.evidence.luck_error())
            return Inferred(space, miscoded, free, free, weights, chance, error, ())
        told.note(
            f"{effective(likelihood):.0f} of {sets:,} sets count: sampling the rest of "
            "the way power by power"
        )

        def evaluate(places: Floats, name: str) -> Floats:
            told.expect(work.ahead(sets))
            return work.drawn(places, name).evidence.likelihood()

        found = sample(free.places, likelihood, evaluate, seed=space.seed)
        told.expect(work.ahead(sets))
        last = work.drawn(found.places, "posterior")
        before = 1.0 / np.maximum(found.likelihood, 1e-300)
        evidence = Evidence(last.evidence.cases, before)
        fitted = Drawn(last.places, last.seen, evidence)
        weights = np.full(sets, 1.0 / sets)
        return Inferred(
            space,
            miscoded,
            free,
            fitted,
            weights,
            found.chance,
            math.hypot(found.error, found.chance * evidence.luck_error()),
            found.powers,
        )
    finally:
        told.close()


@dataclass
class _Work:
    """Runs chunks of sets on threads, and keeps each as it comes."""

    space: Space
    miscoded: float
    threads: int
    keeper: Keeper
    told: Progress
    done: int = 0

    def worlds_of(self, sets: int) -> int:
        return sets * self.space.worlds * len(self.space.cases)

    def ahead(self, sets: int) -> int:
        return self.done + self.worlds_of(sets)

    def drawn(self, places: Floats, name: str) -> Drawn:
        """Run all chunks; progress is told by this thread alone, as tqdm wants it."""
        pool = ThreadPoolExecutor(self.threads)
        try:
            waiting: list[list[Future[Seen]]] = [
                [
                    pool.submit(self._chunk, case, places, name, at, *block)
                    for block in _blocks(len(places))
                ]
                for at, case in enumerate(self.space.cases)
            ]
            for done in as_completed(chain.from_iterable(waiting)):
                worlds = len(done.result().begun) * self.space.worlds
                self.told.advance(worlds)
                self.done += worlds
            seen = tuple(_joined([each.result() for each in row]) for row in waiting)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        cases = tuple(
            of_facts(each.said, case.facts, self.miscoded, case.scored)
            for each, case in zip(seen, self.space.cases, strict=True)
        )
        return Drawn(places, seen, Evidence(cases, np.ones(len(places))))

    def _chunk(
        self, case: Case, places: Floats, name: str, at: int, start: int, stop: int
    ) -> Seen:
        key = _name(name, at, start)
        found = self.keeper.get(key)
        if found is None:
            found = self.space.see(case, places[start:stop], first=start)
            self.keeper.put(key, found)
        return found


def _blocks(sets: int) -> Sequence[tuple[int, int]]:
    return [(start, min(start + _BLOCK, sets)) for start in range(0, sets, _BLOCK)]


def _name(name: str, case: int, start: int) -> str:
    return f"{name}-{case}-{start:07d}"


def _joined(parts: Sequence[Seen]) -> Seen:
    columns: Callable[[int], Any] = lambda i: np.concatenate([p[i] for p in parts])  # noqa: E731
    return Seen(columns(0), columns(1), columns(2))
