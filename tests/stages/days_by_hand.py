"""A world by hand: what a day of it does, from its first event to its last.

Left out are rules of aid, which have tests of their own.
"""

import math
from statistics import NormalDist

from sim.model.rng import (
    AID_REVERT,
    CHIP_CAPTURE,
    CHIP_MOVE,
    CHIP_SWITCH,
    FRONT_MOVE,
    TRUCE_END,
    spot,
)
from tests.stages.talks_by_hand import Talks

NORMAL = NormalDist()


class ByHand(Talks):
    """One world, day by day."""

    def day(self):
        """Live through one step."""
        dated = self.timeline()
        self.aid()
        if self.phase == "truce":
            self.truce_day()
        self.talk(dated)
        self.pay()
        if self.phase == "war":
            self.front()
            self.move_chips()
        self.close()

    def timeline(self):
        dated = None
        for event in self.told.timeline:
            if self.since_start(event.date) == self.step:
                if event.offer is not None:
                    dated = event
                if event.aid_level is not None:
                    self.a = event.aid_level
                for name, regime in (event.regime or {}).items():
                    self.regime[self.chip_names.index(name)] = regime
                for name, cost in (event.audience_cost_km2 or {}).items():
                    self.audience[self.names.index(name)] = cost
        return dated

    def aid(self):
        if not self.patron:
            return
        aid = self.told.aid
        hazard = self.per_step(aid.revert_per_week)
        if self.a != aid.long_run_level and self.luck(AID_REVERT) < hazard:
            self.a = aid.long_run_level
        follows = 1.0
        if aid.lag_weeks > 0.0:
            follows = 1.0 - math.exp(-self.y / aid.lag_weeks)
        self.a_eff += (self.a - self.a_eff) * follows

    def truce_day(self):
        terms = self.truce["terms"]
        self.truce["age"] += 1
        self.ell += self.arming(terms.freeze)
        z, pi = self.exits(terms.monitoring, True)
        luck = self.luck(TRUCE_END)
        if luck < z:
            self.counts["broken"] += 1
            self.phase, self.truce, self.stopped = "war", None, None
            return
        if luck < z + pi and self.settle():
            return
        steps = self.duration(terms.name)
        if steps is not None and self.truce["age"] >= steps:
            self.phase = "war"
            self.truce["runs_out"] = True
            nothing = (0.0,) * len(self.chips)
            self.terms = terms._replace(line=self.z, back=nothing)
            self.author = self.truce["author"]

    def settle(self):
        """Settle if both gain by it at their true costs; return whether."""
        wars = [self.fight(i, self.z, self.held, self.ell) for i in (0, 1)]
        own = [value - cost * f for (value, f), cost in zip(wars, self.c, strict=True)]
        surplus = self.at_true_costs(self.surplus(self.held, wars), wars)
        if surplus <= 0.0:
            return False
        self.z = own[0] + self.nu(0) * surplus
        for j, chip in enumerate(self.chips):
            mine, other = (chip.value_km2[name] for name in self.names)
            holder_has = (mine, other)[self.holder[j]]
            if holder_has < (other, mine)[self.holder[j]]:
                self.held[j] = 0.0
        self.z -= sum(self.signed(0, self.held))
        self.z = min(max(self.z, 0.0), self.stake)
        self.phase = "settled"
        return True

    def at_true_costs(self, surplus, wars):
        for side in (0, 1):
            hidden = self.c[side] - self.expected_cost(side)
            surplus += hidden * wars[side][1]
        return surplus

    def pay(self):
        if self.phase == "settled":
            return
        weight = (1.0 - self.d) * self.d**self.step
        frozen = 0.0
        for side in (0, 1):
            if self.phase == "war":
                flow = self.omega * self.own(side, self.z) - self.c[side]
                flow += sum(self.signed(side, self.held))
            else:
                frozen = self.truce["terms"].freeze
                flow = self.flow(side, self.z, self.held, self.truce["terms"])
            self.payoff[side] += weight * flow
        if self.patron:
            self.aid_given += self.a * (1.0 - frozen) * self.y

    def front(self):
        told = self.told
        known = self.ell
        if self.patron:
            towards = 1.0 if self.gets_aid == 0 else -1.0
            known += towards * told.aid.drift_km2_per_week * (self.a_eff - 1.0)
        for j, chip in enumerate(self.chips):
            towards = (1.0, -1.0)[self.holder[j]]
            known += towards * chip.drift_km2_per_week * self.held[j]
        deviate = NORMAL.inv_cdf(self.luck(FRONT_MOVE))
        deviate = -deviate if self.swapped else deviate
        moved = (told.front.drift_km2_per_week + known) * self.y
        moved += self.s * math.sqrt(self.y) * deviate
        self.z += moved
        for side, party in enumerate(self.sides):
            weight = party.belief.learning_weight
            seen = weight * (moved - (self.m[side] + known) * self.y)
            self.n[side] += weight * self.y
            self.m[side] += seen / self.n[side]

    def move_chips(self):
        for j, chip in enumerate(self.chips):
            regime = chip.regimes[self.regime[j]]
            if self.held[j] == 0.0 and regime.gain_per_week == 0.0:
                continue
            stream = 4 * spot(self.chip_names[j])
            if regime.gain_per_week > 0.0:
                self.held[j] += self.per_step(regime.gain_per_week) * (
                    1.0 - self.held[j]
                )
            else:
                self.held[j] *= 1.0 - self.per_step(regime.loss_per_week)
            sigma = regime.volatility_per_week * math.sqrt(self.y)
            shock = sigma * NORMAL.inv_cdf(self.luck(CHIP_MOVE + stream))
            self.held[j] = min(self.held[j] * math.exp(shock - 0.5 * sigma**2), 1.0)
            if self.held[j] < chip.floor and regime.gain_per_week == 0.0:
                self.held[j] = 0.0
            self.switch(j, self.luck(CHIP_SWITCH + stream))
            hazard = self.per_step(chip.capture_per_week)
            if self.luck(CHIP_CAPTURE + stream) < hazard:
                self.held[j] = 0.0

    def switch(self, j, luck):
        rates = self.rates(j, self.regime[j])
        total = sum(rates.values())
        if total == 0.0 or luck >= 1.0 - math.exp(-total):
            return
        at = luck / (1.0 - math.exp(-total)) * total
        for there in self.chips[j].regimes:
            at -= rates.get(there, 0.0)
            if at < 0.0:
                self.regime[j] = there
                return

    def close(self):
        if self.phase == "settled":
            self.pause = max(self.pause, self.steps - self.stopped)
            for side in (0, 1):
                worth = self.own(side, self.z) + sum(self.signed(side, self.held))
                self.payoff[side] += self.d**self.step * worth
        elif self.phase == "truce":
            self.pause = max(self.pause, self.step + 1 - self.stopped)
        self.step += 1
        if self.phase == "war" and not 0.0 < self.z < self.stake:
            self.defeated = 0 if self.z <= 0.0 else 1
            self.phase, self.z = "defeat", min(max(self.z, 0.0), self.stake)
            self.payoff[1 - self.defeated] += self.d**self.step * self.stake
        elif self.step == self.steps and self.phase in ("war", "truce"):
            self.last_evening()

    @property
    def steps(self):
        return math.ceil(self.told.horizon_days / self.told.step_days)

    @property
    def over(self):
        return self.phase in ("settled", "defeat") or self.step >= self.steps

    def last_evening(self):
        """Count what is to come, at the drift that is true and at the true costs."""
        self.m = [self.told.front.drift_km2_per_week] * 2
        for side in (0, 1):
            if self.phase == "war":
                value, fighting = self.fight(side, self.z, self.held, self.ell)
                worth = value - self.c[side] * fighting
            else:
                worth = self.left_of_truce(side)
            self.payoff[side] += self.d**self.step * worth

    def left_of_truce(self, side):
        """Worth of what is left of a truce whose last day is paid."""
        terms, steps = self.truce["terms"], self.duration(self.truce["terms"].name)
        steps = None if steps is None else steps - self.truce["age"]
        end = self.after(self.z, self.held, terms, True, steps)
        surplus = self.at_true_costs(end[5], end[4])
        if surplus <= 0.0:
            end = self.after(self.z, self.held, terms, False, steps)
        value, fighting = end[4][side]
        settled = value - self.c[side] * fighting + self.nu(side) * surplus
        flow = self.flow(side, self.z, self.held, terms)
        value, slope = self.truce_worth(side, flow, end, settled)
        value += slope * self.c[side]
        return (value - (1.0 - self.d) * flow) / self.d
