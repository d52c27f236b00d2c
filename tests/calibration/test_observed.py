"""Tables of what was observed: what they hold, what is news, what is refused."""

from datetime import date

import numpy as np
import pytest

from sim.errors import InputMissingError
from sim.scenario.observations import (
    Record,
    Series,
    news,
    read_record,
    read_series,
    recent,
    since_its_peak,
)

CHIP = "date,confirmed_held_km2,midpoint_km2,upper_bound_km2\n"


def series(days, areas):
    areas = np.array(areas, dtype=float)
    return Series("x", "midpoint_km2", np.array(days), areas, areas, areas)


@pytest.fixture
def table(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_area_of_kursk_is_what_the_scenarios_quote():
    kursk = read_series("kursk_held")
    on = dict(zip(map(date.fromordinal, kursk.day), kursk.area, strict=True))
    assert on[date(2024, 8, 20)] == pytest.approx(956, abs=0.5)
    assert on[date(2025, 3, 13)] == pytest.approx(189, abs=0.5)
    assert on[date(2025, 3, 2)] == pytest.approx(488, abs=0.5)
    assert kursk.area.max() == pytest.approx(1078, abs=0.5)
    assert kursk.date(-1) == date(2025, 3, 13)
    middle = 0.5 * (kursk.low + kursk.high)
    np.testing.assert_allclose(kursk.area, middle, atol=0.051)


def test_the_shipped_line_moves_as_the_scenarios_quote():
    line = read_series("russian_held_ukraine.csv")
    assert line.party == "russia"
    assert set(np.diff(line.day)) <= {6, 7, 8}
    assert len(line) == 115
    assert np.diff(line.area).mean() == pytest.approx(31.9, abs=0.05)
    assert np.diff(line.area).std() == pytest.approx(60.8, abs=0.05)
    assert line.area[-1] == 112425.1


def test_the_shipped_record_has_the_pause_of_aid_and_its_end():
    record = read_record("events")
    start = date(2025, 3, 3)
    assert record.happened("aid_resumed", start, 7) is False
    assert record.happened("aid_resumed", start, 8) is True
    assert record.happened("full_truce", start, 10) is False
    assert record.happened("full_truce", start, 11) is None


def test_what_came_counts_even_where_the_record_is_cut_short():
    day = date(2025, 1, 10)
    record = Record("x", date(2025, 1, 1), date(2025, 1, 20), ((day, "full_truce"),))
    assert record.happened("full_truce", day, 0) is True
    assert record.happened("full_truce", date(2025, 1, 9), 300) is True
    assert record.happened("full_truce", date(2025, 1, 11), 300) is None


def test_the_same_area_again_is_no_news_until_a_week_has_passed():
    kept = news(series([1, 2, 3, 4, 8, 9, 10, 30], [9, 9, 8, 8, 8, 8, 8, 8]))
    assert kept.day.tolist() == [1, 3, 10, 30]


def test_the_peak_is_the_last_day_of_the_largest_area():
    assert since_its_peak(series([1, 2, 3, 4], [5, 9, 9, 2])).day.tolist() == [3, 4]


def test_other_columns_of_a_table_are_left_alone(table):
    path = table("note,midpoint_km2,date\nx,5,2025-01-01\ny,4,2025-01-02\n")
    assert read_series(path).area.tolist() == [5.0, 4.0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2025-01-01,1,2,3\n2025-01-01,1,2,3\n", "table.csv:3: date: is not after"),
        ("2025-01-01,1,x,3\n", "table.csv:2: midpoint_km2: 'x' is not an area"),
        ("2025-01-01,1,-2,3\n", "table.csv:2: midpoint_km2: '-2' is not an area"),
        ("2025-01-01,1,nan,3\n", "'nan' is not an area"),
        ("2025-13-01,1,2,3\n", "table.csv:2: "),
        ("2025-01-01,1,2\n", "has 3 cells, the header 4"),
        ("2025-01-01,4,2,3\n", "confirmed_held_km2 4 is above"),
        ("2025-01-01,1,2,3\n", "needs at least two rows"),
    ],
)
def test_a_wrong_row_is_named_by_its_line(table, rows, said):
    with pytest.raises(InputMissingError, match=said):
        read_series(table(CHIP + rows))


