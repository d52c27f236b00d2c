"""What a person at the table reads: briefing, a day of business, help, the end.

Lines for a terminal, made of what `sim.analysis.play` knows. In a game of several at
one screen a day shows nothing private; each asks for that itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

import click

from sim.analysis.decisions.words import short_chance
from sim.analysis.narrative.words import SHOWS, amount
from sim.analysis.play import debrief, words
from sim.analysis.play.advice import Advice
from sim.analysis.play.briefing import briefing, menu, situation
from sim.analysis.play.game import Game, Turn
from sim.cli.tables import WIDTH, aligned, paragraph

_MOST_NEWS = 4  # days of it, so that a day of business stays a short screen
_HISTORY = 60
_WIDEST_COLUMN = 22

COMMANDS = {
    "help": "what can be typed",
    "brief": "your aims and numbers, and the rules",
    "status": "how things stand today, with what only you know",
    "advice": "what best response would do here, and why",
    "why": "what weighs for and against, part by part",
    "history": "everything that has happened so far",
    "quit": "stop here; your decisions are saved if you gave an --out folder",
}


def opening(game: Game) -> Iterator[str]:
    """Yield what is read before the first day."""
    scenario = game.loaded.scenario
    yield click.style(scenario.title, bold=True)
    if len(game.seats) == 1:
        yield from _aims(game, game.seats[0])
    else:
        yield ""
        yield paragraph(" ".join(fact.text for fact in situation(game.loaded)))
    yield ""
    yield paragraph(
        "One world of a model with its own luck: a model's answer, not a forecast. "
        "Numbers without a source in the scenario are assumptions (ceasefire show "
        f"{scenario.id}). Type help at any time."
    )


def _aims(game: Game, party: str) -> Iterator[str]:
    """Yield where things stand and what a party wants, without the rules."""
    *first, _ = briefing(game.loaded, party, game.costs.get(party))
    yield from _parts(first)
    yield paragraph(
        "Type brief to read how the talks work and which offers there are.", 2
    )


def brief(game: Game, party: str) -> Iterator[str]:
    """Yield all that a party is told before it plays, and may read again."""
    yield from _parts(briefing(game.loaded, party, game.costs.get(party)))
    own = words.own_standing(game.view(party))
    if own:
        yield from _parts([("What only you know today", own)])
    yield ""
    yield click.style("The offers of this scenario", bold=True)
    for _, what, whose in menu(game.loaded):
        yield paragraph(f"{what} (from {whose})", 2)


def _parts(parts: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for heading, paragraphs in parts:
        yield ""
        yield click.style(heading, bold=True)
        for text in paragraphs:
            yield paragraph(text, 2)


def day(game: Game, turn: Turn) -> Iterator[str]:
    """Yield a day of business: the news, how things stand, what is asked."""
    yield ""
    line = f"── {words.heading(turn)} · {turn.called} decides "
    yield click.style(line + "─" * max(WIDTH - len(line), 0), bold=True)
    for text in words.since(words.news(game.news(turn.party), game.labels), _MOST_NEWS):
        yield paragraph(text)
    yield paragraph(f"Now {words.land(turn.view)}")
    yield click.style(paragraph(words.question(turn)), bold=True)
    yield from _choices(turn)


def _choices(turn: Turn) -> Iterator[str]:
    options = list(words.choices(turn))
    if turn.answers:
        told = [key if key in ("accept", "refuse") else f"{key} ({what})"
                for key, what in options]  # fmt: skip
        yield paragraph(f"{' · '.join(told)} · advice · help", 2)
        return
    yield from _columns(options)


def help_(turn: Turn) -> Iterator[str]:
    """Yield what can be typed now."""
    yield "What you can decide:"
    yield from _columns(list(words.choices(turn, names=True)))
    yield "What you can ask:"
    yield from _columns(list(COMMANDS.items()))


def status(game: Game, turn: Turn) -> Iterator[str]:
    """Yield how things stand, with what only this party knows."""
    for text in [*words.standing(game, turn.view), *words.own_standing(turn.view)]:
        yield paragraph(text, 2)


def history(game: Game, turn: Turn | None) -> Iterator[str]:
    """Yield all that has happened, the latest last."""
    told = words.news(game.events, game.labels)
    lines = words.since(told, _HISTORY)
    for text in lines or ["Nothing so far."]:
        yield paragraph(text, 2)


def advised(found: Advice) -> Iterator[str]:
    """Yield advice in sentences."""
    yield paragraph(" ".join(found.said), 2)


def weighed(found: Advice, turn: Turn) -> Iterator[str]:
    """Yield what weighs for and against, and all that there is to choose from."""
    if found.parts:
        about = "accepting less fighting on" if turn.answers else "the best offer"
        yield f"  What makes up {about}, km2:"
        rows = [[what, amount(value, "+")] for what, value in found.parts]
        rows.append(["together", amount(sum(v for _, v in found.parts), "+")])
        yield from aligned(rows, right=(1,), indent=4)
    if found.options:
        head = ("gain", "chance", "both", "conditions" if turn.answers else "offer")
        rows = [
            [amount(gain, "+"), short_chance(chance), _shown(both), name]
            for name, gain, chance, both in found.options
        ]
        yield (
            "  The choices (gain in km2 if agreed, chance of agreement, gain times "
            "chance):"
        )
        yield from table([head, *rows], indent=4)
    if not found.parts and not found.options:
        yield "  There is nothing to weigh."


def _shown(worth: float) -> str:
    """Return gain times chance; a chance near nothing leaves nothing to show."""
    return amount(worth, "+") if abs(worth) >= SHOWS else "0"


def ending(game: Game) -> Iterator[str]:
    """Yield what came of a game that is over."""
    yield ""
    line = "── The end "
    yield click.style(line + "─" * (WIDTH - len(line)), bold=True)
    last = [each.move.day for each in game.decided[game.seats[0]]]
    since = words.news(game.news(game.seats[0]), game.labels) if last else []
    for text in words.since(since, _MOST_NEWS):
        yield paragraph(text)
    for text in debrief.score(game):
        yield paragraph(text)
    yield ""
    yield from table(debrief.compared(game))
    yield ""
    for text in debrief.parted(game):
        yield paragraph(text)
    rows = debrief.decisions_table(game)
    if len(rows) > 1:
        yield ""
        yield click.style("Every decision", bold=True)
        yield from table(rows)
        yield paragraph(debrief.NOISE_NOTE)
    yield ""
    yield click.style("What nobody could see", bold=True)
    for text in debrief.hidden(game.loaded, game.costs):
        yield paragraph(text, 2)


def _columns(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield from table(rows, indent=4)


def table(rows: Sequence[Sequence[str]], indent: int = 2) -> Iterator[str]:
    """Yield rows in columns, wrapped where they are wider than the page has room for.

    The last column has what the others leave.
    """
    heads = [
        min(max(len(row[i]) for row in rows), _WIDEST_COLUMN)
        for i in range(len(rows[0]) - 1)
    ]
    room = max(WIDTH - indent - sum(heads) - 2 * len(heads), 24)
    lines: list[list[str]] = []
    for row in rows:
        cells = [
            wrap(text, most) for text, most in zip(row, [*heads, room], strict=True)
        ]
        lines += map(list, zip_longest(*cells, fillvalue=""))
    yield from aligned(lines, indent=indent)
