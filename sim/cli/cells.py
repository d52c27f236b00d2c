"""The cells of a finished sweep on a terminal, and what is to be said beside them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.analysis.outcomes import happens
from sim.api.result import only
from sim.api.sweep_result import Sweep
from sim.batch.estimates import BEGUN, STOPPED, common_luck
from sim.cli.options import Output, print_either
from sim.cli.tables import aligned

_MOST_NAMED = 12
_SETS_FOR_A_BAND = 20  # of which one in twenty lies below the band, and one above
_HEADS = {BEGUN: "begun", STOPPED: "stopped"}


def print_sweep(done: Sweep, output: Output) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took."""
    print_either(done.to_dict(), _table(done), as_json=output.as_json)
    for remarks in (_horizons, _spent, _common_luck, _inputs):
        for text in remarks(done):
            output.say(text)


def _table(done: Sweep) -> Iterator[str]:
    """Yield what both headlines count, then a line a cell: settings and both."""
    is_precise = done.manifest.get("precision") is not None
    first = ["cell", *done.paths, *(["worlds"] if is_precise else [])]
    rows = [[*first, *[head for name in _HEADS for head in _heads(done, name)]]]
    for cell in done.cells.to_dict("records"):
        row = [str(cell["cell"]), *(_setting(cell[path]) for path in done.paths)]
        row += [f"{cell['replicates']:,}"] if is_precise else []
        for name in _HEADS:
            row += _estimates(done, cell, name)
        rows.append(row)
    for name, head in _HEADS.items():
        holds = " (a truce or a settlement holds)" if name == STOPPED else ""
        yield f"{head}: share of worlds in which {_clause(done, name)}{holds}"
    yield ""
    yield from aligned(rows, right=range(len(rows[0])), indent=0)


def _clause(done: Sweep, headline: str) -> str:
    """Return what a headline counts, with its day."""
    return happens(headline, done.manifest["within_days"], only(done.last_days))


def _heads(done: Sweep, headline: str) -> list[str]:
    heads = [_HEADS[headline], "95 %"]
    if done.input_sets is not None:
        heads += ["90 % of input sets", "due to inputs"]
    return [*heads, "difference", "95 %"]


def _estimates(done: Sweep, cell: Mapping[Any, Any], headline: str) -> list[str]:
    """Return share and difference of a headline with their intervals."""
    row = [f"{cell[headline]:.3f}", _interval(cell, headline)]
    if done.input_sets is not None:
        part = cell[f"{headline}_inputs_part"]
        row.append(_interval(cell, f"{headline}_inputs"))
        row.append("" if math.isnan(part) else f"{100 * part:.0f} %")
    if cell["cell"] == done.reference:
        return [*row, "reference", ""]
    name = f"{headline}_diff"
    return [*row, f"{cell[name]:+.3f}", _interval(cell, name, "+.3f")]


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
    short = [index for index, last in enumerate(done.last_days) if last < day]
    if short:
        which = "all cells" if len(short) == len(done.cells) else _cells(short)
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
    for headline, head in _HEADS.items():
        gained = common_luck(done.cells, done.reference, headline)
        if gained is None:
            continue
        text = (
            f"common luck narrowed the differences in '{head}' as "
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
    for headline, head in _HEADS.items():
        part = done.cells[f"{headline}_inputs_part"].dropna()
        if part.empty:
            yield f"{text}: too few to tell inputs from luck in '{head}'"
            continue
        low, high = part.min(), part.max()
        of_inputs, of_luck = _percent(low, high), _percent(1.0 - high, 1.0 - low)
        yield (
            f"{text}: whether {_clause(done, headline)} is due to inputs by "
            f"{of_inputs}, to luck by {of_luck} (of the variance, by cell)"
        )


def _percent(low: float, high: float) -> str:
    first, last = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{first} %" if first == last else f"{first} to {last} %"
