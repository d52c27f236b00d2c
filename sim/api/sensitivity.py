"""A sensitivity analysis: which assumptions move an outcome, run and summed up.

Three looks at the same inputs, each with its own samples: one input at a time from low
to high; a screening of all inputs wherever the others are; Sobol' indices of those
that stand out in either, with all others as one group, so that nothing is left out.
Nothing heavy is imported until it is used.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.morris import morris_design, screening
from sim.analysis.outcomes import check_outcome, is_chance, measured
from sim.analysis.sobol import (
    Indices,
    indices_table,
    rows_needed,
    sobol_design,
    sobol_indices,
)
from sim.analysis.tornado import swings
from sim.api.inference import Inference, opened
from sim.api.result import Result, provenance
from sim.batch import intervals
from sim.batch.cells import are_scenarios
from sim.batch.commands import scenario_words
from sim.batch.inputs import Input, check_inputs, impossible, number_at
from sim.batch.intervals import Floats, Interval
from sim.batch.manifest import model
from sim.batch.progress import Progress, Told, progress_of
from sim.batch.samples import Sample, all_inputs, run_samples, values_of
from sim.errors import UsageError
from sim.plots.provenance import Context
from sim.scenario.arguments import (
    MOST_DAYS,
    by_name,
    number,
    option,
    several,
    whole,
    word,
)
from sim.scenario.load import Loaded, load

OTHERS = "all others"
TABLES = ("tornado", "screening", "sobol")


@dataclass(frozen=True, eq=False)
class Sensitivity(Result):
    """What moves an outcome.

    `tornado` has one row an input, largest first; `screening` likewise; `sobol` one row
    an input that was estimated by itself, and one for all others together; `samples`
    the inputs as used with the means of all outcomes, one row a set of inputs.
    """

    kind = "sensitivity analysis"
    figure = "sensitivity"
    table_names = ("tornado.csv", "screening.csv", "sobol.csv", "samples.parquet")

    tornado: pd.DataFrame = field(kw_only=True)
    screening: pd.DataFrame = field(repr=False, kw_only=True)
    sobol: pd.DataFrame = field(kw_only=True)
    samples: pd.DataFrame = field(repr=False, kw_only=True)

    @property
    def is_wide(self) -> bool:
        """Whether an interval of a total index is wider than it should be."""
        advice = self.manifest["advice"]
        return bool(advice["widest"] > advice["width"])

    def context(self) -> Context:
        """Return what the caption of the figure says about the runs."""
        return self._context(replicates=self.manifest["tornado_replicates"])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the samples as plain data: `sensitivity --json`."""
        return {**super().to_dict(), **self.plain_tables(*TABLES)}


OUTCOME, SEED, WITHIN_DAYS = "full_truce_share", 1, 90
SAMPLES, REPLICATES, TRAJECTORIES, TORNADO, SINGLE = 1024, 16, 20, 2000, 12
WIDTH = 0.1  # of an interval of a total index that is narrow enough
_SHOWN = 10  # inputs of figure 7: each is estimated by itself


