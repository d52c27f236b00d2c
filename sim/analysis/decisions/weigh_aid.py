"""Aid weighed by the patron: which level to give, and whether its threat counts."""

import numpy as np

from sim.analysis.decisions.payoffs import (
    CUT,
    KEEP,
    Account,
    Look,
    Option,
    Record,
    Worth,
    blank_table,
    numbers,
)
from sim.model import wrappers
from sim.model.formulas.patron import cost_of_cutting_aid
from sim.model.stages.aid import worth_of_level
from sim.model.stages.menu import is_on_menu
from sim.model.stages.offer_values import worth_of
from sim.model.stages.wars import mean_cost
from sim.model.state import NOTHING, PATRON, ROUND
from sim.model.world import Scene


def choose_aid(scene: Scene, params: Record, world: Record) -> Look:
    """Let the patron choose its level of aid again."""
    world = world.copy()
    world["round_waits"] = 1  # it is this day's decision, however often there is one
    table = blank_table()
    wrappers.STAGE_WRAPPERS["aid"](params, world, table)
    level = float(world["aid"][0])
    return Look(_level_name(level), numbers(scene, params, world, table))


def _level_name(level: float) -> str:
    return f"{level:g}"


def account_aid(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the level chosen with the next best."""
    chosen = choose_aid(scene, params, world).choice
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
    world, table = world.copy(), blank_table()
    if world["business"][0] == NOTHING:
        world["business"], world["author"] = ROUND, PATRON
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


def choose_threat(scene: Scene, params: Record, world: Record) -> Look:
    """Find out again whether a threat counts."""
    told = account_threat(scene, params, world)
    return Look(told.choice, np.array([*told.parts.values()]).tobytes())


def account_threat(scene: Scene, params: Record, world: Record) -> Account:
    """Weigh whether the patron would change the aid as it says: `face_threats`."""
    p, supported = params[0], int(params["supports"][0])
    level = float(params["aid_after_refusal"][0, scene.about])
    cost = float(mean_cost(world[0], supported))
    war, fighting = [], []
    for felt in (float(world["aid_felt"][0]), level):
        seen = world.copy()
        seen["aid_felt"] = felt
        table = blank_table()
        wrappers.see(params, seen, table)
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
