"""Where the numbers of a lesson come from: the calculators, the first day, a sweep.

A source is one of

    {theory: fearon_range, p: 0.4, cA: 0.1, cB: 0.2}    as `ceasefire theory`
    {values: SCENARIO, vary: {...}, set: {...}}         as `ceasefire values`
    {sweep: experiment.yaml, set: {...}}                as `ceasefire sweep`

An input or setting may be many, `FROM:TO:COUNT` or a list; of a theory all many run
side by side. `columns` names what the table and the text may use; `derive` adds to a
theory what follows from its results; `facts` are values of the scenario by a name.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import __version__
from sim.batch.experiment import read_experiment
from sim.batch.settings import parse_settings, settings
from sim.scenario.load import Loaded, load
from sim.theory.catalogue import calculate, find

# What an estimate brings along, if it was simulated.
WITH = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")


@dataclass(frozen=True)
class Source:
    """A table, the columns in it that vary, those that count with their words."""

    name: str
    table: pd.DataFrame
    varied: list[str]
    columns: dict[str, str]
    single: dict[str, float]
    origin: str

    def setting(self, row: int) -> str:
        """Return what varies in a row, as names of numbers have it."""
        return ",".join(_short(self.table[path].iloc[row]) for path in self.varied)

    def numbers(self) -> dict[str, float]:
        """Return every number by a name: `SOURCE.SETTING.COLUMN`."""
        found = {f"{self.name}.{key}": value for key, value in self.single.items()}
        wanted = [f"{column}{end}" for column in self.columns for end in WITH]
        for row in range(len(self.table)):
            place = [self.name, *([self.setting(row)] if self.varied else [])]
            for column in wanted:
                value = self.table[column].iloc[row] if column in self.table else None
                if value is not None and np.isfinite(value):
                    found[".".join([*place, column])] = float(value)
        return found


def source_of(name: str, given: Mapping[str, Any], folder: Path) -> Source:
    """Compute a source of a lesson in `folder`."""
    kind = next((each for each in _KINDS if each in given), "theory")
    return _KINDS[kind](name, dict(given), folder)


def _theory(name: str, given: dict[str, Any], _: Path) -> Source:
    model = find(given.pop("theory"))
    told, derived = given.pop("columns", {}), given.pop("derive", {})
    many = {key: _many(value) for key, value in given.items() if _is_many(value)}
    rows = []
    for each in zip(*many.values(), strict=True) if many else [()]:
        inputs = given | dict(zip(many, each, strict=True))
        rows.append({key: inputs[key] for key in many})
        rows[-1] |= calculate(model.name, inputs).results
    table = pd.DataFrame(rows)
    for column, formula in derived.items():
        table[column] = table.eval(formula)
    # A result that does not exist is None, and a yes is a 1.
    results = [key for key in table if key not in many]
    table[results] = table[results].astype(float)
    return Source(
        name,
        table,
        list(many)[:1],
        told or dict(model.results),
        {f"in.{key}": float(value) for key, value in given.items() if key not in many},
        f"{model.name}, version {__version__}",
    )


def _values(name: str, given: dict[str, Any], _: Path) -> Source:
    from sim.analysis.values import values

    scenario, varied = given["values"], given.get("vary", {})
    rows = []
    for each in itertools.product(*(_many(value) for value in varied.values())):
        at = dict(zip(varied, each, strict=True))
        found = values(load(scenario, set={**given.get("set", {}), **at}))
        rows.append(at | _flat({key: found[key] for key in ("parties", "offers")}))
    base = load(scenario, set=given.get("set", {}))
    return Source(
        name,
        pd.DataFrame(rows),
        list(varied),
        given["columns"],
        _facts(base, given),
        f"{base.scenario.id} on day 0, version {__version__}",
    )


def _sweep(name: str, given: dict[str, Any], folder: Path) -> Source:
    from sim.api.sweep import sweep

    asked = read_experiment(folder / given["sweep"])
    base = load(asked.scenario, set={**asked.set, **given.get("set", {})})
    numbers: dict[str, Any] = dict(asked.numbers)
    done = sweep(base, asked.vary, reference=asked.reference, **numbers)
    made = done.manifest
    single = {key: float(made[key]) for key in ("seed", "replicates", "within_days")}
    return Source(
        name,
        done.cells,
        done.paths,
        given["columns"],
        single | _facts(base, given),
        f"{base.scenario.id}, seed {made['seed']}, {made['replicates']:,} runs of each "
        f"setting, version {__version__}",
    )


_KINDS = {"theory": _theory, "values": _values, "sweep": _sweep}


def _facts(base: Loaded, given: Mapping[str, Any]) -> dict[str, float]:
    """Return values of the scenario by the names that the lesson gives them."""
    flat = _flat(base.scenario.model_dump(mode="json"))
    return {
        name: float(flat.get(path, flat.get(f"{path}.value")))
        for name, path in given.get("facts", {}).items()
    }


def _flat(tree: Any, prefix: str = "") -> dict[str, Any]:
    """Return the leaves of a tree by path."""
    found: dict[str, Any] = {}
    pairs = enumerate(tree) if isinstance(tree, list) else tree.items()
    for key, value in pairs:
        is_tree = isinstance(value, dict | list)
        path = f"{prefix}{key}"
        found |= _flat(value, f"{path}.") if is_tree else {path: value}
    return found


def _is_many(value: object) -> bool:
    return isinstance(value, list) or (isinstance(value, str) and ":" in value)


def _many(value: Sequence[object] | str) -> list[Any]:
    found = parse_settings(value) if isinstance(value, str) else value
    return list(settings(found))


def _short(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)
