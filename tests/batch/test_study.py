"""A finished sweep: its table, its figure, and what it says was observed."""

import pandas as pd
import pytest

from sim import sweep
from sim.api.sweep import carry_out
from sim.api.sweep_result import Sweep, open_sweep
from sim.batch.commands import assignments
from sim.batch.estimates import HEADLINES
from sim.batch.manifest import command_of
from sim.errors import ScenarioError, UsageError
from sim.scenario.load import load
from tests.batch.small import AREA, plan

REGIME, AID = "chips.kursk.regime", "aid.level"


@pytest.fixture(scope="module")
def crossed():
    vary = {AREA: [0, 400, 800], REGIME: ["lull", "collapse"]}
    return carry_out(plan(vary=vary, reference={REGIME: "collapse"}), None)


def test_a_figure_shows_the_cells_in_which_one_path_varies():
    vary = {AREA: [0, 400, 800], "aid.level": [1, 0.5]}
    crossed = carry_out(plan(vary=vary), None)
    figure = crossed.plot("outcome_curve")
    shown = crossed.cells[crossed.cells["aid.level"] == 1]
    assert list(figure.table[AREA]) == [0.0, 400.0, 800.0]
    for name in HEADLINES:
        assert list(figure.table[name]) == list(shown[name])
    assert "aid level 1, seed" in figure.caption
    alone = carry_out(plan(), None).plot()
    assert "aid.level" not in alone.caption


def test_a_figure_has_a_line_for_each_of_a_few_words(crossed):
    table = crossed.plot("outcome_curve").table
    assert table[[REGIME, AREA]].to_numpy().tolist() == [
        [regime, area] for regime in ("lull", "collapse") for area in (0, 400, 800)
    ]
    kept = crossed.cells.set_index([REGIME, AREA])
    for name in HEADLINES:
        assert table.set_index([REGIME, AREA])[name].equals(
            kept.loc[list(zip(table[REGIME], table[AREA], strict=True)), name]
        )
    assert "regime" not in crossed.plot().caption.splitlines()[-1]


def test_sets_of_inputs_are_in_the_figure():
    found = carry_out(plan(input_sets=3, input_replicates=4), None)
    table = found.plot().table
    for name in HEADLINES:
        assert (table[f"{name}_inputs_sets"] == 3).all()
        assert table[f"{name}_inputs_low"].between(0, 1).all()


def test_what_was_observed_comes_with_its_source(crossed):
    observed = crossed.observed(AREA)
    assert (observed.midpoint_km2, observed.confirmed_held_km2) == (189.0, 152.0)
    assert observed.upper_bound_km2 == 227.0
    # An assumption with bounds was not observed; nor was a value set by hand.
    assert crossed.observed("truce.breakdown_per_week") is None
    by_hand = carry_out(plan(vary={AREA: [0, 5]}, set={AREA: 300}), None)
    assert by_hand.observed(AREA) is None


def test_a_figure_needs_a_number_that_varies(crossed):
    with pytest.raises(UsageError, match="did you mean 'outcome_curve'"):
        crossed.plot("outcome_curv")
    with pytest.raises(UsageError, match=f"{REGIME}: the figure needs a varied number"):
        crossed.plot(path=REGIME)
    words = carry_out(plan(vary={REGIME: ["lull", "collapse"]}), None)
    with pytest.raises(UsageError, match="there is nothing"):
        words.plot()


def test_a_setting_may_be_nothing(tmp_path):
    path = "negotiation.offers.thirty_days.duration_days"
    found = carry_out(plan(vary={path: [30, None], AREA: [0, 400]}), tmp_path)
    assert found.cells[path].isna().tolist() == [False, False, True, True]
    # Nothing cannot be drawn as a number; what is drawn keeps it at its reference.
    assert found.numeric_path() == AREA
    assert len(found.plot().table) == 2


def test_true_and_words_mixed_with_numbers_keep_their_kind(tmp_path):
    found = carry_out(plan(vary={"notes": ["a", "b"], "title": ["1", "2"]}), tmp_path)
    assert list(open_sweep(tmp_path).cells["title"]) == ["1", "2", "1", "2"]
    assert found.paths == ["notes", "title"]


def test_a_sweep_of_one_cell_is_a_sweep():
    found = carry_out(plan(vary={}), None)
    assert len(found.cells) == 1
    assert found.cells["held_km2_mean_diff"][0] == 0.0


def test_the_public_name_is_a_function_whatever_was_imported():
    assert callable(sweep)
    with pytest.raises(ScenarioError, match="did you mean"):
        sweep("kursk-2025-03-13", {"chips.kursk.area": [1, 2]}, 5)


@pytest.mark.parametrize(
    "changes",
    [
        {"aid.level": 0.5},
        {"chips.kursk.area_km2.value": 200},
        {"parties.russia.conditions": ["hand_back"]},
        {"parties.russia.cost_of_war_km2": {"value": 560, "private": [400, 720]}},
        {"chips.kursk.regime": "lull", "horizon_days": 30},
        {"negotiation.offers.freeze": {"offered_by": ["ukraine"], "line": "in_place"}},
        {"timeline": []},
    ],
)
def test_a_command_tells_what_was_changed(changes):
    from sim.cli.options import changes_of

    loaded = load("kursk-2025-03-13", set=changes)
    texts = list(assignments(loaded))
    again = load("kursk-2025-03-13", set=changes_of(texts))
    assert again.hash == loaded.hash
    bounds, bounds_again = (
        each.sourced.annotations.get(("chips", "kursk", "area_km2"))
        for each in (loaded, again)
    )
    assert (bounds.low, bounds.high) == (bounds_again.low, bounds_again.high)


def test_the_command_of_the_flagship_sweep_is_short():
    text = command_of(plan(vary={AREA: range(0, 1001, 100)}, set={}))
    assert text == (
        "ceasefire sweep kursk-2025-03-13 --set horizon_days=20 "
        f"--vary {AREA}=0:1000:11 --replicates 30 --seed 1 --within-days 15 --out DIR"
    )


def test_a_result_is_shown_without_its_manifest(crossed):
    assert isinstance(crossed, Sweep)
    assert "manifest" not in repr(crossed)
    assert isinstance(crossed.cells, pd.DataFrame)
