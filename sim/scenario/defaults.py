"""Defaults that depend on something else in the file: a side, the stake, the patron.

Constant defaults stand with their fields in the schema, as do those by side; the rules
here only bring them to the right party. Data may still be wrong when they run, so
whatever is not of the expected shape is left for validation to refuse.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sim.scenario.negotiation import Truce
from sim.scenario.parties import Belief, Belligerent
from sim.scenario.references import BELLIGERENT, PATRON, mapping
from sim.scenario.schema import Scenario

STEPS_IN_STAKE = 20
CHIP_VALUE_TO_HOLDER, CHIP_VALUE_TO_OTHER = 0.01, 0.08
AID_AFTER_REFUSAL_BY_SUPPORTED, AID_AFTER_REFUSAL_BY_OTHER = 0.0, 1.5
AID_AFTER_ACCEPTANCE = 1.0
REGIMES: Mapping[str, Any] = {
    "lull": {
        "loss_per_week": 0.03,
        "volatility_per_week": 0.05,
        "switch_per_week": {"collapse": 0.03},
    },
    "collapse": {
        "loss_per_week": 0.62,
        "volatility_per_week": 0.15,
        "switch_per_week": {"lull": 0.3},
    },
}
FIRST_REGIME = "collapse"
OFFERS: Mapping[str, Any] = {
    "thirty_days": {"duration_days": 30, "monitoring": 0.3},
    "freeze": {"duration_days": None, "monitoring": 0.8},
}

DERIVED = frozenset(
    {
        "step_km2",
        "supports",
        "deadline_days",
        "after_refusal_by",
        "after_acceptance_by",
        "value_to",
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
    front = mapping(full, "front")
    stake = front.get("stake_km2")
    if isinstance(stake, int | float) and front.get("step_km2") is None:
        full["front"] = {**front, "step_km2": stake / STEPS_IN_STAKE}
    for name, party in mapping(full, "parties").items():
        if isinstance(party, dict):
            full["parties"][name] = _party(full, name, party)
    parties = mapping(full, "parties")
    roles = {name: mapping(party).get("role") for name, party in parties.items()}
    if isinstance(full.get("chips"), dict):
        full["chips"] = {
            name: _chip(chip, roles) for name, chip in _by_name(full["chips"]).items()
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


def _party(full: Data, name: str, party: Data) -> Data:
    side_0 = mapping(full, "front").get("side")
    role = party.get("role", BELLIGERENT)
    if role == BELLIGERENT:
        party = _with_side_defaults(Belligerent, party, 0 if name == side_0 else 1)
        policy = mapping(party, "policy")
        if policy.get("name") in ("boulware", "conceder"):
            party["policy"] = {"deadline_days": full["horizon_days"], **policy}
    elif role == PATRON and isinstance(side_0, str):
        party = {"supports": side_0, **party}
    return {**party, "role": role}


def _with_side_defaults(model: type[BaseModel], data: Data, side: int) -> Data:
    full = dict(data)
    for name, about in model.model_fields.items():
        extra = about.json_schema_extra
        if isinstance(extra, dict) and "default_by_side" in extra:
            by_side: Any = extra["default_by_side"]
            full.setdefault(name, by_side[side])
        elif about.annotation is Belief and isinstance(full.get(name, {}), dict):
            full[name] = _with_side_defaults(Belief, full.get(name, {}), side)
    return full


def _chip(chip: Any, roles: Data) -> Any:
    if not isinstance(chip, dict):
        return chip
    holder = chip.get("holder")
    values = chip.get("value_to", {})
    full = dict(chip)
    if isinstance(values, dict):
        usual = {
            name: CHIP_VALUE_TO_HOLDER if name == holder else CHIP_VALUE_TO_OTHER
            for name in _belligerents(roles)
        }
        full["value_to"] = _by_name(usual | values)
    if "regimes" not in chip:
        full["regimes"] = dict(REGIMES)
    regimes = full["regimes"] = _by_name(full["regimes"], empty={})
    if isinstance(regimes, dict):
        only = next(iter(regimes)) if len(regimes) == 1 else FIRST_REGIME
        if only in regimes:
            full.setdefault("regime", only)
    else:
        full.setdefault("regime", "")  # the one mistake is that of the regimes
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
