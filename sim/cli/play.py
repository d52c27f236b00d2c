"""`ceasefire play`: people decide for parties, each alone or at one screen."""

import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from sim.analysis.narrative.words import in_text
from sim.analysis.play.game import Game, Turn
from sim.analysis.play.moves import Move, moves_kept, moves_of_file
from sim.api.play import Played, played
from sim.api.result import open_result
from sim.batch.progress import Progress
from sim.batch.tables import MANIFEST
from sim.cli import options, seat
from sim.cli.group import INTERRUPTED
from sim.cli.tables import paragraph
from sim.errors import UsageError, printable
from sim.scenario.load import Loaded
from sim.scenario.references import did_you_mean

# Clears what was on the screen before, where a terminal knows how.
_NO_SCROLLING_BACK = "\033[3J"

_ECHOED = 400  # characters of a line that came through a pipe


@click.command()
@options.scenario_argument
@options.repeated_option(
    "--as seats", "PARTY", "Party that you decide for; repeatable."
)
@click.option(
    "--hot-seat",
    is_flag=True,
    help="People play all parties and take turns at one screen.",
)
@options.set_option
@options.seed_option
@options.replicate_option
@click.option(
    "--moves",
    "moves_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of moves already decided, one a line: DAY PARTY MOVE.",
)
@options.result_options("Folder for the game, which is saved after every move.")
def play(
    scenario: str,
    seats: tuple[str, ...],
    hot_seat: bool,
    changes: tuple[str, ...],
    seed: int,
    replicate: int,
    moves_file: Path | None,
    output: options.Output,
) -> None:
    """Take a seat at the table and decide for one of the parties.

    You see what your party would know, hear the news, and answer offers or make them.
    Type `advice` to see what the best response would be. At the end you see the
    outcome, what best response would have achieved under the same luck, and every
    decision. With --out the game is saved after every move, and the same command
    continues it; `replay`, `why` and `plot` also accept the folder.
    """
    _refuse_game(Path(scenario))
    loaded = options.open_scenario(scenario, changes)
    named = _seats(loaded, seats, hot_seat=hot_seat)
    command = options.command_line(
        "play",
        scenario,
        **{"as": () if hot_seat else seats, "hot_seat": hot_seat},
        set=changes,
        seed=seed,
        replicate=replicate,
    )
    known: list[Move] = []
    if moves_file is not None:
        known = moves_of_file(moves_file, named)
    going = _taken_up(output, loaded, named, (seed, replicate), known)
    if going is None:
        reads = [*loaded.files, *([moves_file] if moves_file else [])]
        output.refuse(Played, reads)
    else:
        known = going
    Progress(None if output.quiet else sys.stderr).note_first_start()
    game = played(loaded, named, seed, replicate, known, command)
    table = _Table(output)
    table.show(seat.opening(game.game))
    if known and game.turn is not None:
        table.show(
            [f"\nThe game continues after {len(known)} moves, on day {game.turn.day}."]
        )
    game = table.play(game)
    if output.out is not None:
        output.say(f"saved in {output.out}; {_more(output.out, game)}")
    if output.as_json:
        options.print_json(game.to_dict())


def _seats(loaded: Loaded, seats: Sequence[str], *, hot_seat: bool) -> list[str]:
    """Return who is played; UsageError if that is nobody, or nobody here."""
    parties = sorted(loaded.scenario.parties)
    if hot_seat and seats:
        raise UsageError("--hot-seat lets people play all parties: leave out --as")
    if hot_seat:
        return parties
    called = {party.label.lower(): n for n, party in loaded.scenario.parties.items()}
    called |= {name.lower(): name for name in parties}
    named = [each if each in parties else called.get(each.lower()) for each in seats]
    for given, party in zip(seats, named, strict=True):
        if party is None:
            raise UsageError(
                f"--as {given}: this scenario has no such "
                f"party{did_you_mean(given, parties)} (parties: {', '.join(parties)})"
            )
    if not seats:
        raise UsageError(
            f"choose the party you decide for with --as PARTY: {', '.join(parties)}"
        )
    return sorted({party for party in named if party is not None})


def _refuse_game(place: Path) -> None:
    """Raise UsageError if a game's folder stands for a scenario: say how to go on."""
    if not (place / MANIFEST).exists():
        return
    there = open_result(place)
    if isinstance(there, Played):
        how = f"is over: ceasefire replay {shlex.quote(str(place))} tells it"
        if not there.is_over:
            again = f"{there.command} --out {shlex.quote(str(place))}"
            how = f"is continued by the command that began it: {again}"
        raise UsageError(f"{place} contains a game, which {how}")


