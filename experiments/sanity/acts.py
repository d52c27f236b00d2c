"""What it means that a stage acts: it changes something beyond the clock and the flows.

One definition a stage, in words for the report and as a kernel that compares the record
of a world before and after the stage.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.model.compile import kernel
from sim.model.state import CHIPS, DATED, NOBODY, NOTHING, ROUND, SIDES, SILENT


class Act(NamedTuple):
    """When a stage acts: in words, and as a comparison of two records."""

    words: str
    changed: Callable[[Any, Any], bool]


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
def has_business(before: Any, world: Any) -> bool:
    """Return whether there is something to list wars for, and to value."""
    return world.business != NOTHING


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
def by_chips(before: Any, world: Any) -> bool:
    """Return whether a chip changed in size or regime."""
    changed = False
    for j in range(CHIPS):
        resized = world.chip[j] != before.chip[j]
        changed = changed or resized or world.regime[j] != before.regime[j]
    return changed


ACTS = {
    "timeline": Act(
        "a dated entry happens",
        kernel(lambda old, new: new.entry != old.entry),
    ),
    "aid": Act(
        "the level of aid or its felt effect changes",
        kernel(lambda old, new: new.aid != old.aid or new.aid_felt != old.aid_felt),
    ),
    "truce": Act("a truce shifts power, breaks down, settles or runs out", by_truce),
    "agenda": Act(
        "it finds business for the day, or strikes it off",
        kernel(lambda old, new: new.business != old.business),
    ),
    "appraise": Act(
        "there is business, so it writes values to the table", has_business
    ),
    "propose": Act(
        "an author puts an offer on the table",
        kernel(lambda old, new: new.offer != old.offer),
    ),
    "weigh": Act(
        "there is an offer, so it writes its values to the table",
        kernel(lambda old, new: new.offer != NOBODY),
    ),
    "demands": Act(
        "the offer may be answered on conditions",
        kernel(lambda _, new: new.business == ROUND or new.business == DATED),
    ),
    "answer": Act(
        "a side answers",
        kernel(lambda _, new: new.answer[0] != SILENT or new.answer[1] != SILENT),
    ),
    "conclude": Act(
        "a truce begins or ends, a refusal counts, others learn, aid follows",
        by_conclude,
    ),
    "flows": Act(
        "a side is paid (flows are all that it does)",
        kernel(
            lambda old, new: (
                new.payoff[0] != old.payoff[0] or new.payoff[1] != old.payoff[1]
            )
        ),
    ),
    "front": Act("the line moves", kernel(lambda old, new: new.line != old.line)),
    "chips": Act("a chip changes in size or regime", by_chips),
    "close": Act(
        "a side is found defeated",
        kernel(lambda old, new: new.phase != old.phase),
    ),
}
