"""What a reader of the dashboard has chosen: a scenario, a world of it, some inputs.

A choice is a value: the page is drawn anew from it, and the same choice is always the
same world.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.analysis.narrative.labels import input_in_words, number_in_words
from sim.batch.commands import assignments, scenario_name
from sim.batch.inputs import changes_of, number_at
from sim.errors import UsageError
from sim.model.labels import Labels, labels_of
from sim.scenario.library import shipped
from sim.scenario.load import Loaded, load, resolve
from sim.scenario.lookup import is_whole
from sim.scenario.parties import Belligerent
from sim.scenario.problems import dotted
from sim.scenario.references import did_you_mean

_STEPS = 100
_MOST_AID = 2.0
_COST = ".cost_of_war_km2"


@dataclass(frozen=True)
class Slider:
    """A number of the scenario that can be moved, and between which ends.

    `labels` are what the parties and chips of the scenario are called.
    """

    path: str
    name: str
    value: float
    low: float
    high: float
    step: float
    labels: Labels = field(repr=False)

    def nearest(self, number: float) -> float:
        """Return the nearest number that the slider can stand at."""
        steps = round((number - self.low) / self.step)
        return min(float(f"{self.low + steps * self.step:.12g}"), self.high)

    def at(self, number: float) -> str:
        """Return the input with a number, as the label of a slider."""
        return f"{self.name}: {number_in_words(self.path, number, self.labels)}"

    @property
    def far_end(self) -> float:
        """The end that is further from the value."""
        return max(self.low, self.high, key=lambda end: abs(end - self.value))


@dataclass(frozen=True)
class Choice:
    """A scenario, a world of it, what was moved, and one change for a second run.

    `scenarios` are those to choose from by name; `values` and `change` are numbers by
    path, `more` paths that can be moved beside the usual ones. `seat` is the party that
    the reader decides for, if any; then there is no second run.
    """

    scenarios: Mapping[str, Loaded | Path]
    name: str
    seed: int = 1
    replicate: int = 0
    values: Mapping[str, float] = field(default_factory=dict)
    change: tuple[str, float] | None = None
    more: tuple[str, ...] = ()
    seat: str = ""

    @property
    def base(self) -> Loaded:
        """The scenario as it was opened."""
        opened = self.scenarios[self.name]
        return _read(opened) if isinstance(opened, Path) else opened

    def loaded(self) -> list[Loaded]:
        """Return the scenario with what was moved, and that with the change, if any.

        Raises ScenarioError if values that were moved do not go together.
        """
        first = self.base
        if self.values:
            first = resolve(first, changes_of(first.scenario, self.values))
        if self.change is None:
            return [first]
        change = changes_of(first.scenario, dict([self.change]))
        return [first, resolve(first, change)]

    def moved(self, path: str, number: float) -> "Choice":
        """Return the choice with one input at another number."""
        return replace(self, values={**self.values, path: number})

    def sliders(self) -> list[Slider]:
        """Return the inputs that can be moved, those of land and aid first."""
        found = []
        for path in self._paths():
            number = number_at(self.base.scenario, tuple(path.split(".")))
            ends = None if number is None else self._ends(path, number)
            if number is not None and ends is not None and ends[0] < ends[1]:
                now = self.values.get(path, number)
                step = self._step(path, *ends)
                found.append(
                    Slider(
                        path,
                        self._called(path),
                        now,
                        *ends,
                        step,
                        labels_of(self.base.scenario),
                    )
                )
        return found

    def command(self, verb: str, loaded: Loaded, *options: str) -> str:
        """Return the command that does something with a run of `loaded`."""
        words = ["ceasefire", verb, scenario_name(loaded), *options]
        words += [word for text in assignments(loaded) for word in ("--set", text)]
        words += ["--seed", str(self.seed), "--replicate", str(self.replicate)]
        return shlex.join(words)

    def _paths(self) -> Iterator[str]:
        scenario = self.base.scenario
        yield from (f"chips.{n}.{chip.pair[0]}" for n, chip in scenario.chips.items())
        sides = [n for n, p in scenario.parties.items() if p.role == "belligerent"]
        if len(scenario.parties) > len(sides):
            yield "aid.level"
        for field_name in ("belief.drift_km2_per_week", "cost_of_war_km2"):
            yield from (f"parties.{name}.{field_name}" for name in sorted(sides))
        yield from (f"parties.{name}.audience_cost_km2" for name in sorted(sides))
        yield "truce.breakdown_per_week"
        yield from self.more

    def _called(self, path: str) -> str:
        known = f"{path}.value" if path.endswith(_COST) else path
        words = input_in_words(known, labels_of(self.base.scenario))
        words = words.removeprefix("a ").removeprefix("an ")
        return words[0].upper() + words[1:]

    def _ends(self, path: str, number: float) -> tuple[float, float] | None:
        """Return between which numbers an input moves, None if nobody has said.

        A chip goes from none to its peak and aid from none upwards, whatever is known
        of today's; all else goes from low to high, a private cost without them to the
        ends of its interval.
        """
        scenario, (head, *rest) = self.base.scenario, path.split(".")
        if head == "chips" and rest[-1] in ("area_km2", "amount"):
            return 0.0, scenario.chips[rest[0]].full
        if path == "aid.level":
            return 0.0, max(_MOST_AID, number)
        for written, about in self.base.sourced.annotations.items():
            known = (about.low, about.high) != (None, None)
            if known and dotted(written) == path:
                low = number if about.low is None else about.low
                high = number if about.high is None else about.high
                return min(low, number), max(high, number)
        party = scenario.parties.get(rest[0]) if head == "parties" else None
        if path.endswith(_COST) and isinstance(party, Belligerent):
            return party.cost_of_war_km2.private
        return None

    def _step(self, path: str, low: float, high: float) -> float:
        """Return a round step, so that there are a hundred or a few more."""
        if is_whole(path) or path.endswith("_km2"):
            return 1.0
        finest = (high - low) / _STEPS
        power = 10.0 ** -int(f"{finest:e}".partition("e")[2])
        return max(each for each in (1, 2, 5) if each <= finest * power) / power


@lru_cache
def _read(file: Path) -> Loaded:
    return load(file)


# What every page begins with: handed over by who starts the server, in one process.
_begun: list[Choice] = []


def begin_with(choice: Choice) -> None:
    """Let every page begin with a choice."""
    _begun[:] = [choice]


def begun_with() -> Choice:
    """Return the choice that a page begins with."""
    return _begun[0]


def first_choice(loaded: Loaded, **more: Any) -> Choice:
    """Return what is shown first: a scenario as it was asked for, and all shipped.

    `more` are `seed`, `replicate` and, in `more`, paths of further inputs to move.
    Raises UsageError if there is no number with `low` and `high` at one of these.
    """
    name = loaded.scenario.id
    if loaded.hash != load(loaded.files[-1]).hash:
        name += " (changed)"
    others = {each: file for each, file in sorted(shipped().items()) if each != name}
    choice = Choice({name: loaded, **others}, name, **more)
    movable = {slider.path for slider in choice.sliders()}
    for path in choice.more:
        if path not in movable:
            known = {dotted(each) for each in loaded.sourced.annotations}
            raise UsageError(
                f"{path} is not a number with a low and a high to choose "
                f"between{did_you_mean(path, known)}"
            )
    return choice