def _taken_up(
    output: options.Output,
    loaded: Loaded,
    seats: list[str],
    world: tuple[int, int],
    known: list[Move],
) -> list[Move] | None:
    """Return the moves of an unfinished game of this world in the folder, if any."""
    folder = output.out
    if folder is None or output.force or not (folder / MANIFEST).exists():
        return None
    there = open_result(folder)
    if not isinstance(there, Played):
        return None
    if there.is_over:
        raise UsageError(
            f"{folder} contains a game that is over: ceasefire replay {folder} tells "
            "it; name another folder, or give --force to begin anew in this one"
        )
    same = (there.loaded.hash, list(there.seats), (there.seed, there.replicate))
    if same != (loaded.hash, seats, world):
        raise UsageError(
            f"{folder} contains another unfinished game ({there.command}); name "
            "another folder, or give --force to begin anew"
        )
    if known:
        raise UsageError(
            f"{folder} already contains part of this game: leave out --moves, or give "
            "--force to begin anew"
        )
    return moves_kept(there.moves, seats, str(folder))


def _more(folder: Path, game: Played) -> str:
    """Return commands that tell more of a game."""
    place = str(folder)
    told = [options.command_line("replay", place)]
    told += [
        options.command_line("why", place, day=line.split()[0])
        for line in game.moves[:1]
    ]
    told.append(options.command_line("plot", place, figure="bargaining_range"))
    return "more:\n  " + "\n  ".join(told)


class _Table:
    """The screen and the keyboard that the people at the table share."""

    def __init__(self, output: options.Output) -> None:
        self._output = output
        self._reader = ""  # who has the screen
        self._is_terminal = sys.stdin.isatty() and sys.stdout.isatty()

    def show(self, lines: Iterable[str]) -> None:
        """Print lines; with --json, words go to stderr."""
        for line in lines:
            click.echo(line, err=self._output.as_json)

    def play(self, game: Played) -> Played:
        """Let people play a game to its end, or as far as they come.

        click.Abort where nothing more is typed, Exit where somebody quits.
        """
        self._keep(game)
        try:
            while (turn := game.turn) is not None:
                if turn.party != self._reader:
                    self._hand_over(game.game, turn)
                self.show(seat.day(game.game, turn))
                game = self._decided(game, turn)
                self._keep(game)
        except (KeyboardInterrupt, EOFError):
            self.show([""])
            self._left(game)
            raise click.Abort from None
        except click.exceptions.Exit:
            self._left(game)
            raise
        self.show(seat.ending(game.game))
        return game

    def _decided(self, game: Played, turn: Turn) -> Played:
        """Answer what is asked until a move is made; return the game after it."""
        while True:
            text = self._typed(f"{turn.called}, day {turn.day}> ")
            if not text or self._told(text.lower(), game, turn):
                continue
            if text.lower() in ("quit", "exit", "q"):
                raise click.exceptions.Exit(INTERRUPTED)
            try:
                return game.move(text)
            except UsageError as error:
                self.show([f"  {error}", "  (help tells what can be typed)"])

    def _told(self, text: str, game: Played, turn: Turn) -> bool:
        """Answer a question; return whether it was one."""
        known = {
            "help": lambda: seat.help_(turn),
            "?": lambda: seat.help_(turn),
            "brief": lambda: seat.brief(game.game, turn.party),
            "status": lambda: seat.status(game.game, turn),
            "advice": lambda: seat.advised(game.advice),
            "why": lambda: seat.weighed(game.advice, turn),
            "history": lambda: seat.history(game.game, turn),
        }
        if text in known:
            self.show(known[text]())
        return text in known

    def _hand_over(self, game: Game, turn: Turn) -> None:
        """Ask for the screen to be handed over, where several share it."""
        first = self._reader == ""
        self._reader = turn.party
        if len(game.seats) < 2 or not self._is_terminal:
            return
        if not first:
            click.clear()
            click.echo(_NO_SCROLLING_BACK, nl=False)
        who = in_text(turn.called)
        text = (
            f"It is for {who} to decide, on day {turn.day}. Hand over the screen; "
            "brief and status tell what only this party knows."
        )
        self.show(["", paragraph(text)])
        self._typed(f"Enter, once {who} is here: ")

    def _typed(self, prompt: str) -> str:
        """Return a line; EOFError where there are no more."""
        click.echo(prompt, nl=False, err=self._output.as_json)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        if not self._is_terminal:  # what was typed elsewhere is seen here too
            click.echo(
                printable(line.rstrip("\r\n"), _ECHOED), err=self._output.as_json
            )
        return line.strip()

    def _keep(self, game: Played) -> None:
        folder = self._output.out
        if folder is not None:
            game.save(folder, force=True)

    def _left(self, game: Played) -> None:
        """Say how a game that was left can be taken up again."""
        folder = self._output.out
        if folder is not None:
            self._output.say(
                f"saved so far in {folder}; to continue: {game.command} --out {folder}"
            )
        elif game.moves:
            self._output.say(
                "nothing is saved without --out DIR; to continue later, write these "
                "moves to a FILE and give --moves FILE:"
            )
            self._output.say("\n".join(game.moves))
