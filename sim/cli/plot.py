"""`ceasefire plot`: figures of a sweep, and the curve as text."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.cli.common import (
    debug_option,
    force_option,
    quiet_option,
    refuse_existing,
    say,
    writing,
)
from sim.cli.tables import paragraph

if TYPE_CHECKING:
    from sim.finished import Sweep

# As `sim.finished.FIGURES`; the first is drawn when none is named.
_DEFAULT = "ceasefire_by_kursk"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--figure",
    "name",
    metavar="NAME",
    default=_DEFAULT,
    show_default=True,
    help="Which figure.",
)
@click.option(
    "--path", metavar="PATH", help="Varied path to draw against, if there are several."
)
@force_option
@quiet_option
@debug_option
def plot(folder: Path, name: str, path: str | None, force: bool, quiet: bool) -> None:
    """Figures of a sweep.

    The figure is written to DIR/figures as SVG, PDF and PNG, with caption, alternative
    text and a table as CSV; the curve is printed as text.
    """
    from sim.finished import open_sweep
    from sim.plots.result import FORMATS, save

    sweep = open_sweep(folder)
    target = folder / "figures"
    figure = sweep.plot(name, path=path)
    files = [target / f"{figure.name}.{each}" for each in (*FORMATS, "txt")]
    refuse_existing(files, force=force)
    with writing(target):
        save(figure, target, metadata=_metadata(sweep))
    text = _text(sweep, path)
    click.echo(text, nl=False)
    say(f"\n{paragraph(_more(figure.caption, text))}\n\nwritten:", quiet=quiet)
    say("\n".join(f"  {file}" for file in files), quiet=quiet)


def _text(sweep: "Sweep", path: str | None) -> str:
    """Return the curve of the figure in letters."""
    from sim.plots.text_curve import text_curve

    path = sweep.numeric_path(path)
    return text_curve(
        sweep.along(sweep.cells, path),
        sweep.context(),
        path=path,
        observed=sweep.observed(path),
    )


def _more(caption: str, text: str) -> str:
    """Return what the caption says about the figure beyond the text."""
    said = " ".join(text.split())
    sentences = re.split(r"(?<=\.)\s", caption)
    return " ".join(
        sentence for sentence in sentences if sentence.replace("km²", "km2") not in said
    )


def _metadata(sweep: "Sweep") -> dict[str, str]:
    """Return what each file of a figure carries."""
    versions = sweep.manifest["versions"]
    kept = {name: versions[name] for name in ("numpy", "numba")}
    return {**sweep.context().metadata(), **kept}
