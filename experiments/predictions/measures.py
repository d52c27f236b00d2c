"""What can be measured of a cell, by name: values on the core, outcomes of runs.

U is the side of `front.side`, Ukraine, and R the other one, Russia. Values are in
km2. What is true or false of a world is an event, and its mean a share.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from numpy.typing import NDArray

from experiments.predictions.cells import Cell
from sim.model.state import NEVER, SETTLED

Column = NDArray[Any]
U, R = 0, 1
EARLY = 90  # days


class Measure(NamedTuple):
    """A number of each world of a cell, what it is, and in which worlds it is asked."""

    words: str
    of: Callable[[Cell], Column]
    simulated: bool
    within: Callable[[Cell], Column] | None = None  # of the lowest level


def _core(words: str, of: Callable[[dict[str, Column]], Column]) -> Measure:
    return Measure(words, lambda cell: of(cell.morning), simulated=False)


def _side(name: str, side: int) -> Callable[[dict[str, Column]], Column]:
    return lambda morning: morning[name][:, side]


def _room(morning: dict[str, Column]) -> Column:
    return morning["stake"] - morning["war"].sum(axis=1)


def _room_keep(morning: dict[str, Column]) -> Column:
    return _room(morning) + morning["kept"].sum(axis=1)


def _corridor(morning: dict[str, Column]) -> Column:
    return morning["stake"] - morning["refusal"].sum(axis=1)


def _price(morning: dict[str, Column]) -> Column:
    return (morning["war_without_chips"] - morning["war"])[:, R]


def _answers(words: str, of: Callable[[Column], Column]) -> Measure:
    """An event on the day of the offer, from the refusals of both sides."""
    return Measure(words, lambda cell: of(cell.answers["refusals"]), simulated=True)


def _weeks(cell: Cell) -> Column:
    """Weeks of fighting until the horizon: each adds to what beliefs rest on."""
    ukraine: Any = cell.of_talks.scenario.parties["ukraine"]
    before, step = ukraine.belief.weight_weeks, ukraine.belief.learning_weight
    return (cell.talks["belief_weight"][:, U] - before) / step


def _early(cell: Cell) -> Column:
    """Whether a full truce began within EARLY days."""
    first = cell.talks["first_full_truce"]
    return (first != NEVER) & (first * cell.step_days <= EARLY)


MEASURES: Mapping[str, Measure] = {
    "war.U": _core("W_U, what fighting on is worth to Ukraine", _side("war", U)),
    "war.R": _core("W_R, what fighting on is worth to Russia", _side("war", R)),
    "room": _core(
        "room for a deal: L - W_U - W_R, the width of the lines that both prefer to "
        "war, chips being returned",
        _room,
    ),
    "room_keep": _core(
        "room for a freeze: the same, chips staying where they are", _room_keep
    ),
    "price.R": _core(
        "price that Russia would pay for the chip: W_R without it, less W_R", _price
    ),
    "corridor": _core(
        "joint acceptance corridor: the stake less what refusing the patron is worth "
        "to both",
        _corridor,
    ),
    "offer.U": _core("P_U, what the offer is worth to Ukraine", _side("value", U)),
    "offer.R": _core("P_R, what the offer is worth to Russia", _side("value", R)),
    "better.U": Measure(
        "P_U where the offer, at its lowest level, beats war for Ukraine",
        lambda cell: cell.morning["value"][:, U],
        simulated=False,
        within=lambda cell: cell.morning["gain"][:, U] > 0.0,
    ),
    "gain.U": _core("gain of Ukraine from signing", _side("gain", U)),
    "gain.R": _core("gain of Russia from signing", _side("gain", R)),
    "chance.both": _core(
        "chance that both accept, at their gains and errors of decision",
        lambda morning: morning["chance"].prod(axis=1),
    ),
    "settlement.U": _core(
        "V_U, what a settlement is worth to Ukraine", _side("settlement", U)
    ),
    "settle_chance": _core(
        "P+, the chance that a settlement is possible, as all see it",
        lambda morning: morning["settle_chance"],
    ),
    "hazard": _core(
        "chance of a break-down a day, by the terms",
        lambda morning: morning["hazard"],
    ),
    "accepts.U": _answers("Ukraine accepts the offer", lambda r: r[:, U] == 0),
    "accepts.R": _answers("Russia accepts the offer", lambda r: r[:, R] == 0),
    "accepts.both": _answers("both accept it", lambda r: r.sum(axis=1) == 0),
    "refuses.R": _answers("Russia refuses it", lambda r: r[:, R] > 0),
    "fights_on": _answers("somebody refuses it", lambda r: r.sum(axis=1) > 0),
    "line_offered": Measure(
        "line that the author draws, in km2 that Ukraine holds",
        lambda cell: cell.answers["offer_line"],
        simulated=True,
    ),
    "weeks": Measure(
        "weeks of fighting until the first deal, or the year where there is none",
        _weeks,
        simulated=True,
    ),
    "early": Measure(
        f"a deal within {EARLY} days",
        _early,
        simulated=True,
    ),
    "deal": Measure(
        "a deal within the year",
        lambda cell: cell.talks["first_full_truce"] != NEVER,
        simulated=True,
    ),
    "broken": Measure(
        "a truce that both were made to sign breaks down",
        lambda cell: cell.signed["broken"] > 0,
        simulated=True,
    ),
    "settled": Measure(
        "a truce that both were made to sign becomes a settlement within 90 days",
        lambda cell: cell.signed["phase"] == SETTLED,
        simulated=True,
    ),
    "final_held": Measure(
        "land that Ukraine holds 90 days after both were made to sign",
        lambda cell: cell.signed["line"],
        simulated=True,
    ),
}
