"""A sensitivity analysis: which assumptions move an outcome, run and summed up.

Three looks at the same inputs, each with its own samples: one input at a time from low
to high; a screening of all inputs wherever the others are; Sobol' indices of those
that stand out in either, with all others as one group, so that nothing is left out.
Nothing heavy is imported until it is used.
"""

import io
import json
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sim.analysis.morris import morris_design, screening, screening_table
from sim.analysis.outcomes import check_outcome, is_chance, measured
from sim.analysis.sobol import indices_table, rows_needed, sobol_design, sobol_indices
from sim.analysis.tornado import swings, swings_table
from sim.batch import intervals
from sim.batch.files import checksum, read_whole, sealed, together, unsealed
from sim.batch.inputs import check_inputs, impossible, number_at
from sim.batch.manifest import (
    ANSWER,
    SCHEMA_VERSION,
    assignments,
    model,
    scenario_name,
    versions,
)
from sim.batch.progress import Silent
from sim.batch.samples import Sample, all_inputs, run_samples, values_of
from sim.batch.tables import encode, read_table
from sim.errors import InputMissingError, UsageError
from sim.plots.figure import files_of
from sim.plots.provenance import Context
from sim.plots.sensitivity import sensitivity
from sim.scenario.arguments import MOST_DAYS, by_name, number, several, whole, word
from sim.scenario.load import Loaded, load

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.morris import Screening
    from sim.analysis.sobol import Indices
    from sim.batch.inputs import Input
    from sim.batch.intervals import Floats, Interval
    from sim.batch.progress import Progress
    from sim.plots.figure import Figure
    from sim.plots.provenance import Context


KIND = "sensitivity analysis"
OTHERS = "all others"
TABLES = ("tornado", "screening", "sobol")
DRIVERS_SAMPLES = "samples.parquet"
MANIFEST = "manifest.json"


@dataclass(frozen=True, eq=False)
class Drivers:
    """What moves an outcome.

    `manifest` is plain data and says what was asked. `tornado` has one row an input,
    largest first; `screening` likewise; `sobol` one row an input that was estimated by
    itself, and one for all others together; `samples` the inputs as used with the means
    of all outcomes, one row a set of inputs.
    """

    manifest: dict[str, Any] = field(repr=False)
    tornado: "pd.DataFrame"
    screening: "pd.DataFrame" = field(repr=False)
    sobol: "pd.DataFrame"
    samples: "pd.DataFrame" = field(repr=False)

    @property
    def is_wide(self) -> bool:
        """Whether an interval of a total index is wider than it should be."""
        advice = self.manifest["advice"]
        return bool(advice["widest"] > advice["width"])

    def context(self) -> "Context":
        """Return what the caption of the figure says about the runs."""
        made = self.manifest
        return Context(
            scenario_id=made["scenario_id"],
            scenario_title=made["scenario_title"],
            scenario_hash=made["scenario_hash"],
            seed=made["seed"],
            replicates=made["tornado_replicates"],
            version=made["versions"]["ceasefire-sim"],
            within_days=made["within_days"],
            command=made["command"],
        )

    def plot(self) -> "Figure":
        """Draw figure 7, `sensitivity`."""
        return sensitivity(
            self.tornado,
            self.sobol,
            self.context(),
            outcome=self.manifest["outcome"],
            estimate=self.manifest["estimate"]["estimate"],
            inputs_share=self.manifest["luck"]["inputs"]["estimate"],
            rows=self.manifest["samples"],
            rows_needed=self.manifest["advice"]["samples"] if self.is_wide else 0,
        )

    def plain(self) -> dict[str, Any]:
        """Return all of it but the samples as plain data: `sensitivity --json`."""
        tables: dict[str, Any] = {
            name: json.loads(getattr(self, name).to_json(orient="records"))
            for name in TABLES
        }
        return {**self.manifest, **tables}

    def save(self, folder: str | Path) -> None:
        """Write tables and figure; files of the same name are replaced.

        Raises
        ------
        InputMissingError
            If something cannot be written; what was there stays as it was.
        """
        folder, about = Path(folder), self._about()
        tables: dict[str, bytes] = {}
        for name in TABLES:
            table = getattr(self, name).assign(**about)
            text = table.to_csv(index=False, lineterminator="\n")
            tables[f"{name}.csv"] = text.encode()
        rows = pa.Table.from_pandas(self.samples, preserve_index=False)
        tables[DRIVERS_SAMPLES] = encode(rows, about)
        figure = files_of(self.plot(), folder / "figures", metadata=about)
        files = {name: checksum(content) for name, content in tables.items()}
        manifest = sealed({**self.manifest, "files": files})
        with together(folder) as put:
            for name, content in tables.items():
                put(folder / name, content)
            for path, content in figure.items():
                put(path, content)
            # Last: a folder with a manifest is complete.
            text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
            put(folder / MANIFEST, text)

    def _about(self) -> dict[str, str]:
        """Return what every file carries."""
        versions = self.manifest["versions"]
        kept = {name: versions[name] for name in ("numpy", "numba", "SALib")}
        return {**self.context().metadata(), **kept}


