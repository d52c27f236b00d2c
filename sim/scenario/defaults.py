"""Defaults that depend on something else in the file: the stake, a name, the patron.

Constant defaults stand with their fields in the schema. None of them takes a side: what
is left out is the same for both, or nothing. Data may still be wrong when the rules
here run, so whatever is not of the expected shape is left for validation to refuse.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario.land import LAND, LAND_PAIR, OTHER_PAIR
from sim.scenario.negotiation import Truce
from sim.scenario.references import BELLIGERENT, PATRON, mapping, number_of
from sim.scenario.schema import Scenario

NOISES_IN_STAKE, PREMIUMS_IN_STAKE = 2000, 100
AID_AFTER_REFUSAL_BY_SUPPORTED, AID_AFTER_REFUSAL_BY_OTHER = 0.0, 1.5
AID_AFTER_ACCEPTANCE = 1.0
REGIMES: Mapping[str, Any] = {"unchanged": {}}
OFFERS: Mapping[str, Any] = {
    "thirty_days": {"duration_days": 30, "monitoring": 0.3},
    "freeze": {"duration_days": None, "monitoring": 0.8},
}

DERIVED = frozenset(
    {
        "label",
        "decision_noise_km2",
        "premium_km2",
        "deadline_days",
        "after_refusal_by",
        "after_acceptance_by",
        "unit",
        "value_km2",
        "regime",
        "regimes",
        "first_round",
        "proposer_weights",
        "offers",
        "offered_by",
        "private",
    }
)
"""Fields with a default made here; it is as wrong as the value it is made from."""

Data = dict[str, Any]


def completed(data: Mapping[str, Any]) -> Data:
    """Return the data with all defaults that follow from other values.

    The argument is not changed. Maps by name come out in alphabetical order, so that
    neither a result nor the hash depends on the order in a file.
    """
    given = {name: value for name, value in data.items() if value is not None}
    # Validation needs these before it reaches them.
    full = _constants(Scenario, "horizon_days", "step_days") | given
    if isinstance(full.get("truce", {}), dict):
        full["truce"] = _constants(Truce, *Truce.model_fields) | full.get("truce", {})
    if "parties" in full:
        full["parties"] = _by_name(full["parties"], empty={})
    for name, party in mapping(full, "parties").items():
        if isinstance(party, dict):
            full["parties"][name] = _party(full, name, party)
    parties = mapping(full, "parties")
    roles = {name: mapping(party).get("role") for name, party in parties.items()}
    if isinstance(full.get("chips"), dict):
        full["chips"] = {
            name: _chip(name, chip, roles)
            for name, chip in _by_name(full["chips"]).items()
        }
    if mapping(full, "aid", "rule").get("name") == "conditional":
        full["aid"] = {**full["aid"], "rule": _conditional(full, roles)}
    full["negotiation"] = _negotiation(full, roles)
    return full


def _constants(model: type[BaseModel], *names: str) -> Data:
    return {name: model.model_fields[name].default for name in names}


def _by_name(group: Any, empty: Any = None) -> Any:
    """Return entries by name in alphabetical order.

    An entry that is null counts as `empty`, and as left out if that is null too: so a
    file that extends another can take an offer off the table.
    """
    if not isinstance(group, dict):
        return group
    full = {n: empty if group[n] is None else group[n] for n in sorted(group)}
    return {name: entry for name, entry in full.items() if entry is not None}


def called(name: str) -> str:
    """Return what a party or a chip is called if the file does not say.

    >>> called("united_states")
    'United States'
    """
    return " ".join(word[:1].upper() + word[1:] for word in name.split("_") if word)


def _label(name: object) -> str:
    return called(str(name)) or str(name)


def _party(full: Data, name: str, party: Data) -> Data:
    role = party.get("role", BELLIGERENT)
    party = {**party, "role": role}
    party.setdefault("label", _label(name))
    if role != BELLIGERENT:
        return party
    stake = number_of(mapping(full, "front").get("stake_km2"))
    if stake is not None:
        party.setdefault("decision_noise_km2", stake / NOISES_IN_STAKE)
    policy = mapping(party, "policy")
    if policy.get("name") in ("boulware", "conceder"):
        party["policy"] = {"deadline_days": full["horizon_days"], **policy}
    elif policy.get("name") == "hardliner" and stake is not None:
        party["policy"] = {"premium_km2": stake / PREMIUMS_IN_STAKE, **policy}
    return party


def _chip(name: str, chip: Any, roles: Data) -> Any:
    if not isinstance(chip, dict):
        return chip
    full = {"label": _label(name), **chip}
    is_land = any(chip.get(name) is not None for name in LAND_PAIR)
    # Where neither pair is given, that is the one mistake.
    if is_land or all(chip.get(name) is None for name in OTHER_PAIR):
        full.setdefault("unit", LAND)
        values = chip.get("value_km2", {})
        if isinstance(values, dict):
            usual = number_of(chip.get("peak_km2")) or 0.0
            full["value_km2"] = _by_name(
                dict.fromkeys(_belligerents(roles), usual) | values
            )
    if "regimes" not in chip:
        full["regimes"] = dict(REGIMES)
    regimes = full["regimes"] = _by_name(full["regimes"], empty={})
    if not isinstance(regimes, dict):
        full.setdefault("regime", "")  # the one mistake is that of the regimes
    elif len(regimes) == 1:
        full.setdefault("regime", next(iter(regimes)))
    return full


def _conditional(full: Data, roles: Data) -> Data:
    supported = next(
        (
            full["parties"][name].get("supports")
            for name, role in roles.items()
            if role == PATRON
        ),
        None,
    )
    refusal = {
        name: AID_AFTER_REFUSAL_BY_SUPPORTED
        if name == supported
        else AID_AFTER_REFUSAL_BY_OTHER
        for name in _belligerents(roles)
    }
    # Another thing than a name is for validation to refuse.
    known = isinstance(supported, str) and supported
    acceptance = {supported: AID_AFTER_ACCEPTANCE} if known else {}
    usual = {"after_refusal_by": refusal, "after_acceptance_by": acceptance}
    return usual | dict(mapping(full, "aid", "rule"))


def _negotiation(full: Data, roles: Data) -> Any:
    given = full.get("negotiation", {})
    if not isinstance(given, dict):
        return given
    negotiation = {name: value for name, value in given.items() if value is not None}
    if "start_date" in full:
        negotiation.setdefault("first_round", full["start_date"])
    first = [name for name, role in roles.items() if role == PATRON] or list(roles)
    weights = negotiation.get("proposer_weights", dict.fromkeys(first, 1.0))
    if isinstance(weights, dict):
        weights = _by_name(dict.fromkeys(roles, 0.0) | weights)
        proposers = [name for name, weight in weights.items() if weight]
    else:
        proposers = first
    negotiation["proposer_weights"] = weights
    offers = _by_name(negotiation.get("offers", dict(OFFERS)))
    for name, offer in mapping(offers).items():
        if isinstance(offer, dict):
            offers[name] = {"offered_by": proposers, **offer}
    negotiation["offers"] = offers
    return negotiation


def _belligerents(roles: Data) -> list[str]:
    return [name for name, role in roles.items() if role != PATRON]
