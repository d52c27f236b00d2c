"""Figure 2: bars that lead from one worth to the other, and words from the numbers."""

import re
from dataclasses import replace
from functools import cache

import pytest
from matplotlib.colors import to_rgb

from sim.analysis.decisions.decision import decision
from sim.model.world import walk
from sim.plots.payoff_waterfall import (
    extremes,
    needed_worth,
    payoff_waterfall,
    waterfall,
)
from sim.plots.style import INK
from sim.scenario.load import load
from tests.analysis.worlds import WORLDS
from tests.plots.pictures import close_greys, png, smallest_text, troubled_texts
from tests.plots.tables import CONTEXT

ONE_RUN = replace(CONTEXT, replicate=0)


@cache
def of(name):
    """Decisions of a world, their search for what turns them left out."""
    base, changes = WORLDS[name]
    found = []
    for scene in walk(load(base, set=changes), 1, 0).scenes:
        each = decision(scene)
        vars(each)["flips"] = ()  # a cached property, as if it had found nothing
        found.append(each)
    return found


@pytest.fixture(scope="module")
def refused():
    """Russia's answer of 13 March, with the search."""
    scenes = walk(load("kursk-2025-03-13"), 1, 0).scenes
    return decision(next(each for each in scenes if each.actor == "russia"))


@pytest.fixture(scope="module")
def drawn(refused):
    return payoff_waterfall(refused, ONE_RUN)


def pictured(rest):
    """One decision of each kind and choice; `rest`: further authors and offers."""
    first, others = {}, {}
    for name in ("flagship", "conditional aid", "partial truces", "best level of aid"):
        for each in of(name):
            takes_first = each.choice == each.account.first.name
            key = each.actor, takes_first if each.kind == "answer" else each.choice
            first.setdefault((each.kind, takes_first), each)
            others.setdefault((each.kind, key), each)
    if not rest:
        return list(first.values())
    return [each for each in others.values() if each not in first.values()]


