"""Figure 3: what it draws, what it says, and what it refuses."""

import dataclasses

import matplotlib.axes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from sim.analysis.curve import curve
from sim.plots.outcome_curve import (
    CurveWords,
    Observed,
    outcome_curve,
)
from sim.plots.style import PNG_DPI
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


def drawn(chances, **more):
    return outcome_curve(cells(chances), CONTEXT, **more)


@pytest.fixture(scope="module")
def full():
    return drawn(HUMP, input_sets=input_sets(HUMP), observed=OBSERVED)


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
def test_the_observed_area_is_labelled_inside_the_picture_wherever_it_lies(km2):
    observed = Observed(OBSERVED.day, km2, max(0.0, km2 - 40), km2 + 40)
    assert troubled_texts(drawn(RISING, observed=observed).figure) == []


def test_chances_run_from_0_to_1_with_room_above(full):
    low, high = full.figure.axes[0].get_ylim()
    assert low == 0.0
    assert high == pytest.approx(1 / 0.88)
    heights = [axes.get_position().height for axes in full.figure.axes]
    assert heights[1] / sum(heights) == pytest.approx(0.25, abs=0.02)


def test_the_caption_holds_the_numbers_of_the_table(full):
    table = full.table
    first, last = table.iloc[0], table.iloc[-1]
    highest = table.loc[table.full_truce_share.idxmax()]
    difference = last[[f"full_truce_share_diff{end}" for end in ("", "_low", "_high")]]
    ends = [f"{100 * row.full_truce_share:.0f}" for row in (first, last)]
    assert f"{ends[0]} to {ends[1]} of 100 runs" in full.caption
    assert (
        "paired difference {:.0f}, interval {:.0f} to {:.0f}".format(*100 * difference)
        in full.caption
    )
    assert f"share, {100 * highest.full_truce_share:.0f}, is at 400 km²" in full.caption
    assert f"{OBSERVED.midpoint_km2:.0f} km² of Kursk" in full.caption
    assert f"{table.input_sets[0]} sets of inputs" in full.caption
    higher, lower = (
        table[f"input_sets_{way}_at_the_end"][0] for way in ("higher", "lower")
    )
    assert f"in {higher}, smaller in {lower} and" in full.caption
    assert full.caption.splitlines()[-1] == CONTEXT.last_line()
    assert full.caption.endswith("a model's answer, not a forecast.")


def test_the_alternative_text_holds_the_numbers_of_the_table(full):
    table = full.table
    for share in table.full_truce_share.iloc[[0, -1]]:
        assert f"{100 * share:.0f}" in full.alt_text
    assert f"highest at 400 km² with {100 * table.full_truce_share.max():.0f}" in (
        full.alt_text
    )
    low, high = table.full_truce_share_diff_low, table.full_truce_share_diff_high
    assert f"{100 * low.iloc[-1]:.0f} to {100 * high.iloc[-1]:.0f}" in full.alt_text


def test_the_drawn_line_is_the_table(full):
    line = max(full.figure.axes[0].lines, key=lambda each: each.get_linewidth())
    assert np.array_equal(line.get_xdata(), full.table[PATH])
    assert np.array_equal(line.get_ydata(), full.table.full_truce_share)


def test_without_sets_of_inputs_the_figure_says_that_it_shows_luck_only(full):
    alone = drawn(HUMP)
    assert "shows luck only" in alone.caption
    assert "luck only" not in full.caption
    hatched = [patch.get_hatch() for patch in alone.figure.axes[0].collections]
    assert not any(hatched)
    assert any(patch.get_hatch() for patch in full.figure.axes[0].collections)


def test_the_hatched_band_holds_nine_tenths_of_the_sets():
    sets = input_sets(HUMP, sets=1000)
    result = drawn(HUMP, input_sets=sets)
    joined = sets.merge(result.table, on=PATH, suffixes=("_set", ""))
    inside = joined.full_truce_share_set.between(joined.inputs_low, joined.inputs_high)
    assert inside.mean() == pytest.approx(0.9, abs=0.005)


def test_sets_of_inputs_must_cover_every_setting():
    with pytest.raises(ValueError, match=r"no rows with .* = 1000"):
        drawn(RISING, input_sets=input_sets(RISING[:-1]))


def test_a_hump_is_told_with_both_its_sides():
    words = outcome_curve(cells(HUMP), CONTEXT).caption
    assert "The largest share, 59, is at 400 km²: against 0 km² paired" in words
    assert "against 1,000 km² unpaired difference 21" in words
    assert "More than luck at both ends." in words


def test_a_peak_within_luck_is_not_called_one():
    few = cells((0.2, 0.28, 0.25), replicates=60, step=500.0)
    found = curve(few, PATH, "full_truce_share")
    assert found.inner_largest() == 1
    words = CurveWords(found, PATH, "full_truce_share", CONTEXT).shape()
    assert "do not tell it apart from" in words
    assert "More than luck" not in words


def test_equal_shares_are_not_called_a_slope():
    result = drawn(FLAT)
    assert "All settings have the same share." in result.caption
    assert "which holds 0" in result.caption


def test_a_reference_in_the_middle_is_named_and_ends_are_not_called_paired():
    result = outcome_curve(cells(HUMP, reference=2), CONTEXT)
    assert "difference from 200 km²" in result.caption
    assert "; unpaired difference" in result.caption
    assert "Unpaired difference of the ends" in result.alt_text


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
    found = curve(table, PATH, "full_truce_share")
    observed = OBSERVED if seen else None
    words = CurveWords(found, PATH, "full_truce_share", context, None, observed)
    assert 40 <= len(" ".join(words.alt_text()).split()) <= 90
    text = " ".join(words.caption())
    assert words.counts.of(float(found.share[-1])) in text
    assert "nan" not in text
    terminal = words.text()
    assert max(map(len, terminal.splitlines())) <= 80
    assert terminal.isascii()


def test_the_terminal_shows_every_row_of_the_table():
    table = cells(RISING)
    lines = outcome_curve(table, CONTEXT, observed=OBSERVED).text.splitlines()
    for setting, row in table.set_index(PATH).iterrows():
        share, low, high = (
            f"{100 * number:.0f}"
            for number in (
                row.full_truce_share,
                row.full_truce_share_low,
                row.full_truce_share_high,
            )
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
    assert "a model's answer, not a forecast." in " ".join(lines)


def test_another_quantity_has_no_unit_and_no_observation():
    table = cells(RISING).rename(columns={PATH: "aid.level"})
    result = outcome_curve(table, CONTEXT, path="aid.level", observed=OBSERVED)
    assert "km²" not in result.caption + result.alt_text
    assert result.title == "Is a ceasefire more likely when the aid level is higher?"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="full_truce_share_low"), "no column"),
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
