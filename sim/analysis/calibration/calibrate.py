"""A scenario fitted to what was observed: its chip's regimes, and its front."""

from collections.abc import Sequence
from datetime import date

from sim.analysis.calibration.area_fit import ChipFit, fit_chip, usable
from sim.analysis.calibration.fitted import Calibration, Fitted
from sim.analysis.calibration.front_fit import LineFit, fit_line
from sim.analysis.calibration.profile_likelihood import Profile
from sim.errors import UsageError
from sim.scenario.land import LAND, Chip
from sim.scenario.load import Loaded
from sim.scenario.observations import Series
from sim.scenario.references import did_you_mean
from sim.scenario.schema import Scenario

LINE_WEEKS = 104  # two years: before that the front was another one


def calibrate(
    loaded: Loaded,
    observed: Sequence[Series],
    *,
    chip: str | None = None,
    first: date | None = None,
    last: date | None = None,
    line_weeks: int = LINE_WEEKS,
) -> Calibration:
    """Fit a scenario to tables of areas, one of its chip, one of its line, or both.

    Options and errors as `sim.calibrate`.
    """
    check_tables(observed, chip)
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
            line_fit, found = _line(loaded.scenario, seen, line_weeks)
        else:
            name = chip_named(loaded.scenario, chip)
            chip_fit, found = _chip(loaded.scenario.chips[name], name, seen)
        values += found
    found_all = Calibration(loaded, values, name, chip_fit, line_fit)
    _ = found_all.fitted  # is a scenario, or says why not
    return found_all


def check_tables(observed: Sequence[Series], chip: str | None) -> None:
    """Refuse two tables of a kind, and a chip that is named without a table of one."""
    for of_line in (True, False):
        same = [each.name for each in observed if bool(each.party) is of_line]
        if len(same) > 1:
            raise UsageError(f"two tables of the same kind: {', '.join(same)}")
    if chip is not None and all(each.party for each in observed):
        raise UsageError(f"chip {chip}: there is no table of a chip's areas")


def chip_named(scenario: Scenario, chip: str | None) -> str:
    """Return the chip that observations are about: the one asked for, or the only one.

    UsageError if it is not there, is no land with two regimes, or could be one of
    several.
    """
    two = [
        name
        for name, each in scenario.chips.items()
        if len(each.regimes) == 2 and each.unit == LAND
    ]
    if chip is None:
        if len(two) != 1:
            raise UsageError(
                f"{scenario.id} has {len(two)} chips of land with two regimes"
                + (f", {', '.join(two)}; --chip chooses" if two else "")
            )
        return two[0]
    if chip not in scenario.chips:
        raise UsageError(
            f"{scenario.id} has no chip {chip}{did_you_mean(chip, scenario.chips)}"
        )
    if chip not in two:
        raise UsageError(
            f"{chip} is not land with two regimes, and only that can be fitted"
        )
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
    floor, largest = chip.floor * chip.full, float(seen.area.max())
    if largest <= floor:
        raise UsageError(
            f"{seen.name}: the largest area is {largest:g} km2, and {name} is gone at "
            f"{floor:g} km2 ({chip.floor:.2g} of its peak): are these km2, of {name}?"
        )


def _chip(chip: Chip, name: str, seen: Series) -> tuple[ChipFit, list[Fitted]]:
    check_areas(chip, name, seen)
    series = usable(seen, chip.floor * chip.full)
    fit = fit_chip(series)
    slow, fast = slow_and_fast(chip)
    how = (
        f"Maximum likelihood of two regimes on {len(series)} observations with news, "
        f"{series.date(0)} to {series.date(len(series) - 1)}, {seen.column}."
    )
    values = []
    for pace, regime, other in (("slow", slow, fast), ("fast", fast, slow)):
        now = chip.regimes[regime]
        leaving = now.switch_per_week.get(other, 0.0)
        for quantity, path, before in (
            ("loss", "loss_per_week", now.loss_per_week),
            ("volatility", "volatility_per_week", now.volatility_per_week),
            ("leaving", f"switch_per_week.{other}", leaving),
        ):
            ends = fit.intervals[f"{quantity}_{pace}"]
            path = f"chips.{name}.regimes.{regime}.{path}"
            values.append(_fitted(path, ends, before, how))
    return fit, values


def _line(scenario: Scenario, seen: Series, weeks: int) -> tuple[LineFit, list[Fitted]]:
    front = scenario.front
    check_holder(scenario, seen.party)
    fit = fit_line(seen, weeks=weeks)
    moved = fit.changes
    of_mean, of_variance = moved.independent
    drift = fit.drift
    if seen.party != front.side:
        drift = Profile(-drift.estimate, -drift.high, -drift.low)
    record = (
        f"{len(moved)} changes over {moved.weeks.sum():.4g} weeks to "
        f"{seen.date(len(seen) - 1)} ({seen.column}). Successive changes are "
        f"correlated ({moved.autocorrelation:.2f}), so they count as"
    )
    values = [
        _fitted(
            "front.drift_km2_per_week",
            drift,
            front.drift_km2_per_week,
            f"Mean of {record} {of_mean:.1f} independent ones: standard error "
            f"{fit.error:.3g}. The effects of aid and chips are not removed.",
        ),
        _fitted(
            "front.volatility_km2_per_week",
            fit.volatility,
            front.volatility_km2_per_week,
            f"Standard deviation, for a week, of {record} {of_variance:.1f} "
            "independent ones.",
        ),
    ]
    return fit, values


def _fitted(path: str, ends: Profile, before: float, how: str) -> Fitted:
    """Round a value and its interval; an end that the data leave open is said to be."""
    value, low, high = (
        float(f"{end:.3g}") for end in (ends.estimate, ends.low, ends.high)
    )
    if ends.open_low or ends.open_high:
        where = "lower" if ends.open_low else "upper"
        how += f" The data give no {where} bound; this is the bound of the search."
    return Fitted(path, value, min(low, value), max(high, value), before, how)
