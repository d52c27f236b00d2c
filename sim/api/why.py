"""Why parties did what they did on one day of a world."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import pandas as pd

from sim.analysis.decisions.decision import (
    Decision,
    decision,
    decisions,
    nearest_days,
)
from sim.analysis.decisions.words import in_words, told, turn_in_words
from sim.analysis.narrative.words import joined
from sim.analysis.play.game import recorded
from sim.analysis.play.moves import moves_kept
from sim.api.result import Result, provenance, scenario_of
from sim.api.run import Run
from sim.errors import UsageError, refuse_lost
from sim.model.policies import Policy
from sim.model.world import ANSWER, walk
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.scenario.arguments import whole, word
from sim.scenario.load import Loaded, load
from sim.scenario.references import did_you_mean

FIGURE = "payoff_waterfall"


@dataclass(frozen=True, eq=False)
class Explanation(Result):
    """The decisions of one day, taken apart; `decisions` in the order of the day."""

    kind = "explanation"
    figure = FIGURE
    names_scenario = True

    loaded: Loaded = field(repr=False, kw_only=True)
    decisions: list[Decision] = field(repr=False, kw_only=True)

    @property
    def day(self) -> int:
        """Of the decisions."""
        return int(self.manifest["day"])

    def __iter__(self) -> Iterator[Decision]:
        """Iterate over the decisions."""
        return iter(self.decisions)

    @property
    def figure_names(self) -> list[str]:
        """Name of the files of each decision's figure."""
        count = len(self.decisions)
        if count == 1:
            return [FIGURE]
        return [f"{FIGURE}_{place}" for place in range(1, count + 1)]

    def figures(self) -> list[Figure]:
        """Draw the figure of each decision, named as its files."""
        return [
            replace(self.plot(index=place), name=name)
            for place, name in enumerate(self.figure_names)
        ]

    def in_brief(self) -> tuple[list[str], pd.DataFrame | None]:
        """Return each decision in words, and what would turn it."""
        return [
            f"{in_words(each)} {turn_in_words(each, each.smallest)}"
            for each in self.decisions
        ], None

    def context(self) -> Context:
        """Return what the caption of a figure says about the world."""
        return self._context(
            replicates=1,
            replicate=self.replicate,
            within_days=self.loaded.scenario.horizon_days,
        )

    def of_figures(self, replicate: int, within_days: int) -> dict[str, Any]:
        """Return what figures know of the scenario: all."""
        return {**super().of_figures(replicate, within_days), "loaded": self.loaded}

    @classmethod
    def read(cls, folder: Path, manifest: dict[str, Any]) -> Self:
        """Take the decisions that a folder keeps apart again.

        UsageError if something else comes of them now.
        """
        loaded = scenario_of(manifest, folder)
        parties = sorted(loaded.scenario.parties)
        moves = moves_kept(manifest.get("moves", []), parties, str(folder))
        found = decisions(
            loaded,
            seed=manifest["seed"],
            replicate=manifest["replicate"],
            policies=recorded(moves),
        )
        kept = manifest["decisions"]
        whose = {each["party"] for each in kept}
        chosen = [
            each
            for each in found
            if each.day == manifest["day"] and each.actor in whose
        ]
        now = json.loads(json.dumps([told(each) for each in chosen]))
        if now != kept:
            raise UsageError(
                f"{folder}: its decisions are now different; explain them again with: "
                f"{manifest['command']} --out DIR"
            )
        return cls(manifest, folder=folder, loaded=loaded, decisions=chosen)


def explained(
    loaded: Loaded,
    seed: int,
    replicate: int,
    found: Sequence[Decision],
    command: str = "",
    moves: Sequence[str] = (),
) -> Explanation:
    """Return decisions of one day, taken apart, as `why` returns them.

    `moves` are those of the people who played the world, if any did.
    """
    return Explanation(
        {
            **provenance(loaded, seed=seed, command=command, more=("mesa",)),
            "replicate": replicate,
            "moves": list(moves),
            "day": found[0].day,
            "decisions": [told(each) for each in found],
        },
        loaded=loaded,
        decisions=list(found),
    )


def why(
    scenario: str | Path | Loaded | Run,
    day: int,
    *,
    seed: int = 1,
    replicate: int = 0,
    party: str | None = None,
    command: str = "",
) -> Explanation:
    """Take the decisions of one day of a world apart.

    Each has its parts, which sum to the difference of what was compared, and `flips`,
    where each input alone would have turned it.

    Parameters
    ----------
    scenario
        Id of a shipped scenario, path of a file, or one loaded before; or a run, or a
        game that was played, which knows its own seed and replicate.
    day
        Counted from 0.
    party
        Only the decisions of this one.
    command
        Noted as what repeats it.

    Raises
    ------
    UsageError
        If nobody, or not this party, decided anything that day; it names near days.
    ScenarioError, InputMissingError
        As `load`.
    """
    day, run = whole("--day", day), _run_of(scenario, seed, replicate)
    loaded = run.loaded
    party = None if party is None else word("--party", party)
    if party is not None and party not in loaded.scenario.parties:
        known = loaded.scenario.parties
        raise UsageError(
            f"no party '{party}' here{did_you_mean(party, known)} "
            f"(parties: {', '.join(sorted(known))})"
        )
    found = decisions(
        loaded, seed=run.seed, replicate=run.replicate, policies=run.policies
    )
    chosen = [each for each in found if each.day == day and party in (None, each.actor)]
    if not chosen:
        raise UsageError(_none(found, day, party))
    refuse_lost([told(each) for each in chosen], loaded.scenario.id)
    return explained(loaded, run.seed, run.replicate, chosen, command, run.moves)


class _Which(NamedTuple):
    """Which world is taken apart, and who decided in it otherwise than scenarios do."""

    loaded: Loaded
    seed: int
    replicate: int
    policies: Mapping[str, Policy]
    moves: Sequence[str]


def _run_of(given: str | Path | Loaded | Run, seed: int, replicate: int) -> _Which:
    if isinstance(given, Run):
        moves = given.manifest.get("moves", [])
        return _Which(given.loaded, given.seed, given.replicate, given.recorded, moves)
    seed, replicate = whole("--seed", seed), whole("--replicate", replicate)
    return _Which(load(given), seed, replicate, {}, [])


def telling_answer(
    scenario: str | Path | Loaded | Run,
    *,
    seed: int = 1,
    replicate: int = 0,
    command: str = "",
) -> Explanation:
    """Take the first refusal in a world apart, or the first answer if none refuses.

    That is the answer that the story of the run (figure 10) numbers. UsageError if
    nobody answers anything.
    """
    run = _run_of(scenario, seed, replicate)
    scenes = walk(run.loaded, run.seed, run.replicate, run.policies).scenes
    answers = [scene for scene in scenes if scene.kind == ANSWER and scene.event]
    refusals = [each for each in answers if (each.event or {})["type"] != "acceptance"]
    if not answers:
        raise UsageError("no offer is answered in this world")
    told = decision((refusals or answers)[0])
    loaded, moves = run.loaded, run.moves
    return explained(loaded, run.seed, run.replicate, [told], command, moves)


def _none(found: Sequence[Decision], day: int, party: str | None) -> str:
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