def files_in(folder: Path) -> list[Path]:
    """Return the files that `Drivers.save` writes to a folder."""
    names = [MANIFEST, *(f"{name}.csv" for name in TABLES), DRIVERS_SAMPLES]
    drawn = [f"figures/sensitivity.{each}" for each in ("svg", "pdf", "png", "csv")]
    return [folder / name for name in (*names, *drawn, "figures/sensitivity.txt")]


def is_sensitivity(folder: Path) -> bool:
    """Say whether a folder holds a sensitivity analysis; False if it cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("kind") == KIND


def open_drivers(folder: Path) -> Drivers:
    """Read a sensitivity analysis.

    Raises
    ------
    InputMissingError
        If there is none in the folder, or a file is missing or damaged.
    """
    if not is_sensitivity(folder):
        what = f"no sensitivity analysis in it ({MANIFEST})"
        raise InputMissingError(
            f"{folder}: {what if folder.is_dir() else 'no such folder'}"
        )
    manifest = unsealed(folder / MANIFEST)
    made_as = manifest["files"]
    tables = {}
    for name in TABLES:
        file = folder / f"{name}.csv"
        content = read_whole(file, made_as[file.name])
        try:
            # The engine that reads every digit, in all versions of pandas.
            table = pd.read_csv(io.BytesIO(content), engine="pyarrow")
        except ValueError as error:
            raise InputMissingError(f"{file} cannot be read: {error}") from None
        # What every file carries is in the manifest.
        at = list(table.columns).index("scenario") if "scenario" in table else None
        tables[name] = table[table.columns[:at]]
    samples = read_table(folder, DRIVERS_SAMPLES, manifest)
    del manifest["files"]
    return Drivers(manifest, samples=samples, **tables)


OUTCOME, SEED, WITHIN_DAYS = "full_truce_share", 1, 90
SAMPLES, REPLICATES, TRAJECTORIES, TORNADO, SINGLE = 1024, 16, 20, 2000, 12
WIDTH = 0.1  # of an interval of a total index that is narrow enough
_SHOWN = 10  # inputs of figure 7: each is estimated by itself


def sensitivity(
    scenario: str | Path | Loaded,
    *,
    outcome: str = OUTCOME,
    within_days: int = WITHIN_DAYS,
    seed: int = SEED,
    samples: int = SAMPLES,
    replicates: int = REPLICATES,
    trajectories: int = TRAJECTORIES,
    tornado_replicates: int = TORNADO,
    single: int = SINGLE,
    set: Mapping[str, object] | None = None,
    ranges: Mapping[str, Sequence[float]] | None = None,
    threads: int | None = None,
    progress: "Progress | None" = None,
) -> Drivers:
    """Find out which inputs of a scenario move an outcome.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before. Its inputs are
        the numbers with a `low` or `high`; `ranges` gives others, or other bounds.
    outcome, within_days
        A mean over worlds with the name it has in `cells.parquet`; the day by which a
        first truce counts.
    samples
        Rows of the Sobol' design, a power of 2 from 16: each is one sample for every
        input estimated by itself, and three more.
    replicates
        Worlds of each sample, from 2; those of a row have the same luck.
    trajectories
        Of the screening, from 2.
    tornado_replicates
        Worlds of each end of each input, one at a time.
    single
        Inputs with an index of their own, beside those of the tornado's first ten.
    threads
        Default: all processors. The result does not depend on it.

    Raises
    ------
    UsageError
        If a number is out of range, there is no such outcome, or no input.
    ScenarioError
        If the bounds of the inputs cannot be, all together or all but one. One that
        cannot be by itself is left out, as `left_out` of the manifest says.
    CheckFailedError
        If the outcome is NaN somewhere, or does not depend on the inputs.
    """
    asked: dict[str, Any] = {
        "outcome": word("--outcome", outcome),
        "within_days": whole("--within-days", within_days, 1, MOST_DAYS),
        "seed": whole("--seed", seed),
        "samples": whole("--samples", samples, 16),
        "replicates": whole("--replicates", replicates, 2),
        "trajectories": whole("--trajectories", trajectories, 2),
        "tornado_replicates": whole("--tornado-replicates", tornado_replicates, 2),
        "single": whole("--single", single, 1),
    }
    if asked["samples"] & (asked["samples"] - 1):
        raise UsageError(f"--samples is a power of 2 from 16, not {asked['samples']}")
    threads = None if threads is None else whole("--threads", threads, 1)
    wider = {
        path.removesuffix(".value"): _numbers(path, each)
        for path, each in by_name("ranges", ranges).items()
    }
    base = load(scenario, set=set)
    for path, numbers in wider.items():
        if number_at(base.scenario, tuple(path.split("."))) is None:
            load(base, set={path: numbers[0]})  # there is no such path, or nothing yet
    inputs = all_inputs(base, wider)
    # A bound that cannot be is one input less; without two there is nothing to tell.
    left_out = {
        path: why
        for path, why in impossible(base, inputs, {})
        if path and path not in wider
    }
    kept = tuple(each for each in inputs if each.path not in left_out)
    inputs = kept if len(kept) > 1 else inputs
    check_inputs(base, inputs)
    if len(inputs) < 2:
        raise UsageError(
            f"{base.scenario.id}: sensitivity needs two values with a low or high, "
            f"there {'is one' if inputs else 'is none'}"
        )
    return _Analysis(base, inputs, asked, left_out, threads, progress).run()


class _Analysis:
    """One analysis on its way."""

    def __init__(
        self,
        base: Loaded,
        inputs: "Sequence[Input]",
        asked: dict[str, Any],
        left_out: dict[str, str],
        threads: int | None,
        progress: "Progress | None",
    ) -> None:
        self.base, self.inputs, self.asked = base, inputs, asked
        self.left_out = left_out
        self.threads, self.told = threads, progress or Silent()
        self.names = [each.path for each in inputs]
        self.values = values_of(base, inputs)

    def run(self) -> Drivers:
        [(_, first)] = self._worlds([self.values], [range(1)])  # compiles, too
        check_outcome(self.asked["outcome"], first)
        each, single = self.asked["replicates"], max(self.asked["single"], _SHOWN)
        ahead = self.asked["tornado_replicates"] * (2 * len(self.inputs) + 1)
        ahead += self.asked["trajectories"] * each * (len(self.inputs) + 1)
        sobol = self.asked["samples"] * each
        self.told.start(ahead + sobol * (min(single + 1, len(self.inputs)) + 2), 0)
        self.told.begin()
        try:
            centre, tornado = self._tornado()
            screened = screening_table(self._screening())
            groups = self._groups(tornado, screened)
            # Fewer, if fewer than were asked for do anything.
            self.told.expect(ahead + sobol * (len({*groups.values()}) + 2))
            indices, samples = self._sobol(groups)
        finally:
            self.told.close()
        advice = {
            "width": WIDTH,
            "widest": indices.widest,
            "samples": rows_needed(indices, WIDTH),
        }
        luck = {
            name: getattr(indices.luck, name)._asdict()
            for name in ("variance", "inputs", "alone", "together")
        }
        manifest = {
            **self._about(),
            "estimate": centre._asdict(),
            "luck": luck,
            "advice": advice,
        }
        table = indices_table(indices, groups)
        return Drivers(manifest, tornado, screened, table, samples)

    def _tornado(self) -> "tuple[Interval, pd.DataFrame]":
        outcome, each = self.asked["outcome"], self.asked["tornado_replicates"]
        draws = [self.values]
        for one in self.inputs:
            draws += [{**self.values, one.path: end} for end in (one.low, one.high)]
        found = list(self._worlds(draws, [range(each)] * len(draws)))
        centre, *ends = (measured[outcome] for _, measured in found)
        pairs = zip(ends[::2], ends[1::2], strict=True)
        moved = dict(zip(self.names, pairs, strict=True))
        chance = is_chance(outcome)
        # As run: whole numbers and steps of the line are rounded.
        used = zip(found[1::2], found[2::2], strict=True)
        bounds = {
            path: (low[path], self.values[path], high[path])
            for path, ((low, _), (high, _)) in zip(self.names, used, strict=True)
        }
        table = swings_table(swings(centre, moved, chance=chance), bounds)
        if not chance:
            return intervals.mean(centre), table
        share = intervals.wilson(centre.sum(), centre.size)
        return intervals.Interval(*(float(number) for number in share)), table

    def _screening(self) -> "Screening":
        asked = self.asked
        design = morris_design(self.names, asked["trajectories"], asked["seed"])
        worlds = [measured[asked["outcome"]] for _, measured in self._blocks(design, 0)]
        shape = (*design.shape[:2], -1)
        return screening(
            self.names, design, np.array(worlds).reshape(shape), seed=asked["seed"]
        )

    def _groups(
        self, tornado: "pd.DataFrame", screened: "pd.DataFrame"
    ) -> dict[str, str]:
        """Return input -> itself, or the group of all others.

        By itself is estimated what figure 7 shows, and then what stands out in the
        screening, as far as it does anything.
        """
        alone = list(tornado.path[tornado["size"] > 0.0][:_SHOWN])
        acting = screened.path[screened.acted > 0]
        alone += [path for path in acting if path not in alone]
        kept = alone[: max(self.asked["single"], _SHOWN)] or self.names[:1]
        return {name: name if name in kept else OTHERS for name in self.names}

    def _sobol(self, groups: dict[str, str]) -> "tuple[Indices, pd.DataFrame]":
        asked = self.asked
        order, design = sobol_design(groups, asked["samples"], asked["seed"])
        rows, per_row, _ = design.shape
        worlds = np.empty((rows, per_row, asked["replicates"]))
        # Other luck than that by which the inputs were chosen.
        first = asked["trajectories"] * asked["replicates"]
        kept = []
        for at, (used, measured) in enumerate(self._blocks(design, first)):
            row, place = divmod(at, per_row)
            worlds[row, place] = measured[asked["outcome"]]
            if place in (0, per_row - 1):  # A and B: independent sets of inputs
                means = {name: float(each.mean()) for name, each in measured.items()}
                kept.append(used | means | {"replicates": asked["replicates"]})
        indices = sobol_indices(order, worlds, seed=asked["seed"])
        return indices, pd.DataFrame(kept)

    def _blocks(self, design: "Floats", first: int) -> "Iterator[tuple[Any, Any]]":
        """Run a design of numbers from 0 to 1, array (blocks, samples, inputs).

        The worlds of a block are the same replicates, those of the next block the next
        ones, counted from `first`.
        """
        each = self.asked["replicates"]
        blocks, size, _ = design.shape
        starts = range(first, first + blocks * each, each)
        replicates = [
            range(start, start + each) for start in starts for _ in range(size)
        ]
        return self._worlds(
            map(self._draw, design.reshape(-1, len(self.inputs))), replicates
        )

    def _worlds(
        self, draws: "Iterable[Mapping[str, float]]", replicates: "Iterable[range]"
    ) -> "Iterator[tuple[Any, Any]]":
        return run_samples(
            self.base,
            map(Sample, draws, replicates),
            partial(measured, within_days=self.asked["within_days"]),
            seed=self.asked["seed"],
            threads=self.threads,
            progress=self.told,
        )

    def _draw(self, unit: "Floats") -> dict[str, float]:
        return {
            each.path: float(each.low + part * (each.high - each.low))
            for each, part in zip(self.inputs, unit, strict=True)
        }

    def _bounds(self, one: "Input") -> tuple[float, float, float]:
        return one.low, self.values[one.path], one.high

    def _about(self) -> dict[str, Any]:
        scenario = self.base.scenario
        return {
            "schema_version": SCHEMA_VERSION,
            "kind": KIND,
            "note": ANSWER,
            "command": self._command(),
            "scenario_id": scenario.id,
            "scenario_title": scenario.title,
            "scenario_hash": self.base.hash,
            "versions": versions("SALib"),
            "model": model(),
            **self.asked,
            "inputs": {
                one.path: dict(
                    zip(("low", "value", "high"), self._bounds(one), strict=True)
                )
                for one in self.inputs
            },
            "left_out": self.left_out,
        }

    def _command(self) -> str:
        """Return the command that repeats the analysis."""
        words = ["ceasefire", "sensitivity", scenario_name(self.base)]
        for text in assignments(self.base):
            words += ["--set", text]
        for name, value in self.asked.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return shlex.join([*words, "--out", "DIR"])


def _numbers(path: str, given: object) -> list[float]:
    """Return the numbers of a range."""
    name = f"--range {path}"
    numbers = [number(name, each) for each in several(name, given)]
    if not numbers:
        raise UsageError(f"{name} needs its ends, and has no number")
    return numbers
