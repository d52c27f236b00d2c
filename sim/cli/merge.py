"""`ceasefire merge`: the parts of a sweep, joined."""

from pathlib import Path

import click

from sim.api.sweep import merge as join
from sim.cli import options
from sim.cli.cells import print_sweep


@click.command()
@options.folder_argument
@options.wide_option
@options.output_options("force", "json", "quiet")
def merge(folder: Path, wide: bool, output: options.Output) -> None:
    """Join the parts of a sweep.

    Every file of every part in DIR is checked. The joined files are written beside the
    parts and are identical to what the sweep would have written without --part. The
    parts are kept.
    """
    done = join(folder, force=output.force)
    print_sweep(done, output, wide=wide)
    tables = ", ".join(done.manifest["files"])
    output.say(
        f"in {folder}: manifest.json, {tables}; the folders of the parts are no "
        f"longer needed\n{options.FORECAST}"
    )
