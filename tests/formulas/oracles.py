"""Twins of the formulas that share no code with `sim/`.

First the model as it is written on paper: the odds of a front to sixty digits, the
value of a war, and all that a scenario with one chip says about its first morning. Then
brute force: a front solved on a grid, a war lived step by step, bargaining iterated
round by round, a truce worked out from its end.

A front drifts by `drift` km2 a week towards victory and has a spread of `volatility`
km2 in a week; the own side holds `held` of the `stake`. A step takes `weeks`.
"""

import math
from decimal import Decimal, localcontext

import numpy as np
from scipy.linalg import solve_banded
from scipy.special import ndtr

# ---- on paper ------------------------------------------------------------------------


def odds(drift, volatility, rate, held, stake):
    """Discounted odds of winning and of losing, from the roots of the front's equation.

    e^(r z) solves s^2 f''/2 + mu f' = rho f for two numbers r; the odds are the
    mixtures of both that are 1 at one end and 0 at the other.
    """
    with localcontext() as context:
        context.prec, context.Emax, context.Emin = 60, 10**15, -(10**15)
        mu, s, rho, z, whole = map(Decimal, (drift, volatility, rate, held, stake))
        root = (mu * mu + 2 * rho * s * s).sqrt()
        up, down = (root - mu) / (s * s), (-root - mu) / (s * s)
        at_end = (up * whole).exp() - (down * whole).exp()
        won = ((up * z).exp() - (down * z).exp()) / at_end
        left = z - whole
        lost = ((down * left).exp() - (up * left).exp()) / at_end
        lost *= ((up + down) * whole).exp()
        return float(won), float(lost)


def discount_of(discount, weeks):
    """Discount of a step, and the rate per week."""
    return discount**weeks, -math.log(discount)


def chip_held(loss, switch_chance, discount):
    """Discounted time a chip is held from each regime, in a war without end.

    `loss[r]` is the chance per period of losing it in regime r, `switch_chance[r][s]`
    the chance to be in s after a period that began in r.
    """
    n = len(loss)
    kept = discount * (1 - np.asarray(loss))[:, None] * np.asarray(switch_chance)
    return np.linalg.solve(np.eye(n) - kept, np.full(n, 1 - discount))


def chance_of_settlement(surplus, first, second):
    """P+ case by case: both costs known, one of them private, or both."""
    a, b = max(first, second), min(first, second)
    if abs(surplus) >= a + b:
        return 1.0 if surplus > 0 else 0.0
    if abs(surplus) <= a - b:
        return 0.5 + surplus / (2 * a)
    tail = (a + b - abs(surplus)) ** 2 / (8 * a * b)
    return 1 - tail if surplus > 0 else tail


