"""What varied quantities are called in figures, and how shares are counted."""

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.plots.provenance import Context
from sim.scenario.lookup import wording


@dataclass(frozen=True)
class Counts:
    """Writes shares as counts of `base` runs with as many digits as the runs allow.

    `base` is 100, or the number of runs when there were fewer.
    """

    base: int
    digits: int

    def number(self, share: float, sign: str = "") -> str:
        """Return a share as a count.

        >>> Counts(100, 0).number(0.254), Counts(100, 0).number(0.001, "+")
        ('25', '0')
        """
        text = f"{share * self.base:{sign}.{self.digits}f}"
        return text.lstrip("+-") if float(text) == 0 else text

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


class Held(NamedTuple):
    """A chip whose size is varied, as displayed, and what its size is counted in."""

    label: str
    unit: str


def held_of(path: str, context: Context) -> Held | None:
    """Return the chip whose size a path sets; None for another path."""
    found = re.fullmatch(r"chips\.(\w+)\.(area_km2|amount)(?:\.value)?", path)
    if found is None:
        return None
    unit = "km²" if found[2] == "area_km2" else context.units.get(found[1], "")
    return Held(context.label(found[1]), unit)


def path_label(path: str, context: Context, *, short: bool = False) -> str:
    """Return the axis label of a varied path; `short` where there is little room."""
    held = held_of(path, context)
    if held is None:
        return wording(path).label
    when = "" if short else " at the decision day"
    return f"{held.label} held{when}" + (f", {held.unit}" if held.unit else "")


def display_setting(path: str, setting: str, context: Context) -> str:
    """Return a setting of a varied path as the name of a line: "Kursk held 400 km²"."""
    held = held_of(path, context)
    name = f"{held.label} held" if held else wording(path).label.partition(",")[0]
    return f"{name} {setting}{unit_of(path, context)}"


def subject_of(path: str, context: Context) -> str:
    """Return a varied path as the subject of a clause: "the truce breakdown"."""
    held = held_of(path, context)
    if held is None:
        return wording(path).the
    return f"the {'area' if held.unit == 'km²' else 'number'} of {held.label} held"


def about_path(path: str, context: Context) -> str:
    """Return what the schema says of a varied path, with the path; empty for a size."""
    about = wording(path).about
    return f"{path}: {about}" if about and not held_of(path, context) else ""


def unit_of(path: str, context: Context) -> str:
    """Return the unit after a setting of this path, with a space before it."""
    held = held_of(path, context)
    unit = held.unit if held else wording(path).unit
    return f" {unit}" if unit else ""
