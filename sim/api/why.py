"""Why parties did what they did on one day of a world.

This is where decisions taken apart meet the figure that shows them. Nothing heavy is
imported until it is used.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import __version__
from sim.analysis.decisions.decision import decision, decisions, nearest_days
from sim.analysis.narrative.words import joined
from sim.api.run import SCHEMA_VERSION, versions
from sim.batch.files import unsealed
from sim.errors import InputMissingError, UsageError, refuse_lost
from sim.model.world import ANSWER, walk
from sim.plots.payoff_waterfall import payoff_waterfall
from sim.plots.provenance import Context
from sim.scenario.arguments import whole, word
from sim.scenario.load import Loaded, load, recall
from sim.scenario.references import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.decisions.decision import Decision
    from sim.plots.figure import Figure

FIGURE, TOLD = "payoff_waterfall", "why.json"


@dataclass(frozen=True, eq=False)
class Explanation:
    """The decisions of one day, taken apart; `decisions` in the order of the day.

    `command` is what repeats it, if a folder has kept it.
    """

    loaded: Loaded = field(repr=False)
    seed: int
    replicate: int
    day: int
    decisions: "list[Decision]" = field(repr=False)
    command: str = ""

    def __iter__(self) -> "Iterator[Decision]":
        """Iterate over the decisions."""
        return iter(self.decisions)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain data: the object of `why --json`."""
        return {
            "schema_version": SCHEMA_VERSION,
            "scenario": self.loaded.scenario.id,
            "scenario_hash": self.loaded.hash,
            "version": __version__,
            "versions": versions(),
            "seed": self.seed,
            "replicate": self.replicate,
            "decisions": [each.to_dict() for each in self.decisions],
        }

    @property
    def figure_names(self) -> list[str]:
        """Name of the files of each decision's figure."""
        count = len(self.decisions)
        if count == 1:
            return [FIGURE]
        return [f"{FIGURE}_{place}" for place in range(1, count + 1)]

    def figures(self) -> "Iterator[Figure]":
        """Draw figure 2 of each decision, named as its files."""
        for place, name in enumerate(self.figure_names):
            yield replace(self.plot(place), name=name)

    def plot(self, index: int = 0, *, command: str = "") -> "Figure":
        """Return figure 2 of one of the decisions; `command` repeats it."""
        index = whole("index", index, 0, len(self.decisions) - 1)
        scenario = self.loaded.scenario
        context = Context(
            scenario_id=scenario.id,
            scenario_title=scenario.title,
            scenario_hash=self.loaded.hash,
            seed=self.seed,
            replicates=1,
            version=__version__,
            within_days=scenario.horizon_days,
            command=command or self.command,
            replicate=self.replicate,
        )
        return payoff_waterfall(self.decisions[index], context)


def why(
    scenario: str | Path | Loaded,
    day: int,
    *,
    seed: int = 1,
    replicate: int = 0,
    party: str | None = None,
) -> Explanation:
    """Take the decisions of one day of a world apart.

    Each has its parts, which sum to the difference of what was compared, and `flips`,
    where each input alone would have turned it.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before.
    day
        Counted from 0.
    party
        Only the decisions of this one.

    Raises
    ------
    UsageError
        If nobody, or not this party, decided anything that day; it names near days.
    ScenarioError, InputMissingError
        As `load`.
    """
    day, seed = whole("--day", day), whole("--seed", seed)
    replicate = whole("--replicate", replicate)
    party = None if party is None else word("--party", party)
    loaded = load(scenario)
    if party is not None and party not in loaded.scenario.parties:
        known = loaded.scenario.parties
        raise UsageError(
            f"no party '{party}' here{did_you_mean(party, known)} "
            f"(parties: {', '.join(sorted(known))})"
        )
    found = decisions(loaded, seed=seed, replicate=replicate)
    chosen = [each for each in found if each.day == day and party in (None, each.actor)]
    if not chosen:
        raise UsageError(_none(found, day, party))
    refuse_lost([each.to_dict() for each in chosen], loaded.scenario.id)
    return Explanation(loaded, seed, replicate, day, chosen)


def telling_answer(
    scenario: str | Path | Loaded, *, seed: int = 1, replicate: int = 0
) -> Explanation:
    """Take the first refusal in a world apart, or the first answer if none refuses.

    That is the answer that the story of the run (figure 10) numbers.

    Raises
    ------
    UsageError
        If nobody answers anything.
    """
    seed, replicate = whole("--seed", seed), whole("--replicate", replicate)
    loaded = load(scenario)
    scenes = walk(loaded, seed, replicate).scenes
    answers = [scene for scene in scenes if scene.kind == ANSWER and scene.event]
    refusals = [each for each in answers if (each.event or {})["type"] != "acceptance"]
    if not answers:
        raise UsageError("nobody answers an offer in this world")
    told = decision((refusals or answers)[0])
    return Explanation(loaded, seed, replicate, told.day, [told])


def _none(found: "Sequence[Decision]", day: int, party: str | None) -> str:
    """Say that nobody, or not this party, decided that day, and when it was."""
    said = f"{party} decided nothing" if party else "nobody decided anything"
    own = [each for each in found if party in (None, each.actor)]
    among = [each for each in found if each.day == day] if own else found
    others = joined(sorted({each.actor for each in among}))
    others = f" ({others} did)" if others else ""
    if not own:
        return f"{said} in this world{others}"
    days = ", ".join(map(str, nearest_days(own, day)))
    return f"{said} on day {day}{others}; nearest days: {days}"


def open_explanation(folder: Path) -> Explanation:
    """Take the decisions that `ceasefire why --out` has kept apart again.

    Raises
    ------
    InputMissingError
        If they cannot be read.
    UsageError
        If the scenario, or what comes of it, is no longer what was kept.
    """
    file = folder / TOLD
    try:
        data = unsealed(file)
        kept, command = data["decisions"], str(data["command"])
        loaded = recall(data, file)
        found = why(
            loaded, kept[0]["day"], seed=data["seed"], replicate=data["replicate"]
        )
        parties = {each["party"] for each in kept}
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise InputMissingError(
            f"{file} cannot be read as decisions: {error!r}"
        ) from None
    chosen = [each for each in found if each.actor in parties]
    now = json.loads(json.dumps([each.to_dict() for each in chosen]))
    if now != kept:
        raise UsageError(
            f"{file}: other decisions come of it now; its command takes them apart "
            f"anew: {command} --out DIR"
        )
    return replace(found, decisions=chosen, command=command)
