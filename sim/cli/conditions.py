"""`ceasefire conditions`: boxes of inputs in which a truce comes, or holds."""

from pathlib import Path

import click

from sim.cli.common import (
    FORECAST,
    Whole,
    debug_option,
    json_option,
    print_json,
    quiet_option,
    say,
)


@click.command()
@click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, readable=False)
)
@click.option(
    "--outcome",
    default="full_truce_share",
    show_default=True,
    metavar="NAME",
    help="A share; fighting_stopped_share asks for what holds at the end.",
)
@click.option(
    "--boxes",
    type=Whole(1),
    default=2,
    show_default=True,
    help="How many boxes, one after the other.",
)
@click.option(
    "--density",
    type=float,
    metavar="SHARE",
    help="Least share of worlds in a box that have it.  [default: balanced]",
)
@click.option("--absent", is_flag=True, help="Where it does not happen, instead.")
@json_option
@quiet_option
@debug_option
def conditions(
    folder: Path,
    outcome: str,
    boxes: int,
    density: float | None,
    absent: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Where in the space of inputs a truce comes, or holds.

    DIR is a folder of `ceasefire sensitivity --out`, or of a sweep over a design or
    with --input-sets. Boxes are found on half of its sets of inputs and judged on the
    other half.
    """
    from sim.cli.conditions_text import conditions_text
    from sim.conditions import conditions as find

    found = find(folder, outcome=outcome, boxes=boxes, density=density, absent=absent)
    for path in found.left_out:
        say(f"{path}: its settings are no numbers; no box is bounded by it")
    if as_json:
        print_json(found.plain())
    else:
        click.echo(conditions_text(found), nl=False)
    say(FORECAST, quiet=quiet)