def sensitivity(
    scenario: str | Path | Loaded,
    *,
    outcome: str = OUTCOME,
    within_days: int = WITHIN_DAYS,
    seed: int = SEED,
    samples: int = SAMPLES,
    replicates: int = REPLICATES,
    trajectories: int = TRAJECTORIES,
    tornado_replicates: int = TORNADO,
    single: int = SINGLE,
    set: Mapping[str, object] | None = None,
    ranges: Mapping[str, Sequence[float]] | None = None,
    inputs: str | Path | Inference | None = None,
    threads: int | None = None,
    progress: Told = None,
) -> Sensitivity:
    """Find out which inputs of a scenario move an outcome.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before. Its inputs are
        the numbers with a `low` or `high`; `ranges` gives others, or other bounds.
    inputs
        An inference (`sim.infer`), its folder or the name of a shipped one: an input
        then goes from the 5 to the 95 % quantile of the sets that fit the record. How
        inputs hang together in these sets is left out.
    outcome, within_days
        A mean over worlds with the name it has in `cells.parquet`; the day by which a
        first truce counts.
    samples
        Rows of the Sobol' design, a power of 2 from 16: each is one sample for every
        input estimated by itself, and three more.
    replicates
        Worlds of each sample, from 2; those of a row have the same luck.
    trajectories
        Of the screening, from 2.
    tornado_replicates
        Worlds of each end of each input, one at a time.
    single
        Inputs with an index of their own, beside those of the tornado's first ten.
    threads
        Default: all processors. The result does not depend on it.
    progress
        None tells how far it is where somebody sees it, on a terminal and in a
        notebook; False never does.

    Raises
    ------
    UsageError
        If a number is out of range, there is no such outcome, or no input.
    ScenarioError
        If the bounds of the inputs cannot be, all together or all but one. One that
        cannot be by itself is left out, as `left_out` of the manifest says.
    CheckFailedError
        If the outcome is NaN somewhere, or does not depend on the inputs.
    """
    asked: dict[str, Any] = {
        "outcome": word("--outcome", outcome),
        "within_days": whole("--within-days", within_days, 1, MOST_DAYS),
        "seed": whole("--seed", seed),
        "samples": whole("--samples", samples, 16),
        "replicates": whole("--replicates", replicates, 2),
        "trajectories": whole("--trajectories", trajectories, 2),
        "tornado_replicates": whole("--tornado-replicates", tornado_replicates, 2),
        "single": whole("--single", single, 1),
    }
    if asked["samples"] & (asked["samples"] - 1):
        raise UsageError(f"--samples is a power of 2 from 16, not {asked['samples']}")
    threads = None if threads is None else whole("--threads", threads, 1)
    wider = {
        path.removesuffix(".value"): _numbers(path, each)
        for path, each in by_name("ranges", ranges).items()
    }
    base = load(scenario, set=set)
    fitted = None if inputs is None else opened(inputs, base)
    if fitted is not None:
        wider = {**fitted.ranges(), **wider}
    for path, numbers in wider.items():
        if number_at(base.scenario, tuple(path.split("."))) is None:
            load(base, set={path: numbers[0]})  # there is no such path, or nothing yet
    every = all_inputs(base, wider)
    # A bound that cannot be is one input less; without two there is nothing to tell.
    known = are_scenarios(base, every)
    left_out = {
        path: why
        for path, why in impossible(base, every, {}, are_scenarios=known)
        if path and path not in wider
    }
    kept = tuple(each for each in every if each.path not in left_out)
    every = kept if len(kept) > 1 else every
    check_inputs(base, every, are_scenarios=known)
    if len(every) < 2:
        raise UsageError(
            f"{base.scenario.id}: sensitivity needs two values with a low or high, "
            f"there {'is one' if every else 'is none'}"
        )
    return _Analysis(
        base, every, asked, left_out, threads, progress_of(progress), fitted
    ).run()


