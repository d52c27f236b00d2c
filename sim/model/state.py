"""The records: what a world is made of, and the numbers that it runs on.

`WORLD` is the state of one world; nothing about it is kept anywhere else. `PARAMS` is
one cell of a sweep, converted to periods. `TABLE` is what decisions are made on:
values that the stages `appraise` and `weigh` write and that decisions read.

All are flat and of fixed capacity, so that no scenario needs a kernel of its own.
Side 0 is `front.side` of the scenario, side 1 the other belligerent, 2 the patron.
"""

from typing import Any, TypeAlias

import numba
import numpy as np
from numpy.typing import NDArray

# a record as kernels see it: one element of an array of PARAMS, WORLD or TABLE
Params: TypeAlias = Any
World: TypeAlias = Any
Table: TypeAlias = Any

SIDES = 2
CHIPS = 4
REGIMES = 4
OFFERS = 16
ENTRIES = 64  # of a timeline
ANSWERS = 64  # of scripts
LEVELS = 8  # of aid, to choose from
ENDS = 2  # of a truce: without a settlement, with one
WARS = 64  # listed at once: the menu's, 2 an offer, and some
LUCKS = 2 + CHIPS  # kinds of luck that a day of war may need
AHEAD = 32  # days for which luck is drawn at once
# Numbers that compiled loops take at once, or a multiple of them. More would be filled
# up with wars that nobody asks for: a day has about seven values to find.
LANES = 4

PATRON = 2
NOBODY = -1
NEVER = -1

# phase of a world; a partial truce counts as war
WAR, TRUCE, SETTLED, DEFEAT = 0, 1, 2, 3

# what the bargaining of a day is about
NOTHING, ROUND, DATED, COUNTER, EXTENSION = 0, 1, 2, 3, 4

# answers to an offer; of an author who is bound by its own offer the answer is ACCEPT
SILENT, ACCEPT, REJECT, ON_CONDITIONS = 0, 1, 2, 3

# bits of a set of conditions, in the order of `Condition` in the scenario schema
HAND_BACK, AID_FREEZE, SANCTIONS_RELIEF, MONITORED = 1, 2, 4, 8
DEMANDS = 16  # sets of conditions
CONDITION_MONITORING = 0.8  # what the condition "monitoring" asks for

# how an offer sets the line
IN_PLACE, AT_LINE, OPTIMAL = 0, 1, 2

# how a side decides; who opens as one of the last two gives way by the day
POLICIES = "best_response", "quantal", "scripted", "hardliner", "boulware", "conceder"
BEST_RESPONSE, QUANTAL, SCRIPTED, HARDLINER, BOULWARE, CONCEDER = range(6)

# how the patron decides on the level of aid
BY_SCRIPT, UNCONDITIONAL, CONDITIONAL, BEST_LEVEL = 0, 1, 2, 3
NO_LEVEL = -1.0  # of aid, where none is threatened or promised

# kinds of timeline entries
OFFER_ENTRY, AID_ENTRY, REGIME_ENTRY, AUDIENCE_ENTRY = 0, 1, 2, 3

_WAR_LANES = SIDES * WARS + LANES  # the last vector may be begun by the last war
_f, _i = "f8", "i8"

