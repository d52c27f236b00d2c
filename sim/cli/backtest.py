"""`ceasefire backtest`: forecasts from the past, scored on what came."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import click

import sim
from sim.analysis.calibration.backtest import Backtest
from sim.analysis.calibration.events import EventScore
from sim.api.calibration import BacktestResult
from sim.cli.infer import beside_words
from sim.cli.observed import Day, chip_option, column_option, observed_option, words_of
from sim.cli.options import (
    FORECAST,
    Output,
    command_line,
    number_option,
    open_scenario,
    result_options,
    say,
    scenario_argument,
    seed_option,
    set_option,
)
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError
from sim.scenario.observations import table_file

_HARDEST = ("persistence", "log_random_walk_28", "log_random_walk_84")


@click.command()
@scenario_argument
@observed_option
@chip_option
@column_option
@click.option(
    "--events",
    metavar="CSV",
    help="Table of dated events (columns date, event); the model's chances of these "
    "events are scored.",
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Also score the chances of events with inputs that fit the record: a folder "
    "that `infer` wrote, or the shipped march-2025.",
)
@click.option(
    "--from", "first", type=Day(), metavar="DATE", help="First day to forecast from."
)
@click.option(
    "--days",
    default="7,14,30,60,90",
    show_default=True,
    metavar="LIST",
    help="Numbers of days to forecast ahead, in rising order.",
)
@number_option(
    "--paths",
    "Number of simulated paths of a forecast, and of worlds for the chances of events.",
    100,
    default=2000,
)
@seed_option
@set_option
@result_options("Folder for the forecasts, scores and comparisons.")
def backtest(
    scenario: str,
    tables: tuple[str, ...],
    days: str,
    changes: tuple[str, ...],
    output: Output,
    **asked: Any,
) -> None:
    """Test forecasts of the past against what happened.

    Forecasts are made from days in the past, a week apart, and scored by what happened
    later. The method `fitted` uses only the observations before each of these days;
    `as_written` uses the numbers of SCENARIO, which may rest on later ones. Both are
    compared with simple forecasts.
    """
    ahead = _days(days)
    loaded = open_scenario(scenario, changes)
    read = [*tables, *filter(None, [asked["events"]])]
    output.refuse(BacktestResult, chain(loaded.files, map(table_file, read)))
    words = words_of(tables, {**asked, "days": days})
    command = command_line("backtest", scenario, *words, set=changes)
    found = sim.backtest(loaded, *tables, days=ahead, command=command, **asked)
    told = found.found
    assert told is not None
    others = beside_words(found.manifest.get("beside", ()))
    lines = chain(*map(_table, told.tests), _events(told.events), others)
    output.give(found, lines)
    quiet = output.quiet or output.as_json
    say(f"{command}\nA test of the model on the past. {FORECAST}", quiet=quiet)


def _days(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise UsageError(
            f"--days {text}: needs numbers of days in rising order, such as 7,30"
        ) from None


def _table(test: Backtest) -> Iterator[str]:
    days = test.origins
    yield (
        f"{test.series.name}: forecasts from {len(days)} days, {days[0]} to {days[-1]}"
    )
    yield ""
    rows = [
        ["days", "method", "origins", "CRPS", "bias", "score 90", "in 50 %", "in 90 %"]
    ]
    before = None
    for score in test.scores:
        rows.append(
            [
                "" if score.days == before else str(score.days),
                score.method,
                str(score.origins),
                f"{score.crps:.1f}",
                f"{score.bias:+.1f}",
                f"{score.interval_score['90']:.0f}",
                f"{score.coverage['50']:.2f}",
                f"{score.coverage['90']:.2f}",
            ]
        )
        before = score.days
    yield from aligned(rows, right=[0, 2, 3, 4, 5, 6, 7])
    yield ""
    yield paragraph(
        "CRPS (the continuous ranked probability score, a mean error that takes the "
        "whole forecast into account), bias (median minus observed) and the score of "
        "90 % intervals are in km2; nearer to 0 is better. The last two columns are "
        "the share of forecasts whose 50 % and 90 % intervals contained the observed "
        "value; origins is the number of days from which forecasts were made."
    )
    yield ""
    yield (
        "Share by which the CRPS is smaller than that of a simple forecast, with a "
        "90 % interval:"
    )
    rows = [["days", "method", "against", "saved"]]
    for skill in test.skills:
        if skill.rival in _HARDEST:
            saved = f"{skill.skill:+.2f}"
            interval = "too few forecasts for an interval"
            if skill.skill != skill.skill:
                saved, interval = "", f"{skill.rival} was never wrong"
            elif skill.low == skill.low:
                interval = f"{skill.low:+.2f} to {skill.high:+.2f}"
            rows.append([str(skill.days), skill.method, skill.rival, saved, interval])
    yield from aligned(rows, right=[0, 3])
    yield ""


def _events(scores: list[EventScore]) -> Iterator[str]:
    if not scores:
        return
    yield (
        f"Events from {scores[0].start}. Smaller scores are better; a chance of 0.5 "
        "for everything would score 0.25 (Brier) and 0.69 (log):"
    )
    yield ""
    rows = [["event", "days", "inputs", "chance", "came", "Brier", "log"]]
    for each in sorted(scores, key=lambda each: (_order(scores, each), each.days)):
        came = {True: "yes", False: "no", None: "not known yet"}[each.happened]
        told = ["" if s is None else f"{s:.3f}" for s in (each.brier, each.log_score)]
        chance = f"{each.chance.estimate:.3f}"
        rows.append([each.event, str(each.days), each.inputs, chance, came, *told])
    yield from aligned(rows, right=[1, 3, 5, 6])


def _order(scores: list[EventScore], score: EventScore) -> int:
    """Return the place of an event: all inputs of one stand together."""
    return list(dict.fromkeys(each.event for each in scores)).index(score.event)
