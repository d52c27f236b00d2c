"""The command that repeats a sweep, whether it was typed or called from Python."""

import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from sim.scenario.find import known
from sim.scenario.load import Loaded
from sim.scenario.problems import Path, dotted
from sim.scenario.yaml_reader import quoted, read_text
from sim.sweep.design import Design
from sim.sweep.inputs import value_at
from sim.sweep.part import Part
from sim.sweep.plan import Plan
from sim.sweep.points import points_words
from sim.sweep.ranges import spaced
from sim.sweep.settings import Setting, shown


def command_of(plan: Plan, out: str = "DIR", part: Part | None = None) -> str:
    """Return the command, quoted for a shell; `DIR` stands for any new folder.

    Without `part` it is that of the whole sweep, whichever part the plan has: files of
    parts and of the whole carry the same command.
    """
    design, sets, policies = plan.design, plan.input_sets, plan.policies
    words = ["ceasefire", "sweep", scenario_name(plan.base)]
    for text in assignments(plan.base):
        words += ["--set", text]
    of_design = _design_words(design)
    words += of_design
    if design.reference:
        for path, setting in design.at(design.reference).items():
            words += ["--reference", f"{path}={shown(setting)}"]
    amount = "replicates" if plan.precision is None else "precision"
    for name in (amount, "seed", "within_days"):
        words += [f"--{name.replace('_', '-')}", str(getattr(plan, name))]
    if sets is not None:
        words += ["--input-sets", str(len(sets))]
        words += ["--input-replicates", str(sets.replicates)]
    if plan.keep_worlds:
        words += ["--keep-worlds"]
    if plan.series_asked is not None:
        words += ["--series", str(plan.series_asked)]
    if part is not None:
        words += ["--part", str(part)]
    words += [] if policies is None else policies.words()
    remark = "" if policies is None else policies.remark()
    if "SWEEP" in of_design:
        remark += "  # SWEEP: a folder of this sweep, for its points"
    return shlex.join([*words, "--out", out]) + remark


def scenario_name(loaded: Loaded) -> str:
    """Return what a command calls a scenario: its id if shipped, or else its file."""
    file = loaded.files[-1]
    return file.stem if known().get(file.stem) == file else str(file)


def assignments(loaded: Loaded) -> Iterator[str]:
    """Yield `PATH=VALUE` of what was changed since the scenario was read."""
    changed = {
        path: about
        for path, about in loaded.parted.annotations.items()
        if about.kind == "set"
    }
    for path, about in changed.items():
        if not any(path[:end] in changed for end in range(1, len(path))):
            kept = about.low is not None or about.high is not None
            # With its bounds left, the number alone was changed.
            name = (*path, "value") if kept and path[-1] != "value" else path
            yield f"{dotted(name)}={_text(loaded, path, number=kept)}"


def _design_words(design: Design) -> Sequence[str]:
    """Return the words that make a design."""
    if design.made.words:
        return design.made.words
    if design.made.kind != "grid":
        return points_words([design.at(cell) for cell in range(len(design))])
    words = []
    for path in design.paths:
        words += ["--vary", f"{path}={vary_text(design.column(path))}"]
    return words


def vary_text(column: Sequence[Setting]) -> str:
    """Return settings as FROM:TO:COUNT if they are that, or else as a list.

    `column` has a setting for each cell, so the same ones over and over.

    >>> vary_text([0.0, 50.0, 100.0, 0.0, 50.0, 100.0])
    '0:100:3'
    """
    found = list(dict.fromkeys(column))
    if len(found) > 2 and all(isinstance(each, float) for each in found):
        text = f"{shown(found[0])}:{shown(found[-1])}:{len(found)}"
        if spaced(text) == tuple(found):
            return text
    return ",".join(shown(each) for each in found)


def _text(loaded: Loaded, path: Path, *, number: bool) -> str:
    value: Any = value_at(loaded.scenario, path)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
        value = value["value"] if number else value
    if isinstance(value, float):
        return shown(value)
    if not isinstance(value, str):
        return json.dumps(value, default=str)  # which YAML reads as it is
    return value if read_text(value, "").data == value else quoted(value)
