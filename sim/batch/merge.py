"""Join the parts of a sweep into what the whole sweep would have left, byte for byte.

Nothing is run. Every file of every part is checked against its part's manifest; only
when all are there and sound is anything written, the manifest last.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.batch import estimates
from sim.batch.design import Design
from sim.batch.files import (
    link_or_copy,
    make_folder,
    read_whole,
    told_plainly,
)
from sim.batch.folder import publish
from sim.batch.manifest import refuse_another
from sim.batch.plan import Part, parts_in
from sim.batch.tables import (
    CELLS,
    INPUTS,
    MANIFEST,
    SERIES_TABLES,
    WORLDS,
    cells_table,
    decode,
    input_rows,
    inputs_table,
    joined_series,
    read_manifest,
    world_columns,
    world_file,
)
from sim.batch.tasks import Columns, Gathered, Row
from sim.errors import CheckFailedError, InputMissingError, UsageError, listed

_MOST_NAMED = 20


def check_beside(sweep: Path, manifest: dict[str, Any], part: Part) -> None:
    """Raise UsageError if a part would stand beside a whole sweep, or another one's."""
    if (sweep / MANIFEST).exists():
        raise UsageError(
            f"--out {sweep}: contains a whole or merged sweep; parts need another "
            "folder"
        )
    for other, path in parts_in(sweep).items():
        if other != part and (path / MANIFEST).exists():
            text, there = f"{path} belongs to another sweep", read_manifest(path)
            refuse_another(text, manifest, there, without=["part"])
            return  # which was compared with another one itself


def merge(sweep: Path, *, force: bool = False) -> None:
    """Write `cells.parquet` and all else of a sweep from its parts, which stay.

    Raises InputMissingError with the parts that are not there or not finished;
    CheckFailedError with the files that are damaged or missing; and UsageError if the
    parts are not of one sweep, or are merged already and `force` is not given.
    """
    if not sweep.is_dir():
        raise InputMissingError(f"{sweep}: no such folder")
    if (sweep / MANIFEST).exists() and not force:
        read_manifest(sweep)  # says so if it is of something else
        raise UsageError(
            f"{sweep}: is a complete sweep already; --force merges it again"
        )
    parts = _Parts(sweep)
    rows = dict(parts.rows())
    inputs: dict[tuple[int, int], Row] = {}
    for table in parts.tables(INPUTS):
        inputs |= input_rows(table, parts.design.paths)
    series = {name: list(parts.tables(name)) for name in SERIES_TABLES}
    if parts.damaged:
        head = f"{sweep}: damaged or missing; run these parts again with --force"
        raise CheckFailedError(listed(head, parts.damaged, _MOST_NAMED))
    manifest = {**parts.manifest, "part": None, "chunks": parts.entries}
    if manifest["keep_worlds"]:
        parts.give_worlds()
    tables = {CELLS: cells_table(parts.design, rows, inputs, manifest["inputs"])}
    if inputs:
        tables[INPUTS] = inputs_table(parts.design, inputs, manifest["inputs"])
    if manifest["series"]:
        tables |= {name: joined_series(each) for name, each in series.items()}
    publish(sweep, manifest, tables)


