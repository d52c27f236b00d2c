"""Figure 12: both matrices whole at print size, and what it says is in its table."""

import numpy as np
import pandas as pd
import pytest

from sim.analysis.tournament import best_table, payoff_of
from sim.batch.estimates import STOPPED
from sim.batch.intervals import mean, wilson
from sim.plots.tournament import MOST_IN_FIGURE, tournament
from tests.plots.pictures import png, smallest_text, troubled_texts
from tests.plots.tables import CONTEXT

NAMES = ("best response", "Patient", "hardliner, premium_km2 160", "boulware", "x", "y")
PARTIES = ("russia", "ukraine")


def drawn(count, runs=300):
    rng = np.random.default_rng(1)
    luck, names = rng.normal(0.0, 60.0, (runs, 2)), NAMES[:count]
    payoffs, rows = {}, []
    for i, one in enumerate(names):
        for j, other in enumerate(names):
            means = np.array([5400.0 - 9 * i + 3 * j, -20.0 + 12 * i * j])
            found = payoffs[one, other] = luck + means
            stopped = wilson(10 * (i + j) + 3, runs)
            row = {"policy.russia": one, "policy.ukraine": other, "replicates": runs}
            for seat, party in enumerate(PARTIES):
                ends = zip(("", "_low", "_high"), mean(found[:, seat]), strict=True)
                row |= {f"{payoff_of(party)}{end}": value for end, value in ends}
            ends = zip(("", "_low", "_high"), stopped, strict=True)
            rows.append(row | {f"{STOPPED}{end}": float(each) for end, each in ends})
    return tournament(
        pd.DataFrame(rows),
        best_table(payoffs, PARTIES),
        CONTEXT,
        parties=PARTIES,
        policies=names,
    )


@pytest.mark.parametrize("count", [2, 3, MOST_IN_FIGURE])
def test_the_picture_is_whole_at_print_size(count):
    result = drawn(count)
    assert png(result.figure)
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 130


def test_each_cell_has_the_payoff_of_the_rows_party_and_how_often_fighting_stopped():
    result = drawn(3)
    names = NAMES[:3]
    table = result.table.set_index(["policy.russia", "policy.ukraine"])
    for seat, axes in enumerate(result.figure.axes):
        cells = iter(text.get_text() for text in axes.texts)
        for own in names:
            for other in names:
                row = table.loc[(own, other) if seat == 0 else (other, own)]
                mean, stopped = next(cells).split("\n")
                told = mean.partition(" ")[0].replace("\N{MINUS SIGN}", "-")
                payoff = row[payoff_of(PARTIES[seat])]
                assert float(told.replace(",", "")) == pytest.approx(payoff, abs=0.51)
                assert stopped == f"stopped {100 * row[STOPPED]:.0f}"


def test_more_policies_than_fit_are_refused():
    with pytest.raises(ValueError, match=f"room for {MOST_IN_FIGURE}"):
        tournament(
            pd.DataFrame(), pd.DataFrame(), CONTEXT, parties=PARTIES, policies=range(9)
        )
