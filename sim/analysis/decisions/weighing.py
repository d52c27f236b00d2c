"""What a party weighs in a decision: two worths, and the parts of their difference.

`choose` takes a decision of a scene again, at its own numbers or at others; `account`
tells what was compared: accepting and fighting on, as the offer is or with conditions;
the offers of a menu; levels of aid; keeping a threat and breaking it. Both enter the
kernels of the simulation.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from sim.analysis.decisions.aid_choices import (
    account_aid,
    account_threat,
    choose_aid,
    choose_threat,
)
from sim.analysis.decisions.payoffs import (
    ACCEPTS,
    FIGHT_ON,
    NO_OFFER,
    REFUSES,
    Account,
    Look,
    Option,
    Worth,
    enter,
    look,
)
from sim.model import state, wrappers
from sim.model.events import Record, at_own_cost, named_conditions, reason
from sim.model.labels import CONDITION_BITS
from sim.model.policies import chance_of_a_yes
from sim.model.stages.menu import may_propose
from sim.model.stages.partial_truce import mean_relief
from sim.model.stages.terms import TERM_PARTS, idle_demands, patron_terms
from sim.model.stages.threats import is_conditional
from sim.model.stages.wars import own_line
from sim.model.state import AT_LINE, COUNTER, DATED, PATRON
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT, Scene


def choose(scene: Scene, params: Record, world: Record) -> Look:
    """Take the decision of a scene again at these numbers; neither is changed."""
    return _KINDS[scene.kind][0](scene, params, world)


def account(
    scene: Scene, params: Record | None = None, world: Record | None = None
) -> Account:
    """Tell what the decision of a scene compares, at its own numbers or at others.

    The choice is what these numbers make of it; where a policy decided that is not the
    scenario's, it is what was done.
    """
    told = _KINDS[scene.kind][1](
        scene,
        scene.params if params is None else params,
        scene.world if world is None else world,
    )
    return replace(told, choice=_done(scene)) if scene.by_policy else told


def _done(scene: Scene) -> str:
    """Return what was done in a scene, in the names of an account."""
    event = scene.event
    if scene.kind == PROPOSAL:
        return NO_OFFER if event is None else str(event["offer"])
    assert event is not None
    if scene.kind == CONDITIONS:
        return " + ".join(event["terms"]["conditions"])
    return ACCEPTS if event["type"] == "acceptance" else REFUSES


def asking_freely(params: Record, seat: int) -> Record:
    """Return parameters by which all conditions of a side are valued.

    The model values those of a side that would refuse, which is who names them; a
    person at the table may name some where the numbers say yes. A script has them
    valued always, and one without entries answers as best response.
    """
    params = params.copy()
    params["policy"][0, seat] = state.SCRIPTED
    params["answers"] = 0
    return params


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
    if scene.by_policy:
        params = asking_freely(params, scene.seat)
    offer = int(world["offer"][0])
    hoped = None
    if world["business"][0] in (state.ROUND, DATED):
        world["business"] = DATED
        if params["line_kind"][0, offer] == state.OPTIMAL:
            hoped = enter(params, world.copy(), "appraise")["aspiration"]
            params = params.copy()
            params["line_kind"][0, offer] = AT_LINE
            params["line_km2"][0, offer] = world["offer_line"][0]
    elif world["business"][0] == COUNTER and params["line_kind"][0, offer] == AT_LINE:
        world["offer_line"] = params["line_km2"][0, offer]
    table = enter(params, world, "appraise")
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
    return look(scene, name(answer), *records)


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
    compared = reason(params, put, enter(params, put, "appraise", "weigh"), side)
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
    table = enter(params, world, "appraise")
    chosen = int(wrappers.choose_offer(params, world, table))
    return scene.labels.offer(chosen) or NO_OFFER, world, table


def _choose_proposal(scene: Scene, params: Record, world: Record) -> Look:
    chosen, world, table = _chosen_offer(scene, params, world)
    return look(scene, chosen, params, world, table)


def _account_proposal(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the offer made with the next best, or with none."""
    chosen, world, table = _chosen_offer(scene, params, world)
    if scene.by_policy:
        chosen = _done(scene)
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
    time = (1.0 - p["discount"]) * table["truce_worth"][0, offer]
    flows = {"cost_of_fighting": float(p["cost_while_war"])}
    if p["partial"][offer]:
        flows["cost_of_fighting"] *= mean_relief(p, offer)
        flows |= dict.fromkeys(("territory", *TERM_PARTS), 0.0)
    else:
        line = own_line(p, float(world["offer_line"][0]), int(p["supports"]))
        gained = line - table["war_of_patron"][0]
        flows["territory"] = p["value_per_km2"] * gained
        of_terms = patron_terms(p, world[0], offer)
        flows |= zip(TERM_PARTS, of_terms, strict=True)
    return {name: float(time * flow) for name, flow in flows.items()}


_KINDS: dict[str, tuple[Callable[..., Look], Callable[..., Account]]] = {
    ANSWER: (_choose_answer, _account_answer),
    CONDITIONS: (_choose_answer, _account_conditions),
    PROPOSAL: (_choose_proposal, _account_proposal),
    AID: (choose_aid, account_aid),
    THREAT: (choose_threat, account_threat),
}
