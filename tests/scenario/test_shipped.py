"""The scenarios that come along: each loads; the first case has the data's numbers."""

import csv
import os
import re
import subprocess
import sys

import pytest

from sim.errors import InputMissingError
from sim.scenario.library import find, history, known, shipped, shipped_folder
from sim.scenario.load import load
from sim.scenario.provenance import known_paths

LIGHT = """
import sys
from sim.scenario.library import known
from sim.scenario.load import load
from sim.scenario.provenance import known_paths
for name in known():
    known_paths(load(name))
heavy = {"numpy", "numba", "mesa", "scipy", "matplotlib", "pandas"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)
"""


@pytest.mark.parametrize("name", known())
def test_every_scenario_loads_under_its_own_name(name):
    scenario = load(name).scenario
    assert scenario.id == name
    assert scenario.title


@pytest.mark.parametrize("name", known())
def test_no_line_is_longer_than_a_page_is_wide(name):
    text = known()[name].read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("name", known())
def test_every_number_that_is_not_sourced_gives_a_reason(name):
    loaded = load(name)
    structure = re.compile(
        r"step_days|negotiation\.offers\.\w+\.(duration_days|hand_back\.\w+|aid_freeze)"
    )
    bare = [
        path
        for path, about in known_paths(loaded).items()
        if about.annotation.kind == "assumption"
        and isinstance(about.value, int | float)
        and not about.annotation.note
        and not structure.fullmatch(path)
    ]
    assert bare == []


def test_every_assumption_of_the_flagship_that_is_a_number_has_bounds(flagship):
    # What is looked at, the measure of the other weights, and the terms of offers as
    # they were named, are no guesses about the world.
    chosen = re.compile(
        r"horizon_days|step_days|negotiation\.proposer_weights\.united_states"
        r"|negotiation\.offers\.\w+\.(duration_days|hand_back\.\w+)"
    )
    known = known_paths(flagship)
    open_ended = [
        path
        for path, each in known.items()
        if each.annotation.kind == "assumption"
        and isinstance(each.value, int | float)
        and None in (each.annotation.low, each.annotation.high)
    ]
    assert [path for path in open_ended if not chosen.fullmatch(path)] == []
    assert len(open_ended) == 8


