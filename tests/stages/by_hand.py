"""A world by hand: its state, and what war and offers are worth in it.

This is the text of the model once more, in plain Python: it shares no formula with
`sim/`, only the luck of an address. It takes a scenario as a file puts it, in weeks,
and turns it into steps by itself. Talks are in `talks_by_hand`, days in
`days_by_hand`.
"""

import math
from typing import NamedTuple

import numpy as np

from sim.model.rng import COST, ONCE, uniform


def odds(drift, spread, rate, held, stake):
    """(psi, phi) of a line that drifts and shakes, in hyperbolic sines."""
    if spread == 0.0:  # it moves by drift alone, or not at all
        psi = math.exp(-rate * (stake - held) / drift) if drift > 0.0 else 0.0
        phi = math.exp(rate * held / drift) if drift < 0.0 else 0.0
        return psi, phi
    k = math.sqrt(drift**2 + 2.0 * rate * spread**2) / spread**2
    tilt = drift / spread**2

    def log_sinh(x):
        return x + math.log(-math.expm1(-2.0 * x)) - math.log(2.0)

    left = stake - held
    whole = log_sinh(k * stake)
    psi = math.exp(tilt * left + log_sinh(k * held) - whole) if held > 0.0 else 0.0
    phi = math.exp(-tilt * held + log_sinh(k * left) - whole) if left > 0.0 else 0.0
    return psi, phi


def chance_above_zero(middle, a, b):
    """Pr(middle + a u + b v > 0), u and v uniform on [-1, 1], by a double integral."""
    if a == 0.0:
        a, b = b, a
    if a == 0.0:
        return 1.0 if middle > 0.0 else 0.0

    def area(t):  # of a share that rises from 0 at 0 to 1 at 1
        return 0.0 if t < 0.0 else 0.5 * t * t if t < 1.0 else t - 0.5

    def share(at):
        return (at + a) / (2.0 * a)

    if b == 0.0:
        return min(max(share(middle), 0.0), 1.0)
    return (area(share(middle + b)) - area(share(middle - b))) * a / b


class Terms(NamedTuple):
    """An offer as it lies on the table, its conditions included."""

    name: str
    line: float
    back: tuple  # share of each chip
    freeze: float
    relief: float
    monitoring: float


