"""Policies: how a party answers an offer, and what it proposes.

A policy decides and changes nothing: it reads what its party's view shows and
returns an answer or an offer, which the model applies. To write another one, derive
from `BestResponse` and override `answer` or `propose`; docs/how-to-write-a-policy.md
shows one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from sim.errors import PolicyError
from sim.model import state, wrappers
from sim.model.events import areas_km2, at_own_cost, named_conditions, snapshot
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.labels import CONDITION_BITS, Labels
from sim.model.stages.menu import may_propose
from sim.model.state import SIDES
from sim.scenario.arguments import by_name, shortly
from sim.scenario.references import did_you_mean

Answer: TypeAlias = tuple[int, int]
"""Code of an answer and, for ON_CONDITIONS, the conditions as bits."""


@dataclass(frozen=True)
class PartyView:
    """What a party sees when it decides, and the words it decides with.

    Parties, offers, chips and conditions go by their names in the scenario; worth is in
    km2. `params`, `world` and `table`, arrays of shape (1,) of the dtypes in
    `sim.model.state`, hold everything else. Nothing here may be written to.
    """

    seat: int
    params: Any
    world: Any
    table: Any
    labels: Labels

    # ---- who and when ----------------------------------------------------------------

    @property
    def me(self) -> str:
        """The party whose view this is."""
        return self.labels.parties[self.seat]

    @property
    def day(self) -> int:
        """Today, counted from 0."""
        return self.labels.day(int(self.world["step"][0]))

    @property
    def date(self) -> date:
        """Today's date."""
        return self.labels.date(int(self.world["step"][0]))

    # ---- how the war stands ----------------------------------------------------------

    @property
    def held_km2(self) -> float:
        """Part of the stake that this side holds, km2."""
        held = float(self.world["line"][0])
        return held if self._side() == 0 else float(self.params["stake"][0]) - held

    @property
    def chips_km2(self) -> dict[str, float]:
        """Size of each chip held outside the stake, in its unit: km2 for land."""
        return areas_km2(self.labels, self.world[0])

    def reservation_value(self) -> float:
        """Least this side accepts, km2."""
        return self._at_own_cost("reservation", "reservation_slope")

    # ---- answering the offer on the table --------------------------------------------

    @property
    def offer(self) -> str | None:
        """The offer on the table; None if there is none."""
        return self.labels.offer(int(self.world["offer"][0]))

    @property
    def author(self) -> str | None:
        """Who made it, or extends the truce that ends today; None before a round."""
        return self.labels.party(int(self.world["author"][0]))

    @property
    def is_extension(self) -> bool:
        """Whether the question is to extend a truce that ends today."""
        return bool(self.world["business"][0] == state.EXTENSION)

    def gain(self) -> float:
        """Gain from the offer on the table over fighting on, without decision noise."""
        return self._at_own_cost("put_gain", "put_slope")

    def noise(self, offer: str | None = None) -> float:
        """Error of judgement that best response adds to a gain.

        About the offer on the table, or about one of the menu; a patron has none.
        """
        if offer is None:
            return float(self.table["noise"][0, self._side()])
        index, seat = self._index(offer), self.seat
        if seat >= SIDES:
            return 0.0
        table = snapshot(self.table)  # where it may be drawn
        return float(wrappers.error_of(self.params, self.world, table, index, seat))

    def aspiration(self) -> float:
        """Gain below which this side refuses, by the scenario's policy."""
        return float(self.table["aspiration"][0, self._side()])

    @property
    def conditions(self) -> tuple[str, ...]:
        """Conditions that this side may name today: none to a counter-offer."""
        if self.world["business"][0] not in (state.ROUND, state.DATED):
            return ()
        allowed = int(self.params["own_demands"][0, self._side()])
        return tuple(named_conditions(allowed))

    def accept(self) -> Answer:
        """Answer yes."""
        return state.ACCEPT, 0

    def refuse(self) -> Answer:
        """Answer no."""
        return state.REJECT, 0

    def on_conditions(self, *names: str) -> Answer:
        """Answer no, but yes if these conditions are added: a counter-offer follows.

        PolicyError if there are none, or one that is not among `conditions`.
        """
        if not names:
            raise PolicyError("on_conditions needs the name of a condition")
        for name in names:
            _require(name, self.conditions, "condition that may be named now")
        return state.ON_CONDITIONS, sum(CONDITION_BITS[name] for name in set(names))

    # ---- proposing -------------------------------------------------------------------

    @property
    def offers(self) -> tuple[str, ...]:
        """Offers that this party may put on the table today, when it is its turn."""
        params, world = self.params[0], self.world[0]
        if world["business"] != state.ROUND or world["author"] != self.seat:
            return ()
        menu = enumerate(self.labels.offers)
        return tuple(name for i, name in menu if may_propose(params, world, i))

    def worth(self, offer: str) -> float:
        """Gain of this party from an offer of the menu, over fighting on.

        A patron's gain is in its own terms: the outcome for the party it supports, less
        what aid and sanctions relief cost.
        """
        index = self._index(offer)
        if self.seat >= SIDES:
            return float(self.table["patron_gain"][0, index])
        return self._at_own_cost("gain", "gain_slope", index)

    def chance(self, offer: str) -> float:
        """Chance that everybody else would accept an offer of the menu, as seen here.

        The others' cost of war is known only to lie in an interval.
        """
        index = self._index(offer)
        return chance_of_a_yes(self.params, self.world, self.table, index, self.seat)

    def propose(self, offer: str) -> int:
        """Put an offer of the menu on the table."""
        return self._index(offer)

    def no_offer(self) -> int:
        """Let the round pass without an offer."""
        return state.NOBODY

    # ---- behind the words ------------------------------------------------------------

    def _side(self) -> int:
        if self.seat >= SIDES:
            raise PolicyError(f"{self.me} is no side of the war and answers no offers")
        return self.seat

    def _at_own_cost(self, value: str, slope: str, *offer: int) -> float:
        """Return a number of the table as it is at this side's own cost of war."""
        return at_own_cost(self.world, self.table, value, slope, self._side(), *offer)

    def _index(self, offer: str) -> int:
        _require(offer, self.offers, "offer that may be made now")
        return self.labels.offers.index(offer)


