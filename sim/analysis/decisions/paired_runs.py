"""Where two runs with the same luck part: what first is not the same, and why.

Twin runs begin in worlds that differ in some values. What differs on the eve is the
change itself; looked for are the first day on which anything else stands otherwise,
and the first thing that happens in one run and not in the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from typing import Any

import pandas as pd

from sim.analysis.changes import changed_fields
from sim.analysis.decisions.decision import Decision, decision
from sim.analysis.decisions.words import in_words
from sim.analysis.narrative.narrative import ENDS
from sim.analysis.narrative.sentences import ANSWERS, REASON_WORDS, sentence
from sim.analysis.narrative.timeline import steps_table, told_events
from sim.analysis.narrative.words import (
    SHOWS,
    amount,
    chip_size,
    in_text,
    joined,
    km2,
    long_date,
    more_or_less,
)
from sim.model.labels import Labels
from sim.model.world import AID, ANSWER, PROPOSAL, Walk, walk
from sim.scenario.load import Loaded, resolve

Event = Mapping[str, Any]
Day = Mapping[str, Any]
Pair = tuple[Any, Any]

_STATE = ("phase", "held_km2", "aid", "chips_km2", "belief")
# What two numbers may differ by and be the same.
_ROUNDING = 1e-9
_DECIDED = {**dict.fromkeys(ANSWERS, ANSWER), "offer": PROPOSAL, "aid": AID}
# What of an event's terms is not an amount, which the change itself may move.
_TOLD = ("conditions", "level", "regime", "chip", "kind", "extension", "how")


@dataclass(frozen=True, eq=False)
class Divergence:
    """Where two twins part, and how each of them ends.

    Pairs are of the first run and the other. `start` holds by name what differs on the
    eve, `state` what else differs at the end of `state_day`, the first such day.
    `events` are the first two that are not the same, None for a run in which nothing
    more happens up to the day of the other's, `event_day`; `decisions` are those behind
    them, None for what nobody decides. All are empty or None for twins that never part.
    `labels` are what parties and chips are called in both.
    """

    labels: tuple[Labels, Labels]
    start: dict[str, Pair]
    state_day: int | None
    state: dict[str, Pair]
    event_day: int | None
    events: tuple[Event | None, Event | None]
    decisions: tuple[Decision | None, Decision | None]
    ends: tuple[str, str]
    stopped: tuple[int | None, int | None]

    @property
    def parts(self) -> dict[str, tuple[float, float]]:
        """Parts of the payoff in both, where both answer the same offer that day.

        With `noise` and `aspiration`, as they are added; the largest change first.
        """
        one, two = self.decisions
        if one is None or two is None or one.kind != ANSWER:
            return {}
        here, there = (
            {**told.parts, "noise": told.noise, "aspiration": -told.aspiration}
            for told in (one.account, two.account)
        )
        pairs = {name: (here[name], there.get(name, 0.0)) for name in here}
        return dict(sorted(pairs.items(), key=lambda it: -abs(it[1][1] - it[1][0])))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data: `twins` of `compare --json`."""
        return {
            "start": _by_name(self.start),
            "state_day": self.state_day,
            "state": _by_name(self.state),
            "event_day": self.event_day,
            "events": _pair(self.events),
            "parts": _by_name(self.parts),
            "end": _pair(self.ends),
            "fighting_stopped_day": _pair(self.stopped),
        }


def _by_name(pairs: Mapping[str, Pair]) -> dict[str, dict[str, Any]]:
    return {name: _pair(pair) for name, pair in pairs.items()}


def _pair(pair: Pair) -> dict[str, Any]:
    return {"first": pair[0], "other": pair[1]}


def divergence(first: Walk, other: Walk) -> Divergence:
    """Compare two runs of the same luck, day by day and event by event."""
    start = dict(_differing(first.days[0], other.days[0]))
    state_day, state = None, dict[str, Pair]()
    for one, two in zip(first.days, other.days, strict=False):
        state = {key: pair for key, pair in _differing(one, two) if key not in start}
        if state:
            state_day = int(one["day"])
            break
    events = _first_not_the_same(first.events, other.events)
    event = events[0] or events[1]
    stopped = "fighting_stopped_day"
    return Divergence(
        (first.labels, other.labels),
        start,
        state_day,
        state,
        None if event is None else int(event["day"]),
        events,
        (_decision(first, event), _decision(other, event)),
        (str(first.outcome["end"]), str(other.outcome["end"])),
        (first.outcome[stopped], other.outcome[stopped]),
    )


