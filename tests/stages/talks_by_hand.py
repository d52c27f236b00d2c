"""A world by hand: who offers what, who answers how, and what follows from it.

Left out are partial truces, optimal lines and policies, which have tests of their own.
"""

import itertools
import math

import numpy as np

from sim.model.rng import DECISION_NOISE, ONCE, PROPOSER, spot
from tests.stages.by_hand import Morning, Terms

ASKED = {"round", "dated"}
NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


class Talks(Morning):
    """One world and what its parties offer and answer."""

    # ---- talks -----------------------------------------------------------------------

    def plain(self, name):
        """An offer of the menu as its file puts it."""
        offer = self.offers[name]
        line = self.z if isinstance(offer.line, str) else offer.line.held_km2
        back = tuple(offer.hand_back.get(chip, 0.0) for chip in self.chip_names)
        return Terms(
            name,
            line,
            back,
            offer.aid_freeze,
            offer.sanctions_relief,
            offer.monitoring,
        )

    def with_conditions(self, terms, asker, conditions):
        back = list(terms.back)
        if "hand_back" in conditions:
            back = [
                1.0 if self.holder[j] != asker else share
                for j, share in enumerate(back)
            ]
        return terms._replace(
            back=tuple(back),
            freeze=1.0 if "aid_freeze" in conditions else terms.freeze,
            relief=1.0 if "sanctions_relief" in conditions else terms.relief,
            monitoring=max(terms.monitoring, 0.8 * ("monitoring" in conditions)),
        )

    def error(self, side, name):
        tau = self.sides[side].decision_noise_km2
        luck = self.luck(DECISION_NOISE + 2 * spot(name) + self.seat(side), ONCE)
        return tau * math.log(luck / (1.0 - luck))

    def at_own_cost(self, side, gain):
        return gain[0] + gain[1] * self.c[side]

    def likely(self, side, gain):
        """Chance that a side accepts, as the others see it."""
        low, high = self.known[side]
        tau = self.sides[side].decision_noise_km2
        costs = 0.5 * (low + high) + 0.5 * (high - low) * NODES
        at = (gain[0] + gain[1] * costs) / tau
        return float(0.5 * WEIGHTS @ (1.0 / (1.0 + np.exp(-np.clip(at, -700, 700)))))

    def worth_to(self, author, terms):
        """What an offer is worth to who may put it on the table."""
        gains = self.gains(terms, pressed=author == 2)
        if author < 2:
            own = self.at_own_cost(author, gains[author]) + self.error(
                author, terms.name
            )
            return (
                own * self.likely(1 - author, gains[1 - author]) if own > 0.0 else 0.0
            )
        own = self.gain_of_patron(terms)
        return own * math.prod(self.likely(i, gains[i]) for i in (0, 1))

    def gain_of_patron(self, terms):
        supported = self.gets_aid
        nothing = [0.0] * len(self.chips)
        war, _ = self.fight(supported, self.z, nothing, self.ell, 0.5 * sum(self.m))
        patron = self.patron
        flow = patron.cost_while_war_km2 + patron.aid_cost_km2 * self.a * terms.freeze
        flow += patron.value_per_km2 * (self.own(supported, terms.line) - war)
        flow -= patron.sanctions_relief_cost_km2 * terms.relief
        return (1.0 - self.d) * self.value(terms)[2] * flow

    def means(self, name):
        """Terms of an offer as far as they make a difference today."""
        told = self.offers[name]
        back = tuple(
            told.hand_back.get(chip, 0.0) * (k > 0.0)
            for chip, k in zip(self.chip_names, self.held, strict=True)
        )
        return told.model_copy(update={"hand_back": back, "offered_by": ()})

    def may_propose(self, author, name):
        if (*self.names, self.told.patron)[author] not in self.offers[name].offered_by:
            return False
        refused = (other for other, until in self.blocked.items() if until > self.step)
        return all(self.means(name) != self.means(other) for other in refused)

    def drawn_proposer(self):
        weights = self.told.negotiation.proposer_weights
        by_seat = [weights.get(name, 0.0) for name in (*self.names, self.told.patron)]
        some = [seat for seat, weight in enumerate(by_seat) if weight > 0.0]
        if len(some) == 1:
            return some[0]
        rest = sum(by_seat) * self.luck(PROPOSER)
        for seat in map(self.seat, (0, 1)):
            rest -= by_seat[seat]
            if rest < 0.0:
                return seat
        return 2

    def since_start(self, day):
        return math.ceil((day - self.told.start_date).days / self.told.step_days)

    def agenda(self, dated):
        """What the day is about: a pair of its kind and the terms on the table."""
        talks, step_days = self.told.negotiation, self.told.step_days
        since = self.step - self.since_start(talks.first_round)
        if since >= 0 and since % (talks.round_every_days // step_days) == 0:
            self.waits = True
        if self.truce and self.truce["runs_out"]:
            return "extension"
        if self.phase != "war":
            self.waits = False
            return None
        if dated:
            self.waits = False
            self.author = (*self.names, self.told.patron).index(dated.by)
            self.terms, self.asker = self.plain(dated.offer), None
            return "dated"
        for side in map(self.seat, (0, 1)):
            if self.counter[side] and self.counter[side][0] <= self.step:
                _, terms, conditions = self.counter[side]
                self.counter[side] = None
                if isinstance(self.offers[terms.name].line, str):
                    terms = terms._replace(line=self.z)
                terms = self.with_conditions(terms, side, conditions)
                self.terms, self.author, self.asker = terms, side, side
                return "counter"
        if not self.waits:
            return None
        self.waits = False
        self.author, self.asker = self.drawn_proposer(), None
        best = 0.0
        for name in self.offers:
            if self.may_propose(self.author, name):
                worth = self.worth_to(self.author, self.plain(name))
                if worth > best:
                    best, self.terms = worth, self.plain(name)
        return "round" if best > 0.0 else None

    def answers(self, kind):
        """Answers by side: True, False, or conditions; a bound author is left out."""
        pressed = kind in ASKED and self.author == 2
        gains = self.gains(self.terms, pressed)
        found = {}
        for side in (0, 1):
            if side == self.author and kind != "extension":
                continue
            noise = self.error(side, self.terms.name)
            found[side] = bool(self.at_own_cost(side, gains[side]) + noise >= 0.0)
            if not found[side] and kind in ASKED:
                found[side] = self.enough(side, noise)
        return found, gains

    def enough(self, side, noise):
        """The conditions that a side names so as to accept, or False."""
        best, chosen = -1.0, False
        own = self.sides[side].conditions
        sets = [s for n in range(1, 5) for s in itertools.combinations(own, n)]
        for conditions in sets:  # the smallest first
            terms = self.with_conditions(self.terms, side, conditions)
            if any(self.gives(one, side) for one in conditions):
                continue
            gains = self.gains(terms)
            if self.at_own_cost(side, gains[side]) + noise >= 0.0:
                chance = self.likely(1 - side, gains[1 - side])
                if chance > best:
                    best, chosen = chance, conditions
        return chosen

    def gives(self, condition, side):
        """Whether the offer gives anyway what a condition asks for."""
        kept = self.kept(self.terms)
        theirs = [kept[j] for j in range(len(kept)) if self.holder[j] != side]
        return {
            "hand_back": not any(theirs),
            "aid_freeze": self.terms.freeze == 1.0,
            "sanctions_relief": self.terms.relief == 1.0,
            "monitoring": False,
        }[condition]

    def learn_from(self, side, gain, accepted):
        """Cut the interval of a side's cost to what its answer leaves."""
        low, high = self.known[side]
        first = self.sides[side].cost_of_war_km2.private
        width, (at_none, slope) = first[1] - first[0], gain
        if width <= 0.0 or slope == 0.0:
            return
        edge = -at_none / slope
        slack = 2.0 * self.sides[side].decision_noise_km2 / abs(slope)
        if accepted == (slope > 0.0):
            low = min(max(low, edge - slack), max(low, high - 0.1 * width))
        else:
            high = max(min(high, edge + slack), min(high, low + 0.1 * width))
        self.known[side] = [low, high]

    def talk(self, dated):
        kind = self.agenda(dated)
        if kind is None:
            return
        answers, gains = self.answers(kind)
        talks, step_days = self.told.negotiation, self.told.step_days
        for side, answer in answers.items():
            self.learn_from(side, gains[side], answer is True)
            if answer is True:
                continue
            self.refusals[side] += 1
            if kind != "counter":
                wait = math.ceil(talks.repeat_after_days / step_days)
                self.blocked[self.terms.name] = self.step + wait
            if answer:
                wait = math.ceil(talks.counter_after_days / step_days)
                self.counter[side] = self.step + wait, self.terms, answer
        if all(answer is True for answer in answers.values()):
            self.sign(kind)
        elif kind == "extension":
            self.counts["expired"] += 1
            self.truce = self.stopped = None

    def sign(self, kind):
        self.held, self.z = self.kept(self.terms), self.terms.line
        self.phase, self.counter = "truce", [None, None]
        if kind == "extension":
            self.counts["extended"] += 1
            self.truce |= {"age": 0, "runs_out": False}
            return
        self.truce = {
            "terms": self.terms,
            "author": self.author,
            "age": 0,
            "runs_out": False,
        }
        self.stopped = self.step
        self.first = self.step if self.first is None else self.first
