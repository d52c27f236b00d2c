"""A tournament: every pair of policies, one for each side, under the same luck."""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from sim.analysis.outcomes import happens
from sim.analysis.tournament import (
    MEDIAN,
    best_table,
    pairs_table,
    payoff_of,
    policy_of,
    read_aloud,
    stopped_most,
)
from sim.api.result import Result, provenance
from sim.batch.commands import scenario_words
from sim.batch.dask_executor import executor_of
from sim.batch.design import GRID, grid
from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.folder import Memory
from sim.batch.limits import check_fits
from sim.batch.plan import Plan
from sim.batch.players import BUILT_IN, Player, players
from sim.batch.policy_worlds import Policies, policy_worlds
from sim.batch.progress import Told
from sim.batch.runner import run
from sim.batch.tasks import Chunk, WorldChunk
from sim.batch.tasks import Result as Found
from sim.errors import UsageError
from sim.model.labels import labels_of
from sim.model.policies import Policy
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.tournament import MOST_IN_FIGURE
from sim.scenario.arguments import MOST_DAYS, whole
from sim.scenario.load import Loaded, load

REPLICATES, SEED, WITHIN_DAYS = 1000, 1, 90
MOST_REPLICATES = 100_000
_MADE = replace(GRID, source="--policies")  # so that errors name what was typed


