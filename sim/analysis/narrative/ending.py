"""The last paragraph of a story: how a run ends, and what it counted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.narrative.words import counted, display_name, long_date, percent

_OF_TRUCES = frozenset({"truce", "extension", "expiry", "breakdown"})


def end_in_words(
    events: Sequence[Mapping[str, Any]],
    days: Sequence[Mapping[str, Any]],
    outcome: Mapping[str, Any],
) -> str:
    """Return how a run ends; events, days and outcome as in `run --json`."""
    last = days[-1]
    partial = ", under a partial truce" if _partial_in_force(events) else ""
    ends = {
        "war": f"the fighting goes on{partial}",
        "truce": "a truce holds",
        "settled": "there is a settlement",
        "defeat": f"{display_name(outcome['defeated'] or '')} is defeated",
    }
    refusals = [
        f"{display_name(name)} refused {counted(count, 'time')}"
        for name, count in sorted(outcome["refusals"].items())
    ]
    started = days[0]["chips_km2"]
    land = [
        f"of {display_name(chip)} {km2:.0f} km2 are held, "
        f"{started[chip]:.0f} at the start"
        for chip, km2 in outcome["chips_km2"].items()
    ]
    truces = [
        f"{counted(outcome[key], noun)} {word}"
        for key, noun, word in (
            ("truces_broken", "truce", "broke down"),
            ("truces_expired", "truce", "ran out"),
            ("truces_extended", "extension", "of a truce"),
        )
        if outcome[key]
    ]
    facts = [f"the line is at {percent(outcome['share'])}", *land, *truces, *refusals]
    return (
        f"The end, day {last['day']}, {long_date(last['date'])}: "
        f"{ends[outcome['end']]}; {'; '.join(facts)}."
    )


def _partial_in_force(events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the last that was heard of a partial truce is that it goes on.

    A full truce, which stops all of the fighting, ends a partial one.
    """
    for event in reversed(events):
        if event["type"] not in _OF_TRUCES:
            continue
        if event["terms"].get("kind") == "partial":
            return event["type"] in ("truce", "extension")
        if event["type"] == "truce":
            return False
    return False
