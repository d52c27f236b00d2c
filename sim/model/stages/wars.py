"""Wars of a day: what fighting is worth from each start that somebody thinks of.

A day of bargaining asks for many wars: the one that goes on, and those that may follow
each truce. They are listed in the table first and valued together, since a processor
values several wars at once in the time of one. A war that two offers lead to is listed
once. What is asked for and not listed is valued alone, so listing changes only speed.

A war has one lane per side, 2 * war + side, in the arrays of the table. Its value needs
the discounted odds of the front as that side sees it, and once more for each chip at
stake: to hold a chip that melts is like waiting with less patience.
"""

from typing import Any

from sim.model.compile import kernel
from sim.model.formulas.front import discounted_odds, expected_gain, rate_while_held
from sim.model.formulas.war import discount_weighted_mean, time_held, war_value
from sim.model.state import LANES, SIDES, WARS, Params, Table, World

_NO_LINE = -1.0  # from which no offer leads to war


@kernel(inline="always")
def own_line(params: Params, line: float, side: int) -> float:
    """Part of the stake that `side` holds when side 0 holds `line`, km2."""
    return line if side == 0 else params.stake - line


@kernel(inline="always")
def mean_cost(world: World, side: int) -> float:
    """Cost of war of a side as others expect it."""
    return 0.5 * (world.cost_low[side] + world.cost_high[side])


@kernel(inline="always")
def drift_by_chips(params: Params, world: World, table: Table) -> float:
    """Drift that `table.kept` chips are expected to give side 0 in a long war."""
    total = 0.0
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            hazard = table.loss_hazard[j, world.regime[j]]
            mean = discount_weighted_mean(table.kept[j], 0.0, params.discount, hazard)
            total += params.chip_drift[j] * mean
    return total


@kernel
def expected_drift(
    params: Params, world: World, table: Table, side: int, rearmed: float
) -> float:
    """Drift towards its own victory, in km2 a week, of the war that a side values."""
    towards = drift_by_chips(params, world, table) + rearmed
    return table.base_drift[side] + (towards if side == 0 else -towards)


@kernel
def forget_wars(table: Table) -> None:
    """Empty the list: beliefs, aid or chips are no longer what they were."""
    table.wars, table.valued = 0, 0


@kernel
def listed_war(
    params: Params, world: World, table: Table, line: float, rearmed: float
) -> int:
    """Place in the list of the war that starts here, listing it if it is new.

    It starts at `line` with the chips in `table.kept` and the rearmament `rearmed`, at
    the drift in `table.base_drift`.
    """
    for war in range(table.wars):
        if table.war_line[war] == line and table.war_rearmed[war] == rearmed:
            same = True
            for j in range(params.chips):
                same = same and table.war_chips[war, j] == table.kept[j]
            if same:
                return war
    return new_war(
        params,
        world,
        table,
        line,
        rearmed,
        table.base_drift[0],
        table.base_drift[1],
    )


@kernel
def new_war(
    params: Params,
    world: World,
    table: Table,
    line: float,
    rearmed: float,
    drift_of_first: float,
    drift_of_second: float,
) -> int:
    """List a war at another drift than the day's: each side's own."""
    if table.wars == WARS:
        forget_wars(table)
    war = table.wars
    table.wars += 1
    table.war_line[war], table.war_rearmed[war] = line, rearmed
    towards = drift_by_chips(params, world, table) + rearmed
    first, second = SIDES * war, SIDES * war + 1
    table.war_drift[first] = drift_of_first + towards
    table.war_drift[second] = drift_of_second - towards
    table.war_held[first], table.war_held[second] = line, params.stake - line
    for j in range(params.chips):
        kept = table.kept[j]
        table.war_chips[war, j] = kept
        own = 1.0 if params.chip_holder[j] == 0 else -1.0
        table.war_stakes[j, first] = own * params.chip_value[0, j] * kept
        table.war_stakes[j, second] = -own * params.chip_value[1, j] * kept
    return war


@kernel
def war_at_drift(params: Params, world: World, table: Table, drift: float) -> int:
    """List the war that goes on, without its chips, as one who expects a drift sees it.

    `drift` is towards side 0. Writes over `table.kept`.
    """
    for j in range(params.chips):
        table.kept[j] = 0.0
    war = new_war(params, world, table, world.line, world.rearmed, drift, -drift)
    table.war_line[war] = _NO_LINE  # so that no offer finds it
    return war


