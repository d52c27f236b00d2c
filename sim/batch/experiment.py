"""An experiment file: a question, and the sweep that is to answer it."""

import math
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Any, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    GetPydanticSchema,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from sim.batch.designs import Points, is_method
from sim.batch.settings import Choice, Range, Setting, choice, setting_of
from sim.batch.tasks import check_precision
from sim.errors import InputMissingError, ScenarioError, UsageError, control_in
from sim.scenario.library import known, read_file, suggestion
from sim.scenario.problems import Place, Problem, report
from sim.scenario.references import did_you_mean
from sim.scenario.types import shown
from sim.scenario.yaml_file import MAX_BYTES, Document, read

FILE = "experiment.yaml"


def _scenario(given: object, info: ValidationInfo) -> str | FilePath:
    if not isinstance(given, str) or not given.strip():
        raise ValueError(f"needs the id or the path of a scenario, not {shown(given)}")
    folder = _folder(info.context)
    if given in known():
        return given
    if (folder / given).is_file():
        return folder / given
    hint = did_you_mean(given, known())
    raise ValueError(
        f"no scenario '{given}', and no file of that name in {folder}{hint}"
    )


def _design(
    given: object, check: ValidatorFunctionWrapHandler, info: ValidationInfo
) -> str | FilePath | Points | None:
    document: Any = info.context
    if given is None:
        return None
    if isinstance(given, str):
        return given if is_method(given) else _folder(document) / given
    if not isinstance(given, list):
        raise ValueError(f"needs lhs:N, sobol:N, a file or points, not {shown(given)}")
    if not given:
        raise ValueError("has no points")
    points = tuple(check(given))
    places = [document.values["design", i] for i in range(len(points))]
    rows = (f"{each.file}:{each.line}:{each.column}: design" for each in places)
    return Points(points, f"{places[0].file}: design", tuple(rows))


def _folder(document: Any) -> FilePath:
    return FilePath(document.values[()].file).parent


def _choice(given: object, info: ValidationInfo) -> Choice:
    chosen = choice(given if isinstance(given, list | str) else [given])
    if isinstance(chosen, Range) and not isinstance(info.data.get("design"), str):
        hint = f"{chosen} is for design: lhs:N or sobol:N"
        raise ValueError(f"needs FROM:TO:COUNT or a list; {hint}")
    return chosen


def _whole_from(least: int) -> PlainValidator:
    def whole(given: object) -> int | None:
        if given is None:
            return None
        is_number = isinstance(given, int | float) and not isinstance(given, bool)
        number: Any = given if is_number else math.nan
        if number % 1 == 0 and number >= least:
            return int(number)
        raise ValueError(f"needs a whole number from {least}, not {shown(given)}")

    return PlainValidator(whole)


def _precision(given: object, info: ValidationInfo) -> float | None:
    if given is None:
        return None
    if info.data.get("replicates") is not None:
        raise ValueError("replicates or precision, not both")
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise ValueError(f"needs a number, not {shown(given)}")
    try:
        check_precision(given)
    except UsageError as error:
        text = str(error).removeprefix("--precision ")
        raise ValueError(f"{text}, not {shown(given)}") from None
    return float(given)


def _words(given: object) -> str:
    if not isinstance(given, str):
        raise ValueError(f"needs text, not {shown(given)}")
    if odd := control_in(given):
        raise ValueError(odd)
    return given.strip()


_Point: TypeAlias = dict[str, Annotated[Setting, PlainValidator(setting_of)]]
_Count: TypeAlias = Annotated[int | None, _whole_from(1)]
_Words: TypeAlias = Annotated[str, PlainValidator(_words)]


class Experiment(BaseModel):
    """A checked experiment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scenario: Annotated[str | FilePath, PlainValidator(_scenario)]
    """id of a shipped scenario, or the path of a file beside this one"""
    design: Annotated[
        str | FilePath | Points | None,
        GetPydanticSchema(lambda _, handler: handler.generate_schema(list[_Point])),
        WrapValidator(_design),
    ] = None
    """lhs:N, sobol:N, a CSV file beside this one, or a list of points"""
    vary: dict[str, Annotated[Choice, PlainValidator(_choice)]] = {}
    """settings by path: FROM:TO:COUNT, a list, or FROM:TO to draw from"""
    set: dict[str, object] = {}
    """other values of the scenario, by path"""
    reference: dict[str, object] = {}
    """setting to compare with, by path; the first one if left out"""
    replicates: _Count = None
    """worlds of each cell"""
    precision: Annotated[float | None, PlainValidator(_precision)] = None
    """instead: half-width of the interval of the full truce share"""
    seed: Annotated[int | None, _whole_from(0)] = None
    """of all luck"""
    within_days: _Count = None
    """day by which a first truce counts"""
    input_sets: _Count = None
    """sets of inputs drawn from their low and high"""
    input_replicates: _Count = None
    """worlds of each cell and set of inputs"""
    question: _Words = ""
    """what is asked"""
    expect: _Words = ""
    """what theory leads one to expect, written before the sweep"""
    _document: Document

    def model_post_init(self, document: Document) -> None:
        """Remember where everything stands."""
        self._document = document

    @property
    def numbers(self) -> dict[str, float]:
        """Those of the numbers of a sweep that are given, by name."""
        words = {"scenario", "vary", "design", "set", "reference", "question", "expect"}
        return self.model_dump(exclude=words, exclude_none=True)

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
            for given, place in self._document.keys.items():
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

    Raises InputMissingError if it is not there or cannot be read, and ScenarioError
    with all its mistakes, each with file, line and column.
    """
    document = _read(file)
    problems = document.problems
    if not isinstance(document.data, dict):
        place = document.values.get((), Place(str(file), 1, 1, ""))
        shape = Problem((), "an experiment is a mapping of fields", place)
        raise report(problems or [shape])
    try:
        found = Experiment.model_validate(document.data, context=document)
    except ValidationError as error:
        problems = [*problems, *_located(error, document)]
    if problems:
        raise report(problems)
    return found


def _located(error: ValidationError, document: Document) -> Iterator[Problem]:
    for found in error.errors(include_url=False):
        path, places = found["loc"], document.values
        if found["type"] == "missing":
            text = "is missing"
        elif found["type"] == "dict_type":
            text = f"needs values by path, not {shown(found['input'])}"
        elif found["type"] == "extra_forbidden":
            text = f"unknown field{did_you_mean(path[-1], Experiment.model_fields)}"
            places = document.keys
        else:
            text = str(found["ctx"]["error"])
        yield Problem(path, text, places.get(path) or document.values[()])


def _read(file: FilePath) -> Document:
    try:
        return read(read_file(file, MAX_BYTES), str(file))
    except FileNotFoundError:
        raise InputMissingError(f"{file}: no such file{suggestion(file)}") from None
    except OSError as error:
        raise InputMissingError(f"{file} cannot be read: {error.strerror}") from None
