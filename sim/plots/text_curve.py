"""The same curve for a terminal: one line a setting, 7-bit characters only."""

from textwrap import wrap

import numpy as np
import pandas as pd

from sim.analysis.curve import curve
from sim.plots.context import Context
from sim.plots.curve_words import CurveWords, Observed
from sim.plots.words import chip_of, path_label

# Of a line, and of the bar in it where the numbers leave room for as many.
_WIDTH = 80
_BAR = 30


def text_curve(
    cells: pd.DataFrame,
    context: Context,
    *,
    path: str = "chips.kursk.area_km2",
    outcome: str = "full_truce_share",
    observed: Observed | None = None,
) -> str:
    """Return the curve as a table with a bar for each interval, and its answer.

    Arguments and errors as `sim.plots.ceasefire_by_kursk.ceasefire_by_kursk`. No line
    is longer than 80 characters.
    """
    found = curve(cells, path, outcome)
    words = CurveWords(found, path, outcome, context)
    counts = words.counts
    shares = zip(found.share, found.low, found.high, strict=True)
    differences = zip(found.diff, found.diff_low, found.diff_high, strict=True)
    rows = [
        (
            f"{setting:,.6g}",
            *_with_interval([counts.number(float(number)) for number in share]),
            *_with_interval([_signed(counts.number(float(d))) for d in difference]),
        )
        for setting, share, difference in zip(
            found.setting, shares, differences, strict=True
        )
    ]
    rows[found.reference] = (*rows[found.reference][:3], "reference", "")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    columns = min(_BAR, _WIDTH - sum(widths) - 8)
    bars = [
        _bar(float(share), float(low), float(high), columns)
        for share, low, high in zip(found.share, found.low, found.high, strict=True)
    ]
    table = [
        f"{row[0]:>{widths[0]}}  {row[1]:>{widths[1]}} {row[2]:<{widths[2]}}  "
        f"{bar}  {row[3]:>{widths[3] if row[4] else 0}} {row[4]}".rstrip()
        for row, bar in zip(rows, bars, strict=True)
    ]
    bar_at = " " * (widths[0] + widths[1] + widths[2] + 5)
    scale = f"{0:<{columns // 2}}{counts.base // 2:<{columns - columns // 2}}"
    lines = [
        words.title(),
        "",
        f"{path_label(path)}: first column.",
        f"Runs of {counts.base} with {words.event} (95 % interval, luck only), and",
        f"the difference from {words.at(found.reference)} run by run, same luck.",
        "",
        f"{bar_at}{scale}{counts.base}",
        *table,
        "",
        *wrap(f"{words.ends()} {words.shape()}".strip(), 80),
    ]
    chip = chip_of(path)
    if observed is not None and chip:
        lines += wrap(observed.sentence(chip), 80)
    lines += wrap(context.last_line(), 80)
    return "\n".join(lines).replace("km²", "km2") + "\n"


def _with_interval(numbers: list[str]) -> tuple[str, str]:
    estimate, low, high = numbers
    return estimate, f"({low} to {high})"


def _signed(number: str) -> str:
    return number if number.startswith("-") or float(number) == 0 else f"+{number}"


def _bar(share: float, low: float, high: float, columns: int) -> str:
    """Draw an interval on a line of so many columns from 0 to 1.

    >>> _bar(0.5, 0.25, 0.75, 30)
    '|      -------o--------      |'
    """
    first, dot, last = (
        int(np.clip(round(number * (columns - 1)), 0, columns - 1))
        for number in (low, share, high)
    )
    cells = [" "] * columns
    cells[0] = cells[-1] = "|"
    cells[first : last + 1] = "-" * (last + 1 - first)
    cells[dot] = "o"
    return "".join(cells)
