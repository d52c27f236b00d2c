"""What it means that a stage acts: it changes something beyond the clock and the flows.

One definition a stage, in words for the report and as a kernel that compares the record
of a world before and after the stage.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.model.compile import kernel
from sim.model.state import CHIPS, DATED, NOBODY, NOTHING, ROUND, SIDES, SILENT


@kernel
def by_timeline(before: Any, world: Any) -> bool:
    """Return whether the timeline acted."""
    return world.entry != before.entry


@kernel
def by_aid(before: Any, world: Any) -> bool:
    """Return whether the aid changed."""
    return world.aid != before.aid or world.aid_felt != before.aid_felt


@kernel
def by_truce(before: Any, world: Any) -> bool:
    """Return whether a truce did more than age."""
    return (
        world.phase != before.phase
        or world.partial_offer != before.partial_offer
        or world.rearmed != before.rearmed
        or world.business != before.business
    )


@kernel
def by_agenda(before: Any, world: Any) -> bool:
    """Return whether business was found, or taken off the day."""
    return world.business != before.business


@kernel
def by_foresee(before: Any, world: Any) -> bool:
    """Return whether there were wars to list."""
    return world.business != NOTHING


@kernel
def by_appraise(before: Any, world: Any) -> bool:
    """Return whether there was something to value."""
    return world.business != NOTHING


@kernel
def by_propose(before: Any, world: Any) -> bool:
    """Return whether an offer was chosen."""
    return world.offer != before.offer


@kernel
def by_weigh(before: Any, world: Any) -> bool:
    """Return whether there was an offer to weigh."""
    return world.offer != NOBODY


@kernel
def by_demands(before: Any, world: Any) -> bool:
    """Return whether there was an offer that may be answered on conditions."""
    return world.business == ROUND or world.business == DATED


@kernel
def by_answer(before: Any, world: Any) -> bool:
    """Return whether a side answered."""
    return world.answer[0] != SILENT or world.answer[1] != SILENT


@kernel
def by_conclude(before: Any, world: Any) -> bool:
    """Return whether answers had a consequence."""
    changed = (
        world.phase != before.phase
        or world.partial_offer != before.partial_offer
        or world.extended != before.extended
        or world.expired != before.expired
        or world.aid != before.aid
    )
    for side in range(SIDES):
        changed = (
            changed
            or world.refusals[side] != before.refusals[side]
            or world.cost_low[side] != before.cost_low[side]
            or world.cost_high[side] != before.cost_high[side]
        )
    return changed


@kernel
def by_flows(before: Any, world: Any) -> bool:
    """Return whether anybody was paid."""
    return world.payoff[0] != before.payoff[0] or world.payoff[1] != before.payoff[1]


@kernel
def by_battle(before: Any, world: Any) -> bool:
    """Return whether there was a battle."""
    return world.line != before.line


@kernel
def by_chips(before: Any, world: Any) -> bool:
    """Return whether a chip changed in size or regime."""
    changed = False
    for j in range(CHIPS):
        resized = world.chip[j] != before.chip[j]
        changed = changed or resized or world.regime[j] != before.regime[j]
    return changed


@kernel
def by_close(before: Any, world: Any) -> bool:
    """Return whether a side was found to be defeated."""
    return world.phase != before.phase


class Act(NamedTuple):
    """When a stage acts: in words, and as a comparison of two records."""

    words: str
    changed: Callable[[Any, Any], bool]


ACTS = {
    "timeline": Act("a dated entry happens", by_timeline),
    "aid": Act("the level of aid or its felt effect changes", by_aid),
    "truce": Act("a truce shifts power, breaks down, settles or runs out", by_truce),
    "agenda": Act("it finds business for the day, or strikes it off", by_agenda),
    "foresee": Act("there is business, so it lists the wars to value", by_foresee),
    "appraise": Act("there is business, so it writes values to the table", by_appraise),
    "propose": Act("an author puts an offer on the table", by_propose),
    "weigh": Act("there is an offer, so it writes its values to the table", by_weigh),
    "demands": Act("the offer may be answered on conditions", by_demands),
    "answer": Act("a side answers", by_answer),
    "conclude": Act(
        "a truce begins or ends, a refusal counts, others learn, aid follows",
        by_conclude,
    ),
    "flows": Act("a side is paid (flows are all that it does)", by_flows),
    "battle": Act("the line moves", by_battle),
    "chips": Act("a chip changes in size or regime", by_chips),
    "close": Act("a side is found defeated", by_close),
}
