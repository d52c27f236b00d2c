"""A run told in sentences drawn from its own log, in neutral words."""

from textwrap import shorten
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.story import ANSWERS, Moment, Story
from sim.analysis.words import counted, display_name, joined, long_date
from sim.plots.context import Context
from sim.plots.range_words import deal_days

if TYPE_CHECKING:
    from sim.analysis.twin_run import Twin

# Lands that the picture in words names.
_LANDS = 2
# Letters that fit above the lanes of a twin, and what the runs are called.
_HEADING = 96
_RUNS = ("this run", "the twin")

TITLE = "What happened in this run, and where could it have turned?"


def sentence(moment: Moment) -> str:
    """Return the log's own sentence, or one made of who, what and why."""
    if moment.text:
        return moment.text.strip().rstrip(".") + "."
    reasons = (moment.accept, moment.fight_on)
    body = _happened(moment)
    if moment.type in ANSWERS and np.isfinite(reasons).all():
        body += (
            f"; accepting is worth {moment.accept:.4f} to it, "
            f"fighting on {moment.fight_on:.4f}"
        )
    return f"{body}."


def brief(moment: Moment) -> str:
    """Return the day and the log's sentence without reasons, for the figure itself."""
    body = (moment.short or moment.text).strip().rstrip(".") or _happened(moment)
    if moment.type in ANSWERS and np.isfinite((moment.accept, moment.fight_on)).all():
        body += f" (accepting {moment.accept:.4f}, fighting on {moment.fight_on:.4f})"
    return f"day {moment.day}: {body}"


def _happened(moment: Moment) -> str:
    actor = display_name(moment.actor) or "The front"
    offer = moment.offer.replace("_", " ")
    return {
        "offer": f"{actor} offers {offer}",
        "counter_offer": f"{actor} answers {offer} with a counter-offer",
        "acceptance": f"{actor} accepts {offer}",
        "conditional_acceptance": f"{actor} accepts {offer} on conditions",
        "rejection": f"{actor} refuses {offer}",
        "aid": f"{actor} changes its aid",
        "truce": f"A truce begins: {offer}",
        "breakdown": "The truce breaks down",
        "expiry": "The truce ends with its term",
        "extension": "The truce is extended",
        "settlement": "The truce becomes a settlement",
        "capture": f"What is left is taken: {actor}",
        "regime": f"The course of events changes: {actor}",
        "commitment": f"{actor} commits itself in public",
        "defeat": f"The line reaches its end: {actor} is defeated",
        "territory": f"Land changes hands: {actor}",
        "battle": f"{actor} moves the line",
    }.get(moment.type, f"{actor}: {moment.type.replace('_', ' ')}")


def twin_heading(twin: "Twin") -> str:
    """Return what stands above the lanes of the twin."""
    change = shorten(f"twin run, same luck, with {twin.change}", _HEADING)
    if twin.day is None:
        return f"{change}:\nnothing else differs on any day, so it is grey"
    grey = ", and is grey before" if twin.day > 0 else ""
    return f"{change}:\ndiffers from day {twin.day} on{grey}"


def caption(
    story: Story, context: Context, place: str | None, twin: "Twin | None" = None
) -> str:
    """Return the answer, the turning points one a line, the twin, and the origin."""
    lines = [
        f"{outcome(story)} {land(story)}{deal(story)}",
        *(
            f"{moment.turn} (day {moment.day}, {long_date(moment.date)}): "
            f"{sentence(moment)}"
            for moment in story.turns
        ),
        *([f"Twin run, with {twin.change}: {twin.words(_RUNS)}"] if twin else []),
        "One run, so no uncertainty is drawn; other luck gives other stories."
        + (f" Its place among them: {place.rstrip('.')}." if place else ""),
        context.last_line(),
    ]
    return "\n".join(lines)


def alt_text(story: Story, twin: "Twin | None" = None) -> str:
    """Return the picture in words."""
    actors = joined([display_name(actor) for actor in lane_actors(story)])
    chips = [
        f"{display_name(chip)} {km2[0]:,.0f} to {km2[-1]:,.0f} km²"
        for chip, km2 in story.chips_km2.items()
    ]
    if len(chips) > _LANDS:
        chips[_LANDS:] = [f"{len(chips) - _LANDS} more"]
    width = f", as wide as the land held: {joined(chips)}" if chips else ""
    return (
        f"Timeline of one run, days {story.day[0]} to {story.day[-1]}. Lanes: "
        f"offers and answers of {actors}; the front{width}. "
        f"{outcome(story)} Lower panel: the least share "
        f"{display_name(story.front_side)} accepts, the most "
        f"{display_name(story.other_side)} leaves. "
        f"{deal(story)}{_twin_in_words(twin)}"
    )


def _twin_in_words(twin: "Twin | None") -> str:
    if twin is None:
        return ""
    parts = "never parts" if twin.day is None else f"parts on day {twin.day}"
    return f" Below, a twin run with {twin.change} {parts}."


def outcome(story: Story) -> str:
    """Return how many offers and refusals there were and how the run ended."""
    offers = counted(story.count("offer", "counter_offer"), "offer")
    refused = counted(story.count("rejection", "conditional_acceptance"), "refusal")
    truces = " and ".join(
        f"{counted(len(days), noun)}, the first on day {days[0]}"
        for noun, days in (
            (
                noun,
                [m.day for m in story.moments if m.type == "truce" and m.partial is p],
            )
            for noun, p in (("truce", False), ("partial truce", True))
        )
        if days
    )
    truces = truces or "no truce"
    end = {
        "truce": "a truce holds",
        "settled": "there is a settlement",
        "defeat": "one side is defeated",
    }.get(story.phase[-1], "the fighting goes on")
    return f"{offers}, {refused}, {truces}; at the end {end}."


def land(story: Story) -> str:
    """Return the land held at the start and at the end, with a space behind it."""
    return "".join(
        f"{display_name(chip)}: {km2[0]:,.0f} km² held at the start, "
        f"{km2[-1]:,.0f} on day {story.day[-1]}. "
        for chip, km2 in story.chips_km2.items()
    )


def deal(story: Story) -> str:
    """Return on how many days both could have accepted one line."""
    there, days = deal_days(story)
    return f"A lasting line both could accept existed on {there} of {days} days."


def lane_actors(story: Story) -> list[str]:
    """Return who has a lane: both sides and who proposes or gives aid, in order."""
    acting = {
        moment.actor
        for moment in story.moments
        if moment.actor and moment.type in ("offer", "counter_offer", "aid", *ANSWERS)
    }
    return sorted(acting | {story.front_side, story.other_side})