class Morning:
    """The first morning of a war with a patron of U and one chip, held by U.

    `case` is a mapping with the numbers of a scenario by the letters of the model;
    pairs are (U, R). Costs are those in the middle of their intervals.
    """

    def __init__(self, case, days):
        self.case, self.y = case, days / 7
        self.d, self.rho = discount_of(case["d"], self.y)
        self.lam = self.loss_hazard()
        self.war = [self.value_of_war(i, case["z"], case["K"], 0.0) for i in (0, 1)]
        self.surplus = self.surplus_of(self.war, case["K"])

    def loss_hazard(self):
        """lam_eff: the hazard that holds the chip as long as its regimes do."""
        case, n = self.case, len(self.case["loss"])
        loss = [1 - (1 - x) ** self.y for x in case["loss"]]
        chances = np.zeros((n, n))
        for here, rates in enumerate(case["switch"]):
            total = sum(rates) * self.y
            for there, rate in enumerate(rates):
                if rate > 0:
                    part = rate * self.y / total
                    chances[here, there] = part * (1 - math.exp(-total))
            chances[here, here] = 1 - chances[here].sum()
        held = chip_held(loss, chances, self.d)[case["regime"]]
        return (1 - self.d) / self.d * (1 / held - 1)

    def drift(self, i, chip, shift):
        """mu_i, towards U."""
        case, d = self.case, self.d

        def mean(now, later, hazard):
            weight = (1 - d) / (1 - d * (1 - hazard))
            return weight * now + (1 - weight) * later

        revert = 1 - (1 - case["revert"]) ** self.y
        aid = mean(case["a"], case["a_inf"], revert)
        return (
            case["m"][i]
            + case["A"] * (aid - 1)
            + case["B"] * mean(chip, 0.0, self.lam)
            + shift
        )

    def odds(self, i, line, chip, shift, rate=None):
        """psi and phi of side i."""
        stake, s = self.case["L"], self.case["s"]
        mu = self.drift(i, chip, shift)
        own = line
        if i == 1:
            mu, own = -mu, stake - line
        return odds(mu, s, self.rho if rate is None else rate, own, stake)

    def chip_time(self, i, line, chip, shift):
        """A_j: discounted time the chip is held while the war goes on."""
        rate = self.rho - math.log(1 - self.lam) / self.y
        endless = (1 - self.d) / (1 - self.d * (1 - self.lam))
        return endless * (1 - sum(self.odds(i, line, chip, shift, rate)))

    def fighting(self, i, line, chip, shift):
        """1 - psi - phi, by which a cost of war counts."""
        return 1 - sum(self.odds(i, line, chip, shift))

    def value_of_war(self, i, line, chip, shift):
        case, stake, omega = self.case, self.case["L"], self.case["omega"]
        psi, phi = self.odds(i, line, chip, shift)
        mu = self.drift(i, chip, shift) * (1 if i == 0 else -1)
        own = line if i == 0 else stake - line
        gain = omega * mu * self.y * self.d / (1 - self.d)
        worth = (1 if i == 0 else -1) * case["v"][i] * chip
        return (
            omega * own
            + gain
            + (stake - omega * stake - gain) * psi
            - gain * phi
            - case["c"][i] * (1 - psi - phi)
            + worth * self.chip_time(i, line, chip, shift)
        )

    def surplus_of(self, wars, chip):
        better_kept = max(0.0, self.case["v"][0] - self.case["v"][1])
        return self.case["L"] + better_kept * chip - sum(wars)

    def reservation(self, i):
        case = self.case
        lost = sum(case["c"]) + (1 - case["omega"]) * case["L"]
        per_round = 1 - case["d"] ** (case["round_days"] / 7)
        shared = max(0.0, self.surplus - per_round * lost)
        return self.war[i] + case["alpha"][i] * shared

    def offer(self, terms):
        """Values to both, gains over R, and P+; `terms` by the letters of the model."""
        case, stake = self.case, self.case["L"]
        line, chip = terms.get("x", case["z"]), case["K"] * (1 - terms.get("back", 0))
        frozen, relief = terms.get("f", 0), terms.get("g", 0)
        flow = [
            line + case["v"][0] * chip - case["kap_f"] * frozen,
            stake - line - case["v"][1] * chip + case["gam"] * relief,
        ]
        if chip > 0:
            flow[1] -= case["T_R"]
        weekly = case["h0"] * math.exp(-case["beta_m"] * terms["mon"])
        branches = []
        for pi in (case["pi"], 0.0):
            leave = 1 - (1 - weekly - pi) ** self.y
            broken, settled = (leave * x / (weekly + pi) for x in (weekly, pi))
            kept, days = self.d * (1 - leave), terms["days"]
            if days is None:
                annuity, end, length = 1 / (1 - kept), 0.0, 1 / leave
            else:
                steps = days / 7 / self.y
                end = kept**steps
                annuity = (1 - end) / (1 - kept)
                length = (1 - (1 - leave) ** steps) / leave
            shift = (case["g"][0] * (1 - frozen) - case["g"][1]) * self.y * length
            after = [self.value_of_war(i, line, chip, shift) for i in (0, 1)]
            surplus = self.surplus_of(after, chip)
            branches.append((broken, settled, annuity, end, after, surplus, shift))
        broken, settled, annuity, end, after, surplus, shift = branches[0]
        chance = chance_of_settlement(
            surplus,
            *(case["half"][i] * self.fighting(i, line, chip, shift) for i in (0, 1)),
        )
        alpha = case["alpha"]
        nu = alpha[0] / sum(alpha) if sum(alpha) > 0 else 0.5
        values = []
        for i, part in enumerate((nu, 1 - nu)):
            total = 0.0
            for weight, branch in zip((chance, 1 - chance), branches, strict=True):
                broken, settled, annuity, end, after, surplus, _ = branch
                again = after[i] + alpha[i] * max(0.0, surplus)
                bargain = after[i] + part * surplus
                total += weight * (
                    flow[i] * (1 - self.d) * annuity
                    + self.d * (broken * again + settled * bargain) * annuity
                    + end * again
                )
            values.append(total)
        gains = [values[i] - self.reservation(i) for i in (0, 1)]
        return values, gains, chance


# ---- by brute force ------------------------------------------------------------------


def on_a_grid(drift, volatility, rate, stake, flow, ends, points=1000):
    """Solution of s^2 f''/2 + mu f' - rho f + flow = 0 with f given at both ends.

    `flow` is that at each of `points` + 1 lines. Two grids, the error of order step^2
    removed; an array with the values on the coarse one.
    """

    def solved(n):
        step = stake / n
        spread, pull = volatility**2 / 2 / step**2, drift / 2 / step
        bands = np.zeros((3, n - 1))
        bands[0, 1:] = spread + pull
        bands[1] = -2 * spread - rate
        bands[2, :-1] = spread - pull
        right = -np.interp(np.arange(1, n) / n, np.arange(points + 1) / points, flow)
        right[0] -= (spread - pull) * ends[0]
        right[-1] -= (spread + pull) * ends[1]
        inner = solve_banded((1, 1), bands, right)
        return np.concatenate([[ends[0]], inner, [ends[1]]])

    coarse, fine = solved(points), solved(2 * points)[::2]
    return fine + (fine - coarse) / 3


