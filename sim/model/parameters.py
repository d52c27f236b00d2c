"""From a scenario to the numbers a world runs on: `PARAMS`, converted to steps.

Rates of a scenario are per week; here they become rates of a step of dt days, with
y = dt/7: a discount factor d -> d^y, rearmament and regime rates times y, loss shares
and single hazards 1-(1-x)^y, volatility of chips times sqrt(y), while hazards that
compete share one exit. Flows, drifts and beliefs do not change.

Many sets of numbers are built at once: where a number of the scenario is an array of
shape (n,), the same statements fill a column of n records. Whatever decides between
formulas is therefore inside them.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import ScenarioError
from sim.model import state
from sim.model.formulas.elementary import exp, log
from sim.model.formulas.offers import constants_of_truces, per_period
from sim.model.formulas.patron import aid_felt_at_once
from sim.model.labels import CONDITION_BITS, seats
from sim.model.rng import spot
from sim.scenario.aid import AidBestResponse, AidConditional
from sim.scenario.land import Chip
from sim.scenario.negotiation import Event, Offer
from sim.scenario.parties import Belligerent, Patron, Scripted
from sim.scenario.schema import Scenario
from sim.scenario.types import LEAST_DISCOUNT, Block


def _each(formula: Callable[..., float]) -> Callable[..., Any]:
    """Return a formula that also takes arrays (n,), one number after the other.

    What overflows is infinite to a formula, as in a kernel, and no warning.
    """
    each = np.vectorize(formula, otypes=[np.float64])
    return np.errstate(over="ignore")(each)


_exp, _log, _per_period = _each(exp), _each(log), _each(per_period)
_aid_felt_at_once = _each(aid_felt_at_once)


def whole_steps(days: int, step_days: int) -> int:
    """Return the number of whole steps that cover so many days."""
    return -(-days // step_days)


def since_start(scenario: Scenario, day: date) -> int:
    """Return the first step that does not begin before a day."""
    return whole_steps((day - scenario.start_date).days, scenario.step_days)


Records: TypeAlias = NDArray[np.void]
"""Records of dtype `state.PARAMS`, shape (n,)."""

_PLACES = frozenset(state.PARAMS.names or ())


def copy_numbers(params: Records, block: Block, place: int | None = None) -> None:
    """Copy the numbers that have the same name, and so the same unit, in the record.

    There km2 go without saying. `place` is theirs among several of that name: the
    side's, the offer's.
    """
    for field, value in block:
        name = field if field in _PLACES else field.removesuffix("_km2")
        if name in _PLACES and isinstance(value, float | np.ndarray):
            if place is None:
                params[name] = value
            else:
                params[name][:, place] = value


AID_RULES = {
    "scripted": state.BY_SCRIPT,
    "unconditional": state.UNCONDITIONAL,
    "conditional": state.CONDITIONAL,
    "best_response": state.BEST_LEVEL,
}
ANSWER_CODES = {
    "accept": state.ACCEPT,
    "reject": state.REJECT,
    "accept_on_conditions": state.ON_CONDITIONS,
}


def write_policies(params: Records, scenario: Scenario) -> None:
    """Write how each side answers and proposes."""
    scripts: list[tuple[int, int, int, int]] = []
    offers = list(scenario.negotiation.offers)
    for side, name in enumerate(scenario.sides):
        party = scenario.parties[name]
        assert isinstance(party, Belligerent)
        policy = party.policy
        params["policy"][:, side] = state.POLICIES.index(policy.name)
        params["beta"][:, side] = 1.0
        copy_numbers(params, policy, side)
        days = getattr(policy, "deadline_days", scenario.step_days)
        params["deadline"][:, side] = days / scenario.step_days
        if isinstance(policy, Scripted):
            for entry in policy.answers:
                step, offer = since_start(scenario, entry.date), entry.offer
                code = ANSWER_CODES[entry.answer]
                scripts.append((step, side, offers.index(offer), code))
    params["answers"] = len(scripts)
    _write_rows(params, "answer", ("step", "side", "offer", "code"), scripts)


def write_aid_rule(params: Records, scenario: Scenario) -> None:
    """Write what decides on the level of aid."""
    rule = scenario.aid.rule
    params["aid_rule"] = AID_RULES[rule.name]
    params["aid_after_acceptance"] = state.NO_LEVEL
    params["aid_after_refusal"][:] = state.NO_LEVEL
    if AID_RULES[rule.name] == state.UNCONDITIONAL:
        params["aid_revert"] = 0.0  # nothing but the timeline changes it
    if isinstance(rule, AidConditional):
        seat = seats(scenario)
        for name, level in rule.after_refusal_by.items():
            params["aid_after_refusal"][:, seat[name]] = level
        for level in rule.after_acceptance_by.values():
            params["aid_after_acceptance"] = level
    elif isinstance(rule, AidBestResponse):
        params["aid_levels"] = len(rule.levels)
        for i, level in enumerate(rule.levels):
            params["aid_level"][:, i] = level


def write_timeline(params: Records, scenario: Scenario) -> None:
    """Write the dated entries, by step."""
    rows: list[tuple[int, int, int, int, float]] = []
    for event in scenario.timeline:
        step = since_start(scenario, event.date)
        rows += [(step, *entry) for entry in _entries(scenario, event)]
    params["entries"] = len(rows)
    _write_rows(params, "entry", ("step", "kind", "index", "by", "value"), rows)


def _write_rows(
    params: Records, table: str, columns: Sequence[str], rows: list[Any]
) -> None:
    """Write rows in the order of their steps; of two on a step the later one counts."""
    for i, row in enumerate(sorted(rows, key=lambda row: row[0])):
        for column, value in zip(columns, row, strict=True):
            params[f"{table}_{column}"][:, i] = value


def _entries(scenario: Scenario, event: Event) -> Iterator[tuple[int, int, int, float]]:
    """Entries of one dated event as (kind, index, by, value)."""
    seat = seats(scenario)
    if event.offer is not None and event.by is not None:
        offer = list(scenario.negotiation.offers).index(event.offer)
        yield state.OFFER_ENTRY, offer, seat[event.by], 0.0
    if event.aid_level is not None:
        yield state.AID_ENTRY, 0, state.NOBODY, event.aid_level
    for name, regime in (event.regime or {}).items():
        chip = scenario.chips[name]
        index = list(scenario.chips).index(name)
        yield state.REGIME_ENTRY, index, list(chip.regimes).index(regime), 0.0
    for name, cost in (event.audience_cost_km2 or {}).items():
        yield state.AUDIENCE_ENTRY, seat[name], state.NOBODY, cost


def obstacles(scenario: Scenario) -> Iterator[str]:
    """Find clashes of steps and of luck."""
    yield from _shared_luck("chips", scenario.chips)
    yield from _shared_luck("negotiation.offers", scenario.negotiation.offers)
    offered = Counter(
        since_start(scenario, event.date)
        for event in scenario.timeline
        if event.offer is not None
    )
    for step, offers in offered.items():
        if offers > 1:
            yield (
                f"timeline: {offers} offers in step {step}; a step of "
                f"{scenario.step_days} days has room for one"
            )
    entries = sum(
        len(event.regime or {}) + len(event.audience_cost_km2 or {}) or 1
        for event in scenario.timeline
    )
    if entries > state.ENTRIES:
        yield f"timeline: {entries} changes; at most {state.ENTRIES} fit"
    patience = float(np.min(scenario.discount_factor_per_week))
    discount = patience ** (scenario.step_days / 7.0)
    if discount < LEAST_DISCOUNT:
        yield (
            f"step_days: in {scenario.step_days} days the discount factor falls to "
            f"{discount:.3g}, below {LEAST_DISCOUNT:g}; take shorter steps or a higher "
            "discount_factor_per_week"
        )


def _shared_luck(kind: str, names: Iterable[str]) -> Iterator[str]:
    """Find names that would draw the same luck: one in 2^24 pairs does."""
    taken: dict[int, str] = {}
    for name in names:
        other = taken.setdefault(spot(name), name)
        if other != name:
            yield f"{kind}.{name}: would share its luck with {other}; rename one"


def build(scenario: Scenario, sets: int = 1) -> Records:
    """Return the parameters of a scenario, shape (sets,), dtype `state.PARAMS`.

    Each number of the scenario but `step_days` is a number, or an array of shape
    (sets,) with one for each record; whole numbers stay whole. Nothing is checked that
    the schema checks.

    ScenarioError if steps or luck clash, see `obstacles`.
    """
    problems = list(obstacles(scenario))
    if problems:
        raise ScenarioError(problems)
    params = np.zeros(sets, state.PARAMS)
    weeks = scenario.step_days / 7.0
    _clock(params, scenario, weeks)
    _belligerents(params, scenario, weeks)
    write_policies(params, scenario)
    _patron(params, scenario, weeks)
    write_aid_rule(params, scenario)
    for j, name in enumerate(scenario.chips):
        _chip(params, scenario, j, name, weeks)
    _negotiation(params, scenario)
    for index, name in enumerate(scenario.negotiation.offers):
        _offer(params, scenario, index, name, weeks)
    write_timeline(params, scenario)
    return params


def _clock(params: Records, scenario: Scenario, weeks: float) -> None:
    front = scenario.front
    params["weeks"] = weeks
    params["steps"] = whole_steps(scenario.horizon_days, scenario.step_days)
    params["stake"], params["line"] = front.stake_km2, front.held_km2
    params["rate"] = -_log(scenario.discount_factor_per_week)
    params["discount"] = _exp(-weeks * params["rate"])
    params["territory_flow"] = scenario.territory_flow
    params["drift"] = front.drift_km2_per_week
    params["front_volatility"] = front.volatility_km2_per_week
    # Luck is that of the parties, by their names: which of them the file calls
    # `front.side` changes nothing. It is dealt to the last name first.
    params["mirrored"] = int(scenario.sides[0] < scenario.sides[1])


def _belligerents(params: Records, scenario: Scenario, weeks: float) -> None:
    for side, name in enumerate(scenario.sides):
        party = scenario.parties[name]
        assert isinstance(party, Belligerent)
        copy_numbers(params, party, side)
        copy_numbers(params, party.belief, side)
        params["belief"][:, side] = party.belief.drift_km2_per_week
        params["belief_weight"][:, side] = party.belief.weight_weeks
        low, high = party.cost_of_war_km2.private
        params["cost_low"][:, side], params["cost_high"][:, side] = low, high
        params["rearmament"][:, side] = party.rearmament_km2_per_week * weeks
        params["own_demands"][:, side] = sum(
            CONDITION_BITS[c] for c in party.conditions
        )


def _patron(params: Records, scenario: Scenario, weeks: float) -> None:
    aid, patron = scenario.aid, scenario.parties.get(scenario.patron or "")
    params["supports"] = state.NOBODY
    params["aid"] = params["aid_long_run"] = 1.0
    if not isinstance(patron, Patron):
        return
    supports = seats(scenario)[patron.supports]
    params["supports"] = supports
    copy_numbers(params, patron)
    params["refusal_price"] = patron.pressure * patron.price_of_refusal_km2
    params["aid"], params["aid_long_run"] = aid.level, aid.long_run_level
    towards = 1.0 if supports == 0 else -1.0
    params["aid_drift"] = towards * aid.drift_km2_per_week
    params["aid_revert"] = _per_period(aid.revert_per_week, weeks)
    params["aid_felt_at_once"] = _aid_felt_at_once(aid.lag_weeks, weeks)


def _chip(params: Records, scenario: Scenario, j: int, name: str, weeks: float) -> None:
    chip = scenario.chips[name]
    seat = seats(scenario)
    holder = seat[chip.holder]
    regimes = list(chip.regimes)
    params["chips"] = j + 1
    params["chip_luck"][:, j] = spot(name)
    params["chip_holder"][:, j] = holder
    params["chip_start"][:, j] = chip.size / chip.full
    for party, value in chip.value_km2.items():
        params["chip_value"][:, seat[party], j] = value
    towards = 1.0 if holder == 0 else -1.0
    params["chip_drift"][:, j] = towards * chip.drift_km2_per_week
    params["chip_floor"][:, j] = chip.floor
    params["chip_capture"][:, j] = _per_period(chip.capture_per_week, weeks)
    params["chip_aid_switch"][:, j] = chip.switch_on_aid_cut
    params["chip_regimes"][:, j] = len(regimes)
    params["chip_regime"][:, j] = regimes.index(chip.regime)
    params["chip_opener"][:, j] = state.NOBODY
    if chip.opens_when is not None:
        opener = scenario.chips[chip.opens_when.chip]
        params["chip_opener"][:, j] = list(scenario.chips).index(chip.opens_when.chip)
        params["chip_opens_below"][:, j] = chip.opens_when.below_km2 / opener.full
        params["chip_opens_into"][:, j] = _opens_into(chip)
    for r, regime in enumerate(chip.regimes.values()):
        params["loss"][:, j, r] = _per_period(regime.loss_per_week, weeks)
        params["gain"][:, j, r] = _per_period(regime.gain_per_week, weeks)
        params["volatility"][:, j, r] = regime.volatility_per_week * math.sqrt(weeks)
        for other, rate in regime.switch_per_week.items():
            params["switch"][:, j, r * state.REGIMES + regimes.index(other)] = (
                rate * weeks
            )


def _opens_into(chip: Chip) -> Any:
    """Return the first regime in which a chip grows, or else that of the start."""
    into: Any = list(chip.regimes).index(chip.regime)
    for r, regime in reversed([*enumerate(chip.regimes.values())]):
        into = np.where(regime.gain_per_week > 0.0, r, into)
    return into


def _negotiation(params: Records, scenario: Scenario) -> None:
    negotiation, step = scenario.negotiation, scenario.step_days
    params["first_round"] = since_start(scenario, negotiation.first_round)
    params["round_every"] = negotiation.round_every_days // step
    params["round_discount"] = _exp(params["round_every"] * _log(params["discount"]))
    params["counter_after"] = whole_steps(negotiation.counter_after_days, step)
    params["repeat_after"] = whole_steps(negotiation.repeat_after_days, step)
    for name, seat in seats(scenario).items():
        params["proposer_weight"][:, seat] = negotiation.proposer_weights.get(name, 0.0)
    params["offers"] = len(negotiation.offers)


def _offer(
    params: Records, scenario: Scenario, index: int, name: str, weeks: float
) -> None:
    offer = scenario.negotiation.offers[name]
    seat = seats(scenario)
    params["offer_luck"][:, index] = spot(name)
    params["offered_by"][:, index] = sum(1 << seat[party] for party in offer.offered_by)
    if isinstance(offer.line, str):
        optimal = offer.line == "optimal"
        params["line_kind"][:, index] = state.OPTIMAL if optimal else state.IN_PLACE
    else:
        params["line_kind"][:, index] = state.AT_LINE
        params["line_km2"][:, index] = offer.line.held_km2
    params["partial"][:, index] = int(offer.kind == "partial")
    for party, relief in offer.relief.items():
        params["relief"][:, seat[party], index] = relief
    for j, chip in enumerate(scenario.chips):
        params["hand_back"][:, index, j] = offer.hand_back.get(chip, 0.0)
    copy_numbers(params, offer, index)
    days = offer.duration_days
    params["duration"][:, index] = 0.0 if days is None else days / scenario.step_days
    given = _of_truces(params, scenario, offer, params["duration"][:, index], weeks)
    found = constants_of_truces(given.reshape(-1, given.shape[-1]))
    for place, constant in enumerate(_CONSTANTS):
        params[constant][:, index] = found[:, place].reshape(-1, params.size).T


_CONSTANTS = "breakdown", "settlement", "annuity", "end_worth", "mean_length"


def _of_truces(
    params: Records, scenario: Scenario, offer: Offer, duration: Any, weeks: float
) -> NDArray[np.float64]:
    """Return what `truce_constants` takes, shape (4 variants, sets, 9)."""
    patron = scenario.parties.get(scenario.patron or "")
    pressure = patron.pressure if isinstance(patron, Patron) else 0.0
    truce = scenario.truce
    given = np.empty((4, params.size, 9))
    for variant in range(4):
        monitored, settles = divmod(variant, 2)
        full = settles and offer.kind == "full"
        arguments = (
            truce.breakdown_per_week,
            truce.monitoring_effect,
            np.maximum(offer.monitoring, state.CONDITION_MONITORING * monitored),
            truce.pressure_effect,
            pressure,
            truce.settlement_per_week if full else 0.0,
            weeks,
            params["discount"],
            duration,
        )
        for place, numbers in enumerate(arguments):
            given[variant, :, place] = numbers
    return given
