"""Policies written in Python, as a sweep sees them: another way to run worlds.

A sweep never imports Mesa. Who may, `sim.policy_worlds`, gives it an object of this
kind, which runs worlds through the Mesa model.
"""

from typing import Any, Protocol

from numpy.typing import NDArray

from sim.engine.series import Days
from sim.scenario.load import Loaded


class Policies(Protocol):
    """How worlds are run in which parties decide by policies of a user's own."""

    in_processes: bool
    """Whether it can be pickled and sent to a worker process."""

    def plain(self) -> dict[str, Any]:
        """Return what names the policies, as the manifest holds it."""

    def code(self) -> str:
        """Name the code that runs the worlds, beside the kernels."""

    def words(self) -> list[str]:
        """Return the words of a command that give these policies."""

    def remark(self) -> str:
        """Return what a command cannot say, as a comment at its end."""

    def run(
        self, loaded: Loaded, *, seed: int, replicates: range
    ) -> dict[str, NDArray[Any]]:
        """Run worlds; return their outcomes as `sim.step.outcome.outcomes` does."""

    def days(self, loaded: Loaded, *, seed: int, replicates: range) -> Days:
        """Run worlds; return their days as `sim.engine.series.watch` does."""
