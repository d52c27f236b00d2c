"""`ceasefire handout`: sheets for a seminar, one for each party and more."""

from pathlib import Path

import click

from sim.batch.files import together
from sim.cli import options
from sim.web.handout import handout as sheets_of
from sim.web.handout import names
from sim.web.seminar import WORLDS


@click.command()
@options.scenario_argument
@options.set_option
@options.seed_option
@options.replicate_option
@options.out_option("Folder for the sheets. Default: out/SCENARIO/handout.")
@options.output_options("force", "quiet")
def handout(
    scenario: str,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    output: options.Output,
) -> None:
    """Make sheets for a seminar in which a class plays the parties.

    There is one HTML page for each party (the situation, what the party wants, what
    each offer is worth to it and what it may demand), one for the chair (the order of
    moves, and how to enter them into `ceasefire play --hot-seat`), a debrief, and
    questions to answer before and after. They are laid out for A4: print them from the
    browser, or save them as PDF. --seed and --replicate choose the world that the class
    will play.
    """
    loaded = options.open_scenario(scenario, changes)
    folder = output.out or Path("out") / loaded.scenario.id / "handout"
    files = [folder / name for name in names(loaded)]
    options.refuse_existing(files, reads=loaded.files, force=output.force)
    world = {"seed": seed, "replicate": replicate}
    asked = [scenario, *(word for text in changes for word in ("--set", text))]
    command = options.command_line("handout", scenario, set=changes, **world)
    output.say(f"running one world, and {WORLDS:,} more for the debrief ...")
    made = sheets_of(loaded, **world, asked=asked, command=command)
    with together(folder) as put:
        for name, page in made.items():
            put(folder / name, page)
    output.say(f"written to {folder}: {', '.join(sorted(made))}\n{options.FORECAST}")
