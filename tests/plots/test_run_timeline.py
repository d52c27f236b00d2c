"""Figure 10: what it draws, what it tells, and what it refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim import load
from sim.analysis.decisions.paired_runs import Divergence, Twin
from sim.analysis.narrative.sentences import ANSWERS
from sim.analysis.narrative.timeline import story
from sim.model.labels import labels_of
from sim.plots.lanes import PARTIAL_HATCH
from sim.plots.run_timeline import TITLE, run_timeline, sentence
from sim.plots.style import MID_GREY, party_styles
from tests.plots import runs
from tests.plots.pictures import (
    close_greys,
    drawn_texts,
    lightness,
    png,
    smallest_text,
    troubled_texts,
)
from tests.plots.tables import CONTEXT

ONE = dataclasses.replace(CONTEXT, replicates=1, replicate=0)


def drawn(steps=None, events=None, **more):
    return run_timeline(
        runs.steps() if steps is None else steps,
        runs.events() if events is None else events,
        ONE,
        front=runs.FRONT,
        **more,
    )


@pytest.fixture(scope="module")
def told():
    return drawn()


def every_kind_of_event():
    """One event of each kind of INTERFACE.md, a week apart."""
    kinds = ["offer", *ANSWERS, "counter_offer", "aid", "battle", "territory", "truce"]
    kinds += ["breakdown", "expiry", "extension", "settlement", "capture", "regime"]
    kinds += ["commitment", "defeat"]
    actors = ["united_states", "ukraine", "russia"]
    table = runs.events().head(len(kinds)).copy()
    table["type"] = kinds
    table["day"] = 7 * np.arange(len(kinds))
    table["actor"] = [actors[place % 3] for place in range(len(kinds))]
    return table


def two_chips():
    return runs.steps().assign(**{"chips_km2.sumy": np.linspace(1078, 1000, 181)})


def four_chips():
    more = {f"chips_km2.land_beyond_the_{name}": 100.0 for name in ("river", "hill")}
    return two_chips().assign(**more)


VARIANTS = {
    "whole": {},
    "no events": {"events": runs.events().iloc[:0]},
    "all kinds": {"events": every_kind_of_event()},
    "two chips": {"steps": two_chips()},
    "four chips": {"steps": four_chips()},
    "no chips": {"steps": runs.steps().drop(columns=["chips_km2.kursk"])},
    "ten days": {"steps": runs.steps(10), "events": runs.events(10).head(10)},
    "one day": {"steps": runs.steps(0), "events": runs.events(1).head(3)},
    "two years": {"steps": runs.steps(720), "events": runs.events(720)},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_picture_is_whole_at_print_size(variant):
    result = drawn(**VARIANTS[variant])
    content = png(result.figure)
    grey = lightness(content)
    assert grey.shape[1] == 1259
    assert 760 < grey.shape[0] < 1181  # 150 mm
    assert (grey < 50).mean() > 0.005
    assert close_greys(content) == []
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 90
    assert "nan" not in result.caption + result.alt_text


def test_lanes_are_parties_in_alphabetical_order_then_the_land(told):
    lanes = told.figure.axes[0]
    labels = [label.get_text() for label in lanes.get_yticklabels()]
    assert labels == ["Russia", "Ukraine", "United\nStates", "Kursk"]
    assert np.all(np.diff(lanes.get_yticks()) < 0)


def test_each_act_is_one_mark_in_the_colour_of_its_party(told):
    events = runs.events()
    lanes = told.figure.axes[0]
    for party, style in party_styles(events.actor.dropna()).items():
        marks = [line for line in lanes.lines if line.get_color() == style.colour]
        days = sorted(float(line.get_xdata()[0]) for line in marks)
        assert days == sorted(events.day[events.actor == party])


def test_the_front_is_as_wide_as_the_land_held(told):
    lanes = told.figure.axes[0]
    [land] = [area for area in lanes.collections if area.get_zorder() == 1]
    outline = land.get_paths()[0].vertices
    width = {
        day: np.ptp(outline[outline[:, 0] == day, 1]) for day in (0.0, 10.0, 20.0, 60.0)
    }
    km2 = runs.steps()["chips_km2.kursk"]
    for day in (10, 20, 60):
        assert width[day] / width[0] == pytest.approx(km2[day] / km2[0])


def test_turning_points_are_numbered_in_time_and_told_from_the_log(told):
    numbered = [line for line in told.caption.splitlines() if line[1:].startswith(" (")]
    assert [line[0] for line in numbered] == list("123456")
    assert numbered[3].endswith("United States lowers aid from 1 to 0.5.")
    assert "accepting is worth 5,535 km² and fighting on 5,598 km²" in numbered[1]
    days = [int(line.split("day ")[1].split(",")[0]) for line in numbered]
    assert days == sorted(days) == [0, 0, 1, 21, 35, 51]
    shown = [text.get_text() for text in drawn_texts(told.figure)]
    assert set("123456") <= set(shown)


def test_the_numbers_are_told_in_short_sentences_in_the_figure_itself(told):
    lines = [
        text.get_text().replace("\N{NO-BREAK SPACE}", " ")
        for text in drawn_texts(told.figure)
    ]
    assert [line for line in lines if line.startswith("day ")] == [
        "day 0: United States offers thirty days",
        "day 0: Russia accepts thirty days on conditions (accepting 5,535 km², "
        "fighting on 5,598 km²)",
        "day 1: Russia answers thirty days with a counter-offer",
        "day 21: United States lowers aid from 1 to 0.5",
        "day 35: A truce begins: thirty days back",
        "day 51: The truce breaks down",
    ]


def test_a_long_sentence_has_two_lines_and_says_that_it_goes_on():
    long = "words " * 60
    result = drawn(events=runs.events().head(3).assign(text=long))
    assert troubled_texts(result.figure) == []
    first, second = [
        text.get_text()
        for text in drawn_texts(result.figure)
        if "words words" in text.get_text()
    ][:2]
    assert first.startswith("day 0: words")
    assert second.endswith("words …")


def twin_with(day, **more):
    """The same run with another offer on a day, as its twin."""
    events = runs.events()
    events.loc[events.day >= day, "type"] = events.type.replace("rejection", "aid")
    called = labels_of(load("kursk-2025-03-13").scenario)
    apart = Divergence((called, called), {}, None, {}, day, (None, None), (None, None),
                    ("war",) * 2, (None, None))  # fmt: skip
    return Twin(more.get("steps", runs.steps()), events, "aid.level 0.5, was 1", apart)


def test_a_twin_follows_in_grey_until_it_differs(monkeypatch):
    monkeypatch.setattr(Twin, "words", lambda self, names: f"{names[1]} differs.")
    result = drawn(twin=twin_with(43))
    above, _, below = result.figure.axes
    styles = party_styles(runs.events().actor.dropna())
    colours = {style.colour for style in styles.values()}

    def days(colour):
        lines = [line for line in below.lines if line.get_color() == colour]
        return [float(x) for line in lines for x in line.get_xdata()[:1]]

    assert max(days(MID_GREY)) < 43 <= min(min(days(each)) for each in colours)
    assert not any(line.get_color() == MID_GREY for line in above.lines)
    assert below.get_xlim() == above.get_xlim()
    assert "differs from day 43 on, and is grey before" in below.get_title("left")
    assert "Twin run, with aid.level 0.5, was 1: the twin differs." in result.caption
    assert result.alt_text.endswith("aid.level 0.5, was 1 parts on day 43.")
    assert 40 <= len(result.alt_text.split()) <= 90
    assert list(result.table["twin.held_km2"]) == list(runs.steps().held_km2)
    content = png(result.figure)
    assert troubled_texts(result.figure) == []
    assert close_greys(content) == []
    assert smallest_text(result.figure) >= 8.0


def test_the_caption_and_the_words_hold_the_numbers_of_the_table(told):
    table = told.table
    least = table["least_accepted.ukraine"]
    both = int((table["most_left_by.russia"] >= least).sum())
    first, last = table["chips_km2.kursk"].iloc[[0, -1]]
    assert f"{first:.0f} km² held at the start, {last:.0f} on day 180" in told.caption
    assert f"Kursk {first:.0f} to {last:.0f} km²" in told.alt_text
    for words in (told.caption, told.alt_text):
        assert f"on {both} of {len(table)} days" in words
        assert "1 truce, the first on day 35" in words
    assert told.caption.endswith(ONE.last_line())
    assert "replicate 0" in told.caption
    assert told.title == TITLE


def test_the_table_has_a_row_a_day_and_every_event_once(told):
    assert list(told.table.day) == list(range(181))
    assert told.table.events.str.count(r"[.](?: |$)").sum() == len(runs.events())
    np.testing.assert_allclose(
        told.table["most_left_by.russia"],
        runs.FRONT.stake_km2 - runs.steps()["reservation_value.russia"],
    )


def test_a_deal_is_shaded_exactly_where_both_would_accept_a_line(told):
    found = story(runs.steps(), runs.events(), runs.FRONT)
    assert not found.deal[:16].any()
    assert found.deal[16:].all()
    [area] = told.figure.axes[1].collections
    shaded = np.concatenate([path.vertices[:, 0] for path in area.get_paths()])
    assert shaded.min() == pytest.approx(16)
    assert shaded.max() == 180


def test_only_the_offer_that_began_the_truce_is_filled(told):
    below = told.figure.axes[1]
    offers = [line for line in below.lines if line.get_marker() in ("^", "s")]
    filled = [line for line in offers if line.get_markerfacecolor() == line.get_color()]
    assert [float(line.get_xdata()[0]) for line in filled] == [35.0]
    assert len(offers) == runs.events().type.isin(["offer", "counter_offer"]).sum()


def test_an_offer_of_another_line_is_drawn_at_that_line():
    events = runs.events().head(3).copy()
    events["terms.line_km2"] = [3600.0, 2400.0, np.nan]
    events["type"] = "offer"
    moments = story(runs.steps(), events, runs.FRONT).moments
    lines = [each.line for each in moments]
    assert lines == pytest.approx([3600.0, 2400.0, 3200.0])


def test_seen_from_the_other_side_the_range_is_turned():
    one = story(runs.steps(), runs.events(), runs.FRONT)
    turned = runs.FRONT.model_copy(update={"side": "russia"})
    other = story(runs.steps(), runs.events(), turned)
    np.testing.assert_allclose(other.least, runs.FRONT.stake_km2 - one.most)
    np.testing.assert_array_equal(other.deal, one.deal)


def test_truces_are_the_stretches_of_calm_days():
    steps = runs.steps()
    assert story(steps, runs.events(), runs.FRONT).truces() == [(36, 50)]
    steps.loc[170:, "phase"] = "settled"
    found = story(steps, runs.events(), runs.FRONT)
    assert found.truces() == [(36, 50), (170, 180)]


def test_every_kind_of_event_has_a_neutral_sentence():
    found = story(runs.steps(), every_kind_of_event(), runs.FRONT)
    sentences = [sentence(moment, ONE).lower() for moment in found.moments]
    assert len(set(sentences)) == len(sentences)
    for word in ("win", "lose", "loses", "gain", "liberat", "peace", "fail"):
        assert not any(f" {word}" in each for each in sentences)


def test_the_place_of_the_run_among_others_is_told_when_known():
    result = drawn(place="a truce earlier than in 62 of 100 runs")
    assert "Compared with other runs: a truce earlier than in 62 of 100 runs." in (
        result.caption
    )


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (runs.steps().iloc[:0], "no steps"),
        (runs.steps().drop(columns="reservation_value.russia"), "one other side"),
        (pd.DataFrame({"day": [0]}), "not of nobody"),
    ],
)
def test_runs_that_cannot_be_told_are_refused(steps, message):
    with pytest.raises(ValueError, match=message):
        drawn(steps=steps)


def with_a_partial_truce():
    """The same run with a partial truce from day 7 to 21."""
    rows = runs.events().iloc[[0, 0, 0]].assign(
        type=["offer", "truce", "breakdown"], day=[7, 7, 21], offer="energy_truce",
        actor=["united_states", None, None], **{"terms.kind": "partial"},
    )  # fmt: skip
    joined = pd.concat([runs.events(), rows], ignore_index=True)
    return joined.sort_values("day", kind="stable", ignore_index=True)


def test_a_partial_truce_is_striped_and_counted_apart():
    result = drawn(events=with_a_partial_truce())
    found = story(runs.steps(), with_a_partial_truce(), runs.FRONT)
    assert found.partial_truces() == [(7, 21)]
    striped = [
        area
        for area in result.figure.axes[0].collections
        if area.get_hatch() == PARTIAL_HATCH
    ]
    assert [area.get_paths()[0].get_extents().x0 for area in striped] == [7.0]
    for words in (result.caption, result.alt_text):
        assert "1 truce, the first on day 35" in words
        assert "1 partial truce, the first on day 7" in words
    assert troubled_texts(result.figure) == []
    assert close_greys(png(result.figure)) == []


def test_an_offer_of_a_partial_truce_stands_at_no_line():
    offers = [
        each
        for each in story(runs.steps(), with_a_partial_truce(), runs.FRONT).moments
        if each.partial and each.type == "offer"
    ]
    assert len(offers) == 1
    assert np.isnan(offers[0].line)


def test_a_full_truce_ends_a_partial_one_and_the_last_day_a_lasting_one():
    events = with_a_partial_truce()
    partial = events["terms.kind"] == "partial"
    lasting = events[~(partial & (events.type == "breakdown"))]
    found = story(runs.steps(), lasting, runs.FRONT)
    assert found.partial_truces() == [(7, 35)]
    alone = story(runs.steps(), lasting[lasting.day < 30], runs.FRONT)
    assert alone.partial_truces() == [(7, 180)]
