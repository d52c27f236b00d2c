"""`ceasefire calibrate`: what it fits, writes and refuses."""

import json

import pytest

from sim.scenario.load import load
from sim.scenario.provenance import known_paths

KURSK = "kursk-2025-03-13"
TABLES = ("--observed", "kursk_held", "--observed", "russian_held_ukraine")


def test_the_overlay_is_a_scenario_with_the_fitted_values(ceasefire, tmp_path):
    file = tmp_path / "fitted.yaml"
    reply = ceasefire("calibrate", KURSK, *TABLES, "--json", "--out", file)
    assert reply.code == 0
    said = json.loads(reply.out)["values"]
    values = known_paths(load(file))
    for path, each in said.items():
        known = values[path]
        assert known.value == each["value"], path
        assert known.annotation.kind == "sourced"
        assert known.annotation.low == each["low"]
        assert known.annotation.high == each["high"]
        assert ".csv" in known.annotation.source
        assert each["how"] in known.annotation.note
    loss = said["chips.kursk.regimes.collapse.loss_per_week"]
    assert loss["value"] == pytest.approx(0.636, abs=0.002)
    assert loss["low"] < 0.3 < 0.8 < loss["high"]
    # All other values are those of the scenario that it extends.
    rest = {path: known.value for path, known in known_paths(load(KURSK)).items()}
    changed = {path for path, value in rest.items() if values[path].value != value}
    assert changed <= said.keys()


def test_words_and_the_command_that_repeats_them(ceasefire):
    reply = ceasefire("calibrate", KURSK, "--observed", "kursk_held")
    assert reply.code == 0
    assert "chips.kursk.regimes.lull.loss_per_week" in reply.out
    assert "short record" in reply.out
    assert "front." not in reply.out
    assert "ceasefire calibrate kursk-2025-03-13 --observed kursk_held" in reply.err


def test_only_days_asked_for_are_used(ceasefire):
    words = ("calibrate", KURSK, "--observed", "kursk_held", "--json")
    reply = ceasefire(*words, "--until", "2025-02-28")
    data = json.loads(reply.out)
    assert data["chip"]["last"] <= "2025-02-28"
    fast = data["values"]["chips.kursk.regimes.collapse.loss_per_week"]["value"]
    assert fast < 0.3


def test_a_line_held_by_front_side_has_the_odds_of_front_side(ceasefire, tmp_path):
    shipped = (("russia", 1.0), ("ukraine", -1.0))
    odds = []
    for party, sign in shipped:
        areas = [50_000 + sign * (30 * week + 60 * (week % 3)) for week in range(40)]
        table = tmp_path / f"{party}.csv"
        rows = [
            f"2024-{1 + day // 28:02}-{1 + day % 28:02},{area}\n"
            for day, area in zip(range(0, 280, 7), areas, strict=True)
        ]
        table.write_text(f"date,held_by_{party}_km2\n" + "".join(rows))
        words = ("calibrate", KURSK, "--observed", table, "--json")
        reply = ceasefire(*words)
        assert reply.code == 0, reply.err
        odds.append(json.loads(reply.out)["values"]["front.win_probability"]["value"])
    assert odds[0] == odds[1] < 0.5


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--observed CSV is needed"),
        (("--observed", "nothing.csv"), 4, "nothing.csv: no such file"),
        (("--observed", "events"), 4, "no column midpoint_km2"),
        (("--observed", "kursk_held", "--chip", "kurks"), 2, "did you mean 'kursk'"),
        (("--observed", "kursk_held", "--column", "area"), 4, "no column area"),
        (("--observed", "kursk_held", "--observed", "kursk_held"), 2, "same kind"),
        (("--observed", "kursk_held", "--until", "2024-09-20"), 2, "a fit needs 8"),
        (("--observed", "kursk_held", "--from", "2030-01-01"), 2, "no two observ"),
        (("--observed", "russian_held_ukraine", "--step", "400"), 2, "cannot give"),
        (("--observed", "kursk_held", "--out", "x.csv"), 2, "ends in .yaml"),
        (
            ("--observed", "kursk_held", "--out", "x.yaml", "--set", "aid.level=0"),
            2,
            "cannot keep what --set changes",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(ceasefire, words, code, said):
    reply = ceasefire("calibrate", KURSK, *words)
    assert reply.code == code
    assert said in reply.err


def test_a_file_is_not_overwritten_unasked(ceasefire, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("mine")
    words = ("calibrate", KURSK, "--observed", "kursk_held", "--out", file)
    assert ceasefire(*words).code == 2
    assert file.read_text() == "mine"
    assert ceasefire(*words, "--force").code == 0


def test_a_party_that_does_not_fight_holds_no_line(ceasefire, tmp_path):
    table = tmp_path / "line.csv"
    table.write_text("date,held_by_norway_km2\n2025-01-01,5\n2025-01-08,6\n")
    reply = ceasefire("calibrate", KURSK, "--observed", table)
    assert reply.code == 2
    assert "norway is not a belligerent" in reply.err
