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
from sim.batch.journal import Journal, locked
from sim.batch.manifest import differences, identity, metadata
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
from sim.batch.tasks import Columns, InputChunk, Row, SeriesChunk, WorldChunk, spent
from sim.batch.timeseries import Series
from sim.errors import InputMissingError, UsageError


class SeriesFiles:
    """Files of single cells in a folder, with their checksums."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checksums: dict[int, list[str]] = {}

    def remember(self, entry: Mapping[str, Any]) -> None:
        """Take up what the journal says of a cell."""
        self._checksums[entry["cell"]] = entry["sha256"]

    def harmed(self, cell: int) -> Path | None:
        """Return a file of a cell that is not as it was written; None if all are."""
        for file, made_as in zip(self._files(cell), self._checksums[cell], strict=True):
            try:
                read_whole(file, made_as)
            except InputMissingError:
                return file
        return None

    def lost(self) -> list[Path]:
        """Return a file of each cell that is no longer as it was written."""
        return [file for file in map(self.harmed, self._checksums) if file is not None]

    def knows(self, chunk: SeriesChunk) -> bool:
        """Say whether the series of a cell was written, harmed since or not."""
        return chunk.cell in self._checksums

    def keep(self, cell: int, series: Series) -> dict[str, Any]:
        """Write the series of a cell; return what the journal is to say of it."""
        checksums = []
        for file, columns in zip(self._files(cell), series, strict=True):
            content = encode(series_table(columns), {})
            write_whole(file, content, lasting=False)
            checksums.append(checksum(content))
        self._checksums[cell] = checksums
        return {"cell": cell, "sha256": checksums}

    def tables(self) -> dict[str, Any]:
        """Return the tables of all cells, by the names of their files; or nothing."""
        cells = sorted(self._checksums)
        if not cells:
            return {}
        return {
            name: stacked(
                decode(read_whole(self._files(cell)[i], self._checksums[cell][i]))
                for cell in cells
            )
            for i, name in enumerate(SERIES_TABLES)
        }

    def _files(self, cell: int) -> list[Path]:
        return [self._folder / f"{cell:05}-{name}" for name in SERIES_TABLES]


_MOST_SHOWN = 10

_LOCK, _JOURNAL = "lock", "journal.jsonl"


class Folder:
    """A `Keeper` that is a folder; `close` it at the end."""

    def __init__(
        self, path: Path, plan: Plan, manifest: dict[str, Any], *, force: bool = False
    ) -> None:
        """Take up the sweep in a folder, or begin it.

        Raises UsageError if the folder holds something else or a sweep that is
        complete, and `force` is not given, or if another process works on it, and
        InputMissingError if it cannot be read or written.
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
        make_folder(path / UNFINISHED, within=path)
        self._lock = locked(path / UNFINISHED / _LOCK)
        self._journal = _journal(path, manifest)
        try:
            # Another process may have come to an end since.
            self._begin(check_folder(path, manifest, force=force))
        except BaseException:
            self.close()
            raise

    def _begin(self, resumes: bool) -> None:
        if resumes:
            self._read_journal()
            try:
                read_manifest(self.path)
            except InputMissingError:
                self.damaged.append(self.path / MANIFEST)
                write_whole(self.path / MANIFEST, written(self.manifest))
            return
        write_whole(self.path / MANIFEST, written(self.manifest))
        with told_plainly(self.path):
            self._journal.path.unlink(missing_ok=True)
            for file in files_of_sweep(self.path)[1:]:
                file.unlink(missing_ok=True)

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
            read_whole(self.part(chunk), expected)
        except InputMissingError:
            self.damaged.append(self.part(chunk))
            return False
        return True

    def columns(self, chunk: WorldChunk) -> Columns:
        """Return the outcomes in the file of a chunk."""
        return world_columns(decode(self.part(chunk).read_bytes()))

    def keep_worlds(self, chunk: WorldChunk, columns: Columns) -> None:
        """Write the file of a chunk, then its line in the journal."""
        labels = self.plan.cells[chunk.cell].labels
        table = world_table(chunk, columns, labels)
        content = encode(table, metadata(self.manifest))
        lasting = self.plan.leaves_worlds
        write_whole(self.part(chunk), content, within=self.path, lasting=lasting)
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
        harmed = self._series.harmed(chunk.cell)
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

    def lost(self) -> list[Path]:
        """Return files of finished chunks that are no longer as they were written.

        Somebody has deleted or changed them while the sweep ran.
        """
        self.damaged = self._series.lost()
        if self.plan.leaves_worlds:
            for chunk in self._checksums:
                self.has(chunk)
        return self.damaged

    def finish(self) -> None:
        """Write the tables and the final manifest; remove what was for resuming."""
        manifest = self.manifest
        tables = self._series.tables()
        if self.plan.part is None:
            tables[CELLS] = cells_table(
                self.plan.design, self.rows, self.input_rows, manifest["inputs"]
            )
            manifest["spent"] = spent(manifest, self.rows)
        if self.input_rows:
            tables[INPUTS] = inputs_table(self.plan.design, self.input_rows)
        ordered = sorted(self._checksums, key=lambda each: (each.cell, each.first))
        manifest["chunks"] = [self._entry(chunk) for chunk in ordered]
        manifest["complete"] = True
        with told_plainly(self.path):
            self._tidy()
        with together() as put:
            for name in (CELLS, INPUTS, *SERIES_TABLES):
                if name in tables:
                    content = encode(tables[name], metadata(manifest))
                    manifest["files"][name] = checksum(content)
                    put(self.path / name, content)
            put(self.path / MANIFEST, written(manifest))  # takes its place last
        self.close()
        unfinished = self.path / UNFINISHED
        with contextlib.suppress(OSError):
            for file in list(unfinished.iterdir()):
                if _is_ours(file):
                    file.unlink()
            unfinished.rmdir()

    def _tidy(self) -> None:
        """Remove what processes that were killed, and a sweep before, have left."""
        ours = {self.part(chunk) for chunk in self._checksums}
        for folder in (self.path, self.path / WORLDS):
            for file in filter(is_temporary, folder.glob(".*")):
                file.unlink()
        for file in (self.path / WORLDS).glob("part-*.parquet"):
            if file not in ours:  # of a sweep that --force replaced
                file.unlink()

    def close(self) -> None:
        """Close files and let other processes in."""
        self._journal.close()
        self._lock.release()

    def _entry(self, chunk: WorldChunk) -> dict[str, Any]:
        """Return what is written of a chunk of worlds."""
        place = {"cell": chunk.cell, "first": chunk.first, "count": chunk.count}
        return {**place, "sha256": self._checksums[chunk]}


