"""What keeps a valid scenario from being simulated."""

from collections import Counter
from collections.abc import Iterable, Iterator

from sim.luck import spot
from sim.scenario.calendar import since_start
from sim.scenario.fields import LEAST_DISCOUNT
from sim.scenario.schema import Scenario
from sim.step.record import ENTRIES


def obstacles(scenario: Scenario) -> Iterator[str]:
    """Find clashes of steps and of luck."""
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
    entries = sum(
        len(event.regime or {}) + len(event.audience_cost or {}) or 1
        for event in scenario.timeline
    )
    if entries > ENTRIES:
        yield f"timeline: {entries} changes; at most {ENTRIES} fit"
    discount = scenario.discount_factor_per_week ** (scenario.step_days / 7.0)
    if discount < LEAST_DISCOUNT:
        yield (
            f"step_days: in {scenario.step_days} days the discount factor falls to "
            f"{discount:.3g}, below {LEAST_DISCOUNT:g}; take shorter steps or a higher "
            "discount_factor_per_week"
        )


def _shared_luck(kind: str, names: Iterable[str]) -> Iterator[str]:
    """Find names that would draw the same luck: one in 2^24 pairs does."""
    taken: dict[int, str] = {}
    for name in names:
        other = taken.setdefault(spot(name), name)
        if other != name:
            yield f"{kind}.{name}: would share its luck with {other}; rename one"
