"""Figure 4: every cell has its number, readable on its colour, and the words fit."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from sim.batch.intervals import wilson
from sim.plots.outcome_heatmap import MEDIAN, outcome_heatmap
from tests.plots.pictures import smallest_text, troubled_texts
from tests.plots.tables import CONTEXT, OBSERVED

AREA, AID = "chips.kursk.area_km2", "aid.level"


def cells(columns=9, rows=5, runs=400, shift=0.0):
    """Shares that rise along both quantities, from none to all."""
    table = pd.DataFrame(
        [
            {AREA: 100.0 * column, AID: 0.25 * row, "replicates": runs}
            for row in range(rows)
            for column in range(columns)
        ]
    )
    share = (table[AREA] / 900 + table[AID] / 1.25) / 2 + shift
    count = (share.clip(0, 1) * runs).round()
    found = wilson(count, runs)
    for name, values in zip(("", "_low", "_high"), found, strict=True):
        table[f"full_truce_share{name}"] = values
    table[MEDIAN] = np.where(count > runs / 2, 40.0, np.nan)
    return table


def drawn(table=None, **more):
    return outcome_heatmap(cells() if table is None else table, CONTEXT, **more)


VARIANTS = {
    "grid": {},
    "observed": {"observed": OBSERVED, "observed_up": 1.0},
    "with days": {"table": cells(6), "days": True},
    "one cell": {"table": cells(1, 1)},
    "one row": {"table": cells(12, 1)},
    "largest": {"table": cells(16, 12)},
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


def numbers(result):
    """Text and colours of each cell of the first panel, row by row from below."""
    axes = result.figure.axes[0]
    return [
        (text.get_text(), to_rgb(text.get_color()), patch.get_facecolor()[:3])
        for text, patch in zip(axes.texts, axes.patches, strict=True)
    ]


def test_every_cell_has_its_count_in_brackets_where_one_half_is_possible():
    result = drawn()
    for (text, *_), row in zip(numbers(result), result.table.itertuples(), strict=True):
        count = f"{100 * row.full_truce_share:.0f}"
        spans = row.full_truce_share_low < 0.5 < row.full_truce_share_high
        assert text == (f"({count})" if spans else count)
        assert spans == row.in_brackets


def test_numbers_can_be_read_on_their_cells():
    def bright(colour):
        channel = np.array(colour)
        linear = np.where(
            channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4
        )
        return linear @ [0.2126, 0.7152, 0.0722]

    for _, ink, ground in numbers(drawn()):
        pair = sorted([bright(ink), bright(ground)])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) > 3.5


def test_the_caption_reads_one_contour():
    # Share 1/2 lies at 900 km2 less 720 for each unit of aid.
    result = drawn()
    assert "The line at 50 of 100" in result.caption
    assert "at the aid level 1 it is at 180 km²" in result.caption
    assert "offset by about 540 km² more, in this model" in result.caption


def test_where_no_line_is_crossed_twice_the_caption_says_so():
    assert "does not make up for the other" in drawn(cells(shift=-2.0)).caption


def test_most_and_fewest_are_those_of_the_table():
    result = drawn()
    most = result.table.full_truce_share.max()
    for words in (result.caption, result.alt_text):
        assert f"{100 * most:.0f} of 100 runs with a full truce by day 90 at" in words


def test_the_day_of_half_of_the_runs_stands_beside_when_asked():
    result = drawn(cells(6), days=True)
    texts = [text.get_text() for text in result.figure.axes[1].texts]
    assert set(texts) == {"-", "40"}


def test_more_cells_than_numbers_fit_are_refused():
    with pytest.raises(ValueError, match="17 by 5 cells"):
        drawn(cells(17))


def test_two_other_quantities_are_called_by_their_words():
    names = {AREA: "parties.russia.cost_of_war.value", AID: "truce.breakdown_per_week"}
    result = drawn(
        cells().rename(columns=names), across=names[AREA], up=names[AID],
        observed=OBSERVED,
    )  # fmt: skip
    assert result.title == (
        "When do Russia's cost of war and the truce breakdown replace each other?"
    )
    assert "km²" not in result.caption + result.alt_text