def _differing(one: Day, two: Day) -> Iterator[tuple[str, Pair]]:
    for name in _STATE:
        here, there = one[name], two[name]
        if not isinstance(here, Mapping):
            here, there = {"": here}, {"": there}
        for key in {**here, **there}:
            pair = here.get(key), there.get(key)
            if not _same(*pair):
                yield (f"{name}.{key}" if key else name), pair


def _same(here: Any, there: Any) -> bool:
    if isinstance(here, float | int) and isinstance(there, float | int):
        return abs(here - there) <= _ROUNDING
    return bool(here == there)


def _first_not_the_same(
    first: Sequence[Event], other: Sequence[Event]
) -> tuple[Event | None, Event | None]:
    """Return the first two events that are not the same; None for no more.

    If one of the two comes on a later day, its own run had nothing that day.
    """
    pairs = zip_longest(first, other)
    unlike = (pair for pair in pairs if _what(pair[0]) != _what(pair[1]))
    one, two = next(unlike, (None, None))
    if one is not None and two is not None and one["day"] != two["day"]:
        return (one, None) if one["day"] < two["day"] else (None, two)
    return one, two


def _what(event: Event | None) -> tuple[Any, ...]:
    if event is None:
        return ()
    told = (str(event["terms"].get(name)) for name in _TOLD)
    return event["day"], event["actor"], event["type"], event["offer"], *told


def _decision(run: Walk, event: Event | None) -> Decision | None:
    """Return the decision behind an event in a run: of the same party and day."""
    kind = None if event is None else _DECIDED.get(event["type"])
    if event is None or kind is None:
        return None
    for scene in run.scenes:
        if (scene.kind, scene.day, scene.actor) != (kind, event["day"], event["actor"]):
            continue
        if kind != ANSWER or (scene.event or {}).get("offer") == event["offer"]:
            return decision(scene)
    return None


_MOST_NAMED = 3
_NOISE = {"noise": "the error of judgement", "aspiration": "what it wants beyond"}


def divergence_in_words(found: Divergence, names: tuple[str, str]) -> list[str]:
    """Return where two twins part, why, and how each ends; `names` are the runs'."""
    ends = [
        f"in {name} {ENDS[end]}"
        + ("" if stopped is None else f", from day {stopped} on")
        for name, end, stopped in zip(names, found.ends, found.stopped, strict=True)
    ]
    return [*difference_in_words(found, names), f"At the end {joined(ends)}."]


def difference_in_words(found: Divergence, names: tuple[str, str]) -> list[str]:
    """Return where two twins part and why, as far as they have come."""
    told = []
    if found.start:
        start = _pairs(found, found.start, names)
        told.append(f"Because of the change itself they begin with {start}.")
    event = found.events[0] or found.events[1]
    if event is None:
        told.append("The same things happen in both, on the same days.")
    else:
        happened = [_happened(found, place, name) for place, name in enumerate(names)]
        told.append(
            f"They first differ on day {found.event_day}, {long_date(event['date'])}. "
            f"{' '.join(happened)}"
        )
        told += _reasons(found, event, names)
    if found.state_day is None:
        told.append("Nothing else ever differs between them.")
    else:
        told.append(
            f"By day {found.state_day} more differs: "
            f"{_pairs(found, found.state, names)}."
        )
    return told


def _happened(found: Divergence, place: int, name: str) -> str:
    event, decided = found.events[place], found.decisions[place]
    if event is None:
        return f"In {name}, nothing of that kind happens."
    if decided is not None and decided.kind == PROPOSAL:
        return f"In {name}: {in_words(decided)}"
    return f"In {name}: {sentence(event, found.labels[place], reasons=False)}"


