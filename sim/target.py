"""What figures are asked of: a scenario, and what was run of it if there is something.

`sim.opening` makes targets, `sim.gallery` draws figures of them.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.api import Run
from sim.api import run as run_world
from sim.compared import Compared
from sim.drawing import chip_held
from sim.drivers import Drivers
from sim.errors import UsageError
from sim.explanation import Explanation
from sim.finished import Sweep
from sim.scenario.load import Loaded
from sim.study import sweep as run_sweep

if TYPE_CHECKING:
    from sim.plots.context import Context
    from sim.plots.result import Figure


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
        if self.compared is not None:
            return {**figure.origin, **self.compared.versions}
        of_a_run = "replicate" in figure.origin
        names = ["mesa", "numpy", "numba"] if of_a_run else ["numpy", "numba"]
        names += ["SALib"] if figure.name == "what_matters" else []
        from importlib.metadata import version

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
        from sim.sweep.ranges import spaced

        chip = chip_held(self.scenario, self.options.chip)
        peak = self.scenario.scenario.chips[chip].peak_km2
        # Two digits, and not beyond the peak.
        most = float(f"{peak:.2g}")
        if most > peak:
            most -= 10.0 ** (len(str(int(peak))) - 2)
        return {f"chips.{chip}.area_km2": spaced(f"0:{max(most, peak / 2):g}:{count}")}
