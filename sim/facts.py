"""What the chronicle quotes of a world: shares, areas, terms, reasons, and days."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.scenario.build import CONDITION_BITS
from sim.scenario.schema import Scenario
from sim.step import doors
from sim.step.labels import Labels
from sim.step.outcome import END_NAMES
from sim.step.reasons import PARTS
from sim.step.record import (
    AID_FREEZE,
    AT_SHARE,
    CONDITION_MONITORING,
    CONDITIONAL,
    DATED,
    HAND_BACK,
    MONITORED,
    NO_LEVEL,
    PATRON,
    ROUND,
    SANCTIONS_RELIEF,
    TABLE,
)
from sim.step.room import room

Event = dict[str, Any]
Day = dict[str, Any]


class Facts:
    """A world in the words and units of `run --json`.

    `params`, `world` and `table` are the arrays of shape (1,) that the model works on;
    `offers` are the terms of each offer by name. Changes nothing.
    """

    def __init__(
        self,
        params: NDArray[np.void],
        world: NDArray[np.void],
        table: NDArray[np.void],
        labels: Labels,
        offers: dict[str, dict[str, Any]],
    ) -> None:
        self.params, self.world, self.table = params, world, table
        self.labels, self.offers = labels, offers
        # days are looked at on a table of their own: the model's keeps what it read
        self._glass = room(TABLE, 1)
        self._glass["aid_known"] = -1.0

    def share(self, now: Any) -> float:
        """Share of the stake that side 0 holds."""
        return float(now["line"]) / float(self.params["lines"][0])

    def areas(self, now: Any) -> dict[str, float]:
        """Area of each chip, km2."""
        peaks = self.labels.peaks_km2
        return {n: float(now["chip"][j]) * peaks[j] for j, n in self._chips()}

    def held_by(self, side: int, now: Any) -> dict[str, float]:
        """Chips that a side still holds, each to be handed back whole."""
        holders = self.params["chip_holder"][0]
        return {
            name: 1.0
            for j, name in self._chips()
            if int(holders[j]) == side and now["chip"][j] > 0.0
        }

    def _chips(self) -> list[tuple[int, str]]:
        return list(enumerate(self.labels.chips))

    def terms(self, now: Any) -> dict[str, Any]:
        """Terms of the offer on the table, with the conditions added to it."""
        index, demands = int(now["offer"]), int(now["demands"])
        p = self.params[0]
        terms = dict(self.offers[self.labels.offers[index]])
        at_share = p["line_kind"][index] == AT_SHARE
        lines = float(p["lines"])
        share = float(p["line_share"][index]) if at_share else self.share(now)
        terms["line_share"] = share if at_share else float(now["offer_line"]) / lines
        terms["conditions"] = named_conditions(demands)
        held = self.held_by(0, now) | self.held_by(1, now)
        back = {name: part for name, part in terms["hand_back"].items() if name in held}
        if demands & HAND_BACK:
            back |= self.held_by(1 - int(now["demanded_by"]), now)
        terms["hand_back"] = back
        if demands & AID_FREEZE:
            terms["aid_freeze"] = 1.0
        if demands & SANCTIONS_RELIEF:
            terms["sanctions_relief"] = 1.0
        if demands & MONITORED:
            watched = max(terms["monitoring"], CONDITION_MONITORING)
            terms["monitoring"] = watched
        return terms

    def reason(self, side: int) -> dict[str, Any]:
        """Both numbers a side compared, the noise of its decision, and the parts.

        accept + noise is compared with fight_on + aspiration; the parts sum to
        accept - fight_on. To refuse an offer that the patron puts forward itself may
        cost a price, and aid.
        """
        parts = np.zeros(len(PARTS))
        doors.explain(self.params, self.world, self.table.copy(), side, parts)
        table, cost = self.table[0], float(self.world["cost"][0, side])
        asked = self.world[0]["business"] in (ROUND, DATED)
        of_patron = asked and self.world[0]["author"] == PATRON
        compared = "refusal" if of_patron else "reservation"
        fight_on = float(table[compared][side])
        fight_on += cost * float(table[f"{compared}_slope"][side])
        gain = float(table["put_gain"][side]) + cost * float(table["put_slope"][side])
        return {
            "accept": fight_on + gain,
            "fight_on": fight_on,
            "noise": float(table["noise"][side]),
            "aspiration": float(table["aspiration"][side]),
            "aid_if": self._aid_if(side) if of_patron else None,
            "parts": dict(zip(PARTS, parts.tolist(), strict=True)),
        }

    def _aid_if(self, side: int) -> dict[str, float] | None:
        """Level of aid that an answer brings, where aid hangs on the answers."""
        params, world, table = self.params[0], self.world[0], self.table[0]
        if params["aid_rule"] != CONDITIONAL or not world["condition_open"]:
            return None
        levels = {"accepted": table["promise"], "refused": table["threat"][side]}
        now = float(world["aid"])
        return {
            answer: now if level == NO_LEVEL else float(level)
            for answer, level in levels.items()
        }

    def day(self) -> Day:
        """Return how the day that has just ended left the world."""
        doors.see(self.params, self.world, self._glass)
        world, seen = self.world[0], self._glass[0]
        step = int(world["step"]) - 1
        day: Day = {
            "day": self.labels.day(step),
            "date": self.labels.date(step).isoformat(),
            "phase": END_NAMES[int(world["phase"])],
            "share": self.share(world),
            "chips_km2": self.areas(world),
            "aid": float(world["aid"]),
            "belief": {},
            "war_value": {},
            "reservation_value": {},
            "believed_reservation_value": {},
        }
        for side, name in enumerate(self.labels.sides):
            fighting = float(seen["fighting"][side])
            cost = float(world["cost"][side])
            mean = 0.5 * float(world["cost_low"][side] + world["cost_high"][side])
            least = float(seen["reservation"][side])
            slope = float(seen["reservation_slope"][side])
            day["belief"][name] = float(world["belief"][side])
            day["war_value"][name] = float(seen["war"][side]) - cost * fighting
            day["reservation_value"][name] = least + cost * slope
            day["believed_reservation_value"][name] = least + mean * slope
        return day


def offers_in_file(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """Return the terms of each offer by name, as `Facts` takes them."""
    return {
        name: offer.model_dump(mode="json", exclude={"offered_by", "line"})
        for name, offer in scenario.negotiation.offers.items()
    }


def named_conditions(demands: int) -> list[str]:
    """Return the names of a set of conditions."""
    return [name for name, bit in CONDITION_BITS.items() if demands & bit]
