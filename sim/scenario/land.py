"""Land as a scenario states it: the disputed front, and chips held outside it."""

from pydantic import Field, ValidationInfo, field_validator

from sim.scenario.references import MAX_REGIMES
from sim.scenario.types import (
    Area,
    BelligerentName,
    Block,
    ChipName,
    Flow,
    Id,
    Inside,
    Rate,
    Share,
    Shift,
    SomeArea,
    SomeRate,
    names_of,
    wrong,
)

MIN_STEPS, MAX_STEPS = 2, 200


class Front(Block):
    """The disputed stake, the line of contact and the battles over it."""

    side: BelligerentName
    """The party whose share, odds and beliefs are stated: side 0."""
    stake_km2: SomeArea
    """Land both sides claim and contest, km2."""
    step_km2: SomeArea
    """Land one battle moves, km2; stake / step is a whole number, 2 to 200. Default: a
    twentieth of the stake.
    """
    share: Inside
    """Share of the stake held by `side`, in (0, 1), a whole number of steps."""
    battles_per_week: SomeRate = 0.5
    """Expected battles that move the line, per week, above 0."""
    win_probability: Inside = 0.43
    """True chance that `side` wins a battle, in (0, 1)."""

    @property
    def steps(self) -> int:
        """Steps in the stake, N."""
        return round(self.stake_km2 / self.step_km2)

    @property
    def line(self) -> int:
        """Steps held by `side` at the start, k."""
        return round(self.share * self.steps)

    @field_validator("step_km2")
    @classmethod
    def _divides_the_stake(cls, step: float, info: ValidationInfo) -> float:
        if "stake_km2" not in info.data:
            return step
        stake = info.data["stake_km2"]
        steps = stake / step
        if not MIN_STEPS - 0.5 < steps < MAX_STEPS + 0.5:
            raise wrong(
                f"a stake of {stake:g} km2 in steps of {step:g} km2 is {steps:.4g} "
                f"steps, outside {MIN_STEPS} to {MAX_STEPS}"
            )
        near = min(max(round(steps), MIN_STEPS), MAX_STEPS)
        if abs(steps - near) > 1e-6 * near:
            raise wrong(
                f"{stake:g} / {step:g} is {steps:.6g} steps, not a whole number; "
                f"{stake / near:.6g} would make {near}"
            )
        return step

    @field_validator("share")
    @classmethod
    def _is_whole_steps(cls, share: float, info: ValidationInfo) -> float:
        if not {"stake_km2", "step_km2"} <= info.data.keys():
            return share
        steps = round(info.data["stake_km2"] / info.data["step_km2"])
        line = min(max(round(share * steps), 1), steps - 1)
        if abs(share * steps - line) > 1e-6:
            raise wrong(
                f"{share:g} of {steps} steps is {share * steps:.6g}, not a whole "
                f"number of steps; the nearest share is {line / steps:.6g}"
            )
        return share

    @field_validator("battles_per_week")
    @classmethod
    def _fits_the_step(cls, battles: float, info: ValidationInfo) -> float:
        step = names_of(info).step_days
        if step and battles * step / 7 > 1:
            raise wrong(
                f"{battles:g} battles a week and step_days {step} make a battle "
                f"chance of {battles * step / 7:.4g} a step, above 1"
            )
        return battles


class Regime(Block):
    """A way in which the area of a chip changes, until it switches."""

    loss_per_week: Share = 0.0
    """Share lost per week."""
    gain_per_week: Share = 0.0
    """Share of what is missing to the peak gained per week."""
    volatility_per_week: Rate = 0.0
    """Spread of the log of the area after a week."""
    switch_per_week: dict[Id, Rate] = Field(default_factory=dict)
    """Rate per week of a switch, by regime."""


class Opening(Block):
    """When a closed chip opens: once another chip is small."""

    chip: ChipName
    """The other chip."""
    below_km2: SomeArea
    """Its area below which this one opens, km2."""


class Chip(Block):
    """Land held outside the stake that can be traded."""

    holder: BelligerentName
    """The belligerent that holds it."""
    peak_km2: SomeArea
    """Area of a full chip, km2."""
    area_km2: Area
    """Area held at the start, km2, 0 to the peak."""
    value_to: dict[BelligerentName, Flow]
    """Gain of the holder and loss of the other from a full chip, flows in stakes.
    Default: 0.01 to the holder, 0.08 to the other.
    """
    log_odds_while_held: Shift = 0.1
    """Log-odds for the holder while the chip is full."""
    opens_when: Opening | None = None
    """Condition that opens a closed chip."""
    regime: str
    """Regime at the start. Default: the only one, or collapse."""
    regimes: dict[Id, Regime] = Field(
        json_schema_extra={"minProperties": 1, "maxProperties": MAX_REGIMES}
    )
    """Regimes by name, 1 to 4. Default: lull and collapse."""
    switch_on_aid_cut: Shift = 1.5
    """Log-hazard of a switch to a higher loss per unit of aid cut."""
    capture_per_week: Share = 0.0
    """Chance per week that what is left is taken whole."""
    floor: Share = 0.01
    """Share of the peak below which it is gone."""

    @field_validator("area_km2")
    @classmethod
    def _is_at_most_the_peak(cls, area: float, info: ValidationInfo) -> float:
        peak = info.data.get("peak_km2", area)
        if area > peak:
            raise wrong(f"{area:g} is above the peak, {peak:g} km2")
        return area
