"""What is fought and traded over: the disputed front, and chips held outside it."""

from typing import Annotated, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from sim.scenario.references import MAX_REGIMES
from sim.scenario.types import (
    Amount,
    Area,
    BelligerentName,
    Block,
    ChipName,
    Drift,
    Id,
    InStakes,
    Label,
    Rate,
    Share,
    Shift,
    SomeAmount,
    SomeArea,
    Spread,
    Worth,
    wrong,
)

LAND = "km2"
"""The unit of a chip that is land."""
LAND_PAIR, OTHER_PAIR = ("area_km2", "peak_km2"), ("amount", "peak")


class Front(Block):
    """The disputed stake, the line of contact, and how the line moves."""

    side: BelligerentName
    """The party whose land is stated, and towards which a drift is positive."""
    stake_km2: SomeArea
    """Land both sides claim and contest, km2; usually 500 to 200,000."""
    held_km2: Annotated[SomeArea, InStakes(0.0, 1.0)]
    """Land of the stake held by `side` at the start, km2, more than 0 and less than
    the stake.
    """
    drift_km2_per_week: Drift
    """Land that `side` gains in a week of fighting on average, km2; minus for a loss,
    usually -200 to 200.
    """
    volatility_km2_per_week: Spread
    """Standard deviation of a week's change of the line, km2, usually 1 to 500; 0 if
    the line cannot move.
    """

    @field_validator("held_km2")
    @classmethod
    def _is_inside_the_stake(cls, held: float, info: ValidationInfo) -> float:
        stake = info.data.get("stake_km2")
        if stake is not None and held >= stake:
            raise wrong(
                f"{held:.12g} km2 is not less than the stake of {stake:.12g} km2: a "
                "side that holds all of it has won"
            )
        return held


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
    below_km2: SomeAmount
    """Its size below which this one opens, km2, or its own unit."""


class Chip(Block):
    """What is held outside the stake and can be traded: land, or something counted."""

    holder: BelligerentName
    """The belligerent that holds it."""
    label: Label
    """What it is called. Default: its name, each word with a capital."""
    area_km2: Area | None = None
    """Of land: area held at the start, km2, 0 to the peak."""
    peak_km2: SomeArea | None = None
    """Of land: area of the full chip, km2."""
    amount: Amount | None = None
    """Of other things: how much is held at the start, 0 to the peak."""
    peak: SomeAmount | None = None
    """Of other things: how much the full chip is."""
    unit: Label
    """What the amount counts, such as prisoners. Default: km2, for land."""
    value_km2: dict[BelligerentName, Worth]
    """Gain of the holder and loss of the other from a full chip, km2 of the stake held
    for ever. Default: of land its peak, to both.
    """
    drift_km2_per_week: Drift = 0.0
    """Land of the stake that a full chip lets its holder gain in a week, km2, because
    it ties down forces of the other side.
    """
    opens_when: Opening | None = None
    """Condition that opens a closed chip."""
    regime: str
    """Regime at the start. Default: the only one."""
    regimes: dict[Id, Regime] = Field(
        json_schema_extra={"minProperties": 1, "maxProperties": MAX_REGIMES}
    )
    """Regimes by name, 1 to 4. Default: one in which nothing changes."""
    switch_on_aid_cut: Shift = 0.0
    """Log-hazard of a switch to a higher loss per unit of aid cut."""
    capture_per_week: Share = 0.0
    """Chance per week that all that is left is taken at once."""
    floor: Share = 0.01
    """Share of the peak below which it is gone."""

    @property
    def pair(self) -> tuple[str, str]:
        """Names of the fields that have its size and its full size."""
        return OTHER_PAIR if self.area_km2 is None else LAND_PAIR

    @property
    def size(self) -> float:
        """What is held at the start, in `unit`."""
        size = self.amount if self.area_km2 is None else self.area_km2
        assert size is not None
        return size

    @property
    def full(self) -> float:
        """The size of the full chip, in `unit`."""
        full = self.peak if self.peak_km2 is None else self.peak_km2
        assert full is not None
        return full

    @model_validator(mode="after")
    def _is_land_or_an_amount(self) -> Self:
        land = [n for n in LAND_PAIR if getattr(self, n) is not None]
        other = [n for n in OTHER_PAIR if getattr(self, n) is not None]
        if land and other:
            raise wrong(
                f"{land[0]} is for land, {other[0]} for other things; give one pair: "
                f"{_pair(LAND_PAIR)}, or {_pair(OTHER_PAIR)} with a unit"
            )
        given, pair = (other, OTHER_PAIR) if other else (land, LAND_PAIR)
        if not given:
            raise wrong(
                f"needs {_pair(LAND_PAIR)} if it is land, and otherwise "
                f"{_pair(OTHER_PAIR)} with a unit"
            )
        for name in pair:
            if name not in given:
                raise wrong("is missing", field=name)
        if self.size > self.full:
            text = f"{self.size:.12g} is above the peak, {self.full:.12g} {self.unit}"
            raise wrong(text, field=pair[0])
        if land and self.unit != LAND:
            raise wrong("land is measured in km2", field="unit")
        if other and self.unit == LAND:
            raise wrong(f"a chip in km2 needs {_pair(LAND_PAIR)}", field="unit")
        return self


def _pair(names: tuple[str, str]) -> str:
    return " and ".join(names)
