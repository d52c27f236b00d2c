"""What the page holds of a sweep, as plain data; `page` makes a file of it."""

import math
import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.narrative.words import in_text
from sim.api.sweep_result import Sweep
from sim.batch.design import Design
from sim.batch.plan import Plan
from sim.batch.settings import Structure, shown
from sim.errors import ScenarioError, UsageError
from sim.model.labels import Labels
from sim.plots.style import party_styles
from sim.scenario.land import LAND
from sim.scenario.load import rebuilt
from sim.scenario.lookup import wording
from sim.scenario.observations import observed_land
from sim.scenario.problems import KeyPath
from sim.scenario.quantities import Annotation
from sim.web.cells import DOTS, estimates, of_worlds, unknown_inputs
from sim.web.compact import packed
from sim.web.days import days_of, series_of_sweep
from sim.web.story import stories, typical

WORLDS = 1000
SCHEMA_VERSION = 1

# A mark of matplotlib, as the library of the page calls it.
_NAMES = ("circle", "square", "triangle", "diamond", "wye", "cross")
_SYMBOLS = dict(zip("os^DvP", _NAMES, strict=True))


@dataclass(frozen=True, eq=False)
class Content:
    """All that a page holds, but for the days, which are thinned until it is light."""

    data: dict[str, Any]
    sweep: Sweep
    series: pd.DataFrame

    def with_days(self, every: int) -> dict[str, Any]:
        """Return the data with every `every`-th day of quantiles over the runs."""
        sides = (self.data["front"], self.data["other"])
        days = days_of(self.sweep, self.series, sides=sides, every=every)
        return {**self.data, "days": days}


def content_of(
    sweep: Sweep,
    *,
    worlds: int = WORLDS,
    replicate: int | None = None,
    tick: Callable[[str], None] = lambda _: None,
) -> Content:
    """Gather what the page holds of a sweep; `tick` is told what is being done.

    That is `worlds` of each cell at most, and the story of one, by default a typical
    one of the reference cell. Raises UsageError if the cells are no full grid or differ
    in their days, or the worlds cannot be run again.
    """
    check_can_be_shown(sweep)
    plan = plan_of(sweep)
    calendars = {
        (cell.steps, cell.labels.step_days, cell.labels.start_date)
        for cell in plan.cells
    }
    if len(calendars) > 1:
        raise UsageError(
            "all settings of a page must have the same days: run a sweep that does "
            "not vary start_date, horizon_days or step_days"
        )
    count = min(worlds, int(sweep.cells["replicates"].min()))
    tick(f"running {count:,} worlds of each of {len(plan.design)} cells")
    seen, ends = of_worlds(sweep, plan, count)
    if replicate is None:
        replicate = typical(ends[:DOTS])
    tick(f"telling world {replicate} of each cell")
    labels = plan.cells[0].labels
    front = plan.base.scenario.front.side
    (other,) = (side for side in labels.sides if side != front)
    data = {
        "schema_version": SCHEMA_VERSION,
        "about": about(sweep),
        "parties": parties(labels),
        "front": front,
        "other": other,
        "chips": chips(labels),
        "inputs": inputs(sweep),
        "reference": sweep.reference,
        "cells": estimates(sweep),
        "unknown": unknown_inputs(sweep),
        "fitted": unknown_inputs(sweep, fitted=True),
        "worlds": {"dots": min(DOTS, count), **seen},
        "story": stories(plan, replicate, (front, other)),
        "observed": observed(sweep, labels),
    }
    return Content(data, sweep, series_of_sweep(sweep, plan))


def check_can_be_shown(sweep: Sweep) -> None:
    """Raise UsageError unless sliders reach every cell and worlds can be run again."""
    if sweep.manifest["policies"]:
        raise UsageError(
            "a page needs to run worlds of the sweep again, which is not possible "
            "with your own policy: run a sweep without --policy"
        )
    points = sweep.manifest["design"]["points"]
    combinations = math.prod(
        len({repr(setting) for setting in column})
        for column in zip(*points, strict=True)
    )
    if not len(points) == len({repr(point) for point in points}) == combinations:
        raise UsageError(
            f"a page has a slider for each input, so it needs a full grid; these "
            f"{len(points)} cells are not all of {combinations} combinations: sweep "
            "with --vary PATH=FROM:TO:COUNT"
        )


def plan_of(sweep: Sweep) -> Plan:
    """Return the plan of a sweep of compiled worlds from its manifest.

    A world is a function of its address (scenario, seed, replicate), so worlds are run
    again instead of being kept. Raises UsageError if this version reads the scenario of
    the manifest as another one.
    """
    made = sweep.manifest
    try:
        base = rebuilt(made.get("written"), Path(made["scenario_id"]))
        why = (
            "" if base.hash == made["scenario_hash"] else f"its hash is {base.hash} now"
        )
    except ScenarioError as error:
        why = str(error)
    if why:
        version = made["versions"]["ceasefire-sim"]
        raise UsageError(
            f"this sweep was made with version {version}, and its scenario gives "
            f"something else in this version of the program ({why}): run the sweep "
            "again"
        )
    known: dict[KeyPath, Annotation] = {
        tuple(path.split(".")): Annotation(
            "assumption" if about["source"] is None else "sourced",
            **{name: about[name] for name in ("low", "high", "source")},
        )
        for path, about in made["known_values"].items()
    }
    return Plan(
        replace(base, sourced=replace(base.sourced, annotations=known)),
        Design.read(made["design"]),
        seed=made["seed"],
        replicates=made["replicates"],
        within_days=made["within_days"],
    )


