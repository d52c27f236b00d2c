"""`ceasefire schema`."""

import click

from sim.scenario.json_schema import json_schema_text


@click.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors.

    Save it as schema.json beside a scenario, and your editor can complete and check the
    file as you type.
    """
    click.echo(json_schema_text(), nl=False)
