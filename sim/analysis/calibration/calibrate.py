"""A scenario fitted to what was observed: its chip's regimes, and its front."""

import dataclasses
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.calibration.area_fit import ChipFit, fit_chip, usable
from sim.analysis.calibration.front_fit import LineFit, fit_line, step_that_fits
from sim.analysis.calibration.profile_likelihood import Profile
from sim.batch.files import together
from sim.errors import ScenarioError, UsageError, printable
from sim.scenario.land import Chip
from sim.scenario.load import Loaded, load, refuse_overwriting, resolve
from sim.scenario.observations import Series
from sim.scenario.references import did_you_mean
from sim.scenario.schema import Scenario
from sim.scenario.yaml_file import quoted

if TYPE_CHECKING:
    import pandas as pd


CONFIDENCE = 0.9
LINE_WEEKS = 104  # two years: before that the front was another one


@dataclass(frozen=True)
class Fitted:
    """A value of a scenario as fitted, with its interval, and what stood there."""

    path: str
    value: float
    low: float | None
    high: float | None
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
        """The scenario with the fitted values.

        Raises
        ------
        UsageError
            If there is no such scenario: a value is outside of what may be.
        """
        return _changed(self.loaded, {each.path: each.value for each in self.values})

    @property
    def table(self) -> "pd.DataFrame":
        """One row a value: `path`, `value`, `low`, `high`, `before`, `how`.

        `low` and `high` are NaN where a value was chosen and not fitted.
        """
        rows = pd.DataFrame([dataclasses.asdict(each) for each in self.values])
        return rows.astype({"low": float, "high": float})

    def save(self, file: str | Path, *, command: str = "sim.calibrate") -> Loaded:
        """Write a scenario that extends the one fitted, and return it.

        A file of the same name is replaced once the new one, read back from the same
        folder, is the scenario that was fitted. `command` says in it how it was made.

        Raises
        ------
        UsageError
            If the file is one that the fit has read, or the scenario was changed since
            it was read: a file that extends it would not keep the changes; or if what
            was fitted makes no scenario.
        InputMissingError
            If the file cannot be written.
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
                    "value": each.value,
                    "low": each.low,
                    "high": each.high,
                    "before": each.before,
                    "how": each.how,
                }
                for each in self.values
            },
            "chip": None,
            "line": None,
        }
        if self.chip_fit is not None:
            fit = self.chip_fit
            data["chip"] = {
                "name": self.chip,
                **_about(fit.series),
                "blur": _interval(fit.intervals["blur"]),
                "log_likelihood": fit.log_likelihood,
                "log_likelihood_of_one_regime": fit.one_regime,
                "chance_of_faster_regime_at_the_end": float(fit.state[1, 0]),
            }
        if self.line_fit is not None:
            line = self.line_fit
            data["line"] = {
                **_about(line.series),
                "weeks": line.weeks,
                "changes": line.changes,
                "gain_km2_per_week": line.gain,
                "spread_km2_per_week": line.spread,
                "autocorrelation": line.autocorrelation,
                "longest_step_km2": (
                    line.longest_step if math.isfinite(line.longest_step) else None
                ),
            }
        return data


def calibrate(
    loaded: Loaded,
    observed: Sequence[Series],
    *,
    chip: str | None = None,
    first: date | None = None,
    last: date | None = None,
    step_km2: float | None = None,
    line_weeks: int = LINE_WEEKS,
) -> Calibration:
    """Fit a scenario to tables of areas, one of its chip, one of its line, or both.

    Parameters
    ----------
    chip
        Which chip; needed where several have two regimes.
    first, last
        Days between which observations count, both included.
    step_km2
        Battle step to keep; default as `front_fit.step_that_fits`.

    Raises
    ------
    UsageError
        If a table does not fit the scenario, there are two of a kind, or too few
        observations.
    """
    check_kinds(observed)
    if step_km2 is not None:
        if not any(series.party for series in observed):
            raise UsageError("a battle step is for a table of the line; there is none")
        _changed(loaded, {"front.step_km2": step_km2})
    check_chip_asked(observed, chip)
    values: list[Fitted] = []
    name, chip_fit, line_fit = "", None, None
    for series in observed:
        seen = series.between(first, last)
        if len(seen) < 2:
            raise UsageError(
                f"{series.name}: no two observations in these days; it has "
                f"{len(series)}, {series.date(0)} to {series.date(len(series) - 1)}"
            )
        if series.party:
            line_fit, found = _line(
                loaded.scenario, seen, step_km2=step_km2, weeks=line_weeks
            )
        else:
            name = chip_named(loaded.scenario, chip)
            chip_fit, found = _chip(loaded.scenario.chips[name], name, seen)
        values += found
    found_all = Calibration(loaded, values, name, chip_fit, line_fit)
    _ = found_all.fitted  # is a scenario, or says why not
    return found_all


def _changed(loaded: Loaded, values: dict[str, float]) -> Loaded:
    try:
        return resolve(loaded, values)
    except ScenarioError as error:
        said = "; ".join(each.removeprefix("--set: ") for each in error.problems)
        raise UsageError(f"{loaded.scenario.id} with other values: {said}") from None


def check_kinds(observed: Sequence[Series]) -> None:
    """See to it that there is at most one table of a chip and one of the line."""
    for of_line in (True, False):
        same = [each.name for each in observed if bool(each.party) is of_line]
        if len(same) > 1:
            raise UsageError(f"two tables of the same kind: {', '.join(same)}")


def check_chip_asked(observed: Sequence[Series], chip: str | None) -> None:
    """See to it that a chip is named only if there is a table of one."""
    if chip is not None and all(each.party for each in observed):
        raise UsageError(f"chip {chip}: there is no table of a chip's areas")


def chip_named(scenario: Scenario, chip: str | None) -> str:
    """Return the chip that observations are about: the one asked for, or the only one.

    Raises
    ------
    UsageError
        If it is not there, has not two regimes, or could be one of several.
    """
    two = [name for name, each in scenario.chips.items() if len(each.regimes) == 2]
    if chip is None:
        if len(two) != 1:
            raise UsageError(
                f"{scenario.id} has {len(two)} chips with two regimes"
                + (f", {', '.join(two)}; --chip chooses" if two else "")
            )
        return two[0]
    if chip not in scenario.chips:
        raise UsageError(
            f"{scenario.id} has no chip {chip}{did_you_mean(chip, scenario.chips)}"
        )
    if chip not in two:
        raise UsageError(f"{chip} has not two regimes, which is what can be fitted")
    return chip


def slow_and_fast(chip: Chip) -> tuple[str, str]:
    """Return the names of a chip's two regimes, the one that loses less first."""
    slow, fast = sorted(chip.regimes, key=lambda name: chip.regimes[name].loss_per_week)
    return slow, fast


