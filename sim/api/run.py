"""Python's way in: load a scenario, run one world or many, value its offers.

Works in a script and in a notebook alike; nothing here needs a `__main__` guard.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.analysis.decisions.paired_runs import twin_run
from sim.analysis.endings import place_among, run_ends
from sim.analysis.narrative.narrative import sentence, tell
from sim.analysis.narrative.tables import (
    events_table,
    flattened,
    steps_table,
    told_events,
)
from sim.analysis.values import values as values_of
from sim.api.figures import RUNS
from sim.api.sweep import sweep
from sim.batch.ensemble import Ensemble
from sim.batch.replay import address
from sim.errors import CheckFailedError, UsageError, refuse_lost
from sim.model.mesa_model import CeasefireModel
from sim.model.policies import check_policies
from sim.model.policy_files import described, made, read_policies
from sim.plots.bargaining_range import bargaining_range
from sim.plots.provenance import Context
from sim.plots.run_timeline import run_timeline
from sim.scenario.arguments import LARGEST, by_name, place, shortly, whole
from sim.scenario.load import Loaded, load
from sim.scenario.references import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.decisions.paired_runs import Twin
    from sim.batch.replay import Address
    from sim.model.policies import Policy
    from sim.plots.figure import Figure

__all__ = ["Run", "load", "replay", "run", "sweep", "values"]

SCHEMA_VERSION = 1
RUN_FIGURES = ("run_timeline", "bargaining_range")
OTHER_CODE = "the sweep was run by other code: this may be another world"


@dataclass(frozen=True, eq=False)
class Run:
    """One world, run agent by agent to its end.

    `outcome` is what became of it, `story` its course in sentences; `log` holds events
    and `days` the state after each step, as plain data with the names of `run --json`.
    `policies` names, by party, those that replaced the scenario's own.
    """

    loaded: Loaded = field(repr=False)
    seed: int
    replicate: int
    outcome: dict[str, Any]
    story: list[str] = field(repr=False)
    log: list[dict[str, Any]] = field(repr=False)
    days: list[dict[str, Any]] = field(repr=False)
    policies: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @cached_property
    def events(self) -> "pd.DataFrame":
        """One row an event, maps flattened with a dot: `reason.accept`."""
        return events_table(self.log)

    @cached_property
    def steps(self) -> "pd.DataFrame":
        """One row a step, maps flattened with a dot: `chips_km2.kursk`."""
        return steps_table(self.days)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: the object of `run --json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": self.loaded.scenario.id,
            "scenario_hash": self.loaded.hash,
            "version": __version__,
            "versions": versions(),
            "seed": self.seed,
            "replicate": self.replicate,
            "policies": self.policies,
            "outcome": self.outcome,
            "story": self.story,
            "steps": self.days,
            "events": self.log,
        }

    def to_json(self) -> str:
        """Return all of it as a JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False)

    def plot(
        self,
        figure: str = RUN_FIGURES[0],
        *,
        command: str = "",
        place: bool = False,
        twin: Mapping[str, object] | None = None,
    ) -> "Figure":
        """Draw a figure of the run.

        Parameters
        ----------
        figure
            One of `RUN_FIGURES`.
        command
            What repeats the run, for the files.
        place
            Say where the run stands among 100 others, which are run for it.
        twin
            Other values by path: below the story stands that of the run with these
            values and the same luck.

        Raises
        ------
        UsageError
            If there is no such figure, or no twin, since the run has a policy that is
            not one of the scenario.
        ScenarioError
            If the values of the twin are not valid.
        """
        if figure not in RUN_FIGURES:
            listed = ", ".join(RUN_FIGURES)
            hint = did_you_mean(figure, RUN_FIGURES)
            raise UsageError(f"no figure '{figure}' of a run ({listed}){hint}")
        scenario = self.loaded.scenario
        context = Context(
            scenario_id=scenario.id,
            scenario_title=scenario.title,
            scenario_hash=self.loaded.hash,
            seed=self.seed,
            replicates=1,
            version=__version__,
            within_days=scenario.horizon_days,
            command=command,
            replicate=self.replicate,
        )
        side = scenario.front.side
        if figure == "bargaining_range":
            return bargaining_range(self.steps, self.events, context, front_side=side)
        return run_timeline(
            self.steps,
            told_events(self.log),
            context,
            front_side=side,
            place=self._place() if place and not self.policies else None,
            twin=self._twin(twin) if twin else None,
        )

    def _twin(self, changes: Mapping[str, object]) -> "Twin":
        if self.policies:
            raise UsageError("a run with policies of your own has no twin")
        changes = by_name("twin", changes)
        return twin_run(self.loaded, changes, self.seed, self.replicate)

    def _place(self) -> str:
        """Return where the run stands among runs 0 to 99 of its seed."""
        ours = range(self.replicate, self.replicate + 1)
        day = run_ends(Ensemble(self.loaded, self.seed, ours).runs)["day"].iloc[0]
        among = Ensemble(self.loaded, self.seed, range(RUNS["outcome_dots"])).runs
        return place_among(among, None if day != day else float(day))


