"""The menu of a day: what each offer that may be put forward is worth, and to whom.

In a round the menu holds what the day's author may propose; on the date of an offer it
holds that offer. Values go to the table, from which `propose` and `weigh` read. An
offer whose line is optimal gets its line here.
"""

from sim.model.compile import kernel
from sim.model.stages.aspiration import aspire
from sim.model.stages.offer_values import value_on_menu
from sim.model.stages.outlook import at_expected_aid, face_war, look_ahead, outlook
from sim.model.stages.terms import line_of, same_terms
from sim.model.stages.threats import face_threats, is_conditional, price_refusal
from sim.model.stages.valuation import list_wars_after
from sim.model.stages.wars import war_at_drift
from sim.model.state import (
    DATED,
    NO_LEVEL,
    NOBODY,
    OPTIMAL,
    PATRON,
    SIDES,
    Params,
    Table,
    World,
)


@kernel
def may_propose(params: Params, world: World, offer: int) -> bool:
    """Whether today's author may put this offer on the table in a round.

    Not what is in force, nor what was refused a short time ago, under whatever name.
    """
    if (params.offered_by[offer] >> world.author) & 1 == 0:
        return False
    for other in range(params.offers):
        taken = world.blocked_until[other] > world.step or world.partial_offer == other
        if taken and same_terms(params, world, offer, other):
            return False
    return True


@kernel(inline="always")
def is_on_menu(table: Table, offer: int) -> bool:
    """Whether an offer is valued today: the dated one, or what may be proposed."""
    return (table.menu >> offer) & 1 == 1


@kernel
def list_menu(params: Params, world: World, table: Table) -> bool:
    """Write to the table what is on the menu; return whether there is anything."""
    table.menu = 0
    if world.business == DATED:
        table.menu = 1 << world.offer
        return True
    for offer in range(params.offers):
        if may_propose(params, world, offer):
            table.menu |= 1 << offer
    return table.menu != 0


@kernel
def list_wars_of_menu(
    params: Params, world: World, table: Table, expected: float
) -> None:
    """Look ahead, and list the wars that the menu asks for.

    `expected` is the drift that the patron expects, if it is the author.
    """
    look_ahead(params, world, table)
    if world.author == PATRON:
        table.place_of_patron = war_at_drift(params, world, table, expected)
    for offer in range(params.offers):
        if is_on_menu(table, offer) and params.line_kind[offer] != OPTIMAL:
            line = line_of(params, world, table, offer)
            list_wars_after(params, world, table, offer, 0, NOBODY, line)


@kernel
def value_menu(params: Params, world: World, table: Table) -> None:
    """Value fighting on and each offer on the menu, if any.

    While aid hangs on the answers to an offer of the patron, the truce is valued at the
    level that is promised, and refusing it at the level that is threatened.
    """
    if not list_menu(params, world, table):
        return
    of_patron = world.author == PATRON
    conditional = of_patron and is_conditional(params, world)
    felt = world.aid_felt
    # at present aid
    expected = drift_of_patron(params, world) if of_patron else 0.0
    if conditional:
        face_threats(params, world, table)
        aspire(params, world, table)
        if table.promise != NO_LEVEL:
            world.aid_felt = table.promise
    list_wars_of_menu(params, world, table, expected)
    face_war(params, world, table)
    if of_patron:
        keep_war_of_patron(params, table)
    if not conditional:
        if of_patron:
            price_refusal(params, table)
        aspire(params, world, table)
    for offer in range(params.offers):
        if is_on_menu(table, offer):
            value_on_menu(params, world, table, offer)
    if conditional:
        world.aid_felt = felt
        outlook(params, world, table)


@kernel
def drift_of_patron(params: Params, world: World) -> float:
    """Drift towards side 0 that the patron expects: at the mean of both beliefs."""
    mean = 0.5 * (world.belief[0] + world.belief[1])
    return at_expected_aid(params, world, mean)


@kernel
def keep_war_of_patron(params: Params, table: Table) -> None:
    """Write W_0, the supported side's war without cost and chips, from the list."""
    lane = SIDES * table.place_of_patron + params.supports
    table.war_of_patron = table.war_value[lane]
    table.fighting_of_patron = table.war_fighting[lane]


@kernel
def face_war_as_patron(params: Params, world: World, table: Table) -> None:
    """Write W_0 where there is no menu to value it with."""
    look_ahead(params, world, table)
    expected = drift_of_patron(params, world)
    table.place_of_patron = war_at_drift(params, world, table, expected)
    face_war(params, world, table)
    keep_war_of_patron(params, table)
