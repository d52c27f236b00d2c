"""`ceasefire plot`: figures of a scenario, or of what was run and kept."""

import re
from pathlib import Path

import click

from sim.api.figure_source import Source
from sim.api.figures import draw, file_names, source_of, wanted
from sim.cli import options
from sim.cli.tables import paragraph
from sim.errors import CheckFailedError, UsageError
from sim.plots.figure import FORMATS, Figure, Options, save
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.load import resolve


@click.command()
@click.argument("what", metavar="DIR_OR_SCENARIO")
@click.option(
    "--figure",
    "name",
    metavar="NAME",
    help="Name of a figure, or all. Default: all figures of a scenario, "
    "outcome_curve for a sweep, run_timeline for a run, and otherwise the "
    "figure that belongs to DIR.",
)
@options.repeated_option(
    "--path paths",
    "PATH",
    "Varied input to draw against, if a sweep has several; give two for a heatmap.",
)
@click.option(
    "--chip",
    metavar="NAME",
    help="Name of the land or other bargaining "
    "chip; default: the first one that is "
    "held.",
)
@options.repeated_option(
    "--twin twins",
    "PATH=VALUE",
    "In run_timeline, also draw a run with this value; in comparison, the row to "
    "compare with the scenario; repeatable.",
)
@options.repeated_option(
    "--against", "SCENARIO", "Another scenario to draw in survival; up to two."
)
@click.option(
    "--more",
    is_flag=True,
    help="In survival, also draw how many ceasefires break down.",
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="In the curve of a scenario, use inputs that fit the record: a folder that "
    "`infer` wrote, or a shipped inference (march-2025).",
)
@options.set_option
@options.seed_option
@options.replicate_option
@options.number_option(
    "--within-days",
    "Day by which a first truce must begin to be counted; for a sweep, the sweep's "
    "own day is used.",
    least=1,
    most=MOST_DAYS,
    default=90,
)
@options.out_option(
    "Folder to write to. Default: DIR/figures, or out/SCENARIO/figures."
)
@options.output_options("force", "quiet")
def plot(
    what: str,
    name: str | None,
    paths: tuple[str, ...],
    chip: str | None,
    twins: tuple[str, ...],
    against: tuple[str, ...],
    more: bool,
    inputs: Path | None,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    within_days: int,
    output: options.Output,
) -> None:
    """Draw figures of a scenario or of saved results.

    DIR is a folder that `sweep`, `run`, `compare`, `why` or `sensitivity` has written
    with --out. For a scenario, the runs that a figure needs are made first: up to 1,000
    runs, and for a curve or a grid a sweep, which takes some seconds.

    Each figure is written as SVG, PDF and PNG, with its caption, alternative text and a
    table as CSV. The caption, or the curve as text, is printed.
    """
    compared = tuple(options.open_scenario(each) for each in against)
    asked = {"seed": seed, "replicate": replicate, "within_days": within_days}
    source = source_of(
        what,
        set=options.changes_of(changes),
        **asked,
        command=options.command_line(
            "plot",
            what,
            figure=name,
            path=paths,
            chip=chip,
            twin=twins,
            against=against,
            more=more,
            inputs=inputs,
            set=changes,
            **asked,
        ),
        options=Options(
            paths=paths,
            chip=chip,
            against=compared,
            more=more,
            twin=options.changes_of(twins, "--twin"),
            among=True,
            inputs=inputs,
        ),
    )
    if twins and source.loaded is not None:
        resolve(source.loaded, source.options.twin)  # before anything is drawn
    names = wanted(source, name)
    kept = None if source.result is None else source.result.folder
    folder = (
        output.out or (kept or Path("out") / source.scenario.scenario.id) / "figures"
    )
    files = [file for each in names for file in file_names(source, each)]
    reads = [file for each in compared for file in each.files]
    reads += options.data_of(kept) if kept else source.scenario.files
    written = [file for each in files for file in _files(folder, each)]
    options.refuse_existing(written, reads=reads, force=output.force)
    left_out = []
    for each in names:
        try:
            for figure in draw(source, each):
                _give(figure, source, folder, output)
                if len(files) > 1:
                    click.echo()
        except (UsageError, CheckFailedError) as error:
            if len(names) == 1:
                raise
            left_out.append(f"left out: {each}: {error}")
    if len(left_out) == len(names):
        raise UsageError("\n".join(left_out))
    if left_out:
        output.say("\n".join(left_out))


def _files(folder: Path, name: str) -> list[Path]:
    return [folder / f"{name}.{each}" for each in (*FORMATS, "txt")]


def _give(figure: Figure, source: Source, folder: Path, output: options.Output) -> None:
    """Write a figure and say in words what it shows."""
    save(figure, folder, metadata=source.metadata(figure))
    if figure.text:
        click.echo(figure.text, nl=False)
        output.say(f"\n{paragraph(_more(figure.caption, figure.text))}")
    else:
        click.echo(click.style(figure.title, bold=True))
        for line in figure.caption.splitlines():
            click.echo(paragraph(line))
    files = [f"  {file}" for file in _files(folder, figure.name)]
    output.say("\n".join(["\nwritten:", *files]))


def _more(caption: str, text: str) -> str:
    """Return what the caption says about the figure beyond the text."""
    said = " ".join(text.split())
    sentences = re.split(r"(?<=\.)\s", caption)
    return " ".join(
        sentence for sentence in sentences if sentence.replace("km²", "km2") not in said
    )
