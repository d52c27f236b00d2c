"""What keeps a valid scenario from being simulated."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sim.luck import spot
from sim.scenario.calendar import since_start
from sim.scenario.schema import Belligerent, Scenario


def obstacles(scenario: Scenario) -> Iterator[str]:
    """Find rules that this version does not simulate, and clashes of step and luck."""
    yield from _not_simulated(scenario)
    yield from _shared_luck("chips", scenario.chips)
    yield from _shared_luck("negotiation.offers", scenario.negotiation.offers)
    offered = Counter(
        since_start(scenario, event.date)
        for event in scenario.timeline
        if event.offer is not None
    )
    for step, offers in offered.items():
        if offers > 1:
            yield (
                f"timeline: {offers} offers in step {step}; a step of "
                f"{scenario.step_days} days has room for one"
            )


def _not_simulated(scenario: Scenario) -> Iterator[str]:
    if scenario.aid.rule.name in ("conditional", "best_response"):
        yield f"aid.rule: {scenario.aid.rule.name!r} is not simulated yet"
    for name, party in scenario.parties.items():
        if isinstance(party, Belligerent) and party.policy.name != "best_response":
            path = f"parties.{name}.policy"
            yield f"{path}: {party.policy.name!r} is not simulated yet"
    for name, offer in scenario.negotiation.offers.items():
        path = f"negotiation.offers.{name}"
        if offer.kind == "partial":
            yield f"{path}.kind: a partial truce is not simulated yet"
        if offer.line == "optimal":
            yield f"{path}.line: 'optimal' is not simulated yet"


def _shared_luck(kind: str, names: Iterable[str]) -> Iterator[str]:
    """Find names that would draw the same luck: one in 2^24 pairs does."""
    taken: dict[int, str] = {}
    for name in names:
        other = taken.setdefault(spot(name), name)
        if other != name:
            yield f"{kind}.{name}: would share its luck with {other}; rename one"
