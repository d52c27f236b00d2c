"""Inputs that fit what happened: sets drawn, held against facts, and kept by weight."""

import hashlib
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.util import hash_pandas_object

from sim.analysis.inference.infer import FEWEST_EFFECTIVE, Inferred
from sim.analysis.inference.infer import infer as fit
from sim.analysis.inference.kept import Kept
from sim.analysis.inference.sets import space_of
from sim.api.result import Result, open_result, provenance
from sim.batch.commands import scenario_words
from sim.batch.manifest import model
from sim.batch.progress import Told
from sim.errors import UsageError
from sim.plots.provenance import Context
from sim.scenario.arguments import MOST_DAYS, day, option, place, whole
from sim.scenario.fact_file import Facts, load_facts
from sim.scenario.library import shipped_folder
from sim.scenario.load import Loaded, load

SETS, WORLDS, SEED, WITHIN_DAYS = 20_000, 32, 1, 90
DRAWN = 500  # sets that are kept, drawn by weight
TABLES = ("answer", "facts", "inputs", "shape")


@dataclass(frozen=True, eq=False)
class Inference(Result):
    """Which inputs fit the facts, and what they answer.

    `answer` has both headlines with free and with fitted inputs, `shape` how sets lie
    over them, `facts` one row a fact, `inputs` one row an input, `sets` the sets drawn
    by weight, from which other commands draw.
    """

    kind = "inference"
    figure = "inference"
    table_names = ("answer.csv", "facts.csv", "inputs.csv", "shape.csv", "sets.parquet")

    answer: pd.DataFrame = field(kw_only=True)
    facts: pd.DataFrame = field(repr=False, kw_only=True)
    inputs: pd.DataFrame = field(repr=False, kw_only=True)
    shape: pd.DataFrame = field(repr=False, kw_only=True)
    sets: pd.DataFrame = field(repr=False, kw_only=True)

    def context(self) -> Context:
        """Return what the caption of the figure says about the runs."""
        return self._context(replicates=self.manifest["worlds"])

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the sets as plain data: `infer --json`."""
        return {**super().to_dict(), **self.plain_tables(*TABLES)}

    @property
    def beside(self) -> list[dict[str, Any]]:
        """Rates that others give, as the file of facts has them."""
        return list(self.manifest["facts_file"]["beside"])

    def ranges(self) -> dict[str, list[float]]:
        """Return from where to where nine in ten sets that fit lie, by path."""
        table = self.inputs.set_index("path")
        ends = table[["posterior_5", "posterior_95"]].to_numpy(float).tolist()
        return dict(zip(table.index, ends, strict=True))

    def digest(self) -> dict[str, Any]:
        """Return what a sweep that draws from it keeps of it."""
        made = self.manifest
        names = ("command", "chance", "effective", "scenario_id")
        numbers = hash_pandas_object(self.sets, index=False).to_numpy()
        return {
            **{name: made[name] for name in names},
            "facts": len(self.facts),
            "sha256": hashlib.sha256(numbers.tobytes()).hexdigest(),
            "folder": self._called_in_commands(),
        }

    def _called_in_commands(self) -> str:
        """Return its folder, or its name if it is shipped; "" if it is nowhere."""
        if self.folder is None:
            return ""
        ours = self.folder.parent == shipped_folder() / "fitted"
        return self.folder.name if ours else str(self.folder)


def infer(
    scenario: str | Path | Loaded,
    *,
    facts: str | Path | Facts,
    out: str | Path | None = None,
    sets: int = SETS,
    worlds: int = WORLDS,
    seed: int = SEED,
    within_days: int = WITHIN_DAYS,
    until: str | date | None = None,
    score: bool = False,
    set: Mapping[str, object] | None = None,
    threads: int | None = None,
    progress: Told = None,
) -> Inference:
    """Find the inputs of a scenario that fit what happened.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before. Its inputs are
        the numbers with a `low` or `high`, as those of other scenarios that facts are
        about; those of the same path have the same place in their range.
    facts
        A file of facts, or the name of one that is shipped.
    out
        A folder in which what is finished is kept, so that a run that was stopped goes
        on; the result is not saved to it.
    sets
        Of inputs, from 16, drawn by Latin hypercube.
    worlds
        Of each set and scenario, from 2; all sets have the same luck.
    within_days
        The day by which a first full truce counts.
    until
        The decision day, up to which facts count. Default: the scenario's first day.
    score
        Let facts from after the decision day in: they carry no weight, and the
        table of facts says what the others expect of them.
    threads
        Default: all processors. The result does not depend on it.
    progress
        None tells how far it is where somebody sees it, on a terminal and in a
        notebook; False never does.

    Raises
    ------
    ScenarioError
        If the scenario or the facts have mistakes, or a bound of an input cannot be.
    InputMissingError
        If a file is not there.
    UsageError
        If a number is out of range, or a fact is from after the decision.
    """
    asked: dict[str, Any] = {
        "sets": whole("--sets", sets, 16),
        "worlds": whole("--worlds", worlds, 2),
        "seed": whole("--seed", seed),
        "within_days": whole("--within-days", within_days, 1, MOST_DAYS),
    }
    threads = None if threads is None else whole("--threads", threads, 1)
    base = load(scenario, set=set)
    told = facts if isinstance(facts, Facts) else load_facts(facts)
    last = base.scenario.start_date if until is None else day("--until", until)
    _refuse_later(base, told, last, score=score)
    space = space_of(
        base,
        told,
        seed=asked["seed"],
        worlds=asked["worlds"],
        within_days=asked["within_days"],
        until=last,
    )
    if until is not None:
        asked["until"] = str(last)
    about = {
        **provenance(base, seed=asked["seed"], command=_command(base, told, asked)),
        "model": model(),
        **asked,
        "score": score,
        "facts_file": told.content.model_dump(mode="json"),
        "scenarios": {name: each.hash for name, each in told.scenarios.items()},
    }
    keeper = None if out is None else Kept(place("--out", out), _identity(about))
    found = None
    try:
        found = fit(
            space,
            sets=asked["sets"],
            miscoded=told.content.miscoded,
            threads=threads,
            keeper=keeper,
            progress=progress,
        )
    finally:
        if keeper is not None:
            keeper.close(finished=found is not None)
    return _result(found, about)


def opened(inputs: str | Path | Inference, base: Loaded) -> Inference:
    """Return an inference, or that of a folder, of the same scenario as `base`.

    A name is that of one that is shipped, by its facts. UsageError if it is another
    kind of result, or of another scenario.
    """
    ours = None if isinstance(inputs, Result) else shipped_folder() / "fitted" / inputs
    if ours is not None and ours.parent.name == "fitted" and ours.is_dir():
        inputs = ours
    found = inputs if isinstance(inputs, Result) else open_result(inputs)
    if not isinstance(found, Inference):
        raise UsageError(
            f"--inputs {found.place}: is a {found.kind}; ceasefire infer SCENARIO "
            "--facts FILE --out DIR makes an inference"
        )
    of = found.manifest["scenario_id"]
    if of != base.scenario.id:
        raise UsageError(
            f"--inputs {found.place}: its inputs are those of {of}, not of "
            f"{base.scenario.id}"
        )
    return found


def shipped_for(base: Loaded) -> Inference | None:
    """Return the inference that is shipped of this very scenario, if there is one."""
    for folder in sorted((shipped_folder() / "fitted").glob("*")):
        found = open_result(folder)
        if (
            isinstance(found, Inference)
            and found.manifest["scenario_hash"] == base.hash
        ):
            return found
    return None


def _result(found: Inferred, about: dict[str, Any]) -> Inference:
    manifest = {
        **about,
        "inputs_in_all": len(found.space.paths),
        "chance": found.chance,
        "error": found.error,
        "effective": found.effective,
        "powers": list(found.powers),
        "fewest_effective": FEWEST_EFFECTIVE,
    }
    return Inference(
        manifest,
        answer=found.answer(),
        facts=found.facts(),
        inputs=found.inputs(),
        shape=found.shape(),
        sets=found.sets(DRAWN),
    )


def _refuse_later(base: Loaded, facts: Facts, until: date, *, score: bool) -> None:
    """Raise UsageError for facts from after the day on which it is decided."""
    late = [fact for fact in facts.content.facts if fact.date > until]
    if late and not score:
        first = until == base.scenario.start_date
        what = f", the first day of {base.scenario.id}" if first else ""
        raise UsageError(
            f"{late[0].id} is of {late[0].date}, after {until}{what}: which a "
            "forecast may not use. --score leaves such facts out and says how well "
            "the others predict them; --until DATE includes them"
        )


def _command(base: Loaded, facts: Facts, asked: Mapping[str, Any]) -> str:
    words = ["ceasefire", "infer", *scenario_words(base), "--facts", facts.name]
    for name, value in asked.items():
        words += [option(name), str(value)]
    return shlex.join([*words, "--out", "DIR"])


_NOT_IDENTITY = ("command", "note", "scenario_title", "called", "known")


def _identity(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has to be the same for chunks to belong to one inference."""
    return {name: each for name, each in about.items() if name not in _NOT_IDENTITY}