class _Parts:
    """All parts of a sweep, opened; what is wrong with their files is collected."""

    def __init__(self, sweep: Path) -> None:
        self.sweep = sweep
        self.damaged: list[Path] = []
        folders = _complete(sweep)
        manifests = [read_manifest(path) for path in folders]
        self.manifest = manifests[0]
        self.design = Design.read(self.manifest["design"])
        self.entries: list[dict[str, Any]] = []
        self._where: dict[tuple[int, int], Path] = {}
        self._tables: dict[str, dict[Path, str]] = {}
        for path, made in zip(folders, manifests, strict=True):
            text = f"{path} belongs to another sweep"
            refuse_another(text, self.manifest, made, without=["part"])
            for entry in made["chunks"]:
                name = world_file(entry["cell"], entry["first"])
                self._where[entry["cell"], entry["first"]] = path / WORLDS / name
                self.entries.append(entry)
            for name, made_as in made["files"].items():
                self._tables.setdefault(name, {})[path / name] = made_as
        self.entries.sort(key=lambda entry: (entry["cell"], entry["first"]))
        worlds = sum(entry["count"] for entry in self.entries)
        expected = len(self.design) * self.manifest["replicates"]
        if worlds != expected:
            raise CheckFailedError(
                f"{sweep}: only {worlds:,} of {expected:,} worlds were found"
            )
        at = 0
        for entry in self.entries:
            cell, first = entry["cell"], entry["first"]
            if cell * self.manifest["replicates"] + first != at:
                raise CheckFailedError(
                    f"{sweep}: worlds of cell {cell} were found twice"
                )
            at += entry["count"]

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Yield the summary of each cell that is whole; two cells are in memory."""
        by_cell: dict[int, list[dict[str, Any]]] = {}
        for entry in self.entries:
            by_cell.setdefault(entry["cell"], []).append(entry)
        reference = self._condensed(by_cell[self.design.reference])
        for cell, entries in by_cell.items():
            is_reference = cell == self.design.reference
            columns = reference if is_reference else self._condensed(entries)
            if columns is not None and reference is not None:
                yield cell, estimates.row_of(columns, reference=reference)

    def tables(self, name: str) -> Iterator[Any]:
        """Yield the tables of that name of all parts that have one, unharmed."""
        for file, expected in self._tables.get(name, {}).items():
            table = self._table(file, expected)
            if table is not None:
                yield table

    def give_worlds(self) -> None:
        """Let the whole sweep have the files of worlds, without a copy if possible."""
        folder = self.sweep / WORLDS
        make_folder(folder, within=self.sweep)
        ours = {folder / file.name: file for file in self._where.values()}
        with told_plainly(folder):
            for target in folder.glob("part-*.parquet"):
                if target not in ours:  # of a sweep that --force replaces
                    target.unlink()
        for target, file in ours.items():
            link_or_copy(file, target)

    def _condensed(self, entries: list[dict[str, Any]]) -> Columns | None:
        """Return what the row of a cell needs, None if a file is damaged."""
        days = self.manifest["within_days"]
        found = Gathered(sum(entry["count"] for entry in entries))
        for entry in entries:
            file = self._where[entry["cell"], entry["first"]]
            table = self._table(file, entry["sha256"])
            if table is None:
                continue
            if table.num_rows != entry["count"]:
                self.damaged.append(file)
                continue
            part = estimates.condense(world_columns(table), within_days=days)
            found.put(entry["first"], part)
        return found.columns() if found.there == found.most else None

    def _table(self, file: Path, expected: str) -> Any:
        try:
            return decode(read_whole(file, expected))
        except InputMissingError:
            self.damaged.append(file)
            return None


def _complete(sweep: Path) -> list[Path]:
    """Return the folders of all parts, each finished."""
    folders = parts_in(sweep)
    if not folders:
        raise InputMissingError(f"{sweep}: contains no parts of a sweep")
    counts = sorted({part.of for part in folders})
    if len(counts) > 1:
        numbers = " and of ".join(map(str, counts))
        raise UsageError(
            f"{sweep}: contains parts of {numbers}; merge joins the parts of one sweep"
        )
    parts = [Part(number, counts[0]) for number in range(1, counts[0] + 1)]
    states = {part: _state(part.folder(sweep)) for part in parts}
    if wrong := [f"{part}: {state}" for part, state in states.items() if state]:
        head = f"{sweep}: parts are missing"
        raise InputMissingError(listed(head, wrong, _MOST_NAMED))
    return [part.folder(sweep) for part in parts]


def _state(part: Path) -> str:
    """Return what a part lacks, in words; nothing if it is finished."""
    if not (part / MANIFEST).exists():
        return "not there"
    try:
        return "" if read_manifest(part).get("complete") else "not finished"
    except InputMissingError as error:
        return str(error)
