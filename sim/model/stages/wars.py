"""Wars of a day: what fighting is worth from each start that somebody thinks of.

A day of bargaining asks for many wars: the one that goes on, and those that may follow
each truce. They are listed in the table first and valued together, since a processor
values several wars at once in the time of one. A war that two offers lead to is listed
once. What is asked for and not listed is valued alone, so listing changes only speed.

A war has one lane per side, 2 * war + side, in the arrays of the table.
"""

from sim.model.compile import kernel
from sim.model.formulas.odds import discount_weighted_mean
from sim.model.formulas.war import chip_time
from sim.model.stages.random_walks import value_wars
from sim.model.state import SIDES, WARS, Params, Table, World

_NO_LINE = -1.0  # from which no offer leads to war


@kernel(inline="always")
def own_line(params: Params, line: float, side: int) -> float:
    """Steps of the stake that `side` holds when side 0 holds `line`."""
    return line if side == 0 else params.lines - line


@kernel(inline="always")
def mean_cost(world: World, side: int) -> float:
    """Cost of war of a side as others expect it."""
    return 0.5 * (world.cost_low[side] + world.cost_high[side])


@kernel(inline="always")
def chip_log_odds(params: Params, world: World, table: Table) -> float:
    """Log-odds that `table.kept` chips are expected to give side 0 in its battles."""
    total = 0.0
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            hazard = table.loss_hazard[j, world.regime[j]]
            mean = discount_weighted_mean(table.kept[j], 0.0, params.discount, hazard)
            total += params.chip_log_odds[j] * mean
    return total


@kernel
def expected_odds(
    params: Params, world: World, table: Table, side: int, rearmed: float
) -> float:
    """Own log-odds to win a battle of the war that a side values."""
    towards = chip_log_odds(params, world, table) + rearmed
    return table.base_log_odds[side] + (towards if side == 0 else -towards)


@kernel
def forget_wars(table: Table) -> None:
    """Empty the list: beliefs, aid or chips are no longer what they were."""
    table.wars, table.valued = 0, 0


@kernel
def listed_war(
    params: Params, world: World, table: Table, line: float, rearmed: float
) -> int:
    """Place in the list of the war that starts here, listing it if it is new.

    It starts at `line` (steps of side 0) with the chips in `table.kept` and the
    rearmament `rearmed`, at the odds in `table.base_log_odds`.
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
        table.base_log_odds[0],
        table.base_log_odds[1],
    )


@kernel
def new_war(
    params: Params,
    world: World,
    table: Table,
    line: float,
    rearmed: float,
    odds_of_first: float,
    odds_of_second: float,
) -> int:
    """List a war at other odds than the day's: own log-odds of each side."""
    if table.wars == WARS:
        forget_wars(table)
    war = table.wars
    table.wars += 1
    table.war_line[war], table.war_rearmed[war] = line, rearmed
    towards = chip_log_odds(params, world, table) + rearmed
    first, second = SIDES * war, SIDES * war + 1
    table.war_log_odds[first] = odds_of_first + towards
    table.war_log_odds[second] = odds_of_second - towards
    table.war_held[first], table.war_held[second] = line, params.lines - line
    for j in range(params.chips):
        kept = table.kept[j]
        table.war_chips[war, j] = kept
        own = 1.0 if params.chip_holder[j] == 0 else -1.0
        table.war_stakes[j, first] = own * params.chip_value[0, j] * kept
        table.war_stakes[j, second] = -own * params.chip_value[1, j] * kept
    return war


@kernel
def war_at_odds(params: Params, world: World, table: Table, log_odds: float) -> int:
    """List the war that goes on, without its chips, as one with these odds sees it.

    `log_odds` are those of side 0. Writes over `table.kept`.
    """
    for j in range(params.chips):
        table.kept[j] = 0.0
    war = new_war(params, world, table, world.line, world.rearmed, log_odds, -log_odds)
    table.war_line[war] = _NO_LINE  # so that no offer finds it
    return war


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

    The war starts at `line` (steps of side 0) with the chips in `table.kept` and the
    rearmament `rearmed`, at the odds in `table.base_log_odds`.
    """
    lane = SIDES * war_from(params, world, table, line, rearmed) + side
    return table.war_value[lane], table.war_fighting[lane]


@kernel
def chips_in_war(
    params: Params,
    world: World,
    table: Table,
    side: int,
    held: float,
    log_odds: float,
) -> float:
    """Worth to a side of the chips in `table.kept` while a war goes on.

    `held` is its own line, `log_odds` its own odds.
    """
    total = 0.0
    for j in range(params.chips):
        if table.kept[j] > 0.0:
            time = chip_time(
                log_odds,
                held,
                params.lines,
                params.discount,
                params.battle_chance,
                table.loss_hazard[j, world.regime[j]],
            )
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

    S = 1 + the joint gain from chips in `table.kept` - both values of the war.
    """
    surplus = 1.0 + chips_to_whom_they_are_worth_most(params, table)
    for side in range(SIDES):
        lane = SIDES * war + side
        cost = mean_cost(world, side) * table.war_fighting[lane]
        surplus -= table.war_value[lane] - cost
    return surplus
