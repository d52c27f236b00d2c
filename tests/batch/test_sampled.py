"""Points drawn by Latin hypercube and as a Sobol net."""

import warnings
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.api.sweep import carry_out
from sim.batch.designs import make_design
from sim.batch.inputs import inputs_of
from sim.batch.sampled import draw_sets
from sim.batch.settings import parse_vary
from sim.errors import UsageError
from sim.scenario.load import load
from sim.scenario.lookup import is_whole
from tests.batch.small import AREA, plan

FLAGSHIP = load("kursk-2025-03-13")
LEVEL, REGIME = "aid.level", "chips.kursk.regime"


def drawn(asked, vary, seed=1):
    return make_design(vary, asked, seed=seed)


@given(st.integers(1, 60), st.integers(0, 2**63 - 1))
def test_a_latin_hypercube_draws_once_from_each_part_of_each_range(count, seed):
    made = drawn(f"lhs:{count}", {AREA: "0:1000", LEVEL: "0.5:1.5"}, seed)
    for path, low, width in ((AREA, 0.0, 1000.0), (LEVEL, 0.5, 1.0)):
        places = (np.array(made.column(path)) - low) / width
        assert sorted(np.floor(places * count)) == list(range(count))


@pytest.mark.parametrize("power", [1, 3, 6])
def test_sobol_points_fill_every_box_of_the_same_size(power):
    count = 2**power
    made = drawn(f"sobol:{count}", {AREA: "0:1", LEVEL: "0:1"})
    points = np.array(made.points)
    for split in range(power + 1):
        boxes = np.floor(points * [2**split, 2 ** (power - split)])
        assert len(np.unique(boxes, axis=0)) == count
    assert made.made.note == ""


def test_other_numbers_of_sobol_points_say_what_is_lost():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = drawn("sobol:12", {AREA: "0:1"})
    assert len(made) == 12
    assert "less evenly than 8 or 16" in made.made.note
    assert made.points == drawn("sobol:16", {AREA: "0:1"}).points[:12]


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_points_follow_from_the_seed(method):
    vary = {AREA: "0:1000", REGIME: ["lull", "collapse"]}
    one, again, other = (drawn(f"{method}:8", vary, seed) for seed in (0, 0, 1))
    assert one.points == again.points
    assert one.points != other.points


def test_points_do_not_share_the_draws_of_input_sets():
    inputs = inputs_of(FLAGSHIP, ())[:1]
    (path, low, high), sets = (
        (inputs[0].path, inputs[0].low, inputs[0].high),
        draw_sets(inputs, sets=5, replicates=1, seed=1).draws[:, 0],
    )
    points = drawn("lhs:5", {path: f"{low!r}:{high!r}"}).column(path)
    assert not set(points) & set(sets)


def test_settings_of_a_list_are_drawn_as_often_as_each_other():
    made = drawn("lhs:12", {REGIME: "lull,collapse", LEVEL: "1,0.5,0"})
    for path, each in ((REGIME, 6), (LEVEL, 4)):
        column = made.column(path)
        assert {column.count(setting) for setting in set(column)} == {each}


def test_days_and_whole_numbers_are_drawn_whole_with_both_ends():
    duration = "negotiation.offers.freeze.duration_days"  # null in the flagship
    made = drawn("lhs:21", {duration: "10:30", "start_date": "2025-02-21:2025-03-13"})
    assert sorted(made.column(duration)) == list(range(10, 31))
    days = sorted(map(date.fromisoformat, made.column("start_date")))
    assert (days[0], days[-1]) == (date(2025, 2, 21), date(2025, 3, 13))
    assert len(set(days)) == 21


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("horizon_days", True),
        ("step_days.value", True),
        ("parties.russia.policy.deadline_days", True),
        ("parties.russia.policy.beta", False),
        ("parties.russia.cost_of_war_km2.value", False),
        ("timeline.3.aid_level", False),
        ("chips.anything.regimes.lull.switch_per_week.collapse", False),
    ],
)
def test_the_kind_of_a_number_is_that_of_its_field(path, whole):
    assert is_whole(path) is whole


def test_luck_of_a_drawn_cell_is_that_of_a_grid():
    made = plan(vary={AREA: "0:1000"}, design="lhs:3")
    (area, *_), *_ = made.design.points
    same = carry_out(plan(vary={AREA: [area]}), None).cells
    cells = carry_out(made, None).cells
    assert cells["payoff.russia_mean"][0] == same["payoff.russia_mean"][0]


def test_inputs_are_drawn_apart_in_every_design():
    made = plan(vary={AREA: "0:1000"}, design="sobol:4", input_sets=3)
    assert AREA not in {each.path for each in made.input_sets.inputs}
    same = plan(vary={AREA: [0, 1]}, input_sets=3).input_sets.draws
    np.testing.assert_array_equal(made.input_sets.draws, same)


@pytest.mark.parametrize(
    ("asked", "vary", "message"),
    [
        ("lhs:4", {}, "draws from --vary"),
        ("sobol:0", {AREA: "0:1"}, "1 to 20,000 points"),
        ("lhs:4", {AREA: "5:1"}, "FROM is below TO"),
        ("lhs:4", {AREA: "0:a"}, "numbers or dates"),
        ("lhs", {AREA: "0:1"}, "is not a file, and neither lhs:N nor sobol:N"),
    ],
)
def test_what_cannot_be_drawn_is_refused(asked, vary, message):
    with pytest.raises(UsageError, match=message):
        drawn(asked, vary)


def test_a_tuple_is_a_range_to_draw_from_and_a_list_a_list():
    def cells(values, design="lhs:8", path=AREA):
        vary = {path: values}
        return sim.sweep("kursk-2025-03-13", vary, 2, design=design).cells[path]

    assert cells((0, 1000)).tolist() == cells("0:1000").tolist()
    assert set(cells([0, 1000])) == {0.0, 1000.0}
    assert set(cells("0,1000")) == {0.0, 1000.0}
    assert cells((0, 1000), design=None).tolist() == [0.0, 1000.0]
    days = (date(2025, 3, 1), date(2025, 3, 13))
    assert cells(days, "lhs:40", "start_date").nunique() == 13
    words = ("lull", "collapse")
    assert set(cells(words, "lhs:4", "chips.kursk.regime")) == set(words)
    with pytest.raises(UsageError, match="FROM is below TO"):
        cells((1000, 0))


def test_a_list_typed_or_in_a_file_is_no_range_though_it_is_kept_as_a_tuple():
    path, typed = parse_vary("aid.level=1,0.5")
    assert set(plan(vary={path: typed}, design="lhs:8").design.column(path)) == {1, 0.5}


def test_an_array_has_a_dimension_for_each_path_of_a_grid():
    pytest.importorskip("xarray")
    grid = sim.sweep("kursk-2025-03-13", {AREA: [0, 400], "aid.level": [0, 1]}, 5)
    found = grid.to_xarray()["full_truce_share"]
    assert found.dims == (AREA, "aid.level")
    assert found.sel({AREA: 400, "aid.level": 1}) == grid.cells["full_truce_share"][3]


def test_what_is_no_grid_makes_no_array():
    spread = sim.sweep("kursk-2025-03-13", {AREA: (0, 400)}, 5, design="lhs:3")
    with pytest.raises(UsageError, match="needs a grid"):
        spread.to_xarray()