def run(
    scenario: str | Path | Loaded,
    seed: int = 1,
    replicate: int = 0,
    *,
    policies: "Mapping[str, Policy] | None" = None,
) -> Run:
    """Run one world of a scenario, agent by agent.

    All its luck comes from `seed` and `replicate`, whole numbers from 0. `policies`
    gives parties another policy than the scenario's, and leaves their luck as it is.

    Raises
    ------
    PolicyError
        If a policy is none, or its party unknown; or if it fails or replies what the
        rules do not allow.
    ScenarioError
        If the scenario is not valid, or steps or luck in it clash.
    UsageError
        If `seed` or `replicate` is no whole number from 0.
    InputMissingError
        If there is no such scenario.
    """
    seed, replicate = whole("--seed", seed), whole("--replicate", replicate)
    # Mesa is slow to import, and sets how the process starts others.
    loaded = load(scenario)
    check_policies(policies or {}, loaded.scenario.parties)
    chosen = dict(policies or {})
    told = {party: described(policy) for party, policy in sorted(chosen.items())}
    model = CeasefireModel(loaded, seed=seed, replicate=replicate, policies=chosen)
    model.run()
    refuse_lost({"steps": model.days, "events": model.events}, loaded.scenario.id)
    return Run(
        loaded=loaded,
        seed=seed,
        replicate=replicate,
        outcome=model.outcome,
        story=tell(
            model.events,
            model.days,
            model.outcome,
            front_side=loaded.scenario.front.side,
        ),
        log=[{**event, "text": sentence(event)} for event in model.events],
        days=model.days,
        policies=told,
    )


def replay(
    folder: str | Path,
    cell: int,
    replicate: int,
    *,
    policies: Mapping[str, str] | None = None,
) -> Run:
    """Run one world of a sweep on disk again, agent by agent.

    A sweep with policies of one's own needs their files, `{"russia": "FILE.py:CLASS"}`:
    what the folder names is not run.

    Raises
    ------
    CheckFailedError
        If the sweep kept the world and something else comes of it now; or if the file
        of a policy has changed.
    UsageError
        If there is no such cell or replicate, its scenario is another one to this
        version of the program, or the file of a policy is not given.
    InputMissingError
        If there is no sweep in the folder, or a file is not there.
    """
    at = address(
        place("DIR", folder),
        whole("--cell", cell, -LARGEST),
        whole("--replicate", replicate, -LARGEST),
    )
    if not at.same_code:
        warnings.warn(OTHER_CODE, stacklevel=2)
    named = by_name("policies", policies, "party")
    texts = [f"{party}={each}" for party, each in named.items()]
    return run_again(at, texts)


def run_again(at: "Address", policies: Sequence[str] = ()) -> Run:
    """Run a world at its address; `policies` and errors as `replay`."""
    files = read_policies(policies, at.loaded.scenario.parties)
    for party, file in files.items():
        if party not in at.classes:
            text = f"--policy {party}={file.file}:{file.name}"
            raise UsageError(f"{text}: the sweep had no such policy")
        if file.plain() != at.classes[party]:
            raise CheckFailedError(
                f"{file.file}: the policy of {party} is not the one of the sweep "
                f"(class {shortly(at.classes[party]['class'])}, SHA-256 "
                f"{shortly(at.classes[party]['sha256'])})"
            )
    for party, about in at.classes.items():
        if party not in files:
            raise UsageError(
                f"{shortly(party)} decided by a policy of its own, "
                f"{shortly(at.named.get(party, about['class']))}, SHA-256 "
                f"{shortly(about['sha256'])}: a folder runs no file; read yours, then "
                "add --policy PARTY=FILE.py:CLASS"
            )
    world = run(at.loaded, at.seed, at.replicate, policies=made(files))
    if at.kept is not None:
        now = dict(flattened(world.outcome))
        differing = [name for name in now if now[name] != at.kept[name]]
        if differing:
            listed = "; ".join(
                f"{name} is {now[name]}, was {at.kept[name]}" for name in differing
            )
            because = "" if at.same_code else f" ({OTHER_CODE})"
            raise CheckFailedError(
                f"cell {at.cell}, replicate {at.replicate} is not the world that the "
                f"sweep kept{because}: {listed}"
            )
    return world


def values(scenario: str | Path | Loaded) -> dict[str, Any]:
    """Value the war, the chips and all offers at the start of a scenario.

    As `sim.analysis.values.values`, for an id, a path or a loaded scenario.
    """
    return values_of(load(scenario))


def versions() -> dict[str, str]:
    """Return the versions of what a run was made with."""
    return {name: version(name) for name in ("mesa", "numpy", "numba")}
