"""What a scenario calls its parties, chips and offers, read before validation.

A reference such as `front.side: ukraine` can only be checked against names that stand
elsewhere in the file. They are gathered here first, from data that may still be wrong,
so that pydantic finds a bad reference in its place and together with all the other
mistakes of the file.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from itertools import islice

from sim.errors import printable
from sim.scenario.problems import KeyPath

MAX_PARTIES, MAX_CHIPS, MAX_REGIMES, MAX_OFFERS = 3, 4, 4, 16
MAX_HORIZON_DAYS = 3660
# Of a larger group only its size is reported: each name may refer to each.
MOST_CHECKED = 100
_SHOWN = 40  # characters of a name that is not one
BELLIGERENT, PATRON = "belligerent", "patron"

Finding = tuple[KeyPath, str, bool]
"""KeyPath of a mistake, what it is, and whether the name there is the mistake."""


@dataclass(frozen=True)
class Names:
    """The names that may be referred to, and the few numbers references need."""

    belligerents: tuple[str, ...] = ()
    patrons: tuple[str, ...] = ()
    regimes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    authors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    step_days: int | None = None
    stake_km2: float | None = None
    truce: Mapping[str, float] = field(default_factory=dict)
    pressure: float = 0.0

    @property
    def parties(self) -> tuple[str, ...]:
        """All parties, belligerents first."""
        return (*self.belligerents, *self.patrons)


def mapping(data: object, *path: str) -> Mapping[str, object]:
    """Return the mapping at `path`, or an empty one if something else is there."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return `"; did you mean 'x'?"` for the nearest known name, or nothing."""
    some = list(islice(known, 500))
    near = get_close_matches(str(name)[:60], some, n=1, cutoff=0.6)
    return f"; did you mean '{printable(near[0])}'?" if near else ""


def gather(data: Mapping[str, object]) -> Names:
    """Read the names of a scenario that has its defaults but is not yet checked."""
    roles = {
        name: mapping(party).get("role")
        for name, party in mapping(data, "parties").items()
    }
    # A role that is misspelt is reported itself; its party may then be referred to as
    # either, so that one mistake is not reported twice.
    patrons = [name for name, role in roles.items() if role != BELLIGERENT]
    first = _day(data.get("start_date"))
    horizon = number_of(data.get("horizon_days"))
    last = None
    if first and horizon and 0 < horizon <= MAX_HORIZON_DAYS:
        last = date.fromordinal(min(first.toordinal() + int(horizon), _LAST_ORDINAL))
    step = number_of(data.get("step_days"))
    truce = {
        name: value
        for name, given in mapping(data, "truce").items()
        if (value := number_of(given)) is not None
    }
    pressure = 0.0
    for name in patrons:
        pressure = number_of(mapping(data, "parties", name).get("pressure")) or 0.0
    return Names(
        belligerents=tuple(name for name, role in roles.items() if role != PATRON),
        patrons=tuple(patrons),
        regimes={
            name: tuple(mapping(chip, "regimes"))
            for name, chip in mapping(data, "chips").items()
        },
        authors={
            name: _words(mapping(offer).get("offered_by"))
            for name, offer in mapping(data, "negotiation", "offers").items()
        },
        first_day=first,
        last_day=last,
        stake_km2=number_of(mapping(data, "front").get("stake_km2")),
        step_days=int(step) if step and step >= 1 and step == int(step) else None,
        truce=truce,
        pressure=pressure,
    )


def unknown_regime(name: object, known: Iterable[str]) -> str:
    """Return the text for a regime that a chip does not have."""
    known = list(known)
    hint = did_you_mean(name, known)
    listed = f" ({printable(', '.join(known), 200)})" if known else ""
    return f"'{printable(str(name), _SHOWN)}' is not a regime here{listed}{hint}"


