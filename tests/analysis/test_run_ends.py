"""Ends of runs in words, each run in one row, and never more rows than fit."""

import numpy as np
import pandas as pd

from sim.analysis.endings import STILL_FIGHTING, ends_by_kind, place_among, run_ends


def runs(*ends):
    """Rows (end, terms, conditions, day on which the fighting stopped)."""
    return pd.DataFrame(
        [
            {
                "replicate": number,
                "end": end,
                "terms": terms,
                "conditions": conditions,
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
        )
    )
    assert table.kind.tolist() == [
        STILL_FIGHTING,
        "truce: thirty days, land handed back and aid frozen",
        "defeat of North",
        "settlement after freeze",
    ]
    assert table.row.tolist() == [3, 1, 2, 0]
    assert table.day.fillna(-1).tolist() == [-1, 35, 80, 12]


def test_truces_are_in_the_order_of_their_number():
    rare, often = ("truce", "swap", "", 1.0), ("truce", "freeze", "", 2.0)
    assert ends_by_kind(run_ends(runs(rare, often, often))).to_numpy().tolist() == [
        ["truce: freeze", 2],
        ["truce: swap", 1],
    ]


def test_the_rarest_truces_share_a_row_when_there_are_too_many():
    many = [("truce", f"offer_{n}", "", 1.0) for n in range(9) for _ in range(9 - n)]
    many += [("settled", f"offer_{n}", "", 1.0) for n in range(4)]
    table = run_ends(runs(*many, ("war", None, "", np.nan)))
    counts = ends_by_kind(table)
    assert len(counts) == 6
    assert counts.runs.sum() == len(many) + 1
    assert counts.kind.tolist()[-2:] == ["truce: other terms", STILL_FIGHTING]


def test_a_run_has_its_place_among_others():
    stops = ("truce", "freeze", "", 10.0), ("truce", "freeze", "", 30.0)
    others = runs(*stops, ("war", None, "", np.nan))
    assert place_among(others, 20.0) == (
        "its fighting stops earlier than in 2 of 3 runs"
    )
    assert place_among(others, None) == ("like 1 of 3 runs it still fights at the end")
