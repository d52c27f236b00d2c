"""Aid from the patron: its level, by rule, and its effect at the front, which lags."""

from sim.model.compile import kernel
from sim.model.rng import AID_REVERT, uniform
from sim.model.stages.menu import face_war_as_patron, is_on_menu, value_menu
from sim.model.stages.offer_values import worth_of
from sim.model.state import (
    BEST_LEVEL,
    DATED,
    NOBODY,
    NOTHING,
    PATRON,
    ROUND,
    WAR,
    Params,
    Table,
    World,
)


@kernel
def aid(params: Params, world: World, table: Table) -> None:
    """End a pause by chance, let the patron decide, then let the effect follow.

    A level other than the long-run one goes there with hazard rho_a (`aid_revert`).
    """
    if params.supports == NOBODY:
        return
    if world.aid != params.aid_long_run and params.aid_revert > 0.0:
        luck = uniform(world.seed, world.replicate, world.step, AID_REVERT)
        if luck < params.aid_revert:
            world.aid = params.aid_long_run
    if params.aid_rule == BEST_LEVEL and decides_on_aid(params, world):
        world.aid = best_level(params, world, table)
    world.aid_felt += (world.aid - world.aid_felt) * params.aid_felt_at_once


@kernel
def decides_on_aid(params: Params, world: World) -> bool:
    """Whether the patron looks at the level of aid today: in rounds, and by date."""
    if world.phase != WAR:
        return False
    if world.business == DATED:
        return world.author == PATRON
    since = world.step - params.first_round
    return world.round_waits == 1 or (since >= 0 and since % params.round_every == 0)


@kernel
def best_level(params: Params, world: World, table: Table) -> float:
    """Level of aid that is worth most to the patron, the first of equals.

    Its worth of a level: B W_0 - (kap_w + kap_a a) (1 - psi - phi), the war going on at
    that level, and the best of its offers weighed by the chances that both sides
    accept it at that level.
    """
    aid, felt = world.aid, world.aid_felt
    business, author = world.business, world.author
    if business == NOTHING:
        world.business, world.author = ROUND, PATRON
    best, chosen = 0.0, aid
    for i in range(params.aid_levels):
        world.aid = world.aid_felt = params.aid_level[i]
        worth = worth_of_level(params, world, table)
        if i == 0 or worth > best:
            best, chosen = worth, params.aid_level[i]
    world.aid, world.aid_felt = aid, felt
    world.business, world.author = business, author
    return chosen


@kernel
def worth_of_level(params: Params, world: World, table: Table) -> float:
    """Worth to the patron of the present level of aid."""
    value_menu(params, world, table)
    if table.menu == 0:
        face_war_as_patron(params, world, table)
    war = params.value_per_km2 * table.war_of_patron
    flow = params.cost_while_war + params.aid_cost * world.aid
    war -= flow * table.fighting_of_patron
    best = 0.0
    for offer in range(params.offers):
        if is_on_menu(table, offer):
            best = max(best, worth_of(params, world, table, offer))
    return war + best
