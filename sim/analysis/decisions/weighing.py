"""What a party weighs in a decision: two worths, and the parts of their difference.

`choose` takes a decision of a scene again, at its own numbers or at others; `account`
tells what was compared: accepting and fighting on, as the offer is or with conditions;
the offers of a menu; levels of aid; keeping a threat and breaking it. Both enter the
kernels of the simulation.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from sim.analysis.decisions.payoffs import (
    ACCEPTS,
    CUT,
    FIGHT_ON,
    KEEP,
    NO_OFFER,
    REFUSES,
    Account,
    Option,
    Worth,
)
from sim.model import state, wrappers
from sim.model.events import (
    Record,
    at_own_cost,
    blank_table,
    named_conditions,
    reason,
)
from sim.model.formulas.patron import cost_of_cutting_aid
from sim.model.parameters import CONDITION_BITS
from sim.model.policies import chance_of_a_yes
from sim.model.stages.aid import worth_of_level
from sim.model.stages.menu import is_on_menu, may_propose
from sim.model.stages.offer_values import worth_of
from sim.model.stages.partial_truce import mean_relief
from sim.model.stages.terms import TERM_PARTS, idle_demands, patron_terms
from sim.model.stages.threats import is_conditional
from sim.model.stages.wars import mean_cost, own_line
from sim.model.state import AT_SHARE, COUNTER, DATED, PATRON, SIDES
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT, Scene


class Look(NamedTuple):
    """What a party would choose, and all numbers that the choice was made from."""

    choice: str
    numbers: bytes


def choose(scene: Scene, params: Record, world: Record) -> Look:
    """Take the decision of a scene again at these numbers; neither is changed."""
    return _KINDS[scene.kind][0](scene, params, world)


def account(
    scene: Scene, params: Record | None = None, world: Record | None = None
) -> Account:
    """Tell what the decision of a scene compares, at its own numbers or at others."""
    return _KINDS[scene.kind][1](
        scene,
        scene.params if params is None else params,
        scene.world if world is None else world,
    )


def _enter(params: Record, world: Record, *stages: str) -> Record:
    """Run some stages on an empty table; return it."""
    table = blank_table()
    for name in stages:
        wrappers.STAGE_WRAPPERS[name](params, world, table)
    return table


def _look(
    scene: Scene, choice: str, params: Record, world: Record, table: Record
) -> Look:
    """Return a choice with what it is made from, to see whether an input touches it."""
    side = min(scene.seat, SIDES - 1)
    parts: list[Any] = [table["aspiration"][0, side]]
    if scene.kind in (ANSWER, CONDITIONS):
        own = ("put_gain", "put_slope", "noise")
        parts += [table[name][0, side] for name in own]
        parts.append(world["cost"][0, side])
    if scene.kind == CONDITIONS:
        parts += [table[name][0, side] for name in ("demand_gain", "demand_chance")]
    if scene.kind in (PROPOSAL, AID):
        whole = ("gain", "gain_slope", "patron_gain", "noise_in")
        parts += [table[name][0] for name in whole]
        parts += [world[name][0] for name in ("cost", "cost_low", "cost_high")]
        parts.append(params["decision_noise"][0])
    if scene.kind == AID:
        parts += [table[name][0] for name in ("war_of_patron", "fighting_of_patron")]
        names = ("value_of_outcome", "aid_cost", "cost_while_war")
        parts += [params[name][0] for name in names]
    return Look(choice, b"".join(np.asarray(part).tobytes() for part in parts))


# ---- answers: accepting against fighting on, as the offer is or with conditions ------


def _answered(
    scene: Scene, params: Record, world: Record
) -> tuple[int, Record, Record, Record]:
    """Weigh the offer on the table; return the answer, parameters, world and table.

    The answer is a number: conditions as bits, -1 for a yes, 0 for a plain no. An offer
    of a round is weighed as one of that date: the same values, without the rest of the
    menu. The line of an offer that lies there is no longer searched for; to what a side
    hopes for, which is another number, such a line is still open.
    """
    world = world.copy()
    offer = int(world["offer"][0])
    hoped = None
    if world["business"][0] in (state.ROUND, DATED):
        world["business"] = DATED
        if params["line_kind"][0, offer] == state.OPTIMAL:
            hoped = _enter(params, world.copy(), "appraise")["aspiration"]
            params = params.copy()
            params["line_kind"][0, offer] = AT_SHARE
            share = world["offer_line"][0] / params["lines"][0]
            params["line_share"][0, offer] = share
    elif world["business"][0] == COUNTER and params["line_kind"][0, offer] == AT_SHARE:
        line = params["line_share"][0, offer] * params["lines"][0]
        world["offer_line"] = line
    table = _enter(params, world, "appraise")
    if hoped is not None:
        table["aspiration"] = hoped
    for stage in ("weigh", "demands"):
        wrappers.STAGE_WRAPPERS[stage](params, world, table)
    code, demands = wrappers.scenario_answer(params, world, table, scene.seat)
    conditions = int(demands) if code == state.ON_CONDITIONS else 0
    return (-1 if code == state.ACCEPT else conditions), params, world, table


def _yes_or_no(answer: int) -> str:
    return ACCEPTS if answer == -1 else REFUSES


def _with_conditions(answer: int) -> str:
    return " + ".join(named_conditions(answer)) if answer > 0 else _yes_or_no(answer)


def _choose_answer(scene: Scene, params: Record, world: Record) -> Look:
    answer, *records = _answered(scene, params, world)
    name = _with_conditions if scene.kind == CONDITIONS else _yes_or_no
    return _look(scene, name(answer), *records)


def _account_answer(scene: Scene, params: Record, world: Record) -> Account:
    answer, params, world, table = _answered(scene, params, world)
    compared = reason(params, world, table, scene.seat)
    return _of_reason(compared, _yes_or_no(answer), ACCEPTS)


def _of_reason(compared: dict[str, Any], choice: str, name: str) -> Account:
    return Account(
        choice,
        Worth(name, compared["accept"]),
        Worth(FIGHT_ON, compared["fight_on"]),
        compared["parts"],
        noise=compared["noise"],
        aspiration=compared["aspiration"],
    )


def _account_conditions(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the offer with the conditions that were named against fighting on.

    It is valued as it will look when it is put to the other side: after a refusal, so
    at the aid that this brings.
    """
    answer, params, world, table = _answered(scene, params, world)
    side = scene.seat
    options = tuple(_sets_of_conditions(side, params, world, table))
    assert scene.event is not None
    asked_for = scene.event["terms"]["conditions"]
    named = sum(CONDITION_BITS[each] for each in asked_for)
    put = world.copy()
    put["business"], put["author"] = COUNTER, side
    put["demands"], put["demanded_by"] = named, side
    threat = float(table["threat"][0, side])
    asked = world["author"][0] == PATRON and is_conditional(params[0], world[0])
    if asked and threat != state.NO_LEVEL:
        put["aid_felt"] = threat
    compared = reason(params, put, _enter(params, put, "appraise", "weigh"), side)
    compared["aspiration"] = float(table["aspiration"][0, side])
    told = _of_reason(compared, _with_conditions(answer), _with_conditions(named))
    return replace(told, options=options)


