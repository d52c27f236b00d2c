"""What schema_version 1 had, and what each of its values is in version 2.

Version 1 moved the line by a step of land in a battle and counted values in stakes; 2
has km2 and weeks. Everything that is known of version 1 stands here, in two tables.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.scenario.problems import KeyPath, dotted
from sim.scenario.references import BELLIGERENT, PATRON, mapping, number_of

VERSION = 1


class Walk(NamedTuple):
    """How the line moved in a scenario of version 1."""

    stake: float
    """Land at stake, km2."""
    step: float
    """Land that a battle moves, km2."""
    battles: float
    """Battles a week."""
    odds: float
    """Chance that `front.side` wins one."""
    weeks: float
    """Weeks in a step of time, in which at most one battle falls."""

    def of_odds(self, odds: float) -> float:
        """Drift of the line, km2 a week, at a chance to win a battle."""
        return self.step * self.battles * (2.0 * odds - 1.0)

    def of_shift(self, shift: float) -> float:
        """Drift of the line, km2 a week, by a shift of log-odds, from even odds."""
        return shift * self.step * self.battles / 2.0

    def of_battles(self, battles: float) -> float:
        """Standard deviation of a week's change of the line, km2.

        In a step of y weeks the line moves by +-step with the chance y x battles: the
        variance of a step is y x battles x step^2 less the square of its mean, and a
        week has 1/y steps.
        """
        drift = self.step * battles * (2.0 * self.odds - 1.0)
        variance = battles * self.step**2 - self.weeks * drift**2
        return float(f"{math.sqrt(max(0.0, variance)):.6g}")


@dataclass(frozen=True)
class Unit:
    """How a number of version 1 becomes one of version 2."""

    words: str
    new: Callable[[Walk, float], float]


STAKE = Unit("times the stake", lambda walk, x: x * walk.stake)
ODDS = Unit("p: step x battles x (2p - 1)", lambda walk, p: walk.of_odds(p))
SHIFT = Unit("x: x times step x battles / 2", lambda walk, x: walk.of_shift(x))
BATTLES = Unit("divided by battles a week", lambda walk, n: n / (walk.battles or 1.0))
SPREAD = Unit(
    "h: square root of h step^2 - (weeks in step_days) drift^2",
    lambda walk, h: walk.of_battles(h),
)
SAME = Unit("the same number", lambda _, x: x)
GONE = Unit("gone", lambda _, x: x)


class Field(NamedTuple):
    """A field of version 1 by its path, * for any name, and what it is now."""

    path: str
    name: str
    unit: Unit


FIELDS = (
    Field("front.share", "held_km2", STAKE),
    Field("front.win_probability", "drift_km2_per_week", ODDS),
    Field("front.battles_per_week", "volatility_km2_per_week", SPREAD),
    Field("front.step_km2", "", GONE),
    Field("parties.*.cost_of_war", "cost_of_war_km2", STAKE),
    Field("parties.*.belief.win_probability", "drift_km2_per_week", ODDS),
    Field("parties.*.belief.weight_battles", "weight_weeks", BATTLES),
    Field("parties.*.decision_noise", "decision_noise_km2", STAKE),
    Field("parties.*.policy.premium", "premium_km2", STAKE),
    Field("parties.*.rearmament_per_week", "rearmament_km2_per_week", SHIFT),
    Field("parties.*.aid_freeze_cost", "aid_freeze_cost_km2", STAKE),
    Field("parties.*.sanctions_relief_value", "sanctions_relief_value_km2", STAKE),
    Field("parties.*.audience_cost", "audience_cost_km2", STAKE),
    Field("parties.*.claimed_share", "claimed_km2", STAKE),
    Field("parties.*.value_of_outcome", "value_per_km2", SAME),
    Field("parties.*.aid_cost", "aid_cost_km2", STAKE),
    Field("parties.*.cost_while_war", "cost_while_war_km2", STAKE),
    Field("parties.*.sanctions_relief_cost", "sanctions_relief_cost_km2", STAKE),
    Field("parties.*.reputation", "reputation_km2", STAKE),
    Field("parties.*.price_of_refusal", "price_of_refusal_km2", STAKE),
    Field("aid.log_odds_per_unit", "drift_km2_per_week", SHIFT),
    Field("chips.*.value_to", "value_km2", STAKE),
    Field("chips.*.log_odds_while_held", "drift_km2_per_week", SHIFT),
    Field("negotiation.offers.*.line.share", "held_km2", STAKE),
    Field("timeline.*.audience_cost", "audience_cost_km2", STAKE),
)
PROSE = ("source", "note")
_FIELDS = {tuple(field.path.split(".")): field for field in FIELDS}

# What version 1 took for a value that was left out, where 2 takes another. Two values
# are those of `front.side` and the other side; of a chip, those of holder and other.
_FRONT = {"battles_per_week": 0.5, "win_probability": 0.43}
_STEPS_IN_STAKE = 20
_BELLIGERENT: Mapping[str, Any] = {
    "cost_of_war": (
        {"value": 0.10, "private": [0.06, 0.14]},
        {"value": 0.08, "private": [0.05, 0.11]},
    ),
    "conditions": ([], ["hand_back", "aid_freeze"]),
    "rearmament_per_week": (0.004, 0.006),
    "aid_freeze_cost": 0.05,
    "sanctions_relief_value": 0.05,
    "value_of_harm": 0.4,
    "audience_cost": (0.0, 0.02),
}
_BELIEF: Mapping[str, Any] = {"win_probability": (0.50, 0.41), "weight_battles": 40}
_PATRON: Mapping[str, Any] = {
    "value_of_outcome": 0.6,
    "aid_cost": 0.05,
    "cost_while_war": 0.02,
    "sanctions_relief_cost": 0.02,
    "reputation": 0.01,
    "price_of_refusal": 0.005,
}
_AID = {"log_odds_per_unit": 0.6}
_CHIP_VALUE = (0.01, 0.08)
_CHIP: Mapping[str, Any] = {"log_odds_while_held": 0.1, "switch_on_aid_cut": 1.5}
_REGIMES: Mapping[str, Any] = {
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
_REGIME = "collapse"


def field_at(path: KeyPath) -> Field | None:
    """Return what version 1 had at a path, if version 2 has it no more."""
    here = [str(part) for part in path]
    names = 2 if here[:2] == ["negotiation", "offers"] else 1
    if here[:1] != ["front"] and here[:1] != ["aid"]:
        here[names : names + 1] = ["*"]
    return _FIELDS.get(tuple(here))


def is_old(data: Any) -> bool:
    """Say whether a scenario is of version 1: it says so, or has one of its fields."""
    given = plain(mapping(data).get("schema_version"))
    return given == VERSION or (given is None and any(True for _ in old_values(data)))


def old_values(data: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Field, Any]]:
    """Yield path, field and value of all that version 2 has no more, or otherwise."""
    field = field_at(path)
    if field is not None:
        yield path, field, data
        return
    below = data if isinstance(data, dict) else {}
    if isinstance(data, list):
        below = dict(enumerate(data))
    for name, each in below.items():
        yield from old_values(each, (*path, name))


def plain(given: Any) -> Any:
    """Return the value of a quantity, or what is none as it is."""
    return given["value"] if isinstance(given, dict) and "value" in given else given


def walk_of(data: Any) -> Walk | None:
    """Return how the line moves in a scenario; None without a stake."""
    front = mapping(data, "front")
    stake = number_of(plain(front.get("stake_km2")))
    if not stake:
        return None

    def at(name: str, default: float) -> float:
        found = number_of(plain(front.get(name)))
        return default if found is None else found

    days = number_of(plain(mapping(data).get("step_days")))
    return Walk(
        stake,
        at("step_km2", stake / _STEPS_IN_STAKE),
        at("battles_per_week", _FRONT["battles_per_week"]),
        at("win_probability", _FRONT["win_probability"]),
        (days or 1.0) / 7.0,
    )


def shortened(number: float) -> float | int:
    """Return a number without the digits that a conversion leaves."""
    short = float(f"{number:.12g}")
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def in_new_units(given: Any, field: Field, walk: Walk) -> Any:
    """Return a value of version 1 in the units of 2; what is no number stays."""
    if isinstance(given, dict):
        return {
            name: each if name in PROSE else in_new_units(each, field, walk)
            for name, each in given.items()
        }
    if isinstance(given, list):
        return [in_new_units(each, field, walk) for each in given]
    number = number_of(given)
    return given if number is None else shortened(field.unit.new(walk, number))


def converted(data: Any, walk: Walk, path: KeyPath = ()) -> Any:
    """Return a scenario of version 1, or a part of one, as version 2 writes it."""
    if isinstance(data, list):
        return [converted(each, walk, (*path, i)) for i, each in enumerate(data)]
    if not isinstance(data, dict):
        return 2 if path == ("schema_version",) and data == VERSION else data
    new: dict[str, Any] = {}
    for name, each in data.items():
        field = field_at((*path, name))
        if field is None:
            new[name] = converted(each, walk, (*path, name))
        elif field.name:
            new[field.name] = in_new_units(each, field, walk)
    return new


def with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Return a scenario of version 1 with what it took for values left out.

    Only those that version 2 takes for something else.
    """
    full = dict(data)
    side = plain(mapping(data, "front").get("side"))
    if mapping(data, "front"):
        full["front"] = dict(_FRONT) | data["front"]
    roles: dict[str, Any] = {}
    if isinstance(data.get("parties"), dict):
        parties = {name: party or {} for name, party in data["parties"].items()}
        roles = {
            name: plain(mapping(party).get("role", BELLIGERENT))
            for name, party in parties.items()
        }
        full["parties"] = {n: _party(n, p, side) for n, p in parties.items()}
    if PATRON in roles.values():
        full["aid"] = dict(_AID) | (data.get("aid") or {})
    if isinstance(data.get("chips"), dict):
        fighting = [name for name, role in roles.items() if role != PATRON]
        full["chips"] = {n: _chip(c, fighting) for n, c in data["chips"].items()}
    return full


