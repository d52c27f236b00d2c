"""From the rates a user writes to the value of war, twice: the project's way and ours.

Ours knows the text of the model only: it converts weeks to days by itself, builds the
chain of regimes and the chain of line and chip, and solves them.
"""

import itertools
import math

import numpy as np
import pytest
from hypothesis import strategies as st

from sim.model.parameters import build
from tests.formulas import oracles
from tests.formulas.sane_worlds import (
    MANY,
    costs,
    in_random_worlds,
    loss_shares,
    odds,
    regime_rates,
    shares,
    weekly_discounts,
)
from tests.stages.worlds import REFERENCE, Desk, scenario

EXACT = {"rel": 0.0, "abs": 1e-9}

REGIMES = ("calm", "lull", "storm")  # in the order of the record


def clear_cut(losses):
    """Whether it is clear which regimes lose more, in weeks and in days.

    A cut in aid speeds switches to those; conversion to days rounds, and may make
    equals of two losses that differ in the last bit.
    """
    pairs = itertools.combinations(losses.values(), 2)
    return all(one == other or abs(one - other) > 1e-9 for one, other in pairs)


@st.composite
def scenarios(draw):
    """What a file may say, in the sane ranges of section 11 of the model."""
    lines = draw(st.integers(8, 40))
    each = st.fixed_dictionaries
    return {
        "days": draw(st.sampled_from([1, 7])),
        "d": draw(weekly_discounts),
        "omega": draw(shares),
        "lines": lines,
        "line": draw(st.integers(1, lines - 1)),
        "h": draw(st.floats(0.05, 1.0)),
        "belief": draw(st.tuples(odds, odds)),
        "cost": draw(st.tuples(costs, costs)),
        "alpha": draw(st.tuples(shares, shares)),
        "aid": draw(st.floats(0.0, 1.5)),
        "long_run": draw(shares),
        "revert": draw(shares),
        "eta_a": draw(st.floats(0.2, 1.5)),
        "held": draw(shares),
        "regime": draw(st.sampled_from(REGIMES)),
        "loss": draw(each(dict.fromkeys(REGIMES, loss_shares)).filter(clear_cut)),
        "rate": draw(
            each({r: each(dict.fromkeys(REGIMES, regime_rates)) for r in REGIMES})
        ),
        "beta_a": draw(st.floats(0.0, 4.0)),
        "capture": draw(shares),
        "eta_k": draw(st.floats(-0.2, 0.4)),
        "value": draw(st.tuples(st.floats(-0.01, 0.03), st.floats(0.01, 0.15))),
    }


def written(s):
    """The scenario as a file would put it."""
    regimes = {
        name: {
            "loss_per_week": s["loss"][name],
            "switch_per_week": {
                there: rate for there, rate in s["rate"][name].items() if there != name
            },
        }
        for name in REGIMES
    }
    terms = {
        "step_days": s["days"],
        "discount_factor_per_week": s["d"],
        "territory_flow": s["omega"],
        "front.stake_km2": 100 * s["lines"],
        "front.step_km2": 100,
        "front.share": s["line"] / s["lines"],
        "front.battles_per_week": s["h"],
        "aid.level": s["aid"],
        "aid.long_run_level": s["long_run"],
        "aid.revert_per_week": s["revert"],
        "aid.log_odds_per_unit": s["eta_a"],
        "chips.land.area_km2": 1000 * s["held"],
        "chips.land.regimes": regimes,
        "chips.land.regime": s["regime"],
        "chips.land.switch_on_aid_cut": s["beta_a"],
        "chips.land.capture_per_week": s["capture"],
        "chips.land.log_odds_while_held": s["eta_k"],
        "chips.land.value_to": {"u": s["value"][0], "r": s["value"][1]},
    }
    for side, party in enumerate("ur"):
        terms[f"parties.{party}.belief.win_probability"] = s["belief"][side]
        terms[f"parties.{party}.cost_of_war"] = s["cost"][side]
        terms[f"parties.{party}.bargaining_weight"] = s["alpha"][side]
    return scenario(REFERENCE, terms)


