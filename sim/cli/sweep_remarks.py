"""What a sweep says of itself in words: worlds spent, common luck, inputs and luck."""

from collections.abc import Iterator, Sequence

from sim.analysis.common_luck import common_luck
from sim.finished import Sweep

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
