"""Observed wars: a table of theirs, or anybody's with the same columns."""

import csv
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("war_name", "duration_days_span", "outcome_class")


class Observed(NamedTuple):
    """A war of the list: its name, its length in begun weeks, and how it ended."""

    name: str
    weeks: int
    outcome: str


def observed(file: Path) -> list[Observed]:
    """Read a table of wars.

    Raises
    ------
    ValueError
        If a column is missing, a length is no number of days, or no war is there.
    """
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{file}: no column {', '.join(missing)}")
        wars = [_war(row, file, line) for line, row in enumerate(reader, start=2)]
    if not wars:
        raise ValueError(f"{file}: no wars")
    return wars


def _war(row: dict[str, str], file: Path, line: int) -> Observed:
    days = row["duration_days_span"]
    if not days.isdigit() or int(days) < 1:
        raise ValueError(
            f"{file}, line {line}: duration_days_span needs days, not {days!r}"
        )
    return Observed(row["war_name"], -(-int(days) // 7), row["outcome_class"])
