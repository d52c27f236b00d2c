"""Figure 9: rows, differences around 0, and counts of pairs in words."""

import numpy as np
import pytest

from sim.analysis.compare import Setting, comparison_table
from sim.plots.comparison import MOST_ROWS, comparison, shown_columns, wrapped
from sim.plots.figure import save
from tests.plots.pictures import close_greys, png, smallest_text, troubled_texts
from tests.plots.tables import CONTEXT, worlds

LABELS = (
    "kursk-2025-03-13",
    "aid.level 0.5, was 1",
    "parties.russia.belief.drift_km2_per_week -15, was -36",
    "no-incursion (48 values differ)",
    "chips.kursk.regimes.collapse.switch_per_week.lull 0.5, was 0.3",
    "negotiation.offers.thirty_days_back_aid.duration_days 60, was 30",
)


def table(chances, replicates=400, **more):
    rows = []
    for label, chance in zip(LABELS, chances, strict=False):
        outcomes = worlds(chance, replicates) | more
        ends = outcomes["fighting_stopped_day"]
        rows.append(Setting(label, "kursk", "f00", (label,), 180, outcomes, ends))
    return comparison_table(rows, within_days=90)


@pytest.fixture(scope="module")
def drawn():
    return comparison(table((0.3, 0.2, 0.6)), CONTEXT)


@pytest.mark.parametrize(
    "chances",
    [
        (0.3, 0.2),
        (0.3, 0.3),
        (0.12, 0.07),
        (0.9, 0.8, 0.7, 0.95),
        (0.1,) * 6,
        (0.0, 1.0),
    ],
)
def test_the_picture_is_whole_at_print_size(chances):
    result = comparison(table(chances), CONTEXT)
    content = png(result.figure)
    assert close_greys(content) == []
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 90


def test_estimates_stand_above_and_differences_below_around_0(drawn):
    columns = shown_columns(drawn.table, CONTEXT)
    above, below = drawn.figure.axes[: len(columns)], drawn.figure.axes[len(columns) :]
    for column, over, under in zip(columns, above, below, strict=True):
        dots = over.lines[-1].get_xdata()
        assert np.array_equal(dots, drawn.table[column.name])
        differences = under.lines[-1].get_xdata()
        assert np.array_equal(differences, drawn.table[f"{column.name}_diff"][1:])
        low, high = under.get_xlim()
        assert low == -high


def test_the_days_are_a_median_only_where_every_row_reaches_one():
    names = [each.name for each in shown_columns(table((0.3, 0.8)), CONTEXT)]
    assert "days_fought_mean" in names
    names = [each.name for each in shown_columns(table((0.9, 0.8)), CONTEXT)]
    assert "first_full_truce_day_median" in names


def test_caption_and_alternative_text_count_pairs_as_the_table_does(drawn):
    for place in (1, 2):
        row = drawn.table.iloc[place]
        counts = (
            f"{row.ends_earlier} of 400 runs end earlier, {row.ends_later} later, "
            f"{row.ends_same} the same in {'ABC'[place]} as in A"
        )
        assert counts in drawn.caption
        low, high = row.full_truce_share_diff_low, row.full_truce_share_diff_high
        assert f"interval {100 * low:.0f} to {100 * high:.0f}" in drawn.caption
    assert f"{drawn.table.ends_earlier[1]} of 400 runs end earlier" in drawn.alt_text
    assert f"B: {LABELS[1]}." in drawn.caption
    assert drawn.caption.endswith("a model's answer, not a forecast.")


def test_runs_that_end_by_a_defeat_are_counted_apart():
    first, second = (worlds(chance, 400) for chance in (0.1, 0.1))
    beaten = np.arange(400) < 50
    second["end"] = np.where(beaten, 3, 0).astype(np.int8)
    ends = np.where(beaten, 20.0, np.nan)
    rows = [
        Setting("a", "a", "f", (), 180, first, np.full(400, np.nan)),
        Setting("b", "b", "f", ("x 1, was 0",), 180, second, ends),
    ]
    result = comparison(comparison_table(rows, within_days=90), CONTEXT)
    assert "50 of 400 runs end earlier (50 of them by a defeat)" in result.caption


def test_one_row_or_too_many_are_refused():
    for count in (1, MOST_ROWS + 1):
        many = table((0.2,) * 6)
        rows = many.iloc[[0] * count].reset_index(drop=True)
        with pytest.raises(ValueError, match="room for 2 to"):
            comparison(rows, CONTEXT)


def test_long_labels_are_broken_where_a_reader_would():
    assert wrapped("aid.level 0.5, was 1") == "aid.level 0.5, was 1"
    assert all(len(line) <= 26 for line in wrapped(LABELS[4]).splitlines())
    assert wrapped(LABELS[5], 2).endswith("…")


def test_the_files_are_the_same_each_time(drawn, tmp_path):
    again = comparison(table((0.3, 0.2, 0.6)), CONTEXT)
    for each, folder in ((drawn, "one"), (again, "two")):
        save(each, tmp_path / folder)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
