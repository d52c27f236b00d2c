"""Figures of many runs of a scenario: the runs are made again here, then drawn.

The plot functions run nothing; what they need of runs that a sweep has not kept day by
day is a matter of moments in the compiled loop.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.scenario.load import Loaded
from sim.scenario.names import did_you_mean

if TYPE_CHECKING:
    from sim.ensemble import Ensemble
    from sim.plots.context import Context
    from sim.plots.result import Figure

# How many runs stand behind each figure of runs.
RUNS = {
    "bargaining_range": 200,
    "kursk_fan": 1000,
    "outcome_dots": 100,
    "survival_of_fighting": 1000,
}


def draw_runs(
    name: str,
    scenarios: Mapping[str, Loaded],
    context: "Context",
    *,
    chip: str | None = None,
    collapse: bool = False,
    ringed: int | None = None,
) -> "Figure":
    """Draw a figure of `RUNS` from runs 0, 1, ... under the seed of the context.

    Parameters
    ----------
    name
        Which figure.
    scenarios
        By what each is called in the figure; all but `survival_of_fighting` show the
        first.
    context
        Of the first scenario; the number of runs is filled in here.
    chip
        Which land the fan is of; default: the first that is held at the start.
    collapse
        Whether survival shows the collapse of ceasefires too.
    ringed
        Replicate with a ring among the dots.

    Raises
    ------
    UsageError
        If the figure cannot show what is asked.
    """
    from sim.ensemble import Ensemble

    runs = RUNS[name]
    first, *more = scenarios
    shown = scenarios if name == "survival_of_fighting" else {first: scenarios[first]}
    ensembles = {
        each: Ensemble(loaded, context.seed, range(runs))
        for each, loaded in shown.items()
    }
    told = replace(
        context,
        replicates=runs,
        fewest=None,
        others={each: scenarios[each].hash for each in more if each in shown},
    )
    if name == "survival_of_fighting":
        return _survival(ensembles, told, collapse=collapse)
    ensemble = ensembles[first]
    if name == "kursk_fan":
        return _fan(ensemble, told, chip)
    if name == "outcome_dots":
        return _dots(ensemble, told, ringed)
    return _range(ensemble, told)


def chip_held(loaded: Loaded, chip: str | None = None) -> str:
    """Return a chip of a scenario: the one named, or the first held at the start.

    Raises
    ------
    UsageError
        If there is none.
    """
    chips = loaded.scenario.chips
    if not chips:
        raise UsageError(
            f"{loaded.scenario.id} has no land held outside the stake (chips)"
        )
    if chip is None:
        return next((name for name, each in chips.items() if each.area_km2 > 0.0),
                    next(iter(chips)))  # fmt: skip
    if chip not in chips:
        hint = did_you_mean(chip, chips) or f" ({', '.join(chips)})"
        raise UsageError(f"--chip {chip}: no such land{hint}")
    return chip


def _survival(
    ensembles: Mapping[str, "Ensemble"], context: "Context", *, collapse: bool
) -> "Figure":
    from sim.plots.survival_of_fighting import survival_of_fighting

    starts = {each.loaded.scenario.start_date for each in ensembles.values()}
    try:
        return survival_of_fighting(
            {name: each.runs for name, each in ensembles.items()},
            context,
            horizon_days={name: each.horizon for name, each in ensembles.items()},
            start=starts.pop() if len(starts) == 1 else None,
            collapse=collapse,
        )
    except ValueError as error:
        raise UsageError(f"survival_of_fighting: {error}") from None


def _fan(ensemble: "Ensemble", context: "Context", chip: str | None) -> "Figure":
    from sim.plots.kursk_fan import kursk_fan
    from sim.scenario.observed import observed_land

    chip = chip_held(ensemble.loaded, chip)
    return kursk_fan(
        ensemble.days,
        context,
        chip=chip,
        start=ensemble.loaded.scenario.start_date,
        observed=observed_land(chip),
    )


def _dots(ensemble: "Ensemble", context: "Context", ringed: int | None) -> "Figure":
    from sim.plots.outcome_dots import outcome_dots

    return outcome_dots(
        ensemble.runs,
        context,
        horizon_days=ensemble.horizon,
        start=ensemble.loaded.scenario.start_date,
        ringed=ringed,
    )


def _range(ensemble: "Ensemble", context: "Context") -> "Figure":
    from sim.analysis.ranges import range_of_runs
    from sim.plots.bargaining_range import bargaining_range_of_runs

    front, other = ensemble.loaded.scenario.sides
    return bargaining_range_of_runs(
        range_of_runs(ensemble.limits, front_side=front, other_side=other),
        context,
        front_side=front,
        other_side=other,
        start=ensemble.loaded.scenario.start_date,
    )
