"""A scenario file that extends another one with fitted values."""

import os
from pathlib import Path
from typing import Any

from sim.errors import UsageError, printable
from sim.reality.calibration import CONFIDENCE, Calibration, Fitted
from sim.scenario.yaml_reader import quoted

_LONGEST_ID, _ENDING = 64, "-calibrated"


def overlay(found: Calibration, file: Path, command: str) -> str:
    """Return the text of an overlay that is to stand in `file`.

    Each value has `low` and `high`, the profile interval at 90 %, where there is one,
    the table as its source, and a note on how it was got. `command` repeats it all.

    Raises
    ------
    UsageError
        If no relative path leads from the file to the scenario, or values of it were
        changed since it was read.
    """
    scenario = found.loaded.scenario
    kinds = [about.kind for about in found.loaded.parted.annotations.values()]
    if "set" in kinds:
        raise UsageError(
            f"{file}: a file that extends {scenario.id} does not keep what was set: "
            "write that down first"
        )
    parent = found.loaded.files[-1]
    try:
        path = os.path.relpath(parent.resolve(), file.parent.resolve())
    except ValueError:  # another drive
        raise UsageError(f"{file}: no relative path leads to {parent}") from None
    notes = (
        f"Values fitted to observations by `{command}`; all others are those of "
        f"{scenario.id}. low and high are the profile interval of {CONFIDENCE:.0%}. "
        "What the model answers is not a forecast."
    )
    lines = [
        f"# Fitted by: {printable(command)}",
        f"extends: {quoted(Path(path).as_posix())}",
        f"id: {quoted(scenario.id[: _LONGEST_ID - len(_ENDING)] + _ENDING)}",
        f"title: {quoted(f'Fitted to observations: {scenario.title}'[:200])}",
        f"notes: {quoted(notes)}",
    ]
    tree: dict[str, Any] = {}
    for value in found.values:
        *above, name = value.path.split(".")
        block = tree
        for step in above:
            block = block.setdefault(step, {})
        block[name] = value
    tables = {
        "chips": found.chip_fit.series.name if found.chip_fit else "",
        "front": found.line_fit.series.name if found.line_fit else "",
    }
    for name, block in tree.items():
        lines += ["", f"{name}:", *_block(block, tables[name], "  ")]
    return "\n".join(lines) + "\n"


def _block(block: dict[str, Any], table: str, indent: str) -> list[str]:
    lines: list[str] = []
    for name, value in block.items():
        lines.append(f"{indent}{name}:")
        inner = f"{indent}  "
        if isinstance(value, Fitted):
            lines += [f"{inner}{line}" for line in _value(value, table)]
        else:
            lines += _block(value, table, inner)
    return lines


def _value(value: Fitted, table: str) -> list[str]:
    lines, ends = [f"value: {value.value!r}"], ""
    if value.low is not None and value.high is not None:
        ends = f" low and high: its profile at {CONFIDENCE:.0%}."
        lines += [f"low: {value.low!r}", f"high: {value.high!r}"]
    how = f"{value.how}{ends} Was {value.before:g}."
    source = f"observations in {table}"
    return [*lines, f"source: {quoted(source)}", f"note: {quoted(how)}"]
