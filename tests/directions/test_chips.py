"""Land held outside the stake changes who signs, and moves as it should."""

import pytest

from tests.directions.directions import (
    ANSWER,
    DOWN,
    SAME,
    START,
    UP,
    Case,
    check,
    tabled,
)

# Uncompiled, two thousand worlds a case take minutes.
pytestmark = pytest.mark.compiled

KURSK, LULL = "chips.kursk", "chips.kursk.regimes.lull"
BACK = {**ANSWER, **tabled("thirty_days_back")}
WAR = {"horizon_days": 60, "timeline": [], "negotiation.first_round": "2025-05-12"}
QUIET = {**WAR, f"{KURSK}.area_km2": 800, f"{KURSK}.regime": "lull"}
HELD_BY_RUSSIA = {
    "chips.sumy": {
        "holder": "russia",
        "area_km2": 100,
        "peak_km2": 400,
        "value_km2": {"russia": 32, "ukraine": 240},
        "regimes": {"held": {"loss_per_week": 0.01}},
    },
    "negotiation.offers.thirty_days_back.hand_back": {"kursk": 1, "sumy": 1},
}
PRISONERS = {
    "chips.prisoners": {
        "holder": "russia",
        "amount": 2000,
        "peak": 8000,
        "unit": "prisoners",
        "value_km2": {"russia": 8, "ukraine": 240},
    },
    "negotiation.offers.thirty_days_back.hand_back": {"kursk": 1, "prisoners": 1},
}
OPENS = {
    **WAR,
    "chips.hill": {
        "holder": "ukraine",
        "area_km2": 100,
        "peak_km2": 100,
        "regimes": {"held": {}},
    },
    "chips.sumy": {
        "holder": "russia",
        "area_km2": 0,
        "peak_km2": 400,
        "opens_when": {"chip": "kursk", "below_km2": 20},
        "regime": "closed",
        "regimes": {"closed": {}, "opening": {"gain_per_week": 0.08}},
    },
}

# a fixed swap, that both judge with noise
SWAP = {
    "horizon_days": 1,
    **tabled("thirty_days_back"),
    "negotiation.offers.thirty_days_back.duration_days": None,
    "negotiation.offers.thirty_days_back.line": {"held_km2": 3040},
    f"{KURSK}.regime": "lull",
    f"{KURSK}.area_km2": 400,
    "parties.ukraine.decision_noise_km2": 80,
    "parties.russia.decision_noise_km2": 80,
}

