"""What an offer is worth to its author, and the line that the author draws."""

from typing import Final

from sim.model.compile import kernel
from sim.model.formulas.patron import patron_gain
from sim.model.stages.draws import judgement
from sim.model.stages.partial_truce import mean_relief
from sim.model.stages.terms import line_of, patron_flow, variant_of
from sim.model.stages.valuation import (
    chance_of,
    gain_of,
    gain_over_refusal,
    value_offer,
)
from sim.model.state import NOBODY, OPTIMAL, PATRON, SIDES, Params, Table, World

_LINES_TRIED: Final = 64  # over the whole stake, before the best is searched closely
_TURNS: Final = 40  # of the close search, which ends at 1e-9 of the stake
_GOLDEN: Final = 0.6180339887498949  # (sqrt(5) - 1) / 2


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
    value_offer(params, world, table, offer, 0, NOBODY, line)
    of_patron = world.author == PATRON
    for side in range(SIDES):
        gain, slope = gain_of(table, side)
        if of_patron:
            gain, slope = gain_over_refusal(table, side)
        table.gain[side, offer], table.gain_slope[side, offer] = gain, slope
    if of_patron:
        table.patron_gain[offer] = gain_of_patron(params, world, table, offer, line)


@kernel
def gain_of_patron(
    params: Params, world: World, table: Table, offer: int, line: float
) -> float:
    """Gain of the patron from the offer that was valued last.

    A partial truce spares it a part of the war.
    """
    if params.partial[offer]:
        flow = params.cost_while_war * mean_relief(params, offer)
    else:
        flow = patron_flow(params, world, table, offer, line)
    chance = table.settle_chance
    worth = chance * params.annuity[offer, variant_of(0, 1)]
    worth += (1.0 - chance) * params.annuity[offer, variant_of(0, 0)]
    table.truce_worth[offer] = worth
    return patron_gain(worth, params.discount, flow)


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
        if side != author and worth > 0.0:
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
    """Line at which an offer is worth most to its author.

    The best of some lines over the whole stake and of those at which others begin or
    cease to accept, then a golden-section search around it. Where truces pay by their
    line only and the cost of the other side is uniform, this is the take-it-or-leave-it
    demand of Fearon (1995). The line in place where no line is worth anything.
    """
    best, found = 0.0, -1.0
    width = params.stake / _LINES_TRIED
    before_first, before_second = 0.0, 0.0
    for i in range(_LINES_TRIED + 1):
        worth = worth_on_line(params, world, table, offer, i * width)
        if worth > best:
            best, found = worth, i * width
        first = most_willing(world, table, offer, 0)
        second = most_willing(world, table, offer, 1)
        if i > 0:
            for side in range(SIDES):
                now = first if side == 0 else second
                before = before_first if side == 0 else before_second
                if side != world.author and (now >= 0.0) != (before >= 0.0):
                    refused, accepted = i * width, (i - 1) * width
                    if now >= 0.0:
                        refused, accepted = accepted, refused
                    line = edge(params, world, table, offer, side, refused, accepted)
                    worth = worth_on_line(params, world, table, offer, line)
                    if worth > best:
                        best, found = worth, line
        before_first, before_second = first, second
    if found < 0.0:
        return world.line
    low, high = max(found - width, 0.0), min(found + width, params.stake)
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
def most_willing(world: World, table: Table, offer: int, side: int) -> float:
    """Gain of a side from an offer at the cost of war at which it gains most."""
    gain, slope = table.gain[side, offer], table.gain_slope[side, offer]
    return gain + max(slope * world.cost_low[side], slope * world.cost_high[side])


@kernel
def edge(
    params: Params,
    world: World,
    table: Table,
    offer: int,
    side: int,
    refused: float,
    accepted: float,
) -> float:
    """Last line between two that a side at its most willing accepts."""
    for _ in range(_TURNS):
        middle = 0.5 * (refused + accepted)
        value_on_line(params, world, table, offer, middle)
        if most_willing(world, table, offer, side) >= 0.0:
            accepted = middle
        else:
            refused = middle
    return accepted


@kernel
def worth_on_line(
    params: Params, world: World, table: Table, offer: int, line: float
) -> float:
    """Expected gain of today's author from an offer on some line."""
    value_on_line(params, world, table, offer, line)
    return worth_of(params, world, table, offer)
