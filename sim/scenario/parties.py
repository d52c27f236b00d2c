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
    BelligerentName,
    Block,
    Cost,
    DayInHorizon,
    Days,
    Flow,
    Inside,
    Level,
    OfferName,
    Positive,
    Share,
    Shift,
    by_side,
    without_repeats,
    wrong,
)

MAX_ANSWERS = 32

Condition = Literal["hand_back", "aid_freeze", "sanctions_relief", "monitoring"]


class PrivateCost(Block):
    """A cost of war, and the interval that others know it to lie in."""

    value: Cost
    """Cost of fighting, a flow in stakes, at least 0."""
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
    """What a belligerent believes about battles, and how fast it learns."""

    win_probability: Inside = by_side(0.50, 0.41)
    """Believed chance that `front.side` wins a battle, in (0, 1)."""
    weight_battles: Positive = 40
    """Weight of the belief, in battles already seen, above 0."""
    learning_weight: Share = 1.0
    """Weight of a new battle, 0 (learns nothing) to 1."""


class BestResponse(Block):
    """Accepts what is worth at least as much as fighting on."""

    name: Literal["best_response"]


class Quantal(Block):
    """As best_response, with noise drawn afresh at every answer."""

    name: Literal["quantal"]


class Hardliner(Block):
    """Asks for a premium over what fighting on is worth."""

    name: Literal["hardliner"]
    premium: Cost = 0.01
    """Premium, a value in stakes, at least 0."""


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
    cost_of_war: PrivateCost = by_side(
        {"value": 0.10, "private": [0.06, 0.14]},
        {"value": 0.08, "private": [0.05, 0.11]},
    )
    """Flow of cost while fighting, with its private interval."""
    belief: Belief
    """Belief about battles."""
    bargaining_weight: Share = 0.0
    """Share of the surplus of a settlement it can claim, in [0, 1]."""
    decision_noise: Cost = 0.0005
    """Scale of noise in an answer, a value in stakes."""
    policy: Policy = BestResponse(name="best_response")
    """How it answers and proposes."""
    conditions: Annotated[tuple[Condition, ...], AfterValidator(without_repeats)] = (
        by_side([], ["hand_back", "aid_freeze"])
    )
    """What it may add when it accepts on conditions."""
    rearmament_per_week: Shift = by_side(0.004, 0.006)
    """Log-odds it gains per week of truce."""
    aid_freeze_cost: Flow = 0.05
    """Cost of a full freeze of the aid it gets, flow in stakes."""
    sanctions_relief_value: Flow = 0.05
    """Worth of full sanctions relief to it, flow in stakes."""
    value_of_harm: Flow = 0.4
    """Worth of one unit of the other's cost of war, for partial truces."""
    audience_cost: Cost = by_side(0.0, 0.02)
    """Flow of cost of a truce while its line is below its claimed_share or the other
    side keeps a chip of its land.
    """
    claimed_share: Share | None = None
    """Share of the stake, its own, that it claims in public."""


class Patron(Block):
    """A party that gives aid to one side, proposes and presses."""

    role: Literal["patron"]
    supports: BelligerentName
    """The belligerent it aids. Default: front.side."""
    value_of_outcome: Flow = 0.6
    """Worth of the stake, held by the supported side, in stakes."""
    aid_cost: Cost = 0.05
    """Cost of aid at level 1, flow."""
    cost_while_war: Cost = 0.02
    """Cost of the war to it, flow."""
    sanctions_relief_cost: Flow = 0.02
    """Cost to it of full sanctions relief, flow."""
    reputation: Cost = 0.01
    """What breaking a threat or promise costs it, a value."""
    pressure: Level = 0.0
    """Pressure to accept its offers, 0 or more."""
    price_of_refusal: Cost = 0.005
    """Cost of refusing it, a value per unit of pressure."""


Party = Annotated[Belligerent | Patron, Field(discriminator="role")]
