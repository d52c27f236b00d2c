"""The war as a Mesa model: it walks the stages with agents and collects data."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mesa

from sim.errors import UsageError
from sim.model import wrappers
from sim.model.agents import ROLE_CLASSES, Belligerent, Party, Patron
from sim.model.events import Chronicle, Day, Event, flattened, snapshot
from sim.model.labels import labels_of
from sim.model.outcome import outcome, outcomes
from sim.model.policies import Policy, check_policies
from sim.model.schedule import BELLIGERENTS, NATURE, PATRON, PROPOSER, STAGES
from sim.model.world import begun, is_over, replace_policies
from sim.scenario.arguments import by_name, whole
from sim.scenario.load import Loaded, load

_SEEDS = 2**32  # from which one is drawn


class CeasefireModel(mesa.Model):
    """One world of a scenario, run agent by agent.

    Parameters
    ----------
    scenario
        Id or path of a scenario, or one that is loaded.
    seed, replicate
        Which world: all its luck comes from these two. 0 is a seed. Without either, as
        in the iterations of Mesa's `batch_run`, a seed is drawn, and replicate is 0; a
        replicate alone is one of seed 1, which the command line takes.
    set
        Other values of the scenario by path: `{"chips.kursk.area_km2": 400}`.
    policies
        By party id, in place of the scenario's own.
    collect
        Whether to keep events and days, and collect them; without, the run is the same,
        faster, and only what became of the world is collected.
    **values
        As `set`, one by one: so a parameter of `batch_run` may be a path.

    Attributes
    ----------
    params, world, table
        Arrays of shape (1,) of dtypes `PARAMS`, `WORLD` and `TABLE`. The world's record
        is the only state there is.
    running
        False once a side is defeated, a settlement is made, or the horizon is reached.
    datacollector
        Mesa's, with a row a step: `seed` and `replicate`, the day if it is collected,
        and what became of the world, which is None until it has ended.

    Raises
    ------
    ScenarioError
        If the scenario is not valid, or a path unknown.
    UsageError
        If `seed` or `replicate` is no whole number from 0, or a path is given twice.
    PolicyError
        If a policy is none, or its party unknown.
    """

    def __init__(
        self,
        scenario: str | Path | Loaded = "kursk-2025-03-13",
        *,
        seed: int | None = None,
        replicate: int | None = None,
        set: Mapping[str, object] | None = None,
        policies: Mapping[str, Policy] | None = None,
        collect: bool = True,
        **values: object,
    ) -> None:
        super().__init__()
        self.running: bool = True
        for name, given in (("set", set), ("policies", policies)):
            if isinstance(given, str):
                raise UsageError(
                    f"{name} is a mapping; in batch_run, which takes mappings apart, "
                    f"it stands in a list: {name!r}: [{{...}}]"
                )
        changes = by_name("set", set)
        for path in values:
            if path in changes:
                raise UsageError(f"{path} is given twice")
        loaded = load(scenario, set={**changes, **values})
        # not `self.scenario`, which Mesa 3.5 has for settings of its own
        self.loaded = loaded
        self.labels = labels_of(loaded.scenario)
        if seed is None:
            seed = secrets.randbelow(_SEEDS) if replicate is None else 1
        which = 0 if replicate is None else whole("--replicate", replicate)
        self.address = whole("--seed", seed), which  # of all luck
        self.params, self.world, self.table = begun(loaded, *self.address)
        check_policies(policies or {}, loaded.scenario.parties)
        chosen = dict(policies or {})
        replace_policies(self.params, self.labels, chosen)
        self.parties: list[Party] = [
            kind(self, name, seat, chosen.get(name))
            for seat, (kind, name) in enumerate(
                zip(ROLE_CLASSES, self.labels.parties, strict=False)
            )
        ]
        fighting, everyone = self.agents_by_type[Belligerent], self.agents
        patrons = self.agents.select(agent_type=Patron)
        self._cast = {BELLIGERENTS: fighting, PATRON: patrons, PROPOSER: everyone}
        self.chronicle: Chronicle | None = None
        if collect:
            self.chronicle = Chronicle(
                loaded.scenario, self.params, self.world, self.table
            )
        self.became: dict[str, Any] = {}
        self.datacollector = _collector(
            tuple(outcomes(self.world, self.labels)), watched=collect
        )

    def step(self) -> None:
        """Run one period: each stage in its order, by nature or by the agents.

        Nothing happens in a world that has ended.
        """
        if not self.running:
            return
        records = self.params, self.world, self.table
        for stage in STAGES:
            before = self.world if self.chronicle is None else snapshot(self.world)
            if stage.role == NATURE:
                wrappers.STAGE_WRAPPERS[stage.name](*records)
            else:
                self._cast[stage.role].do(stage.name)
            if self.chronicle is not None:
                self.chronicle.after(stage.name, before)
        self.running = not is_over(self.params, self.world)
        if self.chronicle is not None:
            self.chronicle.end_day()
        if not self.running:
            self.became = dict(flattened(self.outcome))
        self.datacollector.collect(self)

    def run(self) -> "CeasefireModel":
        """Run to the end of the world."""
        while self.running:
            self.step()
        return self

    @property
    def seed(self) -> int:
        """What all luck is drawn from."""
        return self.address[0]

    @property
    def replicate(self) -> int:
        """Which world of the seed it is."""
        return self.address[1]

    @property
    def outcome(self) -> dict[str, Any]:
        """What has become of the world, as in `run --json`."""
        return outcome(self.world, self.labels)

    @property
    def events(self) -> list[Event]:
        """What happened, in order."""
        return self.chronicle.events if self.chronicle is not None else []

    @property
    def days(self) -> list[Day]:
        """How each day ended."""
        return self.chronicle.days if self.chronicle is not None else []


class _OfEnds(mesa.DataCollector):
    """Collects what became of a world; of a step before the end, that there was one.

    Asking two dozen reporters at each step would take a quarter of a world's time.
    """

    def collect(self, model: Any) -> None:
        """Collect a step."""
        if not model.running:
            super().collect(model)
            return
        which = {"seed": model.seed, "replicate": model.replicate}
        for name, values in self.model_vars.items():
            values.append(which.get(name))
        # Later versions of Mesa look a step up among those that were collected.
        if hasattr(self, "_collection_steps"):
            self._collection_steps.append(model.time)


def _collector(outcome: tuple[str, ...], *, watched: bool) -> mesa.DataCollector:
    """Tables in Mesa's form: which world, its outcome and, if watched, its days.

    A watched world has a row with the day's record and what each belligerent thinks.
    """

    def of_outcome(key: str) -> Any:
        return lambda model: model.became.get(key)

    def of_day(key: str) -> Any:
        return lambda model: model.days[-1][key]

    def of_party(key: str) -> Any:
        return lambda agent: agent.model.days[-1][key][agent.name]

    keys = ("date", "phase", "held_km2", "aid", "chips_km2")
    views = ("belief", "war_value", "reservation_value", "believed_reservation_value")
    which = {"seed": "seed", "replicate": "replicate"}
    became = {key: of_outcome(key) for key in outcome}
    if not watched:
        return _OfEnds(model_reporters={**which, **became})
    return mesa.DataCollector(
        # The line of a day stands for that at the end, too.
        model_reporters={**which, **became, **{key: of_day(key) for key in keys}},
        agenttype_reporters={Belligerent: {key: of_party(key) for key in views}},
    )
