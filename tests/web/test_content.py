"""What the page holds is what the sweep, its worlds and the Mesa model say."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from sim.api.run import run
from sim.api.sweep import sweep
from sim.batch.estimates import HEADLINES, events
from sim.errors import UsageError
from sim.model.engine import simulate
from sim.model.outcome import outcomes
from sim.model.stages.payoff_parts import PARTS
from sim.web import turns
from sim.web.cells import lines_along
from sim.web.content import (
    check_can_be_shown,
    content_of,
    plan_of,
    scenario_of_command,
)
from sim.web.days import days_of, series_of_sweep
from sim.web.story import PER_WORTH
from tests.web.conftest import AID, AREA, FLAGSHIP, unpacked


@pytest.mark.parametrize("name", HEADLINES)
def test_shares_are_those_of_the_cells(small_sweep, small_data, name):
    shares = small_data["cells"][name]
    assert shares == pytest.approx(list(small_sweep.cells[name]), abs=5e-5)


@pytest.mark.parametrize("name", HEADLINES)
def test_what_is_not_known_of_the_inputs_is_told_of_both_headlines(
    small_sweep, small_data, name
):
    sets = small_sweep.input_sets.pivot(index="input_set", columns="cell", values=name)
    unknown = small_data["unknown"]
    assert unknown["sets"] == 3
    assert unknown[name]["low"] == pytest.approx(list(sets.quantile(0.05)), abs=5e-5)
    for cell, line in enumerate(lines_along(small_sweep)[0]):
        rise = sets[line[-1]] - sets[line[0]]
        found = [int((rise > 0).sum()), int((rise < 0).sum())]
        assert unknown[name]["along"][0][cell] == found


def test_cells_are_all_combinations_the_last_input_fastest(small_sweep, small_data):
    first, second = (each["settings"] for each in small_data["inputs"])
    found = list(zip(small_sweep.cells[AREA], small_sweep.cells[AID], strict=True))
    assert found == [(a, b) for a in first for b in second]


def test_lines_rise_from_left_to_right_in_whatever_order_they_were_swept(small_sweep):
    lines = lines_along(small_sweep)
    aid = list(small_sweep.cells[AID])
    assert [aid[cell] for cell in lines[1][0]] == [0.5, 1.0]
    assert all(cell in lines[1][cell] for cell in range(6))


@pytest.mark.parametrize("name", HEADLINES)
def test_differences_along_a_line_are_paired_run_by_run(small_sweep, small_data, name):
    plan = plan_of(small_sweep)
    seen = []
    for index in range(6):
        cell = plan.cell(index)
        worlds = simulate(cell.params, seed=plan.seed, replicates=range(120))
        seen.append(events(outcomes(worlds, cell.labels), within_days=45)[name])
    for cell, line in enumerate(lines_along(small_sweep)[0]):
        expected = np.mean(seen[cell]) - np.mean(seen[line[0]])
        found = small_data["worlds"]["along"][name][0][cell][0]
        assert found == pytest.approx(expected, abs=5e-5)


def test_dots_know_which_pauses_have_ended(small_sweep, small_data):
    plan, worlds = plan_of(small_sweep), small_data["worlds"]
    for index in range(6):
        cell = plan.cell(index)
        found = outcomes(
            simulate(cell.params, seed=plan.seed, replicates=range(100)), cell.labels
        )
        begun, stopped = found["first_full_truce_day"], found["fighting_stopped_day"]
        told = unpacked(worlds["ends"]["begun"][index])
        np.testing.assert_array_equal(told, begun)
        kinds = [
            worlds["kinds"][int(kind)][0]
            for kind in unpacked(worlds["ends"]["kind"][index])
        ]
        paused = np.isfinite(begun) & ~np.isfinite(stopped)
        assert [kind == "pause" for kind in kinds] == paused.tolist()


def test_the_survival_curve_counts_runs_without_a_full_truce(small_sweep, small_data):
    worlds = small_data["worlds"]
    curves, ends = worlds["survival"]["surviving"], worlds["ends"]["kind"]
    for curve, kind in zip(curves, ends, strict=True):
        left = unpacked(curve)[-1] / 1000.0
        kinds = [worlds["kinds"][int(k)][0] for k in unpacked(kind)]
        assert len(kinds) == 100
        assert left <= 1.0
        # A run that is over has had its fighting stopped before.
        over = sum(kind not in ("war", "pause") for kind in kinds)
        assert over <= round((1.0 - left) * 120) + 1


def test_the_story_is_that_of_the_mesa_model(small_sweep, small_data):
    told = small_data["story"]
    cell = small_data["reference"]
    loaded = plan_of(small_sweep).scenario(cell)
    world = run(loaded, seed=1, replicate=told["replicate"])
    packed = {name: column[cell] for name, column in told["runs"].items()}
    log = [event for event in world.log if event["type"] != "battle"]
    types = [told["words"][int(place)] for place in unpacked(packed["type"])]
    assert types == [event["type"] for event in log]
    assert unpacked(packed["day"]) == [event["day"] for event in log]
    areas = [round(day["chips_km2"]["kursk"]) for day in world.days]
    assert unpacked(packed["chips_km2"]["kursk"]) == areas
    believed = [
        round(day["believed_reservation_value"]["ukraine"]) for day in world.days
    ]
    assert unpacked(packed["believed_least"]) == believed
    assert packed["end"] == [world.outcome["end"], world.outcome["defeated"]]
    assert packed["reasons"]
    for place, text in packed["reasons"].items():
        reason = log[place]["reason"]
        accept, fight_on, _, _, *parts = (each / PER_WORTH for each in unpacked(text))
        assert accept == pytest.approx(reason["accept"], abs=0.051)
        assert sum(parts) == pytest.approx(
            accept - fight_on, abs=0.05 * len(PARTS) + 0.1
        )


def test_days_of_the_fan_are_those_of_the_series(small_sweep, small_data):
    series = small_sweep.series
    rows = series[series["cell"] == 2]
    fan = small_data["days"]["fan"]["kursk"]
    expected = rows["chips_km2.kursk_before_truce_q50"].round()
    assert unpacked(fan["q50"][2]) == list(expected)
    dots = rows["chips_km2.kursk_before_truce_dots"].iloc[-1]
    assert unpacked(fan["dots"][2]) == [round(each) for each in dots]


def test_a_fan_that_nobody_is_left_in_has_no_dots(small_sweep):
    series = small_sweep.series.copy()
    dots = "chips_km2.kursk_before_truce_dots"
    last = series.groupby("cell").tail(1).index
    series.loc[last[0], dots] = None  # as a file has it
    series.at[last[1], dots] = [math.nan] * 20
    told = days_of(small_sweep, series, sides=("ukraine", "russia"), every=9)
    found = told["fan"]["kursk"]["dots"]
    assert [len(unpacked(each)) for each in found[:3]] == [0, 0, 20]


def test_a_sweep_without_series_is_run_day_by_day_for_the_page(small_sweep):
    bare = sweep(
        FLAGSHIP, {AREA: [400]}, replicates=40, set={"horizon_days": 30}, within_days=20
    )
    bare.manifest["series"] = 0
    plan = plan_of(bare)
    found = series_of_sweep(bare, plan)
    assert list(found["day"]) == list(range(-1, 30))
    assert found["runs"].iloc[0] == 40
    assert len(found["chips_km2.kursk_before_truce_dots"].iloc[-1]) == 20
    assert content_of(bare, worlds=40).with_days(7)["days"]["every"] == 7


def test_a_page_of_words_or_of_nothing_varied_can_be_made(monkeypatch):
    monkeypatch.setattr(turns, "MOST_BUILT", 0)
    found = content_of(
        sweep(
            FLAGSHIP,
            {"chips.kursk.regime": ["lull", "collapse"]},
            replicates=30,
            set={"horizon_days": 20},
            within_days=15,
        ),
        worlds=30,
        replicate=2,
    )
    (regime,) = found.data["inputs"]
    assert not regime["numeric"]
    assert regime["shown"] == ["lull", "collapse"]
    assert found.data["story"]["replicate"] == 2
    assert found.data["story"]["runs"]["turns"] == [{}, {}]


def changed(found, **manifest):
    return replace(found, manifest={**found.manifest, **manifest})


def test_what_is_no_full_grid_is_refused(small_sweep):
    design = small_sweep.manifest["design"]
    torn = {**design, "points": design["points"][:5]}
    with pytest.raises(UsageError, match="full grid"):
        check_can_be_shown(changed(small_sweep, design=torn))
    own = {"russia": {"class": "Patient"}}
    with pytest.raises(UsageError, match="--policy"):
        check_can_be_shown(changed(small_sweep, policies=own))


def test_settings_with_other_days_are_refused():
    found = sweep(FLAGSHIP, {"horizon_days": [20, 30]}, replicates=5, within_days=15)
    with pytest.raises(UsageError, match="must have the same days"):
        content_of(found)


def test_a_scenario_that_now_reads_otherwise_is_refused(small_sweep):
    with pytest.raises(UsageError, match="something else in this version"):
        plan_of(changed(small_sweep, scenario_hash="0" * 64))


def test_a_command_keeps_what_was_set_in_it():
    command = (
        "ceasefire sweep 'my war.yaml' --set a=1 --vary b=1,2 --set 'c=x y' # note"
    )
    assert scenario_of_command(command) == [
        "my war.yaml", "--set", "a=1", "--set", "c=x y",
    ]  # fmt: skip


def test_no_number_of_the_page_is_nan(small_data):
    def walk(value):
        if isinstance(value, dict):
            for each in value.values():
                yield from walk(each)
        elif isinstance(value, list):
            for each in value:
                yield from walk(each)
        else:
            yield value

    floats = [each for each in walk(small_data) if isinstance(each, float)]
    assert floats
    assert all(map(math.isfinite, floats))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "settings", "shown"),
    [
        # f05, r11: lists and mappings, as a slider names them.
        ("parties.russia.conditions", [[], ["hand_back"]], ["[]", "[hand_back]"]),
        (
            "negotiation.offers.thirty_days.line",
            [{"held_km2": 3200}, "in_place"],
            ["{held_km2: 3200}", "in_place"],
        ),
        ("negotiation.offers.thirty_days.duration_days", [30, None], ["30", "null"]),
    ],
)
def test_an_input_may_be_a_list_a_mapping_or_nothing(path, settings, shown):
    vary = {path: settings, AREA: [400, 0]}
    made = sweep(FLAGSHIP, vary, replicates=100, set={"horizon_days": 20}, series=10)
    data = content_of(made, worlds=100).with_days(1)
    first, second = data["inputs"]
    assert first["shown"] == shown
    assert (first["numeric"], first["order"], second["order"]) == (
        False,
        [0, 1],
        [1, 0],
    )
    # Text or a number, which JSON and a table have words for.
    assert all(isinstance(each, str | float | None) for each in first["settings"])
    assert lines_along(made) == [
        [[0, 2], [1, 3], [0, 2], [1, 3]],
        [[1, 0], [1, 0], [3, 2], [3, 2]],
    ]
    json.dumps(data, allow_nan=False)


def test_sets_that_fit_the_record_are_told_apart_from_all(tmp_path):
    swept = sweep(
        FLAGSHIP,
        vary={AREA: [0, 400], AID: [1, 0.5]},
        replicates=10,
        inputs="march-2025",
        input_sets=4,
        input_replicates=6,
        out=tmp_path / "swept",
    )
    data = content_of(swept, worlds=12).with_days(1)
    sets = swept.input_sets
    for name, fitted in (("unknown", False), ("fitted", True)):
        found, own = data[name], sets[sets["fitted"] == fitted]
        assert found["sets"] == 4
        by_cell = own.groupby("cell")["full_truce_share"].mean()
        mean = found["full_truce_share"]["mean"]
        assert mean == pytest.approx(list(by_cell), abs=5e-5)
    assert data["fitted"]["facts"] == 7


def test_without_sets_that_fit_there_are_none(small_data):
    assert small_data["fitted"] is None
    assert "facts" not in small_data["unknown"]
