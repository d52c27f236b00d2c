"""`ceasefire sensitivity`: which assumptions move an outcome."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeAlias

import click

import sim
from sim.analysis.narrative.labels import short_number
from sim.analysis.narrative.words import counted
from sim.analysis.outcomes import is_chance
from sim.api.sensitivity import (
    OTHERS,
    OUTCOME,
    REPLICATES,
    SAMPLES,
    SINGLE,
    TORNADO,
    TRAJECTORIES,
    Sensitivity,
)
from sim.batch.experiment import experiment_file, read_experiment
from sim.batch.progress import Progress
from sim.batch.settings import Range
from sim.cli.options import (
    FORECAST,
    Output,
    changes_of,
    number_option,
    result_options,
    say,
    set_option,
    wide_option,
)
from sim.cli.tables import MOST_WIDE, aligned, paragraph
from sim.errors import ScenarioError
from sim.plots.words import counts_for
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.load import Loaded, load
from sim.scenario.lookup import wording


@click.command()
@click.argument("scenario", metavar="EXPERIMENT_OR_SCENARIO")
@set_option
@click.option(
    "--outcome",
    default=OUTCOME,
    show_default=True,
    metavar="NAME",
    help="Share or mean to explain, by its name in cells.parquet.",
)
@number_option(
    "--within-days",
    "Day by which a first truce must begin to be counted.  [default: 90]",
    1,
    MOST_DAYS,
)
@number_option("--seed", "Seed of all random numbers.  [default: 1]")
@number_option(
    "--samples",
    "Number of rows of the Sobol' design, a power of 2.",
    16,
    default=SAMPLES,
)
@number_option("--replicates", "Number of worlds of each row.", 2, default=REPLICATES)
@number_option(
    "--trajectories",
    "Number of paths through the inputs in the screening.",
    2,
    default=TRAJECTORIES,
)
@number_option(
    "--tornado-replicates",
    "Number of worlds at the low and at the high of each input.",
    2,
    default=TORNADO,
)
@number_option(
    "--single",
    "Number of inputs that get an index of their own; the others are treated as one "
    "group.",
    1,
    default=SINGLE,
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Draw inputs that fit the record: a folder that `infer` wrote, or the "
    "shipped march-2025.",
)
@number_option("--threads", "Number of threads.  [default: all processors]", 1)
@wide_option
@result_options("Folder for the tables, the samples and the figure.")
def sensitivity(
    scenario: str,
    changes: tuple[str, ...],
    threads: int | None,
    wide: bool,
    output: Output,
    **asked: Any,
) -> None:
    """Find which assumptions change an outcome, and by how much.

    The inputs are the values of the scenario that have a low or a high, and the numbers
    that an experiment varies. Three methods are used: each input is moved alone; a
    screening finds inputs that change nothing; and Sobol' indices say what share of the
    outcome's variance each input explains, apart from luck.
    """
    base, ranges, numbers, reads = _asked(scenario, changes_of(changes))
    output.refuse(Sensitivity, reads)
    given = {name: value for name, value in asked.items() if value is not None}
    found = sim.sensitivity(
        base,
        ranges=ranges,
        threads=threads,
        progress=Progress(None if output.quiet else sys.stderr),
        **{**numbers, **given},
    )
    output.give(found, sensitivity_text(found, wide=wide))
    # A warning is for whoever reads the numbers, whatever else is quiet.
    for why in found.manifest["left_out"].values():
        say(f"warning: an input is left out: {why}")
    say(advice(found), quiet=output.quiet and not found.is_wide)
    output.say(f"again: {output.again(found.manifest['command'])}\n{FORECAST}")


def _asked(
    name: str, changes: dict[str, object]
) -> tuple[Loaded, dict[str, list[float]], dict[str, Any], list[Path]]:
    """Return the scenario, the ranges an experiment varies, its numbers, the files."""
    file = experiment_file(name)
    if file is None:
        base = load(name, set=changes)
        return base, {}, {}, list(base.files)
    experiment = read_experiment(file)
    try:
        base = load(experiment.scenario, set={**experiment.set, **changes})
    except ScenarioError as error:
        raise experiment.located(error) from None
    ranges = {}
    for path, settings in experiment.vary.items():
        if isinstance(settings, Range):
            settings = () if settings.is_date else (settings.low, settings.high)
        numbers = [each for each in settings if type(each) is float]
        if numbers and len(numbers) == len(settings):
            ranges[path] = numbers
        else:
            say(
                f"{path}: its settings are not numbers, so the value of the scenario "
                "is kept"
            )
    kept = ("seed", "within_days")
    return (
        base,
        ranges,
        {key: int(v) for key, v in experiment.numbers.items() if key in kept},
        [file, *base.files],
    )


_SHOWN = 15  # inputs of the tornado, as many as fit a screen
_NAME_WIDTH = MOST_WIDE - 58  # what the other columns leave


def sensitivity_text(found: Sensitivity, *, wide: bool = False) -> list[str]:
    """Return the analysis as lines; if `wide`, inputs are named by their paths."""
    made = found.manifest
    own, number = made["estimate"], _writer(found)
    low, high = number(own["low"]), number(own["high"])
    name = _name if not wide else str
    return [
        made["scenario_title"],
        f"scenario {made['scenario_id']}, hash {made['scenario_hash'][:12]}, seed "
        f"{made['seed']}",
        f"{_asked_of(found)}: {number(own['estimate'])} ({low} to {high})",
        "",
        *paragraph(
            "The same number if one input is moved to its low or its high "
            f"({made['tornado_replicates']:,} worlds each, with the same luck):"
        ).splitlines(),
        *_tornado(found, number, name),
        "",
        *paragraph(
            "The share of its variance that an input explains, alone and together "
            "with other inputs, when all inputs are drawn between low and high "
            f"(Sobol' indices; {made['samples']:,} rows of {made['replicates']} "
            "worlds):"
        ).splitlines(),
        *_sobol(found, name),
        "  Numbers in brackets are 95 % intervals.",
        "",
        *paragraph(luck_words(found)).splitlines(),
        "",
        *_screening(found, name),
    ]


def _name(path: str) -> str:
    """Return an input in words, no longer than a column of a table."""
    return shorten(wording(path).label, _NAME_WIDTH, placeholder=" ...")


def _asked_of(found: Sensitivity) -> str:
    """Return the outcome as what is counted, or by its name."""
    outcome = found.manifest["outcome"]
    if not is_chance(outcome):
        return str(outcome)
    return f"Of 100 worlds, those in which {found.context().happens(outcome)}"


Writer: TypeAlias = Callable[..., str]
Namer: TypeAlias = Callable[[str], str]


def _writer(found: Sensitivity) -> Writer:
    """Return how the outcome and its changes are written: counts of 100, or numbers."""
    if not is_chance(found.manifest["outcome"]):
        return lambda number, sign="": f"{number:{sign}.4g}"
    table = found.tornado
    ends = (table["across_diff_low"], table["across_diff_high"])
    return counts_for(max(100, found.manifest["tornado_replicates"]), *ends).number


def advice(found: Sensitivity) -> str:
    """Return whether there are enough samples, and how many would do."""
    told = found.manifest["advice"]
    here, wanted = found.manifest["samples"], told["samples"]
    if not found.is_wide:
        return (
            f"the widest interval of an index is {told['widest']:.2f}; {here:,} "
            f"samples are enough for intervals of {told['width']:g}"
        )
    return (
        f"warning: the widest interval above is {told['widest']:.2f}; for intervals "
        f"no wider than {told['width']:g}, give about --samples {wanted} "
        f"({wanted / here:.0f} times as many)"
    )


def _tornado(found: Sensitivity, number: Writer, name: Namer) -> list[str]:
    moving = found.tornado[found.tornado["size"] > 0.0]
    rows = [["input", "low", "high", "at low", "at high", "change"]]
    shown: Iterator[Any] = moving.head(_SHOWN).itertuples()
    for row in shown:
        low, high = number(row.across_diff_low, "+"), number(row.across_diff_high, "+")
        bounds = [short_number(each) for each in (row.low, row.high)]
        ends = [number(each) for each in (row.at_low, row.at_high)]
        change = f"{number(row.across_diff, '+')} ({low} to {high})"
        rows.append([name(row.path), *bounds, *ends, change])
    more, still = len(moving) - _SHOWN, len(found.tornado) - len(moving)
    lines = aligned(rows, right=range(1, 6))
    if more > 0:
        lines.append(f"  ... and {counted(more, 'input')} that change it less")
    return [
        *lines,
        f"  {still} of {counted(len(found.tornado), 'input')} change nothing",
    ]


def _sobol(found: Sensitivity, name: Namer) -> list[str]:
    rows = [["input", "alone", "with others"]]
    groups: Iterator[Any] = found.sobol.itertuples()
    for row in groups:
        shared = f"all {row.inputs} others together"
        rows.append(
            [
                shared if row.path == OTHERS else name(row.path),
                f"{row.first:.2f} ({row.first_low:.2f} to {row.first_high:.2f})",
                f"{row.total:.2f} ({row.total_low:.2f} to {row.total_high:.2f})",
            ]
        )
    return aligned(rows, right=range(1, 3))


def luck_words(found: Sensitivity) -> str:
    """Return how much of the variance of a world's outcome is luck."""
    luck = found.manifest["luck"]
    parts = {name: 100 * luck[name]["estimate"] for name in luck if name != "variance"}
    return (
        f"Of the variance between single worlds, {parts['inputs']:.0f} % comes from "
        f"the inputs, {parts['alone']:.0f} % from luck that acts in the same way "
        f"whatever the inputs are, and {parts['together']:.0f} % from luck that "
        "matters only with some inputs. The table above divides the first of these."
    )


def _screening(found: Sensitivity, name: Namer) -> list[str]:
    table = found.screening
    full = name if name is str else lambda path: wording(path).label
    idle = [full(path) for path in table.path[table.acted == 0]]
    text = (
        f"Screening (Morris, {found.manifest['trajectories']} paths): "
        f"{len(table) - len(idle)} of {len(table)} inputs change at least one world."
    )
    if idle:
        text += f" These inputs change none: {'; '.join(idle)}."
    return paragraph(text).splitlines()
