"""Ends of runs in words, each run in one row, and never more rows than fit."""

import numpy as np
import pandas as pd

from sim.analysis.endings import (
    NO_TRUCE,
    PAUSE_ENDED,
    ends_by_kind,
    place_among,
    run_ends,
)


def runs(*ends, begun=None):
    """Rows (end, terms, conditions, day on which the fighting stopped).

    A first full truce `begun` on an earlier day, by the number of the row, has ended.
    """
    return pd.DataFrame(
        [
            {
                "replicate": number,
                "end": end,
                "terms": terms,
                "conditions": conditions,
                "first_full_truce_day": (begun or {}).get(
                    number, np.nan if end == "defeat" else day
                ),
                "fighting_stopped_day": np.nan if end == "defeat" else day,
                "defeated": "north" if end == "defeat" else None,
                "defeat_day": day if end == "defeat" else np.nan,
            }
            for number, (end, terms, conditions, day) in enumerate(ends)
        ]
    )


def test_each_end_is_told_with_its_terms_and_day():
    table = run_ends(
        runs(
            ("war", None, "", np.nan),
            ("truce", "thirty_days", "hand_back, aid_freeze", 35.0),
            ("defeat", None, "", 80.0),
            ("settled", "freeze", "", 12.0),
            ("war", None, "", np.nan),
            begun={4: 20.0},
        ),
        offers={"thirty_days": "a 30-day truce", "freeze": "an open-ended truce"},
    )
    assert table.kind.tolist() == [
        NO_TRUCE,
        "30-day truce, land handed back and aid frozen",
        "defeat of North",
        "settlement after open-ended truce",
        PAUSE_ENDED,
    ]
    assert table.row.tolist() == [4, 1, 2, 0, 3]
    assert table.day.fillna(-1).tolist() == [-1, 35, 80, 12, -1]
    assert table.begun.fillna(-1).tolist() == [-1, 35, -1, 12, 20]


def test_a_pause_that_ended_is_counted_whatever_came_of_it():
    ends = [("war", None, ""), ("truce", "freeze", ""), ("defeat", None, "")]
    days = [np.nan, 60.0, 90.0]
    rows = [(*end, day) for end, day in zip(ends * 2, days * 2, strict=True)]
    table = run_ends(runs(*rows, begun={0: 5.0, 1: 6.0, 2: 7.0}))
    assert table.pause_ended.tolist() == [True] * 3 + [False] * 3
    assert table.kind[:3].tolist() == [PAUSE_ENDED, "freeze", "defeat of North"]


def test_truces_are_in_the_order_of_their_number():
    rare, often = ("truce", "swap", "", 1.0), ("truce", "freeze", "", 2.0)
    assert ends_by_kind(run_ends(runs(rare, often, often))).to_numpy().tolist() == [
        ["freeze", 2],
        ["swap", 1],
    ]


def test_the_rarest_truces_share_a_row_when_there_are_too_many():
    many = [("truce", f"offer_{n}", "", 1.0) for n in range(9) for _ in range(9 - n)]
    many += [("settled", f"offer_{n}", "", 1.0) for n in range(4)]
    table = run_ends(runs(*many, ("war", None, "", np.nan)))
    counts = ends_by_kind(table)
    assert len(counts) == 6
    assert counts.runs.sum() == len(many) + 1
    assert counts.kind.tolist()[-2:] == ["truce on other terms", NO_TRUCE]


def test_a_run_has_its_place_among_others():
    stops = ("truce", "freeze", "", 10.0), ("truce", "freeze", "", 30.0)
    others = runs(*stops, ("war", None, "", np.nan))
    assert place_among(others, 20.0) == (
        "its fighting stops earlier than in 2 of 3 runs"
    )
    assert place_among(others, None) == (
        "as in 1 of 3 runs, the fighting goes on at the end"
    )
