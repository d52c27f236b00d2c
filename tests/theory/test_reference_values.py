"""The reference values, asked of the catalogue as a user would ask."""

import re

import pytest

from sim.theory.catalogue import calculate
from sim.theory.inputs import pairs

FRONT = "N=20 k=8 h=0.5 d=0.98"


def ask(call: str):
    """Results of a model by the words of `ceasefire theory`."""
    name, *words = call.split()
    return calculate(name, *pairs(words)).results


def matches(found, expected):
    """Compare to 1e-8, and what is next to 0 to 1e-9; words and truth exactly."""
    for name, value in expected.items():
        if isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-8, abs=1e-9), name
        else:
            assert found[name] == value, name
            assert type(found[name]) is type(value), name


CASES = [
    ("T01", "ruin N=10 k=4 p=0.45", {"win": 0.1912659613, "duration": 20.87340387}),
    (
        "T02",
        "ruin N=10 k=4 p=0.45 e=0.95",
        {
            "psi": 0.06704780118,
            "phi": 0.3791147827,
            "root_1": 1.5513236,
            "root_2": 0.7878576861,
        },
    ),
    (
        "T03",
        "random_proposer N=20 k=8 p=0.5 d=0.98 h=0.5 cU=0 cR=0 aU=0.5 aR=0.5",
        {"e": 0.9607843137},
    ),
    ("T05", "rubinstein d1=0.9 d2=0.8", {"x": 0.7142857143}),
    ("T05", "rubinstein d1=0.5 d2=0.5", {"x": 0.6666666667}),
    ("T06", "rubinstein d1=0.95 d2=0.95 b1=0.1 b2=0.3", {"x": 0.4076923077}),
    ("T07", "nash D1=0.32 D2=0.48 a=0.5", {"x": 0.42}),
    ("T07", "nash D1=0.32 D2=0.48 a=0.65", {"x": 0.45}),
    ("T08", "nash D1=0 D2=0 a=0.5 r1=0.5", {"x": 1 / 3, "y": 2 / 3}),
    ("T09", "outside_options x_in=0.5 w1=0.62 w2=0.1", {"x": 0.62, "binds": "1"}),
    ("T09", "outside_options x_in=0.5 w1=0.3 w2=0.1", {"x": 0.5, "binds": "neither"}),
    ("T10", "fearon_range p=.45 cA=.12 cB=.2", {"low": 0.33, "high": 0.65}),
    (
        "T10",
        "first_strike pf=.6 ps=.45 cA=.1 cB=.1",
        {"low": 0.5, "high": 0.55, "deal": True},
    ),
    (
        "T11",
        "fearon_demand p=.5 cA=.1 l=0 u=.4",
        {"x": 0.65, "war": 0.375, "value": 0.55625},
    ),
    ("T11", "fearon_demand p=.4 cA=.5 l=0 u=.4", {"x": 0.4, "war": 0.0}),
    ("T12", "fearon_demand p=.3 cA=.1 l=0 u=.4", {"war": 0.375}),
    ("T12", "fearon_demand p=.55 cA=.1 l=0 u=.4", {"war": 0.375}),
    ("T13", "two_types cA=.1 cL=.05 cH=.3", {"critical": 0.375}),
    (
        "T14",
        "preventive p1=.35 p2=.65 cB=.1 d=.9",
        {"gain": 0.235, "price": 0.001, "attack": True, "critical_p2": 0.39},
    ),
    (
        "T15",
        "commitment p=.3 D=.4 d=.95 c=.2",
        {"lhs": 0.292, "war": True, "critical_shift": 0.2789473684},
    ),
    ("T15", "commitment p=.3 D=.4 d=.95 c=.4", {"lhs": 0.219, "war": False}),
    (
        "T16",
        "surprise_attack p=.5 f=.15 c=.2",
        {"floor": 0.52, "ceiling": 0.48, "deal": False, "critical_f": 0.125},
    ),
    (
        "T19",
        "slantchev N=9 k=4 p=.45 d=.97 bU=.2 bR=.3 h=.3",
        {"W_U": 0.2002810686, "W_R": 0.4455588487},
    ),
    (
        "T20",
        "slantchev N=10 k=4 p=.45 d=.9999999 bU=.25 bR=.35",
        {"x": 0.1912664014},
    ),
    (
        "T21",
        "slantchev_types N=6 k=3 pL=.3 pM=.5 pH=.7 qw=.3 qs=.3 d=.99 bU=.3 bR=.3",
        {
            "x0": 0.1987455149,
            "y_win": 0.7470766067,
            "y_loss": 0.9445467899,
            "q_win": 0.3103448276,
            "q_loss": 0.512195122,
            "battles": 1.0,
        },
    ),
    (
        "T22",
        f"random_proposer {FRONT} p=.48 cU=.1 cR=.08 aU=.35 aR=.65",
        {
            "x": 0.3511856869,
            "y": 0.6506324932,
            "W_U": 0.2744273379,
            "V_U": 0.3275218192,
            "R_U": 0.3262618192,
            "W_R": 0.5738741441,
            "V_R": 0.6724781808,
            "R_R": 0.6701381808,
            "surplus": 0.151698518,
            "dividend": 0.18,
        },
    ),
    (
        "T23",
        "collapse_screening d=.9 dU=.10 dR=.15 bU=.30 bT=.35 bK=.10 weak=.65",
        {
            "W_T": 0.3846153846,
            "W_K": 0.3076923077,
            "pool": 0.3846153846,
            "screen": 0.3596153846,
            "threshold": 0.5833333333,
            "pool_worth": 0.6153846154,
            "screen_worth": 0.6193846154,
            "two_offers": 0.8644578313,
            "best": "screen",
        },
    ),
    (
        "T24",
        "brownian_front z=1 L=2.5 mu=-.1 s=.8 r=.05 c=.02 A=0 B=1",
        {
            "win": 0.3097768029,
            "duration": 2.255579927,
            "psi": 0.2719026369,
            "phi": 0.6254408678,
            "value": 0.2308400388,
        },
    ),
    ("T25", "beta_learning a=6 b=4 wins=3 n=10", {"mean": 0.45, "weight": 20.0}),
    ("T25", "optimism_gap gap=.12 n0=20 n=15", {"gap_n": 0.06857142857}),
    ("T25", "optimism_gap gap=.30 n0=20 n=0 surplus=.08", {"battles": 55}),
    ("T25", "optimism_gap gap=.05 n0=20 n=0 surplus=.08", {"battles": 0}),
    (
        "T26",
        "type_posterior p1=.6 p2=.4 prior=.5 wins=1 losses=3",
        {"posterior": 0.3076923077},
    ),
    (
        "T27",
        "learning_step m=.5 n=20 y=1 p_hat=.5 w=1",
        {"mean": 0.5238095238, "weight": 21.0},
    ),
    (
        "T27",
        "learning_step m=.5 n=20 y=1 p_hat=.56 w=1",
        {"mean": 0.520952381, "weight": 21.0},
    ),
    (
        "T27",
        "learning_step m=.5 n=20 y=0 p_hat=.56 w=.5",
        {"mean": 0.4863414634, "weight": 20.5},
    ),
    *(
        ("T28", f"first_deal {FRONT} mR=.4 p=.47 {more}", {"battles": battles})
        for more, battles in (
            ("cU=.1 cR=.08 mU=.56 n0=40", 43),
            ("cU=.1 cR=.08 mU=.56 n0=20", 22),
            ("cU=.1 cR=.08 mU=.60 n0=40", 66),
            ("cU=.15 cR=.12 mU=.56 n0=40", 16),
        )
    ),
    (
        "T29",
        "audience_costs v=1 a1=3 a2=.5 W1=2 W2=2",
        {
            "horizon": 0.5275252317,
            "concede_1": 0.0,
            "concede_2": 0.6594065396,
            "war": 0.1043560763,
            "war_in_crisis": 0.3063948325,
            "odds": 2.936051675,
        },
    ),
    (
        "T30",
        "audience_costs v=1 a1=1 a2=1 W1=1 W2=3",
        {"odds": 1.0, "horizon": 0.6180339887, "concede_2": 0.6666666667},
    ),
    (
        "T31",
        "mediator prior=.6 s=.85 cA=.1 cL=.08 cH=.30 kM=.15",
        {
            "mu_w": 0.8947368421,
            "mu_r": 0.2093023256,
            "least_bias": 0.08379888268,
            "unbiased_believed": False,
            "war_without": 0.4,
            "war_with": 0.06,
        },
    ),
    (
        "T32",
        "attrition c1=.03 c2=.05 B1=.7 B2=.8 S1=.3 S2=.2 r=.04",
        {
            "rate_1": 0.09666666667,
            "rate_2": 0.105,
            "delay": 4.958677686,
            "first_2": 0.520661157,
        },
    ),
    ("T33", "chip_time N=9 k=4 p=.45 d=.97 lam=.05 h=.3", {"A": 0.3475912439}),
    (
        "T33",
        "chip_time N=2000000 k=1000000 p=.5 d=.98 lam=.08 h=.5",
        {"A": 0.2032520325},
    ),
    (
        "T34",
        "waiting d=.98 lam=.08 b=.30 V=.62 Y=.60",
        {"value": 0.5549593496, "waits": False, "critical_lam": 0.306122449},
    ),
    ("T35", "ceasefire_value y=.4 W=.3 d=.98 z=.05 D=8", {"value": 0.3126256936}),
    ("T35", "ceasefire_value y=.4 W=.3 d=.98 z=.05 D=inf", {"value": 0.3289855072}),
    ("T36", "inspection G=.03 L=.09", {"m": 0.25}),
    ("T37", "shrinking_stakes shift=.30 cost=.12 theta=.07", {"battles": 13}),
    (
        "T45",
        f"private_cost_demand {FRONT} p=.47 cU=.10 l=.02 u=.16",
        {
            "G": 0.8281034313,
            "W_R0": 0.6608656022,
            "W_U": 0.2563240547,
            "x": 0.3639775007,
            "refusal": 0.07142857143,
            "value": 0.3562879689,
        },
    ),
    (
        "T46 a",
        "commitment p=.3 D=.4 d=.95 c=.2",
        {"peace_value": 0.468, "war_value": 0.56},
    ),
    # the side that wins when the other one collapses is U here, R there
    ("T46 b", "slantchev N=2 k=1 p=.6 d=.9 bU=.3 bR=.35 h=.25", {"W_R": 0.3846153846}),
    ("T46 b", "slantchev N=2 k=1 p=.6 d=.9 bU=.3 bR=.10 h=.25", {"W_R": 0.3076923077}),
    ("T49", "collapse_race c1=.1 c2=.1", {"win": 0.5, "rounds": 5.555555556}),
    ("T49", "ruin N=10 k=5 p=.3", {"win": 0.01425219941, "duration": 12.14369501}),
]


