"""Options of the commands that read what was observed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import click

from sim.scenario.arguments import day


class Day(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A day, refused in the words of the Python functions."""

    name = "date"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day in a text."""
        return day(param.opts[0] if param is not None else self.name, value)


# May be given twice: for a chip and for the line.
observed_option = click.option(
    "--observed",
    "tables",
    multiple=True,
    metavar="CSV",
    help="Table of areas of a chip (column midpoint_km2) or on either side of the "
    "line (held_by_PARTY_km2), or the name of a shipped table; repeatable.",
)
chip_option = click.option(
    "--chip",
    metavar="NAME",
    help="Chip that the table is about, if the scenario has several.",
)
column_option = click.option(
    "--column",
    metavar="NAME",
    help="Column of the chip's table to use instead of midpoint_km2.",
)

# Options by the arguments they stand for, in the order in which a command is noted.
_OPTIONS = {
    "chip": "--chip",
    "column": "--column",
    "events": "--events",
    "inputs": "--inputs",
    "first": "--from",
    "last": "--until",
    "days": "--days",
    "line_weeks": "--line-weeks",
    "paths": "--paths",
    "seed": "--seed",
}


def words_of(tables: Sequence[str], asked: Mapping[str, object]) -> list[str]:
    """Return the words of a command line that repeat these tables and arguments."""
    words = [word for table in tables for word in ("--observed", table)]
    for name, option in _OPTIONS.items():
        if asked.get(name) is not None:
            words += [option, str(asked[name])]
    return words
