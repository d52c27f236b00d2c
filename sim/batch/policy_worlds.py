"""Worlds in which parties decide by policies of a user's own, for a sweep.

This is how a policy reaches `sim.sweep`, which knows nothing of Mesa: as an object that
runs worlds and that a worker process can be sent.
"""

import hashlib
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import sim
from sim.batch.commands import scenario_words
from sim.errors import PolicyError, UsageError
from sim.model.labels import labels_of
from sim.model.outcome import outcomes
from sim.model.parameters import build
from sim.model.policies import Policy, check_policies
from sim.model.policy_files import PolicyFile, described, made, read_policies
from sim.model.state import WORLD, blank
from sim.model.trajectories import Days, blank_days, look_at, look_glass
from sim.scenario.arguments import by_name
from sim.scenario.load import Loaded

# What decides a world here and is no kernel, whose hash names the kernels only.
_CODE = ("agents.py", "mesa_model.py", "policies.py")


@dataclass(frozen=True)
class Policies:
    """How worlds are run in which parties decide by policies of a user's own.

    They are classes in `files`, each given as `PARTY=FILE.py:CLASS`, or else `objects`,
    whose class may stand in a notebook, where no other process can find it.
    """

    texts: tuple[str, ...] = ()
    files: dict[str, PolicyFile] = field(default_factory=dict)
    objects: dict[str, Policy] = field(default_factory=dict)

    @property
    def in_processes(self) -> bool:
        """Whether it can be pickled and sent to a worker process."""
        return not self.objects

    def fresh(self) -> dict[str, Policy]:
        """Return policies that no world has used before.

        Files are run afresh for every world: what a file keeps at its top, a generator
        of random numbers perhaps, would otherwise carry the luck of one world into the
        next, and the result would depend on which worlds share a process.
        """
        return deepcopy(self.objects) if self.objects else made(self.files)

    def plain(self) -> dict[str, Any]:
        """Return, by party, the class and the SHA-256 of its file as it was read."""
        found = {party: each.plain() for party, each in self.files.items()}
        found |= {party: described(each) for party, each in self.objects.items()}
        return dict(sorted(found.items()))

    def words(self) -> list[str]:
        """Return the words of a command that give them; it knows no objects."""
        return [word for text in self.texts for word in ("--policy", text)]

    def remark(self) -> str:
        """Return what a command cannot say, the classes of objects, as a comment."""
        if not self.objects:
            return ""
        kinds = ((party, type(each)) for party, each in sorted(self.objects.items()))
        told = (f"{party}: {kind.__qualname__}()" for party, kind in kinds)
        return f"  # with policies={{{', '.join(told)}}}"

    def code(self) -> str:
        """Name the code of the Mesa model, as it is on disk."""
        here = Path(__file__).parents[1] / "model"
        digest = hashlib.sha256()
        for name in _CODE:
            digest.update((here / name).read_bytes())
        return digest.hexdigest()[:16]

    def run(
        self, loaded: Loaded, *, seed: int, replicates: range
    ) -> dict[str, NDArray[Any]]:
        """Run worlds one by one; return their outcomes as `outcomes` does.

        Each is the one that `run` gives, policy and all. Raises PolicyError if a policy
        fails, with the command that repeats that world alone.
        """
        worlds = blank(WORLD, len(replicates))
        for i, replicate in enumerate(replicates):
            with self._model(loaded, seed, replicate) as model:
                worlds[i] = model.run().world[0]
        return outcomes(worlds, labels_of(loaded.scenario))

    def days(self, loaded: Loaded, *, seed: int, replicates: range) -> Days:
        """Run the same worlds and look at each day; errors as `run`."""
        days, glass = blank_days(build(loaded.scenario), len(replicates)), look_glass()
        for i, replicate in enumerate(replicates):
            seen = (days.phases[i], days.agreed[i], days.values[i])
            with self._model(loaded, seed, replicate) as model:
                look_at(model.params, model.world, glass, *seen)
                while model.running:
                    model.step()
                    look_at(model.params, model.world, glass, *seen)
                days.last[i] = model.world["step"][0]
        return days

    @contextmanager
    def _model(self, loaded: Loaded, seed: int, replicate: int) -> Iterator[Any]:
        """Give a world to run, and say of a policy that fails which world it was."""
        # Mesa is slow to import, and sets how the process starts others.
        try:
            yield sim.CeasefireModel(
                loaded,
                seed=seed,
                replicate=replicate,
                policies=self.fresh(),
                collect=False,
            )
        except PolicyError as error:
            words = ["ceasefire", "run", *scenario_words(loaded)]
            words += ["--seed", str(seed), "--replicate", str(replicate)]
            again = shlex.join([*words, *self.words()]) + self.remark()
            raise PolicyError(f"{error}\nthis world alone: {again}") from error


def policy_worlds(
    given: Mapping[str, str | Policy], parties: Collection[str]
) -> Policies:
    """Return how worlds are run with the policies given by party.

    Raises PolicyError if a party is unknown, a policy is none, or a file fails when it
    is run; InputMissingError if there is no such file; and UsageError if some are given
    as texts `FILE.py:CLASS` and others as objects.
    """
    given = by_name("policies", given, "party")
    texts = {party: each for party, each in given.items() if isinstance(each, str)}
    objects = {
        party: each for party, each in given.items() if not isinstance(each, str)
    }
    if not objects:
        return file_policies(
            [f"{party}={text}" for party, text in texts.items()], parties
        )
    if texts:
        raise UsageError("policies are all given as 'FILE.py:CLASS' or all as objects")
    check_policies(objects, parties)
    return Policies(objects=objects)


def file_policies(texts: Sequence[str], parties: Collection[str]) -> Policies:
    """Return how worlds are run with `--policy` texts; errors as `policy_worlds`."""
    found = Policies(tuple(texts), read_policies(texts, parties))
    found.fresh()  # a mistake shows before anything is started
    return found
