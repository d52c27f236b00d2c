"""The war as a Mesa model: it walks the stages with agents and collects data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mesa

from sim.model import wrappers
from sim.model.agents import ROLE_CLASSES, Belligerent, Party, Patron
from sim.model.events import Chronicle, Day, Event, snapshot
from sim.model.outcome import outcome
from sim.model.parameters import labels
from sim.model.policies import Policy, check_policies
from sim.model.schedule import BELLIGERENTS, NATURE, PATRON, PROPOSER, STAGES
from sim.model.world import begun, is_over, replace_policies
from sim.scenario.arguments import whole
from sim.scenario.load import Loaded, load


class CeasefireModel(mesa.Model):
    """One world of a scenario, run agent by agent.

    Parameters
    ----------
    scenario
        Id or path of a scenario, or one that is loaded.
    seed, replicate
        Which world: all its luck comes from these two. 0 is a seed; None, which Mesa's
        `batch_run` gives where it has none, is seed 1.
    policies
        By party id, in place of the scenario's own.
    collect
        Whether to keep events, days and tables; without, the run is the same, faster.

    Attributes
    ----------
    params, world, table
        Arrays of shape (1,) of dtypes `PARAMS`, `WORLD` and `TABLE`. The world's record
        is the only state there is.
    running
        False once a side is defeated, a settlement is made, or the horizon is reached.

    Raises
    ------
    ScenarioError
        If the scenario is not valid.
    UsageError
        If `seed` or `replicate` is no whole number from 0.
    PolicyError
        If a policy is none, or its party unknown.
    """

    def __init__(
        self,
        scenario: str | Path | Loaded = "kursk-2025-03-13",
        *,
        seed: int | None = None,
        replicate: int = 0,
        policies: Mapping[str, Policy] | None = None,
        collect: bool = True,
    ) -> None:
        super().__init__()
        self.running: bool = True
        loaded = load(scenario)
        # not `self.scenario`, which Mesa 3.5 has for settings of its own
        self.loaded = loaded
        self.labels = labels(loaded.scenario)
        known = 1 if seed is None else whole("--seed", seed)
        which = whole("--replicate", replicate)
        self.address = known, which  # of all luck
        self.params, self.world, self.table = begun(loaded, known, which)
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
            self.datacollector = _collector()

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
            self.datacollector.collect(self)

    def run(self) -> "CeasefireModel":
        """Run to the end of the world."""
        while self.running:
            self.step()
        return self

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


def _collector() -> mesa.DataCollector:
    """Tables in Mesa's form: the day's record, and what each belligerent thinks."""

    def of_day(key: str) -> Any:
        return lambda model: model.days[-1][key]

    def of_party(key: str) -> Any:
        return lambda agent: agent.model.days[-1][key][agent.name]

    keys = ("date", "phase", "held_km2", "aid", "chips_km2")
    views = ("belief", "war_value", "reservation_value", "believed_reservation_value")
    return mesa.DataCollector(
        model_reporters={key: of_day(key) for key in keys},
        agenttype_reporters={Belligerent: {key: of_party(key) for key in views}},
    )
