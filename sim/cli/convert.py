"""`ceasefire convert`: a scenario file of before, in the units of today."""

from pathlib import Path

import click

from sim.batch.files import together
from sim.cli import options
from sim.scenario.convert import converted_texts
from sim.scenario.load import load


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@options.output_options("force", "quiet")
def convert(old: str, new: Path, output: options.Output) -> None:
    """A scenario file of schema_version 1 in the units of 2.

    Land is in km2 and time in weeks; sources, notes and comments are kept. What the
    file extends is converted as well and comes to stand beside NEW as it stood beside
    OLD. Values that were left out, and for which version 1 took others than 2 does, are
    written out.
    """
    texts, files = converted_texts(old, new)
    options.refuse_existing(list(texts), reads=files, force=output.force)
    with together() as put:
        for path, text in texts.items():
            put(path, text)
    output.say(f"written: {', '.join(map(str, texts))}")
    load(new)  # a mistake that was in it is named at its new place
    output.say(f"next: {options.command_line('show', str(new))}")
