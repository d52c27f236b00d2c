"""`ceasefire page`: one HTML file of a sweep, for a class."""

from pathlib import Path
from typing import Any

import click

from sim.api.sweep_result import Sweep, open_sweep
from sim.batch.files import write_whole
from sim.cli import options
from sim.errors import UsageError
from sim.web.content import content_of
from sim.web.page import assembled
from sim.web.words import words_from

# A page of more than the first is thinned, one of more than the second refused.
_LIGHT, _MOST = 1_000_000, 5_000_000
_THINNER = (1, 2, 3, 7)
_LEAST_A_CELL = 2_000


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write.  [default: DIR/page.html]",
)
@options.number_option(
    "--worlds",
    "Number of worlds of each cell that are run again for curves over time.",
    least=100,
    most=100_000,
    default=1000,
)
@options.number_option(
    "--replicate",
    "Number of the world whose story is told.  [default: a typical one]",
    most=99,
)
@click.option(
    "--words",
    "words_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File with the texts of the page in another language.",
)
@options.output_options("force", "quiet")
def page(
    folder: Path,
    target: Path | None,
    worlds: int,
    replicate: int | None,
    words_file: Path | None,
    output: options.Output,
) -> None:
    """Make a web page for a class from a sweep.

    The page is a single HTML file that needs no network and can be sent by mail. It has
    sliders for the varied inputs, figures that first ask for a guess, the story of one
    world, and the data.
    """
    sweep = open_sweep(folder)
    words = words_from(words_file)
    file = folder / "page.html" if target is None else target
    reads = [*options.data_of(folder), *([words_file] if words_file else [])]
    options.refuse_existing([file], reads=reads, force=output.force)
    html, every = _made(sweep, words, output, worlds=worlds, replicate=replicate)
    size = len(html.encode("utf-8"))
    write_whole(file, html)
    days = f"one day in {every}"
    thinned = "" if every == 1 else f", which shows fan charts and ranges for {days}"
    output.say(f"written: {file} ({size / 1e6:.2f} MB{thinned})\n{options.FORECAST}")


def _made(
    sweep: Sweep, words: dict[str, Any], output: options.Output, **wanted: Any
) -> tuple[str, int]:
    """Return the page, and the days between those that are kept of each series."""
    cells = len(sweep.cells)
    if cells * _LEAST_A_CELL > _MOST:  # known before anything is run
        raise _too_heavy(cells, cells * _LEAST_A_CELL)
    content = content_of(sweep, **wanted, tick=output.say)
    for every in _THINNER:
        html = assembled(content.with_days(every), words)
        size = len(html.encode("utf-8"))
        if size <= _LIGHT:
            return html, every
    if size > _MOST:
        raise _too_heavy(cells, size)
    return html, _THINNER[-1]


def _too_heavy(cells: int, size: int) -> UsageError:
    return UsageError(
        f"a page of {cells:,} cells would have {size / 1e6:.1f} MB or more, and mail "
        f"takes {_MOST / 1e6:.0f}: sweep over fewer settings (about "
        f"{cells * _MOST // size:,} cells) or over one input less"
    )
