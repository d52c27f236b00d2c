"""A day of war: the front, chips, what it pays, and how a world ends."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.rng import CHIP_MOVE, CHIP_SWITCH, FRONT_MOVE, uniform
from sim.model.schedule import STAGES
from sim.model.state import DEFEAT, NOBODY, SETTLED, TRUCE, WAR, WORLD
from sim.scenario.load import load
from tests.stages.by_hand import Morning
from tests.stages.talks_by_hand import Talks
from tests.stages.worlds import REFERENCE, Desk, reference, scenario

# ---- order ---------------------------------------------------------------------------


def test_stages_come_in_the_order_of_the_model():
    assert [stage.name for stage in STAGES] == [
        "timeline",
        "aid",
        "truce",
        "agenda",
        "appraise",
        "propose",
        "weigh",
        "demands",
        "answer",
        "conclude",
        "flows",
        "front",
        "chips",
        "close",
    ]


def test_a_truce_of_today_stops_todays_fighting():
    desk = reference(
        timeline=[{"date": "2025-03-13", "offer": "peace", "by": "w"}],
        negotiation__offers__peace__hand_back={"land": 1},
        negotiation__offers__peace__line={"held_km2": 2760},
        truce__breakdown_per_week=0,
    )
    desk.day()
    assert desk.w.phase == TRUCE
    assert desk.w.line == 2760.0
    # and today already pays as a truce: no cost of war
    assert desk.w.payoff == pytest.approx([0.02 * 2760, 0.02 * 5240], rel=1e-9)


def test_a_pause_of_today_is_felt_at_todays_front():
    paused = {"timeline": [{"date": "2025-03-13", "aid_level": 0}]}
    lines = []
    for changes in ({}, paused):
        desk = reference(**changes)
        desk.p.offers = 0
        desk.day()
        lines.append(desk.w.line)
    assert lines[0] - lines[1] == pytest.approx(60.0, rel=1e-9)


# ---- the front -----------------------------------------------------------------------


def deviate(replicate, step):
    """Standard normal deviate of the front on a day, by its address."""
    return NormalDist().inv_cdf(uniform(0, replicate, step, FRONT_MOVE))


@pytest.mark.parametrize(("days", "weeks"), [(7, 1.0), (1, 1.0 / 7.0), (14, 2.0)])
def test_the_line_drifts_and_shakes_with_the_luck_of_its_address(days, weeks):
    desk = reference(step_days=days, negotiation__round_every_days=14)
    for replicate in range(20):
        desk.begin(0, replicate)
        desk.w.step = 3
        desk.stage("front")
        # the true drift with a full chip; the spread grows with the root of time
        moved = (-20 + 10) * weeks + 280 * math.sqrt(weeks) * deviate(replicate, 3)
        assert desk.w.line - 3200 == pytest.approx(moved, rel=1e-9)


def test_present_aid_chips_and_rearmament_move_the_line():
    """Expectations do not count: the war is fought with what is there today."""
    desk = reference(aid__revert_per_week=0.5)
    for aid, chip, rearmed in ((0.4, 0.3, 0.2), (1.3, 1.0, -0.4)):
        desk.begin()
        desk.w.aid_felt, desk.w.chip[0], desk.w.rearmed = aid, chip, rearmed
        desk.w.belief[:] = 300, -300
        desk.stage("front")
        drift = -20 + 60 * (aid - 1) + 10 * chip + rearmed
        moved = drift + 280 * deviate(0, 0)
        assert desk.w.line - 3200 == pytest.approx(moved, rel=1e-9)


def test_aid_and_chips_of_the_second_side_move_the_line_its_way():
    desk = reference(parties__w__supports="r", chips__land__holder="r", aid__level=1.5)
    desk.stage("front")
    moved = -20 - 60 * 0.5 - 10 + 280 * deviate(0, 0)
    assert desk.w.line - 3200 == pytest.approx(moved, rel=1e-9)


def test_both_sides_learn_from_the_front_what_surprised_them():
    desk = reference(
        step_days=1,
        parties__r__belief={
            "drift_km2_per_week": -24,
            "weight_weeks": 20,
            "learning_weight": 0.5,
        },
    )
    desk.w.aid_felt, desk.w.chip[0], desk.w.rearmed = 0.5, 0.4, 0.1
    known = 60 * (0.5 - 1) + 10 * 0.4 + 0.1
    before = (0.0, 80.0, 1.0), (-24.0, 20.0, 0.5)
    desk.stage("front")
    moved = desk.w.line - 3200
    for side, (mean, weight, w) in enumerate(before):
        surprise = moved - (mean + known) / 7
        after = mean + w * surprise / (weight + w / 7)
        assert desk.w.belief[side] == pytest.approx(after, rel=1e-9)
        assert desk.w.belief_weight[side] == pytest.approx(weight + w / 7, rel=1e-12)


def test_what_everybody_knew_would_happen_teaches_nothing():
    desk = reference(
        front__volatility_km2_per_week=0,
        parties__r__belief__drift_km2_per_week=-20,
    )
    desk.w.aid_felt, desk.w.chip[0], desk.w.rearmed = 0.2, 0.7, 3.0
    desk.stage("front")
    assert desk.w.belief[1] == pytest.approx(-20.0, rel=1e-12)
    assert desk.w.belief[0] < 0.0  # who hoped for more does learn


def test_a_record_of_weeks_is_weighed_as_so_many_weeks_seen():
    """After n weeks of a believer of T weeks, the mean is that of T + n weeks."""
    desk = reference(parties__u__belief={"drift_km2_per_week": 5, "weight_weeks": 30})
    changes = []
    for step in range(12):
        before, chip = desk.w.line, 10 * desk.w.chip[0]
        desk.w.step = step
        desk.stage("front", "chips")
        changes.append(desk.w.line - before - chip)
    mean = (5 * 30 + sum(changes)) / 42
    assert desk.w.belief[0] == pytest.approx(mean, rel=1e-9)
    assert desk.w.belief_weight[0] == pytest.approx(42, rel=1e-12)


@pytest.mark.slow
def test_a_weeks_change_has_the_drift_and_the_spread_of_the_scenario():
    for days in (7, 1):
        desk = reference(step_days=days, horizon_days=7)
        desk.p.offers = 0
        trials = 4000
        moved = np.empty(trials)
        for replicate in range(trials):
            desk.begin(4, replicate)
            for step in range(7 // days):
                desk.w.step = step
                desk.stage("front")
            moved[replicate] = desk.w.line - 3200
        assert abs(moved.mean() + 10) < 4 * 280 / math.sqrt(trials)
        assert moved.std() == pytest.approx(280, abs=4 * 280 / math.sqrt(2 * trials))


# ---- chips ---------------------------------------------------------------------------


def test_a_chip_loses_its_share_each_step():
    desk = reference()
    desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.92, rel=1e-12)
    desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.92**2, rel=1e-12)


def test_a_week_of_days_loses_what_a_week_loses():
    desk = reference(step_days=1)
    for _ in range(7):
        desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.92, rel=1e-12)


def test_below_the_floor_a_chip_is_gone_for_good():
    desk = reference(chips__land__floor=0.01)
    for held, after in ((0.0108, 0.0), (0.0110, 0.0110 * 0.92)):
        desk.w.chip[0] = held
        desk.stage("chips")
        assert desk.w.chip[0] == pytest.approx(after, rel=1e-12)
    desk.w.chip[0] = 0.0
    desk.stage("chips")
    assert desk.w.chip[0] == 0.0


def test_a_chip_never_exceeds_its_peak():
    volatile = {"only": {"loss_per_week": 0, "volatility_per_week": 0.5}}
    desk = reference(chips__land__regimes=volatile)
    seen = set()
    for replicate in range(40):
        desk.begin(0, replicate)
        desk.stage("chips")
        seen.add(float(desk.w.chip[0]))
    assert max(seen) == 1.0
    assert len(seen) > 10


def test_volatility_moves_a_chip_by_the_luck_of_its_address():
    volatile = {"only": {"loss_per_week": 0.3, "volatility_per_week": 0.2}}
    desk = reference(chips__land__regimes=volatile, chips__land__area_km2=500)
    luck = uniform(0, 0, 0, CHIP_MOVE + 4 * int(desk.p.chip_luck[0]))
    shock = 0.2 * NormalDist().inv_cdf(luck) - 0.02
    desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.35 * math.exp(shock), rel=1e-12)


def test_an_opening_chip_gains_a_share_of_what_is_missing():
    desk = reference(
        chips__land__regimes={"opening": {"gain_per_week": 0.2}},
        chips__land__area_km2=0,
    )
    desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.2, rel=1e-12)
    desk.stage("chips")
    assert desk.w.chip[0] == pytest.approx(0.36, rel=1e-12)


def test_a_closed_chip_opens_once_the_other_one_is_small():
    desk = reference(
        chips={
            "a": {**REFERENCE["chips"]["land"], "area_km2": 100},
            "b": {
                "holder": "r",
                "peak_km2": 500,
                "area_km2": 0,
                "regime": "closed",
                "regimes": {"closed": {}, "opening": {"gain_per_week": 0.1}},
                "opens_when": {"chip": "a", "below_km2": 90},
            },
        }
    )
    desk.stage("chips")  # 92 km2
    assert (desk.w.regime[1], desk.w.chip[1]) == (0, 0.0)
    desk.stage("chips")  # 85 km2
    assert (desk.w.regime[1], desk.w.chip[1]) == (1, 0.0)
    desk.stage("chips")
    assert desk.w.chip[1] == pytest.approx(0.1, rel=1e-12)


def test_capture_takes_a_chip_whole():
    desk = reference(chips__land__capture_per_week=1)
    desk.stage("chips")
    assert desk.w.chip[0] == 0.0


REGIMES = {
    "collapse": {"loss_per_week": 0.6, "switch_per_week": {"lull": 0.3}},
    "lull": {"loss_per_week": 0.03, "switch_per_week": {"collapse": 0.2}},
}


@pytest.mark.parametrize(
    ("regime", "aid", "rate"),
    [
        ("lull", 1.0, 0.2),
        ("lull", 0.0, 0.2 * math.exp(1.5)),
        ("collapse", 1.0, 0.3),
        ("collapse", 0.0, 0.3 * math.exp(-1.5)),
    ],
)
def test_a_cut_in_aid_speeds_collapse_and_slows_recovery(regime, aid, rate):
    """A switch happens iff the luck of its address is below 1 - exp(-rate)."""
    desk = reference(
        chips__land__regimes=REGIMES,
        chips__land__regime=regime,
        chips__land__switch_on_aid_cut=1.5,
    )
    stream = CHIP_SWITCH + 4 * int(desk.p.chip_luck[0])
    switched = 0
    for replicate in range(60):
        desk.begin(0, replicate)
        desk.w.aid_felt = aid
        before = desk.w.regime[0]
        desk.stage("chips")
        turned = desk.w.regime[0] != before
        assert turned == (uniform(0, replicate, 0, stream) < 1 - math.exp(-rate))
        switched += turned
    assert 0 < switched < 60


@pytest.mark.slow
def test_on_average_a_volatile_chip_loses_what_its_regime_says():
    volatile = {"only": {"loss_per_week": 0.3, "volatility_per_week": 0.2}}
    desk = reference(chips__land__regimes=volatile, chips__land__area_km2=500)
    trials = 4000
    held = np.empty(trials)
    for replicate in range(trials):
        desk.begin(1, replicate)
        desk.stage("chips")
        held[replicate] = desk.w.chip[0]
    assert abs(held.mean() - 0.35) < 4 * held.std() / math.sqrt(trials)
    spread = np.log(held).std()
    assert spread == pytest.approx(0.2, abs=4 * 0.2 / math.sqrt(2 * trials))


@pytest.mark.slow
def test_of_two_exits_from_a_regime_each_is_taken_by_its_rate():
    three = {
        "calm": {"switch_per_week": {"lull": 0.1, "storm": 0.3}},
        "lull": {"loss_per_week": 0.01},
        "storm": {"loss_per_week": 0.1},
    }
    desk = reference(chips__land__regimes=three, chips__land__regime="calm")
    trials, counts = 4000, [0, 0, 0]
    for replicate in range(trials):
        desk.begin(2, replicate)
        desk.stage("chips")
        counts[desk.w.regime[0]] += 1
    leave = 1 - math.exp(-0.4)
    for count, chance in zip(
        counts, (1 - leave, leave / 4, leave * 3 / 4), strict=True
    ):
        error = math.sqrt(chance * (1 - chance) / trials)
        assert abs(count / trials - chance) < 4 * error


# ---- what a day pays, and how a world ends -------------------------------------------

# both believe what is true
KNOWN = {
    "parties__u__belief__drift_km2_per_week": -20,
    "parties__r__belief__drift_km2_per_week": -20,
}


def test_a_day_of_war_pays_land_and_chips_less_the_cost():
    desk = reference()
    desk.w.present_worth = 0.5
    desk.stage("flows")
    own = 3200 + 80 - 800
    other = 4800 - 400 - 640
    assert desk.w.payoff == pytest.approx([0.01 * own, 0.01 * other], rel=1e-12)
    assert desk.w.aid_given == 1.0


def test_aid_given_counts_the_level_week_by_week():
    desk = reference(step_days=1, aid__level=1.5)
    for _ in range(7):
        desk.stage("flows")
    assert desk.w.aid_given == pytest.approx(1.5, rel=1e-12)


def test_without_a_patron_no_aid_is_given():
    parties = {name: REFERENCE["parties"][name] for name in ("u", "r")}
    desk = reference(parties=parties)
    desk.stage("flows")
    assert desk.w.aid_given == 0.0


def test_a_day_of_truce_pays_what_the_offer_promised():
    desk = reference(
        negotiation__offers__peace__aid_freeze=0.5,
        negotiation__offers__peace__sanctions_relief=0.4,
        parties__u__aid_freeze_cost_km2=480,
        parties__r__sanctions_relief_value_km2=400,
        parties__r__audience_cost_km2=160,
        parties__u__claimed_km2=4000,
        parties__u__audience_cost_km2=240,
    )
    desk.w.phase, desk.w.truce_offer = TRUCE, 0
    desk.stage("flows")
    own = 3200 + 80 - 480 * 0.5 - 240
    other = 4800 - 400 + 400 * 0.4 - 160
    assert desk.w.payoff == pytest.approx([0.02 * own, 0.02 * other], rel=1e-12)
    assert desk.w.aid_given == 0.5


@pytest.mark.parametrize("claimed", [4000, 3600.1, 1234.56789, 8000 / 3])
def test_a_claim_that_is_just_met_costs_nothing(claimed):
    """Also where the line of an offer differs from it by rounding."""
    desk = reference(parties__u__claimed_km2=claimed, parties__u__audience_cost_km2=240)
    desk.w.phase, desk.w.truce_offer, desk.w.chip[0] = TRUCE, 0, 0.0
    desk.w.line = claimed * (1 - 1e-15)
    desk.stage("flows")
    assert desk.w.payoff[0] == pytest.approx(0.02 * claimed, rel=1e-9)
    desk.w.payoff[0], desk.w.line = 0.0, claimed - 0.001
    desk.stage("flows")
    assert desk.w.payoff[0] == pytest.approx(0.02 * (claimed - 240.001), rel=1e-9)


@pytest.mark.parametrize(
    ("line", "loser"), [(0.0, 0), (-35.0, 0), (8000.0, 1), (8010.0, 1)]
)
def test_the_victor_has_the_whole_stake_from_the_next_day(line, loser):
    desk = reference()
    desk.w.line = line
    desk.stage("close")
    assert (desk.w.phase, desk.w.defeated) == (DEFEAT, loser)
    assert desk.w.payoff[1 - loser] == pytest.approx(0.98 * 8000, rel=1e-12)
    assert desk.w.payoff[loser] == 0.0
    assert desk.w.line == (8000.0 if loser else 0.0)


def test_a_day_ends_with_the_next():
    desk = reference()
    desk.stage("close")
    assert (desk.w.step, desk.w.phase) == (1, WAR)
    assert desk.w.present_worth == pytest.approx(0.98, rel=1e-12)


def test_a_war_that_goes_on_at_the_end_counts_what_is_to_come_at_the_true_drift():
    desk = reference(horizon_days=7)
    desk.stage("close")
    twin = reference(**KNOWN)
    expected = [0.98 * value for value in twin.wars()]
    assert desk.w.payoff == pytest.approx(expected, rel=1e-9)


def test_a_truce_that_holds_at_the_end_counts_what_is_left_of_it():
    """Of four weeks two have paid; tonight it may break down, or two more follow."""
    changes = KNOWN | {"horizon_days": 7}
    weeks = "negotiation__offers__peace__duration_days"
    desk = reference(**changes, **{weeks: 28})
    desk.w.phase, desk.w.truce_offer, desk.w.truce_age = TRUCE, 0, 1
    desk.stage("close")
    rest = reference(**changes, **{weeks: 14})
    z = 0.01204776848
    ends = zip(rest.wars(), rest.values(), strict=True)
    expected = [0.98 * (z * war + (1 - z) * truce) for war, truce in ends]
    assert desk.w.payoff == pytest.approx(expected, rel=1e-9)


# ---- whole worlds --------------------------------------------------------------------


def run(params, replicates, seed=0):
    """Worlds run to their end, one row each."""
    return simulate(params, seed=seed, replicates=range(replicates))


def test_in_every_world_lines_and_shares_stay_in_range():
    params = build(load("kursk-2025-03-13").scenario)
    worlds = run(params, 40)
    assert worlds.dtype == WORLD
    assert ((worlds["line"] >= 0) & (worlds["line"] <= 8000)).all()
    assert ((worlds["chip"] >= 0) & (worlds["chip"] <= 1)).all()
    assert (worlds["belief_weight"] >= params["belief_weight"]).all()
    width = worlds["cost_high"] - worlds["cost_low"]
    first = params["cost_high"] - params["cost_low"]
    assert (width >= 0.1 * first - 1e-9).all()
    assert (worlds["cost"] >= params["cost_low"]).all()
    assert (worlds["cost"] <= params["cost_high"]).all()
    assert np.isfinite(worlds["payoff"]).all()
    ended = np.isin(worlds["phase"], (SETTLED, DEFEAT)) | (worlds["step"] == 180)
    assert ended.all()
    assert (worlds["first_truce"][worlds["broken"] > 0] >= 0).all()
    assert ((worlds["longest_pause"] > 0) == (worlds["first_full_truce"] >= 0)).all()
    assert (worlds["longest_pause"] <= 180).all()


def test_a_war_at_the_end_of_its_front_ends_in_defeat():
    worlds = run(without_talks(front__held_km2=300), 100)
    defeated = worlds["phase"] == DEFEAT
    assert defeated.mean() > 0.3
    assert np.isin(worlds["line"][defeated], (0.0, 8000.0)).all()
    assert (worlds["defeated"][worlds["line"] == 0.0] == 0).all()
    assert (worlds["defeated"][~defeated] == NOBODY).all()


def test_arms_of_a_sweep_have_the_same_luck():  # P5
    """With a chip that moves no front, its size leaves every line as it was."""
    lines = [
        run(without_talks(chips__land__area_km2=area), 200, seed=7)["line"]
        for area in (0, 400, 1000)
    ]
    assert (lines[0] == lines[1]).all()
    assert (lines[0] == lines[2]).all()
    assert len(set(lines[0])) > 100


def test_a_chip_that_ties_down_forces_never_costs_its_holder_land():
    """With the same luck, more drift moves the line further in every world."""
    weak, strong = (
        run(without_talks(chips__land__drift_km2_per_week=drift), 200, seed=7)["line"]
        for drift in (0, 40)
    )
    assert (strong >= weak).all()
    assert (strong > weak).mean() > 0.9


WITHOUT_TALKS = {
    "horizon_days": 140,
    "chips.land.drift_km2_per_week": 0,
    "parties.u.belief.drift_km2_per_week": -20,
    "parties.r.belief.drift_km2_per_week": -20,
}


def without_talks(**changes):
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    params = build(scenario(REFERENCE, WITHOUT_TALKS | dotted))
    params["first_round"] = 10**6
    return params


# Where defeat is looked for once a step, a line is on average so many spreads of a step
# beyond the end when it is seen, -zeta(1/2)/sqrt(2 pi) (Siegmund 1985).
BEYOND = 0.5825971579


def seen_once_a_step(hand):
    hand.beyond = BEYOND * hand.s * math.sqrt(hand.y)
    return hand


def on_average(worlds, expected):
    """Whether payoffs of both sides are what they should be, within four errors."""
    for side in range(2):
        payoff = worlds["payoff"][:, side]
        error = payoff.std() / math.sqrt(payoff.size)
        assert abs(payoff.mean() - expected[side]) < 4 * error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "worlds"),
    [
        ({}, 100_000),
        ({"step_days": 1}, 20_000),
        ({"front__held_km2": 800, "front__volatility_km2_per_week": 400}, 100_000),
        ({"territory_flow": 0.3, "discount_factor_per_week": 0.95}, 100_000),
        ({"chips__land__regimes": REGIMES, "chips__land__regime": "lull"}, 100_000),
        ({"chips__land__capture_per_week": 0.05}, 100_000),
    ],
    ids=["weekly", "daily", "near defeat", "impatient", "regimes", "capture"],
)
def test_on_average_a_war_pays_its_value(changes, worlds):
    """Mean of the discounted flows over ten years against the value by hand.

    With regimes the value is an approximation near the ends of the front only.
    """
    long = {"horizon_days": 3640}
    ended = run(without_talks(**changes, **long), worlds, seed=11)
    dotted = {name.replace("__", "."): value for name, value in changes.items()}
    hand = seen_once_a_step(Morning(scenario(REFERENCE, WITHOUT_TALKS | dotted)))
    fights = [hand.fight(i, hand.z, hand.held, hand.ell) for i in (0, 1)]
    on_average(ended, [w - hand.c[i] * f for i, (w, f) in enumerate(fights)])
    if "front__held_km2" in changes:
        assert (ended["phase"] == DEFEAT).mean() > 0.3


@pytest.mark.slow
@pytest.mark.parametrize(("duration", "horizon"), [(None, 3640), (None, 70), (105, 70)])
def test_on_average_a_truce_pays_its_value(horizon, duration):
    """The value at which U accepts is what it then gets, with break-downs by chance.

    A horizon that cuts a truce short counts what is left of it.
    """
    told = scenario(
        REFERENCE,
        {
            "horizon_days": horizon,
            "chips.land.drift_km2_per_week": 0,
            "parties.u.belief.drift_km2_per_week": -20,
            "parties.r.belief.drift_km2_per_week": -20,
            "parties.u.belief.learning_weight": 0,
            "parties.r.belief.learning_weight": 0,
            "parties.u.cost_of_war_km2": 1600,
            "parties.r.cost_of_war_km2": 1600,
            "negotiation.offers.peace.duration_days": duration,
            "negotiation.offers.peace.hand_back": {"land": 1},
            "negotiation.offers.peace.line": {"held_km2": 2800},
            "negotiation.repeat_after_days": 3660,
            "timeline": [{"date": "2025-03-13", "offer": "peace", "by": "w"}],
        },
    )
    params = build(told)
    params["first_round"] = 10**6  # nothing is offered after a break-down
    assert min(Desk(params).gains()) > 0.0
    hand = Talks(told)
    if horizon > 70:  # what is to come after a horizon is valued in continuous time
        seen_once_a_step(hand)
    values = hand.value(hand.plain("peace"))[0]
    ended = run(params, 100_000, seed=12)
    assert (ended["first_full_truce"] == 0).all()
    on_average(ended, [hand.at_own_cost(i, value) for i, value in enumerate(values)])
