"""What the parties see on a day of decisions: the worth of fighting on.

`outlook` writes to the table what no single offer changes: the drift that each side
expects, how fast chips melt, war values and reservation values. It has two halves,
so that the wars which offers lead to can be listed between them and all be valued at
once.
"""

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp
from sim.model.formulas.war import (
    discount_weighted_mean,
    equivalent_loss_hazard,
    peace_dividend,
    reservation_value,
)
from sim.model.stages.partial_truce import foresee_spared
from sim.model.stages.wars import (
    forget_wars,
    listed_war,
    mean_cost,
    surplus_of,
    value_wars,
)
from sim.model.state import REGIMES, SIDES, Params, Table, World


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
def at_expected_aid(params: Params, world: World, drift: float) -> float:
    """Drift towards side 0 in a long war, from that at full aid."""
    aid = discount_weighted_mean(
        world.aid_felt, params.aid_long_run, params.discount, params.aid_revert
    )
    return drift + params.aid_drift * (aid - 1.0)


@kernel
def expect(
    params: Params, world: World, table: Table, first: float, second: float
) -> None:
    """Write what drift the sides expect, who believe in these two towards side 0.

    `first` and `second` are at full aid, without chips and rearmament. Every war that
    was listed at another drift is forgotten.
    """
    table.base_drift[0] = at_expected_aid(params, world, first)
    table.base_drift[1] = -at_expected_aid(params, world, second)
    forget_wars(table)


@kernel
def look_ahead(params: Params, world: World, table: Table) -> None:
    """Make ready to value wars as they look today; list the one that goes on first."""
    if table.aid_known != world.aid_felt:
        for j in range(params.chips):
            solve_loss_hazards(params, table, j, world.aid_felt)
        table.aid_known = world.aid_felt
    expect(params, world, table, world.belief[0], world.belief[1])
    keep_chips(params, world, table)
    listed_war(params, world, table, world.line, world.rearmed)


@kernel
def keep_chips(params: Params, world: World, table: Table) -> None:
    """Take as chips in question those that are held."""
    for j in range(params.chips):
        table.kept[j] = world.chip[j]


@kernel
def face_war(params: Params, world: World, table: Table) -> None:
    """Value all listed wars, and write what fighting on is worth to each side."""
    value_wars(params, world, table)
    keep_chips(params, world, table)
    table.surplus = surplus_of(params, world, table, 0)
    cost_sum = mean_cost(world, 0) + mean_cost(world, 1)
    dividend = peace_dividend(cost_sum, params.stake, params.territory_flow)
    foresee_spared(params, world, table)
    for side in range(SIDES):
        table.war[side] = table.war_value[side]
        table.fighting[side] = table.war_fighting[side]
        least = reservation_value(
            table.war[side],
            params.bargaining_weight[side],
            table.surplus,
            dividend,
            params.round_discount,
        )
        table.reservation[side] = least + table.spared[side]
        table.reservation_slope[side] = table.spared_slope[side] - table.fighting[side]


@kernel
def outlook(params: Params, world: World, table: Table) -> None:
    """Write to the table what fighting on is worth to each side today."""
    look_ahead(params, world, table)
    face_war(params, world, table)
