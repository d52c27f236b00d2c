"""One run as tables, one row a step or an event, and as a story that figures draw.

The story has who acted when, and where it could have turned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.narrative.sentences import ANSWERS, PROPOSALS, sentence
from sim.batch.intervals import Floats
from sim.model.events import flattened
from sim.model.labels import Labels
from sim.scenario.land import Front

Plain = Mapping[str, Any]

BEGINNINGS = ("truce", "settlement")

TURNING_POINTS = 6

# What most often decides a run comes first; the first event of each type is taken.
_TURNING_TYPES = (
    ("settlement",),
    ("defeat",),
    ("truce",),
    ("breakdown",),
    ("conditional_acceptance", "rejection"),
    ("offer",),
    ("aid",),
    ("counter_offer",),
    ("capture",),
    ("expiry",),
    ("territory",),
    ("regime",),
    ("commitment",),
    ("extension",),
)


@dataclass(frozen=True)
class Moment:
    """One entry of the log. `turn` is its number as a turning point, or 0.

    `actor` is empty for what nobody decided. `of_counter` tells an answer to a
    counter-offer from one to an offer; `line` is the land of `front.side`, km2, that a
    proposal means, nan for other types and for partial truces; `concluded` says that
    it began a truce, `partial` that a partial truce is meant. `short` is `text` without
    reasons.
    """

    day: int
    date: str
    actor: str
    type: str
    offer: str
    text: str
    accept: float
    fight_on: float
    of_counter: bool = False
    line: float = np.nan
    concluded: bool = False
    partial: bool = False
    turn: int = 0
    short: str = ""


@dataclass(frozen=True, eq=False)
class Story:
    """A run, day by day; arrays have shape (n_steps,).

    Land is that of `front_side` within the stake, km2: `held_km2` is the line of
    contact, `least` the least that this side accepts, `most` the most that `other_side`
    leaves it; a deal both could accept exists where most >= least. `believed_least` and
    `believed_most` are what each of the two is thought to accept by the other, nan
    where the log does not say. `chips_km2` are the chips, each in its unit.
    """

    front_side: str
    other_side: str
    day: NDArray[np.int64]
    dates: tuple[str, ...]
    phase: tuple[str, ...]
    held_km2: Floats
    least: Floats
    most: Floats
    believed_least: Floats
    believed_most: Floats
    chips_km2: Mapping[str, Floats]
    moments: tuple[Moment, ...]

    @property
    def deal(self) -> NDArray[np.bool_]:
        """Days on which a line existed that both would accept, shape (n_steps,)."""
        return self.most >= self.least

    @property
    def turns(self) -> tuple[Moment, ...]:
        """The turning points, in the order of the log."""
        return tuple(moment for moment in self.moments if moment.turn)

    def count(self, *types: str) -> int:
        """Return how many entries of the log have one of these types."""
        return sum(moment.type in types for moment in self.moments)

    def truces(self) -> list[tuple[int, int]]:
        """First and last day of each stretch of days in truce or settled."""
        calm = np.array([phase in ("truce", "settled") for phase in self.phase])
        edges = np.flatnonzero(np.diff(np.r_[False, calm, False]))
        return [
            (int(self.day[first]), int(self.day[after - 1]))
            for first, after in zip(edges[::2], edges[1::2], strict=True)
        ]

    def partial_truces(self) -> list[tuple[int, int]]:
        """First and last day of each partial truce, while the war goes on."""
        found: list[tuple[int, int]] = []
        since: int | None = None
        for moment in self.moments:
            if moment.type == "truce" and moment.partial:
                if since is None:
                    since = moment.day
            elif since is not None and (
                moment.type == "truce"
                or (moment.partial and moment.type in ("breakdown", "expiry"))
            ):
                found.append((since, moment.day))
                since = None
        if since is not None:
            found.append((since, int(self.day[-1])))
        return found


def steps_table(days: Sequence[Plain]) -> pd.DataFrame:
    """One row a step of `run --json`, maps flattened with a dot: `chips_km2.kursk`."""
    return _table(days, ("day", "date", "phase", "held_km2", "aid"))


def events_table(log: Sequence[Plain]) -> pd.DataFrame:
    """One row an event of `run --json`, maps flattened: `reason.accept`."""
    return _table(log, ("day", "date", "actor", "type", "offer", "text"))


def told_events(log: Sequence[Plain], labels: Labels) -> pd.DataFrame:
    """As `events_table`, with each event's sentence, and in `short` without reasons."""
    return events_table(
        [
            {
                **each,
                "text": sentence(each, labels),
                "short": sentence(each, labels, reasons=False),
            }
            for each in log
        ]
    )