def _party(name: str, party: Any, side: object) -> Any:
    if not isinstance(party, dict):
        return party
    if plain(party.get("role")) == PATRON:
        return {"supports": side, **_PATRON, **party}
    which = 0 if name == side else 1
    full = _of_side(_BELLIGERENT, which) | party
    belief = party.get("belief") or {}
    if isinstance(belief, dict):
        full["belief"] = _of_side(_BELIEF, which) | belief
    return full


def _of_side(values: Mapping[str, Any], side: int) -> dict[str, Any]:
    return {n: v[side] if isinstance(v, tuple) else v for n, v in values.items()}


def _chip(chip: Any, fighting: list[str]) -> Any:
    if not isinstance(chip, dict):
        return chip
    holder = plain(chip.get("holder"))
    values = chip.get("value_to") or {}
    full = {**_CHIP, **chip}
    if isinstance(values, dict):
        usual = {name: _CHIP_VALUE[int(name != holder)] for name in fighting}
        full["value_to"] = usual | values
    regimes = full.setdefault("regimes", dict(_REGIMES))
    if isinstance(regimes, dict) and _REGIME in regimes and len(regimes) > 1:
        full.setdefault("regime", _REGIME)
    return full


def said(given: Any) -> str:
    """Return a value on one line, as a message shows it."""
    if isinstance(given, dict):
        private = given.get("private")
        if "value" in given:
            text = said(given["value"])
            return text if private is None else f"{text} {said(private)}"
        return ", ".join(f"{name} {said(each)}" for name, each in given.items())
    if isinstance(given, list):
        return f"[{', '.join(map(said, given))}]"
    number = number_of(given)
    if number is not None:
        return f"{number:.6g}"
    return "null" if given is None else str(given)


def changes(data: Any) -> Iterator[str]:
    """Yield, of each value of version 1, what it was and what it is now."""
    walk = walk_of(data)
    for path, field, given in old_values(data):
        here = f"{dotted(path)} {said(given)}"
        there = dotted((*path[:-1], field.name))
        if not field.name:
            yield f"{here} -> gone, as the line has no steps"
        elif walk is None:
            yield f"{here} -> {there} ({field.unit.words})"
        else:
            yield f"{here} -> {there} {said(in_new_units(given, field, walk))}"


def successor(path: KeyPath) -> str:
    """Return what a field of version 1 is called now, as the end of a sentence."""
    field = field_at(path)
    if field is None:
        return ""
    if not field.name:
        return "; gone since schema_version 2, where the line has no steps"
    return f"; since schema_version 2 it is {field.name} ({field.unit.words})"