def about(sweep: Sweep) -> dict[str, Any]:
    """Return where the numbers come from, and what the scenario says of itself."""
    made, scenario = sweep.manifest, sweep.manifest["scenario"]
    own = ("scenario_id", "scenario_title", "scenario_hash")
    told = ("notes", "sources", "start_date", "horizon_days")
    return {
        **{name: made[name] for name in own},
        **{name: scenario[name] for name in told},
        "seed": made["seed"],
        "replicates": [int(each(sweep.cells.replicates)) for each in (min, max)],
        "within_days": made["within_days"],
        "version": made["versions"]["ceasefire-sim"],
        "command": made["command"],
        "command_scenario": scenario_of_command(made["command"]),
        "known": made["known_values"],
    }


def scenario_of_command(command: str) -> list[str]:
    """Return what a command says of its scenario: name or file, and each `--set`.

    >>> scenario_of_command("ceasefire sweep kursk --set aid.level=0 --out DIR")
    ['kursk', '--set', 'aid.level=0']
    """
    words = shlex.split(command, comments=True)
    found = [words[2]]
    for name, value in pairwise(words[3:]):
        if name == "--set":
            found += [name, value]
    return found


def parties(labels: Labels) -> list[dict[str, Any]]:
    """Return name, colour, dash and mark of each party, in alphabetical order."""
    return [
        {
            "id": party,
            "name": style.name,
            "in_text": in_text(style.name),
            "colour": style.colour,
            "dash": "" if style.dash == "-" else " ".join(map(str, style.dash[1])),
            "symbol": _SYMBOLS[style.marker],
        }
        for party, style in party_styles(
            labels.parties, dict(zip(labels.parties, labels.party_labels, strict=True))
        ).items()
    ]


def chips(labels: Labels) -> dict[str, dict[str, str]]:
    """Return the name of each chip, and the unit of what is no land."""
    every = zip(labels.chips, labels.chip_labels, labels.units, strict=True)
    return {
        chip: {"name": label, "unit": "" if unit == LAND else unit}
        for chip, label, unit in every
    }


def inputs(sweep: Sweep) -> list[dict[str, Any]]:
    """Return each varied path with its settings, and with them as `--set` takes them.

    Cells are all combinations, the last path varying fastest; settings are in the order
    of the sweep, numbers in rising order in `order`.
    """
    found = []
    design = Design.read(sweep.manifest["design"])
    for path in design.paths:
        # By their text: Python takes true and 1 for the same.
        by_text: dict[str, Any] = {repr(each): each for each in design.column(path)}
        settings = list(by_text.values())
        numeric = all(type(each) is float for each in settings)
        places = range(len(settings))
        order = sorted(places, key=settings.__getitem__) if numeric else list(places)
        plain = [
            each.text if isinstance(each, Structure) else each for each in settings
        ]
        found.append(
            {
                "path": path,
                "called": wording(path).label.partition(",")[0],
                "unit": f" {wording(path).unit}".rstrip(),
                "settings": plain,
                "shown": list(map(shown, settings)),
                "numeric": numeric,
                "order": order,
            }
        )
    return found


def observed(sweep: Sweep, labels: Labels) -> dict[str, dict[str, Any]]:
    """Return what was observed of each chip in the days of the scenario.

    `start` is the area at the start with its bounds, if the scenario has all three;
    `day` to `high` are packed columns of the series that comes with the program.
    """
    known, scenario = sweep.manifest["known_values"], sweep.manifest["scenario"]
    found: dict[str, dict[str, Any]] = {}
    for chip in labels.chips:
        at = known.get(f"chips.{chip}.area_km2", {})
        numbers = [at.get(name) for name in ("value", "low", "high")]
        start = {} if None in numbers else {"start": numbers}
        found[chip] = start | _series_of(chip, scenario)
    return {chip: seen for chip, seen in found.items() if seen}


def _series_of(chip: str, scenario: dict[str, Any]) -> dict[str, str]:
    seen = observed_land(chip)
    if seen is None:
        return {}
    start = pd.Timestamp(scenario["start_date"])
    days = (pd.to_datetime(seen.held["date"]) - start).dt.days
    there = days.between(0, scenario["horizon_days"])
    rows = seen.held[there]
    return {
        "day": packed(days[there]),
        "mid": packed(rows["midpoint_km2"]),
        "low": packed(rows["confirmed_held_km2"]),
        "high": packed(rows["upper_bound_km2"]),
    }
