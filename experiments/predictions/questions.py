"""The table of predictions, read: one question for each prediction and world.

The table is in `table/*.yaml`, worlds in `table/worlds.yaml`. An entry names what is
raised (`set` gives a value of each path for each level, lowest first), what is expected
of which measures, and the worlds in which that is asked. Later ones of these prevail:
the world's `set`, the entry's `with`, the `with` under its world, the level.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TABLE = Path(__file__).parent / "table"
THEMES = ("war", "chips", "aid", "truce")
PATRON = "united_states"


class Question(NamedTuple):
    """One prediction in one world."""

    id: str
    raised: str
    because: str
    world: str
    why: str
    scenario: str
    base: Mapping[str, object]  # values by path, the same at every level
    levels: tuple[float, ...]  # what is raised, as the report names it
    settings: tuple[Mapping[str, object], ...]  # values by path of each level
    offer: str | None
    by: str
    signed_for_days: int
    expect: Mapping[str, str]  # "+", "-", "hump" or "0 +- margin" by measure
    still: bool = False  # first mornings as they are, not moved by luck


@cache
def worlds() -> dict[str, dict[str, Any]]:
    """Scenario, description and settings of each world by its name."""
    return dict(_read("worlds"))


@cache
def questions() -> tuple[Question, ...]:
    """All questions in the order of the predictions' ids."""
    entries = [entry for theme in THEMES for entry in _read(theme)]
    entries.sort(key=lambda entry: entry["id"])
    return tuple(
        _question(entry, name) for entry in entries for name in entry["worlds"]
    )


def _read(name: str) -> Any:
    return yaml.safe_load((TABLE / f"{name}.yaml").read_text(encoding="utf-8"))


def _question(entry: Mapping[str, Any], name: str) -> Question:
    here = {**entry, **entry["worlds"][name]}
    offer = here.get("offer", {})
    world = worlds()[name]
    base = {**world["set"], **entry.get("with", {}), **here.get("with", {})}
    levels = tuple(here["levels"])
    rows: list[dict[str, object]] = [{} for _ in levels]
    for path, values in here["set"].items():
        for row, value in zip(rows, values, strict=True):
            row[path.replace("OFFER", f"negotiation.offers.{offer.get('name')}")] = (
                value
            )
    return Question(
        id=entry["id"],
        raised=" ".join(entry["raise"].split()),
        because=" ".join(entry["because"].split()),
        world=name,
        why=" ".join(here["why"].split()),
        scenario=world["scenario"],
        base=base,
        levels=levels,
        settings=tuple(rows),
        offer=offer.get("name"),
        by=offer.get("by", PATRON),
        signed_for_days=here.get("signed_for_days", 0),
        expect=entry["expect"],
    )
