"""`ceasefire dashboard`: a live page in the browser, one world stepped day by day."""

import re
import sys
import webbrowser
from collections.abc import Callable
from typing import Any

import click

from sim.batch.progress import Progress
from sim.cli import options
from sim.web.dashboard import serve as server
from sim.web.dashboard.choice import first_choice

_LOCAL = ("localhost", "127.0.0.1", "::1")


def _checked(pattern: str, what: str) -> Callable[..., Any]:
    """Return a callback that refuses what does not look like it should."""

    def check(_: click.Context, __: click.Parameter, given: Any) -> Any:
        for each in [given] if isinstance(given, str) else given:
            if not re.fullmatch(pattern, each, re.ASCII):
                raise click.BadParameter(f"{what}, not {each!r}")
        return given

    return check


@click.command()
@click.argument("scenario", metavar="[SCENARIO]", default="kursk-2025-03-13")
@options.set_option
@options.seed_option
@options.replicate_option
@options.repeated_option(
    "--input paths",
    "PATH",
    "Another number to offer as a slider between its low and its high; repeatable.",
)
@click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="Address to listen on; by default only this machine can reach the page.",
)
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Port to listen on.  [default: 8765, or a free one]",
)
@click.option(
    "--allow-host",
    "also",
    multiple=True,
    metavar="NAME",
    callback=_checked(r"[\w.-]+(:\d{1,5})?", "NAME or NAME:PORT"),
    help="Another host name under which this server is reached, such as that of a "
    "proxy; repeatable.",
)
@click.option(
    "--root-path",
    default="",
    metavar="/PATH",
    callback=_checked(r"(/[\w.-]+)*/?", "a path like /dashboard"),
    help="Path at which such a proxy serves the page.",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=True,
    show_default=True,
    help="Open the page in a browser on this machine.",
)
@options.output_options("quiet")
def dashboard(
    scenario: str,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    paths: tuple[str, ...],
    host: str,
    port: int | None,
    also: tuple[str, ...],
    root_path: str,
    opens: bool,
    output: options.Output,
) -> None:
    """Watch one world day by day on a live page in the browser.

    You can step through a world, change inputs, and see the front, what each party
    believes and what it gains, the reasons for every decision, and a second run with
    one change beside the first. The dashboard must be installed: pip install
    'ceasefire-sim[dashboard]'. Ctrl-C stops it.
    """
    loaded = options.open_scenario(scenario, changes)
    server.check_installed()
    choice = first_choice(loaded, seed=seed, replicate=replicate, more=paths)
    if host not in _LOCAL:
        output.say(
            f"note: {host} can be reached from other machines, and whoever reaches it "
            "can use this page"
        )
    with server.listen(host, port) as listening:
        root_path = root_path.rstrip("/")
        address = f"http://{server.name_of(host, listening)}{root_path}"

        def ready() -> None:
            click.echo(address)
            output.say("the page is ready; Ctrl-C stops the dashboard")
            if opens:
                webbrowser.open(address)

        Progress(None if output.quiet else sys.stderr).note_first_start()
        server.serve(
            choice, listening, ready, host=host, also=also, root_path=root_path
        )
