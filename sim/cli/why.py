"""`ceasefire why`: one decision of one world, taken apart."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import (
    FORECAST,
    command_line,
    debug_option,
    json_option,
    open_scenario,
    print_json,
    replicate_option,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError

if TYPE_CHECKING:
    from sim.analysis.why import Decision
    from sim.api import Run

_CARRIED = ("scenario", "scenario_hash", "version", "versions", "seed", "replicate")
# Parts that six decimals do not show.
_SMALL = 5e-7


@click.command()
@scenario_argument
@click.option(
    "--day",
    type=click.IntRange(0),
    required=True,
    metavar="D",
    help="Day of the decision, counted from 0.",
)
@click.option("--party", metavar="ID", help="Only the decision of this party.")
@seed_option
@replicate_option
@set_option
@json_option
@debug_option
def why(
    scenario: str,
    day: int,
    party: str | None,
    seed: int,
    replicate: int,
    changes: tuple[str, ...],
    as_json: bool,
) -> None:
    """One decision taken apart into what weighed in it.

    Of each answer on that day: what accepting and fighting on are worth to the party,
    and what their difference is made of. `ceasefire run` tells the days.
    """
    loaded = open_scenario(scenario, changes)
    if party is not None:
        _check_party(party, loaded.scenario.parties)
    from sim.analysis.why import decisions
    from sim.api import run

    world = run(loaded, seed=seed, replicate=replicate)
    found = decisions(world.log)
    chosen = [each for each in found if each.day == day and party in (None, each.actor)]
    if not chosen:
        raise UsageError(_none(found, day, party))
    more = {} if party is None else {"party": party}
    options = {"day": day, **more, "seed": seed, "replicate": replicate}
    command = command_line("why", scenario, assignments=changes, **options)
    if as_json:
        print_json(_as_json(world, command, chosen))
        return
    click.echo("\n".join(_lines(world, command, chosen)))


def _check_party(party: str, known: Collection[str]) -> None:
    from sim.scenario.names import did_you_mean

    if party not in known:
        raise UsageError(
            f"no party '{party}' here{did_you_mean(party, known)} "
            f"(parties: {', '.join(sorted(known))})"
        )


def _none(found: Sequence["Decision"], day: int, party: str | None) -> str:
    """Say that nobody, or not this party, decided that day, and when it was."""
    from sim.analysis.why import nearest_days
    from sim.analysis.words import joined

    said = f"{party} answered no offer" if party else "nobody answered an offer"
    own = [each for each in found if party in (None, each.actor)]
    among = [each for each in found if each.day == day] if own else found
    others = joined(sorted({each.actor for each in among}))
    others = f" ({others} did)" if others else ""
    if not own:
        return f"{said} in this world{others}"
    days = ", ".join(map(str, nearest_days(own, day)))
    return f"{said} on day {day}{others}; nearest days: {days}"


def _as_json(
    world: "Run", command: str, chosen: Sequence["Decision"]
) -> dict[str, Any]:
    whole = world.to_dict()
    return {
        "schema_version": 1,
        **{name: whole[name] for name in _CARRIED},
        "command": command,
        "decisions": [each.to_dict() for each in chosen],
    }


def _lines(world: "Run", command: str, chosen: Sequence["Decision"]) -> Iterator[str]:
    loaded = world.loaded
    yield click.style(loaded.scenario.title, bold=True)
    for decision in chosen:
        yield ""
        yield from _decision(decision)
    yield ""
    yield paragraph(
        "Worth is in shares of the stake; what is above 0 speaks for accepting. The "
        "error of judgement is drawn once for a party and an offer."
    )
    yield FORECAST
    yield (
        f"scenario {loaded.scenario.id}, hash {loaded.hash}, seed {world.seed}, "
        f"replicate {world.replicate}"
    )
    yield f"again: {command}"


def _decision(decision: "Decision") -> Iterator[str]:
    from sim.analysis.telling import sentence
    from sim.analysis.why import in_words, part_in_words
    from sim.analysis.words import display_name, joined, long_date

    event = decision.event
    when = f"Day {decision.day}, {long_date(event['date'])}"
    yield click.style(f"{when}: {display_name(decision.actor)} answers", bold=True)
    if decision.proposal is not None:
        yield paragraph(sentence(decision.proposal))
    yield paragraph(in_words(decision))
    yield ""
    parts = sorted(decision.parts.items(), key=lambda part: -abs(part[1]))
    shown = [(name, value) for name, value in parts if abs(value) >= _SMALL]
    unseen = [part_in_words(name) for name, value in parts if abs(value) < _SMALL]
    wanted = []
    if decision.aspiration:
        wanted = [["wanted beyond fighting on", f"{-decision.aspiration:+.6f}"]]
    rounding = decision.sum_of_parts - decision.difference
    yield from aligned(
        [
            ["accepting is worth", f"{decision.accept:.6f}"],
            ["fighting on is worth", f"{decision.fight_on:.6f}"],
            ["accepting less fighting on", f"{decision.difference:+.6f}"],
            *([f"  {part_in_words(name)}", f"{value:+.6f}"] for name, value in shown),
            ["sum of these parts", f"{decision.sum_of_parts:+.6f}"],
            ["error of judgement", f"{decision.noise:+.6f}"],
            *wanted,
            ["difference as judged", f"{decision.weighed:+.6f}"],
        ],
        right=(1,),
    )
    yield paragraph(f"sum and difference agree to {abs(rounding):.0e}", 2)
    if unseen:
        yield paragraph(f"no part, or none that shows: {joined(unseen)}", 2)
