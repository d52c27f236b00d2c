"""`ceasefire list`."""

import click

from sim.cli.common import debug_option


@click.command()
@debug_option
def list() -> None:
    """Scenarios shipped, one line each."""
    from sim.scenario.find import shipped
    from sim.scenario.load import load

    files = shipped()
    width = max(map(len, files), default=0)
    for name, file in files.items():
        click.echo(f"{name:{width}}  {load(file).scenario.title}")
