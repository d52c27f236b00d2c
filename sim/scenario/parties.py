"""Parties of a war as a scenario states them: belligerents and a patron."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from sim.scenario.types import (
    Area,
    BelligerentName,
    Block,
    Cost,
    DayInHorizon,
    Days,
    Drift,
    Factor,
    Label,
    Level,
    OfferName,
    Positive,
    Share,
    Worth,
    without_repeats,
    wrong,
)

MAX_ANSWERS = 32

Condition = Literal["hand_back", "aid_freeze", "sanctions_relief", "monitoring"]


class PrivateCost(Block):
    """A cost of war, and the interval that others know it to lie in."""

    value: Cost
    """Cost of fighting, km2, at least 0."""
    private: tuple[Cost, Cost]
    """[lowest, highest]: drawn from it once per world and hidden from the others.
    Default: no private information, [value, value].
    """

    @model_validator(mode="before")
    @classmethod
    def _from_a_number(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return {"value": data, "private": (data, data)}
        if "value" in data and data.get("private") is None:
            return {**data, "private": (data["value"], data["value"])}
        return data

    @field_validator("private")
    @classmethod
    def _holds_the_value(
        cls, private: tuple[float, float], info: ValidationInfo
    ) -> tuple[float, float]:
        lowest, highest = private
        if lowest > highest:
            raise wrong(f"the lowest, {lowest:g}, is above the highest, {highest:g}")
        value = info.data.get("value", lowest)
        if not lowest <= value <= highest:
            raise wrong(f"[{lowest:g}, {highest:g}] does not hold the value {value:g}")
        return private


class Belief(Block):
    """What a belligerent believes about the front, and how fast it learns."""

    drift_km2_per_week: Drift
    """Land that `front.side` gains in a week of fighting, as this party believes, km2,
    at full aid and without chips.
    """
    weight_weeks: Positive = 52.0
    """Weight of the belief, in weeks of fighting already seen, above 0."""
    learning_weight: Share = 1.0
    """Weight of a new week, 0 (learns nothing) to 1."""


class BestResponse(Block):
    """Accepts what is worth at least as much as fighting on."""

    name: Literal["best_response"]


class Quantal(Block):
    """As best_response, with noise drawn afresh at every answer."""

    name: Literal["quantal"]


class Hardliner(Block):
    """Asks for a premium over what fighting on is worth."""

    name: Literal["hardliner"]
    premium_km2: Cost
    """Premium, km2, at least 0. Default: a hundredth of the stake."""


class Boulware(Block):
    """Aspires to the best of the menu and gives way late."""

    name: Literal["boulware"]
    beta: Positive = 0.5
    """Below 1 gives way late, above 1 early."""
    deadline_days: Days
    """Day by which the aspiration has come down. Default: the horizon."""


class Conceder(Block):
    """Aspires to the best of the menu and gives way early."""

    name: Literal["conceder"]
    beta: Positive = 2.0
    """Below 1 gives way late, above 1 early."""
    deadline_days: Days
    """Day by which the aspiration has come down. Default: the horizon."""


class ScriptedAnswer(Block):
    """What a scripted party answers to an offer, from a date on."""

    date: DayInHorizon
    """First day on which it answers so."""
    offer: OfferName
    """Name of the offer."""
    answer: Literal["accept", "reject", "accept_on_conditions"]
    """The answer."""


class Scripted(Block):
    """Answers by date."""

    name: Literal["scripted"]
    answers: Annotated[tuple[ScriptedAnswer, ...], Field(max_length=MAX_ANSWERS)] = ()
    """Answers by date; to anything else as best_response."""


Policy = Annotated[
    BestResponse | Quantal | Hardliner | Boulware | Conceder | Scripted,
    Field(discriminator="name"),
]


class Belligerent(Block):
    """A party that fights over the stake."""

    role: Literal["belligerent"] = "belligerent"
    label: Label
    """What it is called. Default: its name, each word with a capital."""
    cost_of_war_km2: PrivateCost
    """What it would give in land for a war that costs nothing, km2, with the interval
    that others know; usually up to 3 times the stake.
    """
    belief: Belief
    """Belief about the drift of the line."""
    bargaining_weight: Share = 0.0
    """Share of the surplus of a settlement it can claim, in [0, 1]."""
    decision_noise_km2: Cost
    """Scale of noise in an answer, km2, usually up to 40. Default: a 2000th of the
    stake.
    """
    policy: Policy = BestResponse(name="best_response")
    """How it answers and proposes."""
    conditions: Annotated[tuple[Condition, ...], AfterValidator(without_repeats)] = ()
    """What it may add when it accepts on conditions."""
    rearmament_km2_per_week: Drift = 0.0
    """Drift that it gains per week of truce, km2 a week, usually up to 5."""
    aid_freeze_cost_km2: Worth = 0.0
    """Cost of a full freeze of the aid it gets, km2, usually up to the stake."""
    sanctions_relief_value_km2: Worth = 0.0
    """Worth of full sanctions relief to it, km2, usually up to the stake."""
    value_of_harm: Factor = 0.0
    """Worth of one unit of the other's cost of war, for partial truces."""
    audience_cost_km2: Cost = 0.0
    """Cost of a truce while its line is below its claimed_km2 or the other side keeps
    a chip of its land, km2, usually up to the stake.
    """
    claimed_km2: Area | None = None
    """Land of the stake, its own, that it claims in public, km2; as much as the stake,
    or more, is all of it.
    """


class Patron(Block):
    """A party that gives aid to one side, proposes and presses."""

    role: Literal["patron"]
    label: Label
    """What it is called. Default: its name, each word with a capital."""
    supports: BelligerentName
    """The belligerent it aids."""
    value_per_km2: Factor = 0.0
    """Worth of one km2 held by the supported side, km2."""
    aid_cost_km2: Cost = 0.0
    """Cost of aid at level 1, km2."""
    cost_while_war_km2: Cost = 0.0
    """Cost of the war to it, km2."""
    sanctions_relief_cost_km2: Worth = 0.0
    """Cost to it of full sanctions relief, km2."""
    reputation_km2: Cost = 0.0
    """What breaking a threat or promise costs it, km2."""
    pressure: Level = 0.0
    """Pressure to accept its offers, 0 or more."""
    price_of_refusal_km2: Cost = 0.0
    """Cost of refusing it, km2 per unit of pressure."""


Party = Annotated[Belligerent | Patron, Field(discriminator="role")]
