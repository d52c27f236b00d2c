"""Where the numbers of a lesson come from: the calculators, the first day, a sweep.

A source is one of

    {theory: fearon_range, p: 0.4, cA: 0.1, cB: 0.2}    as `ceasefire theory`
    {values: SCENARIO, vary: {...}, set: {...}}         as `ceasefire values`
    {sweep: experiment.yaml, set: {...}}                as `ceasefire sweep`
    {inference: march-2025, table: answer}              as `ceasefire infer`

An input or setting may be many, `FROM:TO:COUNT` or a list; of a theory all many run
side by side. `columns` names what the table and the text may use, with words; `derive`
adds to a theory what follows from its results; `facts` are values of the scenario by a
name. An inference is the shipped one of that name, or, with `sets` and `worlds`, one
that is run from the facts of that name; `varied` names the columns that tell its rows
apart, and `cumulate` adds running sums, as `..._so_far`.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import __version__
from sim.analysis.values import values
from sim.api.inference import infer
from sim.api.result import open_result
from sim.api.sweep import sweep
from sim.batch.experiment import read_experiment
from sim.batch.settings import parse_settings, settings
from sim.scenario.library import shipped_folder
from sim.scenario.load import Loaded, load
from sim.scenario.lookup import wording
from sim.theory.catalogue import calculate, find

# What an estimate brings along, if it was simulated.
WITH = ("", "_low", "_high", "_diff", "_diff_low", "_diff_high")


@dataclass(frozen=True)
class Source:
    """A table, the columns in it that vary, those that count; both with their words."""

    name: str
    table: pd.DataFrame
    varied: dict[str, str]
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
    results = [key for key in map(str, table) if key not in many]
    table[results] = table[results].astype(float)
    return Source(
        name,
        table,
        {each.name: each.meaning for each in model.inputs if each.name in [*many][:1]},
        told or dict(model.results),
        {f"in.{key}": float(value) for key, value in given.items() if key not in many},
        f"{model.name}, version {__version__}",
    )


def _values(name: str, given: dict[str, Any], _: Path) -> Source:
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
        {path: wording(path).label for path in varied},
        given["columns"],
        _facts(base, given),
        f"{base.scenario.id} on day 0, version {__version__}",
    )


def _sweep(name: str, given: dict[str, Any], folder: Path) -> Source:
    asked = read_experiment(folder / given["sweep"])
    base = load(asked.scenario, set={**asked.set, **given.get("set", {})})
    numbers: dict[str, Any] = dict(asked.numbers)
    vary: dict[str, Any] = dict(asked.vary)
    done = sweep(base, vary, reference=asked.reference, progress=False, **numbers)
    made = done.manifest
    single = {key: float(made[key]) for key in ("seed", "replicates", "within_days")}
    return Source(
        name,
        done.cells,
        {path: wording(path).label for path in done.paths},
        given["columns"],
        single | _facts(base, given),
        f"{base.scenario.id}, seed {made['seed']}, {made['replicates']:,} runs of each "
        f"setting, version {__version__}",
    )


def _inference(name: str, given: dict[str, Any], _: Path) -> Source:
    found: Any = open_result(shipped_folder() / "fitted" / given["inference"])
    if "sets" in given:
        asked = {"sets": given["sets"], "worlds": given["worlds"]}
        of = found.manifest["scenario_id"]
        found = infer(of, facts=given["inference"], progress=False, **asked)
    made = found.manifest
    table = getattr(found, given["table"]).copy()
    first, *_ = given["varied"]
    for column in given.get("cumulate", ()):
        table[f"{column}_so_far"] = table.groupby(first)[column].cumsum()
    numbers = ("chance", "error", "effective", "fewest_effective", "sets", "worlds")
    single = {key: float(made[key]) for key in numbers}
    single["steps"] = float(len(made["powers"]))
    single["inputs"] = float(len(found.inputs))
    single["facts"] = float(len(found.facts))
    single["identified"] = float(found.inputs["identified"].sum())
    return Source(
        name,
        table,
        dict(given["varied"]),
        given["columns"],
        single,
        f"{made['scenario_id']}, seed {made['seed']}, {made['sets']:,} sets of inputs, "
        f"{made['worlds']} worlds of each, version {__version__}",
    )


_KINDS = {
    "theory": _theory,
    "values": _values,
    "sweep": _sweep,
    "inference": _inference,
}


def _facts(base: Loaded, given: Mapping[str, Any]) -> dict[str, float]:
    """Return values of the scenario by the names that the lesson gives them."""
    flat = _flat(base.scenario.model_dump(mode="json"))
    return {
        name: float(flat[path if path in flat else f"{path}.value"])
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