def test_the_flagship_has_the_values_of_the_models_documentation(flagship):
    scenario = flagship.scenario
    assert scenario.sides == ("ukraine", "russia")
    assert scenario.patron == "united_states"
    front, belief = scenario.front, scenario.parties["russia"].belief
    assert (front.held_km2, front.stake_km2) == (3200, 8000)
    assert (front.drift_km2_per_week, front.volatility_km2_per_week) == (-28, 61)
    assert (belief.drift_km2_per_week, belief.weight_weeks) == (-36, 80)
    assert list(scenario.chips) == ["kursk"]
    assert set(scenario.negotiation.offers) == {
        "thirty_days",
        "thirty_days_back",
        "thirty_days_back_aid",
        "freeze",
        "energy_truce",
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


@pytest.mark.parametrize(
    ("name", "what", "day", "bounds"),
    [
        ("kursk-2024-08-20", "area", "2024-08-20", ["low"]),
        ("kursk-2024-08-20", "peak", "2024-09-06", []),
        ("kursk-2025-03-03", "area", "2025-03-02", ["low", "high"]),
        ("kursk-at-its-peak", "area", "2024-09-06", ["low"]),
        ("kursk-at-its-peak", "peak", "2024-09-06", ["high"]),
    ],
)
def test_areas_and_those_bounds_that_are_observed(name, what, day, bounds, held):
    """The other bounds stop where a chip would exceed its peak."""
    known = known_paths(load(name))
    area = known[f"chips.kursk.{what}_km2"]
    low, value, high = map(round, held[day])
    assert area.value == value
    for bound in bounds:
        assert getattr(area.annotation, bound) == {"low": low, "high": high}[bound]
    assert "observed/kursk_held.csv" in area.annotation.source
    assert known["chips.kursk.regime"].value == "lull"


def test_the_peak_seen_from_august_reaches_to_the_largest_upper_bound(held):
    peak = known_paths(load("kursk-2024-08-20"))["chips.kursk.peak_km2"]
    assert peak.annotation.high == round(max(upper for *_, upper in held.values()))


@pytest.mark.parametrize("name", known())
def test_no_chip_exceeds_its_peak_wherever_within_low_and_high(name):
    loaded = load(name)
    known = known_paths(loaded)
    for chip, about in loaded.scenario.chips.items():
        area, peak = (known[f"chips.{chip}.{field}"] for field in about.pair)
        most = area.value if area.annotation.high is None else area.annotation.high
        least = peak.value if peak.annotation.low is None else peak.annotation.low
        assert most <= least


def test_in_august_and_september_2024_the_front_in_kursk_was_in_a_lull(held):
    assert held["2024-10-01"][1] > held["2024-08-20"][1]
    loss = _loss_per_week(held, "2024-09-06", "2024-10-01", 25)
    assert loss == pytest.approx(0.031, abs=5e-4)


def test_without_a_pause_the_area_falls_at_the_pace_of_the_lull(held):
    known = known_paths(load("aid-never-paused"))
    area = known["chips.kursk.area_km2"]
    loss = known["chips.kursk.regimes.lull.loss_per_week"].value
    assert area.value == round(held["2025-03-02"][1] * (1 - loss) ** (11 / 7))
    assert area.annotation.low == round(held["2025-03-13"][1])
    assert area.annotation.high == round(held["2025-03-02"][1])


def test_a_chip_across_the_border_mirrors_kursk_by_area():
    chips = load("sumy-opens").scenario.chips
    kursk, sumy = chips["kursk"], chips["sumy"]
    scale = sumy.peak_km2 / kursk.peak_km2
    ours, theirs = kursk.value_km2["ukraine"], kursk.value_km2["russia"]
    assert sumy.value_km2["russia"] == round(ours * scale, -1)
    assert sumy.value_km2["ukraine"] == round(theirs * scale, -1)
    assert sumy.drift_km2_per_week == round(kursk.drift_km2_per_week * scale)


COUNTERFACTUALS = {
    "no-incursion",
    "aid-never-paused",
    "aid-cut-for-good",
    "kursk-at-its-peak",
    "swap-offered",
    "strong-monitoring",
    "sumy-opens",
}


@pytest.mark.parametrize("name", sorted(COUNTERFACTUALS))
def test_a_counterfactual_extends_the_flagship_on_its_day(name, flagship):
    loaded = load(name)
    assert [file.stem for file in loaded.files] == ["kursk-2025-03-13", name]
    assert loaded.scenario.start_date == flagship.scenario.start_date
    assert loaded.scenario.front == flagship.scenario.front
    assert loaded.scenario.parties["russia"].belief == (
        flagship.scenario.parties["russia"].belief
    )
    assert loaded.hash != flagship.hash


@pytest.mark.parametrize("name", known())
def test_every_scenario_says_that_it_is_no_forecast(name):
    notes = load(name).scenario.notes
    assert "not a forecast" in notes
    assert "Illustrative values unless a source is given" in notes


def test_past_wars_are_told_apart_from_the_first_case():
    assert not shipped().keys() & history().keys()
    assert known() == shipped() | history()
    assert find("korea-1951") == shipped_folder() / "history" / "korea-1951.yaml"
    assert all("ukraine" in load(name).scenario.parties for name in shipped())
    assert not any("ukraine" in load(name).scenario.parties for name in history())


@pytest.mark.parametrize("name", history())
def test_a_past_war_has_sources_and_inputs_known_within_bounds(name):
    about = [each.annotation for each in known_paths(load(name)).values()]
    assert sum(each.kind == "sourced" for each in about) >= 3
    assert sum(each.low is not None for each in about) >= 20


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
        ("nothing_like_it", r"'nothing_like_it'.* of that name \(ceasefire list shows"),
        ("kursk", r"similar names: kursk-2024-08-20.*kursk-2025-03-13"),
        ("korae-1951", r"similar names: korea-1951 \("),
        ("mne.yaml", r"mne\.yaml: no such file; similar names: mine\.yaml"),
        ("kursk-2025-03-13.yml", r"no such file; similar names: kursk-2025-03-13"),
        ("no/such/folder.yaml", r"no such file"),
        ("x" * 5000, r"no scenario"),
        ("x" * 5000 + ".yaml", r"no such file"),
        ("folder.yaml", r"a folder, not a file"),
        ("", r"no scenario ''"),
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


def test_a_file_is_read_again_only_if_it_has_changed(tmp_path):
    parent, child = tmp_path / "parent.yaml", tmp_path / "child.yaml"
    parent.write_bytes(shipped()["kursk-2025-03-13"].read_bytes())
    child.write_text("extends: parent.yaml\nid: child\naid: {level: 0.5}\n")
    first = load(child)
    assert load(child) is first
    assert load(child, set={"aid.level": 2}).scenario.aid.level == 2.0
    assert load(child).scenario.aid.level == 0.5
    text = parent.read_text(encoding="utf-8")
    parent.write_text(text.replace("{value: 180,", "{value: 170,"), encoding="utf-8")
    assert load(child).scenario.horizon_days == 170
    child.unlink()
    with pytest.raises(InputMissingError):
        load(child)
