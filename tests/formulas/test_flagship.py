"""The flagship, by hand: what the model says of 13 March 2025, weekly and daily.

The table was worked out apart from this code and is printed to its last digits. The
twin on paper gives it from the numbers below, and `values` gives what the twin gives.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.analysis.values import values
from sim.model.labels import labels_of
from sim.model.parameters import build
from sim.model.state import AID_FREEZE, HAND_BACK
from sim.scenario.load import load, resolve
from tests.conftest import examples
from tests.formulas.oracles import Morning
from tests.stages.worlds import Desk

FLAGSHIP = load("kursk-2025-03-13")

# by the letters of the model; pairs are (Ukraine, Russia)
CASE = {
    "L": 8000,
    "z": 3200,
    "d": 0.98,
    "omega": 1,
    "s": 61,
    "c": (800, 640),
    "half": (320, 240),
    "m": (0, -36),
    "A": 60,
    "a": 1,
    "a_inf": 1,
    "revert": 0,
    "B": 10,
    "K": 189 / 1078,
    "v": (80, 640),
    "loss": (0.03, 0.62),  # lull, collapse
    "switch": ((0, 0.03), (0.3, 0)),
    "regime": 1,
    "h0": 0.04,
    "beta_m": 1.5,
    "pi": 0.01,
    "g": (0.4, 0.6),
    "kap_f": 400,
    "gam": 400,
    "T_R": 160,
    "alpha": (0, 0),
    "round_days": 7,
}
OFFERS = {
    "thirty_days": {"days": 30, "mon": 0.3},
    "thirty_days_back": {"days": 30, "mon": 0.3, "back": 1},
    "thirty_days_back_aid": {"days": 30, "mon": 0.3, "back": 1, "f": 1},
    "freeze": {"days": None, "mon": 0.8},
}

PRINTED = {  # lam_eff; W of both and S; gains of both and P+ of each offer
    "weekly": (
        0.2927478,
        (2406.5318, 5717.0883, -123.620),
        (
            (26.3735, -71.3337, 0.3292),
            (19.2603, -39.8164, 0.3225),
            (-85.9165, 5.8841, 0.3696),
            (190.4221, -494.8379, 0.5899),
        ),
    ),
    "daily": (
        0.0341896,
        (2407.8667, 5727.6056, -135.472),
        (
            (25.5526, -71.1416, 0.3106),
            (17.2191, -37.8838, 0.3026),
            (-87.4195, 7.6451, 0.3494),
            (184.0225, -497.9833, 0.5714),
        ),
    ),
}
DAYS = {"weekly": 7, "daily": 1}

steps = pytest.mark.parametrize("step", DAYS)


@steps
def test_on_paper_the_flagship_is_the_printed_table(step):
    paper = Morning(CASE, DAYS[step])
    hazard, war, offers = PRINTED[step]
    assert paper.lam == pytest.approx(hazard, abs=5e-8)
    found = (*paper.war, paper.surplus)
    assert found[:2] == pytest.approx(war[:2], abs=5.001e-5)
    assert found[2] == pytest.approx(war[2], abs=5.001e-4)
    for terms, printed in zip(OFFERS.values(), offers, strict=True):
        _, gains, chance = paper.offer(terms)
        assert (*gains, chance) == pytest.approx(printed, abs=5.001e-5)


def compare(found, paper, offers):
    """Hold `values` against the twin on paper, to 1e-6 km2."""
    exact = {"rel": 0.0, "abs": 1e-6}
    stake, case = paper.case["L"], paper.case
    for i, name in enumerate(("ukraine", "russia")):
        party = found["parties"][name]
        assert party["war_value"] == pytest.approx(paper.war[i], **exact)
        assert party["reservation_value"] == pytest.approx(
            paper.reservation(i), **exact
        )
        here = i, case["z"], case["K"], 0.0
        psi, phi = paper.odds(*here)
        win, lose = (psi, phi) if i == 0 else (phi, psi)  # those of Ukraine
        assert party["discounted_win"] == pytest.approx(win, rel=1e-9)
        assert party["discounted_loss"] == pytest.approx(lose, rel=1e-9)
        drift = paper.drift(i, case["K"], 0.0)
        assert party["drift_km2_per_week"] == pytest.approx(drift, rel=1e-9, abs=1e-9)
        time = paper.chip_time(*here)
        assert party["chip_time"]["kursk"] == pytest.approx(time, rel=1e-9)
    ask, bid = found["corridor"]["hand_back"]
    surplus = bid - ask + max(0.0, case["v"][0] - case["v"][1]) * case["K"]
    assert surplus == pytest.approx(paper.surplus, **exact)
    assert (ask, stake - bid) == pytest.approx(paper.war, **exact)
    for name, terms in offers.items():
        offer = found["offers"][name]
        worth, gains, chance = paper.offer(terms)
        for part, expected in (("value", worth), ("gain", gains)):
            told = offer[part]["ukraine"], offer[part]["russia"]
            assert told == pytest.approx(expected, **exact)
        assert offer["settlement_chance"] == pytest.approx(chance, abs=1e-9)


@steps
def test_values_are_those_on_paper_to_a_millionth_of_a_km2(step):
    loaded = resolve(FLAGSHIP, {"step_days": DAYS[step]})
    compare(values(loaded), Morning(CASE, DAYS[step]), OFFERS)


def number(low, high):
    return st.floats(low, high).map(lambda x: round(x, 3))


@settings(max_examples=examples(25))
@given(
    st.fixed_dictionaries(
        {
            "days": st.sampled_from([1, 2, 7]),
            "z": number(200, 7800),
            "d": number(0.95, 0.998),
            "omega": number(0.5, 1),
            "s": number(20, 400),
            "m": st.tuples(number(-60, 60), number(-60, 60)),
            "A": number(0, 100),
            "a": number(0, 1.5),
            "revert": number(0, 0.2),
            "B": number(0, 20),
            "area": number(20, 1078),
            "v": st.tuples(number(0, 700), number(0, 700)),
            "regime": st.sampled_from([0, 1]),
            "half": st.tuples(number(0, 700), number(0, 600)),
            "h0": number(0.01, 0.2),
            "pi": number(0.001, 0.2),
            "alpha": st.tuples(number(0, 0.5), number(0, 0.5)),
            "x": number(200, 7800),
            "f": number(0, 1),
            "g": number(0, 1),
            "back": number(0, 1),
        }
    )
)
def test_so_are_those_of_other_wars(drawn):
    """All at once, with an offer that draws a line and says something of everything."""
    case = CASE | {name: drawn[name] for name in CASE.keys() & drawn.keys()}
    case |= {"K": drawn["area"] / 1078, "g": CASE["g"]}
    regime = ("lull", "collapse")[case["regime"]]
    changes = {
        "step_days": drawn["days"],
        "negotiation.round_every_days": 14,
        "front.held_km2": case["z"],
        "discount_factor_per_week": case["d"],
        "territory_flow": case["omega"],
        "front.volatility_km2_per_week": case["s"],
        "aid.drift_km2_per_week": case["A"],
        "aid.level": case["a"],
        "aid.revert_per_week": case["revert"],
        "chips.kursk.drift_km2_per_week": case["B"],
        "chips.kursk.area_km2": drawn["area"],
        "chips.kursk.regime": regime,
        "chips.kursk.switch_on_aid_cut": 0,
        "truce.breakdown_per_week": case["h0"],
        "truce.settlement_per_week": case["pi"],
        "negotiation.offers.swap": {
            "offered_by": ["united_states"],
            "duration_days": 45,
            "line": {"held_km2": drawn["x"]},
            "hand_back": {"kursk": drawn["back"]},
            "aid_freeze": drawn["f"],
            "sanctions_relief": drawn["g"],
            "monitoring": 0.5,
        },
    }
    for i, name in enumerate(("ukraine", "russia")):
        party = f"parties.{name}"
        cost, half = case["c"][i], case["half"][i]
        changes |= {
            f"{party}.cost_of_war_km2.private": [cost - half, cost + half],
            f"{party}.belief.drift_km2_per_week": case["m"][i],
            f"{party}.bargaining_weight": case["alpha"][i],
            f"chips.kursk.value_km2.{name}": case["v"][i],
        }
    swap = {"days": 45, "mon": 0.5} | {x: drawn[x] for x in ("x", "f", "g", "back")}
    paper = Morning(case | {"round_days": 14}, drawn["days"])
    compare(values(resolve(FLAGSHIP, changes)), paper, OFFERS | {"swap": swap})


@pytest.fixture(params=DAYS)
def desk(request):
    scenario = resolve(FLAGSHIP, {"step_days": DAYS[request.param]}).scenario
    desk = Desk(build(scenario))
    desk.w.cost[0], desk.w.cost[1] = CASE["c"]
    desk.offers = labels_of(scenario).offers
    return desk


def test_conditions_of_russia_are_the_offers_of_that_name(desk):
    plain, back, aid = map(desk.offers.index, list(OFFERS)[:3])
    for demands, twin in ((HAND_BACK, back), (HAND_BACK | AID_FREEZE, aid)):
        asked = desk.gains(plain, demands=demands, demanded_by=1)
        assert asked == pytest.approx(desk.gains(twin), abs=1e-10)


def test_the_sides_answer_as_they_did_in_march_2025(desk):
    """Ukraine accepts, Russia names Kursk and aid, Ukraine refuses these."""
    thirty_days = desk.offers.index("thirty_days")
    own, other = desk.gains(thirty_days)
    assert own > 0.0 > other
    # of Russia's conditions only both together are enough for Russia
    both = HAND_BACK | AID_FREEZE
    assert desk.p.own_demands[1] == both
    for demands in (HAND_BACK, AID_FREEZE):
        assert desk.gains(thirty_days, demands=demands, demanded_by=1)[1] < 0.0
    own, other = desk.gains(thirty_days, demands=both, demanded_by=1)
    assert other > 0.0 > own