@pytest.mark.parametrize("rest", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_kind_of_decision_has_a_picture_that_is_whole(rest):
    known = pictured(rest)
    if not rest:
        kinds = {"answer", "conditions", "proposal", "aid", "threat"}
        assert {each.kind for each in known} == kinds
    assert known
    for each in known:
        result = payoff_waterfall(each, ONE_RUN)
        assert close_greys(png(result.figure)) == [], each.choice
        assert troubled_texts(result.figure) == [], (each.kind, each.choice)
        assert smallest_text(result.figure) >= 8.0
        assert 40 <= len(result.alt_text.split()) <= 90, result.alt_text


def test_bars_lead_from_the_second_worth_to_the_first(refused):
    bars = waterfall(refused)
    assert bars[0].start == refused.account.second.worth
    for bar in bars:
        assert bar.end - bar.start == pytest.approx(bar.value, abs=1e-12)
    assert bars[-1].end == pytest.approx(refused.account.first.worth, abs=1e-12)
    names = [bar.name for bar in bars]
    assert names == [
        "territory",
        "chips",
        "cost_of_fighting",
        "audience_cost",
        "rearmament",
        "distrust_of_truce",
        "settlement_prospects",
    ]


def test_losses_are_hatched_and_gains_grey(refused, drawn):
    bars = waterfall(refused)
    patches = drawn.figure.axes[0].patches[: len(bars)]
    for place, (bar, patch) in enumerate(zip(bars, patches, strict=True), 1):
        assert bool(patch.get_hatch()) == (bar.value < 0.0)
        assert patch.get_height() == pytest.approx(abs(bar.value))
        assert patch.get_x() + patch.get_width() / 2 == pytest.approx(place)


def test_it_begins_with_fighting_on_and_ends_with_accepting_in_black(refused, drawn):
    axes, told = drawn.figure.axes[0], refused.account
    first, last = axes.patches[-2:]
    for patch, worth in ((first, told.second.worth), (last, told.first.worth)):
        assert patch.get_facecolor()[:3] == pytest.approx(to_rgb(INK))
        assert patch.get_y() + patch.get_height() == pytest.approx(worth)
    middles = [each.get_x() + each.get_width() / 2 for each in axes.patches]
    assert sorted(middles) == pytest.approx(range(len(middles)))
    assert middles[-2] == pytest.approx(0.0)
    assert middles[-1] == pytest.approx(len(middles) - 1)
    labels = [each.get_text() for each in axes.get_xticklabels()]
    assert labels[0] == "fighting\non"
    assert labels[-1] == "accepting"


def test_beside_the_axis_stands_the_difference_in_words(refused, drawn):
    gap, worth = refused.difference, refused.account.second.worth
    [beside] = [
        " ".join(text.get_text().split())
        for text in drawn.figure.axes[0].texts
        if "worth to" in text.get_text()
    ]
    assert gap < 0.0
    part = f"{100 * -gap / worth:.0f} % of what fighting on is worth to Russia"
    assert beside == f"{-gap:.0f} km² less, {part}"
    assert f"That is {part}." in drawn.caption.replace("\N{NO-BREAK SPACE}", " ")
    assert "(axis cut)" in drawn.figure.axes[0].get_title("left")


def test_an_axis_with_0_on_it_is_not_called_cut():
    near = [
        each
        for each in pictured(False)
        if abs(each.account.first.worth) < 100 and each.kind == "threat"
    ]
    assert near
    for each in near:
        result = payoff_waterfall(each, ONE_RUN)
        low, high = result.figure.axes[0].get_ylim()
        assert low <= 0.0 <= high
        assert "cut" not in result.figure.axes[0].get_title("left") + result.alt_text


def test_at_the_dotted_rule_the_choice_turns(refused):
    needed = needed_worth(refused)
    told = refused.account
    assert needed - told.first.worth == pytest.approx(-refused.weighed)


def test_caption_and_alternative_text_hold_the_numbers(refused, drawn):
    told, table = refused.account, drawn.table
    needed = float(table[table.row == "turns"].value.iloc[0])
    for text in (drawn.caption, drawn.alt_text):
        assert f"{needed:,.0f} km²" in text
    assert f"{told.first.worth:,.0f} km²" in drawn.alt_text
    assert f"{told.second.worth:,.0f} km²" in drawn.alt_text
    for span in extremes(refused):
        gap = f"{span.first - span.second:+,.0f} km²"
        assert gap in drawn.caption
        assert gap in drawn.alt_text
    assert "would have accepted" in drawn.caption
    turned = re.search(r"(\d+) of (\d+) such values change", drawn.caption)
    assert int(turned[2]) == len(refused.spans)
    sign = [(s.first - s.second + told.noise >= 0) for s in refused.spans]
    assert int(turned[1]) == sum(sign)
    assert drawn.caption.endswith("a model's answer, not a forecast.")


def test_the_table_holds_parts_worths_inputs_and_flips(refused, drawn):
    table = drawn.table
    parts = table[table.row == "part"]
    worths = table[table.row == "worth"].value
    assert parts.value.sum() == pytest.approx(
        worths.iloc[0] - worths.iloc[1], abs=1e-12
    )
    flips = table[table.row == "flip"]
    assert list(flips.name) == [
        each.input.path for each in refused.flips if each.at is not None
    ]
    assert len(table[table.row == "input low"]) > 10


def test_what_is_less_than_a_thousandth_of_a_km2_is_nothing():
    found = [each for each in of("best level of aid") if each.kind == "proposal"]
    tiny = [each for each in found if 0.0 < abs(each.difference) < 1e-6]
    assert tiny
    for each in tiny:
        axes = payoff_waterfall(each, ONE_RUN).figure.axes[0]
        said = [text.get_text() for text in axes.texts]
        assert "no difference" in said
        assert not any("e-" in text for text in said)
