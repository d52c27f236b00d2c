"""Talks that go in circles: what is asked in vain, again, or of who asked for it.

None of this breaks a rule of the model; the report counts it, so that a reader can see
how often stories say the same thing twice.
"""

from typing import Any, Final

from sim.model.compile import kernel
from sim.model.stages.terms import freeze_of, part_handed_back, relief_of, variant_of
from sim.model.stages.valuation import chance_of
from sim.model.state import (
    ACCEPT,
    COUNTER,
    EXTENSION,
    HAND_BACK,
    NEVER,
    ON_CONDITIONS,
    ROUND,
    SIDES,
    SILENT,
    WAR,
)

HOPELESS: Final = 0.001  # chance that all who are asked accept, as others see it


@kernel
def same_terms(
    params: Any, world: Any, one: int, demands: int, demanded_by: int, other: int
) -> bool:
    """Whether an offer with conditions says today what another offer of the menu says.

    Chips that nobody holds any more make no difference.
    """
    same = (
        params.partial[one] == params.partial[other]
        and params.duration[one] == params.duration[other]
        and params.line_kind[one] == params.line_kind[other]
        and params.line_km2[one] == params.line_km2[other]
        and freeze_of(params, one, demands) == freeze_of(params, other, 0)
        and relief_of(params, one, demands) == relief_of(params, other, 0)
    )
    variant = variant_of(demands, 0)
    same = same and params.breakdown[one, variant] == params.breakdown[other, 0]
    for side in range(SIDES):
        same = same and params.relief[side, one] == params.relief[side, other]
    for j in range(params.chips):
        back = params.hand_back[one, j]
        if demands & HAND_BACK:
            back = part_handed_back(params, world, one, demands, demanded_by, j)
        if world.chip[j] > 0.0:
            same = same and back == params.hand_back[other, j]
    return same


@kernel
def note_repetition(params: Any, world: Any, table: Any, seen: Any) -> None:
    """Note an offer in a round that is hopeless, or known by another name."""
    if world.business != ROUND:
        return
    chance = 1.0
    for side in range(SIDES):
        if side != world.author:
            gain, slope = (
                table.gain[side, world.offer],
                table.gain_slope[side, world.offer],
            )
            chance *= chance_of(params, world, side, gain, slope)
    if chance < HOPELESS:
        seen.hopeless += 1
    for other in range(params.offers):
        refused = other != world.offer and world.blocked_until[other] > world.step
        if refused and same_terms(params, world, other, 0, 0, world.offer):
            seen.put_again += 1
            return


@kernel
def note_own_terms(params: Any, world: Any, seen: Any) -> None:
    """Note a side that refuses what it proposed, or named as its conditions, itself."""
    for side in range(SIDES):
        code = world.answer[side]
        if code == SILENT:
            continue
        if code != ACCEPT and world.business == EXTENSION and side == world.author:
            seen.own_extension_refused += 1
        since = world.step - seen.asked_step[side]
        asked = seen.asked_step[side] != NEVER and since <= params.repeat_after
        if code != ACCEPT and world.business == ROUND and asked:
            named, demands = seen.asked_offer[side], seen.asked_demands[side]
            if same_terms(params, world, named, demands, side, world.offer):
                seen.own_terms_refused += 1
        if code == ON_CONDITIONS:
            seen.asked_offer[side] = world.offer
            seen.asked_demands[side] = world.answer_demands[side]
            seen.asked_step[side] = world.step


@kernel
def note_delayed_round(params: Any, world: Any, seen: Any) -> None:
    """Note a round put off, since an extension or a counter-offer takes its day."""
    since = world.step - params.first_round
    due = since >= 0 and since % params.round_every == 0
    taken = world.business == EXTENSION or world.business == COUNTER
    if due and taken and world.phase == WAR:
        seen.delayed_rounds += 1
