"""An answer weighed: accepting against fighting on, as it is or with conditions."""

from typing import Any

from sim.analysis.decisions.payoffs import (
    ACCEPTS,
    FIGHT_ON,
    REFUSES,
    Account,
    Look,
    Option,
    Record,
    Worth,
    enter,
    numbers,
)
from sim.model import wrappers
from sim.model.events import Facts, named_conditions, offers_in_file
from sim.model.parameters import CONDITION_BITS
from sim.model.stages.terms import idle_demands
from sim.model.stages.threats import is_conditional
from sim.model.state import (
    ACCEPT,
    AT_SHARE,
    COUNTER,
    DATED,
    DEMANDS,
    NO_LEVEL,
    ON_CONDITIONS,
    OPTIMAL,
    PATRON,
    ROUND,
)
from sim.model.world import Scene


def _answering(scene: Scene, params: Record, world: Record) -> tuple[Record, ...]:
    """Weigh the offer on the table; return parameters, world and table.

    An offer of a round is weighed as one of that date: the same values, without the
    rest of the menu. The line of an offer that lies there is no longer searched for;
    to what a side hopes for, which is another number, such a line is still open.
    """
    world = world.copy()
    offer = int(world["offer"][0])
    hoped = None
    if world["business"][0] in (ROUND, DATED):
        world["business"] = DATED
        if params["line_kind"][0, offer] == OPTIMAL:
            hoped = enter(params, world.copy(), "appraise")["aspiration"]
            params = params.copy()
            params["line_kind"][0, offer] = AT_SHARE
            share = world["offer_line"][0] / params["lines"][0]
            params["line_share"][0, offer] = share
    elif world["business"][0] == COUNTER and params["line_kind"][0, offer] == AT_SHARE:
        line = params["line_share"][0, offer] * params["lines"][0]
        world["offer_line"] = line
    table = enter(params, world, "appraise")
    if hoped is not None:
        table["aspiration"] = hoped
    wrappers.STAGE_WRAPPERS["weigh"](params, world, table)
    wrappers.STAGE_WRAPPERS["demands"](params, world, table)
    return params, world, table


def _answered(scene: Scene, params: Record, world: Record, table: Record) -> int:
    return _as_number(wrappers.scenario_answer(params, world, table, scene.seat))


def _as_number(answer: tuple[int, int]) -> int:
    """Return an answer as one number: its conditions, ACCEPT as -1, a refusal as 0."""
    code, demands = answer
    if code == ACCEPT:
        return -1
    return int(demands) if code == ON_CONDITIONS else 0


def choose_answer(scene: Scene, params: Record, world: Record) -> Look:
    """Let a side answer again: yes or no."""
    params, world, table = _answering(scene, params, world)
    answer = _answered(scene, params, world, table)
    return Look(
        ACCEPTS if answer == -1 else REFUSES, numbers(scene, params, world, table)
    )


def choose_conditions(scene: Scene, params: Record, world: Record) -> Look:
    """Let a side answer again, conditions and all."""
    params, world, table = _answering(scene, params, world)
    answer = _answered(scene, params, world, table)
    return Look(_conditions_named(answer), numbers(scene, params, world, table))


def _conditions_named(answer: int) -> str:
    if answer <= 0:
        return ACCEPTS if answer else REFUSES
    return " + ".join(named_conditions(answer))


def account_answer(scene: Scene, params: Record, world: Record) -> Account:
    """Compare accepting with fighting on."""
    params, world, table = _answering(scene, params, world)
    answer = _answered(scene, params, world, table)
    choice = ACCEPTS if answer == -1 else REFUSES
    return _of_reason(_reason(scene, params, world, table), choice)


def _of_reason(reason: dict[str, Any], choice: str, name: str = ACCEPTS) -> Account:
    return Account(
        choice,
        Worth(name, reason["accept"]),
        Worth(FIGHT_ON, reason["fight_on"]),
        reason["parts"],
        noise=reason["noise"],
        aspiration=reason["aspiration"],
        aid_if=reason["aid_if"],
    )


def _reason(
    scene: Scene, params: Record, world: Record, table: Record
) -> dict[str, Any]:
    offers = offers_in_file(scene.loaded.scenario)
    return Facts(params, world, table, scene.labels, offers).reason(scene.seat)


def account_conditions(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the offer with the conditions that were named against fighting on.

    It is valued as it will look when it is put to the other side: after a refusal, so
    at the aid that this brings.
    """
    params, world, table = _answering(scene, params, world)
    side, answer = scene.seat, _answered(scene, params, world, table)
    options = _sets(scene, params, world, table)
    assert scene.event is not None
    asked_for = scene.event["terms"]["conditions"]
    named = sum(CONDITION_BITS[each] for each in asked_for)
    put = world.copy()
    put["business"], put["author"] = COUNTER, side
    put["demands"], put["demanded_by"] = named, side
    threat = float(table["threat"][0, side])
    asked = world["author"][0] == PATRON and is_conditional(params[0], world[0])
    if asked and threat != NO_LEVEL:
        put["aid_felt"] = threat
    then = enter(params, put, "appraise", "weigh")
    reason = _reason(scene, params, put, then)
    reason["aspiration"] = float(table["aspiration"][0, side])
    told = _of_reason(reason, _conditions_named(answer), _conditions_named(named))
    return Account(**{**vars(told), "options": options})


def _sets(
    scene: Scene, params: Record, world: Record, table: Record
) -> tuple[Option, ...]:
    """Return the sets of conditions that the side may name and that ask something."""
    side = scene.seat
    idle = idle_demands(params[0], world[0], int(world["offer"][0]), side)
    allowed = int(params["own_demands"][0, side])
    found = []
    for demands in range(1, DEMANDS):
        if demands & ~allowed or demands & idle:
            continue
        gain = float(table["demand_gain"][0, side, demands])
        enough = gain + table["noise"][0, side] >= table["aspiration"][0, side]
        chance = float(table["demand_chance"][0, side, demands]) if enough else 0.0
        found.append(Option(_conditions_named(demands), gain, chance, chance))
    return tuple(found)
