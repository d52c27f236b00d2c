"""The cells of a finished sweep on a terminal, and what is to be said beside them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.api.sweep_result import Sweep
from sim.batch.estimates import VARIANCE_RATIO, common_luck
from sim.cli.options import Output, print_either
from sim.cli.tables import aligned

_MOST_NAMED = 12
_SETS_FOR_A_BAND = 20  # of which one in twenty lies below the band, and one above
_HORIZON = ("horizon_days", "horizon_days.value")
_FULL, _ANY = "full_truce_share", "truce_share"
_PART = f"{_FULL}_inputs_part"


def print_sweep(done: Sweep, output: Output) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took."""
    print_either(done.to_dict(), _table(done), as_json=output.as_json)
    for remarks in (_horizons, _spent, _common_luck, _inputs):
        for text in remarks(done):
            output.say(text)


def _table(done: Sweep) -> Iterator[str]:
    """Yield one line a cell: settings, shares with intervals, difference, gain."""
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
        row += [f"{cell[_FULL]:.3f}", _interval(cell, _FULL)]
        if has_inputs:
            part = cell[_PART]
            row += [_interval(cell, f"{_FULL}_inputs")]
            row += ["" if math.isnan(part) else f"{100 * part:.0f} %"]
        if cell["cell"] == done.reference:
            row += ["reference", "", ""]
        else:
            name, gain = f"{_FULL}_diff", cell[VARIANCE_RATIO]
            row += [f"{cell[name]:+.3f}", _interval(cell, name, "+.3f")]
            row += ["" if math.isnan(gain) else f"x {gain:.1f}"]
        row += [f"{cell[_ANY]:.3f}", _interval(cell, _ANY)]
        rows.append(row)
    yield from aligned(rows, right=range(len(heads)), indent=0)


def _setting(value: Any) -> str:
    if value is None or value != value:
        return "null"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _interval(cell: Mapping[Any, Any], name: str, form: str = ".3f") -> str:
    low, high = cell[f"{name}_low"], cell[f"{name}_high"]
    return f"{low:{form}} to {high:{form}}"


def _horizons(done: Sweep) -> Iterator[str]:
    """Say so if cells end before the day by which their truces are counted."""
    day = done.manifest["within_days"]
    days = [done.manifest["scenario"]["horizon_days"]] * len(done.cells)
    for name in reversed(_HORIZON):
        days = done.cells[name].tolist() if name in done.cells else days
    short = [index for index, horizon in enumerate(days) if horizon < day]
    if short:
        which = "all cells" if len(short) == len(days) else _cells(short)
        yield f"over before day {day}, by which truces are counted: {which}"


def _spent(done: Sweep) -> Iterator[str]:
    spent = done.manifest["spent"]
    if spent is None:
        return
    yield (
        f"for intervals of +/- {done.manifest['precision']:g}: {spent['worlds']:,} "
        f"worlds, {min(spent['cells']):,} to {max(spent['cells']):,} a cell"
    )
    if spent["cells_at_cap"]:
        cells = _cells(spent["cells_at_cap"])
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
