"""Outcomes, cells and input sets as Parquet tables.

What there was not (no truce, no median) is null in a file and nan in memory. Ends,
parties and offers are names in a file and codes in memory.
"""

import io
import math
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, NonNegativeInt, PositiveInt, ValidationError

from sim.batch.design import Design
from sim.batch.estimates import END_NAMES, spread_columns
from sim.batch.files import read_whole, unsealed
from sim.batch.plan import parts_in
from sim.batch.settings import shown
from sim.batch.tasks import Chunk, Columns, Row
from sim.batch.timeseries import Series
from sim.errors import InputMissingError
from sim.model.labels import Labels


def encode(table: Any, about: Mapping[str, str]) -> bytes:
    """Return a table as the bytes of a Parquet file that carries `about`."""
    buffer = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata(dict(about)), buffer, compression="zstd"
    )
    return buffer.getvalue()


def decode(content: bytes) -> Any:
    """Return the table in the bytes of a Parquet file.

    It is read by this thread alone. Arrow's own threads let go of the bytes when they
    like, for which they need Python: if that is just ending, the process aborts.
    """
    with pq.ParquetFile(pa.BufferReader(content), pre_buffer=False) as file:
        return file.read(use_threads=False)


def frame(table: Any) -> pd.DataFrame:
    """Return a table for people, by this thread alone as in `decode`."""
    found: pd.DataFrame = table.to_pandas(use_threads=False)
    return found


def world_table(chunk: Chunk, columns: Columns, labels: Labels) -> Any:
    """Return one row a world: `cell`, `replicate` and every field of `outcome`."""
    names = code_names(labels)
    arrays = {
        "cell": pa.array(np.full(chunk.count, chunk.cell, np.int32)),
        "replicate": pa.array(np.arange(chunk.first, chunk.first + chunk.count)),
    }
    for name, column in columns.items():
        if name in names:
            # What the mask hides is a place as well, for which there must be a word.
            codes = pa.array(np.maximum(column, 0).astype(np.int32), mask=column < 0)
            words = pa.array(names[name] or [""], pa.string())
            arrays[name] = pa.DictionaryArray.from_arrays(codes, words)
        else:
            arrays[name] = pa.array(column, from_pandas=True)
    return pa.table(arrays)


def world_columns(table: Any) -> Columns:
    """Return the outcomes in a table of worlds, as they were before it."""
    columns: Columns = {}
    for name in table.column_names[2:]:
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            columns[name] = codes.astype(np.int8)
        else:
            columns[name] = column.to_numpy(zero_copy_only=False)
    return columns


def cells_table(
    design: Design,
    rows: Mapping[int, Row],
    input_rows: Mapping[tuple[int, int], Row],
    inputs: Mapping[str, Any] | None,
) -> Any:
    """Return one row a cell: `cell`, the varied paths, then the row's own columns.

    With `inputs`, what the manifest says of sets of inputs, columns about them follow
    (`sim.batch.estimates`): about those that fit the record, if some were drawn so.
    """
    order = range(len(design))
    found = [rows[cell] for cell in order]
    if inputs is not None:
        sets: list[list[Row]] = [[] for _ in order]
        first = first_fitted(inputs) or 0
        for cell, index in sorted(input_rows):
            if index >= first:
                sets[cell].append(input_rows[cell, index])
        each = inputs["replicates"]
        found = [{**found[cell], **spread_columns(sets[cell], each)} for cell in order]
    return _rows_table(design, {"cell": order}, found)


def input_rows(table: Any, paths: Sequence[str]) -> dict[tuple[int, int], Row]:
    """Return the rows in a table of input sets, as they were before it."""
    found = {}
    for row in table.to_pylist():
        key = row.pop("cell"), row.pop("input_set")
        row.pop("fitted", None)
        own = {name: each for name, each in row.items() if name not in paths}
        found[key] = {n: math.nan if each is None else each for n, each in own.items()}
    return found


def first_fitted(inputs: Mapping[str, Any]) -> int | None:
    """Return the first set that is drawn from an inference; None if there is none."""
    return inputs["sets"] // 2 if "fitted" in inputs else None


