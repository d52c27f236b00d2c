"""A grid of shares: crossings between settings, and what makes up for what."""

import pandas as pd
import pytest

from sim.analysis.grid import crossings, grid, offset

AREA, AID = "chips.kursk.area_km2", "aid.level"


def cells(shares, halfwidth=0.05):
    """Shares by aid, at areas 0, 100, 200 ..."""
    return pd.DataFrame(
        [
            {
                AREA: 100.0 * place,
                AID: aid,
                "replicates": 100,
                "full_truce_share": share,
                "full_truce_share_low": share - halfwidth,
                "full_truce_share_high": share + halfwidth,
            }
            for aid, row in shares.items()
            for place, share in enumerate(row)
        ]
    )


def table(shares):
    return grid(cells(shares), AREA, AID, "full_truce_share")


def test_a_level_is_crossed_on_a_straight_line_between_two_settings():
    found = crossings(table({1.0: [0.1, 0.3, 0.6], 0.5: [0.1, 0.1, 0.2]}))
    assert found.to_numpy().tolist() == [
        [0.25, 1.0, pytest.approx(75)],
        [0.5, 1.0, pytest.approx(100 + 100 * 2 / 3)],
    ]


def test_less_of_one_is_made_up_for_by_more_of_the_other():
    found = offset(table({1.0: [0.4, 0.6, 0.8], 0.5: [0.2, 0.4, 0.6]}))
    assert found == {
        "level": 0.5,
        "up": 1.0,
        "across": pytest.approx(50),
        "other_up": 0.5,
        "other_across": pytest.approx(150),
    }
    assert offset(table({1.0: [0.4, 0.6], 0.5: [0.1, 0.2]})) is None


def test_a_cell_whose_interval_spans_one_half_is_in_brackets():
    found = table({1.0: [0.46, 0.54, 0.56]})
    assert found.in_brackets.tolist() == [True, True, False]


def test_a_grid_with_a_hole_or_a_repeated_cell_is_refused():
    full = cells({1.0: [0.1, 0.2], 0.5: [0.1, 0.2]})
    for wrong in (full.iloc[:3], full.iloc[[0, 1, 2, 2]]):
        with pytest.raises(ValueError, match="pass a full grid"):
            grid(wrong, AREA, AID, "full_truce_share")
    with pytest.raises(ValueError, match="no column 'settled_share'"):
        grid(full, AREA, AID, "settled_share")
