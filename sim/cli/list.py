"""`ceasefire list`."""

import click

from sim.scenario.library import history, known, shipped
from sim.scenario.load import load


@click.command()
def list() -> None:
    """Scenarios shipped, one line each.

    Those of the first case, then past wars.
    """
    width = max(map(len, known()), default=0)
    for place, files in enumerate((shipped(), history())):
        if place and files:
            click.echo()
        for name, file in files.items():
            click.echo(f"{name:{width}}  {load(file).scenario.title}")
