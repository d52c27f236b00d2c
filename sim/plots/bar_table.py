"""A curve on a terminal: a table with a bar for each interval."""

from collections.abc import Iterator

import numpy as np

from sim.analysis.curve import Curve
from sim.plots.words import Counts

# Letters of a line, and of the bar in it where numbers leave room for as many.
WIDTH = 80
_BAR = 30


def bar_table(curve: Curve, counts: Counts) -> Iterator[str]:
    """Yield the scale, then a line a setting: share, bar, paired difference."""
    shares = list(zip(curve.share, curve.low, curve.high, strict=True))
    differences = zip(curve.diff, curve.diff_low, curve.diff_high, strict=True)
    rows = [
        (
            f"{setting:,.6g}",
            *_with_interval([counts.number(number) for number in share]),
            *_with_interval([_signed(counts.number(each)) for each in difference]),
        )
        for setting, share, difference in zip(
            curve.setting, shares, differences, strict=True
        )
    ]
    if curve.reference is not None:
        rows[curve.reference] = (*rows[curve.reference][:3], "reference", "")
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    columns = min(_BAR, WIDTH - sum(widths) - 8)
    bar_at = " " * (sum(widths[:3]) + 5)
    scale = f"{0:<{columns // 2}}{counts.base // 2:<{columns - columns // 2}}"
    yield f"{bar_at}{scale}{counts.base}"
    for row, share in zip(rows, shares, strict=True):
        yield (
            f"{row[0]:>{widths[0]}}  {row[1]:>{widths[1]}} {row[2]:<{widths[2]}}  "
            f"{_bar(*share, columns)}  {row[3]:>{widths[3] if row[4] else 0}} "
            f"{row[4]}"
        ).rstrip()


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
