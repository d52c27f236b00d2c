"""The cells of a finished sweep on a terminal, and what is to be said beside them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from sim.api.sweep_result import Sweep
from sim.batch.estimates import LUCK_GAIN, common_luck
from sim.cli.options import print_json, say
from sim.cli.tables import aligned

_MOST_NAMED = 12

_SETS_FOR_A_BAND = 20  # of which one in twenty lies below the band, and one above

_HORIZON = ("horizon_days", "horizon_days.value")

_PART = "full_truce_share_inputs_part"


def remarks(done: Sweep) -> Iterator[str]:
    """Yield what is to be said beside the table of cells."""
    yield from _horizons(done)
    yield from _spent(done)
    yield from _common_luck(done)
    yield from _inputs(done)


def _horizons(done: Sweep) -> Iterator[str]:
    """Say so if cells end before the day by which their truces are counted."""
    day = done.manifest["within_days"]
    varied = [name for name in _HORIZON if name in done.cells]
    days = (
        done.cells[varied[0]].tolist()
        if varied
        else [done.manifest["scenario"]["horizon_days"]] * len(done.cells)
    )
    short = [index for index, horizon in enumerate(days) if horizon < day]
    if short:
        which = "all cells" if len(short) == len(days) else _cells(short)
        yield f"over before day {day}, by which truces are counted: {which}"


def _spent(done: Sweep) -> Iterator[str]:
    spent = done.manifest["spent"]
    if spent is None:
        return
    each, at_cap = spent["cells"], spent["cells_at_cap"]
    yield (
        f"for intervals of +/- {done.manifest['precision']:g}: {spent['worlds']:,} "
        f"worlds, {min(each):,} to {max(each):,} a cell"
    )
    if at_cap:
        cells = _cells(at_cap)
        yield f"at the cap of {spent['cap']:,}, enough for any share: {cells}"


def _cells(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers[:_MOST_NAMED]))
    more = len(numbers) - _MOST_NAMED
    listed += f" and {more} more" if more > 0 else ""
    return f"cell {listed}" if len(numbers) == 1 else f"cells {listed}"


def _common_luck(done: Sweep) -> Iterator[str]:
    gained = common_luck(done.cells, done.reference)
    if gained is None:
        return
    text = (
        "common luck narrowed the differences in full truces as "
        f"{gained.median:.1f} times the worlds would have"
    )
    if gained.cells > 1:
        between = f"{gained.lowest:.1f} to {gained.highest:.1f}"
        text += f" (median of {gained.cells} cells, {between})"
    if gained.same:
        cells = "cell" if gained.same == 1 else "cells"
        text += f"; in {gained.same} {cells} no world differed"
    yield text


def _inputs(done: Sweep) -> Iterator[str]:
    inputs = done.manifest["inputs"]
    if inputs is None:
        return
    if inputs["sets"] < _SETS_FOR_A_BAND:
        yield (
            f'with {inputs["sets"]} sets of inputs, "90 % of input sets" is little '
            f"more than the least and the most: --input-sets {_SETS_FOR_A_BAND} or more"
        )
    text = f"{inputs['sets']} sets of inputs, {inputs['replicates']:,} worlds each"
    part = done.cells[_PART].dropna()
    if part.empty:
        yield f"{text}: too few to tell inputs from luck"
        return
    low, high = part.min(), part.max()
    of_inputs, of_luck = _percent(low, high), _percent(1.0 - high, 1.0 - low)
    yield (
        f"{text}: whether a world has a full truce is due to inputs by {of_inputs}, "
        f"to luck by {of_luck} (of the variance, by cell)"
    )


def _percent(low: float, high: float) -> str:
    first, last = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{first} %" if first == last else f"{first} to {last} %"


_FULL, _ANY = "full_truce_share", "truce_share"


def print_sweep(done: Sweep, *, as_json: bool, quiet: bool) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took."""
    if as_json:
        print_json(done.to_dict())
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


def _setting(value: Any) -> str:
    if value is None or value != value:
        return "null"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _share(value: float) -> str:
    return f"{value:.3f}"


def _interval(cell: Mapping[Any, Any], name: str, form: str = ".3f") -> str:
    low, high = cell[f"{name}_low"], cell[f"{name}_high"]
    return f"{low:{form}} to {high:{form}}"
