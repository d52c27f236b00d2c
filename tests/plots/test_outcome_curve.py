"""Figure 3: what it draws of both headlines, what it says, and what it refuses."""

import dataclasses

import matplotlib.axes
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sim.analysis.curve import curve
from sim.batch.estimates import BEGUN, HEADLINES, STOPPED
from sim.plots.curve_words import CurveWords, Line, Observed
from sim.plots.outcome_curve import outcome_curve
from sim.plots.style import PNG_DPI, headline_look
from tests.conftest import examples
from tests.plots.pictures import (
    close_greys,
    lightness,
    png,
    smallest_text,
    troubled_texts,
)
from tests.plots.tables import (
    CONTEXT,
    FLAT,
    HUMP,
    OBSERVED,
    PATH,
    RISING,
    cells,
    input_sets,
)

SHAPES = {"rising": RISING, "hump": HUMP, "flat": FLAT, "falling": RISING[::-1]}
BY = "chips.kursk.regime"


def drawn(chances, **more):
    return outcome_curve(cells(chances), CONTEXT, **more)


def two_settings():
    """Cells with a curve in a collapse, and another in a lull, one reference in all."""
    other = cells(RISING[:1] + HUMP[1:]).assign(**{BY: "lull"})
    # The first of these is no reference: luck differs in some world.
    ends = [name for name in other if name.endswith("_diff_high")]
    other.loc[0, ends] = 0.01
    return pd.concat([cells(RISING).assign(**{BY: "collapse"}), other])


@pytest.fixture(scope="module")
def full():
    return drawn(HUMP, input_sets=input_sets(HUMP), observed=OBSERVED)


@pytest.fixture(scope="module")
def two():
    return outcome_curve(two_settings(), CONTEXT, by=BY, observed=OBSERVED)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("whole", [False, True])
def test_the_picture_is_whole_at_print_size(shape, whole, tmp_path):
    chances = SHAPES[shape]
    more = {"input_sets": input_sets(chances), "observed": OBSERVED} if whole else {}
    result = drawn(chances, **more)
    content = png(result.figure)
    (tmp_path / "picture.png").write_bytes(content)
    with Image.open(tmp_path / "picture.png") as image:
        millimetres = np.array(image.size) / PNG_DPI * 25.4
    assert millimetres == pytest.approx([160, 107], abs=0.2)
    assert (lightness(content) < 50).mean() > 0.005
    assert close_greys(content) == []
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0


@pytest.mark.parametrize("km2", [0.0, 30.0, 560.0, 640.0, 950.0, 1070.0])
def test_the_observed_area_is_inside_the_picture_wherever_it_lies(km2):
    observed = Observed(OBSERVED.day, km2, max(0.0, km2 - 40), km2 + 40)
    figure = drawn(RISING, observed=observed).figure
    assert troubled_texts(figure) == []
    for axes in figure.axes:
        low, high = axes.get_xlim()
        assert low < max(0.0, km2 - 40) < km2 + 40 < high


def test_chances_run_from_0_to_1_with_room_above_and_differences_alike(full):
    above, below = full.figure.axes[:2], full.figure.axes[2:]
    assert [axes.get_ylim() for axes in above] == [(0.0, pytest.approx(1 / 0.88))] * 2
    assert below[0].get_ylim() == below[1].get_ylim()
    heights = [axes.get_position().height for axes in (above[0], below[0])]
    assert heights[1] / sum(heights) == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("place", [0, 1])
def test_each_panel_is_headed_by_its_clause_and_drawn_from_the_table(full, place):
    headline, axes = HEADLINES[place], full.figure.axes[place]
    assert CONTEXT.happens(headline) in axes.get_title(loc="left")
    line = max(axes.lines, key=lambda each: each.get_linewidth())
    assert line.get_color() == headline_look(headline)["color"]
    assert np.array_equal(line.get_xdata(), full.table[PATH])
    assert np.array_equal(line.get_ydata(), full.table[headline])


def test_the_headlines_differ_by_dash_as_well():
    first, second = map(headline_look, HEADLINES)
    assert first["linestyle"] != second["linestyle"]