@dataclass(frozen=True)
class _Analysis:
    """One analysis on its way."""

    base: Loaded
    inputs: Sequence[Input]
    asked: dict[str, Any]
    left_out: dict[str, str]
    threads: int | None
    told: Progress
    fitted: Inference | None

    @property
    def names(self) -> list[str]:
        """The paths of the inputs."""
        return [each.path for each in self.inputs]

    @cached_property
    def values(self) -> dict[str, float]:
        """What the scenario itself has, by path."""
        return values_of(self.base, self.inputs)

    def run(self) -> Sensitivity:
        asked, inputs = self.asked, len(self.inputs)
        [(_, first)] = self._worlds([self.values], [range(1)])  # compiles, too
        check_outcome(asked["outcome"], first)
        single = max(asked["single"], _SHOWN)
        ahead = asked["tornado_replicates"] * (2 * inputs + 1)
        ahead += asked["trajectories"] * asked["replicates"] * (inputs + 1)
        sobol = asked["samples"] * asked["replicates"]
        self.told.start(ahead + sobol * (min(single + 1, inputs) + 2), 0)
        self.told.begin()
        try:
            centre, tornado = self._tornado()
            screened = self._screening()
            groups = self._groups(tornado, screened)
            # Fewer, if fewer than were asked for do anything.
            self.told.expect(ahead + sobol * (len({*groups.values()}) + 2))
            indices, samples = self._sobol(groups)
        finally:
            self.told.close()
        found = {
            "estimate": centre._asdict(),
            "luck": {
                name: one._asdict() for name, one in indices.luck._asdict().items()
            },
            "advice": {
                "width": WIDTH,
                "widest": indices.widest,
                "samples": rows_needed(indices, WIDTH),
            },
        }
        return Sensitivity(
            {**self._about(), **found},
            tornado=tornado,
            screening=screened,
            sobol=indices_table(indices, groups),
            samples=samples,
        )

    def _tornado(self) -> tuple[Interval, pd.DataFrame]:
        outcome, each = self.asked["outcome"], self.asked["tornado_replicates"]
        draws = [self.values]
        for one in self.inputs:
            draws += [{**self.values, one.path: end} for end in (one.low, one.high)]
        (_, own), *found = self._worlds(draws, [range(each)] * len(draws))
        centre, ends, bounds = own[outcome], {}, {}
        for at, path in enumerate(self.names):
            (low, at_low), (high, at_high) = found[2 * at : 2 * at + 2]
            ends[path] = (at_low[outcome], at_high[outcome])
            # As run: whole numbers are rounded.
            bounds[path] = (low[path], self.values[path], high[path])
        chance = is_chance(outcome)
        table = swings(centre, ends, bounds, chance=chance)
        if not chance:
            return intervals.mean(centre), table
        share = intervals.wilson(centre.sum(), centre.size)
        return Interval(*map(float, share)), table

    def _screening(self) -> pd.DataFrame:
        asked = self.asked
        design = morris_design(self.names, asked["trajectories"], asked["seed"])
        found = [measured[asked["outcome"]] for _, measured in self._blocks(design, 0)]
        worlds = np.array(found).reshape(*design.shape[:2], -1)
        return screening(self.names, design, worlds, seed=asked["seed"])

    def _groups(self, tornado: pd.DataFrame, screened: pd.DataFrame) -> dict[str, str]:
        """Return input -> itself, or the group of all others.

        By itself is estimated what figure 7 shows, and then what stands out in the
        screening, as far as it does anything.
        """
        alone = list(tornado.path[tornado["size"] > 0.0][:_SHOWN])
        acting = screened.path[screened.acted > 0]
        alone += [path for path in acting if path not in alone]
        kept = alone[: max(self.asked["single"], _SHOWN)] or self.names[:1]
        return {name: name if name in kept else OTHERS for name in self.names}

    def _sobol(self, groups: dict[str, str]) -> tuple[Indices, pd.DataFrame]:
        asked = self.asked
        order, design = sobol_design(groups, asked["samples"], asked["seed"])
        rows, per_row, _ = design.shape
        worlds = np.empty((rows, per_row, asked["replicates"]))
        # Other luck than that by which the inputs were chosen.
        first = asked["trajectories"] * asked["replicates"]
        kept = []
        for at, (used, found) in enumerate(self._blocks(design, first)):
            row, place = divmod(at, per_row)
            worlds[row, place] = found[asked["outcome"]]
            if place in (0, per_row - 1):  # A and B: independent sets of inputs
                means = {name: float(each.mean()) for name, each in found.items()}
                kept.append(used | means | {"replicates": asked["replicates"]})
        indices = sobol_indices(order, worlds, seed=asked["seed"])
        return indices, pd.DataFrame(kept)

    def _blocks(self, design: Floats, first: int) -> Iterator[tuple[Any, Any]]:
        """Run a design of numbers from 0 to 1, array (blocks, samples, inputs).

        The worlds of a block are the same replicates, those of the next block the next
        ones, counted from `first`.
        """
        each = self.asked["replicates"]
        blocks, size, _ = design.shape
        starts = np.repeat(range(first, first + blocks * each, each), size).tolist()
        draws = map(self._draw, design.reshape(-1, len(self.inputs)))
        return self._worlds(draws, (range(start, start + each) for start in starts))

    def _worlds(
        self, draws: Iterable[Mapping[str, float]], replicates: Iterable[range]
    ) -> Iterator[tuple[Any, Any]]:
        return run_samples(
            self.base,
            map(Sample, draws, replicates),
            partial(measured, within_days=self.asked["within_days"]),
            seed=self.asked["seed"],
            threads=self.threads,
            progress=self.told,
        )

    def _draw(self, unit: Floats) -> dict[str, float]:
        return {
            each.path: float(each.low + part * (each.high - each.low))
            for each, part in zip(self.inputs, unit, strict=True)
        }

    def _about(self) -> dict[str, Any]:
        """Return what the manifest says of what was asked, and how to repeat it."""
        words = ["ceasefire", "sensitivity", *scenario_words(self.base)]
        for name, value in self.asked.items():
            words += [option(name), str(value)]
        if self.fitted is not None:
            words += ["--inputs", self.fitted.digest()["folder"] or "INPUTS"]
        command, seed = shlex.join([*words, "--out", "DIR"]), self.asked["seed"]
        return {
            **provenance(self.base, seed=seed, command=command, more=("SALib",)),
            "model": model(),
            **self.asked,
            "inputs": {
                one.path: {
                    "low": one.low,
                    "value": self.values[one.path],
                    "high": one.high,
                }
                for one in self.inputs
            },
            "left_out": self.left_out,
            "fitted": None if self.fitted is None else self.fitted.digest(),
        }


def _numbers(path: str, given: object) -> list[float]:
    name = f"--range {path}"
    numbers = [number(name, each) for each in several(name, given)]
    if not numbers:
        raise UsageError(f"{name} needs its ends, and has no number")
    return numbers