def inputs_table(
    design: Design, rows: Mapping[tuple[int, int], Row], inputs: Mapping[str, Any]
) -> Any:
    """Return one row a cell and set of inputs, with the inputs as used and shares.

    Where some sets were drawn from an inference, `fitted` says which.
    """
    order = sorted(rows)
    keys: dict[str, Any] = {
        "cell": [key[0] for key in order],
        "input_set": [key[1] for key in order],
    }
    first = first_fitted(inputs)
    if first is not None:
        keys["fitted"] = [key[1] >= first for key in order]
    return _rows_table(design, keys, [rows[key] for key in order])


def series_table(columns: Columns) -> Any:
    """Return rows of a series as they are; nan is null, and so is a list of nan."""
    arrays = {}
    for name, column in columns.items():
        if column.ndim == 2:
            lists = [None if np.isnan(row).all() else row for row in column]
            arrays[name] = pa.array(lists, pa.list_(pa.float64()))
        else:
            arrays[name] = pa.array(column, from_pandas=True)
    return pa.table(arrays)


def stacked(tables: Iterable[Any]) -> Any:
    """Return tables of the same columns as one, the same bytes for any division."""
    return pa.concat_tables(tables).combine_chunks()


def _rows_table(
    design: Design, keys: Mapping[str, Sequence[int]], rows: Sequence[Row]
) -> Any:
    """Return a table of rows: what they are of, settings of the cell, their numbers."""
    arrays = {
        name: pa.array(numbers, pa.bool_() if name == "fitted" else pa.int32())
        for name, numbers in keys.items()
    }
    for path in design.paths:
        column = design.column(path)
        arrays[path] = _setting_array([column[cell] for cell in keys["cell"]])
    for name in rows[0]:
        kind = pa.int64() if name == "replicates" else pa.float64()
        values = [row[name] for row in rows]
        arrays[name] = pa.array(values, kind, from_pandas=True)
    return pa.table(arrays)


def _setting_array(settings: list[Any]) -> Any:
    """Return numbers as numbers; words, or a mixture with words, as words."""
    kinds = {type(each) for each in settings if each is not None}
    for kind, made in ((float, pa.float64()), (bool, pa.bool_()), (str, pa.string())):
        if kinds <= {kind}:
            return pa.array(settings, made)
    texts = [None if each is None else shown(each) for each in settings]
    return pa.array(texts, pa.string())


def code_names(labels: Labels) -> dict[str, list[str]]:
    """Return what codes from 0 up stand for, by the column that has them."""
    return {
        "end": list(END_NAMES),
        "defeated": list(labels.parties),
        "truce_by": list(labels.parties),
        "truce_offer": list(labels.offers),
    }


# Of folders and of the JSON of results. What a later version reads otherwise raises it;
# 2 has land and values in km2, where 1 had them as shares of the stake.
SCHEMA_VERSION = 2
MANIFEST, CELLS, INPUTS = "manifest.json", "cells.parquet", "inputs.parquet"
SERIES, SERIES_RUNS = "series.parquet", "series_runs.parquet"
WORLDS, UNFINISHED = "worlds", "unfinished"


class _Inputs(BaseModel):
    sets: PositiveInt
    replicates: PositiveInt
    bounds: dict[str, list[float]]


class _Design(BaseModel):
    kind: str
    note: str
    paths: list[str]
    points: list[list[Any]]
    reference: NonNegativeInt


class _Chunk(BaseModel):
    cell: NonNegativeInt
    first: NonNegativeInt
    count: PositiveInt
    sha256: str


class _Manifest(BaseModel):
    """What every manifest of a sweep has; whoever reads one relies on that."""

    schema_version: int
    complete: bool
    note: str
    command: str
    scenario_id: str
    scenario_title: str
    scenario_hash: str
    versions: dict[str, str]
    model: str
    seed: NonNegativeInt
    replicates: PositiveInt
    precision: float | None
    spent: dict[str, Any] | None
    within_days: NonNegativeInt
    keep_worlds: bool
    policies: dict[str, Any] | None
    part: str | None
    chunk_steps: PositiveInt
    design: _Design
    series: NonNegativeInt
    inputs: _Inputs | None
    scenario: dict[str, Any]
    written: dict[str, Any]
    known_values: dict[str, dict[str, Any]]
    chunks: list[_Chunk]
    files: dict[str, str]