@pytest.mark.parametrize("headline", HEADLINES)
def test_the_caption_holds_the_numbers_of_the_table(full, headline):
    table, name = full.table, headline
    first, last = table.iloc[0], table.iloc[-1]
    highest = table.loc[table[name].idxmax()]
    difference = last[[f"{name}_diff{end}" for end in ("", "_low", "_high")]]
    ends = [f"{100 * row[name]:.0f}" for row in (first, last)]
    assert (
        f"From 0 to 1,000 km² {CONTEXT.happens(name)} in {ends[0]} to {ends[1]} of 100 "
        "runs; paired difference {:.0f}, interval {:.0f} to {:.0f}".format(
            *100 * difference
        )
    ) in full.caption
    at = f"{highest[PATH]:,.0f} km²"
    assert f"share, {100 * highest[name]:.0f}, is at {at}" in full.caption
    assert f"{OBSERVED.midpoint_km2:.0f} km² of Kursk" in full.caption
    sets, higher, lower = (
        table[f"{name}_inputs_{what}"][0] for what in ("sets", "higher", "lower")
    )
    assert f"{sets} sets of inputs" in full.caption
    clause = CONTEXT.happens(name)[1:]
    assert (
        f"{clause} in more runs at 1,000 km² than at 0 km² with {higher} of {sets} "
        f"sets, in fewer with {lower}"
    ) in full.caption
    share = table[name]
    away = (share < table[f"{name}_inputs_low"]) | (
        share > table[f"{name}_inputs_high"]
    )
    told = f"At {away.sum()} of {len(table)} settings the line itself lies outside"
    assert (told in full.caption) == bool(away.any())
    assert full.caption.splitlines()[-1] == CONTEXT.last_line()
    assert full.caption.endswith("a model's answer, not a forecast.")


@pytest.mark.parametrize("headline", HEADLINES)
def test_the_alternative_text_holds_the_numbers_of_the_table(full, headline):
    table, name = full.table, headline
    first, last = (f"{100 * table[name].iloc[at]:.0f}" for at in (0, -1))
    highest = table.loc[table[name].idxmax()]
    low, high = (100 * table[f"{name}_diff{end}"].iloc[-1] for end in ("_low", "_high"))
    clause = CONTEXT.happens(name)[1:]
    assert f"{clause}: {first} to {last} of 100 runs" in full.alt_text
    assert f"most {100 * highest[name]:.0f} at {highest[PATH]:,.0f} km²" in (
        full.alt_text
    )
    assert f"({low:.0f} to {high:.0f})" in full.alt_text


def test_without_sets_of_inputs_the_figure_says_that_it_shows_luck_only(full):
    alone = drawn(HUMP)
    assert "shows luck only" in alone.caption
    assert "luck only" not in full.caption
    for axes, other in zip(alone.figure.axes[:2], full.figure.axes[:2], strict=True):
        assert not any(patch.get_hatch() for patch in axes.collections)
        assert any(patch.get_hatch() for patch in other.collections)


def test_the_hatched_band_holds_nine_tenths_of_the_sets():
    sets = input_sets(HUMP, sets=1000)
    result = drawn(HUMP, input_sets=sets)
    joined = sets.merge(result.table, on=PATH, suffixes=("_set", ""))
    for name in HEADLINES:
        ends = joined[f"{name}_inputs_low"], joined[f"{name}_inputs_high"]
        inside = joined[f"{name}_set"].between(*ends)
        assert inside.mean() == pytest.approx(0.9, abs=0.005)


def test_sets_of_inputs_must_cover_every_setting():
    with pytest.raises(ValueError, match=r"no rows with .* = 1000"):
        drawn(RISING, input_sets=input_sets(RISING[:-1]))


def test_each_setting_of_a_second_path_has_a_line_of_its_own(two):
    assert troubled_texts(two.figure) == []
    assert smallest_text(two.figure) >= 8.0
    assert close_greys(png(two.figure)) == []
    assert 40 <= len(two.alt_text.split()) <= 90
    for axes, name in zip(two.figure.axes[:2], HEADLINES, strict=True):
        thick = [each for each in axes.lines if each.get_linewidth() == 1.5]
        shares = [each.get_ydata() for each in thick if each.get_marker() == "None"]
        expected = [rows[name] for _, rows in two.table.groupby(BY, sort=False)]
        assert np.array_equal(shares, expected)
    assert "the course of Kursk «lull», from 0 to 1,000 km² a full truce" in two.caption
    assert "difference from 0 km², «collapse», run by run" in two.caption
    assert "«collapse» 11 to 63 of 100 runs; «lull» 11 to 38 of 100" in two.alt_text
    assert list(two.table[BY].unique()) == ["collapse", "lull"]


def test_a_difference_from_another_line_is_not_called_paired(two):
    lull = two.caption.partition("«lull», from 0 to 1,000 km² a full truce")[2]
    assert "; unpaired difference" in lull.partition(".")[0]


def test_more_lines_than_marks_are_refused():
    many = pd.concat(cells(RISING).assign(**{BY: name}) for name in "abcd")
    with pytest.raises(ValueError, match="has 4 settings; 3 can be drawn"):
        outcome_curve(many, CONTEXT, by=BY)


