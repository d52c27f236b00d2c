"""Tables of what was observed: areas by date, and dated events.

Two kinds of tables of areas, told apart by their columns. One of a chip has `date` and
`midpoint_km2`, and may have `confirmed_held_km2` and `upper_bound_km2`, between which
the truth lies. One of the line has `date` and `held_by_PARTY_km2`, a whole area of
which only the changes count. Other columns are left alone.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import PlainValidator, TypeAdapter

from sim.errors import InputMissingError
from sim.scenario.csv_file import Table, cut, listed, number
from sim.scenario.library import exists, not_a_file, shipped_folder
from sim.scenario.references import did_you_mean

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIDPOINT, CONFIRMED, UPPER = "midpoint_km2", "confirmed_held_km2", "upper_bound_km2"
_HELD = re.compile(r"held_by_(\w+)_km2")
_LARGEST_AREA = 510_100_000.0  # km2: the Earth

EVENTS = ("full_truce", "partial_truce", "aid_resumed")
RECORD_BEGINS, RECORD_ENDS = "record_begins", "record_ends"
TRUCE, TRUCE_ENDED = "full_truce", "full_truce_ended"
NOT_SCORED = ("aid_paused", TRUCE_ENDED, RECORD_BEGINS, RECORD_ENDS)


@dataclass(frozen=True)
class Series:
    """Areas in km2 by day, in order of time; all arrays have shape (n,).

    `day` is the ordinal of the date; `low` and `high` bound the truth. `party` holds
    the area of a line and is "" where the table is one of a chip.
    """

    name: str
    column: str
    day: Ints
    area: Floats
    low: Floats = field(repr=False)
    high: Floats = field(repr=False)
    party: str = ""
    file: Path | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return the number of days on which something was observed."""
        return int(self.day.size)

    def take(self, which: NDArray[np.bool_] | Ints) -> "Series":
        """Return the observations that a mask or an index names."""
        names = ("day", "area", "low", "high")
        return replace(self, **{name: getattr(self, name)[which] for name in names})

    def between(self, first: date | None = None, last: date | None = None) -> "Series":
        """Return the observations of some days, both ends included."""
        start = first.toordinal() if first else 0
        end = last.toordinal() if last else date.max.toordinal()
        return self.take((self.day >= start) & (self.day <= end))

    def date(self, place: int) -> date:
        """Return the date of one observation."""
        return date.fromordinal(int(self.day[place]))

    def latest(self, day: int, oldest: int) -> int | None:
        """Return the place of the last observation in days `oldest` to `day`."""
        place = int(np.searchsorted(self.day, day, side="right")) - 1
        return place if place >= 0 and self.day[place] >= oldest else None


@dataclass(frozen=True)
class Record:
    """Dated events, and the days between which none would have been missed."""

    name: str
    begins: date
    ends: date
    events: tuple[tuple[date, str], ...]

    def happened(self, event: str, after: date, days: int) -> bool | None:
        """Tell whether an event fell on a date or one of the `days` days after it.

        None if the record does not cover all of them.
        """
        end = date.fromordinal(after.toordinal() + days)
        if any(name == event and after <= day <= end for day, name in self.events):
            return True
        return False if self.begins <= after and end <= self.ends else None

    def stopped(self, on: date) -> bool | None:
        """Tell whether a full truce, or the settlement after it, holds on a day.

        None if the record does not cover the day.
        """
        if not self.begins <= on <= self.ends:
            return None
        last = [name for day, name in self.events if day <= on and name in _OF_TRUCES]
        return last[-1:] == [TRUCE]


_OF_TRUCES = (TRUCE, TRUCE_ENDED)


def read_series(file: str | Path, column: str | None = None) -> Series:
    """Read a table of areas; `column` replaces the one of the midpoint or of the line.

    Raises
    ------
    InputMissingError
        If there is no such file, it is not such a table, or some rows are wrong: the
        first ten of these are named, each with its line.
    """
    path = table_file(file)
    table = Table.read(path)
    table.need("date")
    names = table.columns
    held = [name for name in names if _HELD.fullmatch(name)]
    if column is not None:
        if column not in names:
            hint = did_you_mean(column, names)
            raise table.wrong(f"no column {column}; it has {listed(names)}{hint}")
        chosen = column
    elif MIDPOINT in names:
        chosen = MIDPOINT
    elif not held:
        raise table.wrong(
            f"no column {MIDPOINT} or held_by_PARTY_km2; it has "
            f"{listed(names)}{table.hint(MIDPOINT)}"
        )
    elif len(held) > 1:
        raise table.wrong(f"keep one column of {listed(held)}")
    else:
        chosen = held[0]
    lowest = highest = chosen
    if MIDPOINT in names or CONFIRMED in names or not held:  # a table of a chip
        if CONFIRMED in names and UPPER in names:
            lowest, highest = CONFIRMED, UPPER
        elif chosen not in (CONFIRMED, UPPER):
            for one, other in ((CONFIRMED, UPPER), (UPPER, CONFIRMED)):
                if one in names:
                    table.need(other)
    kinds = dict.fromkeys((chosen, lowest, highest), _AREAS)
    days, *areas = table.values({"date": _DAYS} | kinds)
    lines = [line for line, _ in table.rows]
    table.refuse(
        [
            (
                line,
                f"date: is not after the date before it, {before}; rows must be in "
                "order of date, with each day once",
            )
            for before, day, line in zip(days, days[1:], lines[1:], strict=False)
            if day <= before
        ]
    )
    by_name = dict(zip(kinds, map(np.array, areas), strict=True))
    low, high = by_name[lowest], by_name[highest]
    table.refuse(
        [
            (lines[i], f"{CONFIRMED} {low[i]:g} is above {UPPER} {high[i]:g}")
            for i in np.flatnonzero(low > high)
        ]
    )
    if len(days) < 2:
        raise table.wrong("needs at least two rows")
    party = _HELD.fullmatch(chosen)
    return Series(
        name=path.name,
        column=chosen,
        day=np.array([day.toordinal() for day in days], dtype=np.int64),
        area=by_name[chosen],
        low=low,
        high=high,
        party=party[1] if party else "",
        file=path,
    )