def _sets_of_conditions(
    side: int, params: Record, world: Record, table: Record
) -> Iterator[Option]:
    """Yield the sets of conditions that the side may name and that ask something."""
    idle = idle_demands(params[0], world[0], int(world["offer"][0]), side)
    allowed = int(params["own_demands"][0, side])
    for demands in range(1, state.DEMANDS):
        if not (demands & ~allowed or demands & idle):
            gain = float(table["demand_gain"][0, side, demands])
            enough = gain + table["noise"][0, side] >= table["aspiration"][0, side]
            chance = float(table["demand_chance"][0, side, demands]) if enough else 0.0
            yield Option(_with_conditions(demands), gain, chance, chance)


# ---- proposals: each offer of the menu, by its gain and the chance of a yes ----------


class _Proposal(NamedTuple):
    """An offer as its author sees it: parts and noise already weighed by the chance."""

    option: Option
    parts: dict[str, float]
    noise: float
    aspiration: float

    @property
    def judged(self) -> float:
        """Worth with the error of judgement."""
        return self.option.worth + self.noise


_NONE_MADE = _Proposal(Option(NO_OFFER, 0.0, 1.0, 0.0), {}, 0.0, 0.0)


def _chosen_offer(
    scene: Scene, params: Record, world: Record
) -> tuple[str, Record, Record]:
    """Let the author choose from its menu again; return the offer, world and table."""
    world = world.copy()
    table = _enter(params, world, "appraise")
    chosen = int(wrappers.choose_offer(params, world, table))
    return scene.labels.offer(chosen) or NO_OFFER, world, table