def check_holder(scenario: Scenario, party: str) -> None:
    """See to it that the party which holds an area is one of the two belligerents."""
    if party not in scenario.sides:
        raise UsageError(
            f"held_by_{party}_km2: {party} is not a belligerent of {scenario.id}"
            f"{did_you_mean(party, scenario.sides)}"
        )


def check_areas(chip: Chip, name: str, seen: Series) -> None:
    """See to it that some area is above that below which a chip counts as gone."""
    floor, largest = chip.floor * chip.peak_km2, float(seen.area.max())
    if largest <= floor:
        raise UsageError(
            f"{seen.name}: the largest area is {largest:g} km2, and {name} is gone at "
            f"{floor:g} km2 ({chip.floor:.2g} of its peak): are these km2, of {name}?"
        )


def _chip(chip: Chip, name: str, seen: Series) -> tuple[ChipFit, list[Fitted]]:
    check_areas(chip, name, seen)
    series = usable(seen, chip.floor * chip.peak_km2)
    fit = fit_chip(series, confidence=CONFIDENCE)
    names = dict(zip(("slow", "fast"), slow_and_fast(chip), strict=True))
    how = (
        f"Maximum likelihood of two regimes on {len(series)} observations with news, "
        f"{series.date(0)} to {series.date(len(series) - 1)}, {seen.column}."
    )
    values = []
    for pace, regime in names.items():
        other = names["fast" if pace == "slow" else "slow"]
        now = chip.regimes[regime]
        base = f"chips.{name}.regimes.{regime}"
        for quantity, path, before in (
            ("loss", "loss_per_week", now.loss_per_week),
            ("volatility", "volatility_per_week", now.volatility_per_week),
            (
                "leaving",
                f"switch_per_week.{other}",
                now.switch_per_week.get(other, 0.0),
            ),
        ):
            ends = fit.intervals[f"{quantity}_{pace}"]
            values.append(_fitted(f"{base}.{path}", ends, before, how))
    return fit, values


