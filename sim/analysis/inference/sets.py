"""Sets of inputs as points of a unit cube, and the worlds that are run of them.

Scenarios share their inputs by path: a set has one place from 0 to 1 for each path, and
each scenario that has the path takes the number at that place of its own range.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from sim.analysis.inference.evidence import Floats
from sim.analysis.inference.testimony import coded, witness
from sim.batch.cells import Cell, are_scenarios, input_cells
from sim.batch.inputs import Input, check_inputs, inputs_of
from sim.errors import UsageError
from sim.model.engine import run_recorded
from sim.model.labels import Labels, labels_of
from sim.model.state import (
    NEVER,
    SETTLED,
    TABLE,
    TRUCE,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.scenario.fact_file import Facts, days_named, days_needed
from sim.scenario.facts import ChipSize, EveryAnswer, Fact
from sim.scenario.load import Loaded, resolve

_STREAM = 0x3F  # sets of inputs share the seed, not the luck of worlds


@dataclass(frozen=True)
class Case:
    """A scenario, the facts about its worlds, and its inputs.

    `tells` says that its worlds also give the answer: it is the one to infer.
    """

    loaded: Loaded
    facts: tuple[Fact, ...]
    inputs: tuple[Input, ...]
    tells: bool
    until: date
    """Facts of later days carry no weight: they are only scored."""

    @property
    def scored(self) -> tuple[bool, ...]:
        """Which of its facts are only scored."""
        return tuple(fact.date > self.until for fact in self.facts)

    @cached_property
    def labels(self) -> Labels:
        """What the numbers of its records stand for."""
        return labels_of(self.loaded.scenario)

    @cached_property
    def records(self) -> NDArray[np.void]:
        """The facts as kernels take them."""
        start, days = self.loaded.scenario.start_date, []
        for fact in self.facts:
            # That all answers are the same is said of all that are known by then.
            every = isinstance(fact.coded, EveryAnswer)
            last = max(fact.date, self.until) if every else fact.date
            days.append((last - start).days)
        return coded(self.facts, self.labels, days)

    @property
    def steps(self) -> int:
        """How many steps each of its worlds has at most."""
        scenario = self.loaded.scenario
        return -(-scenario.horizon_days // scenario.step_days)


class Seen(NamedTuple):
    """What the worlds of some sets say, of one scenario."""

    said: Floats
    """Of each fact, shape (n_sets, n_worlds, n_facts)."""
    begun: NDArray[np.bool_]
    """Whether a full truce has begun by the day asked, (n_sets, n_worlds)."""
    stopped: NDArray[np.bool_]
    """Whether the fighting has stopped at the end, (n_sets, n_worlds)."""


@dataclass(frozen=True)
class Space:
    """All inputs of some scenarios, by path, and the facts about them."""

    cases: tuple[Case, ...]
    seed: int
    worlds: int
    within_days: int
    paths: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the paths, in alphabetical order."""
        found = {each.path for case in self.cases for each in case.inputs}
        object.__setattr__(self, "paths", tuple(sorted(found)))

    @property
    def told_by(self) -> int:
        """Place of the scenario whose worlds give the answer."""
        return next(at for at, case in enumerate(self.cases) if case.tells)

    def places(self, count: int) -> Floats:
        """Return `count` points of the unit cube, (count, n_paths), well spread.

        By Latin hypercube: of `count` equal parts of each range, each has one.
        """
        draws = np.random.default_rng([self.seed, _STREAM])
        net = scipy.stats.qmc.LatinHypercube(len(self.paths), seed=draws)
        return np.asarray(net.random(count))

    def numbers(self, case: Case, places: Floats) -> dict[str, Floats]:
        """Return the inputs of a scenario at points of the cube, by path, (n,)."""
        at = {path: i for i, path in enumerate(self.paths)}
        return {
            each.path: each.low + places[:, at[each.path]] * (each.high - each.low)
            for each in case.inputs
        }

    def see(
        self, case: Case, places: Floats, *, first: int = 0, own_luck: bool = False
    ) -> Seen:
        """Run the worlds of some sets of inputs, and look up the facts in each.

        `first` is the number of the first set, for messages. All sets have the same
        luck, unless `own_luck`: then set n has the replicates from n * worlds on.
        """
        numbers = self.numbers(case, places)
        n, each = places.shape[0], self.worlds
        said = np.empty((n, each, len(case.facts)))
        begun, stopped = np.zeros((n, each), bool), np.zeros((n, each), bool)
        days = blank(WORLD, each * case.steps).reshape(each, case.steps)
        worlds, table = blank(WORLD, each), blank(TABLE, 1)
        draws = np.column_stack(list(numbers.values()))
        cells = input_cells(case.loaded, list(numbers), draws, first=first)
        for i, (cell, _) in enumerate(cells):
            worlds[:] = 0
            params = as_kernels_take_it(cell.params)
            luck = (first + i) * each if own_luck else 0
            run_recorded(params, worlds, table, self.seed, luck, days)
            witness(days, worlds["step"], self._records(case, cell), said[i])
            agreed = worlds["first_full_truce"]
            in_time = agreed * case.labels.step_days <= self.within_days
            begun[i] = (agreed != NEVER) & in_time
            stopped[i] = np.isin(worlds["phase"], (TRUCE, SETTLED))
        return Seen(said, begun, stopped)

    def _records(self, case: Case, cell: Cell) -> NDArray[np.void]:
        """Return the facts for a set: the full size of a chip may be an input."""
        records = case.records
        if any(isinstance(fact.coded, ChipSize) for fact in case.facts):
            records = records.copy()
            records["full"] = np.asarray(cell.labels.fulls)[records["chip"]]
        return records


def space_of(
    target: Loaded,
    facts: Facts,
    *,
    seed: int,
    worlds: int,
    within_days: int,
    until: date | None = None,
) -> Space:
    """Return the space of a scenario and of those that the facts are about.

    Facts count up to the day `until`, by default the first one of `target`, and worlds
    of other scenarios are run up to it. Raises ScenarioError if a bound of an input
    cannot be.
    """
    until = until or target.scenario.start_date
    cases = []
    for name, loaded in facts.scenarios.items():
        about = facts.of(name)
        tells = loaded.scenario.id == target.scenario.id
        whole = target if tells else _up_to(loaded, about, until)
        _refuse_unseen(whole, about)
        cases.append(_case(whole, about, until, tells=tells))
    if not any(case.tells for case in cases):
        cases.insert(0, _case(target, (), until, tells=True))
    return Space(tuple(cases), seed, worlds, within_days)


def _case(loaded: Loaded, facts: tuple[Fact, ...], until: date, *, tells: bool) -> Case:
    inputs = inputs_of(loaded, without=())
    if not are_scenarios(loaded, inputs):
        check_inputs(loaded, inputs)
    return Case(loaded, facts, inputs, tells, until)


def _refuse_unseen(loaded: Loaded, facts: tuple[Fact, ...]) -> None:
    """Raise UsageError for a fact about days after the last one that is run."""
    scenario = loaded.scenario
    for fact in facts:
        if days_named(fact) > scenario.horizon_days:
            raise UsageError(
                f"{fact.id} is about day {days_named(fact) - 1}, beyond the horizon of "
                f"{scenario.id}, {scenario.horizon_days} days: --set horizon_days=N"
            )


def _up_to(loaded: Loaded, facts: tuple[Fact, ...], until: date) -> Loaded:
    days = days_needed(facts, loaded, until)
    return resolve(loaded, {"horizon_days": days})