def _reasons(found: Divergence, event: Event, names: tuple[str, str]) -> list[str]:
    """Tell why: the parts of the payoff that changed, or that nobody decided it."""
    one, two = found.decisions
    parts = found.parts
    if one is None or two is None or not parts:
        if one is two is None and event["type"] in _BY_LUCK:
            return [
                "Nobody decides this: the luck is the same, but the chances differ."
            ]
        return []
    words = {**REASON_WORDS, **_NOISE}
    moved = [
        f"{words[name]} ({amount(here, '+')} and {km2(there, '+')})"
        for name, (here, there) in parts.items()
        if abs(there - here) >= SHOWS
    ]
    if not moved:
        return [f"To {in_text(one.called)}, the offer is worth the same in both."]
    here, there = (more_or_less(each.weighed) for each in (one, two))
    first, other = names
    return [
        f"As {in_text(one.called)} judges it, accepting is worth {here} than fighting "
        f"on in {first} and {there} in {other}; what differs most is "
        f"{joined(moved[:_MOST_NAMED])}."
    ]


_BY_LUCK = frozenset(
    {"battle", "regime", "breakdown", "capture", "territory", "settlement", "defeat"}
)


def _pairs(found: Divergence, pairs: Mapping[str, Pair], names: tuple[str, str]) -> str:
    told = []
    for name, pair in list(pairs.items())[:_MOST_NAMED]:
        here, there = map(partial(_shown, name), pair, found.labels)
        if here == there:  # a difference that rounding hides
            gap = pair[1] - pair[0]
            more = "more" if gap > 0.0 else "less"
            there = f"{_shown(name, abs(gap), found.labels[1])} {more}"
        what = _named(name, found.labels)
        told.append(f"{what} {here} in {names[0]}, {there} in {names[1]}")
    rest = len(pairs) - len(told)
    return "; ".join(told) + (f"; and {rest} others" if rest else "")


def _named(name: str, labels: tuple[Labels, Labels]) -> str:
    head, _, tail = name.partition(".")
    known = next((each for each in labels if tail in (*each.chips, *each.sides)), None)
    if head == "chips_km2" and known is not None:
        return f"{known.chip_label(tail)} held:"
    if head == "belief" and known is not None:
        return f"{known.party_label(tail)}'s belief of the drift:"
    front = labels[0].party_label(labels[0].sides[0])
    return {"held_km2": f"{front}'s land of the stake:"}.get(head, f"{head}:")


def _shown(name: str, value: Any, labels: Labels) -> str:
    if not isinstance(value, float | int):
        return "none" if value is None else str(value)
    head, _, tail = name.partition(".")
    if head == "chips_km2":
        return chip_size(value, tail, labels)
    if head == "belief":
        return f"{km2(value)} a week"
    return km2(value) if head == "held_km2" else f"{value:.5g}"


# Changed values that are named one by one.
_NAMED = 2


@dataclass(frozen=True, eq=False)
class Twin:
    """The twin of a run: its tables, what was changed, and where the two part.

    `steps` and `events` are those of `sim.analysis.narrative.timeline.story`.
    """

    steps: pd.DataFrame
    events: pd.DataFrame
    change: str
    divergence: Divergence

    @property
    def day(self) -> int | None:
        """The first day on which the two differ in more than the change itself."""
        days = (self.divergence.state_day, self.divergence.event_day)
        return min((day for day in days if day is not None), default=None)

    def words(self, names: tuple[str, str]) -> str:
        """Return in sentences where the two part, and why; `names` are the runs'."""
        return " ".join(difference_in_words(self.divergence, names))


def twin_run(
    loaded: Loaded, changes: Mapping[str, object], seed: int, replicate: int
) -> Twin:
    """Run a world and its twin, with some values changed and the same luck.

    ScenarioError if the changes are not valid.
    """
    other = resolve(loaded, changes)
    first, second = (walk(each, seed, replicate) for each in (loaded, other))
    told = [str(change) for change in changed_fields(other, loaded)]
    if len(told) > _NAMED:
        told = [f"{len(told)} values changed"]
    return Twin(
        steps_table(second.days),
        told_events(second.events, second.labels),
        "; ".join(told) or "nothing changed",
        divergence(first, second),
    )
