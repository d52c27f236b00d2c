"""The cells of a finished sweep on a terminal, and what is to be said beside them."""

import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sim.analysis.narrative.words import joined
from sim.analysis.outcomes import happens
from sim.api.result import only
from sim.api.sweep_result import Sweep
from sim.batch.estimates import BEGUN, STOPPED, common_luck
from sim.batch.tables import first_fitted
from sim.cli.options import Output, print_either
from sim.cli.tables import MOST_WIDE, Column, headed, paragraph, width_of
from sim.plots.words import Counts, counts_for, path_label

_MOST_NAMED = 12
_SETS_FOR_A_BAND = 20  # of which one in twenty lies below the band, and one above
_HEADS = {BEGUN: "begun", STOPPED: "stopped"}
_HEAD_WIDTH = 12
# What is left out first where there is no room.
_DUE, _CHANGE, _SETS = "due to inputs", "changes", "spread over input sets"


def print_sweep(done: Sweep, output: Output, *, wide: bool = False) -> None:
    """Print the cells of a sweep, a table or one JSON object, and say what it took.

    A table that is not `wide` leaves out columns until it has room.
    """
    columns, left_out = _columns(done, MOST_WIDE if not wide else sys.maxsize)
    print_either(done.to_dict(), _lines(done, columns), as_json=output.as_json)
    if left_out and not output.as_json:
        output.say(
            f"left out because the table would be too wide: {joined(left_out)} "
            "(--wide shows all)"
        )
    for remarks in (_horizons, _spent, _common_luck, _inputs):
        for text in remarks(done):
            output.say(text)


def _lines(done: Sweep, columns: Sequence[Column]) -> Iterator[str]:
    """Yield what both headlines count, then a line a cell: settings and both."""
    base = _counts(done).base
    yield f"Number of {base} worlds in which"
    for name, head in _HEADS.items():
        holds = " (a truce or a settlement holds)" if name == STOPPED else ""
        yield f"  {head}: {_clause(done, name)}{holds}"
    yield paragraph(
        "Numbers in brackets are 95 % intervals, which show luck only. A change is "
        "the difference from the reference with the same luck."
    )
    yield ""
    yield from headed(columns, _HEAD_WIDTH, right=range(len(columns)), indent=0)


def _columns(done: Sweep, most: int) -> tuple[list[Column], list[str]]:
    """Return the columns that `most` letters have room for, and what is left out."""
    cells = done.cells.to_dict("records")
    found = [Column("cell", [str(cell["cell"]) for cell in cells])]
    context = done.context()
    for path in done.paths:
        head = path_label(path, context, short=True)
        found.append(Column(head, [_setting(cell[path]) for cell in cells], head))
    if done.manifest.get("precision") is not None:
        found.append(Column("worlds", [f"{cell['replicates']:,}" for cell in cells]))
    for headline, head in _HEADS.items():
        found += _estimates(done, cells, headline, head)
    left_out: list[str] = []
    for kind in (_DUE, _CHANGE, _SETS, *reversed([each.called for each in found])):
        if width_of(found, _HEAD_WIDTH) <= most:
            break
        if kind and any(each.called == kind for each in found):
            found = [each for each in found if each.called != kind]
            left_out.append(kind)
    return found, left_out


def _estimates(
    done: Sweep, cells: Sequence[Mapping[Any, Any]], headline: str, head: str
) -> Iterator[Column]:
    """Yield a headline's counts with their intervals, and its changes."""
    counts = _counts(done)
    yield Column(head, [_counted(counts, cell, headline) for cell in cells])
    if done.input_sets is not None:
        name = f"{headline}_inputs"
        sets = [_interval(counts, cell, name) for cell in cells]
        parts = [cell[f"{name}_part"] for cell in cells]
        due = ["" if math.isnan(each) else f"{100 * each:.0f} %" for each in parts]
        yield Column("90 % of input sets", sets, _SETS)
        yield Column("due to inputs", due, _DUE)
    changes = [
        "reference"
        if cell["cell"] == done.reference
        else _counted(counts, cell, f"{headline}_diff", "+")
        for cell in cells
    ]
    yield Column("change", changes, _CHANGE)