def _table(rows: Sequence[Plain], first: tuple[str, ...]) -> pd.DataFrame:
    """Return rows as a table; columns that no row has are there, and empty."""
    flat = [dict(flattened(row)) for row in rows]
    names = dict.fromkeys([*first, *(name for row in flat for name in row)])
    # `reason` of an event without reasons is null, where others have a map.
    parts = (name.split(".") for name in names)
    maps = {".".join(each[:depth]) for each in parts for depth in range(1, len(each))}
    return pd.DataFrame(flat, columns=[name for name in names if name not in maps])


def story(steps: pd.DataFrame, events: pd.DataFrame, front: Front) -> Story:
    """Read a run's tables, those of `steps_table` and `told_events`.

    `front` is that of the scenario. ValueError if there are no steps, or not the
    reservation values of two belligerents.
    """
    if steps.empty:
        raise ValueError("the run has no steps")
    prefix = "reservation_value."
    names = [str(name) for name in steps.columns]
    sides = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    if len(set(sides)) != 2 or front.side not in sides:
        raise ValueError(
            f"reservation values of {front.side} and one other side are needed, "
            f"not of {', '.join(sides) or 'nobody'}"
        )
    (other,) = (side for side in sides if side != front.side)

    def numbers(name: str) -> Floats:
        """Return a column; of one that the log does not have, nan."""
        if name in steps:
            return steps[name].to_numpy(np.float64)
        return np.full(len(steps), np.nan)

    held = steps["held_km2"].to_numpy(np.float64)
    day = steps["day"].to_numpy(np.int64)
    chips = {
        name.removeprefix("chips_km2."): numbers(name)
        for name in names
        if name.startswith("chips_km2.")
    }
    line_on = dict(zip(day.tolist(), held.tolist(), strict=True))
    return Story(
        front_side=front.side,
        other_side=other,
        day=day,
        dates=tuple(str(each)[:10] for each in steps["date"]),
        phase=tuple(steps["phase"].astype(str)),
        held_km2=held,
        least=numbers(prefix + front.side),
        most=front.stake_km2 - numbers(prefix + other),
        believed_least=numbers(f"believed_{prefix}{front.side}"),
        believed_most=front.stake_km2 - numbers(f"believed_{prefix}{other}"),
        # A chip that is never held is no part of the story.
        chips_km2={name: km2 for name, km2 in chips.items() if (km2 > 0).any()},
        moments=_with_turns(_moments(events, line_on)),
    )


def _moments(events: pd.DataFrame, line_on: Mapping[int, float]) -> list[Moment]:
    rows: list[dict[Any, Any]] = events.to_dict(orient="records")
    moments: list[Moment] = []
    of_counter = False
    for place, row in enumerate(rows):
        kind, day = str(row["type"]), int(row["day"])
        proposes, line = kind in PROPOSALS, np.nan
        if proposes:
            of_counter = kind == "counter_offer"
        partial = row.get("terms.kind") == "partial"
        if proposes and not partial:  # its own line, or that of the day
            line = _number(row.get("terms.line_km2"))
            line = line_on.get(day, np.nan) if np.isnan(line) else line
        moments.append(
            Moment(
                day=day,
                date=str(row["date"])[:10],
                actor=_text(row.get("actor")),
                type=kind,
                offer=_text(row.get("offer")),
                text=_text(row.get("text")),
                short=_text(row.get("short")),
                accept=_number(row.get("reason.accept")),
                fight_on=_number(row.get("reason.fight_on")),
                of_counter=of_counter and kind in ANSWERS,
                line=line,
                partial=partial,
                concluded=proposes and _is_concluded(rows[place + 1 :], day),
            )
        )
    return moments


def _is_concluded(later: list[dict[Any, Any]], day: int) -> bool:
    """Whether a truce begins that day before anything else is proposed."""
    for row in later:
        if row["type"] in PROPOSALS or int(row["day"]) != day:
            return False
        if row["type"] in BEGINNINGS:
            return True
    return False


def _with_turns(moments: list[Moment]) -> tuple[Moment, ...]:
    """Number the turning points, in the order of the log."""
    chosen: list[int] = []
    for types in _TURNING_TYPES:
        found = [place for place, each in enumerate(moments) if each.type in types]
        # A full truce turns more than a partial one that came before it.
        full = [place for place in found if not moments[place].partial]
        chosen += (full or found)[:1]
    for number, place in enumerate(sorted(chosen[:TURNING_POINTS]), start=1):
        moments[place] = replace(moments[place], turn=number)
    return tuple(moments)


def _text(value: object) -> str:
    """Return a cell as text: absent values become the empty text."""
    return value if isinstance(value, str) else ""


def _number(value: object) -> float:
    """Return a cell as a number: what is absent, or a word, becomes nan."""
    if isinstance(value, int | float | np.number) and not isinstance(value, bool):
        return float(value)
    return np.nan
