"""Figure 4: every cell has its number, readable on its colour, and the words fit."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from sim.batch.estimates import BEGUN, HEADLINES, STOPPED
from sim.batch.intervals import wilson
from sim.plots.outcome_heatmap import MOST_ACROSS, outcome_heatmap
from tests.plots.pictures import smallest_text, troubled_texts
from tests.plots.tables import CONTEXT, OBSERVED

AREA, AID = "chips.kursk.area_km2", "aid.level"


def cells(columns=9, rows=5, runs=400, shift=0.0, most=1.0):
    """Shares that rise along both quantities, from none to all; half of them last."""
    table = pd.DataFrame(
        [
            {AREA: 100.0 * column, AID: 0.25 * row, "replicates": runs}
            for row in range(rows)
            for column in range(columns)
        ]
    )
    share = most * (table[AREA] / 900 + table[AID] / 1.25) / 2 + shift
    for headline, part in ((BEGUN, 1.0), (STOPPED, 0.5)):
        found = wilson((part * share.clip(0, 1) * runs).round(), runs)
        for name, values in zip(("", "_low", "_high"), found, strict=True):
            table[f"{headline}{name}"] = values
    return table


def drawn(table=None, **more):
    return outcome_heatmap(cells() if table is None else table, CONTEXT, **more)


VARIANTS = {
    "grid": {},
    "observed": {"observed": OBSERVED, "observed_up": 1.0},
    "few": {"table": cells(6)},
    "one cell": {"table": cells(1, 1)},
    "one row": {"table": cells(MOST_ACROSS, 1)},
    "largest": {"table": cells(MOST_ACROSS, 12)},
    "no truces": {"table": cells(shift=-2.0)},
    "few runs": {"table": cells(runs=20)},
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_picture_is_whole_at_print_size_and_told_in_words(variant):
    result = drawn(**VARIANTS[variant])
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 90
    assert result.caption.endswith(CONTEXT.last_line())
    assert "nan" not in result.caption + result.alt_text


def numbers(result, panel):
    """Text and colours of each cell of a panel, row by row from below."""
    axes = result.figure.axes[panel]
    return [
        (text.get_text(), to_rgb(text.get_color()), patch.get_facecolor()[:3])
        for text, patch in zip(axes.texts, axes.patches, strict=True)
    ]


@pytest.mark.parametrize("panel", [0, 1])
def test_every_cell_has_its_count_in_brackets_where_one_half_is_possible(panel):
    result, name = drawn(), HEADLINES[panel]
    assert CONTEXT.happens(name) in result.figure.axes[panel].get_title(loc="left")
    rows = result.table.to_dict("records")
    for (text, *_), row in zip(numbers(result, panel), rows, strict=True):
        count = f"{100 * row[name]:.0f}"
        spans = row[f"{name}_low"] < 0.5 < row[f"{name}_high"]
        assert text == (f"({count})" if spans else count)
        assert spans == row[f"{name}_unclear"]


def bright(colour):
    channel = np.array(colour)
    linear = np.where(
        channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4
    )
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("panel", [0, 1])
def test_numbers_can_be_read_on_their_cells(panel):
    for _, ink, ground in numbers(drawn(), panel):
        pair = sorted([bright(ink), bright(ground)])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) > 3.5


def test_the_colours_span_the_values_shown_and_are_the_same_in_both_panels():
    few = drawn(cells(most=0.2))
    grounds = [
        ground for panel in (0, 1) for _, _, ground in numbers(few, panel)
    ]  # fmt: skip
    shares = pd.concat([few.table[name] for name in HEADLINES]).to_numpy()
    lightest, darkest = (grounds[at] for at in (shares.argmax(), shares.argmin()))
    assert bright(lightest) > 0.7
    assert bright(darkest) < 0.05
    by_share = dict(zip(shares.tolist(), map(bright, grounds), strict=True))
    rising = [by_share[share] for share in sorted(by_share)]
    assert rising == sorted(rising)


def test_what_is_marked_is_labelled_in_the_picture():
    """Lines, brackets and what was observed, each where it is drawn, else not."""

    def labels(result):
        keys = result.figure.legends
        return [text.get_text().strip() for key in keys for text in key.get_texts()]

    every = labels(drawn(observed=OBSERVED, observed_up=1.0))
    assert {each for each in every if each} == {
        "25 of 100",
        "50 of 100",
        "75 of 100",
        "observed 13 Mar 2025",
        "in brackets: the interval includes 50",
    }
    far = dataclasses.replace(OBSERVED, midpoint_km2=2000.0)
    assert "observed" not in " ".join(labels(drawn(observed=far, observed_up=1.0)))
    low = drawn(cells(most=0.3))
    assert labels(low) == ["25 of 100"]


def test_the_caption_reads_one_contour_of_each_headline():
    # Share 1/2 lies at 900 km2 less 720 for each unit of aid.
    result = drawn()
    begun, stopped = result.caption.split("The fighting has stopped at day 180 in")
    assert "The line at 50 of 100" in begun
    assert "at the aid level 1 it is at 180 km²" in begun
    assert "offset by about 540 km² more, in this model" in begun
    assert "The line at 25 of 100" in stopped


def test_where_no_line_is_crossed_twice_the_caption_says_so():
    assert "cannot make up for the other" in drawn(cells(shift=-2.0)).caption


@pytest.mark.parametrize("name", HEADLINES)
def test_most_and_fewest_are_those_of_the_table(name):
    result = drawn()
    most = f"{100 * result.table[name].max():.0f} of 100 runs at"
    clause = CONTEXT.happens(name)[1:]
    assert f"{clause} in {most}" in result.caption
    assert f"{clause}: most {most}" in result.alt_text


def test_more_cells_than_numbers_fit_are_refused():
    with pytest.raises(ValueError, match="10 by 5 cells"):
        drawn(cells(MOST_ACROSS + 1))


def test_two_other_quantities_are_called_by_their_words():
    names = {
        AREA: "parties.russia.cost_of_war_km2.value",
        AID: "truce.breakdown_per_week",
    }
    result = drawn(
        cells().rename(columns=names), across=names[AREA], up=names[AID],
        observed=OBSERVED,
    )  # fmt: skip
    assert result.title == (
        "When do Russia's cost of war and the truce breakdown replace each other?"
    )
    words = result.caption + result.alt_text
    assert "Kursk" not in words
    assert "bserved" not in words
    assert "at 800 km² and truce breakdown, a week 1" in words