def world_file(cell: int, first: int) -> str:
    """Return the name of the file of a chunk of worlds."""
    return f"part-{cell:05d}-{first:010d}.parquet"


def manifest_in(path: Path, nothing: str) -> dict[str, Any]:
    """Return the manifest in a folder, of any kind.

    InputMissingError if there is none, or it is of another `SCHEMA_VERSION`.
    """
    file = path / MANIFEST
    if not file.exists():
        what = f"{nothing} ({MANIFEST})" if path.is_dir() else "no such folder"
        if parts_in(path):
            what = f"parts of a sweep; first, {_merging(path)}"
        raise InputMissingError(f"{path}: {what}")
    manifest = unsealed(file)
    made = manifest.get("schema_version")
    if type(made) is int and made != SCHEMA_VERSION:
        older = made < SCHEMA_VERSION
        why = "with land as shares of the stake" if older else "which is a later one"
        raise InputMissingError(
            f"{path}: its schema_version is {made}, {why}; this version of the program "
            f"reads {SCHEMA_VERSION}: run it again (it was made by "
            f"{manifest.get('command')})"
        )
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """Return the manifest of the sweep in a folder; errors as `manifest_in`."""
    file, manifest = path / MANIFEST, manifest_in(path, "contains no sweep")
    if manifest.get("kind", "sweep") != "sweep":
        raise InputMissingError(f"{path}: contains a {manifest['kind']}, not a sweep")
    if not {"schema_version", "design"} <= manifest.keys():
        raise InputMissingError(f"{file} is not the manifest of a sweep")
    if wrong := _wrong(manifest):
        raise InputMissingError(f"{file} is not the manifest of a sweep: {wrong}")
    return manifest


def _wrong(manifest: Mapping[str, Any]) -> str:
    """Return what nobody can rely on in a manifest, nothing if it is sound."""
    try:
        held = _Manifest.model_validate(manifest, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    design = held.design
    if design.reference >= len(design.points) or any(
        len(point) != len(design.paths) for point in design.points
    ):
        return "design: points and reference do not agree"
    for i, each in enumerate(held.chunks):
        most = held.replicates - each.first
        if each.cell >= len(design.points) or each.count > most:
            return f"chunks.{i}: lies outside the cells and replicates of this sweep"
    return ""


def read_finished(path: Path) -> dict[str, Any]:
    """Return the manifest of a finished sweep; errors as `read_manifest`."""
    manifest = read_manifest(path)
    if not manifest.get("complete"):
        command = str(manifest.get("command")).removesuffix(" --out DIR")
        raise InputMissingError(
            f"{path}: this sweep is not finished; its command continues it: "
            f"{command} --out {shlex.quote(str(path))}"
        )
    if manifest.get("part"):
        raise InputMissingError(
            f"{path}: part {manifest['part']} of a sweep; "
            f"first, {_merging(path.parent)}"
        )
    return manifest


def _merging(path: Path) -> str:
    return shlex.join(["ceasefire", "merge", str(path)])


def read_table(folder: Path, name: str, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table that has the checksum in the manifest; what was not is nan."""
    file = folder / name
    content = read_whole(file, manifest["files"].get(name, "none"))
    try:
        return frame(decode(content))
    except pa.ArrowInvalid as error:
        raise InputMissingError(f"{file} cannot be read: {error}") from None


SERIES_TABLES = (SERIES, SERIES_RUNS)


def series_tables(series: Mapping[int, Series]) -> dict[str, Any]:
    """Return the series of cells as the tables of a sweep; or nothing."""
    if not series:
        return {}
    return {
        name: stacked(series_table(series[cell][i]) for cell in sorted(series))
        for i, name in enumerate(SERIES_TABLES)
    }


def joined_series(tables: Iterable[Any]) -> Any:
    """Return the tables of parts, each with cells of its own, as that of the whole."""
    by_cell = {}
    for table in tables:
        cells = table["cell"].to_numpy()
        starts = np.flatnonzero(np.diff(cells, prepend=-1))
        for start, end in zip(starts, [*starts[1:], cells.size], strict=True):
            by_cell[int(cells[start])] = table.slice(start, end - start)
    return stacked(by_cell[cell] for cell in sorted(by_cell))
