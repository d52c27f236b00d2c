"""The ringed run of each cell: its days, and what happened, short enough to be many.

The same replicate is told in every cell, so that one can see what the same luck does
under another setting.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.narrative.sentences import ANSWERS
from sim.batch.plan import Plan
from sim.model.events import Event
from sim.model.stages.payoff_parts import PARTS
from sim.model.world import Walk, walk
from sim.web.compact import by_column, packed
from sim.web.turns import Search, Turns

# Worths are kept to a tenth of a km2, as aid is to a hundredth of its norm.
PER_WORTH, PER_LEVEL = 10.0, 100.0

# What the front did is shown by its days.
_UNTOLD = frozenset({"battle"})


class Stories:
    """Stories of runs, with what they have in common written once.

    `words` are the ids of types, actors and offers and paths of inputs, and `facts` the
    terms, that events refer to by their place.
    """

    def __init__(self, sides: tuple[str, str]) -> None:
        self.sides = sides
        self.words: dict[str, int] = {}
        self.facts: list[dict[str, Any]] = []
        self._known: dict[str, int] = {}

    def of(self, run: Walk, turns: Search) -> dict[str, Any]:
        """Return a run as the page takes it; series start on the eve.

        Events are columns. A reason is accept, fight_on, noise, aspiration and the
        parts in the order of `PARTS`; it stands with the first answer of a party to an
        offer that is like it, by the place of the event; so do the changes that turn
        the answer, for which `turns` is asked.
        """
        days, (front, other) = run.days, self.sides
        values = [day["reservation_value"] for day in days]
        believed = [day["believed_reservation_value"] for day in days]
        stake = run.loaded.scenario.front.stake_km2
        series = {
            "held_km2": [day["held_km2"] for day in days],
            "least": [each[front] for each in values],
            "most": [stake - each[other] for each in values],
            "believed_least": [each[front] for each in believed],
            "believed_most": [stake - each[other] for each in believed],
        }
        log = [each for each in run.events if each["type"] not in _UNTOLD]
        return {
            **{name: packed(each) for name, each in series.items()},
            "aid": packed((day["aid"] for day in days), per_unit=PER_LEVEL),
            "chips_km2": {
                chip: packed(day["chips_km2"][chip] for day in days)
                for chip in days[0]["chips_km2"]
                if any(day["chips_km2"][chip] > 0 for day in days)
            },
            "phase": _stretches([day["phase"] for day in days]),
            **self._events(log, turns),
            "end": [run.outcome["end"], run.outcome["defeated"]],
        }

    def _events(self, log: Sequence[Event], turns: Search) -> dict[str, Any]:
        reasons: dict[int, str] = {}
        turned: dict[int, list[Any]] = {}
        told: set[tuple[str, str, str]] = set()
        for place, event in enumerate(log):
            key = (str(event["actor"]), event["type"], str(event["offer"]))
            if event["type"] in ANSWERS and event["reason"] and key not in told:
                told.add(key)
                reasons[place] = _reason(event["reason"])
                changes = turns(event)
                if changes is not None:
                    turned[place] = [
                        each and [self._word(each[0]), *each[1:]] for each in changes
                    ]
        columns = {"day": packed(event["day"] for event in log)}
        for name in ("type", "actor", "offer"):
            columns[name] = packed(self._word(event[name]) for event in log)
        columns["fact"] = packed(self._fact(event["terms"]) for event in log)
        return {**columns, "reasons": reasons, "turns": turned}

    def _word(self, word: str | None) -> float:
        if word is None:
            return math.nan
        return self.words.setdefault(word, len(self.words))

    def _fact(self, terms: Mapping[str, Any]) -> int:
        short = {name: _short(value) for name, value in terms.items() if value}
        key = json.dumps(short, sort_keys=True)
        if key not in self._known:
            self._known[key] = len(self.facts)
            self.facts.append(short)
        return self._known[key]


def typical(days: Sequence[float] | NDArray[np.float64]) -> int:
    """Return the replicate whose fighting stops on the middle day; nan is never.

    The first of those that do.

    >>> typical([9.0, 3.0, float("nan"), 5.0, 5.0])
    3
    """
    times = np.where(np.isnan(days), np.inf, days)
    middle = np.sort(times)[(times.size - 1) // 2]
    return int(np.argmax(times == middle))


def stories(plan: Plan, replicate: int, sides: tuple[str, str]) -> dict[str, Any]:
    """Return the story of a replicate in every cell, and what they have in common.

    `sides` are that of the front and the other. `runs` has a list for each column of
    `Stories.of`, in the order of the cells.
    """
    book, turns = Stories(sides), Turns(plan)
    runs = []
    for cell in range(len(plan.design)):
        walked = walk(plan.scenario(cell), plan.seed, replicate)
        runs.append(book.of(walked, turns.of(cell, walked)))
    return {
        "replicate": replicate,
        "parts": list(PARTS),
        "words": list(book.words),
        "facts": book.facts,
        "runs": by_column(runs),
        "searched": len(turns.cells),
    }


def _reason(reason: Mapping[str, Any]) -> str:
    compared = ("accept", "fight_on", "noise", "aspiration")
    numbers = [reason[name] for name in compared]
    numbers += [reason["parts"].get(name, 0.0) for name in PARTS]
    return packed(numbers, per_unit=PER_WORTH)


def _stretches(phases: Sequence[str]) -> list[list[Any]]:
    """Return each phase with the place of its first day.

    >>> _stretches(["war", "war", "truce"])
    [[0, 'war'], [2, 'truce']]
    """
    changes = [i for i, each in enumerate(phases) if i == 0 or each != phases[i - 1]]
    return [[i, phases[i]] for i in changes]


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 3) if abs(value) < 10.0 else round(value)
    if isinstance(value, Mapping):
        return {name: _short(each) for name, each in value.items()}
    return value
