"""Figure 7: what it draws and says, for chances and for other means."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim.analysis.tornado import swings
from sim.plots.sensitivity import sensitivity
from tests.plots.pictures import close_greys, png, smallest_text, troubled_texts
from tests.plots.tables import CONTEXT

LUCK = np.random.default_rng(1).random(2000)
# Path -> its bounds with the scenario's own between, and the chance at either end.
INPUTS = {
    "parties.russia.belief.drift_km2_per_week": ((-60, -36, -15), (0.05, 0.99)),
    "chips.kursk.regimes.collapse.switch_per_week.lull": ((0.1, 0.3, 0.6), (0.6, 0.3)),
    "front.stake_km2": ((6000, 8000, 12000), (0.1, 0.55)),
    "parties.ukraine.bargaining_weight": ((0, 0, 0.3), (0.2, 0.4)),
    "discount_factor_per_week": ((0.96, 0.98, 0.99), (0.35, 0.3)),
    "front.volatility_km2_per_week": ((50, 61, 72), (0.32, 0.19)),
    "parties.russia.decision_noise_km2": ((1, 4, 16), (0.18, 0.25)),
    "truce.settlement_per_week": ((0.002, 0.01, 0.03), (0.19, 0.22)),
    "aid.lag_weeks": ((0, 0, 2), (0.2, 0.21)),
    "territory_flow": ((0.8, 1, 1), (0.205, 0.2)),
    "aid.level": ((0, 1, 1), (0.202, 0.2)),
    "front.held_km2": ((2800, 3200, 3600), (0.2, 0.2)),
}


def events(chance):
    return (chance > LUCK).astype(float)


def tables(count=None):
    some = dict(list(INPUTS.items())[:count])
    ends = {path: tuple(map(events, ends)) for path, (_, ends) in some.items()}
    bounds = {path: bounds for path, (bounds, _) in some.items()}
    tornado = swings(events(0.2), ends, bounds, chance=True)
    own = np.linspace(0.5, 0.0, len(tornado))
    sobol = pd.DataFrame(
        {
            "path": tornado.path,
            "inputs": 1,
            "first": own / 2,
            "first_low": own / 2 - 0.05,
            "first_high": own / 2 + 0.05,
            "total": own,
            "total_low": own - 0.04,
            "total_high": own + 0.06,
        }
    )
    rest = {"path": "all others", "inputs": 50, "total": 0.2}
    rest |= {"total_low": 0.15, "total_high": 0.25}
    return tornado, pd.concat([sobol, pd.DataFrame([rest])], ignore_index=True)


def drawn(tornado, sobol, outcome="full_truce_share"):
    return sensitivity(
        tornado,
        sobol,
        CONTEXT,
        outcome=outcome,
        estimate=0.2,
        inputs_share=0.68,
        rows=1024,
    )


@pytest.fixture(scope="module")
def figure():
    return drawn(*tables())


@pytest.mark.parametrize("count", [1, 3, len(INPUTS)])
def test_the_picture_is_whole_at_print_size(count):
    result = drawn(*tables(count))
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert close_greys(png(result.figure)) == []


def test_ten_inputs_are_shown_the_largest_first(figure):
    assert len(figure.table) == 10
    sizes = figure.table["size"].tolist()
    assert sizes == sorted(sizes, reverse=True)
    left, right = figure.figure.axes
    assert left.get_ylim() == right.get_ylim() == (9.5, -0.5)


def test_bars_are_grey_for_high_and_hatched_for_low_values(figure):
    bars = {bar.get_hatch(): [] for bar in figure.figure.axes[0].patches}
    for bar in figure.figure.axes[0].patches:
        bars[bar.get_hatch()].append(bar.get_width())
    assert bars.pop(None) == pytest.approx(figure.table.high_diff.tolist())
    [hatched] = bars.values()
    assert hatched == pytest.approx(figure.table.low_diff.tolist())


def test_an_index_that_may_be_0_is_lighter(figure):
    dots = [line for line in figure.figure.axes[1].lines if line.get_marker() == "o"]
    seen = {line.get_xdata()[0]: line.get_color() for line in dots}
    large, small = figure.table.total.iloc[0], figure.table.total.iloc[-1]
    assert figure.table.total_low.iloc[0] > 0 > figure.table.first_low.iloc[-1]
    assert seen[large] == "#222222"
    assert seen[figure.table["first"].iloc[-1]] == "#A6A6A6"
    assert small in seen


def test_the_caption_holds_the_numbers_of_the_table(figure):
    most = figure.table.iloc[0]
    numbers = (most.across_diff, most.across_diff_low, most.across_diff_high)
    assert (
        "paired difference {:.0f}, interval {:.0f} to {:.0f}".format(
            *(100 * number for number in numbers)
        )
        in figure.caption
    )
    assert f"({most.total:.2f})" in figure.caption
    assert "Of 12 inputs, 1 change nothing" in figure.caption
    assert "50 other inputs together have a total of 0.20 (0.15 to" in figure.caption
    assert "68 %" in figure.caption
    assert figure.caption.splitlines()[-1] == CONTEXT.last_line()


def test_the_alternative_text_has_the_numbers_and_is_short(figure):
    assert 40 <= len(figure.alt_text.split()) <= 90
    assert f"{figure.table.total.iloc[0]:.2f}" in figure.alt_text
    assert "from 20 of 100 runs" in figure.alt_text


def test_a_mean_is_not_called_a_count_of_runs():
    tornado, sobol = tables()
    result = drawn(tornado, sobol, outcome="payoff.russia_mean")
    assert "of 100 runs" not in result.caption + result.alt_text
    assert troubled_texts(result.figure) == []


def test_inputs_with_an_index_that_are_not_drawn_are_named():
    tornado, sobol = tables()
    sobol.loc[sobol.path == "front.held_km2", "total"] = 0.9
    assert "Not shown, although their total is not smaller: front line, km²." in (
        drawn(tornado, sobol).caption
    )


def test_nothing_to_draw_is_refused():
    tornado, sobol = tables()
    with pytest.raises(ValueError, match="no rows"):
        drawn(tornado.iloc[:0], sobol)


def test_the_footer_names_the_runs_of_the_bars():
    tornado, sobol = tables()
    context = dataclasses.replace(CONTEXT, replicates=300)
    result = sensitivity(
        tornado, sobol, context, outcome="truce_share", estimate=0.2,
        inputs_share=0.5, rows=64,
    )  # fmt: skip
    assert "300 pairs of runs" in result.caption
