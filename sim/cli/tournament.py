"""`ceasefire tournament`: every pair of policies under the same luck."""

import sys
from collections.abc import Iterator
from typing import Any

import click
import pandas as pd

import sim
from sim.analysis.narrative.words import amount
from sim.analysis.outcomes import happens
from sim.analysis.tournament import MEDIAN, payoff_of, policy_of
from sim.api.tournament import (
    MOST_REPLICATES,
    REPLICATES,
    SEED,
    WITHIN_DAYS,
    Tournament,
)
from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.players import BUILT_IN, players
from sim.batch.progress import Progress
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.plots.tournament import MOST_IN_FIGURE
from sim.scenario.arguments import MOST_DAYS


@click.command()
@options.scenario_argument
@click.option(
    "--policies",
    default=",".join(BUILT_IN),
    show_default=True,
    metavar="A,B,...",
    help="Policies that take part: built-in ones, FILE.py:CLASS, or mappings as in a "
    "scenario: '{name: conceder, beta: 4}'.",
)
@options.number_option(
    "--replicates",
    "Number of worlds of each pair.",
    1,
    MOST_REPLICATES,
    default=REPLICATES,
)
@options.number_option(
    "--within-days",
    "Day by which a first full truce must begin to be counted.",
    1,
    MOST_DAYS,
    default=WITHIN_DAYS,
)
@options.number_option("--seed", "Seed of all random numbers.", default=SEED)
@options.number_option("--threads", "Number of threads.  [default: all processors]", 1)
@options.set_option
@options.result_options("Folder for the tables and the figure.")
def tournament(
    scenario: str,
    policies: str,
    changes: tuple[str, ...],
    output: options.Output,
    **asked: Any,
) -> None:
    """Set every pair of policies against each other.

    Each policy is tried for either side, against every policy in the list and always
    under the same luck. Your own classes run in worker processes and are hundreds of
    times slower than built-in policies: ask for fewer --replicates.
    """
    base = options.open_scenario(scenario, changes)
    files = [each.own for each in players(policies) if isinstance(each.own, str)]
    output.refuse(
        Tournament,
        [*base.files, *options.policy_files([f"={file}" for file in files])],
    )
    with options.aside(files):
        found = sim.tournament(
            base,
            policies,
            progress=Progress(None if output.quiet else sys.stderr),
            **asked,
        )
    output.give(found, tournament_text(found))
    if output.out is not None and not found.fits:
        output.say(
            "no figure is drawn, because it has room for only "
            f"{MOST_IN_FIGURE} policies"
        )


def tournament_text(found: Tournament) -> list[str]:
    """Return the tournament as lines."""
    made = found.manifest
    days = made["within_days"], made["horizon_days"]
    return [
        click.style(made["scenario_title"], bold=True),
        paragraph(
            f"{len(found.policies)} policies, {len(found.pairs)} pairs, "
            f"{made['replicates']:,} runs of each with the same luck."
        ),
        "",
        *_table(found),
        "",
        *map(paragraph, found.read_aloud),
        "",
        paragraph(
            "payoff: the mean of the party's payoff in km2, with +- its 95 % "
            "interval (luck only). begun: runs of 100 in which "
            f"{happens(BEGUN, *days)}. stopped: runs of 100 in which "
            f"{happens(STOPPED, *days)}. truce: the median day of a first full truce, "
            "if at least half of the runs have one. Two policies cannot be told "
            "apart if the interval of their difference, run by run, contains 0. The "
            "policy that does best here need not do best in another scenario."
        ),
        options.FORECAST,
        f"scenario {made['scenario_id']}, hash {made['scenario_hash']}, "
        f"seed {made['seed']}\nagain: {found.command}",
    ]


def _table(found: Tournament) -> Iterator[str]:
    called = [found.manifest["called"]["labels"][party] for party in found.parties]
    rows = [
        [
            *called,
            *(f"payoff of {each}" for each in called),
            "begun",
            "stopped",
            "truce",
        ]
    ]
    before = ""
    for _, row in found.pairs.iterrows():
        first, second = (str(row[policy_of(party)]) for party in found.parties)
        rows.append(
            [
                first if first != before else "",
                second,
                *(_payoff(row, party) for party in found.parties),
                f"{100 * row[BEGUN]:.0f}",
                f"{100 * row[STOPPED]:.0f}",
                "-" if row[MEDIAN] != row[MEDIAN] else f"day {row[MEDIAN]:.0f}",
            ]
        )
        before = first
    yield from aligned(rows, right=range(2, 7))


def _payoff(row: "pd.Series[Any]", party: str) -> str:
    name = payoff_of(party)
    half = (float(row[f"{name}_high"]) - float(row[f"{name}_low"])) / 2.0
    return f"{amount(float(row[name]))} +- {amount(half)}"
