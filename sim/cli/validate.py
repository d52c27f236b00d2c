"""`ceasefire validate`."""

import click

from sim.batch.inputs import check_inputs, inputs_of
from sim.cli.group import complain
from sim.errors import CeasefireError, InputMissingError, ScenarioError
from sim.scenario.load import load


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def validate(files: tuple[str, ...]) -> None:
    """Check scenario files; print nothing if they are correct.

    All mistakes in all files are listed, each with its line and column.
    """
    found: list[CeasefireError] = []
    for file in files:
        try:
            loaded = load(file)
            check_inputs(loaded, inputs_of(loaded, without=()))
        except (ScenarioError, InputMissingError) as error:
            found.append(error)
    problems = dict.fromkeys(
        problem
        for error in found
        for problem in getattr(error, "problems", [str(error)])
    )
    for problem in problems:
        complain(problem)
    if found:
        # A mistake in a file outranks a file that is not there.
        raise click.exceptions.Exit(min(error.exit_code for error in found))
