"""The kernels of war against one linear system of line and chip, to 1e-9.

The system is the definition of a war: a period pays, then perhaps a battle, then the
chip may be lost and its regime may change. The kernels know closed forms instead.
"""

import pytest
from hypothesis import strategies as st

from sim.model.formulas.elementary import logit
from sim.model.formulas.odds import discounted_odds
from sim.model.formulas.war import (
    chip_time,
    equivalent_loss_hazard,
    front_drift,
    war_value,
)
from tests.formulas import oracles
from tests.formulas.sane_worlds import (
    MANY,
    costs,
    fronts,
    in_random_worlds,
    loss_shares,
    regimes,
    shares,
)

EXACT = {"rel": 0.0, "abs": 1e-9}

values = st.floats(-0.01, 0.15)  # of a full chip to either side


def chip_of(front, hazard):
    """Time a chip is held, by the kernel."""
    line, lines = float(front["line"]), float(front["lines"])
    pace = front["discount"], front["battle_chance"]
    return chip_time(logit(front["win"]), line, lines, *pace, hazard)


def war_of(front, omega, cost, chip_flow, hazard):
    """Value of war with a chip, composed as the simulation composes it."""
    line, lines = float(front["line"]), float(front["lines"])
    pace = front["discount"], front["battle_chance"]
    psi, phi = discounted_odds(logit(front["win"]), line, lines, *pace)
    drift = front_drift(front["win"], lines, *pace, omega)
    value = war_value(line / lines, psi, phi, drift, omega)
    return value - cost * (1.0 - psi - phi) + chip_flow * chip_of(front, hazard)


def chain(front):
    return front["win"], front["lines"], front["discount"], front["battle_chance"]


@MANY
def test_a_war_with_a_chip_is_worth_what_its_chain_says_to_both_sides(count):
    """One chain, two owners: what U wins R loses, and U's chip costs R."""

    def claim(front, omega, cost, other_cost, own, other, held, hazard):
        mirror = {
            **front,
            "win": 1.0 - front["win"],
            "line": front["lines"] - front["line"],
        }
        for seen, paid, flow in (
            (front, cost, own * held),
            (mirror, other_cost, -other * held),
        ):
            slow = oracles.war(*chain(seen), omega, paid, flow, hazard)
            found = war_of(seen, omega, paid, flow, hazard)
            assert found == pytest.approx(slow[seen["line"]], **EXACT)

    paid = costs, costs
    chip = values, values, shares, loss_shares
    in_random_worlds(count, claim, fronts(), shares, *paid, *chip)


@MANY
def test_regimes_that_lose_alike_are_one_regime(count):
    """Whatever the switches between them, the joint chain is that of one hazard."""

    def claim(front, hazard, drawn):
        _, switch = drawn
        alike = [hazard] * len(switch)
        joint = oracles.chip_in_war(*chain(front), alike, switch)[:, front["line"]]
        assert joint == pytest.approx(chip_of(front, hazard), **EXACT)

    in_random_worlds(count, claim, fronts(most=20), loss_shares, regimes())


@MANY
def test_where_no_battle_ends_the_war_the_equivalent_hazard_is_exact(count):
    def claim(front, drawn):
        quiet = {**front, "battle_chance": 0.0}
        joint = oracles.chip_in_war(*chain(quiet), *drawn)[:, front["line"]]
        endless = oracles.chip_held(*drawn, front["discount"])
        assert joint == pytest.approx(endless, **EXACT)
        found = [
            chip_of(quiet, equivalent_loss_hazard(time, front["discount"]))
            for time in endless
        ]
        assert found == pytest.approx(joint, **EXACT)

    in_random_worlds(count, claim, fronts(most=20), regimes())


@MANY
def test_near_the_ends_one_hazard_for_all_regimes_is_an_approximation(count):
    """How far off can it be? Less than .1 of the time; .03 is the most seen by chance.

    A full chip of the largest sane value, .15, is then misvalued by .0045.
    """

    def claim(front, drawn):
        joint = oracles.chip_in_war(*chain(front), *drawn)[:, front["line"]]
        endless = oracles.chip_held(*drawn, front["discount"])
        for time, true in zip(endless, joint, strict=True):
            hazard = equivalent_loss_hazard(time, front["discount"])
            assert abs(chip_of(front, hazard) - true) < 0.1

    in_random_worlds(count, claim, fronts(most=20), regimes())
