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
    """Parts of a sweep, joined.

    Every file of every part in DIR is checked. What is written beside them is what the
    sweep would have left without --part, byte for byte; the parts stay.
    """
    done = join(folder, force=output.force)
    print_sweep(done, output, wide=wide)
    tables = ", ".join(done.manifest["files"])
    output.say(
        f"in {folder}: manifest.json, {tables}; the folders of the parts may go\n"
        f"{options.FORECAST}"
    )
