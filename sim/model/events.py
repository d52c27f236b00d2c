"""The chronicle of a world: what each stage changed, as events, and what each day was.

It watches the record before and after a stage, so that no stage has to report and a
run without a chronicle is the same run. Events and days have the fields of
`run --json`.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import wrappers
from sim.model.labels import Labels
from sim.model.outcome import END_NAMES
from sim.model.parameters import CONDITION_BITS
from sim.model.stages.payoff_parts import PARTS
from sim.model.state import (
    ACCEPT,
    AT_SHARE,
    CONDITION_MONITORING,
    CONDITIONAL,
    COUNTER,
    DATED,
    DEFEAT,
    EXTENSION,
    HAND_BACK,
    NO_LEVEL,
    ON_CONDITIONS,
    PATRON,
    ROUND,
    SETTLED,
    SIDES,
    TABLE,
    TRUCE,
    WAR,
    blank,
)
from sim.scenario.negotiation import FLOW_TERMS
from sim.scenario.schema import Scenario

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
        self._glass = blank(TABLE, 1)
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
        for name in terms["conditions"]:
            if name == "monitoring":
                terms[name] = max(terms[name], CONDITION_MONITORING)
            elif name in FLOW_TERMS:
                terms[name] = 1.0
        return terms

    def reason(self, side: int) -> dict[str, Any]:
        """Both numbers a side compared, the noise of its decision, and the parts.

        accept + noise is compared with fight_on + aspiration; the parts sum to
        accept - fight_on. To refuse an offer that the patron puts forward itself may
        cost a price, and aid.
        """
        parts = np.zeros(len(PARTS))
        wrappers.explain(self.params, self.world, self.table.copy(), side, parts)
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
        wrappers.see(self.params, self.world, self._glass)
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


ANSWERS = {
    ACCEPT: "acceptance",
    ON_CONDITIONS: "conditional_acceptance",
}


class Chronicle:
    """Events and days of one world.

    `params`, `world` and `table` are the arrays of shape (1,) that the model works on.
    """

    def __init__(
        self,
        params: NDArray[np.void],
        world: NDArray[np.void],
        table: NDArray[np.void],
        labels: Labels,
        offers: dict[str, dict[str, Any]],
    ) -> None:
        self.params, self.world, self.labels = params, world, labels
        self.facts = Facts(params, world, table, labels, offers)
        self.events: list[Event] = []
        self.days: list[Day] = []
        self.end_day()  # the eve, day -1: the world as the scenario states it

    def before(self) -> NDArray[np.void]:
        """Return the world as it stands before a stage."""
        return self.world.copy()

    def after(self, stage: str, before: NDArray[np.void]) -> None:
        """Write down what a stage changed."""
        watch = getattr(self, f"_after_{stage}", None)
        if watch is not None:
            watch(before[0], self.world[0])

    def _write(self, now: Any, actor: str | None, kind: str, **more: Any) -> None:
        step = int(now["step"])
        self.events.append(
            {
                "day": self.labels.day(step),
                "date": self.labels.date(step).isoformat(),
                "actor": actor,
                "type": kind,
                "offer": more.get("offer"),
                "terms": more.get("terms", {}),
                "reason": more.get("reason"),
            }
        )

    # ---- one watcher a stage; those without one change nothing worth telling ---------

    def _after_timeline(self, before: Any, now: Any) -> None:
        self._after_aid(before, now)
        self._regimes(before, now)
        for side in range(SIDES):
            cost = now["audience_cost"][side]
            if cost != before["audience_cost"][side]:
                name = self.labels.parties[side]
                terms = {"audience_cost": float(cost)}
                self._write(now, name, "commitment", terms=terms)

    def _after_aid(self, before: Any, now: Any) -> None:
        if now["aid"] != before["aid"]:
            terms = {"level": float(now["aid"]), "was": float(before["aid"])}
            self._write(now, self.labels.parties[-1], "aid", terms=terms)

    def _after_truce(self, before: Any, now: Any) -> None:
        kind = "partial" if before["phase"] == WAR else "full"
        field = {"partial": "partial_offer", "full": "truce_offer"}[kind]
        offer = self.labels.offer(int(before[field]))
        if now["broken"] > before["broken"]:
            self._write(now, None, "breakdown", offer=offer, terms={"kind": kind})
        elif now["phase"] == SETTLED:
            terms = {"share": self.facts.share(now), "chips_km2": self.facts.areas(now)}
            self._write(now, None, "settlement", offer=offer, terms=terms)

    def _after_appraise(self, before: Any, now: Any) -> None:
        if now["business"] in (DATED, COUNTER):  # found by now, and its line drawn
            self._put(now)

    def _after_propose(self, before: Any, now: Any) -> None:
        if now["offer"] != before["offer"]:
            self._put(now)

    def _put(self, now: Any) -> None:
        kind = "counter_offer" if now["business"] == COUNTER else "offer"
        self._write(
            now,
            self.labels.party(int(now["author"])),
            kind,
            offer=self.labels.offer(int(now["offer"])),
            terms=self.facts.terms(now),
        )

    def _after_answer(self, before: Any, now: Any) -> None:
        for side in range(SIDES):
            if not wrappers.is_asked(self.world, side):
                continue
            code = int(now["answer"][side])
            terms: dict[str, Any] = {}
            if code == ON_CONDITIONS:
                demands = int(now["answer_demands"][side])
                terms["conditions"] = named_conditions(demands)
                if demands & HAND_BACK:
                    terms["hand_back"] = self.facts.held_by(1 - side, now)
            if now["business"] == EXTENSION:
                terms["extension"] = True
            self._write(
                now,
                self.labels.parties[side],
                ANSWERS.get(code, "rejection"),
                offer=self.labels.offer(int(now["offer"])),
                terms=terms,
                reason=self.facts.reason(side),
            )

    def _after_conclude(self, before: Any, now: Any) -> None:
        index = int(now["offer"])
        offer = self.labels.offer(index)
        author = self.labels.party(int(now["author"]))
        if now["business"] == EXTENSION:
            kind = "expiry" if now["expired"] > before["expired"] else "extension"
            terms: dict[str, Any] = {
                "kind": self.facts.offers[self.labels.offers[index]]["kind"]
            }
            self._write(now, None, kind, offer=offer, terms=terms)
        elif now["phase"] == TRUCE and before["phase"] == WAR:
            terms = {"share": self.facts.share(now), "chips_km2": self.facts.areas(now)}
            self._write(
                now, author, "truce", offer=offer, terms={"kind": "full"} | terms
            )
        elif begins_partial(before, now):
            self._write(now, author, "truce", offer=offer, terms={"kind": "partial"})
        self._gone(before, now, "hand_back")
        self._after_aid(before, now)

    def _after_battle(self, before: Any, now: Any) -> None:
        moved = float(now["line"] - before["line"])
        if moved != 0.0:
            winner = self.labels.parties[0 if moved > 0 else 1]
            self._write(now, winner, "battle", terms={"share": self.facts.share(now)})

    def _after_chips(self, before: Any, now: Any) -> None:
        self._gone(before, now, "fighting")  # which may open another one
        self._regimes(before, now)

    def _after_close(self, before: Any, now: Any) -> None:
        if now["phase"] == DEFEAT:
            name = self.labels.parties[int(now["defeated"])]
            self._write(before, name, "defeat", terms={"share": self.facts.share(now)})

    # ---- what events say -------------------------------------------------------------

    def _regimes(self, before: Any, now: Any) -> None:
        for j, name in enumerate(self.labels.chips):
            there, here = int(now["regime"][j]), int(before["regime"][j])
            if there != here:
                names = self.labels.regimes[j]
                terms = {"chip": name, "regime": names[there], "was": names[here]}
                self._write(now, None, "regime", terms=terms)

    def _gone(self, before: Any, now: Any, how: str) -> None:
        for j, name in enumerate(self.labels.chips):
            held, was = float(now["chip"][j]), float(before["chip"][j])
            if was > 0.0 and (held == 0.0 or how == "hand_back") and held != was:
                holder = self.labels.parties[int(self.params["chip_holder"][0, j])]
                peak = self.labels.peaks_km2[j]
                terms = {"chip": name, "km2": held * peak, "was_km2": was * peak}
                captured = how == "fighting" and was > 2.0 * float(
                    self.params["chip_floor"][0, j]
                )
                kind = "capture" if captured else "territory"
                self._write(now, holder, kind, terms=terms | {"how": how})

    # ---- days ------------------------------------------------------------------------

    def end_day(self) -> None:
        """Write down how the day that has just ended left the world."""
        self.days.append(self.facts.day())


def begins_partial(before: Any, now: Any) -> bool:
    """Whether a partial truce has begun, or replaced another one."""
    began = now["partial_offer"] >= 0 and now["partial_age"] == 0
    other = now["partial_offer"] != before["partial_offer"]
    return bool(began and (other or before["partial_age"] > 0))
