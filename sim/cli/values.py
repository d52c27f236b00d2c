"""`ceasefire values`."""

import click

from sim.cli.common import (
    debug_option,
    json_option,
    open_scenario,
    print_json,
    scenario_argument,
    set_option,
)


@click.command()
@scenario_argument
@set_option
@json_option
@debug_option
def values(scenario: str, changes: tuple[str, ...], as_json: bool) -> None:
    """What fighting on and each offer are worth at the start."""
    from sim.api import values as values_of

    loaded = open_scenario(scenario, changes)
    found = values_of(loaded)
    if as_json:
        print_json(found)
        return
    from sim.cli.values_text import values_text

    click.echo(values_text(loaded, found), nl=False)
