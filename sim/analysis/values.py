"""What fighting on and each offer are worth to each side on the first morning.

The numbers come from the kernels of the simulation, at the costs of war that the
scenario gives (`cost_of_war_km2.value`) where a run would draw them. They are those of
day 0 before anything dated has happened.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sim import __version__
from sim.errors import refuse_lost
from sim.model.formulas.acceptance import acceptance_chance
from sim.model.formulas.front import discounted_odds
from sim.model.formulas.offers import breakdown_hazard
from sim.model.labels import labels_of
from sim.model.parameters import build
from sim.model.stages.answer import scripted_answer
from sim.model.stages.appraise import appraise
from sim.model.stages.outlook import outlook
from sim.model.stages.propose import clear_desk
from sim.model.stages.start import begin
from sim.model.stages.valuation import gain_of
from sim.model.stages.wars import chip_time, expected_drift, own_line
from sim.model.state import (
    ACCEPT,
    DATED,
    PATRON,
    ROUND,
    SCRIPTED,
    SIDES,
    SILENT,
    TABLE,
    WORLD,
    Params,
    Table,
    World,
)
from sim.scenario.load import Loaded, load
from sim.scenario.parties import Belligerent, Patron
from sim.scenario.schema import Scenario

SCHEMA_VERSION = 2


def values(scenario: str | Path | Loaded) -> dict[str, Any]:
    """Value the war, every chip and every offer at the start of a scenario.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.

    Returns
    -------
    dict
        `parties`, `offers` and `corridor` as `ceasefire values --json` prints them;
        whatever belongs to a party or a chip is a mapping by its id. Values are in km2.
        `drift_km2_per_week`, `discounted_win` (psi) and `discounted_loss` (phi) are
        those of `front.side` as the party expects them, aid, chips and rearmament
        included; `breakdown_hazard` is per week; `gain` is value minus reservation
        value, `settlement_chance` (P+) that a settlement is possible.

    Raises
    ------
    ScenarioError
        If steps or luck of the scenario clash, or a value is lost to rounding; also
        as `load`.
    """
    loaded = load(scenario)
    known = loaded.scenario
    params, world, table = morning(known)
    sides = range(SIDES)
    parties = {
        name: _party(known, params, world, table, side)
        for side, name in enumerate(known.sides)
    }
    war = [parties[name]["war_value"] for name in known.sides]
    held = [_held(params, world, side) for side in sides]
    stake = float(params.stake)
    offers = {
        name: _offer(known, name, params, world, table)
        for name in known.negotiation.offers
    }
    found = {
        "schema_version": SCHEMA_VERSION,
        "scenario": known.id,
        "scenario_hash": loaded.hash,
        "version": __version__,
        "parties": {name: parties[name] for name in sorted(parties)},
        "offers": offers,
        "corridor": {
            "keep": [war[0] - held[0], stake - war[1] + held[1]],
            "hand_back": [war[0], stake - war[1]],
        },
    }
    refuse_lost(found, known.id)
    return found


def patron_gains(
    loaded: Loaded, costs: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return what each offer that the patron may make is worth to it at the start.

    In km2 and over no truce, by the name of the offer; nothing without a patron.
    `costs` as for `morning`.
    """
    if loaded.scenario.patron is None:
        return {}
    params, world, table = morning(loaded.scenario, costs)
    world.business, world.author = ROUND, PATRON
    appraise(params, world, table)
    offers = enumerate(loaded.scenario.negotiation.offers)
    return {
        name: float(table.patron_gain[i]) for i, name in offers if table.menu >> i & 1
    }


def morning(
    scenario: Scenario, costs: Mapping[str, float] | None = None
) -> tuple[Params, World, Table]:
    """Return the records of day 0, at the costs of war that the scenario gives.

    `costs` has others by side, as a world has drawn them. Parameters, world and table
    are scalars whose fields are attributes.
    """
    params: Params = build(scenario).view(np.recarray)[0]
    world: World = np.zeros(1, WORLD).view(np.recarray)[0]
    table: Table = np.zeros(1, TABLE).view(np.recarray)[0]
    begin(params, world, table, 0, 0)
    for side, name in enumerate(scenario.sides):
        own = _belligerent(scenario, name).cost_of_war_km2.value
        world.cost[side] = own if costs is None else costs[name]
    outlook(params, world, table)
    return params, world, table


