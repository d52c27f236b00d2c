"""Python's way in: load a scenario, run one world or many, value its offers.

Works in a script and in a notebook alike; nothing here needs a `__main__` guard.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd

from sim.analysis.decisions.paired_runs import Twin, twin_run
from sim.analysis.endings import place_among, run_ends
from sim.analysis.narrative.narrative import tell
from sim.analysis.narrative.sentences import sentence
from sim.analysis.narrative.timeline import events_table, steps_table
from sim.api.result import Result, open_result, provenance, read_manifest, scenario_of
from sim.batch.ensemble import Ensemble
from sim.batch.replay import Address, address, policies_named
from sim.errors import CheckFailedError, UsageError, refuse_lost
from sim.model.events import flattened
from sim.model.labels import Labels, labels_of
from sim.model.mesa_model import CeasefireModel
from sim.model.policies import Policy, check_policies
from sim.model.policy_files import PolicyFile, described, made, read_policies
from sim.plots.provenance import Context
from sim.scenario.arguments import LARGEST, by_name, place, shortly, whole
from sim.scenario.load import Loaded, load

OTHER_CODE = (
    "the sweep was run by a different version of the code, so this may be a "
    "different world"
)


@dataclass(frozen=True, eq=False)
class Run(Result):
    """One world, run agent by agent to its end.

    `outcome` is what became of it, `story` its course in sentences; `log` holds events
    and `days` the state after each step, as plain data with the names of `run --json`.
    `policies` names, by party, those that replaced the scenario's own.
    """

    kind = "run"
    figure = "run_timeline"
    only_figure = False
    table_names: ClassVar[tuple[str, ...]] = ("steps.csv", "events.csv")
    names_scenario = True

    loaded: Loaded = field(repr=False, kw_only=True)

    @property
    def outcome(self) -> dict[str, Any]:
        """What became of the world."""
        return dict(self.manifest["outcome"])

    @property
    def story(self) -> list[str]:
        """Its course in sentences."""
        return list(self.manifest["story"])

    def tell(self, *, numbers: bool = False) -> list[str]:
        """Return its course in sentences, `numbers`: every event and its reasons."""
        if not numbers:
            return self.story
        return tell(
            self.log, self.days, self.outcome, self.loaded.scenario, numbers=True
        )

    @property
    def log(self) -> list[dict[str, Any]]:
        """All events, in their order."""
        return list(self.manifest["events"])

    @property
    def days(self) -> list[dict[str, Any]]:
        """The state after each step."""
        return list(self.manifest["steps"])

    @property
    def policies(self) -> dict[str, dict[str, str | None]]:
        """By party, policies that replaced the scenario's own."""
        return dict(self.manifest["policies"])

    @property
    def labels(self) -> Labels:
        """What its parties and chips are called."""
        return labels_of(self.loaded.scenario)

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event, maps flattened with a dot: `reason.accept`."""
        return events_table(self.log)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row a step, maps flattened with a dot: `chips_km2.kursk`."""
        return steps_table(self.days)

    @property
    def recorded(self) -> Mapping[str, Policy]:
        """Policies of this package that decide as was decided, where people played.

        UsageError if the run has policies of a user's own, which a folder does not run.
        """
        if self.policies:
            raise UsageError("a run with your own policies cannot be explained")
        return {}

    def again(self, policies: Sequence[str] = ()) -> "Run":
        """Run the same world again, from the scenario and the luck that it keeps.

        `policies` and errors as `replay`; CheckFailedError if something else comes of
        it now.
        """
        files = read_policies(policies, self.loaded.scenario.parties)
        named = policies_named(self.command)
        _check_files(files, self.policies, named, self.kind)
        return self._same(
            run(
                self.loaded,
                self.seed,
                self.replicate,
                policies=made(files),
                command=self.command,
            )
        )

    def _same(self, now: "Run") -> "Run":
        """Return the run as it is now; CheckFailedError if it is another one."""
        for name in ("outcome", "steps", "events"):
            if _bare(now.manifest[name]) != _bare(self.manifest[name]):
                raise CheckFailedError(
                    f"{self.place}: this run now gives different {name}; it was made "
                    f"with version {self.versions['ceasefire-sim']}"
                )
        return now

    def context(self, command: str = "") -> Context:
        """Return what captions say about the run; `command` repeats it."""
        return self._context(
            replicates=1,
            replicate=self.replicate,
            within_days=self.loaded.scenario.horizon_days,
            command=command or self.command,
        )

    def twin(self, changes: Mapping[str, object]) -> Twin:
        """Return the run with other values by path, and the same luck.

        UsageError if the run has a policy that is not one of the scenario;
        ScenarioError if the values are not valid.
        """
        if self.policies:
            raise UsageError("a run with your own policies cannot have a twin")
        changes = by_name("twin", changes)
        return twin_run(self.loaded, changes, self.seed, self.replicate)

    def place_among(self, runs: int = 100) -> str:
        """Return in words where the run stands among runs 0, 1, ... of its seed."""
        ours = range(self.replicate, self.replicate + 1)
        day = run_ends(Ensemble(self.loaded, self.seed, ours).runs)["day"].iloc[0]
        among = Ensemble(self.loaded, self.seed, range(runs)).runs
        return place_among(among, None if day != day else float(day))

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return the story, and what became of the world."""
        outcome = pd.DataFrame(flattened(self.outcome), columns=["outcome", "value"])
        return self.story, outcome.dropna()

    def of_figures(self, replicate: int, within_days: int) -> dict[str, Any]:
        """Return what figures know of the scenario: all, unless its policies differ."""
        about = super().of_figures(replicate, within_days)
        return {**about, "loaded": None if self.policies else self.loaded}

    @classmethod
    def of(
        cls,
        model: CeasefireModel,
        *,
        story: Sequence[str] = (),
        policies: Mapping[str, Any] | None = None,
        command: str = "",
    ) -> Self:
        """Return what a model has done so far, of which `story` tells."""
        seed, replicate = model.address
        about = provenance(model.loaded, seed=seed, command=command, more=("mesa",))
        return cls(
            {
                **about,
                "replicate": replicate,
                "policies": dict(policies or {}),
                "outcome": model.outcome,
                "story": list(story),
                "steps": list(model.days),
                "events": [
                    {**each, "text": sentence(each, model.labels)}
                    for each in model.events
                ],
            },
            loaded=model.loaded,
        )

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the run that a folder keeps."""
        return cls(manifest, folder=folder, loaded=scenario_of(manifest, folder))


