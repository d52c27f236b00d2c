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
    """Convert a scenario file from schema_version 1 to version 2.

    The new file has land in km2 and time in weeks; sources, notes and comments are
    kept. Files that OLD extends are converted as well and are written beside NEW in the
    same arrangement. Values that OLD leaves out are written down where the defaults of
    version 1 differ from those of version 2.
    """
    texts, files = converted_texts(old, new)
    options.refuse_existing(list(texts), reads=files, force=output.force)
    with together() as put:
        for path, text in texts.items():
            put(path, text)
    output.say(f"written: {', '.join(map(str, texts))}")
    load(new)  # a mistake that was in it is named at its new place
    output.say(f"next: {options.command_line('show', str(new))}")
