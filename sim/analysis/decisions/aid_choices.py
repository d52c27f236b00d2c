"""Aid, as the patron weighs it: which level it gives, and whether its threat counts."""

import numpy as np

from sim.analysis.decisions.payoffs import (
    CUT,
    KEEP,
    Account,
    Look,
    Option,
    Worth,
    enter,
    look,
)
from sim.model import state, wrappers
from sim.model.events import Record, blank_table
from sim.model.formulas.patron import cost_of_cutting_aid
from sim.model.stages.aid import worth_of_level
from sim.model.stages.menu import is_on_menu
from sim.model.stages.offer_values import worth_of
from sim.model.stages.wars import mean_cost
from sim.model.state import PATRON
from sim.model.world import Scene


def choose_aid(scene: Scene, params: Record, world: Record) -> Look:
    """Choose the level of aid again."""
    world = world.copy()
    world["round_waits"] = 1  # it is this day's decision, however often there is one
    table = enter(params, world, "aid")
    return look(scene, f"{float(world['aid'][0]):g}", params, world, table)


def account_aid(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the level chosen with the next best."""
    chosen = choose_aid(scene, params, world).choice
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
        "territory": float(p["value_per_km2"] * table["war_of_patron"][0]),
        "cost_of_fighting": -float(p["cost_while_war"]) * fighting,
        "aid": -float(p["aid_cost"]) * level * fighting,
        "offers": max([0.0, *offers]),
    }


def choose_threat(scene: Scene, params: Record, world: Record) -> Look:
    """Choose again whether the aid would be changed as threatened."""
    told = account_threat(scene, params, world)
    return Look(told.choice, np.array([*told.parts.values()]).tobytes())


def account_threat(scene: Scene, params: Record, world: Record) -> Account:
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
    value, aid_cost = float(p["value_per_km2"]), float(p["aid_cost"])
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
