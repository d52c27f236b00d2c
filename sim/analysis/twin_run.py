"""A run with some values changed, beside the run that it is the twin of."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sim.analysis.changes import changed_fields
from sim.analysis.replay import walk
from sim.analysis.run_tables import steps_table, told_events
from sim.analysis.twin_words import difference_in_words
from sim.analysis.twins import Parting, parting
from sim.scenario.load import Loaded, resolve

# Changed values that are named one by one.
_NAMED = 2


@dataclass(frozen=True, eq=False)
class Twin:
    """The twin of a run: its tables, what was changed, and where the two part.

    `steps` and `events` are those of `sim.analysis.story.story`.
    """

    steps: pd.DataFrame
    events: pd.DataFrame
    change: str
    parting: Parting

    @property
    def day(self) -> int | None:
        """The first day on which the two differ in more than the change itself."""
        days = (self.parting.state_day, self.parting.event_day)
        return min((day for day in days if day is not None), default=None)

    def words(self, names: tuple[str, str]) -> str:
        """Return in sentences where the two part, and why; `names` are the runs'."""
        return " ".join(difference_in_words(self.parting, names))


def twin_run(
    loaded: Loaded, changes: Mapping[str, object], seed: int, replicate: int
) -> Twin:
    """Run a world and its twin, with some values changed and the same luck.

    Raises
    ------
    ScenarioError
        If the changes are not valid.
    """
    other = resolve(loaded, changes)
    first, second = (walk(each, seed, replicate) for each in (loaded, other))
    told = [str(change) for change in changed_fields(other, loaded)]
    if len(told) > _NAMED:
        told = [f"{len(told)} values changed"]
    return Twin(
        steps_table(second.days),
        told_events(second.events),
        "; ".join(told) or "nothing changed",
        parting(first, second),
    )
