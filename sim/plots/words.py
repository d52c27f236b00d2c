"""What varied quantities and outcomes are called in figures."""

import re

from sim.analysis.words import display_name
from sim.scenario.wording import wording

__all__ = [
    "about_path",
    "chip_of",
    "display_name",
    "outcome_words",
    "path_label",
    "short_label",
    "subject_of",
    "unit_of",
]


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
