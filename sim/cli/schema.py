"""`ceasefire schema`."""

import click

from sim.scenario.json_schema import json_schema_text


@click.command()
def schema() -> None:
    """JSON Schema of a scenario file, for editors.

    Written to schema.json beside a scenario, it lets an editor complete and check the
    file as you type.
    """
    click.echo(json_schema_text(), nl=False)