def disorder(data: Mapping[str, object]) -> Iterator[Finding]:
    """Yield what is wrong between parts: too many of them, or unmatched names.

    These are the checks that no single field can make; they read data that may still
    be wrong, so that they are reported with everything else.
    """
    parties = mapping(data, "parties")
    roles = [mapping(party).get("role") for party in parties.values()]
    fighting, patrons = roles.count(BELLIGERENT), roles.count(PATRON)
    if len(parties) > MOST_CHECKED:
        yield from _crowd(("parties",), parties, MAX_PARTIES)
    else:
        if parties and fighting + patrons == len(roles) and fighting != 2:
            text = f"needs exactly two belligerents, {fighting} given"
            yield ("parties",), text, False
        if patrons > 1:
            yield ("parties",), f"at most one patron, {patrons} given", False
    chips = mapping(data, "chips")
    yield from _crowd(("chips",), chips, MAX_CHIPS)
    offers = mapping(data, "negotiation", "offers")
    yield from _crowd(("negotiation", "offers"), offers, MAX_OFFERS)
    for name, chip in chips.items():
        yield from _regime_problems(("chips", name), mapping(chip))
    yield from _promise_problems(data)
    yield from _still_front_problems(data)


def is_crowd(data: Mapping[str, object]) -> bool:
    """Say whether a group is too large for each of its entries to be checked."""
    chips = mapping(data, "chips")
    groups = [mapping(chip, "regimes") for chip in chips.values()]
    groups += [chips, mapping(data, "parties"), mapping(data, "negotiation", "offers")]
    return any(len(group) > MOST_CHECKED for group in groups)


def _regime_problems(
    path: tuple[str, ...], chip: Mapping[str, object]
) -> Iterator[Finding]:
    regimes = mapping(chip, "regimes")
    yield from _crowd((*path, "regimes"), regimes, MAX_REGIMES)
    if len(regimes) > MOST_CHECKED:
        return
    start = chip.get("regime")
    if isinstance(start, str) and start not in regimes:
        yield (*path, "regime"), unknown_regime(start, regimes), False
    for name, regime in regimes.items():
        for other in mapping(regime, "switch_per_week"):
            if other not in regimes or other == name:
                text = unknown_regime(other, [each for each in regimes if each != name])
                yield (*path, "regimes", name, "switch_per_week", other), text, True


def _promise_problems(data: Mapping[str, object]) -> Iterator[Finding]:
    """An offer can promise one level of aid only: to the side that gets the aid."""
    sides = [
        mapping(party).get("supports")
        for party in mapping(data, "parties").values()
        if mapping(party).get("role") == PATRON
    ]
    path = ("aid", "rule", "after_acceptance_by")
    for name in mapping(data, *path):
        if sides and name not in sides:
            yield (*path, name), "only the side that gets the aid is promised any", True


def _still_front_problems(data: Mapping[str, object]) -> Iterator[Finding]:
    """Where a week changes nothing by chance, nothing else may move the line either."""
    front = mapping(data, "front")
    if number_of(front.get("volatility_km2_per_week")) != 0:
        return
    drift = "drift_km2_per_week"
    told: list[tuple[tuple[str, ...], object]] = [
        (("front", drift), front.get(drift)),
        (("aid", drift), mapping(data, "aid").get(drift)),
    ]
    for name, party in mapping(data, "parties").items():
        belief, arms = mapping(party, "belief"), "rearmament_km2_per_week"
        told.append((("parties", name, "belief", drift), belief.get(drift)))
        told.append((("parties", name, arms), mapping(party).get(arms)))
    for name, chip in mapping(data, "chips").items():
        told.append((("chips", name, drift), mapping(chip).get(drift)))
    for path, given in told:
        if number_of(given):
            text = "must be 0 where volatility_km2_per_week of the front is 0"
            yield path, text, False


def _crowd(
    path: tuple[str, ...], group: Mapping[str, object], limit: int
) -> Iterator[Finding]:
    if len(group) > limit:
        yield path, f"at most {limit} fit into a world, {len(group)} given", False


_LAST_ORDINAL = (date.max - timedelta(days=1)).toordinal()


def number_of(value: object) -> float | None:
    """Return a finite number as such, anything else as None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(word for word in value if isinstance(word, str))