def test_a_hump_is_told_with_both_its_sides():
    words = outcome_curve(cells(HUMP), CONTEXT).caption
    assert "The largest share, 59, is at 400 km²: against 0 km² paired" in words
    assert "against 1,000 km² unpaired difference 21" in words
    assert "The difference is larger than luck at both ends." in words


def words_of(table, context=CONTEXT, observed=None):
    lines = [Line(name, curve(table, PATH, name)) for name in HEADLINES]
    return CurveWords(lines, PATH, context, None, "0 km²", observed)


def test_a_peak_within_luck_is_not_called_one():
    words = words_of(cells((0.2, 0.28, 0.25), replicates=60, step=500.0))
    begun = words.lines[0]
    assert begun.curve.inner_largest() == 1
    assert "cannot distinguish it from" in words.shape(begun)
    assert "larger than luck" not in words.shape(begun)


def test_equal_shares_are_not_called_a_slope():
    result = drawn(FLAT)
    assert "All settings have the same share." in result.caption
    assert "which contains 0" in result.caption


def test_a_reference_in_the_middle_is_named_and_ends_are_not_called_paired():
    result = outcome_curve(cells(HUMP, reference=2), CONTEXT)
    assert "difference from 200 km²" in result.caption
    assert "; unpaired difference" in result.caption


@settings(max_examples=examples(25))
@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=12),
    st.sampled_from([1, 30, 400, 20_000]),
    st.booleans(),
)
def test_whatever_the_shape_the_words_fit_and_the_ends_are_named(
    chances, replicates, seen
):
    table = cells(chances, replicates=replicates)
    context = dataclasses.replace(CONTEXT, replicates=replicates)
    words = words_of(table, context, OBSERVED if seen else None)
    assert 40 <= len(" ".join(words.alt_text()).split()) <= 90
    text = " ".join(words.caption())
    for line in words.lines:
        assert words.counts.of(float(line.curve.share[-1])) in text
    assert "nan" not in text
    terminal = words.text()
    assert max(map(len, terminal.splitlines())) <= 80
    assert terminal.isascii()


def test_the_terminal_shows_every_row_of_the_table():
    table = cells(RISING)
    text = outcome_curve(table, CONTEXT, observed=OBSERVED).text
    begun, stopped = (text.index(f"{clause}:") for clause in (
        "A full truce begins by day 90", "The fighting has stopped at day 180"
    ))  # fmt: skip
    for name, part in ((BEGUN, text[begun:stopped]), (STOPPED, text[stopped:])):
        lines = part.splitlines()
        for setting, row in table.set_index(PATH).iterrows():
            share, low, high = (
                f"{100 * row[f'{name}{end}']:.0f}" for end in ("", "_low", "_high")
            )
            [line] = [
                line
                for line in lines
                if "|" in line and line.split()[0] == f"{setting:,.0f}"
            ]
            assert f"{share} ({low} to {high})" in line
        marks = [line.index("o", line.index("|")) for line in lines if "|" in line]
        assert marks == sorted(marks)
        assert marks[0] < marks[-1]
    assert "a model's answer, not a forecast." in " ".join(text.splitlines())


def test_another_quantity_has_no_unit_and_no_observation():
    table = cells(RISING).rename(columns={PATH: "aid.level"})
    result = outcome_curve(table, CONTEXT, path="aid.level", observed=OBSERVED)
    assert "km²" not in result.caption + result.alt_text
    assert result.title == (
        "With the aid level higher, does a truce begin, and does the fighting stop?"
    )


def test_another_war_has_its_own_labels_and_units():
    path = "chips.prisoners.amount"
    context = dataclasses.replace(
        CONTEXT, labels={"prisoners": "Captives"}, units={"prisoners": "people"}
    )
    table = cells(RISING).rename(columns={PATH: path})
    result = outcome_curve(table, context, path=path, observed=OBSERVED)
    words = result.title + result.caption + result.alt_text
    assert result.title.startswith("With more of Captives held, does a truce")
    assert "From 0 to 1,000 people a full truce begins by day 90" in result.caption
    assert "Captives held at the decision day, people" in result.alt_text
    assert not any(word in words for word in ("km²", "Kursk,", "Kursk held"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="full_truce_share_low"), "no column"),
        (lambda table: table.drop(columns="fighting_stopped_share"), "no column"),
        (lambda table: table.iloc[:0], "no cells"),
        (lambda table: table.iloc[[0, 0]], "occurs twice"),
        (lambda table: table.iloc[1:], "none of the cells is the reference"),
    ],
)
def test_tables_that_cannot_be_drawn_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        outcome_curve(change(cells(RISING)), CONTEXT)


def test_no_window_and_no_global_figure_is_opened(full):
    assert full.figure.number if hasattr(full.figure, "number") else True
    assert all(isinstance(axes, matplotlib.axes.Axes) for axes in full.figure.axes)
