"""What the parties see on a day of decisions: the worth of fighting on.

`outlook` writes to the table what no single offer changes: battle odds as each side
expects them, how fast chips melt, war values and reservation values. `fight` is the
worth of a war that starts from any line, chips and rearmament, and serves the wars that
follow a truce as well.
"""

from sim.core.beliefs import learned
from sim.core.compile import kernel
from sim.core.elementary import exp, expit, logit
from sim.core.odds import discount_weighted_mean, discounted_odds
from sim.core.war import (
    chip_time,
    equivalent_loss_hazard,
    front_drift,
    peace_dividend,
    reservation_value,
    war_value,
)
from sim.step.record import REGIMES, SIDES, Params, Table, World


@kernel
def own_line(params: Params, line: float, side: int) -> float:
    """Steps of the stake that `side` holds when side 0 holds `line`."""
    return line if side == 0 else params.lines - line


@kernel
def mean_cost(world: World, side: int) -> float:
    """Cost of war of a side as others expect it."""
    return 0.5 * (world.cost_low[side] + world.cost_high[side])


@kernel
def switch_rate(
    params: Params, chip: int, here: int, there: int, aid_felt: float
) -> float:
    """Rate per step at which a chip goes from one regime to another.

    A cut in aid speeds the switch to a regime that loses land faster, and slows the
    others, by exp(beta_a (1 - a_eff)).
    """
    rate = params.switch[chip, here * REGIMES + there]
    sensitivity = params.chip_aid_switch[chip]
    if rate == 0.0 or sensitivity == 0.0 or aid_felt == 1.0:
        return rate
    effect = exp(sensitivity * (1.0 - aid_felt))
    if params.loss[chip, there] > params.loss[chip, here]:
        return rate * effect
    return rate / effect


@kernel
def solve_loss_hazards(
    params: Params, table: Table, chip: int, aid_felt: float
) -> None:
    """Write lam_eff of each regime of a chip to `table.loss_hazard`.

    A_r = (1-d) + d (1-lam_r) sum_r' Pr(r->r') A_r' is solved by elimination; the
    matrix is diagonally dominant, so no pivoting is needed.
    """
    n, d = params.chip_regimes[chip], params.discount
    for here in range(n):
        total = 0.0
        for there in range(n):
            total += switch_rate(params, chip, here, there, aid_felt)
        leave = 1.0 - exp(-total)
        lost = 1.0 - (1.0 - params.loss[chip, here]) * (1.0 - params.chip_capture[chip])
        kept = d * (1.0 - lost)
        for there in range(n):
            if there == here:
                chance = 1.0 - leave
            elif total > 0.0:
                rate = switch_rate(params, chip, here, there, aid_felt)
                chance = leave * rate / total
            else:
                chance = 0.0
            identity = 1.0 if there == here else 0.0
            table.matrix[here * REGIMES + there] = identity - kept * chance
        table.column[here] = 1.0 - d
    for i in range(n):
        for row in range(i + 1, n):
            factor = table.matrix[row * REGIMES + i] / table.matrix[i * REGIMES + i]
            for col in range(i, n):
                table.matrix[row * REGIMES + col] -= (
                    factor * table.matrix[i * REGIMES + col]
                )
            table.column[row] -= factor * table.column[i]
    for back in range(n):
        i = n - 1 - back
        held = table.column[i]
        for col in range(i + 1, n):
            held -= table.matrix[i * REGIMES + col] * table.column[col]
        held /= table.matrix[i * REGIMES + i]
        table.column[i] = held
        table.loss_hazard[chip, i] = equivalent_loss_hazard(held, d)


@kernel
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
def fight(
    params: Params, world: World, table: Table, side: int, line: float, rearmed: float
) -> tuple[float, float]:
    """Value of war at no cost of war, and 1 - psi - phi, by which the cost counts.

    The war starts at `line` (steps of side 0) with the chips in `table.kept` and the
    rearmament `rearmed`, at the odds in `table.base_log_odds`.
    """
    d, h = params.discount, params.battle_chance
    log_odds = expected_odds(params, world, table, side, rearmed)
    held = own_line(params, line, side)
    psi, phi = discounted_odds(log_odds, held, params.lines, d, h)
    drift = front_drift(expit(log_odds), params.lines, d, h, params.territory_flow)
    land = war_value(held / params.lines, psi, phi, drift, params.territory_flow)
    chips = chips_in_war(params, world, table, side, held, log_odds)
    return land + chips, 1.0 - psi - phi


@kernel
def expected_odds(
    params: Params, world: World, table: Table, side: int, rearmed: float
) -> float:
    """Own log-odds to win a battle of the war that a side values."""
    towards = chip_log_odds(params, world, table) + rearmed
    return table.base_log_odds[side] + (towards if side == 0 else -towards)


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


@kernel
def chips_to_whom_they_are_worth_most(params: Params, table: Table) -> float:
    """Joint gain if each chip of `table.kept` went to whom it is worth most."""
    total = 0.0
    for j in range(params.chips):
        holder = params.chip_holder[j]
        gain = params.chip_value[holder, j] - params.chip_value[1 - holder, j]
        total += max(0.0, gain) * table.kept[j]
    return total


@kernel
def expect(
    params: Params, world: World, table: Table, log_odds: float, side: int
) -> None:
    """Write the odds of a side that puts those of side 0 at `log_odds`, at full aid."""
    aid = discount_weighted_mean(
        world.aid_felt, params.aid_long_run, params.discount, params.aid_revert
    )
    towards = log_odds + params.aid_log_odds * (aid - 1.0)
    table.base_log_odds[side] = towards if side == 0 else -towards


@kernel
def outlook(params: Params, world: World, table: Table) -> None:
    """Write to the table what fighting on is worth to each side today."""
    if table.aid_known != world.aid_felt:
        for j in range(params.chips):
            solve_loss_hazards(params, table, j, world.aid_felt)
        table.aid_known = world.aid_felt
    for j in range(params.chips):
        table.kept[j] = world.chip[j]
    table.surplus = 1.0 + chips_to_whom_they_are_worth_most(params, table)
    for side in range(SIDES):
        expect(params, world, table, logit(world.belief[side]), side)
        value, fighting = fight(params, world, table, side, world.line, world.rearmed)
        table.war[side], table.fighting[side] = value, fighting
        table.surplus -= value - mean_cost(world, side) * fighting
    dividend = peace_dividend(
        mean_cost(world, 0) + mean_cost(world, 1), params.territory_flow
    )
    for side in range(SIDES):
        table.reservation[side] = reservation_value(
            table.war[side],
            params.bargaining_weight[side],
            table.surplus,
            dividend,
            params.round_discount,
        )


@kernel
def present_odds(params: Params, world: World, belief_log_odds: float) -> float:
    """Log-odds of the next battle for side 0: present aid, chips and rearmament."""
    total = belief_log_odds + params.aid_log_odds * (world.aid_felt - 1.0)
    for j in range(params.chips):
        total += params.chip_log_odds[j] * world.chip[j]
    return total + world.rearmed


@kernel
def learn_from_battle(params: Params, world: World, won: float) -> None:
    """Move the beliefs of both sides by the surprise of one battle."""
    for side in range(SIDES):
        expected = expit(present_odds(params, world, logit(world.belief[side])))
        mean, weight = learned(
            world.belief[side],
            world.belief_weight[side],
            won,
            expected,
            params.learning_weight[side],
        )
        world.belief[side], world.belief_weight[side] = mean, weight
