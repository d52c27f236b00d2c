"""The chronicle of a world: what each stage changed, as events, and what each day was.

It watches the record before and after a stage, so that no stage has to report and a
run without a chronicle is the same run. Events and days have the fields of
`run --json`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model import state, wrappers
from sim.model.labels import CONDITION_BITS, Labels, labels_of
from sim.model.outcome import END_NAMES
from sim.model.stages.payoff_parts import PARTS
from sim.model.state import COUNTER, DATED, EXTENSION, HAND_BACK
from sim.scenario.negotiation import FLOW_TERMS
from sim.scenario.schema import Scenario

Event = dict[str, Any]
Day = dict[str, Any]
Record = NDArray[np.void]
"""Array of shape (1,) of one of the dtypes in `sim.model.state`."""

ANSWERS = {
    state.ACCEPT: "acceptance",
    state.ON_CONDITIONS: "conditional_acceptance",
}


def flattened(row: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Return (name, value) pairs, names of nested maps joined by a dot.

    >>> flattened({"day": 0, "terms": {"hand_back": {"kursk": 1.0}}, "reason": None})
    [('day', 0), ('terms.hand_back.kursk', 1.0), ('reason', None)]
    """
    pairs: list[tuple[str, Any]] = []
    for name, value in row.items():
        if isinstance(value, Mapping):
            pairs += flattened(value, f"{prefix}{name}.")
        else:
            pairs.append((prefix + name, value))
    return pairs


def snapshot(records: Record) -> Record:
    """Return a copy of records, made of their bytes.

    numpy's own goes field by field and takes fifty times as long, at every stage.
    """
    copied = np.frombuffer(bytearray(records.tobytes()), records.dtype)
    return state.as_kernels_take_it(copied)


def blank_table() -> Record:
    """Return an empty table, on which nothing of another world is known."""
    table = state.blank(state.TABLE, 1)
    table["aid_known"] = -1.0
    return table


def areas_km2(labels: Labels, now: Any) -> dict[str, float]:
    """Return the size of each chip in its unit, by name; `now` is a world's record."""
    fulls = zip(labels.chips, labels.fulls, strict=True)
    return {name: float(now["chip"][j]) * full for j, (name, full) in enumerate(fulls)}


def costs_of_war(labels: Labels, now: Any) -> dict[str, float]:
    """Return what each side has drawn as its cost of war, km2, by name."""
    return {side: float(now["cost"][i]) for i, side in enumerate(labels.sides)}


def named_conditions(demands: int) -> list[str]:
    """Return the names of a set of conditions."""
    return [name for name, bit in CONDITION_BITS.items() if demands & bit]


def is_of_patron(world: Record) -> bool:
    """Whether the offer on the table is one that the patron puts forward itself."""
    asked = world["business"][0] in (state.ROUND, DATED)
    return bool(asked and world["author"][0] == state.PATRON)


def aid_hangs_on_answers(params: Record, world: Record) -> bool:
    """Whether an answer may bring another level of aid."""
    rule = params["aid_rule"][0]
    return bool(rule == state.CONDITIONAL and world["condition_open"][0])


def at_own_cost(
    world: Record, table: Record, value: str, slope: str, side: int, *offer: int
) -> float:
    """Return a number of the table as it is at a side's own cost of war."""
    at, cost = (0, side, *offer), float(world["cost"][0, side])
    return float(table[value][at]) + cost * float(table[slope][at])


def reason(params: Record, world: Record, table: Record, side: int) -> dict[str, Any]:
    """Both numbers a side compared, the noise of its decision, and the parts.

    accept + noise is compared with fight_on + aspiration; the parts sum to
    accept - fight_on. To refuse an offer that the patron puts forward itself may
    cost a price, and aid.
    """
    parts = np.zeros(len(PARTS))
    wrappers.explain(params, world, snapshot(table), side, parts)
    seen = table[0]
    of_patron = is_of_patron(world)
    compared = "refusal" if of_patron else "reservation"
    fight_on = at_own_cost(world, table, compared, f"{compared}_slope", side)
    gain = at_own_cost(world, table, "put_gain", "put_slope", side)
    aid_if = None
    if of_patron and aid_hangs_on_answers(params, world):
        levels = {"accepted": seen["promise"], "refused": seen["threat"][side]}
        now = world[0]["aid"]
        aid_if = {
            answer: float(now if level == state.NO_LEVEL else level)
            for answer, level in levels.items()
        }
    return {
        "accept": fight_on + gain,
        "fight_on": fight_on,
        "noise": float(seen["noise"][side]),
        "aspiration": float(seen["aspiration"][side]),
        "aid_if": aid_if,
        "parts": dict(zip(PARTS, parts.tolist(), strict=True)),
    }


