"""What figures ask for tables: a scenario, something that was run and kept, or both."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import sim
from sim.analysis.decisions.decision import Decision
from sim.api.compare import Comparison, compare
from sim.api.inference import Inference, shipped_for
from sim.api.result import Result, called
from sim.api.run import Run
from sim.api.run import run as run_world
from sim.api.sweep import sweep as run_sweep
from sim.api.sweep_result import Sweep
from sim.api.tournament import Tournament
from sim.api.tournament import tournament as hold_tournament
from sim.api.why import Explanation, telling_answer
from sim.batch.ensemble import Ensemble
from sim.batch.settings import shown, spaced
from sim.errors import UsageError
from sim.plots.figure import Figure, Options
from sim.plots.provenance import Context
from sim.plots.words import display_setting
from sim.scenario.load import Loaded
from sim.scenario.references import did_you_mean

if TYPE_CHECKING:  # SALib, which it needs, takes a third of a second to import
    from sim.api.sensitivity import Sensitivity

COMPARED_RUNS = 1000

# For the sensitivity of a scenario: a first look, in seconds. Its indices are as rough
# as their whiskers are long; what `ceasefire sensitivity` takes needs a minute.
LOOK: dict[str, Any] = {
    "samples": 64,
    "replicates": 8,
    "trajectories": 2,
    "tornado_replicates": 200,
    "single": 10,
}


@dataclass(frozen=True, eq=False)
class Source:
    """A scenario, something that was run, or both: what figures ask for tables.

    `result` is what was run, if anything; without a scenario (`loaded`) only its own
    figures can be drawn.
    """

    loaded: Loaded | None
    seed: int = 1
    replicate: int = 0
    within_days: int = 90
    command: str = ""
    result: Result | None = None
    options: Options = field(default_factory=Options)

    @property
    def scenario(self) -> Loaded:
        """The scenario; UsageError if it is not known."""
        if self.loaded is not None:
            return self.loaded
        if self.result is not None and self.result.only_figure:
            raise UsageError(f"{self.result.place} has {self.result.figure} only")
        raise UsageError("needs many runs: draw it for the scenario or for a sweep")

    @cached_property
    def run(self) -> Run:
        """The world that figures of one world tell; UsageError if none is known."""
        if isinstance(self.result, Run):
            return self.result
        if isinstance(self.result, Sweep) and self.result.manifest.get("policies"):
            raise UsageError(
                "a run of a sweep with policies of your own: "
                f"ceasefire replay {shlex.quote(self.result.place)} --cell 0 "
                f"--replicate {self.replicate} --out DIR"
            )
        return run_world(self.scenario, self.seed, self.replicate)

    def context(self, runs: int) -> Context:
        """Return what captions say about so many runs of the scenario."""
        scenario = self.scenario.scenario
        names = called(scenario.model_dump())
        return Context(
            scenario_id=scenario.id,
            scenario_title=scenario.title,
            scenario_hash=self.scenario.hash,
            seed=self.seed,
            replicates=runs,
            version=sim.__version__,
            within_days=self.within_days,
            command=self.command,
            horizon_days=scenario.horizon_days,
            labels=names["labels"],
            units=names["units"],
        )

    @property
    def of_many(self) -> bool:
        """Whether a sweep stands behind the figure."""
        return isinstance(self.result, Sweep)

    def sweep(
        self, vary: Mapping[str, Any], replicates: int, design: str | None = None
    ) -> Sweep:
        """Return the sweep that was run, or one that is run for the figure."""
        if isinstance(self.result, Sweep):
            return self.result
        return run_sweep(
            self.scenario,
            vary,
            replicates,
            design=design,
            seed=self.seed,
            within_days=self.within_days,
            inputs=self.options.inputs,
            progress=False,
        )

    def areas(self, count: int) -> dict[str, tuple[float | str, ...]]:
        """Return settings of the size of the chip, from 0 to about its full size."""
        if isinstance(self.result, Sweep):
            return {}
        chip = self.chip()
        held = self.scenario.scenario.chips[chip]
        # Two digits, and not beyond the full size.
        most = float(f"{held.full:.2g}")
        if most > held.full:
            most -= 10.0 ** (len(str(int(held.full))) - 2)
        most = max(most, held.full / 2)
        return {f"chips.{chip}.{held.pair[0]}": spaced(f"0:{most:g}:{count}")}

    def chip(self, loaded: Loaded | None = None) -> str:
        """Return the chip asked for, or the first held; UsageError if there is none."""
        known, chip = (loaded or self.scenario).scenario, self.options.chip
        if not known.chips:
            raise UsageError(
                f"in {known.id} no land or other bargaining chip is held "
                "outside the stake"
            )
        if chip is None:
            held = (name for name, each in known.chips.items() if each.size > 0.0)
            return next(held, next(iter(known.chips)))
        if chip not in known.chips:
            hint = did_you_mean(chip, known.chips) or f" ({', '.join(known.chips)})"
            raise UsageError(f"--chip {chip}: no such chip{hint}")
        return chip

    def ensembles(
        self, name: str, runs: int, *, several: bool = False
    ) -> tuple[dict[str, Ensemble], Context]:
        """Return runs 0, 1, ... of a scenario, or of several, by what each is called.

        Of a sweep it is the cell nearest to the scenario as it was written; with
        `several`, of up to three settings of a varied path. The context is of the
        first.
        """
        if isinstance(self.result, Sweep) and not self.options.against:
            scenarios, context = _cells_of(self.result, name, self.options, several)
        else:
            every = (self.scenario, *self.options.against)
            scenarios = {each.scenario.id: each for each in every}
            if len(scenarios) < len(every):
                raise UsageError(
                    "--against: name each scenario once, each with an id of its own"
                )
            context = self.context(runs)
        if not several:
            scenarios = dict([next(iter(scenarios.items()))])
        first, *more = scenarios
        told = replace(
            context,
            replicates=runs,
            fewest=None,
            scenario_hash=scenarios[first].hash,
            others={each: scenarios[each].hash for each in more},
        )
        made = {
            each: Ensemble(loaded, context.seed, range(runs))
            for each, loaded in scenarios.items()
        }
        return made, told

    def decision(self) -> tuple[Decision, Context]:
        """Return the decision to take apart: the one kept, or the first refusal."""
        told = self.result
        if not isinstance(told, Explanation):
            told = telling_answer(self.run, command=self.command)
        return told.decisions[self.options.place], told.context()

    def compared(self) -> Comparison:
        """Return the comparison kept, or that of the scenario and one change."""
        if isinstance(self.result, Comparison):
            return self.result
        return compare(
            self.scenario,
            changes=[dict(self.options.twin) or self._without_land()],
            replicates=COMPARED_RUNS,
            seed=self.seed,
            within_days=self.within_days,
            command=self.command,
        )

    def _without_land(self) -> dict[str, object]:
        """Return the change by which a scenario is without the land held."""
        hint = "--twin PATH=VALUE needs a change"
        try:
            chip = self.chip()
        except UsageError as error:
            raise UsageError(f"{error}: {hint}") from None
        held = self.scenario.scenario.chips[chip]
        if held.size == 0.0:
            raise UsageError(f"no chip is held that could be left out: {hint}")
        return {f"chips.{chip}.{held.pair[0]}": 0.0}

    def sensitivity(self) -> "Sensitivity":
        """Return the analysis kept, or a rough one of the scenario."""
        if self.result is not None and self.result.figure == "sensitivity":
            return cast("Sensitivity", self.result)
        if self.of_many:
            raise UsageError(
                "needs the low and high of each input, which a sweep does not keep: "
                "ceasefire sensitivity SCENARIO --out DIR draws it"
            )
        return sim.sensitivity(
            self.scenario,
            within_days=self.within_days,
            seed=self.seed,
            progress=False,
            **LOOK,
        )

    def tournament(self) -> Tournament:
        """Return the tournament kept, or that of the built-in policies."""
        if isinstance(self.result, Tournament):
            return self.result
        return hold_tournament(
            self.scenario,
            seed=self.seed,
            within_days=self.within_days,
            progress=False,
        )

    def inference(self) -> Inference:
        """Return the inference kept, or the one that comes along with a scenario."""
        if isinstance(self.result, Inference):
            return self.result
        found = None if self.loaded is None else shipped_for(self.loaded)
        if found is not None:
            return found
        raise UsageError(
            "needs facts: ceasefire infer SCENARIO --facts FILE --out DIR draws it"
        )

    def metadata(self, figure: Figure) -> dict[str, str]:
        """Return what each file of a figure carries."""
        if self.result is not None and not isinstance(self.result, Sweep):
            return {**figure.origin, **self.result.decided_by}
        of_a_run = "replicate" in figure.origin
        names = ["mesa", "numpy", "numba"] if of_a_run else ["numpy", "numba"]
        names += ["SALib"] if figure.name == "sensitivity" else []
        # What a figure needs beyond what a sweep has kept is run here and now.
        known = {} if self.result is None or of_a_run else self.result.versions
        return {
            **figure.origin,
            **{name: known.get(name) or version(name) for name in names},
        }


def _cells_of(
    sweep: Sweep, name: str, options: Options, several: bool
) -> tuple[dict[str, Loaded], Context]:
    """Return the scenarios of a sweep that a figure of runs shows, by their names."""
    if sweep.manifest.get("policies"):
        raise UsageError(
            f"{name}: this figure needs its runs again, and these used your own "
            "policies"
        )
    cells = {sweep.manifest["scenario_id"]: sweep.own_cell}
    along: tuple[str, ...] = ()
    path = next(iter(options.paths), None)
    if several and (path or sweep.numeric_paths):
        along = (sweep.numeric_path(path),)
        rows = sweep.along(sweep.cells, *along, at=sweep.own_cell)
        rows = rows.sort_values(along[0])
        places = sorted({0, (len(rows) - 1) // 2, len(rows) - 1})
        known = sweep.context(*along)
        cells = {
            display_setting(along[0], shown(float(row[along[0]])), known): int(
                row["cell"]
            )
            for row in (rows.iloc[place] for place in places)
        }
    scenarios = {each: sweep.scenario(cell) for each, cell in cells.items()}
    return scenarios, sweep.context(*along, at=sweep.own_cell)
