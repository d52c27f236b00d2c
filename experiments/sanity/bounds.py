"""Bounds that no world may leave on any day, each with its name and its sentence.

Kernels that look at one world after a stage, and count in `seen` (see `watch.py`) how
often a bound was looked at and how often it did not hold.
"""

import math
from typing import Any, Final

from sim.model.compile import kernel
from sim.model.state import (
    BEST_RESPONSE,
    CHIPS,
    DATED,
    EXTENSION,
    NOBODY,
    PATRON,
    ROUND,
    SETTLED,
    SIDES,
    SILENT,
    TRUCE,
    WAR,
)

BOUNDS = {
    "line": "the line is in [0, L], and inside it while there is war",
    "chips": "each chip is in [0, 1] of its peak, its regime one that it has",
    "aid": "aid and its felt effect are between the levels that the scenario names",
    "aid given": "aid given is at most the highest level for all the time that passed",
    "beliefs": "beliefs are finite, their weights never fall",
    "cost interval": "lo < hi, no narrower than a tenth of the first, and inside it",
    "true cost": "the true cost is in the first interval",
    "learning": "an answer excludes the true cost only if its noise was beyond 2 tau",
    "war value": "fighting on is worth no less than the least flow, nor above the most",
    "offer value": "the same holds for the offer on the table",
    "payoff": "payoffs are finite, and in these bounds when the world has ended",
    "rearmament": "the shift of the drift is at most its speed times the days of truce",
    "clock": "a day goes by at a time; the worth of a day is in (0, 1] and falls",
    "counts": "refusals, break-downs, expiries and extensions are never taken back",
    "ledger": "every truce that began is broken, ran out, replaced, settled or holds",
    "repetition": "no offer is proposed while it is blocked",
    "author": "nobody answers its own offer, but for extensions",
    "one truce": "no partial truce beside a full one; none outlasts its duration",
}
_NUMBER = {name: i for i, name in enumerate(BOUNDS)}
LINE: Final = _NUMBER["line"]
CHIP: Final = _NUMBER["chips"]
AID: Final = _NUMBER["aid"]
AID_GIVEN: Final = _NUMBER["aid given"]
BELIEF: Final = _NUMBER["beliefs"]
INTERVAL: Final = _NUMBER["cost interval"]
TRUE_COST: Final = _NUMBER["true cost"]
LEARNING: Final = _NUMBER["learning"]
WAR_VALUE: Final = _NUMBER["war value"]
OFFER_VALUE: Final = _NUMBER["offer value"]
PAYOFF: Final = _NUMBER["payoff"]
REARMAMENT: Final = _NUMBER["rearmament"]
CLOCK: Final = _NUMBER["clock"]
COUNTS: Final = _NUMBER["counts"]
LEDGER: Final = _NUMBER["ledger"]
REPETITION: Final = _NUMBER["repetition"]
AUTHOR: Final = _NUMBER["author"]
ONE_TRUCE: Final = _NUMBER["one truce"]

_SLACK: Final = 1e-9  # for sums that are right up to rounding
_KM2: Final = 1e-6  # the same for sums of km2


@kernel
def require(seen: Any, world: Any, bound: int, holds: bool) -> None:
    """Count that a bound was looked at, and whether it held; keep the first miss."""
    seen.looked[bound] += 1
    if not holds:
        if seen.missed[bound] == 0:
            seen.missed_at[bound] = world.step
        seen.missed[bound] += 1


@kernel
def require_values(params: Any, world: Any, table: Any, limits: Any, seen: Any) -> None:
    """Look at what fighting on is worth, after `appraise`."""
    for side in range(SIDES):
        war = table.war[side] - world.cost[side] * table.fighting[side]
        low, high = limits.flow_low[side], limits.flow_high[side]
        holds = low - _KM2 <= war <= high + _KM2
        share = table.fighting[side]
        holds = holds and -_SLACK <= share <= 1.0 + _SLACK
        require(seen, world, WAR_VALUE, holds)


@kernel
def require_offer(params: Any, world: Any, table: Any, limits: Any, seen: Any) -> None:
    """Look at the offer on the table and its value, after `weigh`."""
    from_menu = world.business == ROUND or world.business == DATED
    for side in range(SIDES):
        cost = world.cost[side]
        value = table.put_gain[side] + table.put_slope[side] * cost
        if from_menu and world.author == PATRON:
            value += table.refusal[side] + table.refusal_slope[side] * cost
        else:
            value += table.reservation[side] + table.reservation_slope[side] * cost
        low, high = limits.worth_low[side], limits.worth_high[side]
        holds = low - _KM2 <= value <= high + _KM2
        require(seen, world, OFFER_VALUE, holds and math.isfinite(table.noise[side]))
    if world.business == ROUND:
        free = world.blocked_until[world.offer] <= world.step
        require(seen, world, REPETITION, free)


