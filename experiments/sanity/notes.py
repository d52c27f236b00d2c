"""What is noted of a world after a stage: offers, answers, truces, bounds.

Kernels with the arguments of a watching stage: parameters, the record before and after
the stage, the table, the limits of the scenario, and `seen`, which they write.
"""

from typing import Any

from bounds import (
    require_answers,
    require_counts,
    require_day,
    require_end,
    require_offer,
    require_values,
)
from repeats import note_delayed_round, note_own_terms, note_repetition

from sim.model.compile import kernel
from sim.model.engine import ended
from sim.model.stages.answer import own_gain
from sim.model.state import (
    ACCEPT,
    EXTENSION,
    NEVER,
    NOBODY,
    NOTHING,
    ROUND,
    SETTLED,
    SIDES,
    SILENT,
    TRUCE,
    WAR,
)


@kernel
def nothing(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note nothing."""


@kernel
def after_truce(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note a day of truce, and a truce that broke; within a week is early."""
    require_counts(before, world, seen)
    full = 1 if before.phase == TRUCE else 0
    if full:
        seen.truce_days += 1
    if world.broken > before.broken:
        seen.broken[full] += 1
        since = before.fighting_stopped if full else seen.partial_since
        if (world.step - since) * params.weeks <= 1.0:
            seen.broken_early += 1
    if world.phase == SETTLED and before.phase == TRUCE:
        seen.moved_by_settlement = (world.line - before.line) / params.stake


@kernel
def after_appraise(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Look at the values of a day of talks."""
    if world.business != NOTHING:
        require_values(params, world, table, limits, seen)


@kernel
def after_propose(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note a round that goes by without an offer."""
    if before.business == ROUND and world.offer == NOBODY:
        seen.empty_rounds += 1


@kernel
def after_weigh(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note an offer on the table; look at its value."""
    if world.offer == NOBODY:
        return
    require_offer(params, world, table, limits, seen)
    note_repetition(params, world, table, seen)
    seen.put[world.business] += 1
    if seen.first_step == NEVER:
        seen.first_step = world.step
        seen.first_offer, seen.first_author = world.offer, world.author


@kernel
def after_answer(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note answers, and whether the noise of a decision turned the scale."""
    if world.offer == NOBODY:
        return
    first = seen.first_step == world.step
    for side in range(SIDES):
        code = world.answer[side]
        if code == SILENT:
            continue
        exact = own_gain(world, table, side) - table.noise[side]
        would = exact >= table.aspiration[side]
        turned = 1 if would != (code == ACCEPT) else 0
        seen.answers[side] += 1
        seen.by_noise[side] += turned
        if first:
            seen.first_answer[side] = code
            seen.first_demands[side] = world.answer_demands[side]
            seen.first_by_noise[side] = turned
    note_own_terms(params, world, seen)


@kernel
def after_conclude(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Note truces that begin, are extended, expire, or make way for another."""
    if world.offer == NOBODY:
        return
    require_counts(before, world, seen)
    require_answers(params, before, world, table, seen)
    full = 1 - params.partial[world.offer]
    seen.extended[full] += world.extended - before.extended
    seen.expired[full] += world.expired - before.expired
    note_delayed_round(params, world, seen)
    if world.business == EXTENSION:
        return
    if world.phase == TRUCE and before.phase == WAR:
        seen.begun[1] += 1
        if before.partial_offer != NOBODY:
            seen.replaced[0] += 1
    if full == 0 and agreed(world):
        seen.begun[0] += 1
        seen.partial_since = world.step
        if before.partial_offer != NOBODY:
            seen.replaced[0] += 1


@kernel
def agreed(world: Any) -> bool:
    """Whether the offer on the table was accepted by all who were asked."""
    for side in range(SIDES):
        if world.answer[side] != SILENT and world.answer[side] != ACCEPT:
            return False
    return True


@kernel
def after_close(
    params: Any, before: Any, world: Any, table: Any, limits: Any, seen: Any
) -> None:
    """Look at the day as it ended, and at the end of a world."""
    require_day(params, before, world, limits, seen)
    if not ended(params, world):
        return
    require_end(params, world, limits, seen)
    for side in range(SIDES):
        cost = world.cost[side]
        inside = world.cost_low[side] <= cost <= world.cost_high[side]
        seen.cost_excluded[side] = 0 if inside else 1


NOTES = {
    "truce": after_truce,
    "appraise": after_appraise,
    "propose": after_propose,
    "weigh": after_weigh,
    "answer": after_answer,
    "conclude": after_conclude,
    "close": after_close,
}