def run(
    scenario: str | Path | Loaded,
    seed: int = 1,
    replicate: int = 0,
    *,
    policies: Mapping[str, Policy] | None = None,
    command: str = "",
) -> Run:
    """Run one world of a scenario, agent by agent.

    All its luck comes from `seed` and `replicate`, whole numbers from 0. `policies`
    gives parties another policy than the scenario's, and leaves their luck as it is;
    `command` is noted as what repeats the run.

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
    loaded = load(scenario)
    check_policies(policies or {}, loaded.scenario.parties)
    chosen = dict(policies or {})
    told = {party: described(policy) for party, policy in sorted(chosen.items())}
    model = CeasefireModel(loaded, seed=seed, replicate=replicate, policies=chosen)
    model.run()
    refuse_lost({"steps": model.days, "events": model.events}, loaded.scenario.id)
    story = tell(model.events, model.days, model.outcome, loaded.scenario)
    return Run.of(model, story=story, policies=told, command=command)


def replay(
    folder: str | Path,
    cell: int | None = None,
    replicate: int | None = None,
    *,
    policies: Mapping[str, str] | None = None,
) -> Run:
    """Run one world of a sweep on disk again, agent by agent; or a run, or a game.

    Of a sweep `cell` and `replicate` say which world; a run and a game that was played
    are one. What was run with policies of one's own needs their files, `{"russia":
    "FILE.py:CLASS"}`: what the folder names is not run.

    Raises
    ------
    CheckFailedError
        If the world was kept and something else comes of it now; or if the file of a
        policy has changed.
    UsageError
        If no cell or replicate is given, or there is none of that number; its scenario
        is another one to this version of the program, or the file of a policy is not
        given.
    InputMissingError
        If there is no sweep in the folder, or a file is not there.
    """
    named = by_name("policies", policies, "party")
    texts = [f"{party}={each}" for party, each in named.items()]
    folder = place("DIR", folder)
    kept = kept_run(folder)
    if kept is not None:
        if (cell, replicate) != (None, None):
            raise UsageError(
                f"{folder} contains only one world: leave out cell and replicate"
            )
        return kept.again(texts)
    if cell is None or replicate is None:
        raise UsageError(
            f"{folder} is a sweep: choose a world with --cell and --replicate"
        )
    at = address(
        folder,
        whole("--cell", cell, -LARGEST),
        whole("--replicate", replicate, -LARGEST),
    )
    if not at.same_code:
        warnings.warn(OTHER_CODE, stacklevel=2)
    return run_again(at, texts)


def kept_run(folder: Path) -> Run | None:
    """Return the one run, or the game, that a folder keeps; None of anything else.

    Errors as `open_result`.
    """
    if read_manifest(folder).get("kind") not in ("run", "game"):
        return None
    found = open_result(folder)
    return found if isinstance(found, Run) else None


def run_again(at: Address, policies: Sequence[str] = ()) -> Run:
    """Run a world at its address; `policies` and errors as `replay`."""
    files = read_policies(policies, at.loaded.scenario.parties)
    _check_files(files, at.classes, at.named, "sweep")
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
                f"cell {at.cell}, replicate {at.replicate} is not the same as the "
                f"world that the sweep saved{because}: {listed}"
            )
    return world


def _bare(kept: Any) -> Any:
    """Return what is kept as it is read back, without words, which may be put anew."""
    plain = json.loads(json.dumps(kept))
    if isinstance(plain, list):
        return [{n: v for n, v in each.items() if n != "text"} for each in plain]
    return plain


def _check_files(
    files: Mapping[str, PolicyFile],
    classes: Mapping[str, Mapping[str, Any]],
    named: Mapping[str, str],
    kind: str,
) -> None:
    """See to it that files of policies are those that something was run with."""
    for party, file in files.items():
        if party not in classes:
            text = f"--policy {party}={file.file}:{file.name}"
            raise UsageError(f"{text}: the {kind} did not use such a policy")
        if file.plain() != classes[party]:
            raise CheckFailedError(
                f"{file.file}: the policy of {party} is not the one of the {kind} "
                f"(class {shortly(classes[party]['class'])}, SHA-256 "
                f"{shortly(classes[party]['sha256'])})"
            )
    for party, about in classes.items():
        if party not in files:
            raise UsageError(
                f"{shortly(party)} decided by a policy of its own, "
                f"{shortly(named.get(party, about['class']))}, SHA-256 "
                f"{shortly(about['sha256'])}: the file is not run unless you name it: "
                "read it, then add --policy PARTY=FILE.py:CLASS"
            )
