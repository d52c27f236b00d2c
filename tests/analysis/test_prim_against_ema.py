"""Boxes beside those of the EMA Workbench, an implementation by others.

Runs with the extra `checks`; without the workbench the tests are skipped.
"""

import pandas as pd
import pytest

from sim.analysis.scenario_discovery import chosen, peel, worth
from tests.analysis.test_prim import INPUTS, planted

prim = pytest.importorskip(
    "ema_workbench.analysis.prim",
    reason="ema_workbench is not installed: pip install 'ceasefire-sim[checks]'",
)

# What the workbench does to pandas is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.mark.parametrize("seed", range(4))
def test_both_find_the_same_inputs_and_a_box_worth_as_much(seed):
    x, y = planted(1000, seed=seed)
    names = [f"x{at}" for at in range(INPUTS)]
    search = prim.Prim(pd.DataFrame(x, columns=names), y > 0.5, threshold=0.5)
    theirs = search.find_box()
    boxes = peel(x, y)
    ours = chosen(boxes, x, y)
    steps = theirs.peeling_trajectory
    mine = worth(ours, x, y)
    # Of their steps, the one nearest to ours in size.
    near = steps.iloc[(steps["mass"] - mine.mass).abs().argsort().iloc[0]]
    assert mine.density == pytest.approx(near["density"], abs=0.05)
    assert mine.coverage == pytest.approx(near["coverage"], abs=0.05)
    limits = theirs.box_lims[int(near["id"])]
    moved = {
        at
        for at, name in enumerate(names)
        if limits[name].iloc[0] > x[:, at].min() + 0.2
        or limits[name].iloc[1] < x[:, at].max() - 0.2
    }
    assert moved == {0, 2} == set(ours.restricted)