@pytest.mark.parametrize(
    ("call", "expected"),
    [case[1:] for case in CASES],
    ids=[f"{case[0]} {case[1].split()[0]} {i}" for i, case in enumerate(CASES)],
)
def test_the_calculator_gives_the_reference_value(call, expected):
    matches(ask(call), expected)


@pytest.mark.parametrize(  # T04: p, own capital, total, ruin, success, duration
    ("p", "z", "a", "lost", "won", "duration"),
    [
        (0.5, 9, 10, 0.1, 0.9, 9),
        (0.5, 90, 100, 0.1, 0.9, 900),
        (0.5, 900, 1000, 0.1, 0.9, 90000),
        (0.5, 950, 1000, 0.05, 0.95, 47500),
        (0.5, 8000, 10000, 0.2, 0.8, 1.6e07),
        (0.45, 9, 10, 0.2100562, 0.7899438, 11.00562),
        (0.45, 90, 100, 0.8655694, 0.1344306, 765.5694),
        (0.45, 99, 100, 0.1818182, 0.8181818, 171.8182),
        (0.4, 90, 100, 0.9826585, 0.01734153, 441.3292),
        (0.4, 99, 100, 0.3333333, 0.6666667, 161.6667),
    ],
)
def test_the_printed_table_of_the_ruin_problem(p, z, a, lost, won, duration):
    found = ask(f"ruin N={a} k={z} p={p}")
    printed = (found["loss"], found["win"], found["duration"])
    assert printed == pytest.approx((lost, won, duration), rel=1e-6)