def _counts(done: Sweep) -> Counts:
    """Return how shares are written: as in figures, counts of 100 where there are."""
    cells, names = done.cells, [*_HEADS]
    return counts_for(
        int(cells["replicates"].min()),
        cells[[f"{name}_low" for name in names]].to_numpy(),
        cells[[f"{name}_high" for name in names]].to_numpy(),
    )


def _counted(counts: Counts, cell: Mapping[Any, Any], name: str, sign: str = "") -> str:
    interval = _interval(counts, cell, name, sign)
    return f"{counts.number(cell[name], sign)} ({interval})"


def _interval(
    counts: Counts, cell: Mapping[Any, Any], name: str, sign: str = ""
) -> str:
    low, high = cell[f"{name}_low"], cell[f"{name}_high"]
    return f"{counts.number(low, sign)} to {counts.number(high, sign)}"


def _clause(done: Sweep, headline: str) -> str:
    """Return what a headline counts, with its day."""
    return happens(headline, done.manifest["within_days"], only(done.last_days))


def _setting(value: Any) -> str:
    if value is None or value != value:
        return "null"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _horizons(done: Sweep) -> Iterator[str]:
    """Say so if cells end before the day by which their truces are counted."""
    day = done.manifest["within_days"]
    short = [index for index, last in enumerate(done.last_days) if last < day]
    if short:
        which = "all cells" if len(short) == len(done.cells) else _cells(short)
        yield f"these end before day {day}, up to which truces are counted: {which}"


def _spent(done: Sweep) -> Iterator[str]:
    spent = done.manifest["spent"]
    if spent is None:
        return
    yield (
        f"for intervals of +/- {done.manifest['precision']:g}, {spent['worlds']:,} "
        f"worlds were run, {min(spent['cells']):,} to {max(spent['cells']):,} in a "
        "cell"
    )
    if spent["cells_at_cap"]:
        cells = _cells(spent["cells_at_cap"])
        yield (
            f"these reached the limit of {spent['cap']:,} worlds, which is enough "
            f"for any share: {cells}"
        )


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
            f"Sharing random numbers was worth {gained.median:.1f} times as many "
            f"worlds for changes in '{head}'"
        )
        if gained.cells > 1:
            between = f"{gained.lowest:.1f} to {gained.highest:.1f}"
            text += f" (the median of {gained.cells} cells; {between})"
        if gained.same:
            cells = "cell" if gained.same == 1 else "cells"
            text += f"; in {gained.same} {cells} no world differed"
        yield text


def _inputs(done: Sweep) -> Iterator[str]:
    inputs = done.manifest["inputs"]
    if inputs is None:
        return
    first = first_fitted(inputs)  # the table shows those that fit, if there are any
    sets = inputs["sets"] - (first or 0)
    if sets < _SETS_FOR_A_BAND:
        yield (
            f'with {sets} sets of inputs, "90 % of input sets" is little '
            f"more than the smallest and the largest: --input-sets {_SETS_FOR_A_BAND} "
            "or more would do better"
        )
    kind = "" if first is None else " that fit the record"
    text = f"{sets} sets of inputs{kind}, {inputs['replicates']:,} worlds each"
    for headline, head in _HEADS.items():
        part = done.cells[f"{headline}_inputs_part"].dropna()
        if part.empty:
            yield f"{text}: too few to separate inputs from luck in '{head}'"
            continue
        low, high = part.min(), part.max()
        of_inputs, of_luck = _percent(low, high), _percent(1.0 - high, 1.0 - low)
        yield (
            f"{text}: of the variance in whether {_clause(done, headline)}, "
            f"{of_inputs} come from the inputs and {of_luck} from luck"
        )


def _percent(low: float, high: float) -> str:
    first, last = f"{100 * low:.0f}", f"{100 * high:.0f}"
    return f"{first} %" if first == last else f"{first} to {last} %"