class Chronicle:
    """Events and days of one world, in the words and units of `run --json`.

    `params`, `world` and `table` are the arrays of shape (1,) that the model works on;
    they are read and never changed.
    """

    def __init__(
        self, scenario: Scenario, params: Record, world: Record, table: Record
    ) -> None:
        self.params, self.world, self.table = params, world, table
        self.labels = labels_of(scenario)
        self._offers = {
            name: offer.model_dump(mode="json", exclude={"offered_by"})
            for name, offer in scenario.negotiation.offers.items()
        }
        # days are looked at on a table of their own: the model's keeps what it read
        self._glass = blank_table()
        self._fought_days, self._moved_km2 = 0, 0.0  # since the last event of a battle
        self.events: list[Event] = []
        self.days: list[Day] = []
        self.end_day()  # the eve, day -1: the world as the scenario states it

    def end_day(self) -> None:
        """Write down how the day that has just ended left the world."""
        wrappers.see(self.params, self.world, self._glass)
        world, seen = self.world[0], self._glass[0]
        step = int(world["step"]) - 1
        day: Day = {
            "day": self.labels.day(step),
            "date": self.labels.date(step).isoformat(),
            "phase": END_NAMES[int(world["phase"])],
            **self._land(world),
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
        self.days.append(day)

    def after(self, stage: str, before: Record) -> None:
        """Write down what a stage changed since `before`, a copy of the world."""
        watch = getattr(self, f"_after_{stage}", None)
        if watch is not None:
            watch(before[0], self.world[0])

    def _write(
        self,
        now: Any,
        actor: str | None,
        kind: str,
        *,
        offer: int = state.NOBODY,
        terms: dict[str, Any] | None = None,
        reason: dict[str, Any] | None = None,
    ) -> None:
        step = int(now["step"])
        self.events.append(
            {
                "day": self.labels.day(step),
                "date": self.labels.date(step).isoformat(),
                "actor": actor,
                "type": kind,
                "offer": self.labels.offer(int(offer)),
                "terms": terms or {},
                "reason": reason,
            }
        )

    # ---- one watcher a stage; those without one change nothing worth telling ---------

    def _after_timeline(self, before: Any, now: Any) -> None:
        self._after_aid(before, now)
        self._regimes(before, now)
        for side, name in enumerate(self.labels.sides):
            cost = now["audience_cost"][side]
            if cost != before["audience_cost"][side]:
                terms = {"audience_cost_km2": float(cost)}
                self._write(now, name, "commitment", terms=terms)

    def _after_aid(self, before: Any, now: Any) -> None:
        if now["aid"] != before["aid"]:
            terms = {"level": float(now["aid"]), "was": float(before["aid"])}
            self._write(now, self.labels.parties[-1], "aid", terms=terms)

    def _after_truce(self, before: Any, now: Any) -> None:
        partial = before["phase"] == state.WAR
        offer = before["partial_offer" if partial else "truce_offer"]
        if now["broken"] > before["broken"]:
            terms = {"kind": "partial" if partial else "full"}
            self._write(now, None, "breakdown", offer=offer, terms=terms)
        elif now["phase"] == state.SETTLED:
            self._write(now, None, "settlement", offer=offer, terms=self._land(now))

    def _after_appraise(self, before: Any, now: Any) -> None:
        if now["business"] in (DATED, COUNTER):  # found by now, and its line drawn
            self._put(now)

    def _after_propose(self, before: Any, now: Any) -> None:
        if now["offer"] != before["offer"]:
            self._put(now)

    def _put(self, now: Any) -> None:
        kind = "counter_offer" if now["business"] == COUNTER else "offer"
        author = self.labels.party(int(now["author"]))
        self._write(now, author, kind, offer=now["offer"], terms=self._terms(now))

    def _after_answer(self, before: Any, now: Any) -> None:
        for side, name in enumerate(self.labels.sides):
            if not wrappers.is_asked(self.world, side):
                continue
            code = int(now["answer"][side])
            terms: dict[str, Any] = {}
            if code == state.ON_CONDITIONS:
                demands = int(now["answer_demands"][side])
                terms["conditions"] = named_conditions(demands)
                if demands & HAND_BACK:
                    terms["hand_back"] = self._held_by(1 - side, now)
            if now["business"] == EXTENSION:
                terms["extension"] = True
            self._write(
                now,
                name,
                ANSWERS.get(code, "rejection"),
                offer=now["offer"],
                terms=terms,
                reason=reason(self.params, self.world, self.table, side),
            )

    def _after_conclude(self, before: Any, now: Any) -> None:
        offer, author = int(now["offer"]), self.labels.party(int(now["author"]))
        partial_began = now["partial_offer"] >= 0 and now["partial_age"] == 0
        another = now["partial_offer"] != before["partial_offer"]
        if now["business"] == EXTENSION:
            kind = "expiry" if now["expired"] > before["expired"] else "extension"
            terms = {"kind": self._offers[self.labels.offers[offer]]["kind"]}
            self._write(now, None, kind, offer=offer, terms=terms)
        elif now["phase"] == state.TRUCE and before["phase"] == state.WAR:
            terms = {"kind": "full"} | self._land(now)
            self._battle(before)  # a truce may set another line
            self._write(now, author, "truce", offer=offer, terms=terms)
        elif partial_began and (another or before["partial_age"] > 0):
            self._write(now, author, "truce", offer=offer, terms={"kind": "partial"})
        self._gone(before, now, "hand_back")
        self._after_aid(before, now)

    def _after_front(self, before: Any, now: Any) -> None:
        if now["phase"] == state.WAR:
            self._fought_days += self.labels.step_days
            self._moved_km2 += float(now["line"] - before["line"])
            if self._fought_days >= 7:
                self._battle(now)

    def _battle(self, now: Any) -> None:
        """Tell of the fighting since this was told last: who gained how much."""
        moved, days = self._moved_km2, self._fought_days
        self._moved_km2, self._fought_days = 0.0, 0
        if moved != 0.0:
            winner = self.labels.parties[0 if moved > 0 else 1]
            terms = {"moved_km2": abs(moved), "days": days, **self._line(now)}
            self._write(now, winner, "battle", terms=terms)

    def _after_chips(self, before: Any, now: Any) -> None:
        self._gone(before, now, "fighting")  # which may open another one
        self._regimes(before, now)

    def _after_close(self, before: Any, now: Any) -> None:
        if now["phase"] == state.DEFEAT:
            name = self.labels.parties[int(now["defeated"])]
            self._battle(before)
            self._write(before, name, "defeat", terms=self._line(now))

    # ---- what events say -------------------------------------------------------------

    def _line(self, now: Any) -> dict[str, Any]:
        """Part of the stake that side 0 holds, km2, inside its ends."""
        held = min(max(float(now["line"]), 0.0), float(self.params["stake"][0]))
        return {"held_km2": held}

    def _land(self, now: Any) -> dict[str, Any]:
        """Part of the stake that side 0 holds, km2, and the size of each chip."""
        return {**self._line(now), "chips_km2": areas_km2(self.labels, now)}

    def _held_by(self, side: int, now: Any) -> dict[str, float]:
        """Chips that a side still holds, each to be handed back whole."""
        holders = self.params["chip_holder"][0]
        return {
            name: 1.0
            for j, name in enumerate(self.labels.chips)
            if int(holders[j]) == side and now["chip"][j] > 0.0
        }

    def _terms(self, now: Any) -> dict[str, Any]:
        """Terms of the offer on the table, with the conditions added to it."""
        index, demands = int(now["offer"]), int(now["demands"])
        terms = dict(self._offers[self.labels.offers[index]])
        drawn = isinstance(terms["line"], dict)
        terms["line"] = "held_km2" if drawn else terms["line"]
        terms["line_km2"] = float(now["offer_line"])
        terms["conditions"] = named_conditions(demands)
        held = self._held_by(0, now) | self._held_by(1, now)
        back = {name: part for name, part in terms["hand_back"].items() if name in held}
        if demands & HAND_BACK:
            back |= self._held_by(1 - int(now["demanded_by"]), now)
        terms["hand_back"] = back
        for name in terms["conditions"]:
            if name == "monitoring":
                terms[name] = max(terms[name], state.CONDITION_MONITORING)
            elif name in FLOW_TERMS:
                terms[name] = 1.0
        return terms

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
                full, floor = self.labels.fulls[j], self.params["chip_floor"][0, j]
                captured = how == "fighting" and was > 2.0 * float(floor)
                terms = {"chip": name, "km2": held * full, "was_km2": was * full}
                kind = "capture" if captured else "territory"
                self._write(now, holder, kind, terms=terms | {"how": how})
