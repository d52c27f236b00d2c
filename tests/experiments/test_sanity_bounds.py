"""The sanity report finds a world that leaves its bounds, and only then says so."""

import math

import numpy as np
import pytest
import report
from acts import ACTS
from bounds import (
    BOUNDS,
    require_answers,
    require_counts,
    require_day,
    require_end,
    require_offer,
    require_values,
)
from limits import limits_of
from summary import Summary
from watch import SEEN

from sim.model import wrappers
from sim.model.engine import simulate
from sim.model.labels import labels_of
from sim.model.parameters import build
from sim.model.schedule import STAGES
from sim.model.state import (
    ACCEPT,
    NEVER,
    REJECT,
    ROUND,
    TABLE,
    TRUCE,
    WORLD,
    as_kernels_take_it,
    blank,
)
from sim.scenario.load import load


class Morning:
    """The flagship's first morning, with what the bounds look at."""

    def __init__(self) -> None:
        self.params = as_kernels_take_it(build(load("kursk-2025-03-13").scenario))
        self.world, self.table = blank(WORLD, 1), blank(TABLE, 1)
        wrappers.start(self.params, self.world, self.table, 1, 0)
        self.limits, self.seen = limits_of(self.params), blank(SEEN, 1)
        self.before = blank(WORLD, 1)
        self.before[:] = self.world

    def missed(self) -> set[str]:
        return {name for i, name in enumerate(BOUNDS) if self.seen["missed"][0, i] > 0}

    def end_day(self) -> None:
        self.world["step"] += 1
        self.world["present_worth"] *= self.params["discount"]


def set_field(records, name, value):
    """Set `field` or `field.index` of the one record."""
    field, _, index = name.partition(".")
    if index:
        records[field][0, int(index)] = value
    else:
        records[field] = value


@pytest.fixture
def morning():
    return Morning()


def look_at_day(m):
    require_day(m.params[0], m.before[0], m.world[0], m.limits[0], m.seen[0])


def test_every_stage_has_a_meaning_of_acting():
    assert list(ACTS) == [stage.name for stage in STAGES]


def test_an_ordinary_day_is_within_all_bounds(morning):
    morning.end_day()
    look_at_day(morning)
    assert morning.missed() == set()
    assert morning.seen["looked"].sum() > 0


@pytest.mark.parametrize(
    ("bound", "field", "value"),
    [
        ("line", "line", -1.0),
        ("line", "line", 8001.0),
        ("line", "line", 0.0),
        ("line", "line", math.nan),
        ("chips", "chip.0", 1.01),
        ("chips", "chip.0", -0.01),
        ("chips", "chip.3", 0.5),
        ("chips", "regime.0", 2),
        ("aid", "aid", 1.5),
        ("aid", "aid_felt", -0.1),
        ("aid given", "aid_given", 0.2),
        ("beliefs", "belief.1", math.inf),
        ("beliefs", "belief_weight.0", 39.0),
        ("cost interval", "cost_low.0", 0.15),
        ("cost interval", "cost_low.0", 0.05),
        ("cost interval", "cost_low.0", 0.133),
        ("cost interval", "cost_high.1", 0.05),
        ("true cost", "cost.1", 0.12),
        ("clock", "present_worth", 1.0),
        ("clock", "step", 3),
        ("rearmament", "rearmed", -0.01),
        ("payoff", "payoff.0", math.nan),
        ("one truce", "partial_offer", 0),
    ],
)
def test_a_value_outside_its_bounds_is_found_and_named(morning, bound, field, value):
    morning.end_day()
    if bound == "one truce":
        morning.world["phase"] = TRUCE
        morning.world["truce_offer"] = 0
    set_field(morning.world, field, value)
    look_at_day(morning)
    assert morning.missed() == {bound}
    assert morning.seen["missed_at"][0, list(BOUNDS).index(bound)] == int(
        morning.world["step"][0]
    )


@pytest.mark.parametrize("payoff", [-4000.0, 12000.0])
def test_a_payoff_that_no_flow_can_give_is_found(morning, payoff):
    morning.world["payoff"][0, 0] = payoff
    require_end(morning.params[0], morning.world[0], morning.limits[0], morning.seen[0])
    assert morning.missed() == {"payoff"}


def test_a_truce_that_began_and_is_nowhere_is_found(morning):
    morning.seen["begun"][0, 1] = 1
    require_end(morning.params[0], morning.world[0], morning.limits[0], morning.seen[0])
    assert morning.missed() == {"ledger"}


def test_a_refusal_taken_back_is_found(morning):
    morning.before["refusals"][0, 1] = 1
    require_counts(morning.before[0], morning.world[0], morning.seen[0])
    assert morning.missed() == {"counts"}


def test_a_war_worth_more_than_all_there_is_is_found(morning):
    wrappers.see(morning.params, morning.world, morning.table)
    parts = morning.params[0], morning.world[0], morning.table[0], morning.limits[0]
    require_values(*parts, morning.seen[0])
    assert morning.missed() == set()
    morning.table["war"][0, 1] = 20000.0
    require_values(*parts, morning.seen[0])
    assert morning.missed() == {"war value"}


def test_an_offer_of_any_worth_and_a_blocked_one_are_found(morning):
    morning.world["business"], morning.world["offer"] = ROUND, 0
    morning.world["author"], morning.world["blocked_until"] = 2, 9
    morning.table["put_gain"][0, 0] = math.inf
    require_offer(
        morning.params[0],
        morning.world[0],
        morning.table[0],
        morning.limits[0],
        morning.seen[0],
    )
    assert morning.missed() == {"offer value", "repetition"}


def test_answering_oneself_and_learning_too_much_are_found(morning):
    world = morning.world
    world["business"], world["author"] = ROUND, 0
    world["answer"][0] = ACCEPT, REJECT
    world["cost_high"][0, 1] = world["cost"][0, 1] - 0.001
    require_answers(
        morning.params[0],
        morning.before[0],
        world[0],
        morning.table[0],
        morning.seen[0],
    )
    assert morning.missed() == {"author", "learning"}


@pytest.mark.parametrize("broken", [False, True])
def test_a_miss_makes_the_command_fail_and_names_the_world(
    broken, monkeypatch, tmp_path, capsys
):
    loaded = load("kursk-2025-03-13")

    def watched(scenario: str, replicates: range) -> Summary:
        worlds = simulate(build(loaded.scenario), seed=1, replicates=replicates)
        seen = blank(SEEN, len(replicates))
        seen["first_step"] = NEVER
        seen["acted"] = 1
        if broken:
            seen["missed"][7, list(BOUNDS).index("chips")] = 1
            seen["missed_at"][7, list(BOUNDS).index("chips")] = 12
        return Summary(scenario, labels_of(loaded.scenario), np.asarray(worlds), seen)

    monkeypatch.setattr(report, "watch_scenario", watched)
    out = tmp_path / "report.md"
    arguments = ["--worlds", "20", "--scenarios", "kursk-2025-03-13", "--out", str(out)]
    assert report.main(arguments) == (5 if broken else 0)
    text = out.read_text(encoding="utf-8")
    named = "chips: kursk-2025-03-13 replicate 7, step 12"
    assert (named in text) == broken
    assert ("**fails**" in text) == broken
    assert ("fails in kursk-2025-03-13" in capsys.readouterr().err) == broken
    assert "not forecasts" in text
