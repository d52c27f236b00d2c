"""`ceasefire compare`: scenarios under the same luck, and where twin runs part."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import pandas as pd

import sim
from sim.analysis.decisions.paired_runs import Divergence, divergence_in_words
from sim.analysis.narrative.words import amount
from sim.analysis.outcomes import happens, is_chance
from sim.api.compare import Comparison
from sim.api.result import only
from sim.batch.estimates import BEGUN, HEADLINES
from sim.batch.progress import Progress
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError
from sim.model.labels import labels_of
from sim.model.outcome import MEANS
from sim.plots.comparison import MOST_ROWS, letter, pairs_in_words
from sim.plots.words import Counts, counts_for

_ANY, _ENDINGS = "truce_share", ("broken_share", "defeat_share")


@click.command()
@options.scenario_argument
@click.argument("others", metavar="[OTHER]...", nargs=-1)
@options.repeated_option(
    "--set changes",
    "PATH=VALUE",
    "Add a row in which one value of SCENARIO differs, such as aid.level=0.5; "
    "repeatable.",
)
@click.option(
    "--together", is_flag=True, help="Add one row with all changes of --set together."
)
@options.repeated_option(
    "--in-all everywhere", "PATH=VALUE", "Change a value in all rows; repeatable."
)
@options.number_option(
    "--replicates", "Number of runs of each row.", least=1, default=1000
)
@options.number_option(
    "--within-days",
    "Day by which a first truce must begin to be counted.",
    least=1,
    default=90,
)
@options.seed_option
@options.number_option(
    "--replicate", "Number of the run to compare day by day.", default=0
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Use inputs that fit the record, from a folder that `infer` wrote or from a "
    "shipped inference (march-2025).",
)
@options.result_options("Folder for the table and the figure.")
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
    inputs: Path | None,
    output: options.Output,
) -> None:
    """Compare scenarios under the same luck.

    Each OTHER and each --set gives one row, which is compared with SCENARIO run by run:
    replicate 17 has the same luck in all rows. One run of each row is also compared
    with the same run of SCENARIO, up to the first day on which the two differ; not with
    --inputs, where each run has its own inputs.
    """
    rows = [{path: value} for path, value in options.changes_of(changes).items()]
    if together:
        if len(rows) < 2:
            raise UsageError("--together needs at least two --set")
        rows.append(options.changes_of(changes))
    compared = [options.open_scenario(each, everywhere) for each in (scenario, *others)]
    output.refuse(Comparison, [file for each in compared for file in each.files])
    asked: dict[str, Any] = {
        "replicates": replicates,
        "within_days": within_days,
        "seed": seed,
        "inputs": inputs,
    }
    command = options.command_line(
        "compare",
        scenario,
        *others,
        in_all=everywhere,
        together=together,
        set=changes,
        **asked,
        replicate=replicate,
    )
    Progress(None if output.quiet else sys.stderr).note_first_start()
    found = sim.compare(*compared, changes=rows, **asked, command=command)
    rows_but_the_first = range(1, len(found.scenarios)) if inputs is None else ()
    twins = [found.twins(row, replicate) for row in rows_but_the_first]
    told: list[dict[str, Any]] = [{}, *({"twins": t.to_dict()} for t in twins)]
    made = found.manifest
    told += [{}] * (len(made["rows"]) - len(told))
    rows_told = [row | more for row, more in zip(made["rows"], told, strict=True)]
    more = {"twin_replicate": replicate, "rows": rows_told}
    found = replace(found, manifest={**made, **more})
    output.give(found, _lines(found, twins))
    if output.out is not None and not found.fits:
        output.say(f"no figure is drawn, because it has room for only {MOST_ROWS} rows")


def _lines(found: Comparison, twins: Sequence[Divergence]) -> Iterator[str]:
    table, first, made = found.table, found.scenarios[0], found.manifest
    replicate = made["twin_replicate"]
    yield click.style(first.scenario.title, bold=True)
    yield ""
    for place, label in enumerate(table["label"]):
        yield paragraph(f"{letter(place)}: {label}")
        told = [str(each) for each in found.changes[place]]
        if len(told) > 1:
            yield from (paragraph(each, 3) for each in told)
    yield ""
    yield from _table(found)
    yield ""
    for place in range(1, len(table)):
        row = table.iloc[place]
        yield paragraph(
            f"With the same luck, {pairs_in_words(row)} in {letter(place)} as in A; "
            f"a first full truce comes earlier in {int(row['truce_earlier']):,}, later "
            f"in {int(row['truce_later']):,}."
        )
    for place, each in enumerate(twins, start=1):
        names = letter(0), letter(place)
        yield ""
        yield click.style(
            f"Twins of {names[0]} and {names[1]}, replicate {replicate}", bold=True
        )
        for text in divergence_in_words(each, names):
            yield paragraph(text)
        other = found.first_to_differ[place]
        if other is not None and other != replicate:
            yield paragraph(
                f"The first replicate whose fighting ends on another day is {other} "
                f"(--replicate {other})."
            )
    yield ""
    if made["fitted"] is not None:
        yield paragraph(
            "Each run has a set of inputs that fits the record; it is the same in "
            "all rows, apart from what a row changes."
        )
    yield paragraph(
        "Numbers in brackets are 95 % intervals, which show luck only. A change is "
        "the difference from A, run by run with the same luck. The fighting in a run "
        "ends with the truce or settlement that holds on its last day, or with a "
        "defeat."
    )
    yield options.FORECAST
    yield (
        f"scenario {first.scenario.id}, hash {first.hash}, seed {made['seed']}, "
        f"{made['replicates']:,} runs a row\nagain: {found.command}"
    )


def _table(found: Comparison) -> Iterator[str]:
    """Tell each outcome row by row, with its difference from the first."""
    table, day = found.table, found.manifest["within_days"]
    last, until = only(table["horizon_days"]), int(table["horizon_days"].min())
    names = {
        **{name: _share(happens(name, day, last)) for name in (*HEADLINES, _ANY)},
        "days_fought_mean": f"days fought, mean up to day {until}",
        "first_full_truce_day_median": "first full truce, median day",
        **{name: _share(happens(name, day, last)) for name in _ENDINGS},
        **{f"{name}_mean": f"{words}, mean" for name, words in MEANS.items()},
    }
    for each in map(labels_of, (loaded.scenario for loaded in found.scenarios)):
        chips = zip(each.chips, each.chip_labels, each.units, strict=True)
        for chip, label, unit in chips:
            words = f"{label} at the end, {unit}, mean"
            names.setdefault(f"chips_km2.{chip}_mean", words)
        for side in each.sides:
            words = f"payoff of {each.party_label(side)}, km2, mean"
            names.setdefault(f"payoff.{side}_mean", words)
    shares = [name for name in names if is_chance(name)]
    counts = counts_for(
        int(table["replicates"].min()),
        table[[f"{name}_low" for name in shares]].to_numpy(),
        table[[f"{name}_high" for name in shares]].to_numpy(),
    )
    for name, words in names.items():
        if name not in HEADLINES and _says_nothing(table, name):
            continue
        yield words.format(base=counts.base)
        rows = []
        for place, row in enumerate(table.to_dict("records")):
            cells = [letter(place), *_estimate(row, name, "", counts)]
            change = _estimate(row, name, "_diff", counts) if place else ()
            rows.append([*cells, *change])
        yield from aligned(rows, right=(1, 3))


def _share(clause: str) -> str:
    return f"number of {{base}} runs in which {clause}"


def _says_nothing(table: pd.DataFrame, name: str) -> bool:
    """Whether a share is 0 in all rows, or that of any truce is that of full ones."""
    if name == _ANY:
        return bool((table[name] == table[BEGUN]).all())
    return is_chance(name) and bool((table[name] == 0.0).all())


def _estimate(row: dict[Any, Any], name: str, kind: str, counts: Counts) -> list[str]:
    sign = "+" if kind else ""
    found = [float(row[f"{name}{kind}{end}"]) for end in ("", "_low", "_high")]
    if found[0] != found[0]:
        return ["not reached" if "median" in name else "none", ""]
    written = [
        _shown(name, each, sign, counts) if each == each else "?" for each in found
    ]
    return [written[0], f"({written[1]} to {written[2]})"]


def _shown(name: str, number: float, sign: str, counts: Counts) -> str:
    return counts.number(number, sign) if is_chance(name) else amount(number, sign)