class Morning:
    """One world as its parties see it: its scenario in steps, its state, all values."""

    beyond = 0.0  # an end of the front, in km2, when a defeat is seen: none, at once

    def __init__(self, told, seed=0, replicate=0):
        self.told, self.address = told, (seed, replicate)
        self.y = told.step_days / 7.0
        self.d = told.discount_factor_per_week**self.y
        self.rho = -math.log(told.discount_factor_per_week)
        self.omega, self.stake = told.territory_flow, told.front.stake_km2
        self.s = told.front.volatility_km2_per_week
        self.names = told.sides
        self.sides = [told.parties[name] for name in self.names]
        self.patron = told.parties.get(told.patron or "")
        self.gets_aid = self.names.index(self.patron.supports) if self.patron else None
        self.swapped = self.names[0] < self.names[1]
        self.chips = list(told.chips.values())
        self.chip_names = list(told.chips)
        self.holder = [self.names.index(chip.holder) for chip in self.chips]
        self.offers = told.negotiation.offers
        self.begin()

    # ---- state -----------------------------------------------------------------------

    def begin(self):
        told = self.told
        self.step, self.phase = 0, "war"
        self.z = told.front.held_km2
        self.held = [chip.size / chip.full for chip in self.chips]
        self.regime = [chip.regime for chip in self.chips]
        self.a = self.a_eff = told.aid.level if self.patron else 1.0
        self.ell = 0.0
        self.m = [side.belief.drift_km2_per_week for side in self.sides]
        self.n = [side.belief.weight_weeks for side in self.sides]
        self.known = [list(side.cost_of_war_km2.private) for side in self.sides]
        self.c = [
            low + (high - low) * self.luck(COST + self.seat(i), ONCE)
            for i, (low, high) in enumerate(self.known)
        ]
        self.audience = [side.audience_cost_km2 for side in self.sides]
        self.counter = [None, None]
        self.blocked, self.waits = {}, False
        self.terms = self.author = self.asker = None
        self.truce = None
        self.payoff, self.aid_given = [0.0, 0.0], 0.0
        self.counts = dict.fromkeys(("broken", "expired", "extended"), 0)
        self.refusals, self.defeated = [0, 0], None
        self.stopped = self.first = None
        self.pause = 0

    def luck(self, stream, step=None):
        at = self.step if step is None else step
        return uniform(*self.address, at, int(stream))

    def seat(self, side):
        """Luck goes by names: which side the file calls first changes nothing."""
        return 1 - side if self.swapped else side

    # ---- what fighting is worth ------------------------------------------------------

    def per_step(self, weekly):
        return 1.0 - (1.0 - weekly) ** self.y

    def rates(self, j, here):
        """Rates per step of leaving a regime, by regime."""
        chip = self.chips[j]
        found = {}
        for there, rate in chip.regimes[here].switch_per_week.items():
            worse = chip.regimes[there].loss_per_week > chip.regimes[here].loss_per_week
            push = chip.switch_on_aid_cut * (1.0 - self.a_eff)
            found[there] = rate * self.y * math.exp(push if worse else -push)
        return found

    def lam_eff(self, j):
        """Hazard of losing a chip that stands for all its regimes, by regime."""
        chip = self.chips[j]
        names = list(chip.regimes)
        kept = np.zeros((len(names), len(names)))
        for r, here in enumerate(names):
            rates = self.rates(j, here)
            total = sum(rates.values())
            stay = 1.0 - self.per_step(chip.regimes[here].loss_per_week)
            stay *= 1.0 - self.per_step(chip.capture_per_week)
            kept[r, r] += self.d * stay * math.exp(-total)
            for there, rate in rates.items():
                if total > 0.0:
                    leave = (1.0 - math.exp(-total)) * rate / total
                    kept[r, names.index(there)] += self.d * stay * leave
        held = np.linalg.solve(
            np.eye(len(names)) - kept, np.full(len(names), 1 - self.d)
        )
        hazards = (1.0 - self.d) / self.d * (1.0 / held - 1.0)
        return dict(zip(names, hazards, strict=True))

    def mean_of(self, now, later, hazard):
        """Discount-weighted mean of what jumps once, with a hazard per step."""
        now_counts = (1.0 - self.d) / (1.0 - self.d * (1.0 - hazard))
        return now_counts * now + (1.0 - now_counts) * later

    def drift(self, belief, sizes, ell):
        """Drift towards side 0 that a side expects in a long war."""
        aid, total = self.told.aid, belief + ell
        if self.patron:
            hazard = self.per_step(aid.revert_per_week)
            mean = self.mean_of(self.a_eff, aid.long_run_level, hazard)
            towards = 1.0 if self.gets_aid == 0 else -1.0
            total += towards * aid.drift_km2_per_week * (mean - 1.0)
        for j, chip in enumerate(self.chips):
            mean = self.mean_of(sizes[j], 0.0, self.lam_eff(j)[self.regime[j]])
            total += (1.0, -1.0)[self.holder[j]] * chip.drift_km2_per_week * mean
        return total

    def own(self, side, line):
        return line if side == 0 else self.stake - line

    def signed(self, side, sizes):
        """Worth of all chips to a side, chip by chip."""
        return [
            (1.0 if self.holder[j] == side else -1.0)
            * chip.value_km2[self.names[side]]
            * sizes[j]
            for j, chip in enumerate(self.chips)
        ]

    def ends(self, drift, held, rate):
        """(psi, phi) of a war from the part of the stake that a side holds."""
        stake = self.stake + 2.0 * self.beyond
        return odds(drift, self.s, rate, held + self.beyond, stake)

    def fight(self, side, line, sizes, ell, belief=None):
        """Value of war at no cost, and 1 - psi - phi by which the cost counts."""
        mu = self.drift(self.m[side] if belief is None else belief, sizes, ell)
        mu = mu if side == 0 else -mu
        held, d = self.own(side, line), self.d
        psi, phi = self.ends(mu, held, self.rho)
        gain = self.omega * mu * self.y * d / (1.0 - d)
        value = self.omega * held + gain
        value += (self.stake - self.omega * (self.stake + self.beyond) - gain) * psi
        value -= (gain - self.omega * self.beyond) * phi
        for j, worth in enumerate(self.signed(side, sizes)):
            lam = self.lam_eff(j)[self.regime[j]]
            rate = self.rho - math.log(max(1.0 - lam, 1e-300)) / self.y
            early = sum(self.ends(mu, held, rate))
            value += worth * (1.0 - d) / (1.0 - d * (1.0 - lam)) * (1.0 - early)
        return value, 1.0 - psi - phi

    def expected_cost(self, side):
        return 0.5 * sum(self.known[side])

    def surplus(self, sizes, wars):
        """S at the means of both costs; `wars` are values and 1 - psi - phi."""
        total = self.stake
        for j, chip in enumerate(self.chips):
            holder = self.names[self.holder[j]]
            other = self.names[1 - self.holder[j]]
            total += max(0.0, chip.value_km2[holder] - chip.value_km2[other]) * sizes[j]
        for side, (value, fighting) in enumerate(wars):
            total -= value - self.expected_cost(side) * fighting
        return total

    def alpha(self, side):
        return self.sides[side].bargaining_weight

    def nu(self, side):
        total = self.alpha(0) + self.alpha(1)
        return self.alpha(side) / total if total > 0.0 else 0.5

    def least(self):
        """R of both sides: at no cost of war, and its slope in the own cost."""
        wars = [self.fight(i, self.z, self.held, self.ell) for i in (0, 1)]
        every = self.told.negotiation.round_every_days // self.told.step_days
        lost = sum(map(self.expected_cost, (0, 1))) + (1.0 - self.omega) * self.stake
        left = max(0.0, self.surplus(self.held, wars) - (1.0 - self.d**every) * lost)
        return [
            (value + self.alpha(i) * left, -fighting)
            for i, (value, fighting) in enumerate(wars)
        ]

    # ---- what an offer is worth ------------------------------------------------------

    def exits(self, monitoring, settles):
        """Chances per step of a break-down and of talks that come to an end."""
        truce = self.told.truce
        pressure = self.patron.pressure if self.patron else 0.0
        effect = truce.pressure_effect * pressure - truce.monitoring_effect * monitoring
        z = min(1.0, truce.breakdown_per_week * math.exp(effect))
        pi = truce.settlement_per_week if settles else 0.0
        if z + pi == 0.0:
            return 0.0, 0.0
        leave = self.per_step(z + pi)
        return leave * z / (z + pi), leave * pi / (z + pi)

    def duration(self, name):
        days = self.offers[name].duration_days
        return None if days is None else days / self.told.step_days

    def lasting(self, leave, steps):
        """n, b^D and the mean length of a truce of so many steps."""
        b = self.d * (1.0 - leave)
        if steps is None:
            return 1.0 / (1.0 - b), 0.0, 1.0 / leave if leave > 0.0 else 0.0
        length = (1.0 - (1.0 - leave) ** steps) / leave if leave > 0.0 else steps
        return (1.0 - b**steps) / (1.0 - b), b**steps, length

    def arming(self, freeze):
        """Drift towards side 0 that a step of truce adds."""
        speed = [side.rearmament_km2_per_week * self.y for side in self.sides]
        if self.gets_aid is not None:
            speed[self.gets_aid] *= 1.0 - freeze
        return speed[0] - speed[1]

    def flow(self, side, line, sizes, terms):
        """y of a truce on a line, with these chips."""
        held, party = self.own(side, line), self.sides[side]
        total = held + sum(self.signed(side, sizes))
        kept_by_other = any(
            sizes[j] > 0.0 and self.holder[j] != side for j in range(len(sizes))
        )
        claimed = party.claimed_km2
        if kept_by_other or (claimed is not None and held < claimed):
            total -= self.audience[side]
        if side == self.gets_aid:
            total -= party.aid_freeze_cost_km2 * terms.freeze
        elif self.patron:
            total += party.sanctions_relief_value_km2 * terms.relief
        return total

    def after(self, line, sizes, terms, settles, steps):
        """Both exits, n, b^D, the wars after the truce and their surplus S'."""
        z, pi = self.exits(terms.monitoring, settles)
        n, end, length = self.lasting(z + pi, steps)
        ell = self.ell + self.arming(terms.freeze) * length
        wars = [self.fight(i, line, sizes, ell) for i in (0, 1)]
        return z, pi, n, end, wars, self.surplus(sizes, wars)

    def ends_of(self, line, sizes, terms, steps):
        """How a truce may end, each with its chance: with a settlement, or without."""
        chance = 0.0
        if self.told.truce.settlement_per_week > 0.0:
            settling = self.after(line, sizes, terms, True, steps)
            spread = [
                0.5 * (self.known[i][1] - self.known[i][0]) * settling[4][i][1]
                for i in (0, 1)
            ]
            chance = chance_above_zero(settling[5], *spread)
            yield chance, settling
        yield 1.0 - chance, self.after(line, sizes, terms, False, steps)

    def truce_worth(self, side, flow, end, settled):
        """Value of a truce at no own cost of war, and its slope."""
        z, pi, n, last, wars, surplus = end
        value, fighting = wars[side]
        war = value + self.alpha(side) * max(0.0, surplus)
        again = self.d * z * n + last
        worth = (1.0 - self.d) * n * flow + again * war + self.d * pi * n * settled
        return worth, -again * fighting

    def settlement(self, side, end):
        """V at the means of both costs, however small S' is there."""
        value, fighting = end[4][side]
        return value - self.expected_cost(side) * fighting + self.nu(side) * end[5]

    def kept(self, terms):
        return [k * (1.0 - back) for k, back in zip(self.held, terms.back, strict=True)]

    def value(self, terms):
        """P of both sides, each with its slope, P+, and the expected n."""
        sizes, steps = self.kept(terms), self.duration(terms.name)
        found, chance, time = [[0.0, 0.0], [0.0, 0.0]], 0.0, 0.0
        for weight, end in self.ends_of(terms.line, sizes, terms, steps):
            time += weight * end[2]
            chance = weight if end[1] > 0.0 else chance
            for side in (0, 1):
                flow = self.flow(side, terms.line, sizes, terms)
                settled = self.settlement(side, end)
                value, slope = self.truce_worth(side, flow, end, settled)
                found[side][0] += weight * value
                found[side][1] += weight * slope
        return found, chance, time

    def gains(self, terms, pressed=False):
        """P - R of both sides: at no own cost of war, and its slope."""
        price = 0.0
        if pressed:
            price = self.patron.pressure * self.patron.price_of_refusal_km2
        return [
            (value[0] - least[0] + price, value[1] - least[1])
            for value, least in zip(self.value(terms)[0], self.least(), strict=True)
        ]