def chance_of_a_yes(
    params: Any, world: Any, table: Any, offer: int, seat: int
) -> float:
    """Chance that all sides but `seat` would accept an offer of today's menu."""
    chance = 1.0
    for side in range(SIDES):
        if side != seat:
            chance *= believed_acceptance(
                float(table["gain"][0, side, offer]),
                float(table["gain_slope"][0, side, offer]),
                float(world["cost_low"][0, side]),
                float(world["cost_high"][0, side]),
                float(params["decision_noise"][0, side]),
            )
    return chance


class Policy:
    """What a policy must be able to do; one is made for each party and world."""

    def answer(self, view: PartyView) -> Answer:
        """Answer the offer on the table: accept, refuse, or name conditions."""
        raise PolicyError("a policy of a belligerent needs the method answer")

    def propose(self, view: PartyView) -> int:
        """Choose an offer that this party may make, or none."""
        raise PolicyError("a policy needs the method propose")


class BestResponse(Policy):
    """Take what beats fighting on, a tie included; propose what gains most."""

    def answer(self, view: PartyView) -> Answer:
        """Accept a gain that is not negative, after the noise of the decision."""
        return self._answered(wrappers.choose_answer, view)

    def propose(self, view: PartyView) -> int:
        """Propose the offer with the largest gain, weighed by its chances."""
        return int(wrappers.choose_offer(view.params, view.world, view.table))

    @staticmethod
    def _answered(choose: Any, view: PartyView) -> Answer:
        if view.seat >= SIDES:
            raise ValueError("only belligerents answer offers")
        code, demands = choose(view.params, view.world, view.table, view.seat)
        return int(code), int(demands)


class FromScenario(BestResponse):
    """Decide by the policy that the scenario gives the party: what runs by default.

    quantal: noise drawn afresh at each answer; hardliner, boulware and conceder: only
    what is worth their aspiration; scripted: answers by date.
    """

    def answer(self, view: PartyView) -> Answer:
        """Answer as the scenario says."""
        return self._answered(wrappers.scenario_answer, view)


def check_policies(policies: object, parties: Collection[str]) -> None:
    """Raise a PolicyError if something is no policy, or is one of no party here."""
    for party, policy in by_name("policies", policies, "party").items():
        if party not in parties:
            raise PolicyError(
                f"a policy for '{party}', which is no party here"
                f"{did_you_mean(party, parties)} (parties: {', '.join(parties)})"
            )
        if isinstance(policy, type):
            raise PolicyError(
                f"the policy of {party} is a class; give an object, {policy.__name__}()"
            )
        if not isinstance(policy, Policy):
            said = f"the policy of {party} is no sim.model.policies.Policy"
            raise PolicyError(f"{said}: {shortly(policy)}")


def _require(name: str, known: Collection[str], what: str) -> None:
    if name not in known:
        listed = ", ".join(known) or "none"
        hint = did_you_mean(name, known)
        raise PolicyError(f"{name!r} is no {what} ({listed}){hint}")