def in_a_step(s, weekly):
    """Chance per step of what has this chance per week."""
    return 1 - (1 - weekly) ** (s["days"] / 7)


def loss_hazards(s):
    """lam_eff of each regime, from the chain of regimes."""
    loss, switch = [], []
    for here in REGIMES:
        stays = (1 - in_a_step(s, s["loss"][here])) * (1 - in_a_step(s, s["capture"]))
        loss.append(1 - stays)
        rates = []
        for there in REGIMES:
            rate = s["rate"][here][there] * s["days"] / 7 if there != here else 0.0
            worse = 1 if s["loss"][there] > s["loss"][here] else -1
            rates.append(rate * math.exp(worse * s["beta_a"] * (1 - s["aid"])))
        leave = 1 - math.exp(-sum(rates))
        row = [leave * rate / sum(rates) if sum(rates) else 0.0 for rate in rates]
        row[REGIMES.index(here)] = 1 - leave
        switch.append(row)
    d = s["d"] ** (s["days"] / 7)
    held = oracles.chip_held(loss, switch, d)
    return (1 - d) / d * (1 / held - 1)


def mean_until(hazard, d):
    """Weight of the present in a discounted mean of what jumps with a hazard.

    From a chain of two states, before and after the jump.
    """
    stay = np.array([[1 - hazard, hazard], [0.0, 1.0]])
    return np.linalg.solve(np.eye(2) - d * stay, np.array([1 - d, 0.0]))[0]


def wars(s):
    """Values of war of both sides at their costs, from the chain of line and chip."""
    d, h = s["d"] ** (s["days"] / 7), s["h"] * s["days"] / 7
    hazard = loss_hazards(s)[REGIMES.index(s["regime"])]
    stays = mean_until(in_a_step(s, s["revert"]), d)
    aid = stays * s["aid"] + (1 - stays) * s["long_run"]
    shift = s["eta_a"] * (aid - 1) + s["eta_k"] * s["held"] * mean_until(hazard, d)
    found = []
    for side in (0, 1):
        ratio = s["belief"][side] / (1 - s["belief"][side]) * math.exp(shift)
        own = ratio / (1 + ratio) if side == 0 else 1 / (1 + ratio)
        line = s["line"] if side == 0 else s["lines"] - s["line"]
        flow = (1 if side == 0 else -1) * s["value"][side] * s["held"]
        chain = (own, s["lines"], d, h, s["omega"], s["cost"][side], flow, hazard)
        found.append(oracles.war(*chain)[line])
    return found


@MANY
def test_war_and_the_least_a_side_accepts_follow_from_what_the_file_says(count):
    """The least is war, and a part of what both could share but for the next round."""

    def claim(s):
        desk = Desk(build(written(s)))
        own, other = wars(s)
        assert desk.wars() == pytest.approx((own, other), **EXACT)
        swap = max(0.0, s["value"][0] - s["value"][1]) * s["held"]
        lost = (1 - s["d"]) * (sum(s["cost"]) + 1 - s["omega"])  # a round a week
        shared = max(0.0, 1 + swap - own - other - lost)
        least = desk.t.reservation - desk.t.fighting * desk.w.cost
        expected = [own + s["alpha"][0] * shared, other + s["alpha"][1] * shared]
        assert least == pytest.approx(expected, **EXACT)

    in_random_worlds(count, claim, scenarios())


@MANY
def test_how_fast_a_chip_melts_follows_from_what_the_file_says(count):
    def claim(s):
        desk = Desk(build(written(s)))
        desk.see()
        found = desk.t.loss_hazard[0, : len(REGIMES)]
        assert found == pytest.approx(loss_hazards(s), **EXACT)

    in_random_worlds(count, claim, scenarios())
