"""The design that was asked for, in whichever way."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import PlainValidator, TypeAdapter

from sim.batch.design import MOST_CELLS, Design, Made, grid, plain, reference_setting
from sim.batch.sampled import METHODS, sampled
from sim.batch.settings import (
    Choice,
    Range,
    Setting,
    Structure,
    chosen,
    setting_of,
    shown,
    vary_words,
)
from sim.batch.tables import read_manifest
from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.scenario.csv_file import Table
from sim.scenario.library import exists, suggestion
from sim.scenario.yaml_file import read_text

_LARGEST = 50_000_000  # bytes
_MOST_PATHS = 200
_LONGEST = 2_000  # of points written out in a command


@dataclass(frozen=True)
class Points:
    """Points, each a setting by path, with the name by which messages call each."""

    points: tuple[dict[str, Setting], ...]
    source: str
    rows: tuple[str, ...]
    words: tuple[str, ...] = ()

    def design(
        self, vary: Mapping[str, Choice], reference: Mapping[str, object]
    ) -> Design:
        """Return the design of these points, each with all combinations of `vary`.

        The reference is the first cell, or the first with the settings of `reference`.
        Raises UsageError if points do not name the same paths, `vary` has one of them
        or a range, or no point is that of `reference`.
        """
        paths = self._paths()
        for path in vary:
            if path in paths:
                raise UsageError(f"{path} is given to --design and to --vary")
        crossed = grid(vary)
        points = tuple(
            (*(point[path] for path in paths), *more)
            for point in self.points
            for more in crossed.points
        )
        rows = tuple(name for name in self.rows for _ in crossed.points)
        paths = (*paths, *crossed.paths)
        words = (*(self.words or points_words(self.points)), *vary_words(vary))
        made = Made(words=words, source=self.source, rows=rows)
        at = _row(paths, points, reference)
        return Design(paths, points, at, made)

    def _paths(self) -> tuple[str, ...]:
        paths = tuple(self.points[0])
        for name, point in zip(self.rows, self.points, strict=True):
            for path in (*paths, *point):
                if path not in point or path not in paths:
                    where = self.rows[0] if path not in paths else name
                    raise UsageError(
                        f"{where}: has no {path}; all points must name the same paths"
                    )
        return paths


def listed(points: Iterable[Mapping[str, object]]) -> Points:
    """Return points given by path; UsageError if there is none or one is no point."""
    found: dict[str, dict[str, Setting]] = {}
    for i, point in enumerate(points):
        name = f"--design, point {i + 1}"
        if not isinstance(point, Mapping):
            raise UsageError(f"{name}: needs values by path, not {point!r}")
        found[name] = {}
        for path, value in point.items():
            try:
                found[name][str(path)] = setting_of(value)
            except ValueError as error:
                raise UsageError(f"{name}: {path}: {error}") from None
    if not found:
        raise UsageError("--design: has no points")
    return Points(tuple(found.values()), "--design", tuple(found))


def read_points(file: Path) -> Points:
    """Return the points of a CSV file: a header of paths, then a point a line.

    Values are written as after `--vary PATH=`; lines that are empty, have nothing but
    commas or begin with `#` are passed over. Raises InputMissingError if it is not
    there or cannot be read, and ScenarioError with all its mistakes, each with its
    line.
    """
    if not exists(file.exists):
        raise InputMissingError(f"{file}: no such file{suggestion(file)}")
    table = Table.read(file, most_bytes=_LARGEST, comments=True, error=ScenarioError)
    # Known before anything is made of the values.
    if len(table.rows) > MOST_CELLS or len(table.columns) > _MOST_PATHS:
        raise ScenarioError(
            f"{file}: {len(table.rows):,} points of {len(table.columns):,} paths; at "
            f"most {MOST_CELLS:,} and {_MOST_PATHS} fit"
        )
    if not table.rows:
        raise ScenarioError(f"{file}: has no points, only a header")
    columns = table.values(dict.fromkeys(table.columns, _SETTINGS))
    points = tuple(
        dict(zip(table.columns, point, strict=True))
        for point in zip(*columns, strict=True)
    )
    names = tuple(f"{file}:{line}" for line, _ in table.rows)
    return Points(points, str(file), names, ("--design", str(file)))


def _setting(text: str) -> Setting:
    if not text:
        raise ValueError("is empty; write null for nothing")
    document = read_text(text, "")
    if document.problems:
        raise ValueError(document.problems[0].message)
    return setting_of(document.data)


_SETTINGS = TypeAdapter(list[Annotated[Setting, PlainValidator(_setting)]])


def design_of_sweep(folder: Path) -> Design:
    """Return the design of the sweep in a folder; errors as `read_manifest`."""
    held = Design.read(read_manifest(folder)["design"])
    made = held.made
    words = () if made.kind == "grid" else ("--design", str(folder))
    made = Made(made.kind, words, made.note, str(folder))
    return Design(held.paths, held.points, held.reference, made)


def _row(
    paths: Sequence[str],
    points: Sequence[tuple[Setting, ...]],
    reference: Mapping[str, object],
) -> int:
    """Return the first cell with some settings."""
    wanted = {
        paths.index(path): reference_setting(path, value, paths)
        for path, value in reference.items()
    }
    for cell, point in enumerate(points):
        if all(point[i] == setting for i, setting in wanted.items()):
            return cell
    listed = ", ".join(f"{paths[i]} {shown(each)}" for i, each in wanted.items())
    raise UsageError(f"--reference: no point has {listed}")


def points_words(points: Sequence[Mapping[str, Setting]]) -> tuple[str, ...]:
    """Return words that list points, if there are few; or else name a folder."""
    short = [{path: _short(each) for path, each in p.items()} for p in points]
    text = Structure.of(short).text
    return ("--design", text if len(text) <= _LONGEST else "SWEEP")


def _short(setting: Setting) -> object:
    if isinstance(setting, float) and setting.is_integer():
        return int(setting)
    return plain(setting)


Asked: TypeAlias = str | Path | Design | Points | Iterable[Mapping[str, object]] | None
"""`lhs:N`, `sobol:N`, a CSV file, the folder of a sweep, points, or None for a grid."""

_METHOD = re.compile(rf"({'|'.join(METHODS)}):([0-9]+)")
_LIKE_METHOD = re.compile(r"[A-Za-z]+(:.*)?")


def is_method(text: str) -> bool:
    """Say whether a design is to be drawn, as `lhs:64` is."""
    return _METHOD.fullmatch(text.strip()) is not None


def make_design(
    vary: Mapping[str, Iterable[object] | Range],
    asked: Asked = None,
    *,
    reference: Mapping[str, object] | None = None,
    seed: int,
) -> Design:
    """Return the design of a sweep.

    Without `asked` it is the grid of `vary`. Drawn points are drawn from `vary`; points
    that are given are each run with all combinations of it. Raises UsageError if it
    cannot be made; InputMissingError if a file is not there; and ScenarioError with the
    mistakes in a CSV file, each with its line.
    """
    found = _METHOD.fullmatch(asked.strip()) if isinstance(asked, str) else None
    choices = {path: chosen(path, values) for path, values in vary.items()}
    if asked is None:
        return grid(choices, reference)
    if found is not None:
        if reference:
            text = "points are drawn, so none can be named; differences are from the"
            raise UsageError(f"--reference with --design {asked}: {text} first")
        method, count = found[1], int(found[2])
        return sampled(choices, method, count, seed=seed)
    points = _points(asked)
    if isinstance(points, Design):
        if choices or reference:
            raise UsageError(
                "this design has its own points and reference: leave out --vary and "
                "--reference"
            )
        return points
    return points.design(choices, reference or {})


def _points(asked: Asked) -> Points | Design:
    if isinstance(asked, Design | Points):
        return asked
    if isinstance(asked, str) and asked.lstrip().startswith("["):
        document = read_text(asked, "--design")
        if document.problems or not isinstance(document.data, list):
            raise UsageError(f"--design: needs [{{PATH: VALUE, ...}}, ...]: {asked!r}")
        return listed(document.data)
    if isinstance(asked, str | Path):
        path = Path(asked)
        if path.is_dir():
            return design_of_sweep(path)
        if not path.exists() and _LIKE_METHOD.fullmatch(str(asked).strip()):
            known = " nor ".join(f"{name}:N" for name in METHODS)
            raise UsageError(f"--design {asked}: is not a file, and neither {known}")
        return read_points(path)
    # A table of pandas.
    if asked is not None and hasattr(asked, "columns") and hasattr(asked, "to_dict"):
        return listed(asked.to_dict("records"))
    return listed(() if asked is None else asked)
