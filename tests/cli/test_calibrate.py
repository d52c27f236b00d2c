"""`ceasefire calibrate`: what it fits, writes and refuses."""

import json
import re

import pytest

from sim.api.calibration import calibrate
from sim.errors import UsageError
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


def test_a_drift_is_towards_front_side_whoever_holds_the_area(ceasefire, tmp_path):
    found = []
    for party, sign in (("russia", 1.0), ("ukraine", -1.0)):
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
        values = json.loads(reply.out)["values"]
        found.append(
            [
                (each["low"], each["value"], each["high"])
                for each in (
                    values["front.drift_km2_per_week"],
                    values["front.volatility_km2_per_week"],
                )
            ]
        )
    assert found[0] == found[1]
    low, drift, high = found[0][0]
    assert low < drift < high
    assert drift < 0.0


def test_the_line_says_how_well_its_mean_is_known(ceasefire):
    words = ("calibrate", KURSK, "--observed", "russian_held_ukraine")
    line = json.loads(ceasefire(*words, "--json").out)["line"]
    assert line["autocorrelation"] == pytest.approx(0.75, abs=0.01)
    # as from 104 (1-r)/(1+r) independent weeks
    alone = line["spread_km2_per_week"] / 104**0.5
    assert line["standard_error_km2_per_week"] == pytest.approx(
        alone * (1.75 / 0.25) ** 0.5, rel=0.02
    )
    assert line["spread_over_weeks"]["1"] == line["spread_km2_per_week"]
    out = ceasefire(*words).out
    assert "standard error 16.4" in " ".join(out.split())


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
        (("--observed", "kursk_held", "--out", "x.csv"), 2, "ends in .yaml"),
        (
            ("--observed", "kursk_held", "--out", "x.yaml", "--set", "aid.level=0"),
            2,
            "cannot save what --set changes",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(ceasefire, words, code, said):
    reply = ceasefire("calibrate", KURSK, *words)
    assert reply.code == code
    assert said in reply.err


@pytest.fixture
def family(ceasefire, tmp_path):
    """A scenario of the user's own that extends another one, and tables."""
    assert ceasefire("new", tmp_path / "parent.yaml", "--from", KURSK).code == 0
    (tmp_path / "child.yaml").write_text("extends: parent.yaml\nid: child\n")
    areas = [f"{1 + i // 28:02}-{1 + i % 28:02},{900 * 0.99**i}\n" for i in range(60)]
    table = "date,midpoint_km2\n" + "".join(f"2025-{each}" for each in areas)
    (tmp_path / "table.yaml").write_text(table)
    return tmp_path


@pytest.mark.parametrize("place", ["child.yaml", "parent.yaml", "table.yaml"])
@pytest.mark.parametrize("link", ["same", "symbolic", "hard", "roundabout"])
def test_what_is_read_is_never_overwritten(ceasefire, family, monkeypatch, place, link):
    """f02: nor are parents and tables, by whichever name."""
    monkeypatch.chdir(family)
    out = {"same": place, "roundabout": f"../{family.name}/{place}"}.get(link, "l.yaml")
    if link == "symbolic":
        (family / out).symlink_to(place)
    if link == "hard":
        (family / out).hardlink_to(place)
    before = (family / place).read_text()
    words = ("calibrate", "child.yaml", "--observed", "table.yaml", "--force", "--out")
    reply = ceasefire(*words, out)
    assert reply.code == 2
    assert "is used as input and would be overwritten" in reply.err
    assert (family / place).read_text() == before


def test_a_file_that_would_be_no_scenario_replaces_nothing(ceasefire, family):
    """f02b: too long a chain of parents."""
    words = ("--observed", "russian_held_ukraine", "--out", family / "child.yaml")
    for i in range(16):
        text = f"extends: {f'c{i - 1}' if i else 'parent'}.yaml\nid: c{i}\n"
        (family / f"c{i}.yaml").write_text(text)
    reply = ceasefire("calibrate", family / "c15.yaml", *words, "--force")
    assert reply.code == 2
    assert "child.yaml would be no scenario: " in reply.err
    assert (family / "child.yaml").read_text() == "extends: parent.yaml\nid: child\n"
    assert not list(family.glob(".*"))


def test_long_ids_and_odd_names_of_tables_make_a_scenario(ceasefire, family):
    """f02b: an id of 64 characters cannot be followed by more."""
    name = "n" * 64
    (family / "long.yaml").write_text(f"extends: parent.yaml\nid: {name}\n")
    table = family / "a\nid: b\u2028\x85.csv"
    (family / "table.yaml").rename(table)
    for parent, out in (("long.yaml", "a.yaml"), ("a.yaml", "b.yaml")):
        words = ("--observed", table, "--out", family / out)
        assert ceasefire("calibrate", family / parent, *words).code == 0
        assert load(family / out).scenario.id == "n" * 53 + "-calibrated"


def test_a_parent_that_was_changed_meanwhile_is_named(family):
    found = calibrate(family / "child.yaml", "kursk_held").fits
    parent = family / "parent.yaml"
    text = parent.read_text()
    assert "\nhorizon_days: {value: 180" in text
    parent.write_text(
        text.replace("horizon_days: {value: 180", "horizon_days: {value: 170")
    )
    with pytest.raises(UsageError, match=r"child.yaml was changed since it was read"):
        found.save(family / "out.yaml")
    assert not (family / "out.yaml").exists()
    with pytest.raises(UsageError, match="is used as input"):
        found.save(family / "child.yaml")


@pytest.mark.parametrize("command", ["calibrate", "backtest"])
@pytest.mark.parametrize(
    ("area", "said"),
    [
        (lambda i: 1.2 * 0.99**i, "the largest area is 1.2 km2, and kursk is gone at"),
        (lambda i: 0.0, "the largest area is 0 km2"),
        (lambda i: 500.0, "areas? with news"),
    ],
)
def test_areas_that_are_none_of_the_chip_are_refused_in_words(
    ceasefire, tmp_path, command, area, said
):
    """f09: thousands of km2, a chip that is gone throughout, a map never redrawn."""
    rows = [f"2025-{1 + i // 28:02}-{1 + i % 28:02},{area(i)}\n" for i in range(100)]
    table = tmp_path / "t.csv"
    table.write_text("date,midpoint_km2\n" + "".join(rows))
    reply = ceasefire(command, KURSK, "--observed", table)
    assert reply.code == 2
    assert re.search(said, reply.err) or "observations with news" in reply.err


@pytest.mark.parametrize(
    "words",
    [("--chip", "kursk"), ("--column", "unclear_km2")],
)
def test_options_of_a_chip_need_a_table_of_one(ceasefire, words):
    for command in ("calibrate", "backtest"):
        reply = ceasefire(command, KURSK, "--observed", "russian_held_ukraine", *words)
        assert reply.code == 2
        assert "there is no table of a chip's areas" in reply.err


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
