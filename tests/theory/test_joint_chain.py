"""A war with a chip against one linear system of line and chip, to 1e-9.

The system is the definition of a war: a period pays, then perhaps a battle, then the
chip may be lost and its regime may change. The formulas know closed forms instead.
"""

import pytest
from hypothesis import strategies as st

from sim.model.formulas.war import equivalent_loss_hazard
from sim.theory.truces import chip_time
from sim.theory.walk import wars
from tests.formulas import oracles as chips
from tests.formulas.sane_worlds import (
    MANY,
    in_random_worlds,
    loss_shares,
    regimes,
    shares,
)
from tests.theory import oracles
from tests.theory.oracles import chain, costs, mirrored, sane_walks

EXACT = {"rel": 0.0, "abs": 1e-9}

values = st.floats(-0.01, 0.15)  # of a full chip to either side


def time_held(walk, hazard):
    """The calculator's time of a chip."""
    return chip_time(**walk._asdict(), loss=hazard)["A"]


@MANY
def test_a_war_with_a_chip_is_worth_what_its_chain_says_to_both_sides(count):
    """One chain, two owners: what U wins R loses, and U's chip costs R."""

    def claim(walk, omega, cost, other_cost, own, other, held, hazard):
        found = wars(walk, (cost, other_cost), omega)
        time = time_held(walk, hazard)
        sides = (walk, cost, own * held), (mirrored(walk), other_cost, -other * held)
        for (seen, paid, flow), value in zip(sides, found, strict=False):
            slow = oracles.war(*chain(seen), omega, paid, flow, hazard)
            assert value + flow * time == pytest.approx(slow[int(seen.line)], **EXACT)

    paid = costs, costs
    chip = values, values, shares, loss_shares
    in_random_worlds(count, claim, sane_walks(), shares, *paid, *chip)


@MANY
def test_regimes_that_lose_alike_are_one_regime(count):
    """Whatever the switches between them, the joint chain is that of one hazard."""

    def claim(walk, hazard, drawn):
        _, switch = drawn
        alike = [hazard] * len(switch)
        joint = oracles.chip_in_war(*chain(walk), alike, switch)[:, int(walk.line)]
        assert joint == pytest.approx(time_held(walk, hazard), **EXACT)

    in_random_worlds(count, claim, sane_walks(most=20), loss_shares, regimes())


@MANY
def test_where_no_battle_ends_the_war_the_equivalent_hazard_is_exact(count):
    def claim(walk, drawn):
        quiet = walk._replace(battle_chance=0.0)
        joint = oracles.chip_in_war(*chain(quiet), *drawn)[:, int(walk.line)]
        endless = chips.chip_held(*drawn, walk.discount)
        assert joint == pytest.approx(endless, **EXACT)
        found = [
            time_held(quiet, equivalent_loss_hazard(time, walk.discount))
            for time in endless
        ]
        assert found == pytest.approx(joint, **EXACT)

    in_random_worlds(count, claim, sane_walks(most=20), regimes())


@MANY
def test_near_the_ends_one_hazard_for_all_regimes_is_an_approximation(count):
    """How far off can it be? Less than .1 of the time; .03 is the most seen by chance.

    A full chip of the largest sane value, .15, is then misvalued by .0045.
    """

    def claim(walk, drawn):
        joint = oracles.chip_in_war(*chain(walk), *drawn)[:, int(walk.line)]
        endless = chips.chip_held(*drawn, walk.discount)
        for time, true in zip(endless, joint, strict=True):
            hazard = equivalent_loss_hazard(time, walk.discount)
            assert abs(time_held(walk, hazard) - true) < 0.1

    in_random_worlds(count, claim, sane_walks(most=20), regimes())
