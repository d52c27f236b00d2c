"""Cells of a sweep, for a terminal and for another program."""

import math
from collections.abc import Mapping
from typing import Any

import click

from sim.analysis.cells import LUCK_GAIN
from sim.analysis.common_luck import common_luck
from sim.cli.common import print_json, say
from sim.cli.sweep_remarks import remarks
from sim.cli.tables import aligned
from sim.finished import Sweep

_FULL, _ANY = "full_truce_share", "truce_share"


def print_sweep(done: Sweep, *, as_json: bool, quiet: bool) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took."""
    if as_json:
        print_json(as_object(done))
    else:
        click.echo(as_text(done))
    for text in remarks(done):
        say(text, quiet=quiet)


def as_text(done: Sweep) -> str:
    """Return one line a cell: settings, shares with intervals, difference, gain."""
    days = done.manifest["within_days"]
    is_precise = done.manifest.get("precision") is not None
    has_inputs = done.input_sets is not None
    heads = ["cell", *done.paths, *(["worlds"] if is_precise else [])]
    heads += [f"full truce by day {days}", "95 %"]
    heads += ["90 % of input sets", "due to inputs"] if has_inputs else []
    heads += ["difference", "95 %", "common luck"]
    heads += [f"any truce by day {days}", "95 %"]
    rows = [heads]
    for cell in done.cells.to_dict("records"):
        row = [str(cell["cell"]), *(_setting(cell[path]) for path in done.paths)]
        row += [f"{cell['replicates']:,}"] if is_precise else []
        row += [_share(cell[_FULL]), _interval(cell, _FULL)]
        if has_inputs:
            row += [_interval(cell, f"{_FULL}_inputs"), _part(cell)]
        row += _difference(cell, is_reference=cell["cell"] == done.reference)
        row += [_share(cell[_ANY]), _interval(cell, _ANY)]
        rows.append(row)
    return "\n".join(aligned(rows, right=range(len(heads)), indent=0))


def _difference(cell: Mapping[Any, Any], *, is_reference: bool) -> list[str]:
    if is_reference:
        return ["reference", "", ""]
    name, gain = f"{_FULL}_diff", cell[LUCK_GAIN]
    times = "" if math.isnan(gain) else f"x {gain:.1f}"
    return [f"{cell[name]:+.3f}", _interval(cell, name, "+.3f"), times]


def _part(cell: Mapping[Any, Any]) -> str:
    part = cell[f"{_FULL}_inputs_part"]
    return "" if math.isnan(part) else f"{100 * part:.0f} %"


def as_object(done: Sweep) -> dict[str, Any]:
    """Return the object of `sweep --json`; what there was not is null."""
    made = done.manifest
    gained = common_luck(done.cells, done.reference)
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
        "design": {name: made["design"][name] for name in ("kind", "note")},
        "vary": done.paths,
        "reference": done.reference,
        "spent": made["spent"],
        "common_luck": None if gained is None else gained._asdict(),
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