PARAMS = np.dtype(
    [
        # clock and stake; land and worth in km2, drifts in km2 a week towards side 0
        ("weeks", _f),  # y, length of a step in weeks
        ("steps", _i),  # horizon
        ("stake", _f),  # L
        ("discount", _f),  # D per step
        ("rate", _f),  # rho per week
        ("territory_flow", _f),  # omega
        ("drift", _f),  # m_0, what is true
        ("front_volatility", _f),  # s, of a week's change
        ("line", _f),  # z at the start
        ("mirrored", _i),  # 1 if side 0 is the second to draw luck, see `build`
        # belligerents
        ("belief", _f, SIDES),  # m_i, drift at full aid and without chips
        ("belief_weight", _f, SIDES),  # T_i, weeks
        ("learning_weight", _f, SIDES),  # w
        ("cost_low", _f, SIDES),  # private interval of the cost of war
        ("cost_high", _f, SIDES),
        ("bargaining_weight", _f, SIDES),  # alpha
        ("decision_noise", _f, SIDES),  # tau
        ("rearmament", _f, SIDES),  # g: drift gained per step of truce
        ("audience_cost", _f, SIDES),  # T
        ("claimed_km2", _f, SIDES),  # of the own part of the stake; 0 claims nothing
        ("aid_freeze_cost", _f, SIDES),  # kap_f
        ("sanctions_relief_value", _f, SIDES),  # gam
        ("value_of_harm", _f, SIDES),  # theta
        ("own_demands", _i, SIDES),  # conditions a side may name, as bits
        ("policy", _i, SIDES),
        ("premium", _f, SIDES),  # of a hardliner
        ("beta", _f, SIDES),  # of a boulware or a conceder
        ("deadline", _f, SIDES),  # of the same, in steps
        # scripted answers, by step
        ("answers", _i),
        ("answer_step", _i, ANSWERS),
        ("answer_side", _i, ANSWERS),
        ("answer_offer", _i, ANSWERS),
        ("answer_code", _i, ANSWERS),
        # patron and aid
        ("supports", _i),  # side that gets the aid, or NOBODY
        ("value_per_km2", _f),  # B
        ("aid_cost", _f),  # kap_a
        ("cost_while_war", _f),  # kap_w
        ("sanctions_relief_cost", _f),  # kap_g
        ("refusal_price", _f),  # pressure times price_of_refusal_km2
        ("reputation", _f),
        ("aid", _f),  # a at the start
        ("aid_rule", _i),
        ("aid_levels", _i),  # to choose from
        ("aid_level", _f, LEVELS),
        ("aid_after_refusal", _f, SIDES),  # by that side alone, or NO_LEVEL
        ("aid_after_acceptance", _f),  # by the side that is supported, or NO_LEVEL
        ("aid_drift", _f),  # A, towards side 0
        ("aid_revert", _f),  # rho_a per step
        ("aid_long_run", _f),  # a_inf
        ("aid_felt_at_once", _f),  # 1 - exp(-y/lag)
        # chips
        ("chips", _i),
        ("chip_luck", _i, CHIPS),  # spot of the chip's name, see `sim.model.rng`
        ("chip_holder", _i, CHIPS),
        ("chip_start", _f, CHIPS),  # K at the start
        ("chip_value", _f, (SIDES, CHIPS)),  # v_ij
        ("chip_drift", _f, CHIPS),  # B_j, towards side 0
        ("chip_floor", _f, CHIPS),
        ("chip_capture", _f, CHIPS),  # hazard per step
        ("chip_aid_switch", _f, CHIPS),  # beta_a
        ("chip_regimes", _i, CHIPS),
        ("chip_regime", _i, CHIPS),  # at the start
        ("chip_opener", _i, CHIPS),  # chip whose fall opens this one, or NOBODY
        ("chip_opens_below", _f, CHIPS),  # of the full opener
        ("chip_opens_into", _i, CHIPS),  # regime
        ("loss", _f, (CHIPS, REGIMES)),  # share per step
        ("gain", _f, (CHIPS, REGIMES)),
        ("volatility", _f, (CHIPS, REGIMES)),
        ("switch", _f, (CHIPS, REGIMES * REGIMES)),  # rates per step, from * 4 + to
        # negotiation
        ("first_round", _i),
        ("round_every", _i),
        ("round_discount", _f),  # d_r
        ("counter_after", _i),
        ("repeat_after", _i),
        ("proposer_weight", _f, SIDES + 1),
        ("offers", _i),
        ("offer_luck", _i, OFFERS),  # spot of the offer's name
        ("offered_by", _i, OFFERS),  # bits 1, 2, 4: side 0, side 1, patron
        ("line_kind", _i, OFFERS),
        ("line_km2", _f, OFFERS),
        ("hand_back", _f, (OFFERS, CHIPS)),
        ("aid_freeze", _f, OFFERS),
        ("sanctions_relief", _f, OFFERS),
        ("duration", _f, OFFERS),  # in steps, 0 permanent
        ("partial", _i, OFFERS),  # 1 for a truce of some kinds of attack only
        ("relief", _f, (SIDES, OFFERS)),  # of a partial truce: share of the own cost
        # constants of a truce per offer: as offered, and with the condition of
        # monitoring; without and with an end by settlement: see `terms.variant_of`
        ("breakdown", _f, (OFFERS, 4)),
        ("settlement", _f, (OFFERS, 4)),
        ("annuity", _f, (OFFERS, 4)),
        ("end_worth", _f, (OFFERS, 4)),
        ("mean_length", _f, (OFFERS, 4)),
        # timeline, sorted by step
        ("entries", _i),
        ("entry_step", _i, ENTRIES),
        ("entry_kind", _i, ENTRIES),
        ("entry_index", _i, ENTRIES),  # offer, chip or side
        ("entry_by", _i, ENTRIES),  # author of a dated offer; regime of a chip
        ("entry_value", _f, ENTRIES),
    ],
    align=True,
)