def _belligerent(scenario: Scenario, name: str) -> Belligerent:
    party = scenario.parties[name]
    assert isinstance(party, Belligerent)
    return party


def _party(
    scenario: Scenario, params: Params, world: World, table: Table, side: int
) -> dict[str, Any]:
    """Drift, odds and values of fighting on, as one side sees them."""
    own_drift = float(expected_drift(params, world, table, side, world.rearmed))
    drift = own_drift if side == 0 else -own_drift
    psi, phi = discounted_odds(
        drift, params.front_volatility, params.rate, world.line, params.stake
    )
    cost = world.cost[side]
    line = own_line(params, world.line, side)
    return {
        "drift_km2_per_week": drift,
        "discounted_win": float(psi),
        "discounted_loss": float(phi),
        "war_value": float(table.war[side] - cost * table.fighting[side]),
        "reservation_value": float(
            table.reservation[side] + table.reservation_slope[side] * cost
        ),
        "chip_time": {
            name: float(chip_time(params, world, table, j, line, own_drift))
            for j, name in enumerate(labels_of(scenario).chips)
        },
    }


def _held(params: Params, world: World, side: int) -> float:
    """Worth to a side of all chips staying where they are: the sum of (+-) v K."""
    total = 0.0
    for j in range(params.chips):
        worth = float(params.chip_value[side, j] * world.chip[j])
        total += worth if params.chip_holder[j] == side else -worth
    return total


def _offer(
    scenario: Scenario, name: str, params: Params, world: World, table: Table
) -> dict[str, Any]:
    """Value of an offer to each side, its line, and the chance that a side accepts.

    As if put forward today by the patron if it may, else by the first side that may.
    """
    index = list(scenario.negotiation.offers).index(name)
    put_forward(params, world, table, index)
    value, gain, chance = {}, {}, {}
    for party in sorted(scenario.sides):
        side = scenario.sides.index(party)
        cost = world.cost[side]
        value[party] = float(table.value[side] + table.value_slope[side] * cost)
        above, slope = gain_of(table, side)
        gain[party] = float(above + slope * cost)
        own = table.gain[side, index] + table.gain_slope[side, index] * cost
        chance[party] = _chance(params, world, side, own - table.aspiration[side])
    settles = float(table.settle_chance)
    clear_desk(world)
    return {
        "line_km2": float(world.offer_line),
        "breakdown_hazard": _breakdown_hazard(scenario, name),
        "settlement_chance": settles,
        "value": value,
        "gain": gain,
        "accept_probability": chance,
    }


def put_forward(params: Params, world: World, table: Table, offer: int) -> None:
    """Put an offer on the table, by the patron if it may, and value it."""
    authors = (PATRON, 0, 1)
    world.author = next(a for a in authors if params.offered_by[offer] >> a & 1)
    world.business, world.offer = DATED, offer
    appraise(params, world, table)


def _chance(params: Params, world: World, side: int, beyond: float) -> float:
    """Chance that a side accepts what is worth so much beyond its aspiration."""
    scripted = params.policy[side] == SCRIPTED
    answer = scripted_answer(params, world, side) if scripted else SILENT
    if answer != SILENT:
        return 1.0 if answer == ACCEPT else 0.0
    return float(acceptance_chance(beyond, params.decision_noise[side]))


def _breakdown_hazard(scenario: Scenario, name: str) -> float:
    """Chance per week that the truce of an offer breaks down."""
    truce, pressure = scenario.truce, 0.0
    if scenario.patron is not None:
        patron = scenario.parties[scenario.patron]
        assert isinstance(patron, Patron)
        pressure = patron.pressure
    return float(
        breakdown_hazard(
            truce.breakdown_per_week,
            truce.monitoring_effect,
            scenario.negotiation.offers[name].monitoring,
            truce.pressure_effect,
            pressure,
        )
    )
