"""Cells of a sweep, for a terminal and for another program."""

import math
from collections.abc import Mapping
from typing import Any

import click

from sim.cli.common import print_json, say
from sim.cli.tables import aligned
from sim.finished import Sweep

_SHOWN = ("full_truce_share", "truce_share")


def print_sweep(done: Sweep, *, as_json: bool, quiet: bool) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took."""
    if as_json:
        print_json(as_object(done))
    else:
        click.echo(as_text(done))
    precision = done.manifest.get("precision")
    if precision is not None:
        spent = done.cells["replicates"]
        say(
            f"for intervals of +/- {precision:g}: {spent.sum():,} worlds, "
            f"{spent.min():,} to {spent.max():,} a cell",
            quiet=quiet,
        )


def as_text(done: Sweep) -> str:
    """Return one line a cell: settings, shares with intervals, difference."""
    days = done.manifest["within_days"]
    titles = {
        "full_truce_share": f"full truce by day {days}",
        "truce_share": f"any truce by day {days}",
    }
    is_precise = done.manifest.get("precision") is not None
    heads = ["cell", *done.paths, *(["worlds"] if is_precise else [])]
    for name in _SHOWN:
        heads += [titles[name], "95 %"]
    heads[-2:-2] = ["difference", "95 %"]
    rows = [heads]
    for cell in done.cells.to_dict("records"):
        row = [str(cell["cell"]), *(_setting(cell[path]) for path in done.paths)]
        row += [f"{cell['replicates']:,}"] if is_precise else []
        for name in _SHOWN:
            row += [_share(cell[name]), _interval(cell, name)]
        first = _SHOWN[0]
        difference = ["reference", ""]
        if cell["cell"] != done.reference:
            difference = [
                f"{cell[f'{first}_diff']:+.3f}",
                _interval(cell, f"{first}_diff", "+.3f"),
            ]
        row[-2:-2] = difference
        rows.append(row)
    return "\n".join(aligned(rows, right=range(len(heads)), indent=0))


def as_object(done: Sweep) -> dict[str, Any]:
    """Return the object of `sweep --json`; what there was not is null."""
    made = done.manifest
    rows = [
        {name: _plain(value) for name, value in row.items()}
        for row in done.cells.to_dict("records")
    ]
    return {
        "schema_version": made["schema_version"],
        "scenario": made["scenario_id"],
        "scenario_hash": made["scenario_hash"],
        "version": made["versions"]["ceasefire-sim"],
        "versions": made["versions"],
        "seed": made["seed"],
        "replicates": made["replicates"],
        "precision": made.get("precision"),
        "within_days": made["within_days"],
        "command": made["command"],
        "note": made["note"],
        "vary": done.paths,
        "reference": done.reference,
        "cells": rows,
    }


def _setting(value: Any) -> str:
    if value is None or value != value:
        return "null"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _share(value: float) -> str:
    return f"{value:.3f}"


def _interval(cell: Mapping[Any, Any], name: str, form: str = ".3f") -> str:
    low, high = cell[f"{name}_low"], cell[f"{name}_high"]
    return f"{low:{form}} to {high:{form}}"


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
