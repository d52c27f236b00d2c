"""Scenarios compared under the same luck, and two twin runs side by side.

This is where runs, their table, their figure and their twins meet. Nothing heavy is
imported until it is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.api import SCHEMA_VERSION, versions
from sim.compared import Compared
from sim.errors import ScenarioError, UsageError
from sim.given import MOST_DAYS, by_name, several, whole
from sim.scenario.load import Loaded, load
from sim.study import REPLICATES, SEED, WITHIN_DAYS

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.changes import Change
    from sim.analysis.compare import Setting
    from sim.analysis.twins import Parting
    from sim.plots.result import Figure

# Worlds whose records are in memory at once.
_AT_ONCE = 20_000
_MOST = 10_000_000
# Changed values that a label has room for.
_IN_LABEL = 2


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios, each compared with the first.

    `table` has one row a scenario (`sim.analysis.compare.comparison_table`), `changes`
    the values of each that are not those of the first.
    """

    scenarios: "tuple[Loaded, ...]" = field(repr=False)
    seed: int
    replicates: int
    within_days: int
    table: "pd.DataFrame"
    changes: "tuple[tuple[Change, ...], ...]" = field(repr=False)
    first_to_differ: tuple[int | None, ...] = field(repr=False, default=())

    def twins(self, row: int = 1, replicate: int = 0) -> "Parting":
        """Run one replicate of the first and of another row; tell where they part."""
        row = whole("row", row, 0, len(self.scenarios) - 1)
        replicate = whole("--replicate", replicate)
        from sim.analysis.replay import walk
        from sim.analysis.twins import parting

        first, other = (
            walk(self.scenarios[place], self.seed, replicate) for place in (0, row)
        )
        return parting(first, other)

    def plot(self, *, command: str = "") -> "Figure":
        """Return figure 9; `command` repeats it."""
        return self.finished(command).plot()

    def finished(self, command: str = "") -> Compared:
        """Return what a folder keeps of it; `command` repeats it."""
        asked = {
            "command": command,
            "seed": str(self.seed),
            "within_days": str(self.within_days),
            "version": __version__,
        }
        return Compared(self.table, asked, versions())

    def to_dict(self) -> dict[str, Any]:
        """Return all but twins as plain data: the object of `compare --json`."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        return {
            "schema_version": SCHEMA_VERSION,
            "version": __version__,
            "versions": versions(),
            "seed": self.seed,
            "replicates": self.replicates,
            "within_days": self.within_days,
            "rows": [
                {
                    **{str(name): value for name, value in row.items()},
                    "changes": [each.to_dict() for each in changes],
                    "first_replicate_that_ends_otherwise": differs,
                }
                for row, changes, differs in zip(
                    rows.to_dict("records"),
                    self.changes,
                    self.first_to_differ,
                    strict=True,
                )
            ],
        }


def compare(
    scenario: str | Path | Loaded,
    *others: str | Path | Loaded,
    changes: Sequence[Mapping[str, object]] = (),
    replicates: int = REPLICATES,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    threads: int | None = None,
) -> Comparison:
    """Compare scenarios under the same luck; the first is what others differ from.

    Replicate 17 has the same luck in all of them, so differences are taken run by run.

    Parameters
    ----------
    scenario, others
        Ids of shipped scenarios, paths of files, or scenarios loaded before.
    changes
        Each makes a row of its own: other values of `scenario`, by path, as in
        `[{"aid.level": 0.5}, {"chips.kursk.area_km2": 400}]`.
    within_days
        Day by which a first truce counts for the shares of truces.
    threads
        Default: all processors. The result does not depend on it.

    Raises
    ------
    UsageError
        If there is nothing to compare with, or a number is out of range.
    ScenarioError, InputMissingError
        As `load`.
    """
    replicates = whole("--replicates", replicates, 1, _MOST)
    seed = whole("--seed", seed)
    within_days = whole("--within-days", within_days, 1, MOST_DAYS)
    threads = None if threads is None else whole("--threads", threads, 1)
    made = [by_name("--set", each) for each in several("--set", changes)]
    if not others and not made:
        raise UsageError(
            "nothing to compare with: name another scenario, or a change (--set "
            "PATH=VALUE)"
        )
    first = load(scenario)
    scenarios = (
        first,
        *(load(other) for other in others),
        *(load(first, set=change) for change in made),
    )
    from sim.analysis.changes import changed_fields
    from sim.analysis.compare import comparison_table, first_to_differ

    changed = tuple(tuple(changed_fields(each, first)) for each in scenarios)
    rows = [
        _setting(loaded, first, told, replicates, seed, threads)
        for loaded, told in zip(scenarios, changed, strict=True)
    ]
    return Comparison(
        scenarios,
        seed,
        replicates,
        within_days,
        comparison_table(rows, within_days=within_days),
        changed,
        tuple(first_to_differ(each, rows[0]) for each in rows),
    )


def _setting(
    loaded: Loaded,
    first: Loaded,
    changes: "tuple[Change, ...]",
    replicates: int,
    seed: int,
    threads: int | None,
) -> "Setting":
    """Run one row."""
    import numpy as np

    from sim.analysis.compare import Setting, fighting_ends
    from sim.engine.run import simulate
    from sim.scenario.build import build, labels
    from sim.step.outcome import outcomes

    names = labels(loaded.scenario)
    try:
        params = build(loaded.scenario)
    except ScenarioError as error:
        raise ScenarioError(
            [f"{loaded.scenario.id}: {each}" for each in error.problems]
        ) from None
    parts, ends = [], []
    for start in range(0, replicates, _AT_ONCE):
        some = range(start, min(start + _AT_ONCE, replicates))
        worlds = simulate(params, seed=seed, replicates=some, threads=threads)
        parts.append(outcomes(worlds, float(params["lines"][0]), names))
        ends.append(fighting_ends(worlds, names))
    return Setting(
        _label(loaded, first, changes),
        loaded.scenario.id,
        loaded.hash,
        tuple(map(str, changes)),
        loaded.scenario.horizon_days,
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]},
        np.concatenate(ends),
    )


def _label(loaded: Loaded, first: Loaded, changes: "tuple[Change, ...]") -> str:
    """Name a row: the scenario if it is another one, and what is changed."""
    told = "; ".join(map(str, changes[:_IN_LABEL]))
    if len(changes) > _IN_LABEL:
        told = f"{len(changes)} values differ"
    if loaded.scenario.id == first.scenario.id:
        return told or loaded.scenario.id
    return f"{loaded.scenario.id} ({told or 'no value differs'})"
