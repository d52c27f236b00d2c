"""What a world costs, on one thread, against horizon, offers, chips and worlds."""

from collections.abc import Callable, Sequence

import numpy as np
from made_scenarios import FEATURES, FLAGSHIP, with_chips, with_horizon, with_offers
from numpy.typing import NDArray
from rows import Row, Run, Taken, in_turns, timed
from sizes import Sizes
from war_values import WARS, FirstMorning

from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.state import SIDES
from sim.scenario.load import Loaded, load


def against_worlds(sizes: Sizes) -> list[Row]:
    """Measure worlds a second against how many there are."""
    params = build(load(FLAGSHIP).scenario)

    def run(worlds: int) -> Callable[[], Taken]:
        return lambda: timed(lambda: _simulated(params, worlds).size)

    first = f"{sizes.worlds[0]:,} worlds"
    runs = [
        Run(f"{many:,} worlds", "180 days", "worlds", run(many), first)
        for many in sizes.worlds
    ]
    return in_turns("worlds", runs, sizes.turns)


def against_features(sizes: Sizes) -> list[Row]:
    """Measure worlds a second of scenarios that ask for more than the flagship."""

    def run(scenario: str, changes: dict[str, object]) -> Callable[[], Taken]:
        params = build(load(scenario, set=changes).scenario)
        return lambda: timed(lambda: _simulated(params, sizes.few).size)

    first, size = next(iter(FEATURES)), f"{sizes.few:,} worlds"
    runs = [
        Run(what, size, "worlds", run(*each), first) for what, each in FEATURES.items()
    ]
    return in_turns("features", runs, sizes.turns)


def against_steps(sizes: Sizes) -> list[Row]:
    """Measure world-days a second against the days of the horizon."""
    return _days("steps", "days", sizes, sizes.horizons, with_horizon)


def against_offers(sizes: Sizes) -> list[Row]:
    """Measure world-days a second against the offers on the menu."""
    return _days("offers", "offers", sizes, sizes.offers, with_offers)


def against_chips(sizes: Sizes) -> list[Row]:
    """Measure world-days a second against the chips that are held."""
    return _days("chips", "chips", sizes, sizes.chips, with_chips)


def war_values(sizes: Sizes) -> list[Row]:
    """Measure values of war a second: one for each war and side."""
    morning = FirstMorning(build(load(FLAGSHIP).scenario))

    def run(*, together: bool) -> Callable[[], Taken]:
        def value() -> float:
            morning.value(sizes.wars, together=together)
            return SIDES * WARS * sizes.wars

        return lambda: timed(value)

    size, alone = f"{sizes.wars:,} x {WARS} wars x {SIDES}", "wars valued one by one"
    runs = [
        Run(alone, size, "values", run(together=False)),
        Run(
            "wars listed and valued together", size, "values", run(together=True), alone
        ),
    ]
    return in_turns("war values", runs, sizes.turns)


def _days(
    group: str,
    noun: str,
    sizes: Sizes,
    amounts: Sequence[int],
    scenario: Callable[[int], Loaded],
) -> list[Row]:
    def run(amount: int) -> Callable[[], Taken]:
        params = build(scenario(amount).scenario)
        return lambda: timed(lambda: float(_simulated(params, sizes.few)["step"].sum()))

    first, size = f"{amounts[0]} {noun}", f"{sizes.few:,} worlds"
    runs = [
        Run(f"{amount} {noun}", size, "world-days", run(amount), first)
        for amount in amounts
    ]
    return in_turns(group, runs, sizes.turns)


def _simulated(params: NDArray[np.void], worlds: int) -> NDArray[np.void]:
    return simulate(params, seed=1, replicates=range(worlds), threads=1)