@kernel
def require_day(params: Any, before: Any, world: Any, limits: Any, seen: Any) -> None:
    """Look at the record of a world after the last stage of a day."""
    at_war = world.phase == WAR
    holds = 0.0 <= world.line <= params.stake
    if at_war:
        holds = 0.0 < world.line < params.stake
    require(seen, world, LINE, holds)
    holds = True
    for j in range(CHIPS):
        holds = holds and 0.0 <= world.chip[j] <= (1.0 if j < params.chips else 0.0)
        if j < params.chips:
            holds = holds and 0 <= world.regime[j] < params.chip_regimes[j]
    require(seen, world, CHIP, holds)
    holds = limits.aid_low <= world.aid <= limits.aid_high
    felt = limits.aid_low - _SLACK <= world.aid_felt <= limits.aid_high + _SLACK
    require(seen, world, AID, holds and felt)
    most = limits.aid_high * params.weeks * world.step
    require(seen, world, AID_GIVEN, 0.0 <= world.aid_given <= most + _SLACK)
    require_beliefs(params, world, seen)
    falls = 0.0 < world.present_worth < before.present_worth <= 1.0
    holds = falls and world.step == before.step + 1
    require(seen, world, CLOCK, holds)
    most = limits.rearmament * seen.truce_days
    require(seen, world, REARMAMENT, abs(world.rearmed) <= most + _SLACK)
    require_truce(params, world, seen)
    holds = True
    for side in range(SIDES):
        holds = holds and math.isfinite(world.payoff[side])
    require(seen, world, PAYOFF, holds)


@kernel
def require_beliefs(params: Any, world: Any, seen: Any) -> None:
    """Look at what is believed of the drift and of private costs."""
    for side in range(SIDES):
        holds = math.isfinite(world.belief[side])
        heavy = world.belief_weight[side] >= params.belief_weight[side]
        require(seen, world, BELIEF, holds and heavy)
        low, high = world.cost_low[side], world.cost_high[side]
        first_low, first_high = params.cost_low[side], params.cost_high[side]
        holds = first_low <= low and high <= first_high
        if first_high > first_low:
            least = 0.1 * (first_high - first_low)
            holds = holds and low < high and high - low >= least - _KM2
        require(seen, world, INTERVAL, holds)
        holds = first_low <= world.cost[side] <= first_high
        require(seen, world, TRUE_COST, holds)


@kernel
def require_truce(params: Any, world: Any, seen: Any) -> None:
    """Look at the truce in force: one at most, and not past its time."""
    holds = True
    if world.phase == TRUCE:
        holds = world.partial_offer == NOBODY
        duration = params.duration[world.truce_offer]
        holds = holds and (duration == 0.0 or world.truce_age < duration)
    elif world.partial_offer != NOBODY:
        duration = params.duration[world.partial_offer]
        holds = duration == 0.0 or world.partial_age < duration
    require(seen, world, ONE_TRUCE, holds)


@kernel
def require_end(params: Any, world: Any, limits: Any, seen: Any) -> None:
    """Look at a world that has ended: its payoffs, and what became of its truces."""
    for side in range(SIDES):
        low, high = limits.flow_low[side], limits.flow_high[side]
        if world.phase == TRUCE:
            high = limits.worth_high[side]
        holds = low - _KM2 <= world.payoff[side] <= high + _KM2
        require(seen, world, PAYOFF, holds)
    for full in range(2):
        ended = seen.broken[full] + seen.expired[full] + seen.replaced[full]
        if full == 1 and (world.phase == TRUCE or world.phase == SETTLED):
            ended += 1
        if full == 0 and world.partial_offer != NOBODY:
            ended += 1
        require(seen, world, LEDGER, ended == seen.begun[full])
    holds = world.broken == seen.broken[0] + seen.broken[1]
    holds = holds and world.expired == seen.expired[0] + seen.expired[1]
    require(seen, world, LEDGER, holds)


@kernel
def require_counts(before: Any, world: Any, seen: Any) -> None:
    """Look at the counters of a world, which may only rise."""
    holds = (
        world.broken >= before.broken
        and world.expired >= before.expired
        and world.extended >= before.extended
    )
    for side in range(SIDES):
        holds = holds and world.refusals[side] >= before.refusals[side]
    require(seen, world, COUNTS, holds)


@kernel
def require_answers(
    params: Any, before: Any, world: Any, table: Any, seen: Any
) -> None:
    """Look at who answered, and at what others learned from it, after `conclude`."""
    for side in range(SIDES):
        bound = side == world.author and world.business != EXTENSION
        require(seen, world, AUTHOR, not bound or world.answer[side] == SILENT)
        cost = world.cost[side]
        known = before.cost_low[side] <= cost <= before.cost_high[side]
        still = world.cost_low[side] <= cost <= world.cost_high[side]
        plain = params.policy[side] == BEST_RESPONSE and table.aspiration[side] == 0.0
        usual = abs(table.noise[side]) <= 2.0 * params.decision_noise[side]
        if plain and usual and world.answer[side] != SILENT:
            require(seen, world, LEARNING, still or not known)