def _choose_proposal(scene: Scene, params: Record, world: Record) -> Look:
    chosen, world, table = _chosen_offer(scene, params, world)
    return _look(scene, chosen, params, world, table)


def _account_proposal(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the offer made with the next best, or with none."""
    chosen, world, table = _chosen_offer(scene, params, world)
    menu = [
        _proposal(scene, params, world, table, offer)
        for offer in range(int(params["offers"][0]))
        if may_propose(params[0], world[0], offer)
    ]
    menu.sort(key=lambda each: -each.judged)
    best = menu[0] if menu else _NONE_MADE
    first = next((each for each in menu if each.option.name == chosen), best)
    second = _NONE_MADE
    if chosen != NO_OFFER:  # what its author would rather make than none
        counts = (each for each in menu if each.judged > 0.0 and each is not first)
        others = (each for each in counts if each.judged >= each.aspiration)
        second = next(others, _NONE_MADE)
    parts = {name: it - second.parts.get(name, 0.0) for name, it in first.parts.items()}
    return Account(
        chosen,
        Worth(first.option.name, first.option.worth),
        Worth(second.option.name, second.option.worth),
        parts,
        noise=first.noise - second.noise,
        aspiration=first.aspiration if second is _NONE_MADE else 0.0,
        options=tuple(each.option for each in menu),
    )


def _proposal(
    scene: Scene, params: Record, world: Record, table: Record, offer: int
) -> _Proposal:
    seat = scene.seat
    chance = chance_of_a_yes(params, world, table, offer, seat)
    put, then = world.copy(), table.copy()
    wrappers.offer_put(params, put, then, offer)
    noise = aspiration = 0.0
    if seat == PATRON:
        gain = float(table["patron_gain"][0, offer])
        parts = _parts_of_patron(params, put, then, offer)
    else:
        gain = at_own_cost(world, table, "gain", "gain_slope", seat, offer)
        noise = float(wrappers.error_of(params, put, then, offer, seat))
        aspiration = float(table["aspiration"][0, seat])
        wrappers.STAGE_WRAPPERS["weigh"](params, put, then)
        parts = reason(params, put, then, seat)["parts"]
    return _Proposal(
        Option(scene.labels.offers[offer], gain, chance, gain * chance),
        {name: value * chance for name, value in parts.items()},
        noise * chance,
        aspiration * chance,
    )


def _parts_of_patron(
    params: Record, world: Record, table: Record, offer: int
) -> dict[str, float]:
    """Return the parts of the patron's gain from an offer, see `gain_of_patron`."""
    p = params[0]
    variant = int(table["menu_variant"][0, offer])
    time = (1.0 - p["discount"]) * p["annuity"][offer, variant]
    flows = {"cost_of_fighting": float(p["cost_while_war"])}
    if p["partial"][offer]:
        flows["cost_of_fighting"] *= mean_relief(p, offer)
        flows |= dict.fromkeys(("territory", *TERM_PARTS), 0.0)
    else:
        line = own_line(p, float(world["offer_line"][0]), int(p["supports"]))
        gained = line / p["lines"] - table["war_of_patron"][0]
        flows["territory"] = p["value_of_outcome"] * gained
        of_terms = patron_terms(p, world[0], offer)
        flows |= zip(TERM_PARTS, of_terms, strict=True)
    return {name: float(time * flow) for name, flow in flows.items()}


# ---- aid: which level the patron gives, and whether its threat counts ----------------


def _choose_aid(scene: Scene, params: Record, world: Record) -> Look:
    world = world.copy()
    world["round_waits"] = 1  # it is this day's decision, however often there is one
    table = _enter(params, world, "aid")
    return _look(scene, f"{float(world['aid'][0]):g}", params, world, table)


def _account_aid(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the level chosen with the next best."""
    chosen = _choose_aid(scene, params, world).choice
    options, parts = [], {}
    for level in params["aid_level"][0, : int(params["aid_levels"][0])].tolist():
        name = f"{level:g}"
        worth, parts[name] = _level(params, world, level)
        options.append(Option(name, worth, 1.0, worth))
    first = next(each for each in options if each.name == chosen)
    others = (each for each in options if each is not first)
    second = max(others, key=lambda each: each.worth, default=first)
    here, there = parts[first.name], parts[second.name]
    return Account(
        chosen,
        Worth(first.name, first.worth),
        Worth(second.name, second.worth),
        {name: here[name] - there[name] for name in here},
        options=tuple(options),
    )


def _level(
    params: Record, world: Record, level: float
) -> tuple[float, dict[str, float]]:
    """Worth to the patron of a level of aid, and its parts, as in `best_level`."""
    world, table = world.copy(), blank_table()
    if world["business"][0] == state.NOTHING:
        world["business"], world["author"] = state.ROUND, PATRON
    world["aid"] = world["aid_felt"] = level
    p, w, t = params[0], world[0], table[0]
    worth = float(worth_of_level(p, w, t))
    fighting = float(table["fighting_of_patron"][0])
    offers = [
        float(worth_of(p, w, t, offer))
        for offer in range(int(p["offers"]))
        if is_on_menu(t, offer)
    ]
    return worth, {
        "territory": float(p["value_of_outcome"] * table["war_of_patron"][0]),
        "cost_of_fighting": -float(p["cost_while_war"]) * fighting,
        "aid": -float(p["aid_cost"]) * level * fighting,
        "offers": max([0.0, *offers]),
    }


def _choose_threat(scene: Scene, params: Record, world: Record) -> Look:
    told = _account_threat(scene, params, world)
    return Look(told.choice, np.array([*told.parts.values()]).tobytes())


def _account_threat(scene: Scene, params: Record, world: Record) -> Account:
    """Weigh whether the patron would change the aid as it says: `face_threats`."""
    p, supported = params[0], int(params["supports"][0])
    level = float(params["aid_after_refusal"][0, scene.about])
    cost = float(mean_cost(world[0], supported))
    war, fighting = [], []
    for felt in (float(world["aid_felt"][0]), level):
        seen, table = world.copy(), blank_table()
        seen["aid_felt"] = felt
        wrappers.see(params, seen, table)
        fighting.append(float(table["fighting"][0, supported]))
        war.append(float(table["war"][0, supported]) - cost * fighting[-1])
    cut, lost = float(world["aid"][0]) - level, war[0] - war[1]
    value, aid_cost = float(p["value_of_outcome"]), float(p["aid_cost"])
    price = float(cost_of_cutting_aid(value, lost, aid_cost, cut, fighting[1]))
    reputation = float(p["reputation"])
    return Account(
        CUT if price <= reputation else KEEP,
        Worth(CUT, -price),
        Worth(KEEP, -reputation),
        {
            "territory": -value * lost,
            "aid": aid_cost * cut * fighting[1],
            "reputation": reputation,
        },
    )


_KINDS: dict[str, tuple[Callable[..., Look], Callable[..., Account]]] = {
    ANSWER: (_choose_answer, _account_answer),
    CONDITIONS: (_choose_answer, _account_conditions),
    PROPOSAL: (_choose_proposal, _account_proposal),
    AID: (_choose_aid, _account_aid),
    THREAT: (_choose_threat, _account_threat),
}
