"""The design that was asked for, in whichever way."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from sim.errors import UsageError
from sim.given import several
from sim.scenario.schema import Scenario
from sim.scenario.yaml_reader import read_text
from sim.sweep.design import Design, grid
from sim.sweep.points import Points, design_of_sweep, listed, read_points
from sim.sweep.ranges import Range
from sim.sweep.sampled import METHODS, sampled
from sim.sweep.settings import Choice, choice

Asked: TypeAlias = str | Path | Design | Points | Iterable[Mapping[str, object]] | None
"""`lhs:N`, `sobol:N`, a CSV file, the folder of a sweep, points, or None for a grid."""

_METHOD = re.compile(rf"({'|'.join(METHODS)}):([0-9]+)")
_LIKE_METHOD = re.compile(r"[A-Za-z]+(:.*)?")


def is_method(text: str) -> bool:
    """Say whether a design is to be drawn, as `lhs:64` is."""
    return _METHOD.fullmatch(text.strip()) is not None


def make_design(
    scenario: Scenario,
    vary: Mapping[str, Iterable[object] | Range],
    asked: Asked = None,
    *,
    reference: Mapping[str, object] | None = None,
    seed: int,
) -> Design:
    """Return the design of a sweep.

    Without `asked` it is the grid of `vary`. Drawn points are drawn from `vary`; points
    that are given are each run with all combinations of it.

    Raises
    ------
    UsageError
        If it cannot be made.
    InputMissingError
        If a file is not there.
    ScenarioError
        With the mistakes in a CSV file, each with its line.
    """
    choices = {path: _choice(path, values) for path, values in vary.items()}
    if asked is None:
        return grid(choices, reference)
    if isinstance(asked, str) and (found := _METHOD.fullmatch(asked.strip())):
        if reference:
            text = "points are drawn, so none can be named; differences are from the"
            raise UsageError(f"--reference with --design {asked}: {text} first")
        method, count = found[1], int(found[2])
        return sampled(scenario, choices, method, count, seed=seed)
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
            raise UsageError(f"--design {asked}: is no file, and neither {known}")
        return read_points(path)
    # A table of pandas.
    if asked is not None and hasattr(asked, "columns") and hasattr(asked, "to_dict"):
        return listed(asked.to_dict("records"))
    return listed(asked or ())


def _choice(path: str, values: Iterable[object] | Range) -> Choice:
    if isinstance(values, Range):
        return values
    given = values if isinstance(values, str) else several(f"--vary {path}", values)
    try:
        return choice(given)
    except (ValueError, TypeError) as error:
        raise UsageError(f"--vary {path}: {error}") from None
