"""Slow twins of the formulas: the same model, solved state by state.

Nothing here shares code with `sim/`. A war is a Markov chain of line and chip; its
values come from one linear system.
"""

import numpy as np


def walk(win, lines, discount, battle_chance):
    """Discounted odds of winning and of losing from each line 0..lines, as arrays."""
    transition = np.zeros((lines + 1, lines + 1))
    for k in range(1, lines):
        transition[k, k + 1] = battle_chance * win
        transition[k, k - 1] = battle_chance * (1 - win)
        transition[k, k] = 1 - battle_chance
    inside = np.eye(lines + 1) - discount * transition
    inside[0], inside[lines] = 0, 0
    inside[0, 0] = inside[lines, lines] = 1
    at_end = np.eye(lines + 1)
    return (
        np.linalg.solve(inside, at_end[lines]),
        np.linalg.solve(inside, at_end[0]),
    )


def battles_to_the_end(win, lines):
    """Chance to win and expected number of battles from each line 0..lines."""
    system = np.eye(lines + 1)
    for k in range(1, lines):
        system[k, k + 1] -= win
        system[k, k - 1] -= 1 - win
    one = np.ones(lines + 1)
    one[0] = one[lines] = 0
    at_end = np.zeros(lines + 1)
    at_end[lines] = 1
    return np.linalg.solve(system, at_end), np.linalg.solve(system, one)


def war(
    win,
    lines,
    discount,
    battle_chance,
    territory_flow,
    cost,
    chip_flow=0.0,
    loss_hazard=0.0,
    stake=1.0,
):
    """Value of war from each line 0..lines to the side that wins battles with `win`.

    `stake` is what the victor has for ever, in the unit of the flows. The side holds
    the line, pays `cost`, and gets `chip_flow` as long as the war and the chip last;
    the chip is lost whole with `loss_hazard` at the end of a period. A state is (line,
    chip there or gone).
    """
    size = 2 * (lines + 1)
    system, flow = np.eye(size), np.zeros(size)
    for chip in (0, 1):
        base = chip * (lines + 1)
        flow[base + lines] = stake
        lost = loss_hazard if chip else 0.0
        for k in range(1, lines):
            at = base + k
            pay = stake * territory_flow * k / lines - cost + chip_flow * chip
            flow[at] = (1 - discount) * pay
            moves = (
                (k + 1, battle_chance * win),
                (k - 1, battle_chance * (1 - win)),
                (k, 1 - battle_chance),
            )
            for there, chance in moves:
                system[at, base + there] -= discount * (1 - lost) * chance
                if chip:
                    system[at, there] -= discount * lost * chance
    return np.linalg.solve(system, flow)[lines + 1 :]


def chip_held(loss, switch_chance, discount):
    """Discounted time a chip is held from each regime, in a war without end.

    `loss[r]` is the chance per period of losing it in regime r, `switch_chance[r][s]`
    the chance to be in s after a period that began in r.
    """
    n = len(loss)
    kept = discount * (1 - np.asarray(loss))[:, None] * np.asarray(switch_chance)
    return np.linalg.solve(np.eye(n) - kept, np.full(n, 1 - discount))


def slantchev(win, lines, discount, battle_chance, own_flow, other_flow):
    """Equilibrium shares (x, y) of alternating offers at each line, by iteration.

    In a period one side proposes; if refused, both get their flows, perhaps a battle
    is fought, and the other proposes. `own_flow(k)`, `other_flow(k)` are the flows at
    line k. Ends: the victor has 1. Contraction mapping to machine precision.
    """
    k = np.arange(lines + 1)
    own = np.array([own_flow(i) for i in k], float)
    other = np.array([other_flow(i) for i in k], float)
    x, y = np.full(lines + 1, 0.5), np.full(lines + 1, 0.5)

    def after_battle(values):
        moved = values.copy()
        moved[1:-1] = (1 - battle_chance) * values[1:-1] + battle_chance * (
            win * values[2:] + (1 - win) * values[:-2]
        )
        return moved

    x[0], x[-1], y[0], y[-1] = 0, 1, 1, 0
    for _ in range(100_000):
        # what the responder gets by refusing and proposing next
        new_x = 1 - ((1 - discount) * other + discount * after_battle(y))
        new_y = 1 - ((1 - discount) * own + discount * after_battle(x))
        new_x[0], new_x[-1], new_y[0], new_y[-1] = 0, 1, 1, 0
        change = max(abs(new_x - x).max(), abs(new_y - y).max())
        x, y = new_x, new_y
        if change < 1e-15:
            break
    return x, y


def truce(flow, war_after, settlement, breakdown, settling, discount, duration):
    """Value of a truce of whole periods, day by day from its end."""
    value = war_after
    for _ in range(duration):
        end = breakdown * war_after + settling * settlement
        value = (1 - discount) * flow + discount * (
            end + (1 - breakdown - settling) * value
        )
    return value
