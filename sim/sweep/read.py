"""What a sweep has left on disk, read again; `store` says which files there are."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sim.errors import InputMissingError
from sim.sweep.files import read_whole, unsealed
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
        If there is no such folder or no sweep in it, or the manifest is damaged.
    """
    file = path / MANIFEST
    if not file.exists():
        what = f"no sweep in it ({MANIFEST})" if path.is_dir() else "no such folder"
        if parts_in(path):
            what = f"parts of a sweep; first, {_merging(path)}"
        raise InputMissingError(f"{path}: {what}")
    manifest = unsealed(file)
    if manifest.get("kind", "sweep") != "sweep":
        raise InputMissingError(f"{path}: holds no sweep, but a {manifest['kind']}")
    if not {"schema_version", "design"} <= manifest.keys():
        raise InputMissingError(f"{file} is not the manifest of a sweep")
    return manifest


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
            f"first, {_merging(path.parent)}"
        )
    return manifest


def _merging(path: Path) -> str:
    return shlex.join(["ceasefire", "merge", str(path)])


def read_table(folder: Path, name: str, manifest: Mapping[str, Any]) -> "pd.DataFrame":
    """Return a table of which the manifest has the checksum; what was not is nan.

    Raises
    ------
    InputMissingError
        If it is not there or damaged.
    """
    file = folder / name
    content = read_whole(file, manifest["files"].get(name, "none"))
    try:
        return frame(decode(content))
    except pa.ArrowInvalid as error:
        raise InputMissingError(f"{file} cannot be read: {error}") from None
