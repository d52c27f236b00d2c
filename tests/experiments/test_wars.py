"""Past wars against what happened: the ends that count as theirs, and the page."""

import numpy as np
import pytest

from experiments.wars import report
from experiments.wars.cases import cases
from experiments.wars.measure import answer
from sim.model.labels import labels_of
from sim.model.state import DEFEAT, SETTLED, TRUCE, WAR, WORLD
from sim.scenario.library import history
from sim.scenario.load import load
from tests.conftest import ROOT

CASES = {case.id: case for case in cases()}


def test_every_past_war_has_what_happened_and_none_has_it_twice():
    assert set(CASES) == set(history())
    days = [case.started for case in cases()]
    assert days == sorted(days)


@pytest.mark.parametrize("name", history())
def test_day_0_is_that_of_the_scenario_and_the_real_end_within_its_horizon(name):
    case, scenario = CASES[name], load(name).scenario
    assert case.started == scenario.start_date
    assert 0 < case.day < scenario.horizon_days
    assert set(case.terms) <= set(scenario.negotiation.offers)
    assert bool(case.terms) != bool(case.defeated)
    assert case.defeated is None or case.defeated in scenario.sides


def test_days_are_counted_from_day_0():
    assert CASES["falklands-1982"].day == 67
    assert CASES["korea-1951"].day == 748


def worlds(**columns):
    rows = np.zeros(len(next(iter(columns.values()))), WORLD)
    for field, values in columns.items():
        rows[field] = values
    return rows


def test_a_truce_counts_under_the_terms_that_were_signed_and_while_it_holds():
    case = CASES["korea-1951"]
    names = labels_of(load(case.id).scenario)
    signed = names.offers.index("free_choice")
    other = names.offers.index("all_back")
    ended = worlds(
        phase=[TRUCE, SETTLED, WAR, TRUCE, DEFEAT],
        first_truce_offer=[signed, signed, signed, other, signed],
    )
    assert case.ended_so(ended, names).tolist() == [True, True, False, False, False]


def test_a_defeat_counts_for_the_side_that_lost():
    case = CASES["falklands-1982"]
    names = labels_of(load(case.id).scenario)
    loser = names.sides.index("argentina")
    ended = worlds(phase=[DEFEAT, DEFEAT, TRUCE], defeated=[loser, 1 - loser, loser])
    assert case.ended_so(ended, names).tolist() == [True, False, False]


@pytest.mark.compiled
def test_each_input_is_tried_at_both_bounds_under_the_same_luck():
    found = answer(CASES["nagorno-karabakh-2020"], worlds=40, each=40)
    effects = {effect.input.path: effect for effect in found.effects}
    belief = effects["parties.armenia.belief.drift_km2_per_week"]
    # Who expects the front to come its way does not sign away most of what it holds.
    assert belief.so[0] > belief.so[1]
    assert belief.so_difference.estimate == pytest.approx(belief.so[1] - belief.so[0])
    # What nobody reckons with changes no world, to the last one.
    idle = effects["parties.russia.aid_cost_km2"]
    assert idle.so == (found.so.estimate, found.so.estimate)
    assert idle.so_difference.estimate == idle.by_then_difference.estimate == 0
    assert sum(share for _, share in found.ends) == pytest.approx(1)


@pytest.mark.slow
@pytest.mark.compiled
def test_the_report_has_every_war_and_says_when_a_reading_no_longer_holds(
    tmp_path, monkeypatch, capsys
):
    few = list(CASES.values())
    changed = few[0]._replace(rests_on={"kind": "never heard of"})
    monkeypatch.setattr(report, "cases", lambda: [changed, *few[1:]])
    out = tmp_path / "page.md"
    arguments = ["--worlds", "20", "--each", "5", "--out", str(out)]
    assert report.main(arguments) == 5
    assert f"{changed.id}: the reading rests on kind" in capsys.readouterr().err
    text = out.read_text(encoding="utf-8")
    assert all(f"\n## {name}\n" in text for name in CASES)
    assert "`python -m experiments.wars.report --worlds 20 --each 5`" in text


def test_more_worlds_at_a_bound_than_in_all_are_refused(capsys):
    with pytest.raises(SystemExit) as stop:
        report.main(["--worlds", "5", "--each", "6"])
    assert stop.value.code == 2
    assert "--each must lie between 1 and --worlds" in capsys.readouterr().err


def test_the_page_that_is_shown_has_what_is_read_into_each_war():
    page = (ROOT / report.OUT).read_text(encoding="utf-8")
    words = " ".join(page.split())
    for case in CASES.values():
        assert case.reading in words
        assert case.what in words
        assert all(f"<{source}>" in words for source in case.sources)