WORLD = np.dtype(
    [
        ("seed", _i),
        ("replicate", _i),
        ("step", _i),
        ("phase", _i),
        ("defeated", _i),
        ("line", _f),  # z
        ("chip", _f, CHIPS),
        ("regime", _i, CHIPS),
        ("aid", _f),
        ("aid_felt", _f),
        ("rearmed", _f),  # ell, drift
        ("belief", _f, SIDES),
        ("belief_weight", _f, SIDES),
        ("cost", _f, SIDES),
        ("cost_low", _f, SIDES),  # what others still think possible
        ("cost_high", _f, SIDES),
        ("audience_cost", _f, SIDES),
        ("condition_open", _i),  # of the aid that hangs on answers
        ("entry", _i),  # next of the timeline
        ("round_waits", _i),  # 1 if a round is due that found its day taken
        # the offer on the table today
        ("business", _i),
        ("offer", _i),
        ("author", _i),
        ("demands", _i),  # conditions added to the offer
        ("demanded_by", _i),
        ("offer_line", _f),
        ("answer", _i, SIDES),
        ("answer_demands", _i, SIDES),
        # counter-offers that wait for their day
        ("counter_step", _i, SIDES),
        ("counter_offer", _i, SIDES),
        ("counter_demands", _i, SIDES),
        ("counter_line", _f, SIDES),
        ("blocked_until", _i, OFFERS),
        # the truce in force
        ("truce_offer", _i),
        ("truce_author", _i),
        ("truce_demands", _i),
        ("truce_demanded_by", _i),
        ("truce_age", _i),
        # the partial truce in force, while the war goes on
        ("partial_offer", _i),
        ("partial_author", _i),
        ("partial_demands", _i),
        ("partial_demanded_by", _i),
        ("partial_age", _i),
        # what becomes of the world
        ("present_worth", _f),  # d^step
        ("payoff", _f, SIDES),
        ("aid_given", _f),  # in weeks of the norm
        ("first_truce", _i),
        ("first_full_truce", _i),
        ("first_truce_offer", _i),
        ("first_truce_author", _i),
        ("line_at_agreement", _f),
        ("chip_at_agreement", _f, CHIPS),
        ("broken", _i),
        ("expired", _i),
        ("extended", _i),
        ("refusals", _i, SIDES),
        ("fighting_stopped", _i),
        ("longest_pause", _i),  # of a full truce, in steps
    ],
    align=True,
)

