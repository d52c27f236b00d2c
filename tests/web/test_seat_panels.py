"""What the dashboard shows to who plays: all words escaped, nothing of others."""

import pytest

import sim
from sim.analysis.play.advice import advice
from sim.analysis.play.game import game
from sim.scenario.load import resolve

panels = pytest.importorskip("sim.web.dashboard.seat_panels")
FLAGSHIP = "kursk-2025-03-13"


def test_every_panel_is_text_whatever_an_author_wrote():
    evil = "<script>alert(1)</script>"
    changes = {"title": evil, "parties.ukraine.label": "<b>U</b>"}
    found = game(resolve(sim.load(FLAGSHIP), changes), ["russia"])
    told = [
        panels.standing(found),
        panels.question(found.turn),
        panels.private(found),
        panels.advice(advice(found.turn), found.turn),
        panels.again(found, evil),
    ]
    while found.turn is not None:
        told += [panels.news(found), panels.history(found)]
        found = found.typed("accept")
    told += [panels.standing(found), panels.ending(found), panels.history(found)]
    for page in told:
        assert "<script" not in page
        assert "<b>U" not in page


def test_the_cost_of_the_other_side_is_told_at_the_end_only():
    found = game(sim.load(FLAGSHIP), ["russia"])
    cost = f"{found.costs['ukraine']:,.0f} km2"
    while found.turn is not None:
        told = panels.standing(found) + panels.private(found) + panels.news(found)
        told += panels.history(found) + panels.advice(advice(found.turn), found.turn)
        assert cost not in told
        found = found.typed("refuse")
    assert cost in panels.ending(found)
