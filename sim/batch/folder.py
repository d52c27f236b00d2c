"""A sweep on disk: what is finished is kept, and the same command goes on from there.

    DIR/manifest.json         what the sweep is, and checksums of what it made
    DIR/cells.parquet         one row a cell
    DIR/inputs.parquet        one row a cell and set of inputs, if there are sets
    DIR/series.parquet        one row a cell and day, if there are series
    DIR/series_runs.parquet   a few single runs of each cell, day by day
    DIR/worlds/part-*.parquet one row a world, if worlds are kept
    DIR/unfinished/           journal and parts of a sweep that is not complete

The manifest has checksums of all, its own too. An unfinished sweep is taken up by its
journal, so a manifest that is damaged meanwhile costs nothing.
"""

import contextlib
import json
from collections.abc import Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

from sim.batch.checkpoint import Checkpoint, locked
from sim.batch.files import (
    checksum,
    is_temporary,
    make_folder,
    read_whole,
    refuse_links,
    sealed,
    together,
    told_plainly,
    write_whole,
)
from sim.batch.manifest import identity, metadata, refuse_another
from sim.batch.plan import Plan
from sim.batch.tables import (
    CELLS,
    INPUTS,
    MANIFEST,
    SERIES_TABLES,
    UNFINISHED,
    WORLDS,
    cells_table,
    decode,
    encode,
    inputs_table,
    read_manifest,
    series_table,
    stacked,
    world_columns,
    world_file,
    world_table,
)
from sim.batch.tasks import (
    Chunk,
    Columns,
    InputChunk,
    Result,
    Row,
    SeriesChunk,
    WorldChunk,
    spent,
)
from sim.batch.timeseries import Series
from sim.errors import InputMissingError, UsageError


