"""The reference world, valued by the code that the simulation runs: T38 to T45."""

import pytest

from sim.model.formulas.acceptance import acceptance_chance, believed_acceptance
from sim.model.formulas.elementary import expit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.offers import best_demand
from sim.model.formulas.patron import cost_of_cutting_aid
from sim.model.formulas.war import chip_time
from sim.model.stages.wars import expected_odds
from sim.model.state import AT_SHARE, HAND_BACK
from tests.stages.worlds import reference

EXACT = {"rel": 1e-8, "abs": 1e-9}


def odds_of(desk, side):
    """Chance that the side wins a battle, as it expects it."""
    return expected_odds(desk.p, desk.w, desk.t, side, 0.0)


def corridors(desk):
    """Lines both sides prefer to war: (low, high) with the chip kept, and returned."""
    own, other = desk.wars()
    held = desk.p.chip_value[:, 0] * desk.w.chip[0]
    return own - held[0], 1.0 - other - held[1], own, 1.0 - other


def test_odds_of_a_battle_with_aid_and_chip():  # T38
    desk = reference()
    desk.see()
    assert expit(odds_of(desk, 0)) == pytest.approx(0.5050811259, **EXACT)
    assert 1.0 - expit(odds_of(desk, 1)) == pytest.approx(0.4450140722, **EXACT)


def test_values_of_war():  # T38
    desk = reference()
    assert desk.wars() == pytest.approx((0.3259252043, 0.6328700886), **EXACT)
    psi, phi = discounted_odds(odds_of(desk, 0), 8.0, 20.0, 0.98, 0.5)
    assert psi == pytest.approx(0.03659605964, **EXACT)
    assert phi == pytest.approx(0.09424462641, **EXACT)
    assert desk.t.fighting[0] == pytest.approx(1.0 - psi - phi, **EXACT)
    assert desk.t.loss_hazard[0, 0] == pytest.approx(0.08, **EXACT)
    time = chip_time(odds_of(desk, 0), 8.0, 20.0, 0.98, 0.5, 0.08)
    assert time == pytest.approx(0.2021181391, **EXACT)


def test_a_full_chip_adds_its_value_times_the_time_it_is_held():  # T38
    desk = reference(chips__land__log_odds_while_held=0)
    own, other = desk.wars()
    desk.w.chip[0] = 0.0
    without, other_without = desk.wars()
    time = chip_time(odds_of(desk, 0), 8.0, 20.0, 0.98, 0.5, 0.08)
    assert own - without == pytest.approx(0.01 * time, **EXACT)
    other_time = chip_time(odds_of(desk, 1), 12.0, 20.0, 0.98, 0.5, 0.08)
    assert other - other_without == pytest.approx(-0.05 * other_time, **EXACT)


def test_value_of_a_permanent_truce():  # T38
    desk = reference()
    assert desk.values() == pytest.approx((0.3787911079, 0.5807617002), **EXACT)
    assert desk.p.breakdown[0, 0] == pytest.approx(0.01204776848, **EXACT)


def test_lines_that_both_prefer_to_war():  # T38
    assert corridors(reference()) == pytest.approx(
        (0.3159252043, 0.3171299114, 0.3259252043, 0.3671299114), **EXACT
    )


@pytest.mark.parametrize(  # T39
    ("held", "expected"),
    [
        (0.0, (0.3134844703, 0.3481097503, 0.3134844703, 0.3481097503)),
        (0.5, (0.3146838351, 0.3325838168, 0.3196838351, 0.3575838168)),
        (1.0, (0.3159252043, 0.3171299114, 0.3259252043, 0.3671299114)),
    ],
)
def test_the_chip_narrows_a_freeze_and_widens_a_swap(held, expected):
    desk = reference(chips__land__area_km2=1000 * held)
    assert corridors(desk) == pytest.approx(expected, **EXACT)


SWAP = {
    "negotiation__offers__peace__line": {"share": 0.33},
    "negotiation__offers__peace__hand_back": {"land": 1},
    "truce__breakdown_per_week": 0,
}


def swap_chances(held):
    desk = reference(**SWAP, chips__land__area_km2=1000 * held)
    return [acceptance_chance(gain, 0.02) for gain in desk.gains()]


@pytest.mark.parametrize(  # T40
    ("held", "own", "other", "joint"),
    [
        (0.0, 0.6954611503, 0.7120758817, 0.4952211118),
        (0.25, 0.6617417144, 0.7580258638, 0.5016173347),
        (0.5, 0.6261670724, 0.7988610145, 0.5002204627),
        (0.75, 0.5890466766, 0.8344356223, 0.4915215301),
        (1.0, 0.5507594821, 0.864887955, 0.4763452422),
    ],
)
def test_chances_that_a_swap_is_accepted(held, own, other, joint):
    chances = swap_chances(held)
    assert chances == pytest.approx((own, other), **EXACT)
    assert chances[0] * chances[1] == pytest.approx(joint, **EXACT)