@dataclass(frozen=True, eq=False)
class Tournament(Result):
    """Every pair of policies, one for each belligerent, under the same luck.

    `pairs` has one row a pair and `best` one row a party and policy of the other; their
    columns are those of `sim.analysis.tournament`.
    """

    kind = "tournament"
    figure = "tournament"
    table_names = ("pairs.csv", "best.csv")
    names_scenario = True

    pairs: pd.DataFrame = field(kw_only=True)
    best: pd.DataFrame = field(repr=False, kw_only=True)

    @property
    def parties(self) -> list[str]:
        """The belligerents, in alphabetical order."""
        return list(self.manifest["parties"])

    @property
    def policies(self) -> list[str]:
        """What the policies are called, in the order in which they were given."""
        return list(self.manifest["policies"])

    @property
    def read_aloud(self) -> list[str]:
        """Which policy does best against which, and where fighting stops, in words."""
        made, called = self.manifest, self.manifest["called"]["labels"]
        clause = happens(STOPPED, made["within_days"], made["horizon_days"])
        told = stopped_most(self.pairs, called, clause)
        return [*read_aloud(self.best, called), told]

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return which policy does best against which, and all pairs."""
        found = [*map(payoff_of, self.parties), BEGUN, STOPPED, MEDIAN]
        return self.read_aloud, self.pairs[[*map(policy_of, self.parties), *found]]

    @property
    def fits(self) -> bool:
        """Whether the figure has room for the policies."""
        return len(self.policies) <= MOST_IN_FIGURE

    def figures(self) -> list[Figure]:
        """Return the figure, if the policies fit."""
        return [self.plot()] if self.fits else []

    def context(self) -> Context:
        """Return what the caption of the figure says about the runs."""
        return self._context(
            replicates=self.manifest["replicates"],
            horizon_days=self.manifest["horizon_days"],
        )

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: `tournament --json`."""
        told = {"read_aloud": self.read_aloud}
        return {**super().to_dict(), **told, **self.plain_tables("pairs", "best")}

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Return the tournament that a folder keeps."""
        found = super().read(folder, manifest)
        # A text that is empty comes back as a number that is none.
        return replace(found, best=found.best.fillna({"as_good": ""}))


def tournament(
    scenario: str | Path | Loaded,
    policies: str | Iterable[str | Mapping[str, object] | Policy | type[Policy]] = (
        BUILT_IN
    ),
    replicates: int = REPLICATES,
    *,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    set: Mapping[str, object] | None = None,
    threads: int | None = None,
    progress: Told = None,
) -> Tournament:
    """Let every pair of policies meet, one for each belligerent, under the same luck.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    policies
        Two to twelve: names of built-in ones, mappings as in a scenario,
        `{"name": "conceder", "beta": 4}`, classes of your own as "FILE.py:CLASS",
        whose worlds are run by worker processes, or classes and objects, whose worlds
        are run one by one in this process. As one text, parted by commas. Default: the
        built-in ones.
    replicates
        Worlds of each pair, up to 100,000; replicate 17 has the same luck in all.
    within_days
        Day by which a first full truce counts.
    set
        Other values of the scenario, by path.
    threads
        Default: all processors. The result does not depend on it.
    progress
        None tells how far it is where somebody sees it, on a terminal and in a
        notebook; False never does.

    Raises
    ------
    UsageError
        If a number is out of range, or there is no such policy.
    PolicyError
        If a policy of your own is none, or fails.
    ScenarioError, InputMissingError
        As `load`; the latter also if there is no such file of a policy.
    CheckFailedError
        If worker processes were killed again and again.
    """
    base = load(scenario, set=set)
    replicates = whole("--replicates", replicates, 1, MOST_REPLICATES)
    seed = whole("--seed", seed)
    within_days = whole("--within-days", within_days, 1, MOST_DAYS)
    threads = None if threads is None else whole("--threads", threads, 1)
    playing = players(policies)
    parties = sorted(labels_of(base.scenario).sides)
    numbers = {"replicates": replicates, "seed": seed, "within_days": within_days}
    # A mistake in any of them shows before anything is run.
    plans = list(_plans(base, parties, playing, numbers))
    for plan, _ in plans:
        check_fits(plan, None, threads)
    rows, payoffs = {}, {}
    for plan, pairs in plans:
        kept = _Payoffs(plan, parties)
        with closing(executor_of(plan, threads=threads)) as executor:
            run(plan, kept, executor, progress=progress)
        for cell, pair in enumerate(pairs):
            rows[pair], payoffs[pair] = kept.rows[cell], kept.payoffs[cell]
    names = [each.name for each in playing]
    every = [(one, other) for one in names for other in names]
    about = {
        **provenance(base, seed=seed, command=_command(base, playing, numbers)),
        "replicates": replicates,
        "within_days": within_days,
        "horizon_days": base.scenario.horizon_days,
        "parties": parties,
        "policies": _described(base, playing),
    }
    return Tournament(
        about,
        pairs=pairs_table({pair: rows[pair] for pair in every}, parties),
        best=best_table({pair: payoffs[pair] for pair in every}, parties),
    )


class _Payoffs(Memory):
    """A sweep of which the payoffs stay, an array (cells, n_replicates, 2), km2."""

    def __init__(self, plan: Plan, parties: Sequence[str]) -> None:
        super().__init__()
        self._parties = parties
        self.payoffs = np.empty((len(plan.design), plan.replicates, len(parties)))

    def keep(self, chunk: Chunk, result: Found) -> None:
        """Keep the payoffs of a chunk."""
        if isinstance(chunk, WorldChunk) and isinstance(result, dict):
            some = slice(chunk.first, chunk.first + chunk.count)
            for seat, party in enumerate(self._parties):
                self.payoffs[chunk.cell, some, seat] = result[f"payoff.{party}"]
        super().keep(chunk, result)


def _plans(
    base: Loaded,
    parties: Sequence[str],
    playing: Sequence[Player],
    numbers: Mapping[str, int],
) -> Iterator[tuple[Plan, list[tuple[str, str]]]]:
    """Yield sweeps that together have every pair, and the pair of each cell.

    A sweep has the same policies of one's own in all cells; so each of them, and each
    pair of them, has a sweep, beside that of the scenario's policies.
    """
    built_in = [each for each in playing if each.own is None]
    sides = [
        *([built_in] if built_in else []),
        *([each] for each in playing if each.own),
    ]
    for first, second in product(sides, repeat=2):
        own: dict[str, str | Policy] = {}
        vary: dict[str, list[object]] = {}
        for party, some in zip(parties, (first, second), strict=True):
            for each in some:
                if each.own is not None:
                    own[party] = each.own
                elif each.setting is not None:
                    path = f"parties.{party}.policy"
                    vary.setdefault(path, []).append(each.setting)
        chosen = _chosen(own, base) if own else None
        plan = Plan(
            base,
            replace(grid(vary), made=_MADE),
            seed=numbers["seed"],
            replicates=numbers["replicates"],
            within_days=numbers["within_days"],
            policies=chosen,
            series_asked=0,
        )
        yield plan, [(one.name, other.name) for one in first for other in second]


def _chosen(own: Mapping[str, str | Policy], base: Loaded) -> Policies:
    """Return how worlds are run with policies of one's own; errors as `tournament`."""
    if len({isinstance(each, str) for each in own.values()}) > 1:
        raise UsageError(
            "--policies: those of your own are all given as FILE.py:CLASS, or all as "
            "classes and objects"
        )
    return policy_worlds(own, base.scenario.parties)


def _described(base: Loaded, playing: Sequence[Player]) -> dict[str, Any]:
    """Return by name what a policy is: its setting, or its class and file."""
    party = next(iter(base.scenario.parties))
    return {
        each.name: (
            each.setting.data
            if each.setting is not None
            else _chosen({party: each.own}, base).plain()[party]
            if each.own is not None
            else None
        )
        for each in playing
    }


def _command(
    base: Loaded, playing: Sequence[Player], numbers: Mapping[str, int]
) -> str:
    words = ["ceasefire", "tournament", *scenario_words(base)]
    words += ["--policies", ",".join(each.text for each in playing)]
    for name, value in numbers.items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    objects = [each.name for each in playing if isinstance(each.own, Policy)]
    remark = f"  # objects in place of their names: {', '.join(objects)}"
    return shlex.join(words) + (remark if objects else "")
