"""Names and lists as they stand in a sentence."""

import re
from collections.abc import Sequence


def display_name(identifier: str) -> str:
    """Return an identifier of a scenario file as a reader writes it.

    >>> display_name("united_states")
    'United States'
    """
    return identifier.replace("_", " ").title()


def joined(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


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
    'aid.level'
    """
    chip = chip_of(path)
    return f"{chip} held at the decision day, km²" if chip else path


def unit_of(path: str) -> str:
    """Return the unit after a setting of this path, with a space before it.

    >>> unit_of("chips.kursk.area_km2"), unit_of("aid.level")
    (' km²', '')
    """
    return " km²" if chip_of(path) else ""