def test_all_wrong_rows_are_named_together(table):
    with pytest.raises(InputMissingError) as refused:
        read_series(table(CHIP + "2025-01-01,1,x,3\n2025-01-02,1,y,3\n"))
    assert str(refused.value).count("table.csv:") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("day,midpoint_km2\n1,2\n", "no column date; it has day"),
        ("date,area\n2025-01-01,2\n", "no column midpoint_km2 or held_by_PARTY_km2"),
    ],
)
def test_what_is_no_table_of_areas_is_refused(table, text, said):
    with pytest.raises(InputMissingError, match=said):
        read_series(table(text))


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdate,midpoint_km2\n2025-01-01,5\n2025-01-02,4\n",
        "\n , \ndate,midpoint_km2,,\n\n2025-01-01,5\n,,,\n2025-01-02,4,,\n  \n",
        'date , "midpoint_km2"\r\n2025-01-01, 5.0\r\n 2025-01-02 ,4e0\r\n',
        "20250101,5\n2025-01-02,4\n".join(["date,midpoint_km2\n", ""]),
    ],
)
def test_what_spreadsheets_add_to_a_table_does_not_matter(table, text):
    assert read_series(table(text)).area.tolist() == [5.0, 4.0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date;midpoint_km2\n2025-01-01;5\n", "by commas, not by semicolons"),
        ("date\tmidpoint_km2\n2025-01-01\t5\n", "by commas, not by tabs"),
        ('date,midpoint_km2\n2025-01-01,"5,1"\n', "written with a point"),
        ("date,midpoint_km2\n2025-01-01,1_0\n", "'1_0' is not an area"),
        ("date,midpoint_km2\n2025-01-01,1e9\n", "more than there is on Earth"),
        ("date,midpoint_km2\n2025-01-01,inf\n", "more than there is on Earth"),
        ("date,midpoint_km2\n2025-01-01T00:00:00Z,1\n", "is not a day such as"),
        ("date,midpoint_km2\n2025-01-02,1\n2025-01-01,1\n", ":3: date: is not after"),
        ("date,midpoint_km2\n2025-01-01,1\n2025-01-01,1\n", "each day once"),
        ('date,midpoint_km2\n2025-01-01,"1\n', "unexpected end of data"),
        ("date,midpoint_km2,date\n", "the header has 'date' twice"),
        ("date,midpiont_km2\n", "did you mean 'midpoint_km2' by 'midpiont_km2'"),
        ("Date,midpoint_km2\n", "did you mean 'date' by 'Date'"),
        (
            "date,midpoint_km2,confirmed_held_km2,uper_bound_km2\n",
            "did you mean 'upper_bound_km2' by 'uper_bound_km2'",
        ),
        ("date,held_by_a_km2,held_by_b_km2\n", "keep one column of held_by_a_km2"),
    ],
)
def test_a_table_that_may_mean_something_else_is_refused(table, text, said):
    with pytest.raises(InputMissingError, match=said):
        read_series(table(text))


def test_a_column_asked_for_is_named_with_the_nearest(table):
    path = table("date,midpoint_km2,lower_km2\n2025-01-01,1,1\n")
    with pytest.raises(InputMissingError, match="did you mean 'lower_km2'"):
        read_series(path, "loewr_km2")


def test_a_table_too_large_or_not_text_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    for content, said in (
        (b"date,midpoint_km2\n" + b"\n" * 16_000_000, "more than 16,000,000 bytes"),
        (b"date,midpoint_km2\n2025-01-01,\xff\n", "not text in UTF-8"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputMissingError, match=said):
            read_series(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Full_Truce", "csv:2: event: 'Full_Truce' is not one of .*mean 'full_truce'"),
        ("aid_resume", "did you mean 'aid_resumed'"),
        ("", "'' is not one of"),
    ],
)
def test_an_event_that_is_misspelt_is_not_taken_for_one_that_did_not_come(
    table, name, said
):
    """f16."""
    with pytest.raises(InputMissingError, match=said):
        read_record(table(f"date,event\n2025-03-03,{name}\n2025-12-31,record_ends\n"))


def test_a_record_that_ends_before_it_begins_is_refused(table):
    path = table("date,event\n2025-03-03,record_ends\n2025-12-31,record_begins\n")
    with pytest.raises(InputMissingError, match="2025-12-31 is after record_ends"):
        read_record(path)


def test_the_recent_past_begins_after_the_last_long_gap():
    seen = series([1, 2, 50, 51, 90, 91], [6, 5, 4, 3, 2, 1])
    assert recent(seen, gap=30, days=1000).day.tolist() == [90, 91]
    assert recent(seen, gap=60, days=41).day.tolist() == [50, 51, 90, 91]


def test_a_missing_table_names_those_that_are_shipped():
    with pytest.raises(InputMissingError, match="shipped are events, kursk_held"):
        read_series("kursk_lost")
