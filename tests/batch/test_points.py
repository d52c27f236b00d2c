"""Designs from points of Python, of a CSV file, of another sweep."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.api.sweep import carry_out
from sim.batch.design import Design
from sim.batch.designs import read_points
from sim.batch.manifest import command_of
from sim.errors import ScenarioError, UsageError
from tests.batch.small import AREA, plan

OFFER = "negotiation.offers.thirty_days"


def test_points_are_cells_in_their_order_and_the_first_is_the_reference():
    points = [{AREA: 800, "aid.level": 1}, {"aid.level": 0.5, AREA: 0}]
    design = plan(vary={}, design=points).design
    assert design.paths == (AREA, "aid.level")
    assert design.points == ((800.0, 1.0), (0.0, 0.5))
    assert design.reference == 0
    table = pd.DataFrame(points)
    assert plan(vary={}, design=table).design == design
    assert plan(vary={}, design=design).design == design


def test_an_array_without_names_is_no_design():
    with pytest.raises(UsageError, match="point 1: needs values by path"):
        plan(vary={}, design=np.zeros((3, 2)))


def test_the_reference_is_the_first_point_with_its_settings():
    points = [{AREA: 0, "aid.level": 1}, {AREA: 5, "aid.level": 0.5}]
    made = plan(vary={}, design=points, reference={"aid.level": 0.5}).design
    assert made.reference == 1
    with pytest.raises(UsageError, match=r"no point has aid\.level 2"):
        plan(vary={}, design=points, reference={"aid.level": 2})


def test_each_point_is_run_with_all_combinations_of_what_varies():
    points = [{AREA: 0}, {AREA: 5}]
    made = plan(vary={"aid.level": [1, 0.5]}, design=points).design
    assert made.points == ((0.0, 1.0), (0.0, 0.5), (5.0, 1.0), (5.0, 0.5))
    with pytest.raises(UsageError, match="to --design and to --vary"):
        plan(vary={AREA: [1]}, design=points)
    with pytest.raises(UsageError, match=r"0:1 is for --design lhs:N or sobol:N"):
        plan(vary={"aid.level": "0:1"}, design=points)


def test_whatever_a_scenario_says_may_vary_and_reaches_the_world():
    points = [
        {
            "start_date": date(2025, 3, 10),
            "timeline.0.date": date(2025, 3, 20),
            "step_days": 7,
            "parties.russia.policy": {"name": "conceder", "beta": 3},
            "parties.russia.conditions": ["aid_freeze"],
            f"{OFFER}.duration_days": None,
            f"{OFFER}.line": {"held_km2": 3600},
            f"{OFFER}.hand_back": {"kursk": 0.5},
            f"{OFFER}.offered_by": ["united_states", "ukraine"],
            "aid.rule": {"name": "best_response", "levels": [0, 1]},
            "negotiation.proposer_weights": {"ukraine": 1},
        }
    ]
    made = plan(vary={}, design=points, set={"horizon_days": 21})
    scenario = made.scenario(0).scenario
    offer = scenario.negotiation.offers["thirty_days"]
    assert scenario.timeline[0].date == date(2025, 3, 20)
    assert scenario.parties["russia"].policy.beta == 3
    assert (offer.duration_days, offer.line.held_km2) == (None, 3600.0)
    assert offer.offered_by == ("united_states", "ukraine")
    cells = carry_out(made, None).cells
    assert cells["parties.russia.policy"][0] == "{name: conceder, beta: 3}"
    # What a manifest holds is the same design again.
    assert Design.read(made.design.plain()) == made.design


def write(tmp_path, text):
    file = tmp_path / "points.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_of_points_may_have_comments_empty_lines_and_brackets(tmp_path):
    text = '\ufeffa, b\n# two points\n1, "[x, y]"\n\n2.5, null\n'
    found = read_points(write(tmp_path, text))
    assert [list(point) for point in found.points] == [["a", "b"]] * 2
    (one, listed), (other, nothing) = (point.values() for point in found.points)
    assert (one, listed.data, other, nothing) == (1.0, ["x", "y"], 2.5, None)
    assert [name.rpartition(":")[2] for name in found.rows] == ["3", "5"]


def test_lines_of_commas_and_blanks_are_empty_lines(tmp_path):
    # f26: that is how a spreadsheet writes them.
    text = ',\n , \na,b\n1,2\n,\n"",""\n  \n3,4\n,\n'
    found = read_points(write(tmp_path, text))
    assert [list(point.values()) for point in found.points] == [[1.0, 2.0], [3.0, 4.0]]
    assert [name.rpartition(":")[2] for name in found.rows] == ["4", "8"]
    for nothing in (",\n", "  \n,,\n"):
        with pytest.raises(ScenarioError, match="is empty; its first line names"):
            read_points(write(tmp_path, nothing))
    with pytest.raises(ScenarioError, match="has no points, only a header"):
        read_points(write(tmp_path, "a,b\n,\n"))


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", [": is empty; its first line names the columns"]),
        ("a,b\n", [": has no points, only a header"]),
        ("a;b\n1;2\n", [":1: columns must be separated by commas, not by semicolons"]),
        ("a,b\n1\n2,2,3\n", [":2: has 1 cell, the header 2", ":3: has 3 cells"]),
        ("a,,a\n1,2,3\n", [":1: column 2 has no name", ":1: the header has 'a' twice"]),
        (
            "a,b\n\n1,\n[,1\n.inf,2\n",
            [
                ":3: b: is empty; write null for nothing",
                ":4: a: not YAML",
                ":5: a: a setting is a finite number",
            ],
        ),
    ],
)
def test_mistakes_in_a_file_are_named_by_line(tmp_path, text, messages):
    file = write(tmp_path, text)
    with pytest.raises(ScenarioError) as error:
        read_points(file)
    problems = error.value.problems
    assert len(problems) == len(messages)
    for problem, message in zip(problems, messages, strict=True):
        assert problem.startswith(f"{file}{message}")


def test_a_point_that_makes_no_scenario_is_named_and_a_path_once(tmp_path):
    file = write(tmp_path, f"{AREA},aid.level\n0,1\n5000,1\n\n5,-2\n")
    with pytest.raises(ScenarioError) as error:
        plan(vary={}, design=file)
    assert list(error.value.problems) == [
        f"{file}:3: {AREA}: 5000 is above the peak, 1078 km2",
        f"{file}:5: aid.level: -2 is below 0",
    ]
    file.write_text("aid.levl\n1\n2\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        plan(vary={}, design=file)
    (only,) = error.value.problems
    assert only == f"{file}: aid.levl: unknown field; did you mean 'level'?"


def test_the_same_value_under_two_paths_is_refused():
    with pytest.raises(UsageError, match=r"are the same value"):
        plan(vary={AREA: [1, 2], f"{AREA}.value": [1, 2]})


def test_the_command_has_the_points_or_says_where_they_are():
    few = Design(("aid.level",), ((1.0,), (0.5,)), reference=1)
    words = command_of(plan(vary={}, design=few))
    assert "--design '[{aid.level: 1}, {aid.level: 0.5}]' --reference aid" in words
    many = Design((AREA,), tuple((i / 7,) for i in range(99)))
    assert command_of(plan(vary={}, design=many)).endswith(
        "--out DIR  # SWEEP: a folder of this sweep, for its points"
    )
    with pytest.raises(UsageError, match="has its own points and reference"):
        plan(design=few)


@pytest.mark.parametrize(
    "text", ["aid.level\n" + "1\n" * 20_001, f"{','.join(map(str, range(300)))}\n" * 2]
)
def test_more_points_or_paths_than_fit_are_refused_before_they_are_read(tmp_path, text):
    file = tmp_path / "d.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="at most 20,000 and 200 fit"):
        read_points(file)
