"""The scenarios shipped: each loads, and its numbers are those of the data."""

import csv
import os
import re
import subprocess
import sys

import pytest

from sim.errors import InputMissingError
from sim.scenario.find import find, shipped, shipped_folder
from sim.scenario.load import load
from sim.scenario.provenance import known_paths

LIGHT = """
import sys
from sim.scenario.find import shipped
from sim.scenario.load import load
from sim.scenario.provenance import known_paths
for name in shipped():
    known_paths(load(name))
heavy = {"numpy", "numba", "mesa", "scipy", "matplotlib", "pandas"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_loads_under_its_own_name(name):
    scenario = load(name).scenario
    assert scenario.id == name
    assert scenario.title


@pytest.mark.parametrize("name", shipped())
def test_no_line_is_longer_than_a_page_is_wide(name):
    text = shipped()[name].read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", shipped())
def test_every_number_that_is_not_sourced_gives_a_reason(name):
    loaded = load(name)
    structure = re.compile(
        r"step_days|negotiation\.offers\.\w+\.(duration_days|hand_back\.\w+|aid_freeze)"
    )
    bare = [
        path
        for path, known in known_paths(loaded).items()
        if known.annotation.kind == "assumption"
        and isinstance(known.value, int | float)
        and not known.annotation.note
        and not structure.fullmatch(path)
    ]
    assert bare == []


def test_the_flagship_has_the_values_of_the_models_documentation(flagship):
    scenario = flagship.scenario
    assert scenario.sides == ("ukraine", "russia")
    assert scenario.patron == "united_states"
    assert (scenario.front.line, scenario.front.steps) == (8, 20)
    assert scenario.parties["russia"].belief.win_probability == 0.41
    assert list(scenario.chips) == ["kursk"]
    assert set(scenario.negotiation.offers) == {
        "thirty_days",
        "thirty_days_back",
        "thirty_days_back_aid",
        "freeze",
    }
    [event] = scenario.timeline
    assert (event.offer, event.by) == ("thirty_days", "united_states")


@pytest.fixture(scope="module")
def held():
    """Observed area by day: confirmed, midpoint, upper bound."""
    file = shipped_folder() / "observed" / "kursk_held.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[0] == [
        "date",
        "confirmed_held_km2",
        "midpoint_km2",
        "upper_bound_km2",
    ]
    return {day: tuple(map(float, areas)) for day, *areas in rows[1:]}


def test_observed_days_are_in_order_and_end_with_the_scenario(held):
    days = list(held)
    assert days == sorted(set(days))
    assert (days[0], days[-1], len(days)) == ("2024-08-05", "2025-03-13", 211)
    for confirmed, midpoint, upper in held.values():
        assert 0 <= confirmed <= upper
        assert midpoint == pytest.approx((confirmed + upper) / 2, abs=0.11)


def test_the_flagships_areas_are_those_observed(flagship, held):
    known = known_paths(flagship)
    for path, day in (("area_km2", "2025-03-13"), ("peak_km2", "2024-09-06")):
        area = known[f"chips.kursk.{path}"]
        low, value, high = held[day]
        assert area.value == round(value)
        assert (area.annotation.low, area.annotation.high) == (round(low), round(high))
    assert max(midpoint for _, midpoint, _ in held.values()) == held["2024-09-06"][1]


def _loss_per_week(held, first, last, days):
    return 1 - (held[last][1] / held[first][1]) ** (7 / days)


def test_the_flagships_losses_are_those_observed(flagship, held):
    known = known_paths(flagship)

    def about(regime):
        return known[f"chips.kursk.regimes.{regime}.loss_per_week"]

    lull = _loss_per_week(held, "2024-10-01", "2025-02-28", 150)
    assert lull == pytest.approx(0.0295, abs=5e-5)
    assert about("lull").value == round(lull, 2)
    collapse = _loss_per_week(held, "2025-03-07", "2025-03-13", 6)
    assert collapse == pytest.approx(0.626, abs=5e-4)
    assert about("collapse").value == pytest.approx(collapse, abs=0.01)
    low = _loss_per_week(held, "2025-03-02", "2025-03-13", 11)
    assert about("collapse").annotation.low == round(low, 2)
    low = _loss_per_week(held, "2025-01-10", "2025-03-02", 51)
    assert about("lull").annotation.low == round(low, 3)
    high = _loss_per_week(held, "2024-10-01", "2025-01-31", 122)
    assert about("lull").annotation.high == round(high, 3)


def test_an_id_or_a_path_finds_a_scenario(tmp_path, monkeypatch, write):
    assert find("kursk-2025-03-13") == shipped()["kursk-2025-03-13"]
    write(name="mine.yaml")
    assert find(tmp_path / "mine.yaml") == tmp_path / "mine.yaml"
    monkeypatch.chdir(tmp_path)
    assert load("mine.yaml").scenario.id == "short"
    assert load(os.path.join(".", "mine.yaml")).scenario.id == "short"  # noqa: PTH118


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("kursk-2025-3-13", r"no scenario 'kursk-2025-3-13' in .*kursk-2025-03-13"),
        ("nothing_like_it", r"no scenario 'nothing_like_it'.*near names: kursk"),
        ("mne.yaml", r"mne\.yaml: no such file; near names: mine\.yaml"),
        ("kursk-2025-03-13.yml", r"no such file; near names: kursk-2025-03-13"),
        ("no/such/folder.yaml", r"no such file"),
        ("x" * 5000, r"no scenario"),
        ("x" * 5000 + ".yaml", r"no such file"),
        ("folder.yaml", r"a folder, not a file"),
        ("", r"no scenario ''"),
        ("a\0b.yaml", r"no such file"),
    ],
)
def test_what_is_missing_is_named_with_near_names(
    asked, expected, tmp_path, monkeypatch, write
):
    write(name="mine.yaml")
    (tmp_path / "folder.yaml").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputMissingError, match=expected):
        load(asked)


def test_reading_a_scenario_imports_nothing_heavy(checkout):
    subprocess.run([sys.executable, "-c", LIGHT], cwd=checkout, check=True, timeout=60)
