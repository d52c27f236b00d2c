"""What a sweep has left on disk, read again; `store` says which files there are."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.errors import InputMissingError
from sim.sweep.part import parts_in
from sim.sweep.tables import decode, frame

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, CELLS, INPUTS = "manifest.json", "cells.parquet", "inputs.parquet"
SERIES, SERIES_RUNS = "series.parquet", "series_runs.parquet"
WORLDS, UNFINISHED = "worlds", "unfinished"


def world_file(cell: int, first: int) -> str:
    """Return the name of the file of a chunk of worlds."""
    return f"part-{cell:05d}-{first:010d}.parquet"


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of the sweep in a folder.

    Raises
    ------
    InputMissingError
        If there is no such folder, or no sweep in it.
    """
    file = path / MANIFEST
    try:
        manifest = json.loads(file.read_bytes())
    except FileNotFoundError:
        what = f"no sweep in it ({MANIFEST})" if path.is_dir() else "no such folder"
        if parts_in(path):
            what = f"parts of a sweep; first, ceasefire merge {path}"
        raise InputMissingError(f"{path}: {what}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    known = manifest if isinstance(manifest, dict) else {}
    if known.get("kind", "sweep") != "sweep":
        raise InputMissingError(f"{path}: holds no sweep, but a {known['kind']}")
    if not {"schema_version", "design"} <= known.keys():
        raise InputMissingError(f"{file} is not the manifest of a sweep")
    return known


def read_finished(path: Path) -> dict[str, Any]:
    """Return the manifest of a finished sweep; errors as `read_manifest`."""
    manifest = read_manifest(path)
    if not manifest.get("complete"):
        raise InputMissingError(
            f"{path}: this sweep is not finished; its command goes on with it: "
            f"{manifest.get('command')}"
        )
    if manifest.get("part"):
        raise InputMissingError(
            f"{path}: part {manifest['part']} of a sweep; "
            f"first, ceasefire merge {path.parent}"
        )
    return manifest


def read_table(file: Path) -> "pd.DataFrame":
    """Return a table of a sweep; what there was not is nan.

    Raises
    ------
    InputMissingError
        If it is not there or damaged.
    """
    try:
        table = decode(file.read_bytes())
    except (OSError, pa.ArrowInvalid) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputMissingError(f"{file} cannot be read: {reason}") from None
    return frame(table)