TABLE = np.dtype(
    [
        # outlook of the day
        ("aid_known", _f),  # aid level that loss_hazard was solved at
        ("loss_hazard", _f, (CHIPS, REGIMES)),  # lam_eff
        ("base_drift", _f, SIDES),  # own, without chips and rearmament
        ("kept", _f, CHIPS),  # chips as an offer would leave them
        # fighting on: intercepts at no cost of war, slope -fighting
        ("war", _f, SIDES),
        ("fighting", _f, SIDES),  # 1 - psi - phi
        ("surplus", _f),
        # what is left of a partial truce, and R with it
        ("spared", _f, SIDES),
        ("spared_slope", _f, SIDES),
        ("reservation", _f, SIDES),
        ("reservation_slope", _f, SIDES),
        # what refusing an offer that the patron puts forward itself is worth, and the
        # level of aid that would follow: threatened to each side, and promised
        ("refusal", _f, SIDES),
        ("refusal_slope", _f, SIDES),
        ("threat", _f, SIDES),
        ("promise", _f),
        # what a side wants beyond R, by its policy
        ("aspiration", _f, SIDES),
        # the menu: what may be put forward today, as bits, and its worth
        ("menu", _i),
        ("menu_line", _f, OFFERS),
        ("gain", _f, (SIDES, OFFERS)),
        ("gain_slope", _f, (SIDES, OFFERS)),
        ("patron_gain", _f, OFFERS),
        ("truce_worth", _f, OFFERS),  # n, as expected by the patron
        ("place_of_patron", _i),  # of the patron's war in the list
        ("war_of_patron", _f),  # W_0, and 1 - psi - phi of that war
        ("fighting_of_patron", _f),
        # the offer on the table
        ("put_gain", _f, SIDES),
        ("put_slope", _f, SIDES),
        ("noise", _f, SIDES),
        # the same with conditions: gain of the side that would name them, and chance
        # that the other one then accepts
        ("demand_gain", _f, (SIDES, DEMANDS)),
        ("demand_chance", _f, (SIDES, DEMANDS)),
        # the offer valued last: value and slope; the chance P+ that it may be settled,
        # and the wars that follow it without and with that end
        ("value", _f, SIDES),
        ("value_slope", _f, SIDES),
        ("settle_chance", _f),
        ("after_war", _f, (ENDS, SIDES)),
        ("after_fighting", _f, (ENDS, SIDES)),
        ("after_surplus", _f, ENDS),  # S'
        # wars of the day: how many are listed and have a value; what they start from
        ("wars", _i),
        ("valued", _i),
        ("war_line", _f, WARS),
        ("war_rearmed", _f, WARS),
        ("war_chips", _f, (WARS, CHIPS)),
        # the same for each side, in lane 2 * war + side, and the values
        ("war_drift", _f, _WAR_LANES),
        ("war_held", _f, _WAR_LANES),
        ("war_stakes", _f, (CHIPS, _WAR_LANES)),  # worth of the kept chips, signed
        ("war_value", _f, _WAR_LANES),
        ("war_fighting", _f, _WAR_LANES),
        # luck of the days to come, in the rows of `sim.model.stages.draws`
        ("luck_seed", _i, LUCKS),
        ("luck_replicate", _i, LUCKS),
        ("luck_from", _i, LUCKS),
        ("luck_days", _i, LUCKS),
        ("luck", _f, (LUCKS, 2, AHEAD)),
        # noise of decisions, once it was drawn, of which world
        ("noise_seed", _i),
        ("noise_replicate", _i),
        ("noise_known", _i, OFFERS),
        ("noise_in", _f, (SIDES, OFFERS)),
        # standard normal deviates of the front and of chips on these days, once they
        # were asked for, and the factors by which chips change, for one volatility
        ("deviates_known", _i, LUCKS),
        ("deviate", _f, (LUCKS, AHEAD)),
        ("shock_volatility", _f, CHIPS),
        ("shock", _f, (CHIPS, AHEAD)),
        # working space
        ("matrix", _f, REGIMES * REGIMES),
        ("column", _f, REGIMES),
    ],
    align=True,
)


def blank(dtype: np.dtype[Any], n: int) -> NDArray[np.void]:
    """Return n blank records, shape (n,)."""
    return as_kernels_take_it(np.zeros(n, dtype))


def as_kernels_take_it(records: NDArray[np.void]) -> NDArray[np.void]:
    """Return the same memory; without the compiler, fields must be attributes too.

    Compiled kernels read any structured array, and enter faster with a plain one.
    """
    # numba exports no types for its settings
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return records.view(np.recarray)
    return records
