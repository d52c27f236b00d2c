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
    help="Which figure, or all. Default: all of a scenario, outcome_curve of a "
    "sweep, run_timeline of a run, else the one that DIR was made for.",
)
@options.repeated_option(
    "--path paths",
    "PATH",
    "Varied path to draw against, if a sweep has several; twice for a heatmap.",
)
@click.option("--chip", metavar="NAME", help="Which land; default: the first held.")
@options.repeated_option(
    "--twin twins",
    "PATH=VALUE",
    "A run with this value too, in run_timeline; the row compared with the "
    "scenario in comparison; repeatable.",
)
@options.repeated_option(
    "--against", "SCENARIO", "One more scenario in survival; up to two."
)
@click.option(
    "--more",
    is_flag=True,
    help="Collapse of ceasefires too, in survival.",
)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path, readable=False),
    metavar="DIR",
    help="Inputs that fit, in the curve of a scenario: an inference, or a shipped one.",
)
@options.set_option
@options.seed_option
@options.replicate_option
@options.number_option(
    "--within-days",
    "Day by which a first truce counts; of a sweep it is the sweep's own.",
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
    """Figures of a scenario, or of what was run and kept.

    DIR is what `sweep`, `run`, `compare`, `why` or `sensitivity` has written with
    --out. Of a scenario, what a figure needs is run: up to 1,000 runs, and for a curve
    or a grid a sweep of some seconds.

    Each figure is written as SVG, PDF and PNG, with caption, alternative text and a
    table as CSV; the caption, or the curve as text, is printed.
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
