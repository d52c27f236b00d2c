"""What the chair of a seminar is told: this world, what was expected of it, and many.

Worlds are those in which every party decides by its own policy.
"""

from sim.analysis.narrative.sentences import ANSWERS, PROPOSALS
from sim.analysis.narrative.words import (
    amount,
    counted,
    in_text,
    joined,
    km2,
    lines_in_words,
    long_date,
    percent,
)
from sim.analysis.play.briefing import menu
from sim.api.run import Run
from sim.api.sweep import sweep
from sim.model.labels import labels_of
from sim.scenario.load import Loaded
from sim.scenario.parties import Belligerent
from sim.scenario.schema import Scenario

WORLDS, WITHIN_DAYS = 1000, 90

_SHORT = 5  # days with a decision: fewer fill no seminar


def length(played: Run) -> str:
    """Return on how many days something is decided if all play as the model."""
    decisions = (*PROPOSALS, *ANSWERS)
    days = sorted({each["day"] for each in played.log if each["type"] in decisions})
    if not days:
        return (
            "If the model decides for all parties, nobody has anything to decide "
            "in this world."
        )
    count, last = counted(len(days), "day"), days[-1]
    text = (
        "If the model decides for all parties, this world has "
        f"{count} with a decision, the last of them day {last}. Your class may "
        "need more or fewer."
    )
    if len(days) < _SHORT:
        text += (
            " That is a short game: it is soon over if your class decides in the "
            "same way. Another --replicate or another scenario may last longer."
        )
    return text


def timeline(loaded: Loaded) -> list[str]:
    """Return what happens on which day, whatever a class decides."""
    scenario, labels = loaded.scenario, labels_of(loaded.scenario)
    offers = {name: said for name, said, _ in menu(loaded)}
    told = []
    for event in scenario.timeline:
        day = (event.date - scenario.start_date).days
        when = f"Day {day}, {long_date(event.date.isoformat())}:"
        if event.offer is not None and event.by is not None:
            who = in_text(labels.party_label(event.by))
            told.append(f"{when} {who} offers {offers[event.offer]}.")
        elif event.aid_level is not None:
            told.append(f"{when} aid goes to {event.aid_level:g} times the norm.")
        elif event.regime:
            told.append(
                f"{when} the course of events on land held outside the "
                "land in dispute changes."
            )
        else:
            told.append(f"{when} a side commits itself in public.")
    return told or ["Nothing; all offers are made in rounds."]


def on_the_eve(played: Run) -> list[list[str]]:
    """Return what the sides believed and wanted on the eve of day 0."""
    eve, front = played.days[0], in_text(played.labels.party_labels[0])
    sides = sorted(played.labels.sides)
    rows = [
        (f"drift towards {front} that it expected, a week", "belief", "+"),
        ("what fighting on was worth to it", "war_value", ""),
        ("least land that it would have accepted", "reservation_value", ""),
        ("the same, as the other side believed", "believed_reservation_value", ""),
    ]
    return [
        [text, *(amount(eve[key][side], sign) for side in sides)]
        for text, key, sign in rows
    ]


def corridor(played: Run) -> tuple[str, str]:
    """Return the lines both preferred to war, and what that says of theory."""
    own, other = map(in_text, played.labels.party_labels[:2])
    least = played.days[0]["reservation_value"]
    low = least[played.labels.sides[0]]
    high = played.loaded.scenario.front.stake_km2 - least[played.labels.sides[1]]
    lines = lines_in_words(low, high, own, other)
    if low <= high:
        says = f"any line that left {own} {lines} was better for both than war"
    else:
        says = (
            f"there was no such line: {own} wanted {amount(low)}, and {other} "
            f"would have left it {km2(high)}; what they expected of the war was "
            "too far apart"
        )
    return lines, says


def beliefs(scenario: Scenario) -> str:
    """Return what the sides expected of the war, beside what is so."""
    front = scenario.parties[scenario.sides[0]].label
    told = []
    for party in sorted(scenario.sides):
        who = scenario.parties[party]
        assert isinstance(who, Belligerent)
        drift = who.belief.drift_km2_per_week
        told.append(f"{in_text(who.label)} expects {amount(drift, '+')}")
    true = amount(scenario.front.drift_km2_per_week, "+")
    return (
        f"Of the weekly movement of the line, in km2 towards {in_text(front)}, "
        f"{joined(told)}; in truth it is {true}."
    )


def in_many_worlds(loaded: Loaded, seed: int) -> str:
    """Return how often both headlines come true if all play as the model."""
    within = min(WITHIN_DAYS, loaded.scenario.horizon_days)
    cell = sweep(loaded, {}, WORLDS, seed=seed, within_days=within).cells.iloc[0]
    told = []
    for name, what in (
        ("full_truce_share", f"a full truce began by day {within}"),
        ("fighting_stopped_share", "the fighting had stopped at the end"),
    ):
        share, low, high = (percent(cell[f"{name}{e}"]) for e in ("", "_low", "_high"))
        told.append(f"{what} in {share} (luck alone: {low} to {high})")
    return f"{joined(told)}."
