"""`ceasefire plot`: figures of a scenario, of a sweep, or of a run."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.common import (
    changes_of,
    command_line,
    debug_option,
    force_option,
    open_scenario,
    quiet_option,
    refuse_existing,
    replicate_option,
    say,
    seed_option,
    set_option,
    writing,
)
from sim.cli.tables import paragraph
from sim.errors import UsageError
from sim.scenario.names import did_you_mean

if TYPE_CHECKING:
    from sim.gallery import Target
    from sim.plots.result import Figure

ALL = "all"


@click.command()
@click.argument("what", metavar="DIR_OR_SCENARIO")
@click.option(
    "--figure",
    "name",
    metavar="NAME",
    help="Which figure, or all. Default: all of a scenario, ceasefire_by_kursk of a "
    "sweep, story_of_a_run of a run.",
)
@click.option(
    "--path",
    "paths",
    metavar="PATH",
    multiple=True,
    help="Varied path to draw against, if a sweep has several; twice for kursk_by_aid.",
)
@click.option("--chip", metavar="NAME", help="Which land; default: the first held.")
@click.option(
    "--against",
    metavar="SCENARIO",
    multiple=True,
    help="One more scenario in survival_of_fighting; up to two.",
)
@click.option(
    "--more",
    is_flag=True,
    help="Days beside kursk_by_aid; collapse in survival_of_fighting.",
)
@set_option
@seed_option
@replicate_option
@click.option(
    "--within-days",
    type=click.IntRange(1),
    default=90,
    show_default=True,
    help="Day by which a first truce counts; of a sweep it is the sweep's own.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder to write to. Default: DIR/figures, or out/SCENARIO/figures.",
)
@force_option
@quiet_option
@debug_option
def plot(
    what: str,
    name: str | None,
    paths: tuple[str, ...],
    chip: str | None,
    against: tuple[str, ...],
    more: bool,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    within_days: int,
    out: Path | None,
    force: bool,
    quiet: bool,
) -> None:
    """Figures of a scenario, of a sweep, or of a run.

    DIR is what `sweep`, `run` or `sensitivity` has written with --out. Of a scenario,
    what a figure needs is run: up to 1,000 runs, and for a curve or a grid a sweep of
    some seconds.

    Each figure is written as SVG, PDF and PNG, with caption, alternative text and a
    table as CSV; the caption, or the curve as text, is printed.
    """
    from sim.gallery import FIGURES, Options, target_of

    if name not in (None, ALL, *FIGURES):
        listed = ", ".join([*FIGURES, ALL])
        hint = did_you_mean(str(name), [*FIGURES, ALL])
        raise UsageError(f"no figure '{name}' ({listed}){hint}")
    target = target_of(
        what,
        set=changes_of(changes),
        seed=seed,
        replicate=replicate,
        within_days=within_days,
        command=command_line(
            "plot",
            what,
            *(["--figure", name] if name else []),
            *(word for path in paths for word in ("--path", path)),
            *(["--chip", chip] if chip else []),
            *(word for each in against for word in ("--against", each)),
            *(["--more"] if more else []),
            assignments=changes,
            seed=seed,
            replicate=replicate,
            within_days=within_days,
        ),
        options=Options(
            paths=paths,
            chip=chip,
            against=tuple(open_scenario(each) for each in against),
            more=more,
        ),
    )
    wanted = _wanted(target, name)
    folder = (
        out or (target.folder or Path("out") / target.scenario.scenario.id) / "figures"
    )
    if len(wanted) == 1:
        refuse_existing(_files(folder, wanted[0]), force=force)
        _give(FIGURES[wanted[0]].draw(target), target, folder, quiet=quiet)
        return
    refuse_existing([f for each in wanted for f in _files(folder, each)], force=force)
    left_out = []
    for each in wanted:
        try:
            figure = FIGURES[each].draw(target)
        except UsageError as error:
            left_out.append(f"left out: {each}: {error}")
            continue
        _give(figure, target, folder, quiet=quiet)
        click.echo()
    if len(left_out) == len(wanted):
        raise UsageError("\n".join(left_out))
    say("\n".join(left_out), quiet=quiet or not left_out)


def _wanted(target: "Target", name: str | None) -> list[str]:
    """Return the figures to draw."""
    from sim.gallery import FIGURES

    if target.drivers is not None and name in (None, ALL):
        return ["what_matters"]
    if name is None and target.sweep is not None:
        return ["ceasefire_by_kursk"]
    if name is None and target.told is not None:
        return ["story_of_a_run"]
    if name is not None and name != ALL:
        return [name]
    alone = target.loaded is None and target.sweep is None
    return [
        each
        for each, entry in FIGURES.items()
        if not entry.apart and not (alone and entry.many)
    ]


def _files(folder: Path, name: str) -> list[Path]:
    from sim.plots.result import FORMATS

    return [folder / f"{name}.{each}" for each in (*FORMATS, "txt")]


def _give(figure: "Figure", target: "Target", folder: Path, *, quiet: bool) -> None:
    """Write a figure and say in words what it shows."""
    from sim.plots.result import save

    with writing(folder):
        save(figure, folder, metadata=target.metadata(figure))
    if figure.text:
        click.echo(figure.text, nl=False)
        say(f"\n{paragraph(_more(figure.caption, figure.text))}", quiet=quiet)
    else:
        click.echo(click.style(figure.title, bold=True))
        for line in figure.caption.splitlines():
            click.echo(paragraph(line))
    say("\nwritten:", quiet=quiet)
    files = _files(folder, figure.name)
    say("\n".join(f"  {file}" for file in files), quiet=quiet)


def _more(caption: str, text: str) -> str:
    """Return what the caption says about the figure beyond the text."""
    said = " ".join(text.split())
    sentences = re.split(r"(?<=\.)\s", caption)
    return " ".join(
        sentence for sentence in sentences if sentence.replace("km²", "km2") not in said
    )
