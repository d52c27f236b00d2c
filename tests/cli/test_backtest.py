"""`ceasefire backtest`: what it prints, writes and refuses."""

import csv
import json
from datetime import date, timedelta

import pytest

KURSK = "kursk-2025-03-13"
LATE = ("--from", "2025-02-05", "--days", "7,14", "--paths", "100")


def test_json_has_scores_and_skills_of_every_method(ceasefire):
    words = ("--observed", "kursk_held", *LATE, "--json")
    reply = ceasefire("backtest", KURSK, *words)
    assert (reply.code, reply.err) == (0, "") or "forecast" in reply.err
    data = json.loads(reply.out)
    (table,) = data["tables"]
    assert table["first_origin"] == "2025-02-05"
    assert {score["days"] for score in table["scores"]} == {7, 14}
    methods = {score["method"] for score in table["scores"]}
    assert {"fitted", "as_written", "persistence", "log_random_walk_84"} <= methods
    for score in table["scores"]:
        assert sum(score["transform"]) == pytest.approx(1.0)
        assert score["crps"] <= score["error"] + 1e-9 or score["method"] != "fitted"
    assert {each["method"] for each in table["skills"]} == {"fitted", "as_written"}
    assert data["command"].startswith("ceasefire backtest kursk-2025-03-13")


def test_files_hold_every_forecast_and_the_same_seed_repeats_them(ceasefire, tmp_path):
    words = ("backtest", KURSK, "--observed", "kursk_held", *LATE, "--out")
    assert ceasefire(*words, tmp_path / "a").code == 0
    assert ceasefire(*words, tmp_path / "b").code == 0
    texts = [(tmp_path / name / "forecasts.csv").read_text() for name in "ab"]
    assert texts[0] == texts[1]
    rows = list(csv.DictReader(texts[0].splitlines()))
    assert {row["days"] for row in rows} == {"7", "14"}
    for row in rows:
        quantiles = [float(row[name]) for name in ("q05", "q25", "q50", "q75", "q95")]
        assert quantiles == sorted(quantiles)
    assert json.loads((tmp_path / "a" / "manifest.json").read_text())["tables"]
    assert ceasefire(*words, tmp_path / "a").code == 2


def test_the_line_is_forecast_in_words(ceasefire):
    words = ("--observed", "russian_held_ukraine", *LATE)
    reply = ceasefire("backtest", KURSK, *words)
    assert reply.code == 0
    assert "russian_held_ukraine.csv: " in reply.out
    assert "against" in reply.out
    assert "A test of the model on the past." in reply.err


def test_events_alone_are_scored(ceasefire):
    words = ("--events", "events", "--days", "7,8,30", "--paths", "100")
    reply = ceasefire("backtest", "kursk-2025-03-03", *words)
    assert reply.code == 0
    lines = [line.split() for line in reply.out.splitlines()]
    own = "as_written"
    assert ["aid_resumed", "8", own, "1.000", "yes", "0.000", "0.005"] in lines
    assert any(
        line[:3] == ["full_truce", "30", own] and "not" in line for line in lines
    )


def test_events_are_scored_with_inputs_that_fit_too(ceasefire):
    words = ("--events", "events", "--days", "30", "--paths", "100")
    reply = ceasefire("backtest", KURSK, *words, "--inputs", "march-2025")
    assert reply.code == 0
    lines = [line.split()[:3] for line in reply.out.splitlines()]
    for inputs in ("as_written", "free", "fitted"):
        assert ["fighting_stopped", "30", inputs] in lines
    assert "--inputs march-2025" in reply.err
    alone = ("--observed", "kursk_held", "--inputs", "march-2025", *LATE)
    assert (
        "is needed only for the chances of --events"
        in ceasefire("backtest", KURSK, *alone).err
    )


def weekly(path, areas, column):
    first = date(2023, 1, 5)
    rows = [f"{first + timedelta(7 * i)},{area}\n" for i, area in enumerate(areas)]
    path.write_text(f"date,{column}\n" + "".join(rows))
    return path


@pytest.mark.parametrize(
    "areas",
    [
        [1e5 + 30 * min(i, 40) + 20 * (i % 3) * (i < 40) for i in range(100)],
        [1e5] * 60,
        [1e5 + 30.0 * i for i in range(60)],
    ],
)
def test_quiet_weeks_are_forecast_as_quiet(ceasefire, tmp_path, areas):
    """f17: where nothing moved for half a year, nothing is taken to move."""
    table = weekly(tmp_path / "t.csv", areas, "held_by_russia_km2")
    words = ("backtest", KURSK, "--observed", table, "--days", "7,14", "--paths", "100")
    reply = ceasefire(*words, "--json")
    assert reply.code == 0, reply.err
    (found,) = json.loads(reply.out)["tables"]
    fitted = [each for each in found["scores"] if each["method"] == "fitted"]
    if len(set(areas)) == 1:
        assert {each["crps"] for each in fitted} == {0.0}
    assert "nan" not in ceasefire(*words).out


def test_a_gap_of_years_or_a_mistyped_year_is_no_past(ceasefire, tmp_path):
    """f10."""
    days = [date(2024, 8, 5) + timedelta(i + 1100 * (i > 80)) for i in range(120)]
    days.append(date(2205, 3, 13))
    table = tmp_path / "t.csv"
    rows = [f"{day},{1000 * 0.99**i}\n" for i, day in enumerate(days)]
    table.write_text("date,midpoint_km2\n" + "".join(rows))
    words = ("--observed", table, "--days", "7", "--paths", "100", "--json")
    reply = ceasefire("backtest", KURSK, *words)
    assert reply.code == 0, reply.err
    (found,) = json.loads(reply.out)["tables"]
    assert found["first_origin"] < "2024-12-31" < "2027-11-30" < found["last_origin"]
    reply = ceasefire("calibrate", KURSK, "--observed", table)
    assert (reply.code, "there are no observations for the" in reply.err) == (2, True)


def test_what_is_read_is_never_overwritten(ceasefire, tmp_path):
    """f02: a table of events in the place of a table of forecasts."""
    table = tmp_path / "forecasts.csv"
    table.write_text("date,event\n2025-03-14,full_truce\n")
    words = ("--events", table, "--out", tmp_path, "--force")
    reply = ceasefire("backtest", KURSK, *words)
    assert (reply.code, "is used as input" in reply.err) == (2, True)
    assert table.read_text().endswith("full_truce\n")


def test_a_misspelt_event_is_named(ceasefire, tmp_path):
    """f16."""
    table = tmp_path / "ev.csv"
    table.write_text("date,event\n2025-03-20,Full_Truce\n2025-12-31,record_ends\n")
    reply = ceasefire("backtest", KURSK, "--events", table, "--quiet")
    assert (reply.code, "did you mean 'full_truce'" in reply.err) == (4, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "--observed CSV is needed"),
        (("--observed", "kursk_held", "--days", "7,7"), 2, "rising"),
        (("--observed", "kursk_held", "--days", "week"), 2, "rising"),
        (("--observed", "kursk_held", "--from", "2026-01-01"), 2, "no day from"),
        (("--events", "kursk_held"), 4, "no column event"),
        (("--events", "events", "--days", "700"), 2, "beyond the horizon"),
        (("--observed", "kursk_held", "--from", "soon"), 2, "is a day such as"),
    ],
)
def test_what_cannot_be_tested_is_refused_in_words(ceasefire, words, code, said):
    reply = ceasefire("backtest", KURSK, *words)
    assert reply.code == code
    assert said in reply.err
