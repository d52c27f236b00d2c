"""`ceasefire cite`."""

import click

from sim import __version__
from sim.cli.options import debug_option
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
@debug_option
def cite() -> None:
    """How to cite this program, in words and as BibTeX."""
    click.echo(f"{plain_text()}\n\n{bibtex()}\n\n{paragraph(_REPEATED)}")


def plain_text() -> str:
    """Return the reference as it stands in a list of references."""
    return f"{'; '.join(AUTHORS)}: {TITLE}, version {__version__}. Software, {LICENSE}."


def bibtex() -> str:
    """Return the reference as an entry that any BibTeX style knows.

    The names of groups stand in braces of their own, or they would be taken apart into
    first and last names.
    """
    authors = " and ".join(f"{{{name}}}" for name in AUTHORS)
    fields = {
        "author": authors,
        "title": f"{{{TITLE}}}",
        "howpublished": f"Software, version {__version__}",
        "note": f"License: {LICENSE}",
        "abstract": ABSTRACT,
    }
    width = max(map(len, fields))
    lines = [f"  {name:{width}} = {{{text}}}," for name, text in fields.items()]
    return "\n".join(["@misc{ceasefire_sim,", *lines, "}"])