def read_record(file: str | Path) -> Record:
    """Read a table of dated events, with columns `date` and `event`.

    Events are those of `EVENTS`, and those of `NOT_SCORED`: `full_truce_ended` says
    that the fighting goes on after one, the others are left alone. With
    `record_begins` and `record_ends`, what is not listed between them did not happen.
    Without them the record goes from the first to the last row. Errors as
    `read_series`; a name that is none of these is one, as an event that is misspelt
    would else count as one that did not come.
    """
    path = table_file(file)
    table = Table.read(path)
    days, names = table.values({"date": _DAYS, "event": _EVENT_NAMES})
    if not days:
        raise table.wrong("needs at least one row")
    found = sorted(zip(days, names, strict=True))
    firsts = [day for day, event in found if event == RECORD_BEGINS]
    lasts = [day for day, event in found if event == RECORD_ENDS]
    begins = min(firsts, default=found[0][0])
    ends = max(lasts, default=found[-1][0])
    if begins > ends:
        raise table.wrong(f"{RECORD_BEGINS} {begins} is after {RECORD_ENDS} {ends}")
    return Record(
        name=path.name,
        begins=begins,
        ends=ends,
        events=tuple(each for each in found if each[1] in (*EVENTS, TRUCE_ENDED)),
    )


def news(series: Series, at_least_every: int = 7) -> Series:
    """Return what a series tells that it has not told yet.

    A map that shows the same area as before is no new measurement until a week has
    passed; then its not having changed is one. So days on which nobody drew do not
    count as days on which nothing moved.
    """
    kept = [0] if len(series) else []
    for place in range(1, len(series)):
        last = kept[-1]
        changed = series.area[place] != series.area[last]
        if changed or series.day[place] - series.day[last] >= at_least_every:
            kept.append(place)
    return series.take(np.array(kept, dtype=np.int64))


def recent(series: Series, *, gap: int, days: int) -> Series:
    """Return the last so many days of a series, and of these what follows a gap."""
    late = series.take(series.day >= series.day[-1] - days)
    after = np.flatnonzero(np.diff(late.day) > gap)
    return late.take(np.arange(after[-1] + 1 if after.size else 0, len(late)))


def since_its_peak(series: Series) -> Series:
    """Return the observations from the last day of the largest area on."""
    last = len(series) - 1 - int(np.argmax(series.area[::-1]))
    return series.take(np.arange(last, len(series)))


def table_file(file: str | Path) -> Path:
    """Return the path of a table: as given, or of a shipped one by its bare name."""
    path = Path(file)
    if exists(path.is_file):
        return path
    folder = shipped_folder() / "observed"
    shipped = {each.stem: each for each in folder.glob("*.csv")}
    name = path.name.removesuffix(".csv")
    if not path.parts[1:] and name in shipped:
        return shipped[name]
    raise InputMissingError(
        f"{file}: {not_a_file(path) or 'no such file'}; shipped are "
        f"{', '.join(sorted(shipped))}{did_you_mean(name, shipped)}"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{cut(text)} is not a day such as 2025-02-28") from None


def _area(text: str) -> float:
    area = number(text)
    if 0.0 <= area <= _LARGEST_AREA:
        return area
    why = ""
    if area > _LARGEST_AREA:
        why = ": it is more than there is on Earth"
    elif "," in text:
        why = ": decimals are written with a point, thousands without a comma"
    raise ValueError(f"{cut(text)} is not an area{why}")


def _event_name(text: str) -> str:
    known = (*EVENTS, *NOT_SCORED)
    if text not in known:
        raise ValueError(
            f"{cut(text)} is not one of "
            f"{', '.join(known)}{did_you_mean(text.lower(), known)}"
        )
    return text


_DAYS = TypeAdapter(list[Annotated[date, PlainValidator(_day)]])
_AREAS = TypeAdapter(list[Annotated[float, PlainValidator(_area)]])
_EVENT_NAMES = TypeAdapter(list[Annotated[str, PlainValidator(_event_name)]])


class ObservedLand(NamedTuple):
    """Tables of `scenarios/observed/` about one land; its README says what they hold.

    `held` has `date`, `confirmed_held_km2`, `midpoint_km2`, `upper_bound_km2`; `stated`
    what others stated, `date`, `km2`, `bound`, `kind`, `stated_by`, `source`; `used`
    the dates, `from` and `to`, that values of shipped scenarios were taken from.
    """

    held: pd.DataFrame
    stated: pd.DataFrame
    used: pd.DataFrame


def observed_land(chip: str) -> ObservedLand | None:
    """Return what was observed of a chip, by its name in the scenario; None if nothing.

    >>> observed_land("atlantis") is None
    True
    """
    folder = shipped_folder() / "observed"
    files = [folder / f"{chip}_{name}.csv" for name in ObservedLand._fields]
    if not files[0].is_file():
        return None
    return ObservedLand(*(pd.read_csv(file) for file in files))
