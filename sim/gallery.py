"""The figures by name, and how each is made of a scenario, of a sweep or of a run.

A new figure is a function from a `Target` to a `Figure` and one line in `FIGURES`.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import __version__
from sim.api import Run
from sim.api import run as run_world
from sim.drawing import RUNS, chip_held, draw_runs
from sim.drivers import Drivers, is_sensitivity, open_drivers
from sim.errors import InputMissingError, UsageError
from sim.finished import Sweep, open_sweep
from sim.scenario.load import Loaded, load
from sim.study import sweep as run_sweep

if TYPE_CHECKING:
    from sim.plots.context import Context
    from sim.plots.result import Figure

# What is run for figures 3 and 4 of a scenario: settings and runs of each.
AREAS, AID_LEVELS = 11, (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
GRID_AREAS = 9
CURVE_RUNS, GRID_RUNS = 1000, 400

RUN_FILE, SWEEP_FILE = "run.json", "manifest.json"


@dataclass(frozen=True)
class Options:
    """What may be asked of figures; each looks at what concerns it.

    `paths` are varied paths to draw against, `chip` which land the fan is of, `against`
    further scenarios for survival, `more` what a figure shows only when asked.
    """

    paths: tuple[str, ...] = ()
    chip: str | None = None
    against: tuple[Loaded, ...] = ()
    more: bool = False


@dataclass(frozen=True, eq=False)
class Target:
    """What figures are asked of: a scenario, and a sweep or a run if there is one."""

    loaded: Loaded | None
    seed: int = 1
    replicate: int = 0
    within_days: int = 90
    command: str = ""
    folder: Path | None = None
    sweep: Sweep | None = None
    told: "Run | None" = None
    drivers: Drivers | None = None
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
                "a run of a sweep with policies of your own: ceasefire replay "
                f"{self.folder} --cell 0 --replicate {self.replicate} --out DIR"
            )
        return run_world(self.scenario, self.seed, self.replicate)

    @property
    def scenario(self) -> Loaded:
        """The scenario.

        Raises
        ------
        UsageError
            If only a run is known.
        """
        if self.loaded is None:
            raise UsageError(
                "needs many runs: ask for it of the scenario, or of a sweep"
            )
        return self.loaded

    def context(self, runs: int) -> "Context":
        """Return what captions say about so many runs of the scenario."""
        from sim.plots.context import Context

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
        of_a_run = "replicate" in figure.origin
        names = ["mesa", "numpy", "numba"] if of_a_run else ["numpy", "numba"]
        names += ["SALib"] if self.drivers is not None else []
        made = self.drivers or self.sweep
        if made is not None and not of_a_run:
            versions = made.manifest["versions"]
            return {**figure.origin, **{name: versions[name] for name in names}}
        from importlib.metadata import version

        return {**figure.origin, **{name: version(name) for name in names}}

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
        from sim.sweep.ranges import spaced

        chip = chip_held(self.scenario, self.options.chip)
        peak = self.scenario.scenario.chips[chip].peak_km2
        # Two digits, and not beyond the peak.
        most = float(f"{peak:.2g}")
        if most > peak:
            most -= 10.0 ** (len(str(int(peak))) - 2)
        return {f"chips.{chip}.area_km2": spaced(f"0:{max(most, peak / 2):g}:{count}")}


Maker = Callable[[Target], "Figure"]


class Entry(NamedTuple):
    """A figure: what it asks, how it is made.

    `many` if it needs more than a run; `apart` if it needs an analysis of its own, and
    is not drawn among all of a scenario or sweep.
    """

    question: str
    draw: Maker
    many: bool = True
    apart: bool = False


def _range(target: Target) -> "Figure":
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


def _story(target: Target) -> "Figure":
    known = target.loaded is not None
    return target.world.plot("story_of_a_run", command=target.command, place=known)


def _drivers(target: Target) -> "Figure":
    if target.drivers is None:
        raise UsageError(
            "needs a sensitivity analysis, which takes a minute: ceasefire sensitivity "
            "SCENARIO --out DIR draws it, and ceasefire plot DIR again"
        )
    return target.drivers.plot()


# In the order of the docs; a line for each figure.
FIGURES: dict[str, Entry] = {
    "bargaining_range": Entry("When is there a deal both could accept?", _range, False),
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
    "story_of_a_run": Entry("What happened in this run?", _story, False),
}


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
    """Return what figures are asked of: a folder of a sweep or run, or a scenario.

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
    if (folder / RUN_FILE).is_file() and not (folder / SWEEP_FILE).exists():
        return _of_run(folder, asked)
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
        data = json.loads(file.read_text(encoding="utf-8"))
        loaded = load(data["scenario"])
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
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputMissingError(
            f"{file} is not a run that can be read: {error}"
        ) from None
    if loaded.hash != data["scenario_hash"]:
        raise UsageError(
            f"{file}: its scenario is not {data['scenario']} as it is here; its own "
            f"command draws it: {command} --out DIR"
        )
    known = None if told.policies else loaded
    return Target(
        known, told.seed, told.replicate, command=command, folder=folder, told=told,
        options=options,
    )  # fmt: skip
