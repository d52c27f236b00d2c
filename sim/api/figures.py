"""Figures: what each is drawn of, a scenario or something that was run and kept.

`FIGURES` lists them. A figure is a module in `sim.plots` with its question, its words
and a function `of`, which asks a `Source` for tables and draws them.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.api.compare import Comparison, compare
from sim.api.result import Result, open_result
from sim.api.run import Run
from sim.api.run import run as run_world
from sim.api.sensitivity import Sensitivity, sensitivity
from sim.api.sweep import Sweep
from sim.api.sweep import sweep as run_sweep
from sim.api.why import Explanation, telling_answer
from sim.batch.ensemble import Ensemble
from sim.batch.settings import shown, spaced
from sim.errors import UsageError
from sim.plots import (
    bargaining_range,
    comparison,
    fan_chart,
    outcome_curve,
    outcome_dots,
    outcome_heatmap,
    payoff_waterfall,
    run_timeline,
    survival,
)
from sim.plots import sensitivity as what_matters
from sim.plots.figure import Figure, FigureModule, Options
from sim.plots.provenance import Context
from sim.plots.words import display_setting
from sim.scenario.arguments import by_name
from sim.scenario.load import Loaded, load
from sim.scenario.references import did_you_mean

if TYPE_CHECKING:
    from sim.analysis.decisions.decision import Decision

# A line for each figure, in the order of the docs.
FIGURES: dict[str, FigureModule] = {
    "bargaining_range": bargaining_range,
    "payoff_waterfall": payoff_waterfall,
    "outcome_curve": outcome_curve,
    "outcome_heatmap": outcome_heatmap,
    "survival": survival,
    "fan_chart": fan_chart,
    "sensitivity": what_matters,
    "outcome_dots": outcome_dots,
    "comparison": comparison,
    "run_timeline": run_timeline,
}
# What they were called before; taken for one release more.
ALIASES = {
    "ceasefire_by_kursk": "outcome_curve",
    "kursk_by_aid": "outcome_heatmap",
    "survival_of_fighting": "survival",
    "kursk_fan": "fan_chart",
    "what_matters": "sensitivity",
    "scenario_comparison": "comparison",
    "story_of_a_run": "run_timeline",
}
ALL = "all"

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
        raise UsageError("needs many runs: ask for it of the scenario, or of a sweep")

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

    @property
    def can_run(self) -> bool:
        """Whether the scenario is known, so that other worlds can be run."""
        return self.loaded is not None

    def context(self, runs: int) -> Context:
        """Return what captions say about so many runs of the scenario."""
        scenario = self.scenario.scenario
        return Context(
            scenario_id=scenario.id,
            scenario_title=scenario.title,
            scenario_hash=self.scenario.hash,
            seed=self.seed,
            replicates=runs,
            version=__version__,
            within_days=self.within_days,
            command=self.command,
        )

    @property
    def of_many(self) -> bool:
        """Whether a sweep stands behind the figure."""
        return isinstance(self.result, Sweep)

    def sweep(self, vary: Mapping[str, Any], replicates: int) -> Sweep:
        """Return the sweep that was run, or one that is run for the figure."""
        if isinstance(self.result, Sweep):
            return self.result
        return run_sweep(
            self.scenario,
            vary,
            replicates,
            seed=self.seed,
            within_days=self.within_days,
        )

    def areas(self, count: int) -> dict[str, tuple[float | str, ...]]:
        """Return settings of the area of the chip, from 0 to about its peak."""
        if isinstance(self.result, Sweep):
            return {}
        chip = self.chip()
        peak = self.scenario.scenario.chips[chip].peak_km2
        # Two digits, and not beyond the peak.
        most = float(f"{peak:.2g}")
        if most > peak:
            most -= 10.0 ** (len(str(int(peak))) - 2)
        return {f"chips.{chip}.area_km2": spaced(f"0:{max(most, peak / 2):g}:{count}")}

    def chip(self, loaded: Loaded | None = None) -> str:
        """Return the chip asked for, or the first held; UsageError if there is none."""
        return chip_held(loaded or self.scenario, self.options.chip)

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
                raise UsageError("--against: each scenario once, with an id of its own")
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

    def decision(self) -> "tuple[Decision, Context]":
        """Return the decision to take apart: the one kept, or the first refusal."""
        told = self.result
        if not isinstance(told, Explanation):
            if self.run.policies:
                raise UsageError("a run with policies of your own is not taken apart")
            told = telling_answer(
                self.run.loaded,
                seed=self.run.seed,
                replicate=self.run.replicate,
                command=self.command,
            )
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
        hint = "--twin PATH=VALUE names a change"
        try:
            chip = self.chip()
        except UsageError as error:
            raise UsageError(f"{error}: {hint}") from None
        if self.scenario.scenario.chips[chip].area_km2 == 0.0:
            raise UsageError(f"no land is held that could be left out: {hint}")
        return {f"chips.{chip}.area_km2": 0.0}

    def sensitivity(self) -> Sensitivity:
        """Return the analysis kept, or a rough one of the scenario."""
        if isinstance(self.result, Sensitivity):
            return self.result
        if self.of_many:
            raise UsageError(
                "needs the low and high of each input, which a sweep does not keep: "
                "ceasefire sensitivity SCENARIO --out DIR draws it"
            )
        return sensitivity(
            self.scenario, within_days=self.within_days, seed=self.seed, **LOOK
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


def chip_held(loaded: Loaded, chip: str | None = None) -> str:
    """Return a chip of a scenario: the one named, or the first held at the start.

    Raises
    ------
    UsageError
        If there is none.
    """
    chips = loaded.scenario.chips
    if not chips:
        raise UsageError(
            f"{loaded.scenario.id} has no land held outside the stake (chips)"
        )
    if chip is None:
        held = (name for name, each in chips.items() if each.area_km2 > 0.0)
        return next(held, next(iter(chips)))
    if chip not in chips:
        hint = did_you_mean(chip, chips) or f" ({', '.join(chips)})"
        raise UsageError(f"--chip {chip}: no such land{hint}")
    return chip


def _cells_of(
    sweep: Sweep, name: str, options: Options, several: bool
) -> tuple[dict[str, Loaded], Context]:
    """Return the scenarios of a sweep that a figure of runs shows, by their names."""
    if sweep.manifest.get("policies"):
        raise UsageError(
            f"{name}: its runs are made again, and these had policies of your own"
        )
    cells = {sweep.manifest["scenario_id"]: sweep.own_cell}
    along: tuple[str, ...] = ()
    path = next(iter(options.paths), None)
    if several and (path or sweep.numeric_paths):
        along = (sweep.numeric_path(path),)
        rows = sweep.along(sweep.cells, *along, at=sweep.own_cell)
        rows = rows.sort_values(along[0])
        places = sorted({0, (len(rows) - 1) // 2, len(rows) - 1})
        cells = {
            display_setting(along[0], shown(float(row[along[0]]))): int(row["cell"])
            for row in (rows.iloc[place] for place in places)
        }
    scenarios = {each: sweep.scenario(cell) for each, cell in cells.items()}
    return scenarios, sweep.context(*along, at=sweep.own_cell)


def source_of(
    what: str | Path | Loaded | Result,
    *,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
    options: Options | None = None,
) -> Source:
    """Return what figures are asked of: a scenario, a result or the folder of one.

    Raises
    ------
    InputMissingError
        If there is no such folder or scenario, or it cannot be read.
    ScenarioError
        If the scenario is not valid.
    UsageError
        If `set` is given with something that was run.
    """
    asked = options or Options()
    is_folder = isinstance(what, (str, Path)) and (
        Path(what).is_dir() or (_names_a_folder(what) and not Path(what).suffix)
    )
    if not (is_folder or isinstance(what, Result)):
        assert not isinstance(what, Result)
        loaded = load(what, set=set)
        return Source(
            loaded, seed, replicate, within_days, command=command, options=asked
        )
    if set:
        raise UsageError(f"{what}: --set is for a scenario, not for what was run")
    assert not isinstance(what, Loaded)
    result = what if isinstance(what, Result) else open_result(what)
    return Source(
        result=result, options=asked, **result.of_figures(replicate, within_days)
    )


def _names_a_folder(what: str | Path) -> bool:
    """Say whether a text that is no folder looks like one, not like an id."""
    return isinstance(what, Path) or len(Path(what).parts) > 1


def wanted(source: Source, name: str | None) -> list[str]:
    """Return the figures to draw if `name` is asked for: one, `ALL`, or None.

    Raises
    ------
    UsageError
        If there is no such figure.
    """
    result = source.result
    if result is not None and (name is None or (result.only_figure and name == ALL)):
        return [result.figure]
    if name is not None and name != ALL:
        return [known(name)]
    return [
        each
        for each, module in FIGURES.items()
        if not (module.APART and result is not None)
        and (module.OF_ONE_RUN or source.can_run)
    ]


def known(name: str) -> str:
    """Return the name of a figure; UsageError if there is none, with a near one."""
    name = ALIASES.get(name, name)
    if name not in FIGURES:
        listed = ", ".join(FIGURES)
        raise UsageError(f"no figure '{name}' ({listed}){did_you_mean(name, FIGURES)}")
    return name


def file_names(source: Source, name: str) -> list[str]:
    """Return the names of the files of a figure, without their endings."""
    if isinstance(source.result, Explanation) and name == source.result.figure:
        return source.result.figure_names
    return [name]


def draw(source: Source, name: str) -> Iterator[Figure]:
    """Draw a figure: one, or one for each decision that a folder has.

    Raises
    ------
    UsageError
        If the source cannot show it.
    CheckFailedError
        If a sensitivity analysis finds an outcome that depends on nothing.
    """
    for place, file in enumerate(file_names(source, name)):
        options = replace(source.options, place=place) if place else source.options
        try:
            figure = FIGURES[name].of(replace(source, options=options))
        except ValueError as error:
            raise UsageError(f"{name}: {error}") from None
        yield replace(figure, name=file)


def plot(
    what: str | Path | Loaded | Result,
    figure: str | None = None,
    *,
    path: str | None = None,
    second: str | None = None,
    chip: str | None = None,
    against: tuple[str | Path | Loaded, ...] = (),
    more: bool = False,
    twin: Mapping[str, object] | None = None,
    among: bool = False,
    index: int = 0,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
) -> Figure:
    """Draw a figure of a scenario, of a result, or of what a folder keeps.

    What a scenario's figure needs is run: up to 1,000 runs, or a sweep of some seconds.
    Figures of runs day by day of a sweep are of its cell nearest to the scenario as it
    was written, whose first runs are made again.

    Parameters
    ----------
    what
        Id or path of a scenario, one loaded before, a result, or its folder.
    figure
        One of `FIGURES`; default: the one that a result was made for.
    path, second
        Of a sweep: the varied path to draw against, and the other one of
        `outcome_heatmap`; default: the first with numbers.
    chip
        Which land `fan_chart` is of; default: the first held at the start.
    against
        Further scenarios in `survival`.
    more
        What a figure shows only when asked: the median day beside `outcome_heatmap`,
        the collapse of ceasefires in `survival`.
    twin
        Other values by path: below `run_timeline` stands that of the run with these
        values and the same luck; `comparison` compares with them.
    among
        Say where a run stands among 100 others, which are run for it.
    index
        Which decision, if several were taken apart.
    set, seed, replicate, within_days
        Of a scenario, as for `run` and `sweep`.
    command
        What repeats it, for the files.

    Raises
    ------
    UsageError
        If there is no such figure, or nothing that it could show.
    InputMissingError, ScenarioError
        As `load` and `open_result`.
    """
    source = source_of(
        what,
        set=set,
        seed=seed,
        replicate=replicate,
        within_days=within_days,
        command=command,
        options=Options(
            paths=tuple(each for each in (path, second) if each is not None),
            chip=chip,
            against=tuple(load(each) for each in against),
            more=more,
            twin=by_name("twin", twin),
            among=among,
            place=index,
        ),
    )
    name = known(figure or (source.result.figure if source.result else "outcome_curve"))
    try:
        return FIGURES[name].of(source)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
