"""Past wars: what happened, and in which words of the model it ended."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from sim.model.labels import Labels
from sim.model.state import DEFEAT, SETTLED, TRUCE

HAPPENED = Path(__file__).with_name("happened.yaml")


class Case(NamedTuple):
    """A war that is over, as `happened.yaml` has it."""

    id: str
    started: date
    stopped: date
    what: str
    sources: list[str]
    rests_on: dict[str, str]
    reading: str
    terms: Sequence[str] = ()
    defeated: str | None = None

    @property
    def day(self) -> int:
        """The day on which the fighting stopped, from day 0 of the scenario."""
        return (self.stopped - self.started).days

    def ended_so(self, worlds: NDArray[np.void], labels: Labels) -> NDArray[np.bool_]:
        """Whether each ended world came to the end that the war had, shape (n,).

        That is a truce or settlement that still holds, reached first under one of the
        terms, or the defeat of the side that lost.
        """
        if self.defeated is not None:
            side = labels.sides.index(self.defeated)
            return (worlds["phase"] == DEFEAT) & (worlds["defeated"] == side)
        offers = [labels.offers.index(name) for name in self.terms]
        holds = np.isin(worlds["phase"], (TRUCE, SETTLED))
        return holds & np.isin(worlds["first_truce_offer"], offers)


def cases() -> list[Case]:
    """Read the wars, in the order of their days."""
    data = yaml.safe_load(HAPPENED.read_text(encoding="utf-8"))
    for about in data.values():
        for prose in ("what", "reading"):
            about[prose] = " ".join(about[prose].split())
    found = [Case(name, **about) for name, about in data.items()]
    return sorted(found, key=lambda case: case.started)