def files_of_sweep(path: Path) -> list[Path]:
    """Return the manifest and the tables that a sweep may have in a folder."""
    return [path / name for name in (MANIFEST, CELLS, INPUTS, *SERIES_TABLES)]


def written(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as it stands in its file, with its own checksum."""
    text = json.dumps(sealed(manifest), indent=1, ensure_ascii=False)
    return text.encode() + b"\n"


def _journal(path: Path, manifest: dict[str, Any]) -> Journal:
    return Journal(path / UNFINISHED / _JOURNAL, identity(manifest))


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
            if _journal(path, manifest).is_begun:
                return True
            if _is_used(path):
                raise UsageError(
                    f"--out {path}: has files in it and is no sweep; "
                    "choose another folder, or --force"
                )
            return False
        there = read_manifest(path)
    except InputMissingError as error:
        if _journal(path, manifest).is_begun:
            return True
        raise InputMissingError(f"{error}; --force replaces it") from None
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
        _JOURNAL,
        "part-*.parquet",
        *(f"*-{name}" for name in SERIES_TABLES),
    )
    return is_temporary(file) or any(map(file.match, known))


def _nulls(row: Row) -> dict[str, float | None]:
    return {name: None if isnan(each) else each for name, each in row.items()}


def _numbers(row: dict[str, float | None]) -> Row:
    return {name: float("nan") if each is None else each for name, each in row.items()}
