"""Where twin runs part, in neutral sentences."""

from collections.abc import Mapping
from typing import Any

from sim.analysis.replay import PROPOSAL
from sim.analysis.telling import REASON_WORDS, sentence
from sim.analysis.twins import Parting
from sim.analysis.why_words import in_words
from sim.analysis.words import display_name, joined, long_date

_MOST_NAMED = 3
_NOISE = {"noise": "the error of judgement", "aspiration": "what it wants beyond"}
_ENDS = {
    "war": "the fighting goes on",
    "truce": "a truce holds",
    "settled": "there is a settlement",
    "defeat": "one side is defeated",
}


def parting_in_words(found: Parting, names: tuple[str, str]) -> list[str]:
    """Return where two twins part, why, and how each ends; `names` are the runs'."""
    ends = [
        f"in {name} {_ENDS[end]}"
        + ("" if stopped is None else f", from day {stopped} on")
        for name, end, stopped in zip(names, found.ends, found.stopped, strict=True)
    ]
    return [*difference_in_words(found, names), f"At the end {joined(ends)}."]


def difference_in_words(found: Parting, names: tuple[str, str]) -> list[str]:
    """Return where two twins part and why, as far as they have come."""
    told = [_start(found, names), *_event(found, names), _state(found, names)]
    return [each for each in told if each]


def _start(found: Parting, names: tuple[str, str]) -> str:
    if not found.start:
        return ""
    return f"By the change itself they begin with {_pairs(found.start, names)}."


def _event(found: Parting, names: tuple[str, str]) -> list[str]:
    if found.event_day is None:
        return ["The same things happen in both, on the same days."]
    event = found.events[0] or found.events[1]
    assert event is not None
    when = f"Day {found.event_day}, {long_date(event['date'])}"
    happened = [_happened(found, place, name) for place, name in enumerate(names)]
    first = f"{when}, is the first on which not the same happens. {' '.join(happened)}"
    return [first, *_reasons(found)]


def _happened(found: Parting, place: int, name: str) -> str:
    event = found.events[place]
    if event is None:
        return f"In {name}: nothing of that kind."
    decided = found.decisions[place]
    if decided is not None and decided.kind == PROPOSAL:
        return f"In {name}: {in_words(decided)}"
    return f"In {name}: {sentence(event, reasons=False)}"


def _reasons(found: Parting) -> list[str]:
    """Tell why: the parts of the payoff that changed, or that nobody decided it."""
    parts = found.parts
    if not parts:
        event = found.events[0] or found.events[1]
        assert event is not None
        if found.decisions == (None, None) and event["type"] in _BY_LUCK:
            return ["Nobody decides that: the same luck has met other chances."]
        return []
    one, two = found.decisions
    assert one is not None
    assert two is not None
    words = {**REASON_WORDS, **_NOISE}
    moved = [
        f"{words[name]} ({here:+.6f} and {there:+.6f})"
        for name, (here, there) in parts.items()
        if abs(there - here) >= 5e-7
    ]
    total = f"{one.weighed:+.6f} and {two.weighed:+.6f}"
    actor = display_name(one.actor)
    if not moved:
        return [f"To {actor} the offer is worth the same in both."]
    return [
        f"To {actor} accepting less fighting on, as judged, is worth {total}; what "
        f"differs most: {joined(moved[:_MOST_NAMED])}."
    ]


_BY_LUCK = frozenset(
    {"battle", "regime", "breakdown", "capture", "territory", "settlement", "defeat"}
)


def _state(found: Parting, names: tuple[str, str]) -> str:
    if found.state_day is None:
        return "Apart from that both stand the same on every day."
    return (
        f"The first day that leaves them otherwise apart is day {found.state_day}: "
        f"{_pairs(found.state, names)}."
    )


def _pairs(pairs: Mapping[str, tuple[Any, Any]], names: tuple[str, str]) -> str:
    told = [
        f"{_named(name)} {_shown(here)} in {names[0]}, {_shown(there)} in {names[1]}"
        for name, (here, there) in list(pairs.items())[:_MOST_NAMED]
    ]
    rest = len(pairs) - len(told)
    return "; ".join(told) + (f"; and {rest} more" if rest else "")


def _named(name: str) -> str:
    head, _, tail = name.partition(".")
    who = display_name(tail)
    return {
        "chips_km2": f"{who} held, km2:",
        "belief": f"{who}'s belief",
        "share": "the line at",
        "aid": "aid",
        "phase": "phase",
    }[head]


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    return f"{value:.5g}" if isinstance(value, float | int) else str(value)
