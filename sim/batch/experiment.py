"""An experiment file: a question, and the sweep that is to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from sim.batch.designs import Points, is_method
from sim.batch.settings import Choice, Range, Setting, choice, setting_of
from sim.batch.tasks import check_precision
from sim.errors import InputMissingError, ScenarioError, UsageError, control_in
from sim.scenario.library import known, read_file, suggestion
from sim.scenario.problems import KeyPath, Place, Problem, report
from sim.scenario.references import did_you_mean
from sim.scenario.types import shown
from sim.scenario.yaml_file import MAX_BYTES, Document, read

FILE = "experiment.yaml"

FIELDS = {
    "scenario": "id of a shipped scenario, or the path of a file beside this one",
    "vary": "settings by path: FROM:TO:COUNT, a list, or FROM:TO to draw from",
    "design": "lhs:N, sobol:N, a CSV file beside this one, or a list of points",
    "set": "other values of the scenario, by path",
    "reference": "setting to compare with, by path; the first one if left out",
    "replicates": "worlds of each cell",
    "precision": "instead: half-width of the interval of the full truce share",
    "seed": "of all luck",
    "within_days": "day by which a first truce counts",
    "input_sets": "sets of inputs drawn from their low and high",
    "input_replicates": "worlds of each cell and set of inputs",
    "question": "what is asked",
    "expect": "what theory leads one to expect, written before the sweep",
}
_WHOLE = {
    "replicates": 1,
    "seed": 0,
    "within_days": 1,
    "input_sets": 1,
    "input_replicates": 1,
}


@dataclass(frozen=True)
class Experiment:
    """A checked experiment; `numbers` has those of its numbers that it gives."""

    file: FilePath
    scenario: str | FilePath
    vary: dict[str, Choice]
    design: str | FilePath | Points | None
    set: dict[str, object]
    reference: dict[str, object]
    numbers: dict[str, float]
    question: str
    expect: str
    document: Document

    def located(self, error: ScenarioError) -> ScenarioError:
        """Return the error of a varied or set path with its place in this file."""
        return ScenarioError([self._located(text) for text in error.problems])

    def _located(self, text: str) -> str:
        option, _, rest = text.partition(": ")
        path, _, message = rest.partition(": ")
        field = option.removeprefix("--")
        place = self._place(field, path)
        return str(Problem((field, path), message, place)) if place else text

    def _place(self, field: str, path: str) -> Place | None:
        """Return where a path is given, or one that leads through it."""
        while path:
            for given, place in self.document.keys.items():
                is_here = len(given) == 2 and given[0] == field
                if is_here and f"{given[1]}.".startswith(f"{path}."):
                    return place
            path = path.rpartition(".")[0]
        return None


def experiment_file(name: str) -> FilePath | None:
    """Return the file if `name` is an experiment: a folder of one, or a file like one.

    A file is an experiment if it names a `scenario`, which no scenario does.
    """
    path = FilePath(name)
    if path.is_dir() and (path / FILE).is_file():
        return path / FILE
    if path.name == FILE:
        return path
    if path.suffix not in (".yaml", ".yml") or not path.is_file():
        return None
    data = _read(path).data
    return path if isinstance(data, dict) and "scenario" in data else None


def read_experiment(file: FilePath) -> Experiment:
    """Read and check an experiment file.

    Raises
    ------
    InputMissingError
        If it is not there or cannot be read.
    ScenarioError
        With all its mistakes, each with file, line and column.
    """
    document = _read(file)
    data: Any = document.data
    if not isinstance(data, dict):
        place = document.values.get((), Place(str(file), 1, 1, ""))
        shape = Problem((), "an experiment is a mapping of fields", place)
        raise report(document.problems or [shape])
    check = _Check(file, document)
    for name in data:
        if name not in FIELDS:
            text = f"unknown field{did_you_mean(name, FIELDS)}"
            check.wrong((name,), text, document.keys)
    found = Experiment(
        file=file,
        scenario=check.scenario(data.get("scenario"), file.parent),
        vary=check.vary(data.get("vary", {})),
        design=check.design(data.get("design"), file.parent),
        set=check.mapping("set", data),
        reference=check.mapping("reference", data),
        numbers=check.numbers(data),
        question=check.words("question", data),
        expect=check.words("expect", data),
        document=document,
    )
    drawn = isinstance(found.design, str)
    for path, each in found.vary.items():
        if isinstance(each, Range) and not drawn:
            hint = f"{each} is for design: lhs:N or sobol:N"
            check.wrong(("vary", path), f"needs FROM:TO:COUNT or a list; {hint}")
    if check.problems:
        raise report(check.problems)
    return found


def _read(file: FilePath) -> Document:
    try:
        return read(read_file(file, MAX_BYTES), str(file))
    except FileNotFoundError:
        raise InputMissingError(f"{file}: no such file{suggestion(file)}") from None
    except OSError as error:
        raise InputMissingError(f"{file} cannot be read: {error.strerror}") from None


class _Check:
    """Reads one field after another and collects what is wrong."""

    def __init__(self, file: FilePath, document: Document) -> None:
        self.file = file
        self.document = document
        self.problems = list(document.problems)

    def wrong(
        self, path: KeyPath, message: str, places: Mapping[KeyPath, Place] | None = None
    ) -> None:
        known = self.document.values if places is None else places
        place = known.get(path) or self.document.values.get(())
        self.problems.append(Problem(path, message, place))

    def scenario(self, given: object, folder: FilePath) -> str | FilePath:
        if given is None:
            self.wrong(("scenario",), "is missing")
        elif not isinstance(given, str) or not given.strip():
            text = f"needs the id or the path of a scenario, not {shown(given)}"
            self.wrong(("scenario",), text)
        elif given in known():
            return given
        elif (folder / given).is_file():
            return folder / given
        else:
            hint = did_you_mean(given, known())
            text = f"no scenario '{given}', and no file of that name in {folder}{hint}"
            self.wrong(("scenario",), text)
        return ""

    def design(self, given: object, folder: FilePath) -> str | FilePath | Points | None:
        if given is None:
            return None
        if isinstance(given, str):
            return given if is_method(given) else folder / given
        if not isinstance(given, list):
            text = f"needs lhs:N, sobol:N, a file or points, not {shown(given)}"
            self.wrong(("design",), text)
            return None
        if not given:
            self.wrong(("design",), "has no points")
        points = []
        for i, point in enumerate(given):
            if isinstance(point, dict):
                points.append(self._point(i, point))
            else:
                text = f"needs values by path, not {shown(point)}"
                self.wrong(("design", i), text)
        places = (self.document.values[("design", i)] for i in range(len(given)))
        rows = [f"{each.file}:{each.line}:{each.column}: design" for each in places]
        return Points(tuple(points), f"{self.file}: design", tuple(rows))

    def _point(self, i: int, point: dict[str, object]) -> dict[str, Setting]:
        found = {}
        for path, value in point.items():
            try:
                found[path] = setting_of(value)
            except ValueError as error:
                self.wrong(("design", i, path), str(error))
        return found

    def vary(self, given: object) -> dict[str, Choice]:
        if not isinstance(given, dict):
            self.wrong(("vary",), f"needs settings by path, not {shown(given)}")
            return {}
        found: dict[str, Choice] = {}
        for path, values in given.items():
            many = values if isinstance(values, list | str) else [values]
            try:
                found[path] = choice(many)
            except ValueError as error:
                self.wrong(("vary", path), str(error))
        return found

    def mapping(self, name: str, data: Mapping[str, Any]) -> dict[str, object]:
        given = data.get(name, {})
        if not isinstance(given, dict):
            self.wrong((name,), f"needs values by path, not {shown(given)}")
            return {}
        return given

    def numbers(self, data: Mapping[str, Any]) -> dict[str, float]:
        found: dict[str, float] = {}
        if data.get("precision") is not None:
            self._precision(data, found)
        for name, least in _WHOLE.items():
            given = data.get(name)
            if given is None:
                continue
            is_number = isinstance(given, int | float) and not isinstance(given, bool)
            if not is_number or given % 1 != 0 or given < least:
                text = f"needs a whole number from {least}, not {shown(given)}"
                self.wrong((name,), text)
            else:
                found[name] = int(given)
        return found

    def _precision(self, data: Mapping[str, Any], found: dict[str, float]) -> None:
        given = data["precision"]
        if data.get("replicates") is not None:
            self.wrong(("precision",), "replicates or precision, not both")
        elif isinstance(given, bool) or not isinstance(given, int | float):
            self.wrong(("precision",), f"needs a number, not {shown(given)}")
        else:
            try:
                check_precision(given)
            except UsageError as error:
                text = str(error).removeprefix("--precision ")
                self.wrong(("precision",), f"{text}, not {shown(given)}")
            found["precision"] = float(given)

    def words(self, name: str, data: Mapping[str, Any]) -> str:
        given = data.get(name, "")
        if not isinstance(given, str):
            self.wrong((name,), f"needs text, not {shown(given)}")
            return ""
        if odd := control_in(given):
            self.wrong((name,), odd)
        return given.strip()
