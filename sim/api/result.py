"""What every verb returns: tables and a manifest that can be saved, opened and drawn.

A folder holds `manifest.json`, which says what was asked, of what, with which versions
and by which command, and has the checksums of the tables beside it.
"""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Self

import pandas as pd
import pyarrow as pa

import sim
from sim.batch.files import checksum, read_whole, sealed, together
from sim.batch.manifest import ANSWER, versions
from sim.batch.tables import (
    MANIFEST,
    SCHEMA_VERSION,
    encode,
    manifest_in,
    read_table,
)
from sim.errors import InputMissingError, UsageError
from sim.plots.figure import FORMATS, Figure, files_of
from sim.plots.provenance import Context
from sim.scenario.arguments import place
from sim.scenario.land import LAND
from sim.scenario.load import Loaded, rebuilt
from sim.scenario.quantities import Annotation

FIGURES = "figures"
_ROWS_IN_BRIEF = 20
# Which class reads a folder, by the kind that its manifest names.
KINDS = {
    "run": "sim.api.run:Run",
    "game": "sim.api.play:Played",
    "sweep": "sim.api.sweep_result:Sweep",
    "comparison": "sim.api.compare:Comparison",
    "explanation": "sim.api.why:Explanation",
    "sensitivity analysis": "sim.api.sensitivity:Sensitivity",
    "conditions": "sim.api.discovery:Conditions",
    "inference": "sim.api.inference:Inference",
    "tournament": "sim.api.tournament:Tournament",
    "calibration": "sim.api.calibration:CalibrationResult",
    "back-test": "sim.api.calibration:BacktestResult",
}


# What is kept of an annotation; its place in a file is not.
_KNOWN = ("kind", "source", "note", "low", "high")
# Libraries on whose versions a figure depends.
_DECIDING = ("mesa", "numpy", "numba", "SALib")


def only(numbers: Iterable[int]) -> int | None:
    """Return the number that all of these are; None if they differ.

    >>> only([180, 180]), only([180, 90])
    (180, None)
    """
    found = {int(each) for each in numbers}
    return found.pop() if len(found) == 1 else None


