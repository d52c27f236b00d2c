"""What a party weighs in a decision: two worths, and the parts of their difference.

`choose` takes a decision of a scene again, at its own numbers or at others;
`account` tells what was compared. Both enter the kernels of the simulation.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.replay import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT, Scene
from sim.core.acceptance import believed_acceptance
from sim.core.patron import cost_of_cutting_aid
from sim.facts import Facts, named_conditions, offers_in_file
from sim.scenario.build import CONDITION_BITS
from sim.step import doors
from sim.step.aid import worth_of_level
from sim.step.menu import is_on_menu, may_propose
from sim.step.partial import mean_relief
from sim.step.reasons import PARTS
from sim.step.record import (
    ACCEPT,
    AT_SHARE,
    COUNTER,
    DATED,
    DEMANDS,
    NO_LEVEL,
    NOTHING,
    ON_CONDITIONS,
    OPTIMAL,
    PATRON,
    ROUND,
    SIDES,
    TABLE,
)
from sim.step.room import room
from sim.step.terms import idle_demands
from sim.step.wars import mean_cost, own_line
from sim.step.worth import worth_of

Record = NDArray[np.void]
"""Array of shape (1,) of one of the dtypes in `sim.step.record`."""

ACCEPTS, REFUSES, NO_OFFER = "accept", "refuse", "no offer"
FIGHT_ON = "fight on"
CUT, KEEP = "cut the aid", "leave the aid"

# Both worths went through sums of their own; a decision this close is a tie.
ROUNDING = 1e-9


class Worth(NamedTuple):
    """One thing that a party may do, and what it is worth to it."""

    name: str
    worth: float


@dataclass(frozen=True)
class Option:
    """One choice among several: `gain` before, `worth` after the chance of a yes."""

    name: str
    gain: float
    chance: float
    worth: float

    def to_dict(self) -> dict[str, Any]:
        """Return the option as plain data."""
        return dict(vars(self))


@dataclass(frozen=True)
class Account:
    """What is compared: `first`, which speaks for itself, against `second`.

    `parts` sum to the worth of the first less that of the second; `noise` is added to
    it, `aspiration` taken from it, and the sign decides. `options` are all that there
    was to choose from, where it was more than yes or no. `choice` is what comes of it.
    """

    choice: str
    first: Worth
    second: Worth
    parts: dict[str, float]
    noise: float = 0.0
    aspiration: float = 0.0
    options: tuple[Option, ...] = ()
    aid_if: dict[str, float] | None = field(default=None)

    @property
    def difference(self) -> float:
        """Worth of the first less that of the second."""
        return self.first.worth - self.second.worth

    @property
    def weighed(self) -> float:
        """The difference as judged; not below 0 speaks for the first."""
        return self.difference + self.noise - self.aspiration

    def worth_of(self, name: str) -> float:
        """Return the worth of one of the two, or of an option; nan of none of them."""
        known = {each.name: each.worth for each in self.options}
        known |= {each.name: each.worth for each in (self.second, self.first)}
        return known.get(name, 0.0 if name == NO_OFFER else math.nan)


class Look(NamedTuple):
    """What a party would choose, and all numbers that the choice was made from."""

    choice: str
    numbers: bytes


def choose(scene: Scene, params: Record, world: Record) -> Look:
    """Take the decision of a scene again at these numbers; neither is changed."""
    return _CHOOSE[scene.kind](scene, params, world)


def account(
    scene: Scene, params: Record | None = None, world: Record | None = None
) -> Account:
    """Tell what the decision of a scene compares, at its own numbers or at others."""
    return _ACCOUNT[scene.kind](
        scene,
        scene.params if params is None else params,
        scene.world if world is None else world,
    )


# ---- answers, and the conditions named in them ---------------------------------------


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
    doors.STAGE_DOORS["weigh"](params, world, table)
    return params, world, table


def _answered(scene: Scene, params: Record, world: Record, table: Record) -> int:
    return _as_number(doors.scenario_answer(params, world, table, scene.seat))


def _as_number(answer: tuple[int, int]) -> int:
    """Return an answer as one number: its conditions, ACCEPT as -1, a refusal as 0."""
    code, demands = answer
    if code == ACCEPT:
        return -1
    return int(demands) if code == ON_CONDITIONS else 0


def _choose_answer(scene: Scene, params: Record, world: Record) -> Look:
    params, world, table = _answering(scene, params, world)
    answer = _answered(scene, params, world, table)
    return Look(
        ACCEPTS if answer == -1 else REFUSES, _numbers(scene, params, world, table)
    )


def _choose_conditions(scene: Scene, params: Record, world: Record) -> Look:
    params, world, table = _answering(scene, params, world)
    answer = _answered(scene, params, world, table)
    return Look(_conditions_named(answer), _numbers(scene, params, world, table))


def _conditions_named(answer: int) -> str:
    if answer <= 0:
        return ACCEPTS if answer else REFUSES
    return " + ".join(named_conditions(answer))


def _account_answer(scene: Scene, params: Record, world: Record) -> Account:
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


def _account_conditions(scene: Scene, params: Record, world: Record) -> Account:
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
    asked = world["author"][0] == PATRON and _conditional(params, world)
    if asked and threat != NO_LEVEL:
        put["aid_felt"] = threat
    then = _enter(params, put, "appraise", "weigh")
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


# ---- proposals -----------------------------------------------------------------------


def _choose_proposal(scene: Scene, params: Record, world: Record) -> Look:
    world = world.copy()
    table = _enter(params, world, "appraise")
    chosen = int(doors.choose_offer(params, world, table))
    return Look(_offer_name(scene, chosen), _numbers(scene, params, world, table))


def _offer_name(scene: Scene, offer: int) -> str:
    return scene.labels.offer(offer) or NO_OFFER


@dataclass(frozen=True)
class _Proposal:
    """An offer as its author sees it: parts and noise already weighed by the chance."""

    option: Option
    parts: dict[str, float]
    noise: float
    aspiration: float

    @property
    def counts(self) -> bool:
        """Whether its author would rather make it than none."""
        judged = self.option.worth + self.noise
        return judged > 0.0 and judged >= self.aspiration

    @property
    def judged(self) -> float:
        """Worth with the error of judgement."""
        return self.option.worth + self.noise


def _account_proposal(scene: Scene, params: Record, world: Record) -> Account:
    world = world.copy()
    table = _enter(params, world, "appraise")
    chosen = _offer_name(scene, int(doors.choose_offer(params, world, table)))
    menu = [
        _proposal(scene, params, world, table, offer)
        for offer in range(int(params["offers"][0]))
        if may_propose(params[0], world[0], offer)
    ]
    if not menu:
        return Account(chosen, Worth(NO_OFFER, 0.0), Worth(NO_OFFER, 0.0), {})
    menu.sort(key=lambda each: -each.judged)
    first = next((each for each in menu if each.option.name == chosen), menu[0])
    others = [each for each in menu if each is not first and each.counts]
    second = others[0] if others and chosen != NO_OFFER else None
    parts = dict(first.parts)
    if second is not None:
        parts = {name: parts[name] - second.parts[name] for name in parts}
    return Account(
        chosen,
        Worth(first.option.name, first.option.worth),
        Worth(second.option.name, second.option.worth)
        if second is not None
        else Worth(NO_OFFER, 0.0),
        parts,
        noise=first.noise - (second.noise if second is not None else 0.0),
        aspiration=first.aspiration if second is None else 0.0,
        options=tuple(each.option for each in menu),
    )


def _proposal(
    scene: Scene, params: Record, world: Record, table: Record, offer: int
) -> _Proposal:
    seat, chance = scene.seat, 1.0
    for side in range(SIDES):
        if side != seat:
            chance *= believed_acceptance(
                float(table["gain"][0, side, offer]),
                float(table["gain_slope"][0, side, offer]),
                float(world["cost_low"][0, side]),
                float(world["cost_high"][0, side]),
                float(params["decision_noise"][0, side]),
            )
    put, desk = world.copy(), table.copy()
    doors.offer_put(params, put, desk, offer)
    noise = aspiration = 0.0
    if seat == PATRON:
        gain = float(table["patron_gain"][0, offer])
        parts = _parts_of_patron(params, put, desk, offer)
    else:
        gain = float(table["gain"][0, seat, offer])
        gain += float(table["gain_slope"][0, seat, offer] * world["cost"][0, seat])
        noise = float(doors.error_of(params, put, desk, offer, seat))
        aspiration = float(table["aspiration"][0, seat])
        doors.STAGE_DOORS["weigh"](params, put, desk)
        values = np.zeros(len(PARTS))
        doors.explain(params, put, desk, seat, values)
        parts = dict(zip(PARTS, values.tolist(), strict=True))
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
        flows |= dict.fromkeys(("territory", "aid", "sanctions"), 0.0)
    else:
        line = own_line(p, float(world["offer_line"][0]), int(p["supports"]))
        gained = line / p["lines"] - table["war_of_patron"][0]
        flows["territory"] = p["value_of_outcome"] * gained
        frozen = world["aid"][0] * p["aid_freeze"][offer]
        flows["aid"] = p["aid_cost"] * frozen
        flows["sanctions"] = -p["relief_cost"] * p["sanctions_relief"][offer]
    return {name: float(time * flow) for name, flow in flows.items()}


# ---- aid -----------------------------------------------------------------------------


def _choose_aid(scene: Scene, params: Record, world: Record) -> Look:
    world = world.copy()
    world["round_waits"] = 1  # it is this day's decision, however often there is one
    table = _blank()
    doors.STAGE_DOORS["aid"](params, world, table)
    level = float(world["aid"][0])
    return Look(_level_name(level), _numbers(scene, params, world, table))


def _level_name(level: float) -> str:
    return f"{level:g}"


def _account_aid(scene: Scene, params: Record, world: Record) -> Account:
    chosen = _choose_aid(scene, params, world).choice
    levels = params["aid_level"][0, : int(params["aid_levels"][0])]
    menu = [_level(params, world, float(level)) for level in levels]
    options = tuple(
        Option(_level_name(float(level)), worth, 1.0, worth)
        for level, (worth, _) in zip(levels, menu, strict=True)
    )
    ranked = sorted(range(len(menu)), key=lambda i: -options[i].worth)
    first = next(i for i in ranked if options[i].name == chosen)
    second = next((i for i in ranked if i != first), first)
    return Account(
        chosen,
        Worth(chosen, options[first].worth),
        Worth(options[second].name, options[second].worth),
        {name: menu[first][1][name] - menu[second][1][name] for name in menu[0][1]},
        options=options,
    )


def _level(
    params: Record, world: Record, level: float
) -> tuple[float, dict[str, float]]:
    """Worth to the patron of a level of aid, and its parts, as in `best_level`."""
    world, table = world.copy(), _blank()
    if world["business"][0] == NOTHING:
        world["business"], world["author"] = ROUND, PATRON
    world["aid"] = world["aid_felt"] = level
    p, w, t = params[0], world[0], table[0]
    worth = float(worth_of_level(p, w, t))
    fighting = float(table["fighting_of_patron"][0])
    offers = [
        float(worth_of(p, w, t, offer))
        for offer in range(int(p["offers"]))
        if is_on_menu(p, w, offer)
    ]
    return worth, {
        "territory": float(p["value_of_outcome"] * table["war_of_patron"][0]),
        "cost_of_fighting": -float(p["cost_while_war"]) * fighting,
        "aid": -float(p["aid_cost"]) * level * fighting,
        "offers": max([0.0, *offers]),
    }


def _conditional(params: Record, world: Record) -> bool:
    return bool(world["condition_open"][0]) and bool(
        params["aid_after_acceptance"][0] != NO_LEVEL
        or (params["aid_after_refusal"][0] != NO_LEVEL).any()
    )


def _choose_threat(scene: Scene, params: Record, world: Record) -> Look:
    told = _account_threat(scene, params, world)
    numbers = np.array([*told.parts.values()])
    return Look(told.choice, numbers.tobytes())


def _account_threat(scene: Scene, params: Record, world: Record) -> Account:
    """Weigh whether the patron would change the aid as it says: `face_threats`."""
    p, supported = params[0], int(params["supports"][0])
    level = float(params["aid_after_refusal"][0, scene.about])
    cost = float(mean_cost(world[0], supported))
    war, fighting = [], []
    for felt in (float(world["aid_felt"][0]), level):
        seen = world.copy()
        seen["aid_felt"] = felt
        table = _blank()
        doors.see(params, seen, table)
        fighting.append(float(table["fighting"][0, supported]))
        war.append(float(table["war"][0, supported]) - cost * fighting[-1])
    cut = float(world["aid"][0]) - level
    lost = war[0] - war[1]
    price = float(
        cost_of_cutting_aid(
            float(p["value_of_outcome"]), lost, float(p["aid_cost"]), cut, fighting[1]
        )
    )
    reputation = float(p["reputation"])
    return Account(
        CUT if price <= reputation else KEEP,
        Worth(CUT, -price),
        Worth(KEEP, -reputation),
        {
            "territory": -float(p["value_of_outcome"]) * lost,
            "aid": float(p["aid_cost"]) * cut * fighting[1],
            "reputation": reputation,
        },
    )


# ---- what all have in common ---------------------------------------------------------


def _blank() -> Record:
    """Return an empty desk, on which nothing of another world is known."""
    table = room(TABLE, 1)
    table["aid_known"] = -1.0
    return table


def _enter(params: Record, world: Record, *stages: str) -> Record:
    table = _blank()
    for name in stages:
        doors.STAGE_DOORS[name](params, world, table)
    return table


def _numbers(scene: Scene, params: Record, world: Record, table: Record) -> bytes:
    """Return what a choice is made from, to see whether an input touches it."""
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
    return b"".join(np.asarray(part).tobytes() for part in parts)


_CHOOSE: dict[str, Callable[[Scene, Record, Record], Look]] = {
    ANSWER: _choose_answer,
    CONDITIONS: _choose_conditions,
    PROPOSAL: _choose_proposal,
    AID: _choose_aid,
    THREAT: _choose_threat,
}
_ACCOUNT: dict[str, Callable[[Scene, Record, Record], Account]] = {
    ANSWER: _account_answer,
    CONDITIONS: _account_conditions,
    PROPOSAL: _account_proposal,
    AID: _account_aid,
    THREAT: _account_threat,
}
