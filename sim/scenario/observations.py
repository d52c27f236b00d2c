"""Tables of what was observed: areas by date, and dated events.

Two kinds of tables of areas, told apart by their columns. One of a chip has `date` and
`midpoint_km2`, and may have `confirmed_held_km2` and `upper_bound_km2`, between which
the truth lies. One of the line has `date` and `held_by_PARTY_km2`, a whole area of
which only the changes count. Other columns are left alone.
"""

import csv
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputMissingError
from sim.scenario.library import shipped_folder, suggestion

if TYPE_CHECKING:
    import pandas as pd


Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIDPOINT, CONFIRMED, UPPER = "midpoint_km2", "confirmed_held_km2", "upper_bound_km2"
_HELD = re.compile(r"held_by_(\w+)_km2")
_MOST_PROBLEMS = 10

EVENTS = ("full_truce", "partial_truce", "aid_resumed")
RECORD_BEGINS, RECORD_ENDS = "record_begins", "record_ends"


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

    def __len__(self) -> int:
        """Return the number of days on which something was observed."""
        return int(self.day.size)

    def take(self, which: NDArray[np.bool_] | Ints) -> "Series":
        """Return the observations that a mask or an index names."""
        return replace(
            self,
            day=self.day[which],
            area=self.area[which],
            low=self.low[which],
            high=self.high[which],
        )

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


def read_series(file: str | Path, column: str | None = None) -> Series:
    """Read a table of areas; `column` replaces the one of the midpoint or of the line.

    Raises
    ------
    InputMissingError
        If there is no such file, it is not such a table, or some rows are wrong: the
        first ten of these are named, each with its line.
    """
    path = _find(file)
    rows = list(_rows(path))
    names = rows[0][1]
    held = next((name for name in names if _HELD.fullmatch(name)), None)
    chosen = column or (MIDPOINT if MIDPOINT in names else held)
    if chosen is None or chosen not in names:
        raise InputMissingError(
            f"{path}: no column {chosen or f'{MIDPOINT} or held_by_PARTY_km2'}; "
            f"it has {', '.join(names)}"
        )
    is_chip = MIDPOINT in names or CONFIRMED in names or held is None
    bounds = is_chip and CONFIRMED in names and UPPER in names
    wanted = [chosen, *([CONFIRMED, UPPER] if bounds else [])]
    problems: list[str] = []
    days: list[int] = []
    areas: list[list[float]] = []
    for line, row in rows[1:]:
        try:
            cells = dict(zip(names, row, strict=True))
            day = _date(cells["date"]).toordinal()
            numbers = [_area(name, cells[name]) for name in wanted]
            _check_order(day, days, numbers)
        except ValueError as error:
            problems.append(f"{path}:{line}: {_in_words(error)}")
            continue
        days.append(day)
        areas.append(numbers)
    _refuse(problems)
    if len(days) < 2:
        raise InputMissingError(f"{path}: needs two rows at least")
    table = np.array(areas)
    party = _HELD.fullmatch(chosen)
    return Series(
        name=path.name,
        column=chosen,
        day=np.array(days, dtype=np.int64),
        area=table[:, 0],
        low=table[:, 1] if bounds else table[:, 0],
        high=table[:, 2] if bounds else table[:, 0],
        party=party[1] if party else "",
    )