def test_a_swap_is_most_likely_with_a_chip_of_middle_size():  # T40
    desk = reference(**SWAP)

    def joint(held):
        desk.w.chip[0] = held
        own, other = (acceptance_chance(gain, 0.02) for gain in desk.gains())
        return own * other

    grid = [i / 10000 for i in range(3000, 3600)]
    peak = max(grid, key=joint)
    assert peak == pytest.approx(0.3288, abs=1.5e-4)
    assert joint(peak) == pytest.approx(0.502002692, **EXACT)


@pytest.mark.parametrize(  # T41
    ("level", "own", "other"),
    [
        (0.0, 0.2440967806, 0.7009543582),
        (0.5, 0.2827341932, 0.6694126009),
        (1.0, 0.3259252043, 0.6328700886),
        (1.5, 0.3718663139, 0.5914786745),
    ],
)
def test_aid_that_will_return_to_the_norm(level, own, other):
    desk = reference(aid__level=level, aid__revert_per_week=0.05)
    assert desk.wars() == pytest.approx((own, other), **EXACT)


def test_threats_to_both_sides_widen_what_they_accept():  # T42
    full, cut, raised = (
        reference(aid__level=level, aid__revert_per_week=0.05).wars()
        for level in (1.0, 0.0, 1.5)
    )
    assert 1.0 - sum(full) == pytest.approx(0.04120470706, **EXACT)
    low, high = cut[0], 1.0 - raised[1]
    assert (low, high) == pytest.approx((0.2440967806, 0.4085213255), **EXACT)
    assert high - low == pytest.approx(0.1644245449, **EXACT)


def test_what_a_threat_would_cost_the_patron():  # T43
    full = reference(aid__level=1.0, aid__revert_per_week=0.05)
    cut = reference(aid__level=0.0, aid__revert_per_week=0.05)
    lost = full.wars()[0] - cut.wars()[0]
    fighting = full.t.fighting[0]
    assert lost == pytest.approx(0.08182842371, **EXACT)
    assert fighting == pytest.approx(0.8691593139, **EXACT)
    cost = cost_of_cutting_aid(0.6, lost, 0.05, 1.0, fighting)
    assert cost == pytest.approx(0.00563908853, **EXACT)


def test_rearmament_that_makes_a_side_refuse():  # T44
    desk = reference(negotiation__offers__peace__monitoring=0.2)

    def gain(speed):
        desk.p.rearmament[1] = speed
        return desk.gains()[0]

    low, high = 0.0, 0.5
    assert gain(low) > 0.0 > gain(high)
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if gain(middle) > 0.0 else (low, middle)
    assert low == pytest.approx(0.007518076151, **EXACT)


def test_the_line_a_side_demands_of_one_with_a_private_cost():  # T45
    desk = reference(
        chips__land__area_km2=0,
        parties__u__belief={"win_probability": 0.47},
        parties__r__belief={"win_probability": 0.47},
        parties__r__cost_of_war={"value": 0.09, "private": [0.02, 0.16]},
        truce__breakdown_per_week=0,
    )
    own, _ = desk.wars()
    free, fighting = desk.t.war[1], desk.t.fighting[1]
    assert own == pytest.approx(0.2563240547, **EXACT)
    assert free == pytest.approx(0.6608656022, **EXACT)
    assert fighting == pytest.approx(0.8281034313, **EXACT)
    line = best_demand(free, fighting, 0.02, 0.16, own)
    assert line == pytest.approx(0.3639775007, **EXACT)
    # the offer of that line, as the simulation values it
    desk.p.line_kind[0], desk.p.line_share[0] = AT_SHARE, line
    desk.weigh()
    accepted = believed_acceptance(
        desk.t.put_gain[1], desk.t.put_slope[1], 0.02, 0.16, 0.0
    )
    assert 1.0 - accepted == pytest.approx(0.07142857143, **EXACT)
    worth = desk.t.value[0] * accepted + own * (1.0 - accepted)
    assert worth == pytest.approx(0.3562879689, **EXACT)


def test_conditions_of_the_answer_change_the_same_terms():
    """A freeze with the condition to hand back is the swap of the same line."""
    desk = reference()
    swap = reference(negotiation__offers__peace__hand_back={"land": 1})
    assert desk.gains(demands=HAND_BACK, demanded_by=1) == pytest.approx(swap.gains())