def called(scenario: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what figures call the parties and chips of a scenario as plain data.

    `labels` by id, and `units` of what is no land.
    """
    chips = scenario["chips"]
    everyone = {**scenario["parties"], **chips}
    units = {name: each["unit"] for name, each in chips.items()}
    return {
        "labels": {name: each["label"] for name, each in everyone.items()},
        "units": {name: unit for name, unit in units.items() if unit != LAND},
    }


def provenance(
    loaded: Loaded, *, seed: int | None, command: str = "", more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what every manifest says of where its numbers come from.

    `more` names libraries whose versions matter too.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "note": ANSWER,
        "command": command,
        "scenario_id": loaded.scenario.id,
        "scenario_title": loaded.scenario.title,
        "scenario_hash": loaded.hash,
        "called": called(loaded.scenario.model_dump()),
        "written": loaded.sourced.data,
        "known": [
            [list(path), {name: getattr(about, name) for name in _KNOWN}]
            for path, about in loaded.sourced.annotations.items()
        ],
        "version": sim.__version__,
        "versions": versions(*more),
        "seed": seed,
    }


@dataclass(frozen=True, eq=False)
class Result:
    """Something that was run.

    `kind` names it in a manifest, `figure` is the one that it was made for, if any,
    `only_figure` says that no other can be drawn of it, and `table_names` are the files
    of its tables, each an attribute. `names_scenario` is for `to_dict`.
    """

    kind: ClassVar[str]
    figure: ClassVar[str]
    only_figure: ClassVar[bool] = True
    table_names: ClassVar[tuple[str, ...]] = ()
    names_scenario: ClassVar[bool] = False

    manifest: dict[str, Any] = field(repr=False)
    folder: Path | None = field(default=None, repr=False, kw_only=True)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by the names of their files, such as `cells.parquet`."""
        return {name: getattr(self, Path(name).stem) for name in self.table_names}

    @property
    def command(self) -> str:
        """The command that repeats it; empty if none was noted."""
        return str(self.manifest["command"])

    @property
    def seed(self) -> int:
        """What all its luck is drawn from."""
        return int(self.manifest["seed"])

    @property
    def replicate(self) -> int:
        """Which world of its seed, of results that are about one."""
        return int(self.manifest["replicate"])

    @property
    def versions(self) -> dict[str, str]:
        """Versions of what it was made with."""
        return dict(self.manifest["versions"])

    @property
    def decided_by(self) -> dict[str, str]:
        """Versions of the libraries on which its figures depend."""
        made = self.versions
        return {name: made[name] for name in _DECIDING if name in made}

    @property
    def place(self) -> str:
        """How messages call it: its folder, or its kind."""
        return f"this {self.kind}" if self.folder is None else str(self.folder)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: the object of the command's `--json`."""
        hidden = ("called", "written", "known", "files", "kind", "complete")
        about = {
            name: each for name, each in self.manifest.items() if name not in hidden
        }
        first = {"scenario": about["scenario_id"]} if self.names_scenario else {}
        return {**first, **about}

    def plain_tables(self, *names: str) -> dict[str, Any]:
        """Return tables as plain data by name, a mapping for each row."""
        return {
            name: json.loads(getattr(self, name).to_json(orient="records"))
            for name in names
        }

    def to_json(self) -> str:
        """Return all of it as a JSON text."""
        return json.dumps(self.to_dict(), indent=2, allow_nan=False) + "\n"

    def plot(self, figure: str | None = None, **asked: Any) -> Figure:
        """Draw a figure, by default the one it was made for; else as `sim.plot`."""
        return sim.plot(self, figure, **asked)

    def figures(self) -> list[Figure]:
        """Return the figures that `save` writes."""
        return [self.plot()] if self.figure else []

    def _context(self, **about: Any) -> Context:
        """Return what captions say about the runs: the manifest, then `about`."""
        names = ("scenario_id", "scenario_title", "scenario_hash", "seed")
        said: dict[str, Any] = {name: self.manifest[name] for name in names}
        said["version"] = self.versions["ceasefire-sim"]
        said["within_days"] = self.manifest.get("within_days")
        said |= {"command": self.command, **self._called()}
        return Context(**{**said, **about})

    def _called(self) -> dict[str, dict[str, str]]:
        """Return what figures call parties and chips."""
        return dict(self.manifest["called"])

    def of_figures(self, replicate: int, within_days: int) -> dict[str, Any]:
        """Return what a `figure_source.Source` knows of the scenario behind it."""
        return {
            "loaded": None,
            "seed": self.manifest["seed"],
            "replicate": self.manifest.get("replicate", replicate),
            "within_days": self.manifest.get("within_days", within_days),
            "command": self.command,
        }

    def save(self, folder: str | Path, *, force: bool = False) -> list[Path]:
        """Write manifest, tables and figures to a folder; return their paths.

        The folder is made if it is not there. UsageError if files are there and `force`
        is not given; InputMissingError if something cannot be written.
        """
        folder = place("folder", folder)
        about = {
            name: str(self.manifest[name])
            for name in ("scenario_id", "scenario_hash", "seed", "command")
        }
        about["version"] = self.versions["ceasefire-sim"]
        contents = {
            name: _content(name, table, about) for name, table in self.tables.items()
        }
        drawn: dict[str, bytes] = {}
        for figure in self.figures():
            files = files_of(figure, FORMATS, {**figure.origin, **self.decided_by})
            drawn |= {f"{FIGURES}/{name}": content for name, content in files.items()}
        manifest = {
            **self.manifest,
            "kind": self.kind,
            "complete": True,
            "files": {name: checksum(content) for name, content in contents.items()},
        }
        text = json.dumps(sealed(manifest), indent=1, ensure_ascii=False)
        every = {**drawn, **contents, MANIFEST: f"{text}\n".encode()}
        there = [folder / name for name in every if (folder / name).exists()]
        if there and not force:
            more = f" and {len(there) - 1} more" if there[1:] else ""
            raise UsageError(
                f"{there[0]}{more} would be overwritten; force=True allows it"
            )
        # They take their places together, the manifest last.
        with together(folder) as put:
            for name, content in every.items():
                put(folder / name, content)
        return [folder / name for name in every]

    @classmethod
    def paths_in(cls, folder: Path) -> list[Path]:
        """Return the files that `save` may write to a folder."""
        figures = [f"{FIGURES}/{cls.figure}.{end}" for end in (*FORMATS, "txt")]
        names = [MANIFEST, *cls.table_names, *(figures if cls.figure else [])]
        return [folder / name for name in names]

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return what a folder keeps; `manifest` has been read and checked."""
        tables = {
            Path(name).stem: read_frame(folder, name, manifest)
            for name in cls.table_names
        }
        return cls(manifest, folder=folder, **tables)

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return what a notebook shows of it: sentences, and a table or none."""
        return [], next(iter(self.tables.values()), None)

    def _repr_html_(self) -> str:
        """Show it in a notebook cell: what it is, what came of it, what repeats it."""
        of = f"{self.manifest['scenario_title']}, seed {self.manifest['seed']}"
        sentences, table = self.in_brief()
        shown = [f"<p><b>{escape(self.kind)}</b>: {escape(of)}</p>"]
        shown += [f"<p>{escape(each)}</p>" for each in sentences]
        if table is not None:
            rows = table.head(_ROWS_IN_BRIEF)
            shown.append(str(rows.to_html(max_cols=12, index=False, na_rep="")))
            if len(rows) < len(table):
                shown.append(f"<p>{len(rows)} of {len(table):,} rows</p>")
        again = f" Again: <code>{escape(self.command)}</code>" if self.command else ""
        said = f"{ANSWER[:1].upper()}{ANSWER[1:]}."
        return "\n".join([*shown, f"<p><small>{escape(said)}{again}</small></p>"])


def _content(name: str, table: pd.DataFrame, about: Mapping[str, str]) -> bytes:
    """Return the bytes of a table's file, which carries where it comes from."""
    if name.endswith(".parquet"):
        return encode(pa.Table.from_pandas(table, preserve_index=False), about)
    # What the table says row by row is not said over again.
    added = {name: text for name, text in about.items() if name not in table}
    text = table.assign(**added).to_csv(index=False, lineterminator="\n")
    return str(text).encode()


def read_frame(folder: Path, name: str, manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Return a table that a result has saved; InputMissingError if it is not so now."""
    if name.endswith(".parquet"):
        return read_table(folder, name, manifest)
    content = read_whole(folder / name, manifest["files"].get(name, "none"))
    # The engine that reads every digit, in all versions of pandas.
    table = pd.read_csv(io.BytesIO(content), engine="pyarrow")
    # What every file carries is in the manifest.
    return table[table.columns[: list(table.columns).index("scenario_id")]]


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder; errors as `open_result`."""
    return manifest_in(folder, "it contains nothing that can be opened")


def scenario_of(manifest: Mapping[str, Any], place: Path) -> Loaded:
    """Return the scenario of a manifest, as it was written, with what was known of it.

    UsageError if this version of the program reads it as another one.
    """
    base = rebuilt(manifest.get("written"), place)
    if base.hash != manifest["scenario_hash"]:
        raise UsageError(
            f"{place}: its scenario gives something else in this version of the "
            "program; run it again: "
            f"{manifest.get('command') or manifest['scenario_id']}"
        )
    known = {
        tuple(path): Annotation(**about) for path, about in manifest.get("known", ())
    }
    return replace(base, sourced=replace(base.sourced, annotations=known))


def open_result(folder: str | Path) -> Result:
    """Open what was saved to a folder, whatever kind of result it is.

    Raises
    ------
    InputMissingError
        If there is nothing of the kind in it, or a file is missing or damaged.
    UsageError
        If this version of the program can no longer tell what was run.
    """
    folder = place("DIR", folder)
    manifest = read_manifest(folder)
    where = KINDS.get(manifest.get("kind", "sweep"))
    if where is None:
        raise InputMissingError(
            f"{folder}: this version of the program does not know "
            f"what a {manifest['kind']} is"
        )
    module, _, name = where.partition(":")
    kind: type[Result] = getattr(import_module(module), name)
    if kind.kind != "sweep":  # whose tables may be large: each is checked when read
        for name in kind.table_names:
            read_whole(folder / name, str(manifest.get("files", {}).get(name)))
    try:
        return kind.read(folder, manifest)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise InputMissingError(
            f"{folder}: its {kind.kind} is incomplete: {error!r}"
        ) from None
