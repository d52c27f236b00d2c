"""`ceasefire list`."""

import click

from sim.scenario.library import history, known, shipped
from sim.scenario.load import load


@click.command()
def list() -> None:
    """List the shipped scenarios, one line each.

    The scenarios of the first case come first, then those of past wars.
    """
    width = max(map(len, known()), default=0)
    for place, files in enumerate((shipped(), history())):
        if place and files:
            click.echo()
        for name, file in files.items():
            click.echo(f"{name:{width}}  {load(file).scenario.title}")
