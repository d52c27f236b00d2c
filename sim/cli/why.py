"""`ceasefire why`: the decisions of one day of one world, taken apart."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import sim
from sim.analysis.decisions.decision import Decision
from sim.analysis.decisions.words import (
    change_in_words,
    heading,
    in_words,
    is_of_patron,
    names_compared,
    option_in_words,
    part_in_words,
    short_chance,
    turn_in_words,
    would_in_words,
)
from sim.analysis.narrative.sentences import sentence
from sim.analysis.narrative.words import SHOWS, amount, joined, long_date
from sim.api.run import Run, kept_run
from sim.api.why import Explanation
from sim.batch.progress import Progress
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError
from sim.scenario.load import Loaded

# What is so small next to the largest part is shown only where all are small.
_NEXT_TO = 1e-3
# Changes of an input that are told beside the smallest.
_MORE_TURNS = 4


@click.command()
@click.argument("scenario", metavar="SCENARIO|DIR")
@options.number_option(
    "--day", "Day of the decision, counted from 0.", required=True, metavar="D"
)
@click.option("--party", metavar="ID", help="Show only the decisions of this party.")
@options.seed_option
@options.replicate_option
@options.set_option
@options.result_options("Folder for the decisions, with a figure of each.")
def why(
    scenario: str,
    day: int,
    party: str | None,
    seed: int,
    replicate: int,
    changes: tuple[str, ...],
    output: options.Output,
) -> None:
    """Explain a decision and the smallest change that reverses it.

    For each decision on that day (an answer, conditions, the choice of an offer or of
    the level of aid), this shows what was compared, what the difference consists of,
    and the smallest change of one input that reverses the decision. `ceasefire run`
    shows on which days decisions are taken. DIR is a folder that `run` or `play` has
    written.
    """
    asked: dict[str, Any] = {"party": party, "seed": seed, "replicate": replicate}
    what: Loaded | Run
    if Path(scenario).is_dir():
        if changes:
            raise UsageError("--set changes a scenario and cannot change a saved run")
        kept = kept_run(Path(scenario))
        if kept is None:
            raise UsageError(
                f"{scenario} is not a saved run or game: name one of "
                "these, or a scenario"
            )
        what, reads = kept, options.data_of(Path(scenario))
        asked = {"party": party}
    else:
        what = options.open_scenario(scenario, changes)
        reads = list(what.files)
    command = options.command_line("why", scenario, set=changes, day=day, **asked)
    output.refuse(Explanation, reads)
    Progress(None if output.quiet else sys.stderr).note_first_start()
    found = sim.why(what, day, **asked, command=command)
    output.give(found, _lines(found))


def _lines(found: Explanation) -> Iterator[str]:
    yield click.style(found.loaded.scenario.title, bold=True)
    for decision in found:
        yield ""
        yield from _decision(decision)
    yield ""
    yield paragraph(
        "Worth is in km2: a worth of 10 km2 is as good as 10 km2 more of the "
        "disputed land, held for ever. Values above 0 speak for the first of the two "
        "choices. The error of judgement is drawn once for each party and offer. To "
        "find what would reverse a decision, one input at a time was changed while "
        "the rest of the day stayed as it was. Changes are ranked by their size "
        "compared with the range from low to high, or with the value where no range "
        "is given."
    )
    yield options.FORECAST
    yield (
        f"scenario {found.loaded.scenario.id}, hash {found.loaded.hash}, "
        f"seed {found.seed}, replicate {found.replicate}\nagain: {found.command}"
    )


def _decision(decision: Decision) -> Iterator[str]:
    when = f"Day {decision.day}, {long_date(decision.date)}"
    yield click.style(f"{when}: {decision.called} {heading(decision)}", bold=True)
    if decision.kind == "answer" and decision.proposal is not None:
        yield paragraph(sentence(decision.proposal, decision.labels))
    yield paragraph(in_words(decision))
    yield ""
    yield from _account(decision)
    yield from _options(decision)
    yield ""
    yield from _turns(decision)


def _account(decision: Decision) -> Iterator[str]:
    told, of_patron = decision.account, is_of_patron(decision)
    first, second = names_compared(decision)
    parts = sorted(decision.parts.items(), key=lambda part: -abs(part[1]))
    words = {name: part_in_words(name, of_patron=of_patron) for name, _ in parts}
    least = min(SHOWS, _NEXT_TO * abs(parts[0][1])) if parts else 0.0
    shown = [(name, value) for name, value in parts if abs(value) > least]
    unseen = [words[name] for name, value in parts if abs(value) <= least]
    wanted = [["what it wants beyond that", amount(-told.aspiration, "+")]]
    yield from aligned(
        [
            ["", "km2"],
            [f"{first} is worth", amount(told.first.worth)],
            [f"{second} is worth", amount(told.second.worth)],
            [f"{first} less {second}", amount(decision.difference, "+")],
            *([f"  {words[name]}", amount(value, "+")] for name, value in shown),
            ["error of judgement", amount(told.noise, "+")],
            *(wanted if told.aspiration else []),
            ["difference as the party judges it", amount(decision.weighed, "+")],
        ],
        right=(1,),
    )
    if unseen:
        yield paragraph(f"too small to show: {joined(unseen)}", 2)


def _options(decision: Decision) -> Iterator[str]:
    """Tell all that there was to choose from, where it was more than yes or no."""
    choices = decision.account.options
    if not choices:
        return
    yield ""
    head = ["to choose from", "gain", "chance", "expected"]
    if decision.kind == "aid":
        head = ["to choose from", "worth"]
    elif decision.kind == "conditions":
        head = ["to choose from", "gain", "chance"]
    rows = [
        [
            option_in_words(decision, each.name),
            amount(each.gain, "+"),
            short_chance(each.chance),
            amount(each.worth, "+"),
        ]
        for each in choices
    ]
    yield from aligned(
        [head, *(row[: len(head)] for row in rows)], right=range(1, len(head))
    )


def _turns(decision: Decision) -> Iterator[str]:
    """Tell the smallest change that turns the decision, and some others."""
    yield paragraph(turn_in_words(decision, decision.smallest))
    if not decision.flips:
        return
    found = [each for each in decision.flips if each.at is not None]
    for flip in found[1 : 1 + _MORE_TURNS]:
        assert flip.becomes is not None
        what = would_in_words(decision, flip.becomes)
        yield paragraph(f"{what} {change_in_words(decision, flip)}", 2)
    rest = len(found) - 1 - _MORE_TURNS
    none = sum(each.touches and each.at is None for each in decision.flips)
    yield paragraph(
        f"{max(rest, 0)} other inputs can reverse it as well; {none} on which it "
        "depends cannot within the range searched (--json lists all)",
        2,
    )
