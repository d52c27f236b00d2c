"""Folders opened, and scenarios, for figures to be drawn of them."""

from collections.abc import Mapping
from pathlib import Path

from sim.api import Run
from sim.compared import TOLD as COMPARED
from sim.compared import is_comparison, open_comparison
from sim.drivers import is_sensitivity, open_drivers
from sim.errors import InputMissingError, UsageError
from sim.explanation import TOLD, open_explanation
from sim.finished import open_sweep
from sim.scenario.load import load
from sim.scenario.recall import recall
from sim.sweep.files import unsealed
from sim.sweep.part import parts_in
from sim.target import Options, Target

RUN_FILE, SWEEP_FILE = "run.json", "manifest.json"


def target_of(
    what: str | Path,
    *,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
    options: Options | None = None,
) -> Target:
    """Return what figures are asked of: a scenario, or a folder of what was run.

    Raises
    ------
    InputMissingError
        If there is no such folder or scenario, or it cannot be read.
    ScenarioError
        If the scenario is not valid.
    UsageError
        If `set` is given with a folder.
    """
    asked, folder = options or Options(), Path(what)
    if not folder.is_dir() and (Path(what).suffix or not _names_a_folder(what)):
        loaded = load(what, set=set)
        return Target(
            loaded, seed, replicate, within_days, command=command, options=asked
        )
    if set:
        raise UsageError(f"{folder}: --set is for a scenario, not for what was run")
    if not (folder / SWEEP_FILE).exists():
        if (folder / RUN_FILE).is_file():
            return _of_run(folder, asked)
        if is_comparison(folder):
            compared = open_comparison(folder)
            return Target(None, folder=folder, compared=compared, options=asked)
        if (folder / TOLD).is_file():
            told = open_explanation(folder)
            return Target(
                told.loaded, told.seed, told.replicate, within_days, command=command,
                folder=folder, explained=told, options=asked,
            )  # fmt: skip
        if folder.is_dir() and not parts_in(folder):
            kept = ", ".join((SWEEP_FILE, RUN_FILE, COMPARED, TOLD))
            raise InputMissingError(f"{folder}: nothing to draw in it, such as {kept}")
    if is_sensitivity(folder):
        drivers = open_drivers(folder)
        return Target(None, folder=folder, drivers=drivers, options=asked)
    sweep = open_sweep(folder)
    made = sweep.manifest
    return Target(
        None if made.get("policies") else sweep.scenario(sweep.own_cell),
        made["seed"],
        replicate,
        made["within_days"],
        command=made["command"],
        folder=folder,
        sweep=sweep,
        options=asked,
    )


def _names_a_folder(what: str | Path) -> bool:
    """Say whether a text that is no folder looks like one, not like an id."""
    return isinstance(what, Path) or len(Path(what).parts) > 1


def _of_run(folder: Path, options: Options) -> Target:
    """Return the run that `ceasefire run --out` has written to a folder."""
    file = folder / RUN_FILE
    try:
        data = unsealed(file)
        loaded = recall(data, file)
        told = Run(
            loaded=loaded,
            seed=data["seed"],
            replicate=data["replicate"],
            outcome=data["outcome"],
            story=data["story"],
            log=data["events"],
            days=data["steps"],
            policies=data["policies"],
        )
        command = str(data["command"])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputMissingError(
            f"{file} is not a run that can be read: {error}"
        ) from None
    known = None if told.policies else loaded
    return Target(
        known, told.seed, told.replicate, command=command, folder=folder, told=told,
        options=options,
    )  # fmt: skip
