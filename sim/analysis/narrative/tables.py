"""A run's plain data as tables: one row a step or an event."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sim.analysis.narrative.narrative import sentence

Plain = Mapping[str, Any]


def steps_table(days: Sequence[Plain]) -> pd.DataFrame:
    """One row a step of `run --json`, maps flattened with a dot: `chips_km2.kursk`."""
    return _table(days, ("day", "date", "phase", "share", "aid"))


def events_table(log: Sequence[Plain]) -> pd.DataFrame:
    """One row an event of `run --json`, maps flattened: `reason.accept`."""
    return _table(log, ("day", "date", "actor", "type", "offer", "text"))


def told_events(log: Sequence[Plain]) -> pd.DataFrame:
    """As `events_table`, with each event's sentence, and in `short` without reasons."""
    told = [
        {
            **event,
            "text": sentence(event),
            "short": sentence(event, reasons=False),
        }
        for event in log
    ]
    return events_table(told)


def flattened(row: Plain, prefix: str = "") -> list[tuple[str, Any]]:
    """Return (name, value) pairs, names of nested maps joined by a dot.

    >>> flattened({"day": 0, "terms": {"hand_back": {"kursk": 1.0}}, "reason": None})
    [('day', 0), ('terms.hand_back.kursk', 1.0), ('reason', None)]
    """
    pairs: list[tuple[str, Any]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            pairs += flattened(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def _table(rows: Sequence[Plain], first: tuple[str, ...]) -> pd.DataFrame:
    """Return rows as a table; columns that no row has are there, and empty."""
    flat = [dict(flattened(row)) for row in rows]
    names = dict.fromkeys([*first, *(name for row in flat for name in row)])
    # `reason` of an event without reasons is null, where others have a map.
    maps = {name[:dot] for name in names for dot in _dots(name)}
    return pd.DataFrame(flat, columns=[name for name in names if name not in maps])


def _dots(name: str) -> list[int]:
    return [place for place, letter in enumerate(name) if letter == "."]
