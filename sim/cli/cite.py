"""`ceasefire cite`."""

import click

from sim import __version__
from sim.cli.tables import paragraph

# CITATION.cff stays in the checkout, so an installed package has to know this by
# itself; a test holds both equal.
TITLE = "ceasefire-sim"
AUTHORS = ("The ceasefire-sim authors",)
ABSTRACT = (
    "A simulation of what brings warring parties to a ceasefire: agents that bargain "
    "while they fight, and a compiled engine that runs the same period over many "
    "worlds."
)
LICENSE = "Apache-2.0"
_REPEATED = (
    "Beside the version, give the scenario, its hash, the seed and the command: every "
    "output names them, and together they repeat the result. The sources of a "
    "scenario's values are listed by `ceasefire show SCENARIO`; cite those you rely on."
)


@click.command()
def cite() -> None:
    """Print how to cite this program, in words and as BibTeX."""
    click.echo(
        f"{'; '.join(AUTHORS)}: {TITLE}, version {__version__}. Software, {LICENSE}.\n"
    )
    # The names of groups stand in braces of their own, or they would be taken apart
    # into first and last names.
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in AUTHORS),
        "title": f"{{{TITLE}}}",
        "howpublished": f"Software, version {__version__}",
        "note": f"License: {LICENSE}",
        "abstract": ABSTRACT,
    }
    width = max(map(len, fields))
    lines = [f"  {name:{width}} = {{{text}}}," for name, text in fields.items()]
    click.echo("\n".join(["@misc{ceasefire_sim,", *lines, "}\n"]))
    click.echo(paragraph(_REPEATED))