@pytest.mark.parametrize(  # T17, T18
    ("world", "k", "x", "y", "own", "other"),
    [
        (1, 1, 0.2355753449, 0.7998386678, 0.1543014596, 0.7185647825),
        (1, 2, 0.3781362938, 0.6320547891, 0.2762254657, 0.530143961),
        (1, 3, 0.5154140127, 0.5154140127, 0.392866242, 0.392866242),
        (1, 4, 0.6320547891, 0.3781362938, 0.530143961, 0.2762254657),
        (1, 5, 0.7998386678, 0.2355753449, 0.7185647825, 0.1543014596),
        (2, 3, 0.2615535939, 0.7540932402, 0.1588434431, 0.6513830894),
        (2, 5, 0.384263611, 0.6301086589, 0.2573367396, 0.5031817875),
        (2, 8, 0.6305956251, 0.3742818659, 0.5330458056, 0.2767320463),
    ],
)
def test_offers_between_battles(world, k, x, y, own, other):
    front = {
        1: "N=6 p=0.5 d=0.9 bU=0.3 bR=0.3",
        2: "N=10 p=0.45 d=0.95 bU=0.25 bR=0.35",
    }[world]
    expected = {"x": x, "y": y, "W_U": own, "W_R": other}
    matches(ask(f"slantchev k={k} {front}"), expected)


