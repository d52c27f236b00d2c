"""The figure of a design that is no grid: a panel for each input, or a surface."""

import numpy as np
import pandas as pd
import pytest

from sim import plot
from sim.batch.estimates import BEGUN, HEADLINES, STOPPED
from sim.batch.intervals import wilson
from sim.plots.outcome_scatter import MOST_INPUTS, outcome_scatter
from tests.plots.pictures import smallest_text, troubled_texts
from tests.plots.tables import CONTEXT

PATHS = (
    "chips.kursk.area_km2",
    "aid.level",
    "parties.russia.belief.drift_km2_per_week",
    "truce.breakdown_per_week",
    "parties.ukraine.cost_of_war_km2",
    "front.volatility_km2_per_week",
)
RUNS = 200


def cells(inputs, count=80, slope=0.8):
    """Shares that rise along the first input, more for truces that begin."""
    draw = np.random.default_rng(5)
    table = pd.DataFrame(
        draw.uniform(0.0, 1.0, (count, inputs)), columns=PATHS[:inputs]
    )
    for headline, part in ((BEGUN, 1.0), (STOPPED, 0.5)):
        share = part * slope * table[PATHS[0]]
        found = wilson((share * RUNS).round(), RUNS)
        for name, values in zip(("", "_low", "_high"), found, strict=True):
            table[f"{headline}{name}"] = values
    table[PATHS[0]] *= 1000.0
    table["replicates"] = RUNS
    return table


def drawn(inputs, **more):
    return outcome_scatter(cells(inputs, **more), CONTEXT, PATHS[:inputs])


@pytest.mark.parametrize("inputs", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("slope", [0.0, 0.8])
def test_the_picture_is_whole_at_print_size_and_told_in_words(inputs, slope):
    result = drawn(inputs, slope=slope)
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 90
    assert result.caption.endswith(CONTEXT.last_line())
    assert "nan" not in result.caption + result.alt_text


@pytest.mark.parametrize(("inputs", "panels"), [(1, 2), (2, 2), (3, 6), (6, 8)])
def test_two_inputs_have_a_surface_and_others_a_panel_each(inputs, panels):
    result = drawn(inputs)
    assert len(result.figure.axes) == panels
    surfaces = [axes for axes in result.figure.axes if axes.images]
    assert len(surfaces) == (2 if inputs == 2 else 0)


def test_the_inputs_along_which_the_lines_move_most_are_shown():
    result = drawn(6)
    shown = [name for name in PATHS if name in result.table]
    assert len(shown) == MOST_INPUTS
    assert shown[0] == PATHS[0]
    assert "Not shown are 2 more inputs" in result.caption


def test_the_caption_tells_where_a_line_leads():
    told = drawn(3).caption
    assert "Kursk held, " in told
    for text in ("0 (", " to 80 (", "to 40 ("):
        assert text in told


def test_the_table_holds_each_dot():
    result, given = drawn(3), cells(3)
    for headline in HEADLINES:
        assert result.table[headline].tolist() == given[headline].tolist()


def test_of_a_scenario_two_ranges_are_drawn():
    table = plot("kursk-2025-03-13", "outcome_scatter").table
    assert len(table) == 64
    for path in PATHS[:2]:
        assert table[path].nunique() == 64


def test_too_few_settings_are_refused():
    with pytest.raises(ValueError, match="a smooth line needs"):
        drawn(3, count=7)