class Memory:
    """A sweep that is not written down.

    `rows` has the summary of each finished cell, `input_rows` the shares by cell and
    set of inputs. `damaged` are files that were found harmed or missing; their chunks
    are done again.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.input_rows: dict[tuple[int, int], Row] = {}
        self.series: dict[int, Series] = {}
        self.damaged: list[Path] = []

    def has(self, chunk: Chunk) -> bool:
        """Say whether the result of a chunk is there, unharmed."""
        if isinstance(chunk, InputChunk):
            return all((chunk.cell, index) in self.input_rows for index in chunk.sets)
        return isinstance(chunk, SeriesChunk) and chunk.cell in self.series

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes of a chunk that is there."""
        raise KeyError(chunk)

    def keep(self, chunk: Chunk, result: Result) -> None:
        """Keep the result of a chunk; `run` has outcomes for as long as it needs them.

        Of a folder, the outcomes are there until the cell is done, or for good.
        """
        if isinstance(result, Series):
            self.series[chunk.cell] = result
        elif isinstance(result, list):
            for index, row in enumerate(result, chunk.first):
                self.input_rows[chunk.cell, index] = row

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""
        self.rows[cell] = row

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Let go of outcomes that are needed no more, unless they are kept for good."""


_SHA256 = "sha256"
_LOCK, _CHECKPOINT = "lock", "journal.jsonl"


class Folder(Memory):
    """A sweep that is a folder; `close` it at the end."""

    def __init__(
        self, path: Path, plan: Plan, manifest: dict[str, Any], *, force: bool = False
    ) -> None:
        """Take up the sweep in a folder, or begin it.

        Raises UsageError if the folder holds something else or a sweep that is
        complete, and `force` is not given, or if another process works on it, and
        InputMissingError if it cannot be read or written.
        """
        super().__init__()
        self.path = path
        self.plan = plan
        self.manifest = manifest
        self._checksums: dict[Chunk, list[str]] = {}
        check_folder(path, manifest, force=force)
        make_folder(path / UNFINISHED, within=path)
        self._lock = locked(path / UNFINISHED / _LOCK)
        self._checkpoint = _checkpoint(path, manifest)
        try:
            # Another process may have come to an end since.
            self._begin(check_folder(path, manifest, force=force))
        except BaseException:
            self.close()
            raise

    def _begin(self, resumes: bool) -> None:
        if resumes:
            self._read_checkpoint()
            try:
                read_manifest(self.path)
            except InputMissingError:
                self.damaged.append(self.path / MANIFEST)
                write_whole(self.path / MANIFEST, written(self.manifest))
            return
        write_whole(self.path / MANIFEST, written(self.manifest))
        with told_plainly(self.path):
            self._checkpoint.path.unlink(missing_ok=True)
            for file in files_of_sweep(self.path)[1:]:
                file.unlink(missing_ok=True)

    def _read_checkpoint(self) -> None:
        series = self.plan.series
        for entry in self._checkpoint.read():
            kind, cell = entry["kind"], entry["cell"]
            if kind == "row":
                self.rows[cell] = _numbers(entry["row"])
            elif kind == "inputs":
                for index, row in enumerate(entry["rows"], entry["first"]):
                    self.input_rows[cell, index] = _numbers(row)
            elif kind == "series":
                self._checksums[SeriesChunk(cell, 0, series)] = entry[_SHA256]
            else:
                chunk = WorldChunk(cell, entry["first"], entry["count"])
                self._checksums[chunk] = [entry[_SHA256]]

    def _files(self, chunk: Chunk) -> list[Path]:
        """Return the files of a chunk of worlds or of a series."""
        if isinstance(chunk, SeriesChunk):
            folder = self.path / UNFINISHED
            return [folder / f"{chunk.cell:05}-{name}" for name in SERIES_TABLES]
        folder = self.path / (WORLDS if self.plan.leaves_worlds else UNFINISHED)
        return [folder / world_file(chunk.cell, chunk.first)]

    def has(self, chunk: Chunk) -> bool:
        """Say whether a chunk is there, its files byte for byte; or note the damage."""
        if isinstance(chunk, InputChunk):
            return super().has(chunk)
        if chunk not in self._checksums:
            return False
        for file, made_as in zip(
            self._files(chunk), self._checksums[chunk], strict=True
        ):
            try:
                read_whole(file, made_as)
            except InputMissingError:
                self.damaged.append(file)
                return False
        return True

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes in the file of a chunk."""
        return world_columns(decode(self._files(chunk)[0].read_bytes()))

    def keep(self, chunk: Chunk, result: Result) -> None:
        """Write the files of a chunk, then its line in the journal."""
        if isinstance(result, list):
            super().keep(chunk, result)
            entry = {"kind": "inputs", "cell": chunk.cell, "first": chunk.first}
            self._checkpoint.append({**entry, "rows": [_nulls(row) for row in result]})
            return
        if isinstance(result, Series):
            kind, lasting = "series", False
            contents = [encode(series_table(columns), {}) for columns in result]
        else:
            kind, lasting = "worlds", self.plan.leaves_worlds
            table = world_table(chunk, result, self.plan.cells[chunk.cell].labels)
            contents = [encode(table, metadata(self.manifest))]
        for file, content in zip(self._files(chunk), contents, strict=True):
            write_whole(file, content, within=self.path, lasting=lasting)
        self._checksums[chunk] = [checksum(content) for content in contents]
        self._checkpoint.append({"kind": kind, **self._entry(chunk)})

    def keep_row(self, cell: int, row: Row) -> None:
        """Write the row of a cell to the journal."""
        super().keep_row(cell, row)
        self._checkpoint.append({"kind": "row", "cell": cell, "row": _nulls(row)})

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Delete the files of chunks, unless worlds are kept."""
        if not self.plan.leaves_worlds:
            for chunk in chunks:
                for file in self._files(chunk):
                    with told_plainly(file):
                        file.unlink(missing_ok=True)

    def lost(self) -> list[Path]:
        """Return files of finished chunks that were deleted or changed meanwhile."""
        self.damaged = []
        for chunk in self._checksums:
            if self.plan.leaves_worlds or isinstance(chunk, SeriesChunk):
                self.has(chunk)
        return self.damaged

    def finish(self) -> None:
        """Write the tables and the final manifest; remove what was for resuming."""
        manifest = self.manifest
        ordered = sorted(self._checksums, key=lambda each: (each.cell, each.first))
        series = [chunk for chunk in ordered if isinstance(chunk, SeriesChunk)]
        tables = {}
        for i, name in enumerate(SERIES_TABLES if series else ()):
            files = (
                (self._files(each)[i], self._checksums[each][i]) for each in series
            )
            tables[name] = stacked(decode(read_whole(*file)) for file in files)
        if self.plan.part is None:
            tables[CELLS] = cells_table(
                self.plan.design, self.rows, self.input_rows, manifest["inputs"]
            )
            manifest["spent"] = spent(manifest, self.rows)
        if self.input_rows:
            tables[INPUTS] = inputs_table(
                self.plan.design, self.input_rows, manifest["inputs"]
            )
        manifest["chunks"] = [
            self._entry(each) for each in ordered if isinstance(each, WorldChunk)
        ]
        with told_plainly(self.path):
            self._tidy()
        publish(self.path, manifest, tables)
        self.close()
        unfinished = self.path / UNFINISHED
        with contextlib.suppress(OSError):
            for file in list(unfinished.iterdir()):
                if _is_ours(file):
                    file.unlink()
            unfinished.rmdir()

    def _tidy(self) -> None:
        """Remove what processes that were killed, and a sweep before, have left."""
        ours = {file for chunk in self._checksums for file in self._files(chunk)}
        for folder in (self.path, self.path / WORLDS):
            for file in filter(is_temporary, folder.glob(".*")):
                file.unlink()
        for file in (self.path / WORLDS).glob("part-*.parquet"):
            if file not in ours:  # of a sweep that --force replaced
                file.unlink()

    def close(self) -> None:
        """Close files and let other processes in."""
        self._checkpoint.close()
        self._lock.release()

    def _entry(self, chunk: Chunk) -> dict[str, Any]:
        """Return what is written of a chunk of worlds or of a series."""
        made_as = self._checksums[chunk]
        if isinstance(chunk, SeriesChunk):
            return {"cell": chunk.cell, _SHA256: made_as}
        place = {"cell": chunk.cell, "first": chunk.first, "count": chunk.count}
        return {**place, _SHA256: made_as[0]}


def files_of_sweep(path: Path) -> list[Path]:
    """Return the manifest and the tables that a sweep may have in a folder."""
    return [path / name for name in (MANIFEST, CELLS, INPUTS, *SERIES_TABLES)]


def publish(path: Path, manifest: dict[str, Any], tables: Mapping[str, Any]) -> None:
    """Write the tables of a sweep, and the manifest, which takes its place last."""
    manifest |= {"complete": True, "files": {}}
    with together() as put:
        for name in (CELLS, INPUTS, *SERIES_TABLES):
            if name in tables:
                content = encode(tables[name], metadata(manifest))
                manifest["files"][name] = checksum(content)
                put(path / name, content)
        put(path / MANIFEST, written(manifest))


def written(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as it stands in its file, with its own checksum."""
    text = json.dumps(sealed(manifest), indent=1, ensure_ascii=False)
    return text.encode() + b"\n"


