"""Aid of the patron as a scenario states it, and the rule that decides its level."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.types import (
    BelligerentName,
    Block,
    Drift,
    Level,
    Share,
    Weeks,
    names_of,
    wrong,
)

MAX_LEVELS = 8


class AidScripted(Block):
    """Aid follows the timeline only."""

    name: Literal["scripted"]


class AidUnconditional(Block):
    """Aid goes on whatever is answered."""

    name: Literal["unconditional"]


class AidConditional(Block):
    """Aid depends on who refused or accepted the patron's offer."""

    name: Literal["conditional"]
    after_refusal_by: dict[BelligerentName, Level]
    """Level of aid after the party alone refuses. Default: 0 if the supported side
    refuses, 1.5 if the other side does.
    """
    after_acceptance_by: dict[BelligerentName, Level]
    """Level of aid after acceptance by the party. Default: 1 for the supported side."""


class AidBestResponse(Block):
    """The patron picks the level that serves it best."""

    name: Literal["best_response"]
    levels: tuple[Level, ...] = Field(
        (0.0, 1.0, 1.5), json_schema_extra={"minItems": 1, "maxItems": MAX_LEVELS}
    )
    """Levels it chooses from, 1 to 8 of them."""

    @field_validator("levels")
    @classmethod
    def _are_a_few(cls, levels: tuple[float, ...]) -> tuple[float, ...]:
        if not 1 <= len(levels) <= MAX_LEVELS:
            raise wrong(f"needs 1 to {MAX_LEVELS} levels, {len(levels)} given")
        return levels


AidRule = Annotated[
    AidScripted | AidUnconditional | AidConditional | AidBestResponse,
    Field(discriminator="name"),
]


class Aid(Block):
    """Aid of the patron to the side it supports."""

    level: Level = 1.0
    """Level at the start; 1 is the norm."""
    drift_km2_per_week: Drift = 0.0
    """Land of the stake that a unit of aid lets the supported side gain in a week, km2,
    usually up to 150.
    """
    revert_per_week: Share = 0.0
    """Chance per week that the level goes to long_run_level."""
    long_run_level: Level = 1.0
    """Level expected in the long run."""
    lag_weeks: Weeks = 0.0
    """Weeks until aid has its effect."""
    rule: AidRule = AidScripted(name="scripted")
    """How the level is decided."""

    @field_validator("rule")
    @classmethod
    def _has_a_patron(cls, rule: AidRule, info: ValidationInfo) -> AidRule:
        if rule.name in ("conditional", "best_response") and not names_of(info).patrons:
            raise wrong(f"the rule '{rule.name}' needs a party with role patron")
        return rule
