"""Python's way in: load a scenario, run one world or many, value its offers.

Works in a script and in a notebook alike; nothing here needs a `__main__` guard.
"""

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.errors import CheckFailedError, UsageError
from sim.scenario.load import Loaded, load
from sim.study import sweep

if TYPE_CHECKING:
    import pandas as pd

    from sim.plots.result import Figure
    from sim.policies import Policy
    from sim.sweep.again import Address

__all__ = ["Run", "load", "replay", "run", "sweep", "values"]

SCHEMA_VERSION = 1
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
        return _table(self.log, ("day", "date", "actor", "type", "offer", "text"))

    @cached_property
    def steps(self) -> "pd.DataFrame":
        """One row a step, maps flattened with a dot: `chips_km2.kursk`."""
        return _table(self.days, ("day", "date", "phase", "share", "aid"))

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

    def plot(self, *, command: str = "") -> "Figure":
        """Return figure 10, the story of the run; `command` repeats it."""
        from sim.plots.context import Context
        from sim.plots.story_of_a_run import story_of_a_run

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
        return story_of_a_run(
            self.steps, self.events, context, front_side=scenario.front.side
        )


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
    InputMissingError
        If there is no such scenario.
    """
    # Mesa is slow to import, and sets how the process starts others.
    from sim.analysis.telling import sentence, tell
    from sim.model import CeasefireModel
    from sim.policies import check_policies
    from sim.policy_files import described

    loaded = load(scenario)
    chosen = dict(policies or {})
    check_policies(chosen, loaded.scenario.parties)
    told = {party: described(policy) for party, policy in sorted(chosen.items())}
    model = CeasefireModel(loaded, seed=seed, replicate=replicate, policies=chosen)
    model.run()
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

    `policies` says where the files of the sweep's own policies are now, if not where
    they were: `{"russia": "FILE.py:CLASS"}`.

    Raises
    ------
    CheckFailedError
        If the sweep kept the world and something else comes of it now; or if the file
        of a policy has changed.
    UsageError
        If there is no such cell or replicate, or its scenario is another one to this
        version of the program.
    InputMissingError
        If there is no sweep in the folder, or a file is not there.
    """
    from sim.sweep.again import address

    at = address(Path(folder), cell, replicate)
    if not at.same_code:
        warnings.warn(OTHER_CODE, stacklevel=2)
    texts = [f"{party}={each}" for party, each in (policies or {}).items()]
    return run_again(at, texts)


def run_again(at: "Address", policies: Sequence[str] = ()) -> Run:
    """Run a world at its address; `policies` and errors as `replay`."""
    from sim.policy_files import made, read_policies

    there = {text.partition("=")[0]: text for text in [*at.policies, *policies]}
    unknown = [party for party in there if party not in at.classes]
    if unknown:
        raise UsageError(f"--policy {there[unknown[0]]}: the sweep had no such policy")
    files = read_policies(list(there.values()), at.loaded.scenario.parties)
    for party, file in files.items():
        if file.plain() != at.classes[party]:
            raise CheckFailedError(
                f"{file.file}: the policy of {party} is not the one of the sweep "
                f"(class {at.classes[party]['class']}, SHA-256 "
                f"{at.classes[party]['sha256']})"
            )
    world = run(at.loaded, at.seed, at.replicate, policies=made(files))
    if at.kept is not None:
        now = dict(_flattened(world.outcome))
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
    from sim.analysis.values import values as values_of

    return values_of(load(scenario))


def _table(rows: list[dict[str, Any]], first: tuple[str, ...]) -> "pd.DataFrame":
    """Return rows as a table; columns that no row has are there, and empty."""
    import pandas as pd

    flat = [dict(_flattened(row)) for row in rows]
    names = dict.fromkeys([*first, *(name for row in flat for name in row)])
    # `reason` of an event without reasons is null, where others have a map.
    maps = {name[:dot] for name in names for dot in _dots(name)}
    return pd.DataFrame(flat, columns=[name for name in names if name not in maps])


def _dots(name: str) -> list[int]:
    return [place for place, letter in enumerate(name) if letter == "."]


def _flattened(row: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return (name, value) pairs, names of nested maps joined by a dot.

    >>> _flattened({"day": 0, "terms": {"hand_back": {"kursk": 1.0}}, "reason": None})
    [('day', 0), ('terms.hand_back.kursk', 1.0), ('reason', None)]
    """
    pairs: list[tuple[str, Any]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            pairs += _flattened(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def versions() -> dict[str, str]:
    """Return the versions of what a run was made with."""
    from importlib.metadata import version

    return {name: version(name) for name in ("mesa", "numpy", "numba")}
