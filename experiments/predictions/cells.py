"""One level of a question: its runs, and values on its first mornings, when asked for.

Replicate i has the same luck at every level, so levels are compared world by world.
"""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.predictions.mornings import mornings
from experiments.predictions.questions import Question
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.scenario.load import Loaded, load


class Sizes(NamedTuple):
    """How many worlds: of one day, of talks or a truce to its end, on the core."""

    answers: int
    runs: int
    mornings: int


# Fixed before the first run.
SEED = 10
FULL = Sizes(answers=20_000, runs=2_000, mornings=1_000)
SMALL = Sizes(answers=2_000, runs=60, mornings=60)


@cache
def shipped(scenario: str) -> Loaded:
    """A shipped scenario."""
    return load(scenario)


class Cell:
    """One level of one question."""

    def __init__(self, question: Question, level: int, sizes: Sizes) -> None:
        self.question, self.sizes = question, sizes
        self.settings = {**question.base, **question.settings[level]}

    def loaded(self, changes: Mapping[str, object]) -> Loaded:
        """The scenario at this level, with what an experiment changes in it."""
        return load(shipped(self.question.scenario), set={**self.settings, **changes})

    @property
    def start(self) -> str:
        """First day of the scenario."""
        return str(shipped(self.question.scenario).scenario.start_date)

    @property
    def step_days(self) -> int:
        """Length of a step."""
        days = shipped(self.question.scenario).scenario.step_days
        return int(self.settings.get("step_days", days))  # type: ignore[call-overload]

    def put(self) -> dict[str, object]:
        """Changes by which the offer of the question is put on the first day."""
        offer, by = self.question.offer, self.question.by
        return {
            f"negotiation.offers.{offer}.offered_by": [by],
            "negotiation.first_round": self.start,
            "timeline": [{"date": self.start, "offer": offer, "by": by}],
        }

    @cached_property
    def one_day(self) -> Loaded:
        """A run of one step, on which the offer is put, if there is one."""
        offered = self.put() if self.question.offer else {}
        return self.loaded({**offered, "horizon_days": self.step_days})

    @cached_property
    def to_be_signed(self) -> Loaded:
        """A run in which both sign the offer on the first day, whatever it is."""
        offer = self.question.offer
        answers = [{"date": self.start, "offer": offer, "answer": "accept"}]
        scripted = {"name": "scripted", "answers": answers}
        return self.loaded(
            {
                **self.put(),
                "horizon_days": self.question.signed_for_days,
                "parties.ukraine.policy": scripted,
                "parties.russia.policy": scripted,
            }
        )

    @cached_property
    def of_talks(self) -> Loaded:
        """A run as the world has it."""
        return self.loaded({})

    @cached_property
    def answers(self) -> NDArray[np.void]:
        """Worlds after the first day, on which the offer was put."""
        return run(self.one_day, self.sizes.answers)

    @cached_property
    def signed(self) -> NDArray[np.void]:
        """Worlds in which both signed on the first day, at the horizon."""
        return run(self.to_be_signed, self.sizes.runs)

    @cached_property
    def talks(self) -> NDArray[np.void]:
        """Worlds in which the sides talk, at the horizon."""
        return run(self.of_talks, self.sizes.runs)

    @cached_property
    def morning(self) -> dict[str, NDArray[Any]]:
        """Values on first mornings, see `mornings`."""
        day = self.one_day if self.question.offer else self.of_talks
        return mornings(day, self.question, seed=SEED, n=self.sizes.mornings)


def run(loaded: Loaded, n: int) -> NDArray[np.void]:
    """Run n worlds to their ends."""
    return simulate(build(loaded.scenario), seed=SEED, replicates=range(n))
