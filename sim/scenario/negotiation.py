"""Offers, truces and dated events as a scenario states them."""

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import (
    Discriminator,
    Field,
    Tag,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sim.scenario.references import MAX_OFFERS, unknown_regime
from sim.scenario.types import (
    BelligerentName,
    Block,
    ChipName,
    Cost,
    DayInHorizon,
    Days,
    Duration,
    Effect,
    Id,
    InStake,
    Level,
    OfferName,
    PartyName,
    Share,
    Wait,
    Weight,
    names_of,
    without_repeats,
    wrong,
)


class Truce(Block):
    """How a truce ends."""

    breakdown_per_week: Share = 0.04
    """Chance of break-down per week, unmonitored, in [0, 1]."""
    monitoring_effect: Effect = 1.5
    """Log-hazard of break-down that full monitoring takes away."""
    pressure_effect: Effect = 0.5
    """Log-hazard of break-down that a unit of pressure adds."""
    settlement_per_week: Share = 0.01
    """Chance per week that a truce becomes a settlement."""


class LineHeld(Block):
    """A line drawn elsewhere than where the forces stand."""

    held_km2: InStake
    """Land of the stake that front.side gets, km2."""


def _kind_of_line(line: object) -> str:
    return "word" if isinstance(line, str) else "held_km2"


Line = Annotated[
    Annotated[Literal["in_place", "optimal"], Tag("word")]
    | Annotated[LineHeld, Tag("held_km2")],
    Discriminator(_kind_of_line),
]


class Term(NamedTuple):
    """What a term is called wherever it is told of, but in `sim/web/words.yaml`.

    As a term, as a condition, and as an input of a scenario: in its paths, * stands for
    any one name and fills {1}, {2}. If it is a flow, `part` names what it adds to a
    difference of payoffs; the rest is that part in words, of a side and of the patron.
    """

    said: str
    asked: str
    inputs: Mapping[str, str]
    part: str = ""
    weighs: str = ""
    weighs_with_patron: str = ""


# Those that may be conditions, in the order in which they are told.
TERMS = {
    "hand_back": Term(
        said="land handed back",
        asked="{chips} handed back",
        inputs={
            "negotiation.offers.*.hand_back.*": "a share of {2} handed back by «{1}»",
        },
    ),
    "aid_freeze": Term(
        said="aid frozen",
        asked="aid is frozen",
        inputs={
            "parties.*.aid_freeze_cost_km2": "a cost of an aid freeze to {1}",
            "negotiation.offers.*.aid_freeze": "a share of aid frozen by «{1}»",
        },
        part="aid",
        weighs="what becomes of the aid",
        weighs_with_patron="the cost of the aid",
    ),
    "sanctions_relief": Term(
        said="sanctions lifted",
        asked="sanctions are lifted",
        inputs={
            "parties.*.sanctions_relief_value_km2": (
                "a worth of sanctions relief to {1}"
            ),
            "parties.*.sanctions_relief_cost_km2": "a cost of sanctions relief to {1}",
            "negotiation.offers.*.sanctions_relief": (
                "a share of sanctions lifted by «{1}»"
            ),
        },
        part="sanctions",
        weighs="sanctions relief",
        weighs_with_patron="the cost of sanctions relief",
    ),
    "monitoring": Term(
        said="closely monitored",
        asked="the truce is monitored closely",
        inputs={"negotiation.offers.*.monitoring": "monitoring of «{1}»"},
    ),
}
# Terms that are a share of something and a flow while a truce lasts.
FLOW_TERMS = {name: term for name, term in TERMS.items() if term.part}


class Offer(Block):
    """Terms that may be put on the table."""

    offered_by: tuple[PartyName, ...] = Field(json_schema_extra={"minItems": 1})
    """Who may offer it. Default: every party that may propose."""
    kind: Literal["full", "partial"] = "full"
    """A full truce, or one of some kinds of attack only."""
    duration_days: Duration | None = 30
    """Days it lasts, at least 1; null is permanent."""
    line: Line = "in_place"
    """in_place, optimal, or {held_km2: x} for front.side."""
    hand_back: dict[ChipName, Share] = Field(default_factory=dict)
    """Share of each chip that is handed back."""
    aid_freeze: Share = 0.0
    """Share of aid that is frozen."""
    sanctions_relief: Share = 0.0
    """Share of sanctions lifted."""
    monitoring: Share = 0.3
    """Strength of monitoring, in [0, 1]."""
    relief: dict[BelligerentName, Share] = Field(default_factory=dict)
    """Partial truce: share of its cost of war a party is spared."""

    @field_validator("offered_by")
    @classmethod
    def _are_different(cls, authors: tuple[str, ...]) -> tuple[str, ...]:
        if not authors:
            raise wrong("needs at least one party")
        return without_repeats(authors)

    @field_validator("line", "hand_back", *FLOW_TERMS)
    @classmethod
    def _suits_a_partial_truce(cls, terms: Any, info: ValidationInfo) -> Any:
        if info.data.get("kind") == "partial" and terms and terms != "in_place":
            raise wrong("belongs to a full truce; a partial truce does not change this")
        return terms

    @field_validator("relief")
    @classmethod
    def _is_of_a_partial_truce(
        cls, relief: dict[str, float], info: ValidationInfo
    ) -> dict[str, float]:
        kind = info.data.get("kind")
        if kind == "full" and relief:
            raise wrong("belongs to a partial truce (kind: partial)")
        if kind == "partial" and not any(relief.values()):
            raise wrong("a partial truce needs relief for a belligerent")
        return relief

    @field_validator("monitoring")
    @classmethod
    def _can_last(cls, monitoring: float, info: ValidationInfo) -> float:
        """Refuse z + pi >= 1 per week (MODEL.md section 6), whatever the step."""
        truce = names_of(info).truce
        if truce.keys() < Truce.model_fields.keys():
            return monitoring  # a part of the block is itself wrong
        # As core.offers.breakdown_hazard, whose import takes a second that `validate`
        # should not wait for; a test holds the two equal.
        shift = (
            truce["pressure_effect"] * names_of(info).pressure
            - truce["monitoring_effect"] * monitoring
        )
        hazard = min(1.0, truce["breakdown_per_week"] * math.exp(min(shift, 700.0)))
        is_full = info.data.get("kind") == "full"
        settlement = truce["settlement_per_week"] if is_full else 0.0
        if hazard + settlement >= 1:
            raise wrong(
                f"with {monitoring:g}, a weekly break-down of {hazard:.3g} and a "
                f"weekly settlement of {settlement:.3g} leave the truce no chance to "
                "last: see the block truce, and the pressure"
            )
        return monitoring


class Negotiation(Block):
    """Who may offer what, and when."""

    first_round: DayInHorizon
    """Day of the first round. Default: the start."""
    round_every_days: Days = 7
    """Days between rounds; step_days divides it."""
    counter_after_days: Wait = 1
    """Days until a counter-offer is put to the other side."""
    repeat_after_days: Wait = 30
    """Days until a refused offer may be repeated."""
    proposer_weights: dict[PartyName, Weight]
    """Weight of each party in the draw of a proposer. Default: the patron only; without
    one both sides equally.
    """
    offers: dict[Id, Offer] = Field(json_schema_extra={"maxProperties": MAX_OFFERS})
    """Offers by name, up to 16. Default: thirty_days and freeze."""

    @field_validator("round_every_days")
    @classmethod
    def _is_whole_steps(cls, days: int, info: ValidationInfo) -> int:
        step = names_of(info).step_days
        if step and days % step:
            raise wrong(f"step_days {step} does not divide {days} days")
        return days

    @field_validator("proposer_weights")
    @classmethod
    def _name_somebody(cls, weights: dict[str, float]) -> dict[str, float]:
        if not sum(weights.values()) > 0:
            raise wrong("the weights sum to 0, so nobody would ever make an offer")
        return weights


class Event(Block):
    """One dated entry of the timeline; exactly one kind."""

    date: DayInHorizon
    """The day."""
    offer: OfferName | None = None
    """An offer put on the table."""
    by: PartyName | None = None
    """Who puts it there."""
    aid_level: Level | None = None
    """Aid goes to this level."""
    regime: dict[ChipName, str] | None = None
    """Chips that go to a regime."""
    audience_cost_km2: dict[BelligerentName, Cost] | None = None
    """A public commitment: new audience cost by party, km2."""

    @field_validator("by")
    @classmethod
    def _may_offer(cls, by: str | None, info: ValidationInfo) -> str | None:
        offer = info.data.get("offer")
        authors = names_of(info).authors.get(offer or "", ())
        if by and authors and by not in authors:
            listed = ", ".join(authors)
            raise wrong(f"'{by}' is not in offered_by of {offer} ({listed})")
        return by

    @field_validator("regime")
    @classmethod
    def _exists(
        cls, regime: dict[str, str] | None, info: ValidationInfo
    ) -> dict[str, str] | None:
        for chip, name in (regime or {}).items():
            known = names_of(info).regimes[chip]
            if name not in known:
                raise wrong(unknown_regime(name, known), field=chip)
        return regime

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> "Event":
        kinds = ("offer", "aid_level", "regime", "audience_cost_km2")
        given = [kind for kind in kinds if getattr(self, kind) not in (None, {})]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise wrong(f"needs exactly one of {', '.join(kinds)}; {found} given")
        if (self.offer is None) != (self.by is None):
            raise wrong("an offer and who puts it on the table (by) go together")
        return self


def one_offer_a_day(timeline: tuple[Event, ...]) -> tuple[Event, ...]:
    """Return the timeline if no day has two offers: a day has one round."""
    days: set[date] = set()
    for i, event in enumerate(timeline):
        if event.offer is not None:
            if event.date in days:
                raise wrong(
                    f"there is a second offer on {event.date}", field=f"{i}.offer"
                )
            days.add(event.date)
    return timeline