@kernel
def value_wars(params: Params, world: World, table: Table) -> None:
    """Value the wars of the list that have no value yet, all at once.

    Writes the value at no cost of war and without bargaining, and 1 - psi - phi, by
    which the cost counts.
    """
    first, many = SIDES * table.valued, SIDES * (table.wars - table.valued)
    if many == 0:
        return
    table.valued = table.wars
    # in whole vectors: what is left of the last one is of wars that nobody has listed
    last = first + (many + LANES - 1) // LANES * LANES
    drift, held = table.war_drift[first:last], table.war_held[first:last]
    value, fighting = table.war_value[first:last], table.war_fighting[first:last]
    value_fronts(params, drift, held, value, fighting)
    for j in range(params.chips):
        if world.chip[j] > 0.0:
            hazard = table.loss_hazard[j, world.regime[j]]
            stakes = table.war_stakes[j, first:last]
            add_chip(params, hazard, stakes, drift, held, value)


@kernel
def value_fronts(
    params: Params, drift: Any, held: Any, value: Any, fighting: Any
) -> None:
    """Write the value of wars without chips, and 1 - psi - phi; arrays (lanes,)."""
    for lane in range(drift.size):
        value[lane], fighting[lane] = value_front(params, drift[lane], held[lane])


@kernel(inline="always")
def value_front(params: Params, drift: float, held: float) -> tuple[float, float]:
    """Value of a war without chips to one side, and 1 - psi - phi.

    `drift` is towards its own victory, `held` its own part of the stake.
    """
    stake, flow = params.stake, params.territory_flow
    psi, phi = discounted_odds(drift, params.front_volatility, params.rate, held, stake)
    gain = expected_gain(drift, params.weeks, params.discount, flow)
    return war_value(held, stake, psi, phi, gain, flow), 1.0 - psi - phi


@kernel
def add_chip(
    params: Params, hazard: float, stakes: Any, drift: Any, held: Any, value: Any
) -> None:
    """Add what a chip is worth while the wars go on: `stakes` for the time it is held.

    `hazard` is the chance per step that it is lost; arrays (lanes,).
    """
    stake, volatility, discount = params.stake, params.front_volatility, params.discount
    rate = rate_while_held(params.rate, hazard, params.weeks)
    for lane in range(drift.size):
        psi, phi = discounted_odds(drift[lane], volatility, rate, held[lane], stake)
        value[lane] += stakes[lane] * time_held(1.0 - psi - phi, discount, hazard)


@kernel(inline="always")
def war_from(
    params: Params, world: World, table: Table, line: float, rearmed: float
) -> int:
    """Place in the list of a war, which is valued by now."""
    war = listed_war(params, world, table, line, rearmed)
    if war >= table.valued:
        value_wars(params, world, table)
    return war


@kernel
def fight(
    params: Params, world: World, table: Table, side: int, line: float, rearmed: float
) -> tuple[float, float]:
    """Value of war at no cost of war, and 1 - psi - phi, by which the cost counts.

    The war starts at `line` with the chips in `table.kept` and the rearmament
    `rearmed`, at the drift in `table.base_drift`.
    """
    lane = SIDES * war_from(params, world, table, line, rearmed) + side
    return table.war_value[lane], table.war_fighting[lane]


@kernel
def chip_time(
    params: Params, world: World, table: Table, chip: int, held: float, drift: float
) -> float:
    """Discounted share of time A that a chip is held while a war goes on."""
    hazard = table.loss_hazard[chip, world.regime[chip]]
    rate = rate_while_held(params.rate, hazard, params.weeks)
    psi, phi = discounted_odds(drift, params.front_volatility, rate, held, params.stake)
    return time_held(1.0 - psi - phi, params.discount, hazard)


@kernel
def chips_in_war(
    params: Params,
    world: World,
    table: Table,
    side: int,
    held: float,
    drift: float,
) -> float:
    """Worth to a side of the chips in `table.kept` while a war goes on.

    `held` is its own part of the stake, `drift` its own.
    """
    total = 0.0
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            time = chip_time(params, world, table, j, held, drift)
            worth = params.chip_value[side, j] * table.kept[j] * time
            total += worth if params.chip_holder[j] == side else -worth
    return total


@kernel(inline="always")
def chips_to_whom_they_are_worth_most(params: Params, table: Table) -> float:
    """Joint gain if each chip of `table.kept` went to whom it is worth most."""
    total = 0.0
    for j in range(params.chips):
        holder = params.chip_holder[j]
        gain = params.chip_value[holder, j] - params.chip_value[1 - holder, j]
        total += max(0.0, gain) * table.kept[j]
    return total


@kernel(inline="always")
def surplus_of(params: Params, world: World, table: Table, war: int) -> float:
    """What both sides could share by not fighting a war, at the means of their costs.

    S = L + the joint gain from chips in `table.kept` - both values of the war.
    """
    surplus = params.stake + chips_to_whom_they_are_worth_most(params, table)
    for side in range(SIDES):
        lane = SIDES * war + side
        cost = mean_cost(world, side) * table.war_fighting[lane]
        surplus -= table.war_value[lane] - cost
    return surplus
