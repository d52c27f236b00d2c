"""The parties as Mesa agents: views of the world record that act in their stages.

An agent holds no state of the war. What it believes, holds and values is read from the
record of its model, and what it decides is written there. What a policy replies is
checked before: a reply that the rules do not allow never reaches the record.
"""

from collections.abc import Callable
from numbers import Integral
from typing import Any, TypeGuard, TypeVar

import mesa

from sim.errors import PolicyError
from sim.model import wrappers
from sim.model.labels import CONDITION_BITS
from sim.model.policies import Answer, FromScenario, PartyView, Policy
from sim.model.policy_files import at_home, home_of, place_of
from sim.model.state import ACCEPT, NOBODY, ON_CONDITIONS, REJECT, ROUND, SIDES
from sim.model.users_code import users_code
from sim.scenario.arguments import shortly

T = TypeVar("T")


class Party(mesa.Agent):
    """A party with a seat at the table: 0 and 1 fight, 2 is the patron.

    `name` is its id in the scenario; `view` is what it sees when it decides.
    """

    def __init__(self, model: Any, name: str, seat: int, policy: Policy | None) -> None:
        super().__init__(model)
        self.name, self.seat = name, seat
        self.policy = policy if policy is not None else FromScenario()
        records = model.params, model.world, model.table
        self.view = PartyView(seat, *records, model.labels)

    def propose(self) -> None:
        """Put an offer on the table, if it is this party's turn."""
        world = self.view.world
        if world["business"][0] == ROUND and world["author"][0] == self.seat:
            offer = self._decide("propose", allowed_offer)
            wrappers.offer_put(self.view.params, world, self.view.table, offer)

    def _decide(self, act: str, allowed: Callable[[PartyView, object], T]) -> T:
        """Let the policy decide, and return its reply if the rules allow it.

        PolicyError if a policy from outside this package fails, breaks a rule or
        changes the world itself; it names party and day, and the lines of the policy.
        """
        view, kind = self.view, type(self.policy)
        if kind.__module__.partition(".")[0] == "sim":
            return allowed(view, getattr(self.policy, act)(view))
        who = f"the policy {kind.__qualname__} of {self.name}, {act} on day {view.day}"
        before = _sealed(view)
        place = place_of(self.policy, act)
        with users_code(who, place=place), at_home(home_of(self.policy)):
            reply = allowed(view, getattr(self.policy, act)(view))
            if _sealed(view) != before:
                raise PolicyError("it changed the world, which is only for reading")
        return reply


class Belligerent(Party):
    """A side of the war."""

    @property
    def belief(self) -> float:
        """Believed drift towards side 0, km2 a week, at full aid and without chips."""
        return float(self.view.world["belief"][0, self.seat])

    @property
    def held_km2(self) -> float:
        """Part of the stake that this side holds, km2."""
        return self.view.held_km2

    def answer(self) -> None:
        """Answer the offer on the table, if it waits for this side."""
        world = self.view.world
        if wrappers.is_asked(world, self.seat):
            code, demands = self._decide("answer", allowed_answer)
            world["answer"][0, self.seat] = code
            world["answer_demands"][0, self.seat] = demands


class Patron(Party):
    """The outside supporter of one side: gives aid, proposes, presses."""

    def aid(self) -> None:
        """Let the aid flow by its rule; the effect at the front follows with a lag."""
        view = self.view
        wrappers.STAGE_WRAPPERS["aid"](view.params, view.world, view.table)


ROLE_CLASSES = (Belligerent,) * SIDES + (Patron,)


def allowed_answer(view: PartyView, reply: object) -> Answer:
    """Return an answer as it stands in the record, if it is one that may be given."""
    words = "view.accept(), view.refuse() or view.on_conditions(...)"
    if not isinstance(reply, tuple) or len(reply) != 2 or not all(map(_whole, reply)):
        raise PolicyError(
            f"it returned {shortly(reply)}, which is no answer; return {words}"
        )
    code, demands = int(reply[0]), int(reply[1])
    if code not in (ACCEPT, REJECT, ON_CONDITIONS):
        raise PolicyError(
            f"it returned an answer of unknown code {code}; return {words}"
        )
    allowed = sum(CONDITION_BITS[name] for name in view.conditions)
    if code != ON_CONDITIONS:
        allowed = 0
    elif demands == 0:
        raise PolicyError("it answered on conditions and named none")
    if demands < 0 or demands & ~allowed:
        may = ", ".join(view.conditions) or "none"
        raise PolicyError(
            f"it named conditions (bits {demands}) that do not go with this answer "
            f"(conditions that may be named now: {may})"
        )
    return code, demands


def allowed_offer(view: PartyView, reply: object) -> int:
    """Return the index of an offer that this party may make today, or NOBODY."""
    if not _whole(reply):
        raise PolicyError(
            f"it returned {shortly(reply)}, which is no offer; return "
            "view.propose(name) or view.no_offer()"
        )
    index = int(reply)
    names = view.labels.offers
    if index == NOBODY:
        return index
    if not 0 <= index < len(names):
        raise PolicyError(f"it returned {index}; there is no offer of that number")
    if names[index] not in view.offers:
        may = ", ".join(view.offers) or "none"
        raise PolicyError(
            f"it proposed '{names[index]}', which {view.me} may not offer today "
            f"(it may: {may})"
        )
    return index


def _whole(value: object) -> TypeGuard[int]:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _sealed(view: PartyView) -> tuple[bytes, ...]:
    """All that a policy could write to, byte by byte."""
    return tuple(each.tobytes() for each in (view.params, view.world, view.table))