class Steps:
    """A war lived step by step: the line jumps, and is looked at after each jump.

    The stake is cut into `cells`; of each jump it is exact how likely it ends in which
    cell, so only where in a cell it ends is forgotten.
    """

    def __init__(self, drift, volatility, weeks, stake, cells=400):
        self.mean, self.spread = drift * weeks, volatility * math.sqrt(weeks)
        self.edges = np.linspace(0.0, stake, cells + 1)
        self.lines = (self.edges[1:] + self.edges[:-1]) / 2
        self.moves, self.wins, self.losses = self.from_lines(self.lines)

    def from_lines(self, lines):
        """Chances to land in each cell, to win and to lose, from each of some lines."""
        aim = np.asarray(lines, float)[:, None] + self.mean
        below = ndtr((self.edges - aim) / self.spread)
        return np.diff(below, axis=1), 1 - below[:, -1], below[:, 0]

    def value(self, held, discount, pay=0.0, won=0.0, lost=0.0):
        """What is paid on each step of war, and at its end, discounted, from `held`.

        `pay` is a number or a function of the line.
        """

        def of(lines):
            return pay(lines) if callable(pay) else np.full(len(lines), pay)

        inside = np.eye(self.lines.size) - discount * self.moves
        at_end = self.wins * won + self.losses * lost
        values = np.linalg.solve(inside, of(self.lines) + discount * at_end)
        moves, wins, losses = self.from_lines([held])
        ahead = moves @ values + wins * won + losses * lost
        return float((of(np.array([held])) + discount * ahead)[0])

    def chip_time(self, held, discount, loss, switch_chance):
        """Discounted time a chip is held, from each regime, in a war that may end."""
        n = len(loss)
        kept = (1 - np.asarray(loss, float))[:, None] * np.asarray(switch_chance, float)
        paid = np.full(n * self.lines.size, 1 - discount)
        moves = np.kron(kept, self.moves)
        times = np.linalg.solve(np.eye(paid.size) - discount * moves, paid)
        ahead = times.reshape(n, -1) @ self.from_lines([held])[0][0]
        return 1 - discount + discount * kept @ ahead


def random_proposers(steps, discount, flows, stake, weights, periods=1):
    """Values of rounds of bargaining in war: (V, V', R, R') at each line, by iteration.

    In a round side i proposes with chance `weights[i]`. The other accepts what is
    worth refusing to it, R, or more. The proposer offers just that if the rest is
    worth more to it than its own R; otherwise there is no deal. Then `periods` of war
    follow, and another round. `flows` are those of both sides at each line.
    """
    won, lost = discount * stake * steps.wins, discount * stake * steps.losses

    def refused(values):
        for _ in range(periods):
            values = [
                (1 - discount) * flow + discount * steps.moves @ value + end
                for flow, value, end in zip(flows, values, (won, lost), strict=True)
            ]
        return values

    def one_more_round(values):
        least, other_least = refused(values)
        deal = stake - other_least >= least
        proposing = np.where(deal, stake - other_least, least)
        other_proposing = np.where(deal, stake - least, other_least)
        return np.array(
            [
                weights[0] * proposing + (1 - weights[0]) * least,
                weights[1] * other_proposing + (1 - weights[1]) * other_least,
            ]
        )

    shrinks = discount**periods
    values = np.full((2, steps.lines.size), 0.5 * stake)
    while True:
        after = one_more_round(values)
        change = abs(after - values).max()
        values = after
        # a change of eps leaves at most eps shrinks/(1 - shrinks) to go (Banach)
        if change * shrinks <= 1e-11 * stake * (1 - shrinks):
            return *values, *refused(values)


def truce(flow, war_after, settlement, breakdown, settling, discount, duration):
    """Value of a truce of whole periods, day by day from its end."""
    value = war_after
    for _ in range(duration):
        end = breakdown * war_after + settling * settlement
        value = (1 - discount) * flow + discount * (
            end + (1 - breakdown - settling) * value
        )
    return value


def share_of_square(surplus, first, second):
    """Share of the square [-1, 1]^2 on which surplus + first u + second v > 0.

    The square is cut along the line where that is 0, and what is left is measured.
    """
    corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]

    def height(point):
        return surplus + first * point[0] + second * point[1]

    left = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        low, high = height(here), height(there)
        if low > 0:
            left.append(here)
        if (low > 0) != (high > 0):
            part = low / (low - high)
            between = zip(here, there, strict=True)
            left.append(tuple(a + part * (b - a) for a, b in between))
    twice = sum(
        a[0] * b[1] - b[0] * a[1]
        for a, b in zip(left, left[1:] + left[:1], strict=True)
    )
    return twice / 8
