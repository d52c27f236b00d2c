"""A sweep on disk: what is finished is kept, and the same command goes on from there.

    DIR/manifest.json         what the sweep is, and checksums of what it made
    DIR/cells.parquet         one row a cell
    DIR/inputs.parquet        one row a cell and set of inputs, if there are sets
    DIR/series.parquet        one row a cell and day, if there are series
    DIR/series_runs.parquet   a few single runs of each cell, day by day
    DIR/worlds/part-*.parquet one row a world, if worlds are kept
    DIR/unfinished/           journal and parts of a sweep that is not complete

Every file is written under a temporary name and renamed.
"""

import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import FileIO
from math import isnan
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np

from sim.batch.files import (
    checksum,
    is_temporary,
    make_folder,
    told_plainly,
    write_whole,
)
from sim.batch.manifest import differences, metadata
from sim.batch.plan import Plan
from sim.batch.tables import (
    CELLS,
    INPUTS,
    MANIFEST,
    SERIES,
    SERIES_RUNS,
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
from sim.batch.tasks import Columns, InputChunk, Row, SeriesChunk, WorldChunk, spent
from sim.batch.timeseries import Series
from sim.errors import InputMissingError, UsageError


class Journal:
    """An append-only list of JSON objects in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: FileIO | None = None

    def read(self) -> list[dict[str, Any]]:
        """Return the entries that are whole, and drop the others from the file.

        Raises
        ------
        InputMissingError
            If there is a file and it cannot be read, or written anew.
        """
        try:
            lines = self.path.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            reason = error.strerror or error
            raise InputMissingError(f"{self.path} cannot be read: {reason}") from None
        whole = [line for line in lines if _is_whole(line)]
        if len(whole) < len(lines):
            # What is appended must start a line of its own.
            write_whole(self.path, b"".join(whole))
        return [json.loads(line[_MARK + 1 :]) for line in whole]

    def append(self, entry: dict[str, Any]) -> None:
        """Add an entry; it is in the file when this returns."""
        text = json.dumps(entry, separators=(",", ":")).encode("ascii")
        line = _mark(text) + b" " + text + b"\n"
        with told_plainly(self.path):
            if self._stream is None:
                self._stream = self.path.open("ab", buffering=0)
            if self._stream.write(line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        """Close the file, if anything was appended."""
        if self._stream is not None:
            with told_plainly(self.path):
                self._stream.close()
            self._stream = None


_MARK = 16


def _mark(text: bytes) -> bytes:
    return hashlib.sha256(text).hexdigest()[:_MARK].encode("ascii")


def _is_whole(line: bytes) -> bool:
    return (
        line.endswith(b"\n")
        and line[_MARK : _MARK + 1] == b" "
        and line[:_MARK] == _mark(line[_MARK + 1 : -1])
    )


class Keeper(Protocol):
    """What a sweep has finished so far."""

    rows: dict[int, Row]
    """Summary of each finished cell."""
    input_rows: dict[tuple[int, int], Row]
    """Shares by cell and set of inputs."""
    damaged: list[Path]
    """Files that were found harmed or missing; their chunks are done again."""

    def has(self, chunk: WorldChunk) -> bool:
        """Say whether the outcomes of a chunk are there, unharmed."""

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes of a chunk that is there."""

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Keep the outcomes of a chunk until its cell is done, or for good."""

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""

    def keep_inputs(self, chunk: InputChunk, rows: Sequence[Row]) -> None:
        """Keep the shares of some sets of inputs."""

    def has_series(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell is there, unharmed."""

    def keep_series(self, chunk: SeriesChunk, series: Series) -> None:
        """Keep the series of a cell."""

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Let go of outcomes that are needed no more, unless they are kept for good."""


class Memory:
    """A sweep that is not written down."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.input_rows: dict[tuple[int, int], Row] = {}
        self.damaged: list[Path] = []
        self.series: dict[int, Series] = {}

    def has(self, chunk: WorldChunk) -> bool:
        """Return False: there is nothing to go on with."""
        return False

    def columns(self, chunk: WorldChunk) -> Columns:
        """Raise: no chunk is there."""
        raise KeyError(chunk)

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Do nothing: `run` has the outcomes for as long as it needs them."""

    def keep_row(self, cell: int, row: Row) -> None:
        """Keep the summary of a cell."""
        self.rows[cell] = row

    def keep_inputs(self, chunk: InputChunk, rows: Sequence[Row]) -> None:
        """Keep the shares of some sets of inputs."""
        for index, row in enumerate(rows, chunk.first):
            self.input_rows[chunk.cell, index] = row

    def has_series(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell is there."""
        return chunk.cell in self.series

    def keep_series(self, chunk: SeriesChunk, series: Series) -> None:
        """Keep the series of a cell."""
        self.series[chunk.cell] = series

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Do nothing."""


def locked(path: Path) -> IO[bytes]:
    """Open a file and lock it until it is closed or the process ends, killed or not.

    Where the system has no such locks (Windows), nothing is locked.

    Raises
    ------
    UsageError
        If another process has it.
    """
    with told_plainly(path):
        stream = path.open("ab")
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            stream.close()
            raise UsageError(
                f"{path.parent.parent}: another process is working on this sweep"
            ) from None
        except OSError:
            pass  # a network file system without locks
    return stream


TABLES = (SERIES, SERIES_RUNS)


class SeriesFiles:
    """Files of single cells in a folder, with their checksums."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checksums: dict[int, list[str]] = {}

    def remember(self, entry: Mapping[str, Any]) -> None:
        """Take up what the journal says of a cell."""
        self._checksums[entry["cell"]] = entry["sha256"]

    def harmed(self, chunk: SeriesChunk) -> Path | None:
        """Return a file of a cell that is not as it was written; None if all are."""
        found = zip(self._files(chunk.cell), self._checksums[chunk.cell], strict=True)
        for file, expected in found:
            if _content(file, expected) is None:
                return file
        return None

    def knows(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell was written, harmed since or not."""
        return chunk.cell in self._checksums

    def keep(self, cell: int, series: Series) -> dict[str, Any]:
        """Write the series of a cell; return what the journal is to say of it."""
        checksums = []
        for file, columns in zip(self._files(cell), series, strict=True):
            content = encode(series_table(columns), {})
            write_whole(file, content)
            checksums.append(checksum(content))
        self._checksums[cell] = checksums
        return {"cell": cell, "sha256": checksums}

    def tables(self) -> dict[str, Any]:
        """Return the tables of all cells, by the names of their files; or nothing."""
        cells = sorted(self._checksums)
        if not cells:
            return {}
        return {
            name: stacked(decode(self._files(cell)[i].read_bytes()) for cell in cells)
            for i, name in enumerate(TABLES)
        }

    def _files(self, cell: int) -> list[Path]:
        return [self._folder / f"{cell:05}-{name}" for name in TABLES]


def tables_of(series: Mapping[int, Series]) -> dict[str, Any]:
    """Return the series of cells as such tables; or nothing."""
    if not series:
        return {}
    return {
        name: stacked(series_table(series[cell][i]) for cell in sorted(series))
        for i, name in enumerate(TABLES)
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


def _content(file: Path, expected: str) -> bytes | None:
    try:
        content = file.read_bytes()
    except OSError:
        return None
    return content if checksum(content) == expected else None


_MOST_SHOWN = 10


class Folder:
    """A keeper (`keep.Keeper`) that is a folder; `close` it at the end."""

    def __init__(
        self, path: Path, plan: Plan, manifest: dict[str, Any], *, force: bool = False
    ) -> None:
        """Take up the sweep in a folder, or begin it.

        Raises
        ------
        UsageError
            If the folder holds something else or a sweep that is complete, and `force`
            is not given; or if another process works on it.
        InputMissingError
            If it cannot be read or written.
        """
        self.path = path
        self.plan = plan
        self.manifest = manifest
        self.rows: dict[int, Row] = {}
        self.input_rows: dict[tuple[int, int], Row] = {}
        self.damaged: list[Path] = []
        self._checksums: dict[WorldChunk, str] = {}
        self._series = SeriesFiles(path / UNFINISHED)
        check_folder(path, manifest, force=force)
        make_folder(path / UNFINISHED)
        self._lock = locked(path / UNFINISHED / "lock")
        self._journal = Journal(path / UNFINISHED / "journal.jsonl")
        try:
            # Another process may have come to an end since.
            self._begin(check_folder(path, manifest, force=force))
        except BaseException:
            self.close()
            raise

    def _begin(self, resumes: bool) -> None:
        if resumes:
            self._read_journal()
            return
        with told_plainly(self.path):
            self._journal.path.unlink(missing_ok=True)
            self._write_manifest()
            for name in (CELLS, INPUTS, *TABLES):
                (self.path / name).unlink(missing_ok=True)

    def _read_journal(self) -> None:
        for entry in self._journal.read():
            kind, cell = entry.pop("kind"), entry.pop("cell")
            if kind == "row":
                self.rows[cell] = _numbers(entry["row"])
            elif kind == "inputs":
                for index, row in enumerate(entry["rows"], entry["first"]):
                    self.input_rows[cell, index] = _numbers(row)
            elif kind == "series":
                self._series.remember({"cell": cell, **entry})
            else:
                chunk = WorldChunk(cell, entry["first"], entry["count"])
                self._checksums[chunk] = entry["sha256"]

    def part(self, chunk: WorldChunk) -> Path:
        """Return the file of a chunk of worlds."""
        folder = WORLDS if self.plan.leaves_worlds else UNFINISHED
        return self.path / folder / world_file(chunk.cell, chunk.first)

    def has(self, chunk: WorldChunk) -> bool:
        """Say whether the file of a chunk is there, byte for byte as it was written."""
        expected = self._checksums.get(chunk)
        if expected is None:
            return False
        try:
            content = self.part(chunk).read_bytes()
        except OSError:
            content = b""
        if checksum(content) == expected:
            return True
        self.damaged.append(self.part(chunk))
        return False

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes in the file of a chunk."""
        return world_columns(decode(self.part(chunk).read_bytes()))

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Write the file of a chunk, then its line in the journal."""
        labels = self.plan.cells[chunk.cell].labels
        table = world_table(chunk, columns, labels)
        content = encode(table, metadata(self.manifest))
        file = self.part(chunk)
        make_folder(file.parent)
        write_whole(file, content)
        self._checksums[chunk] = checksum(content)
        self._journal.append({"kind": "worlds", **self._entry(chunk)})

    def keep_row(self, cell: int, row: Row) -> None:
        """Write the row of a cell to the journal."""
        self.rows[cell] = row
        self._journal.append({"kind": "row", "cell": cell, "row": _nulls(row)})

    def keep_inputs(self, chunk: InputChunk, rows: Sequence[Row]) -> None:
        """Write the rows of some sets of inputs to the journal."""
        for index, row in enumerate(rows, chunk.first):
            self.input_rows[chunk.cell, index] = row
        entry = {"kind": "inputs", "cell": chunk.cell, "first": chunk.first}
        self._journal.append({**entry, "rows": [_nulls(row) for row in rows]})

    def has_series(self, chunk: SeriesChunk) -> bool:
        """Say whether the files of a cell are there, byte for byte as written."""
        if not self._series.knows(chunk):
            return False
        harmed = self._series.harmed(chunk)
        if harmed is not None:
            self.damaged.append(harmed)
        return harmed is None

    def keep_series(self, chunk: SeriesChunk, series: Series) -> None:
        """Write the files of a cell, then their line in the journal."""
        entry = self._series.keep(chunk.cell, series)
        self._journal.append({"kind": "series", **entry})

    def forget(self, chunks: Sequence[WorldChunk]) -> None:
        """Delete the files of chunks, unless worlds are kept."""
        if not self.plan.leaves_worlds:
            for chunk in chunks:
                with told_plainly(self.part(chunk)):
                    self.part(chunk).unlink(missing_ok=True)

    def finish(self) -> None:
        """Write the tables and the final manifest; remove what was for resuming."""
        if self.plan.part is None:
            held = self.manifest["inputs"]
            table = cells_table(self.plan.design, self.rows, self.input_rows, held)
            self._write_table(CELLS, table)
            self.manifest["spent"] = spent(self.manifest, self.rows)
        if self.input_rows:
            self._write_table(INPUTS, inputs_table(self.plan.design, self.input_rows))
        for name, table in self._series.tables().items():
            self._write_table(name, table)
        ordered = sorted(self._checksums, key=lambda each: (each.cell, each.first))
        with told_plainly(self.path):
            self._tidy({self.part(chunk) for chunk in ordered})
        self.manifest["chunks"] = [self._entry(chunk) for chunk in ordered]
        self.manifest["complete"] = True
        self._write_manifest()
        self.close()
        shutil.rmtree(self.path / UNFINISHED, ignore_errors=True)

    def _tidy(self, ours: Collection[Path]) -> None:
        """Remove what processes that were killed, and a sweep before, have left."""
        for folder in (self.path, self.path / WORLDS):
            for file in filter(is_temporary, folder.glob(".*")):
                file.unlink()
        for file in (self.path / WORLDS).glob("part-*.parquet"):
            if file not in ours:  # of a sweep that --force replaced
                file.unlink()

    def close(self) -> None:
        """Close files and let other processes in."""
        self._journal.close()
        self._lock.close()

    def _entry(self, chunk: WorldChunk) -> dict[str, Any]:
        """Return what is written of a chunk of worlds."""
        place = {"cell": chunk.cell, "first": chunk.first, "count": chunk.count}
        return {**place, "sha256": self._checksums[chunk]}

    def _write_table(self, name: str, table: Any) -> None:
        content = encode(table, metadata(self.manifest))
        write_whole(self.path / name, content)
        self.manifest["files"][name] = checksum(content)

    def _write_manifest(self) -> None:
        write_whole(self.path / MANIFEST, written(self.manifest))


def written(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as it stands in its file."""
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n"


def check_folder(path: Path, manifest: dict[str, Any], *, force: bool) -> bool:
    """Say whether the folder holds this very sweep, unfinished; else it may be begun.

    Raises
    ------
    UsageError
        If it may not, as `Folder` says.
    """
    if path.exists() and not path.is_dir():
        raise UsageError(f"--out {path}: a file, not a folder")
    if not (path / MANIFEST).exists():
        if not force and _is_used(path):
            raise UsageError(
                f"--out {path}: has files in it and is no sweep; "
                "choose another folder, or --force"
            )
        return False
    if force:
        return False
    there = read_manifest(path)
    refuse_another(
        f"--out {path}: holds another sweep; --force replaces it",
        differences(manifest, there),
    )
    if there.get("complete"):
        raise UsageError(
            f"--out {path}: this sweep is complete there; --force runs it again"
        )
    return True


def refuse_another(text: str, found: Sequence[str]) -> None:
    """Raise UsageError with what makes two manifests two sweeps, if anything does."""
    if found:
        listed = [f"  {each}" for each in found[:_MOST_SHOWN]]
        more = len(found) - len(listed)
        listed += [f"  ... and {more} more"] if more else []
        raise UsageError("\n".join([text, *listed]))


def _is_used(path: Path) -> bool:
    with told_plainly(path):
        there = list(path.iterdir()) if path.is_dir() else []
    begun = {UNFINISHED}  # made before the manifest
    return any(not is_temporary(file) and file.name not in begun for file in there)


def _nulls(row: Row) -> dict[str, float | None]:
    return {name: None if isnan(each) else each for name, each in row.items()}


def _numbers(row: dict[str, float | None]) -> Row:
    return {name: float("nan") if each is None else each for name, each in row.items()}