def test_a_patient_side_gets_its_chance_of_victory():  # T20
    share = ask("slantchev N=10 k=4 p=.45 d=.9999999 bU=.25 bR=.35")["x"]
    chance = ask("ruin N=10 k=4 p=.45")["win"]
    assert chance == pytest.approx(0.1912659613, rel=1e-8)
    assert abs(share - chance) < 1e-6


def test_one_decisive_battle_gives_the_range_of_fearon():  # T46 c
    d = 1 - 1e-6
    flows = [-cost / (1 - d) for cost in (1e-6, 2e-6)]  # flows are at most 10
    war = ask(f"slantchev N=2 k=1 p=.45 d={d} bU={flows[0]} bR={flows[1]}")
    crisis = ask("fearon_range p=.45 cA=.000001 cB=.000002")
    found = (war["W_U"], 1 - war["W_R"])
    assert found == pytest.approx((crisis["low"], crisis["high"]), abs=2e-6)


def test_the_printed_sample_of_a_group_decision():  # T47
    found = ask("expected_utility actors=ten_countries")
    matches(found, {"mean": 7.38995568685, "median": 7.0})
    at = {name: i for i, name in enumerate(found["names"])}
    chances = {
        ("Belgium", "Netherlands"): 0.2673559823,
        ("France", "Netherlands"): 0.1506849315,
        ("Belgium", "France"): 0.007385524372,
    }
    for (one, other), chance in chances.items():
        found_chance = found["beats"][at[one]][at[other]]
        assert found_chance == pytest.approx(chance, rel=1e-8), one
    printed = [1.127198, 0.7809178, 0.5, 1.127198, 1.077892, 1.077892, 2.0]
    printed += [0.5247822, 1.471697, 1.140479]
    assert found["risk"] == pytest.approx(printed, abs=5e-7)


def test_the_reference_run_of_positions_on_several_issues():  # T48
    found = ask("spatial_values actors=ktab_2017 r=1")
    values = [1, 0.6731, 0.7395, 0.7468, 0.7988]
    utilities = [1, 0.8931, 0.9321, 0.9359, 0.9595]
    assert found["values"][0] == pytest.approx(values, abs=5e-5)
    assert found["utilities"][0] == pytest.approx(utilities, abs=5e-5)


def test_every_reference_value_is_tested_somewhere(checkout):
    texts = [path.read_text("utf-8") for path in (checkout / "tests").rglob("*.py")]
    told = {int(each) for text in texts for each in re.findall(r"\bT(\d\d)\b", text)}
    assert told >= set(range(1, 50))
