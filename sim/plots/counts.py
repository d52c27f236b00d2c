"""Shares and differences as counts of runs: "55 of 100 runs", never "55 %" alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Counts:
    """Writes shares as counts of `base` runs with as many digits as the runs allow.

    `base` is 100, or the number of runs when there were fewer.
    """

    base: int
    digits: int

    def number(self, share: float) -> str:
        """Return a share as a count.

        >>> Counts(100, 0).number(0.254)
        '25'
        """
        text = f"{share * self.base:.{self.digits}f}"
        return text.removeprefix("-") if float(text) == 0 else text

    def of(self, share: float) -> str:
        """Return a share as a count with what it is a count of.

        >>> Counts(100, 1).of(0.254)
        '25.4 of 100 runs'
        """
        return f"{self.number(share)} of {self.base} runs"

    def difference(self, difference: float, low: float, high: float) -> str:
        """Return a difference with its interval.

        >>> Counts(100, 0).difference(0.25, 0.16, 0.34)
        '25, interval 16 to 34'
        """
        return (
            f"{self.number(difference)}, "
            f"interval {self.number(low)} to {self.number(high)}"
        )


def counts_for(replicates: int, low: ArrayLike, high: ArrayLike) -> Counts:
    """Choose base and digits: the narrowest interval still shows in the last digit.

    `low` and `high` are the interval ends of the shares that will be written.

    >>> counts_for(1000, [0.18], [0.22]), counts_for(50, [0.1], [0.3])
    (Counts(base=100, digits=0), Counts(base=50, digits=0))
    """
    base = min(100, replicates)
    widths = (np.asarray(high, np.float64) - np.asarray(low, np.float64)) * base
    shown = widths[widths > 0]
    if shown.size == 0:
        return Counts(base, 0)
    half = float(shown.min()) / 2
    return Counts(base, int(np.clip(np.round(-np.log10(half)), 0, 2)))
