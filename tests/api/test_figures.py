"""Figures asked of a sweep in memory and of a run: which worlds stand behind them."""

import numpy as np
import pytest

from sim import run, sweep
from sim.errors import UsageError

AREA = "chips.kursk.area_km2"


@pytest.fixture(scope="module")
def finished():
    return sweep(
        "kursk-2025-03-13", {AREA: [600, 200, 0], "aid.level": [0.0, 1.0]}, 20,
        set={"horizon_days": 30},
    )  # fmt: skip


def test_a_sweep_knows_the_cell_nearest_to_its_scenario(finished):
    cell = finished.cells.iloc[finished.own_cell]
    assert (cell[AREA], cell["aid.level"]) == (200, 1.0)
    area = finished.scenario(finished.own_cell).scenario.chips["kursk"].area_km2
    assert area == 200


def test_figures_of_runs_are_of_that_cell_and_say_so(finished):
    figure = finished.plot("outcome_dots")
    last = figure.caption.splitlines()[-1]
    assert "area of Kursk 200 km², aid level 1, seed 1, 100 runs" in last
    assert finished.scenario(finished.own_cell).hash[:12] in last


def test_survival_is_of_the_ends_and_the_middle_of_a_path(finished):
    figure = finished.plot("survival", path=AREA)
    assert list(figure.table.curve.unique()) == [
        f"Kursk held {km2} km²" for km2 in (0, 200, 600)
    ]
    assert "aid level 1," in figure.caption


def test_the_runs_of_a_figure_are_those_of_the_sweep(finished):
    kept = finished.cells.iloc[finished.own_cell].full_truce_share
    found = finished.plot("outcome_dots").table.head(20)
    assert np.isclose((found.day <= 90).mean(), kept)


def test_a_figure_that_there_is_not_is_named_with_a_near_one(finished):
    with pytest.raises(UsageError, match="did you mean 'fan_chart'"):
        finished.plot("fan_chat")
    world = run("kursk-2025-03-13")
    with pytest.raises(UsageError, match="did you mean 'bargaining_range'"):
        world.plot("bargainig_range")