def _checkpoint(path: Path, manifest: dict[str, Any]) -> Checkpoint:
    return Checkpoint(path / UNFINISHED / _CHECKPOINT, identity(manifest))


def check_folder(path: Path, manifest: dict[str, Any], *, force: bool) -> bool:
    """Say whether the folder holds this very sweep, unfinished; else it may be begun.

    Raises UsageError if it may not, as `Folder` says, and InputMissingError if its
    manifest is damaged and its journal is not of this sweep, or a folder in it is a
    link.
    """
    if path.exists() and not path.is_dir():
        raise UsageError(f"--out {path}: a file, not a folder")
    for name in (UNFINISHED, WORLDS):
        refuse_links(path / name, path)
    if force:
        return False
    file = path / MANIFEST
    try:
        if not file.exists() and not file.is_symlink():
            if _checkpoint(path, manifest).is_begun:
                return True
            if _is_used(path):
                raise UsageError(
                    f"--out {path}: contains files and is not a sweep; choose another "
                    "folder, or give --force"
                )
            return False
        there = read_manifest(path)
    except InputMissingError as error:
        if _checkpoint(path, manifest).is_begun:
            return True
        raise InputMissingError(f"{error}; --force replaces it") from None
    refuse_another(
        f"--out {path}: contains a different sweep; --force replaces it",
        manifest,
        there,
    )
    if there.get("complete"):
        raise UsageError(
            f"--out {path}: contains this sweep already, complete; --force runs it "
            "again"
        )
    return True


def _is_used(path: Path) -> bool:
    """Say whether a folder has anything in it but what a sweep begins with."""
    with told_plainly(path):
        there = list(path.iterdir()) if path.is_dir() else []
        unfinished = path / UNFINISHED  # made before the manifest, and locked
        if unfinished in there:
            there += [file for file in unfinished.iterdir() if file.name != _LOCK]
            there.remove(unfinished)
    return not all(map(is_temporary, there))


def _is_ours(file: Path) -> bool:
    """Say whether a file in `unfinished` is one that a sweep has made."""
    known = (
        _LOCK,
        _CHECKPOINT,
        "part-*.parquet",
        *(f"*-{name}" for name in SERIES_TABLES),
    )
    return is_temporary(file) or any(map(file.match, known))


def _nulls(row: Row) -> dict[str, float | None]:
    return {name: None if isnan(each) else each for name, each in row.items()}


def _numbers(row: dict[str, float | None]) -> Row:
    return {name: float("nan") if each is None else each for name, each in row.items()}
