"""`ceasefire sensitivity`: which assumptions move an outcome."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.common import (
    FORECAST,
    Whole,
    changes_of,
    debug_option,
    force_option,
    json_option,
    print_json,
    quiet_option,
    refuse_existing,
    say,
    set_option,
)
from sim.errors import ScenarioError
from sim.given import MOST_DAYS

if TYPE_CHECKING:
    from sim.scenario.load import Loaded


@click.command()
@click.argument("scenario", metavar="EXPERIMENT_OR_SCENARIO")
@set_option
@click.option(
    "--outcome",
    default="full_truce_share",
    show_default=True,
    metavar="NAME",
    help="A share or mean with its name in cells.parquet.",
)
@click.option(
    "--within-days",
    type=Whole(1, MOST_DAYS),
    help="Day by which a first truce counts.  [default: 90]",
)
@click.option(
    "--seed", type=Whole(), help="Number that all luck is drawn from.  [default: 1]"
)
@click.option(
    "--samples",
    type=Whole(16),
    default=1024,
    show_default=True,
    help="Rows of the Sobol' design, a power of 2.",
)
@click.option(
    "--replicates",
    type=Whole(2),
    default=16,
    show_default=True,
    help="Worlds of each sample.",
)
@click.option(
    "--trajectories",
    type=Whole(2),
    default=20,
    show_default=True,
    help="Walks of the screening.",
)
@click.option(
    "--tornado-replicates",
    type=Whole(2),
    default=2000,
    show_default=True,
    help="Worlds at each end of each input.",
)
@click.option(
    "--single",
    type=Whole(1),
    default=12,
    show_default=True,
    help="Inputs with an index of their own; the others are one group.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for tables, samples and figure 7.",
)
@click.option("--threads", type=Whole(1), help="[default: all processors]")
@force_option
@json_option
@quiet_option
@debug_option
def sensitivity(
    scenario: str,
    changes: tuple[str, ...],
    out: Path | None,
    threads: int | None,
    force: bool,
    as_json: bool,
    quiet: bool,
    **asked: Any,
) -> None:
    """Which assumptions move an outcome, and how far.

    Inputs are the values of the scenario that have a low or high; of an experiment,
    also the numbers it varies. Each is moved alone, all are screened, and the spread
    of the outcome is shared out among them (Sobol'), luck left out.
    """
    from sim.cli.sensitivity_text import advice, sensitivity_text
    from sim.drivers import files_in
    from sim.sensitivity import sensitivity as analyse
    from sim.sweep.progress import Silent, Written

    base, ranges, numbers, reads = _asked(scenario, changes_of(changes))
    if out is not None:
        refuse_existing(files_in(out), reads=reads, force=force)
    given = {name: value for name, value in asked.items() if value is not None}
    found = analyse(
        base,
        ranges=ranges,
        threads=threads,
        progress=Silent() if quiet else Written(sys.stderr),
        **{**numbers, **given},
    )
    if out is not None:
        found.save(out)
    if as_json:
        print_json(found.plain())
    else:
        click.echo(sensitivity_text(found), nl=False)
    # A warning is for whoever reads the numbers, whatever else is quiet.
    for why in found.manifest["left_out"].values():
        say(f"warning: an input is left out: {why}")
    say(advice(found), quiet=quiet and not found.is_wide)
    say(f"again: {found.manifest['command']}", quiet=quiet)
    if out is not None:
        say(f"in {out}: tables, samples.parquet, figures/what_matters", quiet=quiet)
    say(FORECAST, quiet=quiet)


def _asked(
    name: str, changes: dict[str, object]
) -> "tuple[Loaded, dict[str, list[float]], dict[str, Any], list[Path]]":
    """Return the scenario, the ranges an experiment varies, its numbers, the files."""
    from sim.scenario.load import load
    from sim.sweep.experiment import experiment_file, read_experiment
    from sim.sweep.ranges import Range

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
            say(f"{path}: its settings are no numbers; the scenario's own is kept")
    kept = ("seed", "within_days")
    return (
        base,
        ranges,
        {key: int(v) for key, v in experiment.numbers.items() if key in kept},
        [file, *base.files],
    )
