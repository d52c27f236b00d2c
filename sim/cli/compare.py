"""`ceasefire compare`: scenarios under the same luck, and where twin runs part."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

import sim
from sim.analysis.decisions.paired_runs import Parting, parting_in_words
from sim.api.compare import Comparison
from sim.cli.options import (
    FORECAST,
    Whole,
    changes_of,
    command_line,
    debug_option,
    force_option,
    give_result,
    json_option,
    open_scenario,
    print_json,
    quiet_option,
    refuse_result,
    say,
    scenario_argument,
    seed_option,
)
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError
from sim.plots.comparison import MOST_ROWS, letter, pairs_in_words

_NUMBER = Whole(1)


@click.command()
@scenario_argument
@click.argument("others", metavar="[OTHER]...", nargs=-1)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="A row of SCENARIO with one other value: aid.level=0.5; repeatable.",
)
@click.option(
    "--together", is_flag=True, help="One row more, with all that --set changes."
)
@click.option(
    "--in-all",
    "everywhere",
    multiple=True,
    metavar="PATH=VALUE",
    help="Another value in all rows; repeatable.",
)
@click.option(
    "--replicates",
    type=_NUMBER,
    default=1000,
    show_default=True,
    help="Runs of each row.",
)
@click.option(
    "--within-days",
    type=_NUMBER,
    default=90,
    show_default=True,
    help="Day by which a first truce counts.",
)
@seed_option
@click.option(
    "--replicate",
    type=Whole(0),
    default=0,
    show_default=True,
    help="Which of the runs to follow as twins.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the table and the figure.",
)
@force_option
@json_option
@quiet_option
@debug_option
def compare(
    scenario: str,
    others: tuple[str, ...],
    changes: tuple[str, ...],
    together: bool,
    everywhere: tuple[str, ...],
    replicates: int,
    within_days: int,
    seed: int,
    replicate: int,
    out: Path | None,
    force: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Scenarios under the same luck, and what a change does.

    Each OTHER and each --set makes a row, compared with SCENARIO run by run: replicate
    17 has the same luck in all of them. One run of each is followed as twins, to the
    first day on which they part.
    """
    rows = [{path: value} for path, value in changes_of(changes).items()]
    if together:
        if len(rows) < 2:
            raise UsageError("--together needs two --set at least")
        rows.append(changes_of(changes))
    compared = [open_scenario(each, everywhere) for each in (scenario, *others)]
    reads = [file for each in compared for file in each.files]
    refuse_result(Comparison, out, reads=reads, force=force)
    found = sim.compare(
        *compared,
        changes=rows,
        replicates=replicates,
        seed=seed,
        within_days=within_days,
    )
    twins = [found.twins(row, replicate) for row in range(1, len(found.scenarios))]
    words = [word for text in everywhere for word in ("--in-all", text)]
    words += ["--together"] if together else []
    command = command_line(
        "compare",
        scenario,
        *others,
        *words,
        assignments=changes,
        replicates=replicates,
        within_days=within_days,
        seed=seed,
        replicate=replicate,
    )
    told = [{}, *({"twins": each.to_dict()} for each in twins)]
    made = found.manifest
    rows_told = [row | more for row, more in zip(made["rows"], told, strict=True)]
    more = {"command": command, "twin_replicate": replicate, "rows": rows_told}
    found = replace(found, manifest={**made, **more})
    give_result(found, out, force=force, quiet=quiet)
    if out is not None and not found.fits:
        say(f"no figure: it has room for {MOST_ROWS} rows", quiet=quiet)
    if as_json:
        print_json(found.to_dict())
        return
    click.echo("\n".join(_lines(found, twins, command, replicate)))


def _lines(
    found: Comparison, twins: Sequence[Parting], command: str, replicate: int
) -> Iterator[str]:
    table, first, made = found.table, found.scenarios[0], found.manifest
    yield click.style(first.scenario.title, bold=True)
    yield ""
    for place, label in enumerate(table["label"]):
        yield paragraph(f"{letter(place)}: {label}")
        told = [str(each) for each in found.changes[place]]
        if len(told) > 1:
            yield from (paragraph(each, 3) for each in told)
    yield ""
    yield from _table(table, made["within_days"])
    yield ""
    yield from _pairs(table)
    for place, each in enumerate(twins, start=1):
        names = letter(0), letter(place)
        yield ""
        yield click.style(
            f"Twins of {names[0]} and {names[1]}, replicate {replicate}", bold=True
        )
        for text in parting_in_words(each, names):
            yield paragraph(text)
        other = found.first_to_differ[place]
        if other is not None and other != replicate:
            yield paragraph(
                f"The first replicate whose fighting ends on another day is {other} "
                f"(--replicate {other})."
            )
    yield ""
    yield paragraph(
        "In brackets 95 % intervals of luck; a difference is from A, run by run with "
        "the same luck. The fighting of a run ends with the truce or settlement that "
        "holds at its last day, or with a defeat."
    )
    yield FORECAST
    yield (
        f"scenario {first.scenario.id}, hash {first.hash}, seed {made['seed']}, "
        f"{made['replicates']:,} runs a row"
    )
    yield f"again: {command}"


def _table(table: pd.DataFrame, within_days: int) -> Iterator[str]:
    """Tell each outcome row by row, with its difference from the first."""
    until = int(table["horizon_days"].min())
    names = {
        "full_truce_share": f"runs with a full truce by day {within_days}, share",
        "truce_share": f"runs with any truce by day {within_days}, share",
        "fighting_stopped_share": "runs whose fighting has stopped at the end, share",
        "days_fought_mean": f"days fought, mean up to day {until}",
        "first_full_truce_day_median": "first full truce, median day",
        "broken_share": "runs in which a truce broke down, share",
        "defeat_share": "runs that end in a defeat, share",
        "share_mean": "the line at the end, share of the stake",
        "aid_given_mean": "aid given, weeks of the norm",
    }
    for name in map(str, table.columns):
        for start, words in (("chips_km2.", "km2 held"), ("payoff.", "payoff")):
            if name.startswith(start) and name.endswith("_mean"):
                whose = name.removeprefix(start).removesuffix("_mean")
                names[name] = f"{whose.replace('_', ' ')}: {words}, mean"
    for name, words in names.items():
        yield words
        rows = []
        for place, row in enumerate(table.to_dict("records")):
            cells = [letter(place), *_estimate(row, name, "")]
            rows.append([*cells, *(_estimate(row, name, "_diff") if place else ())])
        yield from aligned(rows, right=(1, 3))


def _estimate(row: dict[Any, Any], name: str, kind: str) -> list[str]:
    sign = "+" if kind else ""
    found = [float(row[f"{name}{kind}{end}"]) for end in ("", "_low", "_high")]
    if found[0] != found[0]:
        return ["not reached" if "median" in name else "none", ""]
    written = [f"{each:{sign}.4g}" if each == each else "?" for each in found]
    return [written[0], f"({written[1]} to {written[2]})"]


def _pairs(table: pd.DataFrame) -> Iterator[str]:
    for place in range(1, len(table)):
        row = table.iloc[place]
        yield paragraph(
            f"With the same luck, {pairs_in_words(row)} in {letter(place)} as in A; "
            f"a first full truce comes earlier in {int(row['truce_earlier']):,}, later "
            f"in {int(row['truce_later']):,}."
        )
