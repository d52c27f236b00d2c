"""Every signed prediction is in the table; a small run finds what the report says."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from experiments.predictions import __main__ as command
from experiments.predictions.cells import FULL, SMALL, Cell
from experiments.predictions.measures import MEASURES
from experiments.predictions.mornings import mornings
from experiments.predictions.questions import Question, questions, worlds
from experiments.predictions.reasons import reasons
from experiments.predictions.trial import results
from experiments.predictions.verdicts import (
    CONFIRMED,
    CONTRADICTED,
    HUMP,
    NOT_SHOWN,
    ZERO,
    judge,
)
from sim.analysis.values import values
from sim.scenario.load import load

pytestmark = pytest.mark.compiled

REPORT = Path(__file__).resolve().parents[2] / "docs" / "reports" / "predictions.md"
IDS = [f"S{i:02d}" for i in (*range(1, 9), *range(10, 21), 25, 27, 28, 29)]
EFFECT = re.compile(r"([+-][\d.]+) \[([+-][\d.]+), ([+-][\d.]+)\]")


def test_the_table_has_every_signed_prediction_and_no_other():
    assert sorted({question.id for question in questions()}) == IDS


@pytest.mark.parametrize("question", questions(), ids=lambda q: f"{q.id}-{q.world}")
def test_a_question_has_levels_measures_and_reasons(question):
    assert len(question.levels) >= (5 if HUMP in question.expect.values() else 3)
    assert list(question.levels) == sorted(set(question.levels))
    assert set(question.expect) <= set(MEASURES)
    assert len({str(setting) for setting in question.settings}) == len(question.levels)
    assert question.because
    assert question.why


def test_each_prediction_is_asked_in_two_worlds():
    asked = Counter((q.id, q.raised) for q in questions())
    assert set(asked.values()) == {2}
    assert {q.world for q in questions()} == set(worlds())


def told():
    """Sign, effects and verdict of each row of the report's tables, in order."""
    rows = []
    for line in REPORT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 6 and (found := EFFECT.fullmatch(cells[3])):
            numbers = tuple(map(float, found.groups()))
            if cells[0]:
                rows.append((cells[0], cells[1], [numbers], cells[4]))
            else:
                rows[-1][2].append(numbers)
    return rows


def stands_out(effects, margin):
    """Whether a small run must give the same verdict, whatever its luck."""
    fewer = max(many / few for many, few in zip(FULL, SMALL, strict=True))
    for effect, low, high in effects:
        half = np.sqrt(fewer) * (high - low) / 2
        if margin is None and abs(effect) <= 3 * half:
            return False
        if margin is not None and abs(effect) + 3 * half >= margin:
            return False
    return True


@pytest.mark.slow
def test_a_small_run_finds_what_stands_out_in_the_report():
    found = [result for q in questions() for result in results(q, SMALL)]
    rows = told()
    assert [row[0] for row in rows] == [result.measure for result in found]
    robust = 0
    for result, (_, sign, effects, verdict) in zip(found, rows, strict=True):
        margin = None
        if result.predicted.startswith(ZERO):
            margin = float(result.predicted.removeprefix(ZERO))
        assert sign == ("0" if margin else result.predicted), result.name
        if stands_out(effects, margin):
            robust += 1
            assert result.finding.verdict == verdict, result.name
    assert robust > 100


def test_reasons_are_for_results_that_exist():
    names = [f"{q.id} {q.world} {measure}" for q in questions() for measure in q.expect]
    assert all(names.count(name) == 1 for r in reasons() for name in r.results)


@pytest.mark.parametrize("offer", ["thirty_days", "thirty_days_back_aid", "freeze"])
def test_a_morning_that_is_not_moved_has_the_values_of_the_values_command(offer):
    costs = {
        f"parties.{party}.cost_of_war_km2": {
            "value": c,
            "private": [c - 1e-6, c + 1e-6],
        }
        for party, c in (("ukraine", 800), ("russia", 640))
    }
    loaded = load("kursk-2025-03-13", set=costs)
    question = questions()[0]._replace(offer=offer, still=True)
    morning = mornings(loaded, question, seed=1, n=2)
    expected = values(loaded)
    for side, name in enumerate(("ukraine", "russia")):
        party, terms = expected["parties"][name], expected["offers"][offer]
        assert morning["war"][:, side] == pytest.approx(party["war_value"], abs=1e-5)
        assert morning["value"][:, side] == pytest.approx(
            terms["value"][name], abs=1e-5
        )
        assert morning["gain"][:, side] == pytest.approx(terms["gain"][name], abs=1e-5)


def test_luck_moves_mornings_alike_at_every_level():
    question = next(q for q in questions() if q.id == "S19")
    low, high = (Cell(question, i, SMALL).morning for i in (0, 2))
    assert len(set(low["war"][:, 0])) == SMALL.mornings
    assert (low["war"] == high["war"]).all()


def column(*shares):
    """Events in 1,000 worlds for each share, nested: equal luck."""
    return [np.arange(1000) < 1000 * share for share in shares]


def shuffled(*shares):
    order = np.random.default_rng(0).permutation(1000)
    return [each[order] for each in column(*shares)]


@pytest.mark.parametrize(
    ("predicted", "columns", "verdict", "monotone"),
    [
        ("+", column(0.2, 0.3, 0.4), CONFIRMED, "yes"),
        ("-", column(0.2, 0.3, 0.4), CONTRADICTED, "no"),
        ("+", column(0.2, 0.5, 0.4), CONFIRMED, "no"),
        ("-", column(0.4, 0.398, 0.399), NOT_SHOWN, "unclear"),
        ("+", [np.arange(9.0) + i for i in range(3)], CONFIRMED, "yes"),
        ("-", [np.arange(9.0) + i for i in range(3)], CONTRADICTED, "no"),
        ("0 +- 0.05", column(0.2, 0.3, 0.21), CONFIRMED, "-"),
        ("0 +- 0.05", column(0.2, 0.3, 0.245), NOT_SHOWN, "-"),
        ("0 +- 0.05", column(0.2, 0.3, 0.4), CONTRADICTED, "-"),
        (HUMP, shuffled(0.2, 0.3, 0.5, 0.4, 0.1), CONFIRMED, "-"),
        (HUMP, shuffled(0.1, 0.2, 0.3, 0.4, 0.5), CONTRADICTED, "-"),
        (HUMP, shuffled(0.3, 0.3, 0.3, 0.3, 0.3), NOT_SHOWN, "-"),
    ],
)
def test_a_verdict_follows_from_the_interval(predicted, columns, verdict, monotone):
    finding = judge(predicted, columns)
    assert (finding.verdict, finding.monotone) == (verdict, monotone)


@pytest.mark.parametrize("wrong", [False, True])
def test_a_result_without_a_reason_fails_the_command(
    wrong, monkeypatch, tmp_path, capsys
):
    question: Question = next(q for q in questions() if q.id == "S19")
    if wrong:
        question = question._replace(expect={"offer.R": "-"})
    monkeypatch.setattr(command, "questions", lambda: [question])
    monkeypatch.setattr("experiments.predictions.reasons.reasons", tuple)
    out = tmp_path / "predictions.md"
    assert command.main(["--small", "--out", str(out)]) == (5 if wrong else 0)
    text = out.read_text(encoding="utf-8")
    assert ("1 contradicted" in text) == wrong
    assert "not forecasts" in text
    lacking = "no reason is told: S19 march offer.R"
    assert (lacking in capsys.readouterr().err) == wrong
