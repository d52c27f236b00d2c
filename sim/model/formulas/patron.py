"""The patron: what an offer is worth to it, and when its threat to cut aid counts."""

from sim.model.compile import kernel
from sim.model.formulas.elementary import exp


@kernel
def aid_felt_at_once(lag_weeks: float, weeks: float) -> float:
    """Share of a change of aid that is felt within a period: 1 - exp(-y/lag), or all.

    `weeks` y is the length of the period; without a lag all is felt.

    >>> aid_felt_at_once(0.0, 1.0)
    1.0
    """
    if lag_weeks <= 0.0:
        return 1.0
    return 1.0 - exp(-weeks / lag_weeks)


@kernel
def patron_gain(annuity_worth: float, discount: float, flow: float) -> float:
    """Value to the patron of a truce, over the war going on: g_W = (1-d) n flow.

    `flow` is what it gains over the war, a period, while the truce lasts (see
    `sim.model.stages.terms.patron_flow`); `annuity_worth` n comes from
    `sim.model.formulas.offers.annuity`.
    """
    return (1.0 - discount) * annuity_worth * flow


@kernel
def cost_of_cutting_aid(
    value_per_km2: float,
    war_value_lost: float,
    aid_cost: float,
    aid_cut: float,
    fighting: float,
) -> float:
    """Cost to the patron of carrying out a threat: B dW - kap_a da (1 - psi - phi).

    The threat is credible if the patron's stake in its reputation is at least that.
    In km2; `war_value_lost` dW is what the side it supports loses, `value_per_km2` B
    what a km2 of it is worth to the patron, `fighting` is 1 - psi - phi.
    """
    return value_per_km2 * war_value_lost - aid_cost * aid_cut * fighting
