"""The model that Mesa's page steps: one world, and one beside it with a change."""

from threading import RLock
from weakref import WeakSet

import mesa

from sim.analysis.decisions.decision import Decision, decision
from sim.analysis.decisions.paired_runs import difference_in_words, divergence
from sim.api.run import Run
from sim.api.why import Explanation, explained
from sim.model.mesa_model import CeasefireModel
from sim.model.world import Walk
from sim.web.dashboard.choice import Choice

NAMES = ("this run", "the second run")
_ALL: "WeakSet[Worlds]" = WeakSet()


class Worlds(mesa.Model):
    """One or two runs with the same luck, stepped together.

    `runs` are the models of the project. A walk of the same stages follows each, which
    stops wherever somebody decides something.
    """

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self.runs = tuple(
            CeasefireModel(each, seed=choice.seed, replicate=choice.replicate)
            for each in choice.loaded()
        )
        self._walks = tuple(
            Walk(run.loaded, choice.seed, choice.replicate) for run in self.runs
        )
        self.running: bool = True
        # Play steps in a thread of its own, while a reader may press a button.
        self._turn = RLock()
        _ALL.add(self)

    def step(self) -> None:
        """Run one period of each run; of one that has ended, none."""
        with self._turn:
            if self.running:
                for run in self.runs:
                    run.step()
                self.running = any(run.running for run in self.runs)

    def stop(self) -> None:
        """End it: other worlds have been chosen, and nobody shall play these on."""
        with self._turn:
            self.running = False

    def step_to_decision(self) -> None:
        """Run until somebody decides something in one of the runs, or to the end."""
        with self._turn:
            before = self._decided()
            while self.running and self._decided() == before:
                self.step()

    def so_far(self, place: int = 0) -> Run:
        """Return a run up to its last day, as `sim.run` returns whole ones."""
        return Run.of(self.runs[place])

    def last_decisions(self, place: int = 0) -> list[Decision]:
        """Return what was decided on the last day on which something was, in order."""
        scenes = self._caught_up(place).scenes
        return [decision(each) for each in scenes if each.day == scenes[-1].day]

    def difference(self) -> list[str]:
        """Return in sentences where the two runs part so far; none for a single run."""
        if len(self.runs) < 2:
            return []
        found = divergence(*(self._caught_up(place) for place in range(2)))
        return difference_in_words(found, NAMES)

    def explanation(self, told: Decision) -> Explanation:
        """Return a decision as `sim.why` returns those of a day."""
        loaded, choice = told.loaded, self.choice
        return explained(loaded, choice.seed, choice.replicate, [told])

    def _decided(self) -> list[int]:
        return [len(self._caught_up(place).scenes) for place in range(len(self.runs))]

    def _caught_up(self, place: int) -> Walk:
        walk = self._walks[place]
        with self._turn:
            while len(walk.days) < len(self.runs[place].days):
                walk.step()
        return walk


def stop_all() -> None:
    """End all worlds, and with them whatever plays them."""
    for worlds in list(_ALL):
        worlds.stop()
