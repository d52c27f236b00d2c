"""Figures of many runs of a scenario: the runs are made again here, then drawn.

The plot functions run nothing; what they need of runs that a sweep has not kept day by
day is a matter of moments in the compiled loop.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import __version__
from sim.analysis.ranges import range_of_runs
from sim.api.compare import TOLD as COMPARED
from sim.api.compare import Compared, compare, is_comparison, open_comparison
from sim.api.run import Run
from sim.api.run import run as run_world
from sim.api.sensitivity import Drivers, is_sensitivity, open_drivers, sensitivity
from sim.api.sweep import Sweep, open_sweep
from sim.api.sweep import sweep as run_sweep
from sim.api.why import TOLD, Explanation, open_explanation, telling_answer
from sim.batch.ensemble import Ensemble
from sim.batch.files import unsealed
from sim.batch.plan import parts_in
from sim.batch.settings import shown, spaced
from sim.errors import InputMissingError, UsageError
from sim.plots.bargaining_range import bargaining_range_of_runs
from sim.plots.fan_chart import kursk_fan
from sim.plots.outcome_curve import ceasefire_by_kursk, text_curve
from sim.plots.outcome_dots import outcome_dots
from sim.plots.outcome_heatmap import kursk_by_aid
from sim.plots.provenance import Context
from sim.plots.survival import survival_of_fighting
from sim.plots.words import display_setting
from sim.scenario.load import Loaded, load, recall
from sim.scenario.observations import observed_land
from sim.scenario.references import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from sim.api.sweep import Sweep
    from sim.batch.ensemble import Ensemble
    from sim.plots.figure import Figure
    from sim.plots.provenance import Context


# How many runs stand behind each figure of runs.
RUNS = {
    "bargaining_range": 200,
    "kursk_fan": 1000,
    "outcome_dots": 100,
    "survival_of_fighting": 1000,
}


def draw_runs(
    name: str,
    scenarios: Mapping[str, Loaded],
    context: "Context",
    *,
    chip: str | None = None,
    collapse: bool = False,
    ringed: int | None = None,
) -> "Figure":
    """Draw a figure of `RUNS` from runs 0, 1, ... under the seed of the context.

    Parameters
    ----------
    name
        Which figure.
    scenarios
        By what each is called in the figure; all but `survival_of_fighting` show the
        first.
    context
        Of the first scenario; the number of runs is filled in here.
    chip
        Which land the fan is of; default: the first that is held at the start.
    collapse
        Whether survival shows the collapse of ceasefires too.
    ringed
        Replicate with a ring among the dots.

    Raises
    ------
    UsageError
        If the figure cannot show what is asked.
    """
    runs = RUNS[name]
    first, *more = scenarios
    shown = scenarios if name == "survival_of_fighting" else {first: scenarios[first]}
    ensembles = {
        each: Ensemble(loaded, context.seed, range(runs))
        for each, loaded in shown.items()
    }
    told = replace(
        context,
        replicates=runs,
        fewest=None,
        others={each: scenarios[each].hash for each in more if each in shown},
    )
    if name == "survival_of_fighting":
        return _survival(ensembles, told, collapse=collapse)
    ensemble = ensembles[first]
    if name == "kursk_fan":
        return _fan(ensemble, told, chip)
    if name == "outcome_dots":
        return _dots(ensemble, told, ringed)
    return _range(ensemble, told)


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
        return next((name for name, each in chips.items() if each.area_km2 > 0.0),
                    next(iter(chips)))  # fmt: skip
    if chip not in chips:
        hint = did_you_mean(chip, chips) or f" ({', '.join(chips)})"
        raise UsageError(f"--chip {chip}: no such land{hint}")
    return chip


def _survival(
    ensembles: Mapping[str, "Ensemble"], context: "Context", *, collapse: bool
) -> "Figure":
    starts = {each.loaded.scenario.start_date for each in ensembles.values()}
    try:
        return survival_of_fighting(
            {name: each.runs for name, each in ensembles.items()},
            context,
            horizon_days={name: each.horizon for name, each in ensembles.items()},
            start=starts.pop() if len(starts) == 1 else None,
            collapse=collapse,
        )
    except ValueError as error:
        raise UsageError(f"survival_of_fighting: {error}") from None


def _fan(ensemble: "Ensemble", context: "Context", chip: str | None) -> "Figure":
    chip = chip_held(ensemble.loaded, chip)
    return kursk_fan(
        ensemble.days,
        context,
        chip=chip,
        start=ensemble.loaded.scenario.start_date,
        observed=observed_land(chip),
    )


def _dots(ensemble: "Ensemble", context: "Context", ringed: int | None) -> "Figure":
    return outcome_dots(
        ensemble.runs,
        context,
        horizon_days=ensemble.horizon,
        start=ensemble.loaded.scenario.start_date,
        ringed=ringed,
    )


def _range(ensemble: "Ensemble", context: "Context") -> "Figure":
    front, other = ensemble.loaded.scenario.sides
    return bargaining_range_of_runs(
        range_of_runs(ensemble.limits, front_side=front, other_side=other),
        context,
        front_side=front,
        other_side=other,
        start=ensemble.loaded.scenario.start_date,
    )


@dataclass(frozen=True)
class Options:
    """What may be asked of figures; each looks at what concerns it.

    `paths` are varied paths to draw against, `chip` which land the fan is of, `against`
    further scenarios for survival, `more` what a figure shows only when asked, `twin`
    other values by path, of a run or scenario to set beside this one.
    """

    paths: tuple[str, ...] = ()
    chip: str | None = None
    against: tuple[Loaded, ...] = ()
    more: bool = False
    twin: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Target:
    """A scenario, and a sweep, a run or another finished work if there is one."""

    loaded: Loaded | None
    seed: int = 1
    replicate: int = 0
    within_days: int = 90
    command: str = ""
    folder: Path | None = None
    sweep: Sweep | None = None
    told: Run | None = None
    drivers: Drivers | None = None
    compared: Compared | None = None
    explained: Explanation | None = None
    options: Options = field(default_factory=Options)

    @cached_property
    def world(self) -> Run:
        """The run that figures of one run tell.

        Raises
        ------
        UsageError
            If it cannot be run again.
        """
        if self.told is not None:
            return self.told
        if self.sweep is not None and self.sweep.manifest.get("policies"):
            raise UsageError(
                "a run of a sweep with policies of your own: "
                f"ceasefire replay {shlex.quote(str(self.folder))} --cell 0 "
                f"--replicate {self.replicate} --out DIR"
            )
        return run_world(self.scenario, self.seed, self.replicate)

    @property
    def address(self) -> tuple[Loaded, int, int]:
        """Scenario, seed and replicate of `world`."""
        told = self.world
        return told.loaded, told.seed, told.replicate

    @property
    def own(self) -> str | None:
        """The only figure that the folder was made for, if there is one."""
        finished = {
            "what_matters": self.drivers,
            "scenario_comparison": self.compared,
            "payoff_waterfall": self.explained,
        }
        return next((name for name, each in finished.items() if each is not None), None)

    @property
    def scenario(self) -> Loaded:
        """The scenario.

        Raises
        ------
        UsageError
            If it is not known.
        """
        if self.loaded is None:
            if self.own is not None:
                raise UsageError(f"{self.folder} has {self.own} only")
            raise UsageError(
                "needs many runs: ask for it of the scenario, or of a sweep"
            )
        return self.loaded

    def context(self, runs: int) -> "Context":
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

    def metadata(self, figure: "Figure") -> dict[str, str]:
        """Return what each file of a figure carries."""
        if self.compared is not None:
            return {**figure.origin, **self.compared.versions}
        of_a_run = "replicate" in figure.origin
        names = ["mesa", "numpy", "numba"] if of_a_run else ["numpy", "numba"]
        names += ["SALib"] if figure.name == "what_matters" else []
        made = self.drivers or self.sweep
        known = {} if made is None or of_a_run else made.manifest["versions"]
        # What a figure needs beyond what was kept is run here and now.
        versions = {name: known.get(name) or version(name) for name in names}
        return {**figure.origin, **versions}

    def swept(self, vary: Mapping[str, Any], replicates: int) -> Sweep:
        """Return a sweep of the scenario that is kept nowhere."""
        return run_sweep(
            self.scenario,
            vary,
            replicates,
            seed=self.seed,
            within_days=self.within_days,
        )

    def areas(self, count: int) -> dict[str, tuple[float | str, ...]]:
        """Return settings of the area of the chip, from 0 to about its peak."""
        chip = chip_held(self.scenario, self.options.chip)
        peak = self.scenario.scenario.chips[chip].peak_km2
        # Two digits, and not beyond the peak.
        most = float(f"{peak:.2g}")
        if most > peak:
            most -= 10.0 ** (len(str(int(peak))) - 2)
        return {f"chips.{chip}.area_km2": spaced(f"0:{max(most, peak / 2):g}:{count}")}


# What is run for figures 3 and 4 of a scenario: settings and runs of each.
AREAS, AID_LEVELS = 11, (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
GRID_AREAS = 9
CURVE_RUNS, GRID_RUNS = 1000, 400
COMPARED_RUNS = 1000
# For figure 7 of a scenario: a first look, in seconds. Its indices are as rough as
# their whiskers are long; what `ceasefire sensitivity` takes by itself needs a minute.
LOOK_SAMPLES, LOOK_RUNS, LOOK_WALKS, LOOK_PAIRS, LOOK_SINGLE = 64, 8, 2, 200, 10

ALL = "all"

Maker = Callable[[Target], "Figure"]


class Entry(NamedTuple):
    """A figure: what it asks, how it is made.

    `many` if it needs more than a run; `apart` if a sweep has nothing to say about it:
    it is then drawn of the scenario alone, and not among all figures of a folder.
    """

    question: str
    draw: Maker
    many: bool = True
    apart: bool = False


def _gallery_range(target: Target) -> "Figure":
    if target.sweep is not None:
        return _of_runs("bargaining_range")(target)
    return target.world.plot("bargaining_range", command=target.command)


def _curve(target: Target) -> "Figure":
    path = next(iter(target.options.paths), None)
    if target.sweep is not None:
        return target.sweep.plot("ceasefire_by_kursk", path=path)
    return target.swept(target.areas(AREAS), CURVE_RUNS).plot("ceasefire_by_kursk")


def _grid(target: Target) -> "Figure":
    path, second = (*target.options.paths, None, None)[:2]
    sweep = target.sweep
    if sweep is None:
        vary = {**target.areas(GRID_AREAS), "aid.level": AID_LEVELS}
        sweep = target.swept(vary, GRID_RUNS)
    return sweep.plot(
        "kursk_by_aid", path=path, second=second, more=target.options.more
    )


def _of_runs(name: str) -> Maker:
    def draw(target: Target) -> "Figure":
        asked = target.options
        if target.sweep is not None and not asked.against:
            path = next(iter(asked.paths), None)
            return target.sweep.plot(name, path=path, chip=asked.chip, more=asked.more)
        scenarios = {
            each.scenario.id: each for each in (target.scenario, *asked.against)
        }
        if len(scenarios) <= len(asked.against):
            raise UsageError("--against: each scenario once, with an id of its own")
        return draw_runs(
            name,
            scenarios,
            target.context(RUNS[name]),
            chip=asked.chip,
            collapse=asked.more,
            ringed=target.replicate,
        )

    return draw


def _waterfall(target: Target) -> "Figure":
    if target.world.policies:
        raise UsageError("a run with policies of your own is not taken apart")
    loaded, seed, replicate = target.address
    told = telling_answer(loaded, seed=seed, replicate=replicate)
    return told.plot(command=target.command)


def _comparison(target: Target) -> "Figure":
    if target.compared is not None:
        return target.compared.plot()
    scenario = target.scenario
    change = dict(target.options.twin) or _without_land(target)
    return compare(
        scenario,
        changes=[change],
        replicates=COMPARED_RUNS,
        seed=target.seed,
        within_days=target.within_days,
    ).plot(command=target.command)


def _without_land(target: Target) -> dict[str, object]:
    """Return the change by which a scenario is without the land held."""
    hint = "--twin PATH=VALUE names a change"
    try:
        chip = chip_held(target.scenario, target.options.chip)
    except UsageError as error:
        raise UsageError(f"{error}: {hint}") from None
    if target.scenario.scenario.chips[chip].area_km2 == 0.0:
        raise UsageError(f"no land is held that could be left out: {hint}")
    return {f"chips.{chip}.area_km2": 0.0}


def _story(target: Target) -> "Figure":
    return target.world.plot(
        "story_of_a_run",
        command=target.command,
        place=target.loaded is not None,
        twin=target.options.twin,
    )


def _drivers(target: Target) -> "Figure":
    if target.drivers is not None:
        return target.drivers.plot()
    if target.sweep is not None:
        raise UsageError(
            "needs the low and high of each input, which a sweep does not keep: "
            "ceasefire sensitivity SCENARIO --out DIR draws it"
        )
    found = sensitivity(
        target.scenario,
        within_days=target.within_days,
        seed=target.seed,
        samples=LOOK_SAMPLES,
        replicates=LOOK_RUNS,
        trajectories=LOOK_WALKS,
        tornado_replicates=LOOK_PAIRS,
        single=LOOK_SINGLE,
    )
    return found.plot()


# In the order of the docs; a line for each figure.
FIGURES: dict[str, Entry] = {
    "bargaining_range": Entry(
        "When is there a deal both could accept?", _gallery_range, False
    ),
    "payoff_waterfall": Entry(
        "Why was this offer accepted or refused?", _waterfall, False
    ),
    "ceasefire_by_kursk": Entry("Does holding more make a truce likelier?", _curve),
    "kursk_by_aid": Entry("When do aid and territory replace each other?", _grid),
    "survival_of_fighting": Entry(
        "How long does the fighting last?", _of_runs("survival_of_fighting")
    ),
    "kursk_fan": Entry(
        "How much is still held, and how did it go?", _of_runs("kursk_fan")
    ),
    "what_matters": Entry(
        "Which assumptions move the answer most?", _drivers, apart=True
    ),
    "outcome_dots": Entry("What could happen, run by run?", _of_runs("outcome_dots")),
    "scenario_comparison": Entry(
        "What does this one change do?", _comparison, apart=True
    ),
    "story_of_a_run": Entry("What happened in this run?", _story, False),
}


def wanted(target: Target, name: str | None) -> list[str]:
    """Return the figures to draw if `name` is asked for: one, `ALL`, or None."""
    if target.own is not None and name in (None, ALL):
        return [target.own]
    if name is None and target.sweep is not None:
        return ["ceasefire_by_kursk"]
    if name is None and target.told is not None:
        return ["story_of_a_run"]
    if name is not None and name != ALL:
        return [name]
    alone = target.loaded is None and target.sweep is None
    return [
        each
        for each, entry in FIGURES.items()
        if not (entry.apart and target.folder) and not (alone and entry.many)
    ]


def file_names(target: Target, name: str) -> list[str]:
    """Return the names of the files of a figure, without their endings."""
    if target.explained is not None and name == target.own:
        return target.explained.figure_names
    return [name]


def draw(target: Target, name: str) -> "Iterator[Figure]":
    """Draw a figure: one, or one for each decision that a folder has.

    Raises
    ------
    UsageError
        If the target cannot show it.
    CheckFailedError
        If figure 7 finds an outcome that depends on nothing.
    """
    if target.explained is not None and name == target.own:
        yield from target.explained.figures()
    else:
        yield FIGURES[name].draw(target)


RUN_FILE, SWEEP_FILE = "run.json", "manifest.json"


def target_of(
    what: str | Path,
    *,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
    options: Options | None = None,
) -> Target:
    """Return what figures are asked of: a scenario, or a folder of what was run.

    Raises
    ------
    InputMissingError
        If there is no such folder or scenario, or it cannot be read.
    ScenarioError
        If the scenario is not valid.
    UsageError
        If `set` is given with a folder.
    """
    asked, folder = options or Options(), Path(what)
    if not folder.is_dir() and (Path(what).suffix or not _names_a_folder(what)):
        loaded = load(what, set=set)
        return Target(
            loaded, seed, replicate, within_days, command=command, options=asked
        )
    if set:
        raise UsageError(f"{folder}: --set is for a scenario, not for what was run")
    if not (folder / SWEEP_FILE).exists():
        if (folder / RUN_FILE).is_file():
            return _of_run(folder, asked)
        if is_comparison(folder):
            compared = open_comparison(folder)
            return Target(None, folder=folder, compared=compared, options=asked)
        if (folder / TOLD).is_file():
            told = open_explanation(folder)
            return Target(
                told.loaded, told.seed, told.replicate, within_days, command=command,
                folder=folder, explained=told, options=asked,
            )  # fmt: skip
        if folder.is_dir() and not parts_in(folder):
            kept = ", ".join((SWEEP_FILE, RUN_FILE, COMPARED, TOLD))
            raise InputMissingError(f"{folder}: nothing to draw in it, such as {kept}")
    if is_sensitivity(folder):
        drivers = open_drivers(folder)
        return Target(None, folder=folder, drivers=drivers, options=asked)
    sweep = open_sweep(folder)
    made = sweep.manifest
    return Target(
        None if made.get("policies") else sweep.scenario(sweep.own_cell),
        made["seed"],
        replicate,
        made["within_days"],
        command=made["command"],
        folder=folder,
        sweep=sweep,
        options=asked,
    )


def _names_a_folder(what: str | Path) -> bool:
    """Say whether a text that is no folder looks like one, not like an id."""
    return isinstance(what, Path) or len(Path(what).parts) > 1


def _of_run(folder: Path, options: Options) -> Target:
    """Return the run that `ceasefire run --out` has written to a folder."""
    file = folder / RUN_FILE
    try:
        data = unsealed(file)
        loaded = recall(data, file)
        told = Run(
            loaded=loaded,
            seed=data["seed"],
            replicate=data["replicate"],
            outcome=data["outcome"],
            story=data["story"],
            log=data["events"],
            days=data["steps"],
            policies=data["policies"],
        )
        command = str(data["command"])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputMissingError(
            f"{file} is not a run that can be read: {error}"
        ) from None
    known = None if told.policies else loaded
    return Target(
        known, told.seed, told.replicate, command=command, folder=folder, told=told,
        options=options,
    )  # fmt: skip


SWEEP_FIGURES_FIGURES = (
    "ceasefire_by_kursk",
    "bargaining_range",
    "kursk_by_aid",
    "survival_of_fighting",
    "kursk_fan",
    "outcome_dots",
)


def sweep_figures_draw(
    sweep: "Sweep",
    figure: str,
    *,
    path: str | None = None,
    second: str | None = None,
    chip: str | None = None,
    more: bool = False,
) -> "Figure":
    """Draw a figure of `FIGURES`; arguments and errors as of `Sweep.plot`."""
    if figure not in SWEEP_FIGURES_FIGURES:
        listed = ", ".join(SWEEP_FIGURES_FIGURES)
        hint = did_you_mean(figure, SWEEP_FIGURES_FIGURES)
        raise UsageError(f"no figure '{figure}' of a sweep ({listed}){hint}")
    if figure == "ceasefire_by_kursk":
        return _sweep_figures_curve(sweep, sweep.numeric_path(path))
    if figure == "kursk_by_aid":
        return _sweep_figures_grid(sweep, path, second, days=more)
    return _sweep_figures_of_runs(sweep, figure, path, chip=chip, collapse=more)


def _sweep_figures_curve(sweep: "Sweep", path: str) -> "Figure":
    sets, cells = sweep.input_sets, _curve_along(sweep, path)
    context, observed = sweep.context(path), sweep.observed(path)
    figure = ceasefire_by_kursk(
        cells,
        context,
        path=path,
        input_sets=None if sets is None else sweep.along(sets, path),
        observed=observed,
    )
    text = text_curve(cells, context, path=path, observed=observed)
    return replace(figure, text=text)


def _sweep_figures_grid(
    sweep: "Sweep", path: str | None, second: str | None, *, days: bool
) -> "Figure":
    across = sweep.numeric_path(path)
    others = [each for each in sweep.numeric_paths if each != across]
    if second is not None and second not in others:
        raise UsageError(f"{second}: kursk_by_aid needs a second varied number")
    if second is None and not others:
        raise UsageError(
            "kursk_by_aid needs two varied numbers; the sweep varies "
            f"{', '.join(sweep.paths) or 'nothing'}"
        )
    up = second or others[0]
    known = sweep.manifest["scenario"]["aid"]["level"] if up == "aid.level" else None
    try:
        return kursk_by_aid(
            sweep.along(sweep.cells, across, up),
            sweep.context(across, up),
            across=across,
            up=up,
            observed=sweep.observed(across),
            observed_up=known,
            days=days,
        )
    except ValueError as error:
        raise UsageError(f"kursk_by_aid: {error}") from None


def _sweep_figures_of_runs(
    sweep: "Sweep", figure: str, path: str | None, *, chip: str | None, collapse: bool
) -> "Figure":
    if sweep.manifest.get("policies"):
        raise UsageError(
            f"{figure}: its runs are made again, and these had policies of your own"
        )
    cells = {sweep.manifest["scenario_id"]: sweep.own_cell}
    along: tuple[str, ...] = ()
    if figure == "survival_of_fighting" and (path or sweep.numeric_paths):
        along = (sweep.numeric_path(path),)
        rows = sweep.along(sweep.cells, *along, at=sweep.own_cell)
        rows = rows.sort_values(along[0])
        places = sorted({0, (len(rows) - 1) // 2, len(rows) - 1})
        cells = {
            display_setting(along[0], shown(float(row[along[0]]))): int(row["cell"])
            for row in (rows.iloc[place] for place in places)
        }
    scenarios = {name: sweep.scenario(cell) for name, cell in cells.items()}
    return draw_runs(
        figure,
        scenarios,
        replace(
            sweep.context(*along, at=sweep.own_cell),
            scenario_hash=next(iter(scenarios.values())).hash,
            within_days=sweep.manifest["within_days"],
        ),
        chip=chip,
        collapse=collapse,
    )


def _curve_along(sweep: "Sweep", path: str) -> "pd.DataFrame":
    """Return the cells in which only `path` varies, if they make a curve."""
    cells = sweep.along(sweep.cells, path)
    is_grid = sweep.manifest["design"]["kind"] == "grid"
    if not is_grid and (len(cells) < 2 or cells[path].duplicated().any()):
        found = "only one cell" if len(cells) < 2 else "not one cell a setting"
        raise UsageError(
            f"{path}: the figure needs cells in which it alone differs from the "
            f"reference, as in a grid of --vary; this design has {found}"
        )
    return cells
