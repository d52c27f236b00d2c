"""Designs from a list of points: of Python, of a CSV file, of another sweep."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import InputMissingError, ScenarioError, UsageError
from sim.scenario.find import read_file, suggestion
from sim.scenario.yaml_reader import read_text
from sim.sweep.design import MOST_CELLS, Design, Made, grid, plain, reference_setting
from sim.sweep.read import read_manifest
from sim.sweep.settings import Choice, Setting, setting_of, shown
from sim.sweep.structure import Structure

_MOST_PROBLEMS = 50
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

        Raises
        ------
        UsageError
            If points do not name the same paths, `vary` has one of them or a range, or
            no point is that of `reference`.
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
        made = Made(words=self.words or points_words(self.points), source=self.source)
        made = Made(made.kind, (*made.words, *_vary(crossed)), "", self.source, rows)
        at = _row(paths, points, reference)
        return Design(paths, points, at, made)

    def _paths(self) -> tuple[str, ...]:
        paths = tuple(self.points[0])
        for name, point in zip(self.rows, self.points, strict=True):
            for path in (*paths, *point):
                if path not in point or path not in paths:
                    where = self.rows[0] if path not in paths else name
                    raise UsageError(
                        f"{where}: has no {path}; every point names the same paths"
                    )
        return paths


def listed(
    points: Iterable[Mapping[str, object]],
    *,
    source: str = "--design",
    rows: Sequence[str] = (),
) -> Points:
    """Return points given as mappings from path to value.

    Raises
    ------
    UsageError
        If there is none, or something is no setting.
    """
    found: list[dict[str, Setting]] = []
    for i, point in enumerate(points):
        name = rows[i] if rows else f"{source}, point {i + 1}"
        if not isinstance(point, Mapping):
            raise UsageError(f"{name}: needs values by path, not {point!r}")
        made = {}
        for path, value in point.items():
            try:
                made[str(path)] = setting_of(value)
            except ValueError as error:
                raise UsageError(f"{name}: {path}: {error}") from None
        found.append(made)
    if not found:
        raise UsageError(f"{source}: has no points")
    names = rows or tuple(f"{source}, point {i + 1}" for i in range(len(found)))
    return Points(tuple(found), source, tuple(names))


def read_points(file: Path) -> Points:
    """Return the points of a CSV file: a header of paths, then a point a line.

    Values are written as after `--vary PATH=`; lines that are empty, have nothing but
    commas or begin with `#` are passed over.

    Raises
    ------
    InputMissingError
        If it is not there or cannot be read.
    ScenarioError
        With all its mistakes, each with its line.
    """
    try:
        text = read_file(file, _LARGEST).decode("utf-8-sig")
        lines = _Lines(io.StringIO(text, newline=""))
        rows = [
            (lines.number, row)
            for row in csv.reader(lines, skipinitialspace=True)
            if any(cell.strip() for cell in row)
        ]
    except FileNotFoundError:
        raise InputMissingError(f"{file}: no such file{suggestion(file)}") from None
    except OSError as error:
        raise InputMissingError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScenarioError([f"{file}: is not text in UTF-8"]) from None
    except csv.Error as error:
        raise ScenarioError([f"{file}:{lines.number}: {error}"]) from None
    if not rows:
        raise ScenarioError([f"{file}: is empty; its first line names paths"])
    (at, header), *rest = rows
    paths = [name.strip() for name in header]
    # Known before anything is made of the values.
    if len(rest) > MOST_CELLS or len(paths) > _MOST_PATHS:
        raise ScenarioError(
            f"{file}: {len(rest):,} points of {len(paths):,} paths; at most "
            f"{MOST_CELLS:,} and {_MOST_PATHS} fit"
        )
    problems = [f"{file}:{at}: {text}" for text in _header_problems(paths)]
    if not rest:
        problems.append(f"{file}: has no points, only a header")
    points = []
    for number, row in rest:
        point, wrong = _point(paths, row)
        points.append(point)
        problems += [f"{file}:{number}: {text}" for text in wrong]
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        tail = [f"... and {more} more"] if more > 0 else []
        raise ScenarioError([*problems[:_MOST_PROBLEMS], *tail])
    names = tuple(f"{file}:{number}" for number, _ in rest)
    return Points(tuple(points), str(file), names, ("--design", str(file)))


def design_of_sweep(folder: Path) -> Design:
    """Return the design of the sweep in a folder; errors as `read_manifest`."""
    held = Design.read(read_manifest(folder)["design"])
    made = held.made
    words = () if made.kind == "grid" else ("--design", str(folder))
    made = Made(made.kind, words, made.note, str(folder))
    return Design(held.paths, held.points, held.reference, made)


class _Lines:
    """Lines of a file without comments, and the number of the last one given."""

    def __init__(self, stream: Iterable[str]) -> None:
        self._lines = enumerate(stream, 1)
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.number, line = next(self._lines)
        return "\n" if line.lstrip().startswith("#") else line


def _header_problems(paths: Sequence[str]) -> list[str]:
    if len(paths) == 1 and ";" in paths[0]:
        return ["columns are parted by commas, not by semicolons"]
    found = [f"column {i + 1} has no name" for i, path in enumerate(paths) if not path]
    twice = [path for path, times in Counter(paths).items() if times > 1]
    return found + [f"{path} is named twice" for path in twice if path]


def _point(paths: Sequence[str], row: Sequence[str]) -> tuple[Any, list[str]]:
    """Return the settings of a line, and what is wrong with it."""
    if len(row) != len(paths):
        return {}, [f"has {len(row)} values for {len(paths)} paths"]
    point: dict[str, Setting] = {}
    problems = []
    for path, text in zip(paths, row, strict=True):
        document = read_text(text, "")
        if not text.strip():
            problems.append(f"{path}: is empty; write null for nothing")
        elif document.problems:
            problems.append(f"{path}: {document.problems[0].message}")
        else:
            try:
                point[path] = setting_of(document.data)
            except ValueError as error:
                problems.append(f"{path}: {error}")
    return point, problems


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


def _vary(crossed: Design) -> list[str]:
    words = []
    for path in crossed.paths:
        listed = ",".join(shown(each) for each in dict.fromkeys(crossed.column(path)))
        words += ["--vary", f"{path}={listed}"]
    return words


def points_words(points: Sequence[Mapping[str, Setting]]) -> tuple[str, ...]:
    """Return words that list points, if there are few; or else name a folder."""
    short = [{path: _short(each) for path, each in p.items()} for p in points]
    text = Structure.of(short).text
    return ("--design", text if len(text) <= _LONGEST else "SWEEP")


def _short(setting: Setting) -> object:
    if isinstance(setting, float) and setting.is_integer():
        return int(setting)
    return plain(setting)