CHIPS = [
    Case(
        "a chip too small for a swap",
        {f"{KURSK}.area_km2": 0},
        {"full_truce": DOWN},
        "S10: the joint acceptance of a fixed swap is a hump; here Russia gets too "
        "little",
        SWAP,
    ),
    Case(
        "a chip too large for a swap",
        {f"{KURSK}.area_km2": 1078},
        {"full_truce": DOWN},
        "S10: and here Ukraine gives too much",
        SWAP,
    ),
    Case(
        "a larger chip that the offer lets Ukraine keep",
        {f"{KURSK}.area_km2": 800},
        {"accepts.russia": DOWN},
        "S06: in a war it melts, in a truce Russia would leave it where it is",
    ),
    Case(
        "a larger chip that the offer returns",
        {f"{KURSK}.area_km2": 800},
        {"accepts.russia": UP},
        "S07: v_R K is given back at once",
        {**BACK, f"{KURSK}.regime": "lull"},
    ),
    Case(
        "a chip that counts as larger, its peak being smaller",
        {f"{KURSK}.peak_km2": 300},
        {"accepts.russia": UP},
        "S07: K is the area as a part of the peak",
        {**BACK, f"{KURSK}.regime": "lull"},
    ),
    Case(
        "a larger chip of the other side, returned",
        {"chips.sumy.area_km2": 400},
        {"accepts.ukraine": UP},
        "S07 with the sides exchanged",
        {**BACK, **HELD_BY_RUSSIA},
    ),
    Case(
        "more of what is no land, returned",
        {"chips.prisoners.amount": 8000},
        {"accepts.ukraine": UP},
        "S07: it is worth v_U K, whatever it is counted in",
        {**BACK, **PRISONERS},
    ),
    Case(
        "what is no land and counts as a larger part of all there is",
        {"chips.prisoners.peak": 2000},
        {"accepts.ukraine": UP},
        "S07: K is the amount as a part of the peak",
        {**BACK, **PRISONERS},
    ),
    Case(
        "a chip held by Russia instead of Ukraine",
        {f"{KURSK}.holder": "russia"},
        {"accepts.ukraine": UP, "accepts.russia": DOWN},
        "who gets it back signs, and who gives it up does not",
        {**BACK, f"{KURSK}.area_km2": 600},
    ),
    Case(
        "a chip that Russia minds more",
        {f"{KURSK}.value_km2.russia": 2400},
        {"accepts.russia": UP},
        "S07: the price that it would pay for the return is v_R",
        BACK,
    ),
    Case(
        "a chip that Ukraine values more",
        {f"{KURSK}.value_km2.ukraine": 2400},
        {"accepts.ukraine": DOWN},
        "S07: what it hands back it would have held for a while",
        BACK,
    ),
    Case(
        "a chip that ties down more forces",
        {f"{KURSK}.drift_km2_per_week": 200},
        {"held_km2": UP, "accepts.russia": SAME},
        "B K is a drift towards Ukraine while it holds the chip",
        QUIET,
    ),
    Case(
        "a chip of the other side that ties down more forces",
        {"chips.sumy.drift_km2_per_week": 200},
        {"held_km2": DOWN},
        "the same against Ukraine",
        {**QUIET, **HELD_BY_RUSSIA},
    ),
    Case(
        "a chip in a lull instead of a collapse",
        {f"{KURSK}.regime": "lull"},
        {"chips_km2.kursk": UP},
        "it melts by 0.03 a week in place of 0.62",
        WAR,
    ),
    Case(
        "a chip that melts faster",
        {f"{LULL}.loss_per_week": 0.3},
        {"chips_km2.kursk": DOWN},
        "the loss is a share of it, week by week",
        QUIET,
    ),
    Case(
        "faster decay, as Russia sees the return",
        {f"{LULL}.loss_per_week": 0.3},
        {"accepts.russia": DOWN},
        "S08: it pays little for what it would soon take",
        {**BACK, f"{KURSK}.regime": "lull", f"{KURSK}.area_km2": 600},
    ),
    Case(
        "faster decay, as Ukraine sees a truce that lets it keep the chip",
        {f"{LULL}.loss_per_week": 0.5},
        {"accepts.ukraine": UP},
        "S08: a truce now stops the melting",
        {**ANSWER, f"{KURSK}.regime": "lull", f"{KURSK}.area_km2": 1078},
    ),
    Case(
        "a chip that moves more by chance",
        {f"{LULL}.volatility_per_week": 0.8},
        {"gone.kursk": UP},
        "its mean is the same, but more worlds fall below the floor, where it is gone",
        {**QUIET, f"{KURSK}.floor": 0.2},
    ),
    Case(
        "a collapse that does not end",
        {f"{KURSK}.regimes.collapse.switch_per_week.lull": 0},
        {"chips_km2.kursk": DOWN},
        "the chip stays in the regime in which it melts fastest",
        WAR,
    ),
    Case(
        "a front that breaks when aid is cut",
        {f"{KURSK}.switch_on_aid_cut": 4.0},
        {"chips_km2.kursk": DOWN},
        "beta_a (1 - a_eff) is added to the log-hazard of the switch to the collapse",
        {**QUIET, "aid.level": 0, "aid.long_run_level": 0},
    ),
    Case(
        "an encircled remainder",
        {f"{KURSK}.capture_per_week": 0.3},
        {"chips_km2.kursk": DOWN, "gone.kursk": UP},
        "it may be taken whole in any week",
        QUIET,
    ),
    Case(
        "a floor below which a chip is gone",
        {f"{KURSK}.floor": 0.5},
        {"gone.kursk": UP},
        "more of what is left is too little to hold",
        QUIET,
    ),
    Case(
        "a chip that opens sooner",
        {"chips.sumy.opens_when.below_km2": 150},
        {"chips_km2.sumy": UP},
        "the border zone grows from the day on which the first chip is small enough",
        OPENS,
    ),
    Case(
        "a chip that opens faster",
        {"chips.sumy.regimes.opening.gain_per_week": 0.3},
        {"chips_km2.sumy": UP},
        "more is gained each week of what is missing to the peak",
        OPENS,
    ),
    Case(
        "a chip that waits for one that does not fall",
        {"chips.sumy.opens_when.chip": "hill"},
        {"chips_km2.sumy": DOWN},
        "it stays closed",
        OPENS,
    ),
    Case(
        "a front that is known to calm down",
        {"timeline": [{"date": START, "regime": {"kursk": "lull"}}]},
        {"chips_km2.kursk": UP},
        "the timeline ends the collapse",
        WAR,
    ),
]


@pytest.mark.parametrize("case", CHIPS, ids=lambda case: case.name)
def test_a_chip(case):
    check(case)