def _line(
    scenario: Scenario, seen: Series, *, step_km2: float | None, weeks: int
) -> tuple[LineFit, list[Fitted]]:
    front = scenario.front
    check_holder(scenario, seen.party)
    step = step_km2 or step_that_fits(
        seen,
        stake_km2=front.stake_km2,
        share=front.share,
        step_km2=front.step_km2,
        step_days=scenario.step_days,
        weeks=weeks,
    )
    fit = fit_line(
        seen,
        step_km2=step,
        step_days=scenario.step_days,
        weeks=weeks,
        confidence=CONFIDENCE,
    )
    how = (
        f"Mean {fit.gain:.3g} and spread {fit.spread:.3g} km2 a week of {fit.changes} "
        f"changes over {fit.weeks:.4g} weeks to {seen.date(len(seen) - 1)} "
        f"({seen.column}), a change going with the one before (correlation "
        f"{fit.autocorrelation:.2f})."
    )
    odds = fit.intervals["win_probability"]
    if seen.party == front.side:
        odds = Profile(
            1.0 - odds.estimate,
            1.0 - odds.high,
            1.0 - odds.low,
            open_low=odds.open_high,
            open_high=odds.open_low,
        )
    battles = fit.intervals["battles_per_week"]
    values = [
        _fitted("front.battles_per_week", battles, front.battles_per_week, how),
        _fitted("front.win_probability", odds, front.win_probability, how),
    ]
    if step != front.step_km2:
        why = (
            f"Steps of {front.step_km2:g} km2 cannot give these changes; those of "
            f"{fit.longest_step:.4g} or less can."
            if front.step_km2 > fit.longest_step
            else f"Steps of {front.step_km2:g} km2 cannot give these changes; those of "
            f"{fit.shortest_step:.4g} or more can."
        )
        values.insert(
            0, Fitted("front.step_km2", step, None, None, front.step_km2, why)
        )
    return fit, values


def _fitted(path: str, ends: Profile, before: float, how: str) -> Fitted:
    """Round a value and its interval; an end that the data leave open is said to be."""
    value, low, high = (
        float(f"{end:.3g}") for end in (ends.estimate, ends.low, ends.high)
    )
    if ends.open_low or ends.open_high:
        where = "lower" if ends.open_low else "upper"
        how += f" The data set no {where} end; it is that of the search."
    return Fitted(path, value, min(low, value), max(high, value), before, how)


def _about(series: Series) -> dict[str, Any]:
    return {
        "table": series.name,
        "column": series.column,
        "observations": len(series),
        "first": series.date(0).isoformat(),
        "last": series.date(len(series) - 1).isoformat(),
    }


def _interval(ends: Profile) -> dict[str, float]:
    return {"value": ends.estimate, "low": ends.low, "high": ends.high}


_LONGEST_ID, _ENDING = 64, "-calibrated"


def overlay(found: Calibration, file: Path, command: str) -> str:
    """Return the text of an overlay that is to stand in `file`.

    Each value has `low` and `high`, the profile interval at 90 %, where there is one,
    the table as its source, and a note on how it was got. `command` repeats it all.

    Raises
    ------
    UsageError
        If no relative path leads from the file to the scenario, or values of it were
        changed since it was read.
    """
    scenario = found.loaded.scenario
    kinds = [about.kind for about in found.loaded.parted.annotations.values()]
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
        f"those of {scenario.id}. low and high are the profile interval of "
        f"{CONFIDENCE:.0%}. What the model answers is not a forecast."
    )
    lines = [
        f"# Fitted by: {printable(command)}",
        f"extends: {quoted(Path(path).as_posix())}",
        f"id: {quoted(scenario.id[: _LONGEST_ID - len(_ENDING)] + _ENDING)}",
        f"title: {quoted(f'Fitted to observations: {scenario.title}'[:200])}",
        f"notes: {quoted(notes)}",
    ]
    tree: dict[str, Any] = {}
    for value in found.values:
        *above, name = value.path.split(".")
        block = tree
        for step in above:
            block = block.setdefault(step, {})
        block[name] = value
    tables = {
        "chips": found.chip_fit.series.name if found.chip_fit else "",
        "front": found.line_fit.series.name if found.line_fit else "",
    }
    for name, block in tree.items():
        lines += ["", f"{name}:", *_block(block, tables[name], "  ")]
    return "\n".join(lines) + "\n"


def _block(block: dict[str, Any], table: str, indent: str) -> list[str]:
    lines: list[str] = []
    for name, value in block.items():
        lines.append(f"{indent}{name}:")
        inner = f"{indent}  "
        if isinstance(value, Fitted):
            lines += [f"{inner}{line}" for line in _value(value, table)]
        else:
            lines += _block(value, table, inner)
    return lines


def _value(value: Fitted, table: str) -> list[str]:
    lines, ends = [f"value: {value.value!r}"], ""
    if value.low is not None and value.high is not None:
        ends = f" low and high: its profile at {CONFIDENCE:.0%}."
        lines += [f"low: {value.low!r}", f"high: {value.high!r}"]
    how = f"{value.how}{ends} Was {value.before:g}."
    source = f"observations in {printable(table)}"
    return [*lines, f"source: {quoted(source)}", f"note: {quoted(how)}"]
