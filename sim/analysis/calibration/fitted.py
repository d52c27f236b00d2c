"""What was fitted, and the scenario file that is written of it."""

import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.calibration.area_fit import ChipFit
from sim.analysis.calibration.front_fit import LineFit
from sim.analysis.calibration.profile_likelihood import CONFIDENCE
from sim.batch.files import together
from sim.errors import ScenarioError, UsageError, printable
from sim.scenario.load import Loaded, load, refuse_overwriting, resolve
from sim.scenario.observations import Series
from sim.scenario.yaml_file import quoted


@dataclass(frozen=True)
class Fitted:
    """A value of a scenario as fitted, with its interval, and what stood there."""

    path: str
    value: float
    low: float
    high: float
    before: float
    how: str


@dataclass(frozen=True)
class Calibration:
    """What was fitted, and the fits it comes from; `chip` is its name or ""."""

    loaded: Loaded = field(repr=False)
    values: list[Fitted]
    chip: str = ""
    chip_fit: ChipFit | None = None
    line_fit: LineFit | None = None

    @property
    def tables(self) -> list[Path]:
        """The files that were fitted to."""
        fits = (self.chip_fit, self.line_fit)
        return [fit.series.file for fit in fits if fit and fit.series.file]

    @property
    def fitted(self) -> Loaded:
        """The scenario with the fitted values; UsageError if there can be none."""
        return with_values(self.loaded, {each.path: each.value for each in self.values})

    @property
    def table(self) -> pd.DataFrame:
        """One row a value: `path`, `value`, `low`, `high`, `before`, `how`."""
        return pd.DataFrame([asdict(each) for each in self.values])

    def save(self, file: str | Path, *, command: str = "sim.calibrate") -> Loaded:
        """Write a scenario that extends the one fitted, and return it.

        A file of the same name is replaced once the new one, read back from the same
        folder, is the scenario that was fitted. `command` says in it how it was made.
        UsageError if the file is one that the fit has read, or the scenario was changed
        since it was read: a file that extends it would not keep the changes; or if what
        was fitted makes no scenario. InputMissingError if it cannot be written.
        """
        path = Path(file)
        refuse_overwriting([path], [*self.loaded.files, *self.tables])
        with together() as put:
            # Read where it is going to lie, before it takes the place of another.
            beside = put(path, overlay(self, path, command))
            try:
                there = load(beside)
            except ScenarioError as error:
                said = str(error).replace(str(beside), str(path))
                raise UsageError(f"{path} would be no scenario: {said}") from None
            if there.hash != self.fitted.hash:
                parent = self.loaded.files[-1]
                raise UsageError(
                    f"{parent} was changed since it was read; fit it again"
                )
        return replace(there, files=(*there.files[:-1], path))

    def to_dict(self) -> dict[str, Any]:
        """Return all that was fitted as plain data, as `calibrate --json` has it."""
        data: dict[str, Any] = {
            "confidence": CONFIDENCE,
            "values": {
                each.path: {
                    name: one for name, one in vars(each).items() if name != "path"
                }
                for each in self.values
            },
            "chip": None,
            "line": None,
        }
        if self.chip_fit is not None:
            fit = self.chip_fit
            blur = fit.intervals["blur"]
            data["chip"] = {
                "name": self.chip,
                **_about(fit.series),
                "blur": {"value": blur.estimate, "low": blur.low, "high": blur.high},
                "log_likelihood": fit.log_likelihood,
                "log_likelihood_of_one_regime": fit.one_regime,
                "chance_of_faster_regime_at_the_end": float(fit.state[1, 0]),
            }
        if self.line_fit is not None:
            line = self.line_fit
            data["line"] = {
                **_about(line.series),
                "weeks": float(line.changes.weeks.sum()),
                "changes": len(line.changes),
                "gain_km2_per_week": line.changes.gain,
                "standard_error_km2_per_week": line.error,
                "spread_km2_per_week": line.changes.spread,
                "autocorrelation": line.changes.autocorrelation,
                "spread_over_weeks": {
                    str(span): spread for span, spread in line.spread_over.items()
                },
            }
        return data


def with_values(loaded: Loaded, values: dict[str, float]) -> Loaded:
    """Return a scenario with other values by path; UsageError if it is none then."""
    try:
        return resolve(loaded, values)
    except ScenarioError as error:
        said = "; ".join(each.removeprefix("--set: ") for each in error.problems)
        raise UsageError(f"{loaded.scenario.id} with other values: {said}") from None


def _about(series: Series) -> dict[str, Any]:
    return {
        "table": series.name,
        "column": series.column,
        "observations": len(series),
        "first": series.date(0).isoformat(),
        "last": series.date(len(series) - 1).isoformat(),
    }


_LONGEST_ID, _ENDING = 64, "-calibrated"


def overlay(found: Calibration, file: Path, command: str) -> str:
    """Return the text of an overlay that is to stand in `file`.

    Each value has `low` and `high`, its interval at 90 %, the table as its source, and
    a note on how it was got. `command` repeats it all.
    UsageError if no relative path leads from the file to the scenario, or values of it
    were changed since it was read.
    """
    scenario = found.loaded.scenario
    kinds = [about.kind for about in found.loaded.sourced.annotations.values()]
    if "set" in kinds:
        raise UsageError(
            f"{file}: a file that extends {scenario.id} does not keep what was set: "
            "write that down first"
        )
    parent = found.loaded.files[-1]
    try:
        path = os.path.relpath(parent.resolve(), file.parent.resolve())
    except ValueError:  # another drive
        raise UsageError(f"{file}: no relative path leads to {parent}") from None
    notes = (
        f"Values fitted to observations by `{printable(command)}`; all others are "
        f"those of {scenario.id}. low and high are the interval of {CONFIDENCE:.0%}. "
        f"What the model answers is not a forecast."
    )
    lines = [
        f"# Fitted by: {printable(command)}",
        f"extends: {quoted(Path(path).as_posix())}",
        f"id: {quoted(scenario.id[: _LONGEST_ID - len(_ENDING)] + _ENDING)}",
        f"title: {quoted(f'Fitted to observations: {scenario.title}'[:200])}",
        f"notes: {quoted(notes)}",
    ]
    above: list[str] = []
    for value in found.values:
        steps = value.path.split(".")
        known = next(
            at for at, step in enumerate(steps) if [step] != above[at : at + 1]
        )
        if not known:
            lines.append("")
        lines += [f"{'  ' * at}{steps[at]}:" for at in range(known, len(steps))]
        fit = found.chip_fit if steps[0] == "chips" else found.line_fit
        table = fit.series.name if fit else ""
        lines += [f"{'  ' * len(steps)}{line}" for line in _value(value, table)]
        above = steps
    return "\n".join(lines) + "\n"


def _value(value: Fitted, table: str) -> list[str]:
    lines = [f"value: {value.value!r}", f"low: {value.low!r}", f"high: {value.high!r}"]
    how = f"{value.how} low and high: its interval at {CONFIDENCE:.0%}."
    source = f"observations in {printable(table)}"
    note = f"{how} Was {value.before:g}."
    return [*lines, f"source: {quoted(source)}", f"note: {quoted(note)}"]
