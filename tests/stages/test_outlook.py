"""Fighting on and offers, valued for random worlds and by brute force."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model.parameters import build
from sim.model.state import AT_SHARE, REGIMES
from tests.formulas import oracles
from tests.stages.worlds import REFERENCE, Desk, reference, scenario

shares = st.floats(0.0, 1.0)


def logit(p):
    return math.log(p / (1 - p))


def expit(x):
    return 1 / (1 + math.exp(-x))


CHIP = {"holder": "u", "peak_km2": 1000, "area_km2": 1000, "regimes": {"only": {}}}
TWO_CHIPS = {"chips": {"a": CHIP, "b": {**CHIP, "holder": "r"}}}


@pytest.fixture(scope="module")
def params():
    return build(scenario(REFERENCE, TWO_CHIPS))


@st.composite
def worlds(draw):
    """Settings of a world with two chips, one held by each side, in one regime."""
    lines = draw(st.integers(2, 20))
    pair = lambda low, high: [draw(st.floats(low, high)) for _ in range(2)]  # noqa: E731
    return {
        "lines": lines,
        "line": draw(st.integers(1, lines - 1)),
        "discount": draw(st.floats(0.8, 0.998)),
        "battle_chance": draw(st.floats(0.02, 1.0)),
        "omega": draw(shares),
        "belief": pair(0.2, 0.7),
        "cost": pair(0.02, 0.3),
        "aid": draw(st.floats(0.0, 2.0)),
        "revert": draw(shares),
        "long_run": draw(st.floats(0.0, 2.0)),
        "aid_log_odds": draw(st.floats(-1.0, 1.0)),
        "chip": pair(0.0, 1.0),
        "loss": pair(0.0, 1.0),
        "value": [pair(-0.03, 0.15), pair(-0.03, 0.15)],  # [side][chip]
        "chip_log_odds": pair(-0.4, 0.4),
        "rearmed": draw(st.floats(-0.5, 0.5)),
        "alpha": pair(0.0, 1.0),
        "round_discount": draw(st.floats(0.8, 1.0)),
    }


def set_up(params, s):
    desk = Desk(params.copy())
    p, w = desk.p, desk.w
    p.lines, p.discount, p.battle_chance = s["lines"], s["discount"], s["battle_chance"]
    p.territory_flow = s["omega"]
    p.aid_revert, p.aid_long_run = s["revert"], s["long_run"]
    p.aid_log_odds = s["aid_log_odds"]
    p.bargaining_weight[:] = s["alpha"]
    p.round_discount = s["round_discount"]
    for j in range(2):
        p.loss[j, 0] = s["loss"][j]
        p.chip_log_odds[j] = s["chip_log_odds"][j]
        for side in range(2):
            p.chip_value[side, j] = s["value"][side][j]
    w.line, w.aid_felt, w.rearmed = s["line"], s["aid"], s["rearmed"]
    w.aid = 7.0  # what is felt counts
    w.belief[:] = s["belief"]
    w.cost[:] = w.cost_low[:] = w.cost_high[:] = s["cost"]
    w.chip[:2] = s["chip"]
    return desk


def weighted(now, later, discount, hazard):
    days = np.arange(math.ceil(-35 / math.log(discount)))
    still = (1 - hazard) ** days
    worth = (1 - discount) * discount**days
    return float(np.sum(worth * (still * now + (1 - still) * later)))


def slow_war(s, side, line, chips, rearmed):
    """Value of war of a side at its own cost, chip by chip from the linear system."""
    d = s["discount"]
    towards = logit(s["belief"][side]) + rearmed
    aid = weighted(s["aid"], s["long_run"], d, s["revert"])
    towards += s["aid_log_odds"] * (aid - 1)
    for j in range(2):
        mean = weighted(chips[j], 0.0, d, s["loss"][j])
        towards += s["chip_log_odds"][j] * mean
    win = expit(towards if side == 0 else -towards)
    held = line if side == 0 else s["lines"] - line
    chain = (win, s["lines"], d, s["battle_chance"])
    total = oracles.war(*chain, s["omega"], s["cost"][side])[held]
    free = oracles.war(*chain, 0.0, 0.0)[held]
    for j in range(2):
        alone = oracles.war(*chain, 0.0, 0.0, 1.0, s["loss"][j])[held] - free
        worth = s["value"][side][j] * chips[j] * alone
        total += worth if j == side else -worth  # side j holds chip j
    return total


def slow_surplus(s, chips, wars):
    total = 1.0 - sum(wars)
    for j in range(2):
        total += max(0.0, s["value"][j][j] - s["value"][1 - j][j]) * chips[j]
    return total


@given(s=worlds())
def test_war_solves_the_chains_of_line_and_chips(params, s):
    desk = set_up(params, s)
    slow = [slow_war(s, i, s["line"], s["chip"], s["rearmed"]) for i in range(2)]
    assert desk.wars() == pytest.approx(slow, rel=1e-7, abs=1e-9)


@given(s=worlds())
def test_least_a_side_accepts_is_war_and_its_part_of_the_surplus(params, s):
    desk = set_up(params, s)
    slow = [slow_war(s, i, s["line"], s["chip"], s["rearmed"]) for i in range(2)]
    surplus = slow_surplus(s, s["chip"], slow)
    dividend = sum(s["cost"]) + 1 - s["omega"]
    part = max(0.0, surplus - (1 - s["round_discount"]) * dividend)
    desk.see()
    found = desk.t.reservation - desk.t.fighting * desk.w.cost
    expected = [slow[i] + s["alpha"][i] * part for i in range(2)]
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-9)


@st.composite
def truces(draw, lines=20):
    return {
        "duration": draw(st.integers(1, 60)),
        "z": draw(st.floats(0.0, 0.3)),
        "pi": draw(st.floats(0.0, 0.3)),
        "line": draw(st.integers(0, 20)),
        "back": [draw(shares) for _ in range(2)],
        "freeze": draw(shares),
        "relief": draw(shares),
        "audience": [draw(st.floats(0.0, 0.1)) for _ in range(2)],
        "claimed": [draw(shares) for _ in range(2)],
        "kap": draw(st.floats(0.0, 0.1)),
        "gam": draw(st.floats(0.0, 0.1)),
        "arms": [draw(st.floats(0.0, 0.02)) for _ in range(2)],
    }


def put_terms(desk, s, o):
    p = desk.p
    p.duration[0] = o["duration"]
    p.line_kind[0], p.line_share[0] = AT_SHARE, o["line"] / 20
    p.hand_back[0, :2] = o["back"]
    p.aid_freeze[0], p.sanctions_relief[0] = o["freeze"], o["relief"]
    desk.w.audience_cost[:] = o["audience"]
    p.claimed_share[:] = o["claimed"]
    p.aid_freeze_cost[0], p.sanctions_relief_value[1] = o["kap"], o["gam"]
    p.rearmament[:] = o["arms"]
    for variant, pi in ((0, 0.0), (1, o["pi"])):
        leave = o["z"] + pi
        kept = s["discount"] * (1 - leave)
        days = range(o["duration"])
        p.breakdown[0, variant], p.settlement[0, variant] = o["z"], pi
        p.annuity[0, variant] = sum(kept**t for t in days)
        p.end_worth[0, variant] = kept ** o["duration"]
        p.mean_length[0, variant] = sum((1 - leave) ** t for t in days)


def slow_values(s, o):
    """Values of the offer to both sides, and whether it may become a settlement."""
    chips = [s["chip"][j] * (1 - o["back"][j]) for j in range(2)]
    step = o["arms"][0] * (1 - o["freeze"]) - o["arms"][1]

    def after(pi):
        length = sum((1 - o["z"] - pi) ** t for t in range(o["duration"]))
        rearmed = s["rearmed"] + step * length
        wars = [slow_war(s, i, o["line"], chips, rearmed) for i in range(2)]
        return wars, slow_surplus(s, chips, wars)

    pi = o["pi"]
    wars, surplus = after(pi)
    if pi > 0 and surplus <= 0:
        pi = 0.0
        wars, surplus = after(pi)
    total = sum(s["alpha"])
    values = []
    for i in range(2):
        share = o["line"] / 20 if i == 0 else 1 - o["line"] / 20
        flow = share + s["value"][i][i] * chips[i] - s["value"][i][1 - i] * chips[1 - i]
        if share < o["claimed"][i] or chips[1 - i] > 0:
            flow -= o["audience"][i]
        flow += -o["kap"] * o["freeze"] if i == 0 else o["gam"] * o["relief"]
        nu = s["alpha"][i] / total if total > 0 else 0.5
        settled = wars[i] + nu * surplus
        again = wars[i] + s["alpha"][i] * max(0.0, surplus)
        values.append(
            oracles.truce(
                flow, again, settled, o["z"], pi, s["discount"], o["duration"]
            )
        )
    return values, surplus


@given(s=worlds(), o=truces())
def test_an_offer_is_worth_its_days_and_the_war_after_it(params, s, o):
    s = {**s, "lines": 20, "line": min(s["line"], 19)}
    desk = set_up(params, s)
    put_terms(desk, s, o)
    slow, surplus = slow_values(s, o)
    if abs(surplus) < 1e-7:
        return  # whether it may become a settlement hangs on rounding
    assert desk.values() == pytest.approx(slow, rel=1e-7, abs=1e-9)


@given(
    n=st.integers(1, 4),
    losses=st.lists(shares, min_size=4, max_size=4),
    rates=st.lists(st.floats(0.0, 3.0), min_size=16, max_size=16),
    discount=st.floats(0.5, 0.999),
    sensitivity=st.floats(0.0, 4.0),
    aid=st.floats(0.0, 2.0),
)
def test_loss_of_a_chip_with_regimes_solves_the_chain_of_regimes(
    params, n, losses, rates, discount, sensitivity, aid
):
    desk = Desk(params.copy())
    desk.p.discount, desk.p.chip_regimes[0] = discount, n
    desk.p.chip_aid_switch[0] = sensitivity
    desk.w.aid_felt = aid
    switch = np.zeros((n, n))
    for r in range(n):
        desk.p.loss[0, r] = losses[r]
        for there in range(n):
            rate = rates[r * 4 + there] if there != r else 0.0
            desk.p.switch[0, r * REGIMES + there] = rate
            worse = 1 if losses[there] > losses[r] else -1
            switch[r, there] = rate * math.exp(worse * sensitivity * (1 - aid))
    leave = switch.sum(axis=1)
    chance = np.diag(np.exp(-leave))
    for r in range(n):
        if leave[r] > 0:
            chance[r] += (1 - math.exp(-leave[r])) * switch[r] / leave[r]
    held = oracles.chip_held(losses[:n], chance, discount)
    desk.see()
    expected = (1 - discount) / discount * (1 / held - 1)
    assert desk.t.loss_hazard[0, :n] == pytest.approx(expected, rel=1e-8, abs=1e-10)


def test_one_regime_melts_as_fast_as_it_says():
    desk = reference(chips__land__regimes={"only": {"loss_per_week": 0.3}})
    desk.see()
    assert desk.t.loss_hazard[0, 0] == pytest.approx(0.3, rel=1e-12)


def test_a_change_of_aid_is_seen_in_how_fast_chips_melt():
    desk = reference(
        chips__land__regimes={
            "lull": {"loss_per_week": 0.03, "switch_per_week": {"collapse": 0.1}},
            "collapse": {"loss_per_week": 0.6, "switch_per_week": {"lull": 0.3}},
        },
        chips__land__regime="lull",
    )
    desk.see()
    before = desk.t.loss_hazard[0, 1]
    desk.w.aid = desk.w.aid_felt = 0.0
    desk.see()
    assert desk.t.loss_hazard[0, 1] > before
    desk.w.aid = desk.w.aid_felt = 1.0
    desk.see()
    assert desk.t.loss_hazard[0, 1] == before


# ---- the same war seen from the other side -------------------------------------------


@given(
    share=st.sampled_from([0.05, 0.2, 0.4, 0.65, 0.95]),
    beliefs=st.tuples(st.floats(0.2, 0.7), st.floats(0.2, 0.7)),
    level=st.floats(0.0, 1.5),
    held=st.floats(0.0, 1000.0),
    offered=shares,
    freeze=shares,
    relief=shares,
    weights=st.tuples(shares, shares),
    pi=st.floats(0.0, 0.1),
)
def test_swapped_sides_have_swapped_values(
    share, beliefs, level, held, offered, freeze, relief, weights, pi
):
    """Which belligerent is side 0 changes no value; the patron goes with its side."""
    terms = {
        "parties.u.bargaining_weight": weights[0],
        "parties.r.bargaining_weight": weights[1],
        "parties.u.aid_freeze_cost": 0.05,
        "parties.r.sanctions_relief_value": 0.05,
        "parties.r.audience_cost": 0.02,
        "parties.u.claimed_share": 0.5,
        "aid.level": level,
        "aid.revert_per_week": 0.05,
        "chips.land.area_km2": held,
        "truce.settlement_per_week": pi,
        "negotiation.offers.peace.duration_days": 70,
        "negotiation.offers.peace.aid_freeze": freeze,
        "negotiation.offers.peace.sanctions_relief": relief,
    }
    sides = [
        {
            "front.side": side,
            "front.share": share if side == "u" else 1 - share,
            "negotiation.offers.peace.line": {
                "share": offered if side == "u" else 1 - offered
            },
            "parties.u.belief.win_probability": own(beliefs[0]),
            "parties.r.belief.win_probability": own(beliefs[1]),
        }
        for side, own in (("u", lambda p: p), ("r", lambda p: 1 - p))
    ]
    first, second = (Desk(build(scenario(REFERENCE, terms | s))) for s in sides)
    # 1 - p and 1 - x are rounded, by parts of 1e-16; odds and roots magnify that
    near = {"rel": 1e-9, "abs": 1e-11}
    assert first.wars() == pytest.approx(second.wars()[::-1], **near)
    # where the claim is just met or S' just 0, rounding may decide
    first.weigh()
    second.weigh()
    if abs(offered - 0.5) > 1e-9 and abs(first.t.after_surplus) > 1e-9:
        assert first.gains() == pytest.approx(second.gains()[::-1], **near)