def read_record(file: str | Path) -> Record:
    """Read a table of dated events, with columns `date` and `event`.

    Events are those of `EVENTS`; others are left alone, but for `record_begins` and
    `record_ends`, between which what is not listed did not happen. Without them the
    record goes from the first to the last row. Errors as `read_series`.
    """
    path = _find(file)
    rows = list(_rows(path))
    names = rows[0][1]
    if "event" not in names:
        raise InputMissingError(f"{path}: no column event; it has {', '.join(names)}")
    problems: list[str] = []
    found: list[tuple[date, str]] = []
    for line, row in rows[1:]:
        try:
            cells = dict(zip(names, row, strict=True))
            found.append((_date(cells["date"]), cells["event"].strip()))
        except ValueError as error:
            problems.append(f"{path}:{line}: {_in_words(error)}")
    _refuse(problems)
    if not found:
        raise InputMissingError(f"{path}: needs one row at least")
    found.sort()

    def day_of(name: str, otherwise: date, pick: Callable[[list[date]], date]) -> date:
        days = [day for day, event in found if event == name]
        return pick(days) if days else otherwise

    return Record(
        name=path.name,
        begins=day_of(RECORD_BEGINS, found[0][0], min),
        ends=day_of(RECORD_ENDS, found[-1][0], max),
        events=tuple(each for each in found if each[1] in EVENTS),
    )


def news(series: Series, at_least_every: int = 7) -> Series:
    """Return what a series tells that it has not told yet.

    A map that shows the same area as before is no new measurement until a week has
    passed; then its not having changed is one. So days on which nobody drew do not
    count as days on which nothing moved.
    """
    kept = [0]
    for place in range(1, len(series)):
        last = kept[-1]
        changed = series.area[place] != series.area[last]
        if changed or series.day[place] - series.day[last] >= at_least_every:
            kept.append(place)
    return series.take(np.array(kept, dtype=np.int64))


def since_its_peak(series: Series) -> Series:
    """Return the observations from the last day of the largest area on."""
    last = len(series) - 1 - int(np.argmax(series.area[::-1]))
    return series.take(np.arange(last, len(series)))


def _find(file: str | Path) -> Path:
    """Return the path of a table: as given, or of a shipped one by its bare name."""
    path = Path(file)
    if path.is_file():
        return path
    shipped = shipped_folder() / "observed"
    if not path.parts[1:]:
        for name in (path.name, f"{path.name}.csv"):
            if (shipped / name).is_file():
                return shipped / name
    known = ", ".join(sorted(each.stem for each in shipped.glob("*.csv")))
    what = "a folder, not a file" if path.is_dir() else "no such file"
    raise InputMissingError(f"{file}: {what}{suggestion(path)}; shipped are {known}")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that is not empty, header first."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.reader(stream)
            lines = [(reader.line_num, row) for row in reader if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputMissingError(f"{path} cannot be read: {reason}") from None
    if not lines:
        raise InputMissingError(f"{path} is empty")
    header = [name.strip() for name in lines[0][1]]
    if "date" not in header or len(set(header)) < len(header):
        raise InputMissingError(
            f"{path}:1: needs a header with date and each column once; "
            f"it has {', '.join(header)}"
        )
    yield lines[0][0], header
    yield from lines[1:]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"date: {text!r} is no day such as 2025-02-28") from None


def _area(name: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0.0:
        raise ValueError(f"{name}: {text!r} is not an area")
    return number


def _check_order(day: int, before: list[int], numbers: list[float]) -> None:
    if before and day <= before[-1]:
        raise ValueError("date: not after the one before")
    if numbers[1:] and numbers[1] > numbers[2]:
        raise ValueError(f"{CONFIRMED} {numbers[1]:g} is above {UPPER} {numbers[2]:g}")


def _in_words(error: ValueError) -> str:
    text = str(error)
    return "not as many cells as the header" if "zip()" in text else text


def _refuse(problems: list[str]) -> None:
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        shown = problems[:_MOST_PROBLEMS] + ([f"and {more} more"] if more > 0 else [])
        raise InputMissingError("\n".join(shown))


class ObservedLand(NamedTuple):
    """Tables of `scenarios/observed/` about one land; its README says what they hold.

    `held` has `date`, `confirmed_held_km2`, `midpoint_km2`, `upper_bound_km2`; `stated`
    what others stated, `date`, `km2`, `bound`, `kind`, `stated_by`, `source`; `used`
    the dates, `from` and `to`, that values of shipped scenarios were taken from.
    """

    held: "pd.DataFrame"
    stated: "pd.DataFrame"
    used: "pd.DataFrame"


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
