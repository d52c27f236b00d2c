"""One world of a sweep on disk: its scenario, its luck, and what was kept of it."""

import shlex
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sim.batch.design import Design
from sim.batch.files import read_whole
from sim.batch.manifest import model
from sim.batch.settings import Setting, shown
from sim.batch.tables import (
    CELLS,
    MANIFEST,
    WORLDS,
    decode,
    read_manifest,
    read_table,
    world_file,
)
from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.scenario.load import Loaded, rebuilt, resolve

_MOST_LISTED = 12


@dataclass(frozen=True, eq=False)
class Address:
    """Where a world of a sweep comes from, all that decides it.

    `classes` are, by party, the class and the SHA-256 of the file of a policy that the
    sweep was given, `named` how it was given, which is for words only: a folder does
    not decide which file is run. `same_code` says whether this program has the formulas
    and stages that ran the sweep; `kept` is what the sweep kept of the world, fields of
    `outcome` with maps flattened, if it keeps worlds.
    """

    loaded: Loaded
    seed: int
    cell: int
    replicate: int
    settings: dict[str, Setting]
    classes: dict[str, dict[str, Any]]
    named: dict[str, str]
    same_code: bool
    kept: dict[str, Any] | None


def address(folder: Path, cell: int, replicate: int) -> Address:
    """Find a world of a sweep, finished or not.

    Raises InputMissingError if there is no sweep in the folder, or it cannot be read,
    and UsageError if it has no such cell or replicate, with those that it has, or if
    its scenario is another one to this version of the program.
    """
    manifest = read_manifest(folder)
    design = Design.read(manifest["design"])
    if not 0 <= cell < len(design):
        raise UsageError("\n".join([f"no cell {cell} there:", *_listed(design)]))
    most = _replicates(folder, manifest, cell)
    if not 0 <= replicate < most:
        raise UsageError(
            f"no replicate {replicate} there: cell {cell} has {most:,}, 0 to {most - 1}"
        )
    changes = design.changes(cell)
    try:
        base = rebuilt(manifest.get("written"), folder / MANIFEST)
        loaded = resolve(base, changes) if changes else base
    except ScenarioError as error:
        raise _other_version(folder, manifest, str(error)) from None
    if base.hash != manifest["scenario_hash"]:
        raise _other_version(folder, manifest, f"its hash is {base.hash} now")
    return Address(
        loaded=loaded,
        seed=manifest["seed"],
        cell=cell,
        replicate=replicate,
        settings=design.at(cell),
        classes=_classes(folder, manifest),
        named=policies_named(str(manifest["command"])),
        same_code=manifest["model"].partition("-")[0] == model(),
        kept=_kept(folder, manifest, cell, replicate),
    )


def _listed(design: Design) -> list[str]:
    """Return the cells of a design, one line each."""
    lines = []
    for cell in range(min(len(design), _MOST_LISTED)):
        settings = design.at(cell).items()
        listed = ", ".join(f"{path} {shown(each)}" for path, each in settings)
        lines.append(f"  {cell}{': ' if listed else ''}{listed}")
    last = len(design) - 1
    return lines + ([f"  ... to {last}"] if last >= _MOST_LISTED else [])


def _replicates(folder: Path, manifest: dict[str, Any], cell: int) -> int:
    """Return how many replicates a cell has; a precision decides that cell by cell."""
    if manifest["precision"] is not None and manifest["complete"]:
        return int(read_table(folder, CELLS, manifest)["replicates"][cell])
    return int(manifest["replicates"])


def _classes(folder: Path, manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    classes = manifest.get("policies") or {}
    if isinstance(classes, dict) and all(
        isinstance(each, dict) and {"class", "sha256"} <= each.keys()
        for each in classes.values()
    ):
        return classes
    raise InputMissingError(f"{folder / MANIFEST}: its policies cannot be read")


def policies_named(command: str) -> dict[str, str]:
    """Return, by party, the file and the class that a command was given."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return {}
    texts = [after for word, after in pairwise(words) if word == "--policy"]
    return {text.partition("=")[0]: text.partition("=")[2] for text in texts}


def _kept(
    folder: Path, manifest: dict[str, Any], cell: int, replicate: int
) -> dict[str, Any] | None:
    """Return what was kept of a world; None if nothing was."""
    for entry in manifest["chunks"]:
        first = entry["first"]
        if entry["cell"] == cell and first <= replicate < first + entry["count"]:
            file = folder / WORLDS / world_file(cell, first)
            if not file.exists():
                return None  # deleted, or of parts that are merged
            content = read_whole(file, entry["sha256"])
            (row,) = decode(content).slice(replicate - first, 1).to_pylist()
            return {name: row[name] for name in list(row)[2:]}
    return None


def _other_version(folder: Path, manifest: dict[str, Any], why: str) -> UsageError:
    made = manifest["versions"]["ceasefire-sim"]
    return UsageError(
        f"{folder}: its scenario was made with version {made} and gives something "
        f"else in this version of the program: {why}"
    )
