"""What varied quantities and outcomes are called in figures."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.analysis.narrative.words import display_name
from sim.scenario.lookup import wording


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


def outcome_words(outcome: str, within_days: int) -> str:
    """What a share of `cells.parquet` is the share of: "runs with ...".

    >>> outcome_words("full_truce_share", 90)
    'a full truce by day 90'
    """
    return {
        "truce_share": f"a truce by day {within_days}",
        "full_truce_share": f"a full truce by day {within_days}",
        "broken_share": "a truce that broke down",
        "settled_share": "a settlement",
        "defeat_share": "the defeat of one side",
        "fighting_stopped_share": "the fighting stopped at the end",
    }[outcome]


def chip_of(path: str) -> str | None:
    """Return the chip whose area a path sets, as displayed; None for another path.

    >>> chip_of("chips.kursk.area_km2"), chip_of("aid.level")
    ('Kursk', None)
    """
    found = re.fullmatch(r"chips\.(\w+)\.area_km2(?:\.value)?", path)
    return display_name(found[1]) if found else None


def path_label(path: str) -> str:
    """Return the axis label of a varied path.

    >>> path_label("chips.kursk.area_km2")
    'Kursk held at the decision day, km²'
    >>> path_label("aid.level")
    'aid level'
    """
    chip = chip_of(path)
    return f"{chip} held at the decision day, km²" if chip else wording(path).label


def short_label(path: str) -> str:
    """Return the axis label of a varied path where there is little room.

    >>> short_label("chips.kursk.area_km2")
    'Kursk held, km²'
    """
    chip = chip_of(path)
    return f"{chip} held, km²" if chip else wording(path).label


def display_setting(path: str, setting: str) -> str:
    """Return a setting of a varied path as the name of a line.

    >>> display_setting("chips.kursk.area_km2", "400")
    'Kursk held 400 km²'
    """
    chip = chip_of(path)
    name = f"{chip} held" if chip else wording(path).label.partition(",")[0]
    return f"{name} {setting}{unit_of(path)}"


def subject_of(path: str) -> str:
    """Return a varied path as the subject of a clause.

    >>> subject_of("truce.monitoring_effect")
    'the truce monitoring effect'
    """
    chip = chip_of(path)
    return f"the area of {chip} held" if chip else wording(path).the


def about_path(path: str) -> str:
    """Return what the schema says of a varied path, with the path; empty for an area.

    >>> about_path("aid.level")
    'aid.level: Level at the start; 1 is the norm.'
    """
    about = wording(path).about
    return f"{path}: {about}" if about and not chip_of(path) else ""


def unit_of(path: str) -> str:
    """Return the unit after a setting of this path, with a space before it.

    >>> unit_of("chips.kursk.area_km2"), unit_of("aid.level")
    (' km²', '')
    """
    unit = wording(path).unit
    return f" {unit}" if unit else ""
