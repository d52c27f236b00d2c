"""Points of a sweep, and the cell they are compared with."""

import pytest

from sim.batch.design import grid
from sim.errors import ScenarioError, UsageError
from tests.batch.small import AREA, plan


def test_a_grid_has_every_combination_once():
    design = grid({"a": [1, 2, 3], "b": ["x", "y"]})
    assert len(design) == len(set(design.points)) == 6
    assert {point[0] for point in design.points} == {1.0, 2.0, 3.0}


def test_the_reference_is_the_first_setting_of_each_path():
    design = grid({"a": [3, 1], "b": ["y", "x"]})
    assert design.changes(design.reference) == {"a": 3.0, "b": "y"}


def test_another_reference_can_be_named_in_part():
    design = grid({"a": [3, 1], "b": ["y", "x"], "c": [0, 1]}, {"b": "x", "c": 1})
    assert design.changes(design.reference) == {"a": 3.0, "b": "x", "c": 1.0}


def test_nothing_varied_is_one_cell():
    design = grid({})
    assert (len(design), design.reference, design.changes(0)) == (1, 0, {})


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ({"a": 5}, "5 is not one of its settings, 1, 2"),
        ({"aa": 1}, "is not varied"),
        ({"a": [1]}, r"\[1\] is not one of its settings"),
    ],
)
def test_a_reference_that_is_no_cell_is_refused(reference, message):
    with pytest.raises(UsageError, match=message):
        grid({"a": [1, 2]}, reference)


def test_too_many_cells_are_refused_with_their_number():
    with pytest.raises(UsageError, match="1000 x 1000 settings are 1,000,000 cells"):
        grid({"a": range(1000), "b": range(1000)})


def test_every_mistake_of_every_cell_is_named_before_anything_runs():
    vary = {AREA: [100, 5000, 6000], "parties.russia.role": ["belligerent", "crowd"]}
    with pytest.raises(ScenarioError) as error:
        plan(vary=vary)
    text = str(error.value)
    assert "--vary: chips.kursk.area_km2: 5000 is above the peak" in text
    assert "6000 is above the peak" in text
    assert "'crowd' is not one of belligerent, patron" in text


def test_a_path_that_is_not_there_is_named_with_a_near_one():
    with pytest.raises(ScenarioError, match="area: unknown field; did you mean 'area_"):
        plan(vary={"chips.kursk.area": [1, 2]})


def test_rules_and_policies_may_vary_and_a_wrong_one_is_refused_in_its_cell():
    rules = ["scripted", "unconditional", "conditional", "best_response"]
    assert len(plan(vary={"aid.rule.name": rules}).cells) == 4
    with pytest.raises(ScenarioError, match="unconditionally"):
        plan(vary={"aid.rule.name": ["scripted", "unconditionally"]})


@pytest.mark.parametrize(
    ("numbers", "bound"),
    [
        ({"replicates": 0}, "at least 1"),
        ({"seed": -1}, "at least 0"),
        ({"seed": 2**63}, "at most"),
        ({"within_days": 0}, "at least 1"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers, bound):
    with pytest.raises(UsageError, match=bound):
        plan(**numbers)
