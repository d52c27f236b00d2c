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
    help="Who takes part: built-in policies, FILE.py:CLASS, or mappings as in a "
    "scenario: '{name: conceder, beta: 4}'.",
)
@options.number_option(
    "--replicates", "Worlds of each pair.", 1, MOST_REPLICATES, default=REPLICATES
)
@options.number_option(
    "--within-days",
    "Day by which a first full truce counts.",
    1,
    MOST_DAYS,
    default=WITHIN_DAYS,
)
@options.number_option("--seed", "Number that all luck is drawn from.", default=SEED)
@options.number_option("--threads", "[default: all processors]", 1)
@options.set_option
@options.result_options("Folder for tables and figure 12.")
def tournament(
    scenario: str,
    policies: str,
    changes: tuple[str, ...],
    output: options.Output,
    **asked: Any,
) -> None:
    """Every pair of policies, one for each side, under the same luck.

    Each of the policies is followed by one belligerent and by the other, against each
    policy of the list. Classes of your own run in worker processes, hundreds of times
    slower than built-in ones: fewer --replicates help.
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
        output.say(f"no figure: it has room for {MOST_IN_FIGURE} policies")


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
            "payoff: mean of the party's payoff, km2, with its 95 % interval as +- "
            f"(luck). begun: runs of 100 in which {happens(BEGUN, *days)}. stopped: "
            f"runs of 100 in which {happens(STOPPED, *days)}. truce: median day of a "
            "first full truce, where half of the runs have one. Two policies cannot be "
            "told from one another if the interval of their difference, run by run, "
            "holds 0. A policy that does best here need not do so in another scenario."
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
