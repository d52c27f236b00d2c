"""The menu of a day: what each offer that may be put forward is worth, and to whom.

In a round the menu holds what the day's author may propose; on the date of an offer it
holds that offer. Values go to the table, from which `propose` and `weigh` read. An
offer whose line is optimal gets its line here.
"""

from typing import Final

from sim.core.compile import kernel
from sim.core.elementary import logit
from sim.core.patron import patron_gain
from sim.step.aspiration import aspire
from sim.step.draws import judgement
from sim.step.outlook import at_expected_aid, face_war, look_ahead, outlook
from sim.step.partial import mean_relief
from sim.step.record import (
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
from sim.step.terms import line_of
from sim.step.threats import face_threats, is_conditional, price_refusal
from sim.step.valuation import (
    chance_of,
    gain_of,
    gain_over_refusal,
    list_wars_after,
    value_offer,
)
from sim.step.wars import own_line, war_at_odds

_LINES_TRIED: Final = 64  # over the whole stake, before the best is searched closely
_TURNS: Final = 40  # of the close search, which ends at 1e-9 of the stake
_GOLDEN: Final = 0.6180339887498949  # (sqrt(5) - 1) / 2


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


@kernel
def same_terms(params: Params, world: World, one: int, other: int) -> bool:
    """Whether two offers of the menu mean the same today.

    What they say of chips that nobody holds any more makes no difference.
    """
    if one == other:
        return True
    same = (
        params.partial[one] == params.partial[other]
        and params.duration[one] == params.duration[other]
        and params.line_kind[one] == params.line_kind[other]
        and params.line_share[one] == params.line_share[other]
        and params.aid_freeze[one] == params.aid_freeze[other]
        and params.sanctions_relief[one] == params.sanctions_relief[other]
        # equal monitoring, as far as it matters
        and params.breakdown[one, 0] == params.breakdown[other, 0]
    )
    for side in range(SIDES):
        same = same and params.relief[side, one] == params.relief[side, other]
    for j in range(params.chips):
        back = params.hand_back[one, j] == params.hand_back[other, j]
        same = same and (back or world.chip[j] <= 0.0)
    return same


@kernel(inline="always")
def is_on_menu(params: Params, world: World, offer: int) -> bool:
    """Whether an offer is valued today: the dated one, or what may be proposed."""
    if world.business == DATED:
        return offer == world.offer
    return may_propose(params, world, offer)


@kernel
def has_a_choice(params: Params, world: World) -> bool:
    """Whether there is anything on the menu."""
    found = False
    for offer in range(params.offers):
        found = found or is_on_menu(params, world, offer)
    return found


@kernel
def value_menu(params: Params, world: World, table: Table) -> None:
    """Value fighting on and each offer on the menu, if any.

    While aid hangs on the answers to an offer of the patron, the truce is valued at the
    level that is promised, and refusing it at the level that is threatened.
    """
    if not has_a_choice(params, world):
        return
    of_patron = world.author == PATRON
    conditional = of_patron and is_conditional(params, world)
    felt = world.aid_felt
    odds = odds_of_patron(params, world) if of_patron else 0.0  # at present aid
    if conditional:
        face_threats(params, world, table)
        aspire(params, world, table)
        if table.promise != NO_LEVEL:
            world.aid_felt = table.promise
    look_ahead(params, world, table)
    war_of_patron = NOBODY
    if of_patron:
        war_of_patron = war_at_odds(params, world, table, odds)
    for offer in range(params.offers):
        if is_on_menu(params, world, offer) and params.line_kind[offer] != OPTIMAL:
            line = line_of(params, world, table, offer)
            list_wars_after(params, world, table, offer, 0, NOBODY, line)
    face_war(params, world, table)
    if of_patron:
        keep_war_of_patron(params, table, war_of_patron)
    if not conditional:
        if of_patron:
            price_refusal(params, table)
        aspire(params, world, table)
    for offer in range(params.offers):
        if is_on_menu(params, world, offer):
            value_on_menu(params, world, table, offer)
    if conditional:
        world.aid_felt = felt
        outlook(params, world, table)


@kernel
def odds_of_patron(params: Params, world: World) -> float:
    """Log-odds of side 0 in a long war as the patron sees them: at the mean belief."""
    mean = logit(0.5 * (world.belief[0] + world.belief[1]))
    return at_expected_aid(params, world, mean)


@kernel
def keep_war_of_patron(params: Params, table: Table, war: int) -> None:
    """Write W_0, the supported side's war without cost and chips, from the list."""
    lane = SIDES * war + params.supports
    table.war_of_patron = table.war_value[lane]
    table.fighting_of_patron = table.war_fighting[lane]


@kernel
def face_war_as_patron(params: Params, world: World, table: Table) -> None:
    """Write W_0 where there is no menu to value it with."""
    look_ahead(params, world, table)
    war = war_at_odds(params, world, table, odds_of_patron(params, world))
    face_war(params, world, table)
    keep_war_of_patron(params, table, war)


@kernel
def value_on_menu(params: Params, world: World, table: Table, offer: int) -> None:
    """Value one offer of the menu, on its best line if that is to be found."""
    if params.line_kind[offer] == OPTIMAL:
        table.menu_line[offer] = best_line(params, world, table, offer)
    line = line_of(params, world, table, offer)
    value_on_line(params, world, table, offer, line)


@kernel
def value_on_line(
    params: Params, world: World, table: Table, offer: int, line: float
) -> None:
    """Write gains of both sides, and of a patron that proposes, from an offer."""
    variant = value_offer(params, world, table, offer, 0, NOBODY, line)
    table.menu_variant[offer] = variant
    of_patron = world.author == PATRON
    for side in range(SIDES):
        gain, slope = gain_of(table, side)
        if of_patron:
            gain, slope = gain_over_refusal(table, side)
        table.gain[side, offer], table.gain_slope[side, offer] = gain, slope
    if of_patron:
        table.patron_gain[offer] = gain_of_patron(
            params, world, table, offer, line, variant
        )


@kernel
def gain_of_patron(
    params: Params, world: World, table: Table, offer: int, line: float, variant: int
) -> float:
    """Gain of the patron from an offer; a partial truce spares it a part of the war."""
    if params.partial[offer]:
        spared = params.cost_while_war * mean_relief(params, offer)
        worth = params.annuity[offer, variant]
        return patron_gain(worth, params.discount, spared, 0.0, 0.0, 0.0)
    frozen = world.aid * params.aid_freeze[offer]
    share = own_line(params, line, params.supports) / params.lines
    return patron_gain(
        params.annuity[offer, variant],
        params.discount,
        params.cost_while_war,
        params.aid_cost * frozen,
        params.value_of_outcome * (share - table.war_of_patron),
        params.relief_cost * params.sanctions_relief[offer],
    )


@kernel
def worth_of(params: Params, world: World, table: Table, offer: int) -> float:
    """Expected gain of today's author from an offer of the menu; 0 if it has none.

    The patron weighs its own gain by the chances that both sides accept, a side by
    that of the other one. A side judges its offers as it judges those of others: with
    the same error, and against the same aspiration.
    """
    author = world.author
    if author == PATRON:
        worth = table.patron_gain[offer]
    else:
        worth = table.gain[author, offer]
        worth += table.gain_slope[author, offer] * world.cost[author]
        worth += judgement(params, world, table, offer, author)
        if worth < table.aspiration[author]:
            return 0.0
    if worth <= 0.0:
        return 0.0
    for side in range(SIDES):
        if side != author:
            worth *= chance_of(
                params,
                world,
                side,
                table.gain[side, offer],
                table.gain_slope[side, offer],
            )
    return worth


@kernel
def best_line(params: Params, world: World, table: Table, offer: int) -> float:
    """Line, in steps of side 0, at which an offer is worth most to its author.

    The best of some lines over the whole stake, then a golden-section search around
    it. Where truces pay by their line only and the cost of the other side is uniform,
    this is the take-it-or-leave-it demand of Fearon (1995), `best_demand`. The line in
    place where no line is worth anything.
    """
    best, found = 0.0, -1.0
    width = params.lines / _LINES_TRIED
    for i in range(_LINES_TRIED + 1):
        worth = worth_on_line(params, world, table, offer, i * width)
        if worth > best:
            best, found = worth, i * width
    if found < 0.0:
        return world.line
    low, high = max(found - width, 0.0), min(found + width, params.lines)
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left = worth_on_line(params, world, table, offer, left)
    at_right = worth_on_line(params, world, table, offer, right)
    for _ in range(_TURNS):
        if at_left > best:
            best, found = at_left, left
        if at_right > best:
            best, found = at_right, right
        # worth may jump, where a settlement ceases to be possible or a claim is met:
        # the best line seen stays in the bracket, whatever its neighbours are worth
        if left >= found or (right > found and at_left > at_right):
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = worth_on_line(params, world, table, offer, left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = worth_on_line(params, world, table, offer, right)
    return found


@kernel
def worth_on_line(
    params: Params, world: World, table: Table, offer: int, line: float
) -> float:
    """Expected gain of today's author from an offer on some line."""
    value_on_line(params, world, table, offer, line)
    return worth_of(params, world, table, offer)
