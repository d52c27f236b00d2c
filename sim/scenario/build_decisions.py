"""The part of `PARAMS` that says how parties decide, and what is to come by date."""

from collections.abc import Iterator

from sim.scenario.aid import AidBestResponse, AidConditional
from sim.scenario.calendar import since_start
from sim.scenario.parties import (
    Belligerent,
    Boulware,
    Conceder,
    Hardliner,
    Scripted,
)
from sim.scenario.schema import Event, Scenario
from sim.step.record import (
    ACCEPT,
    AID_ENTRY,
    AUDIENCE_ENTRY,
    BEST_LEVEL,
    BEST_RESPONSE,
    BOULWARE,
    BY_SCRIPT,
    CONCEDER,
    CONDITIONAL,
    HARDLINER,
    NO_LEVEL,
    NOBODY,
    OFFER_ENTRY,
    ON_CONDITIONS,
    PATRON,
    QUANTAL,
    REGIME_ENTRY,
    REJECT,
    SCRIPTED,
    SIDES,
    UNCONDITIONAL,
    Params,
)

POLICY_CODES = {
    "best_response": BEST_RESPONSE,
    "quantal": QUANTAL,
    "scripted": SCRIPTED,
    "hardliner": HARDLINER,
    "boulware": BOULWARE,
    "conceder": CONCEDER,
}
AID_RULES = {
    "scripted": BY_SCRIPT,
    "unconditional": UNCONDITIONAL,
    "conditional": CONDITIONAL,
    "best_response": BEST_LEVEL,
}
ANSWER_CODES = {
    "accept": ACCEPT,
    "reject": REJECT,
    "accept_on_conditions": ON_CONDITIONS,
}


def seats(scenario: Scenario) -> dict[str, int]:
    """Party ids and their seats: side 0, side 1 and, if there is one, the patron."""
    found = {name: seat for seat, name in enumerate(scenario.sides)}
    if scenario.patron is not None:
        found[scenario.patron] = PATRON
    return found


def write_policies(params: Params, scenario: Scenario) -> None:
    """Write how each side answers and proposes."""
    scripts: list[tuple[int, int, int, int]] = []
    offers = list(scenario.negotiation.offers)
    for side, name in enumerate(scenario.sides):
        party = scenario.parties[name]
        assert isinstance(party, Belligerent)
        policy = party.policy
        params.policy[side] = POLICY_CODES[policy.name]
        params.concession[side] = params.deadline[side] = 1.0
        if isinstance(policy, Hardliner):
            params.premium[side] = policy.premium
        elif isinstance(policy, Boulware | Conceder):
            params.concession[side] = policy.beta
            params.deadline[side] = policy.deadline_days / scenario.step_days
        elif isinstance(policy, Scripted):
            scripts += [
                (
                    since_start(scenario, entry.date),
                    side,
                    offers.index(entry.offer),
                    ANSWER_CODES[entry.answer],
                )
                for entry in policy.answers
            ]
    scripts.sort(key=lambda entry: entry[0])  # of two on a day the later one counts
    params.answers = len(scripts)
    for i, (step, side, offer, code) in enumerate(scripts):
        params.answer_step[i], params.answer_side[i] = step, side
        params.answer_offer[i], params.answer_code[i] = offer, code


def write_aid_rule(params: Params, scenario: Scenario) -> None:
    """Write what decides on the level of aid."""
    rule = scenario.aid.rule
    params.aid_rule = AID_RULES[rule.name]
    params.aid_after_acceptance = NO_LEVEL
    for side in range(SIDES):
        params.aid_after_refusal[side] = NO_LEVEL
    if params.aid_rule == UNCONDITIONAL:
        params.aid_revert = 0.0  # nothing but the timeline changes it
    if isinstance(rule, AidConditional):
        seat = seats(scenario)
        for name, level in rule.after_refusal_by.items():
            params.aid_after_refusal[seat[name]] = level
        for level in rule.after_acceptance_by.values():
            params.aid_after_acceptance = level
    elif isinstance(rule, AidBestResponse):
        params.aid_levels = len(rule.levels)
        for i, level in enumerate(rule.levels):
            params.aid_level[i] = level


def write_timeline(params: Params, scenario: Scenario) -> None:
    """Write the dated entries, by step."""
    rows: list[tuple[int, int, int, int, float]] = []
    for event in scenario.timeline:
        step = since_start(scenario, event.date)
        rows += [(step, *entry) for entry in _entries(scenario, event)]
    rows.sort(key=lambda row: row[0])
    params.entries = len(rows)
    for i, (step, kind, index, by, value) in enumerate(rows):
        params.entry_step[i], params.entry_kind[i] = step, kind
        params.entry_index[i], params.entry_by[i] = index, by
        params.entry_value[i] = value


def _entries(scenario: Scenario, event: Event) -> Iterator[tuple[int, int, int, float]]:
    """Entries of one dated event as (kind, index, by, value)."""
    seat = seats(scenario)
    if event.offer is not None and event.by is not None:
        offer = list(scenario.negotiation.offers).index(event.offer)
        yield OFFER_ENTRY, offer, seat[event.by], 0.0
    if event.aid_level is not None:
        yield AID_ENTRY, 0, NOBODY, event.aid_level
    for name, regime in (event.regime or {}).items():
        chip = scenario.chips[name]
        index = list(scenario.chips).index(name)
        yield REGIME_ENTRY, index, list(chip.regimes).index(regime), 0.0
    for name, cost in (event.audience_cost or {}).items():
        yield AUDIENCE_ENTRY, seat[name], NOBODY, cost
