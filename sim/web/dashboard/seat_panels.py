"""What a person at the table sees in the dashboard, as HTML: news, advice, the end.

Words are those of the terminal (`sim.analysis.play`); what comes from a scenario file
is escaped. Nothing here is private to another party.
"""

from html import escape

from sim.analysis.decisions.words import short_chance
from sim.analysis.narrative.words import amount, long_date
from sim.analysis.play import debrief, words
from sim.analysis.play.advice import Advice
from sim.analysis.play.briefing import briefing
from sim.analysis.play.game import Game, Turn
from sim.web import markup

_MOST_NEWS, _HISTORY = 4, 400


def standing(game: Game) -> str:
    """Return which day it is and who is played, and how things stand."""
    scenario, today = game.loaded.scenario, game.model.days[-1]
    (party,) = game.seats
    when = f"Day {today['day']}, {long_date(today['date'])}: the end"
    if game.turn is not None:
        when = words.heading(game.turn)
    told = words.standing(game, game.view(party)) if game.turn is not None else []
    return (
        f"<h1>{escape(scenario.title)}</h1>"
        f'<p class="today">{escape(when)}; you decide for '
        f"{escape(game.labels.party_label(party))}</p>"
        f"<p>{escape(' '.join(told))}</p>"
        '<p class="small">One world of a model with its own luck: a model\'s answer, '
        "not a forecast.</p>"
    )


def news(game: Game) -> str:
    """Return what has happened since the last decision."""
    told = words.news(game.news(game.seats[0]), game.labels)
    lines = words.since(told, _MOST_NEWS)
    return markup.paragraphs(lines or ["This is the first decision."])


def question(turn: Turn) -> str:
    """Return what is to be decided."""
    return f"<h3>{escape(words.question(turn))}</h3>"


def private(game: Game) -> str:
    """Return what only this party knows, with all that it was told at the start."""
    (party,) = game.seats
    told = [
        f"<h3>{escape(heading)}</h3>{markup.paragraphs(paragraphs)}"
        for heading, paragraphs in briefing(game.loaded, party, game.costs.get(party))
    ]
    own = words.own_standing(game.view(party))
    if own:
        told.insert(0, f"<h3>Today</h3>{markup.paragraphs(own)}")
    return "".join(told)


def advice(found: Advice, turn: Turn) -> str:
    """Return what best response would do, why, and all that there is to choose from."""
    told = f"<p>{escape(' '.join(found.said))}</p>"
    if found.parts:
        about = "accepting less fighting on" if turn.answers else "the best offer"
        rows = [[what, amount(value, "+")] for what, value in found.parts]
        rows.append(["together", amount(sum(v for _, v in found.parts), "+")])
        told += markup.table([f"What makes up {about}", "km2"], rows)
    if found.options:
        head = ["To choose from", "gain, km2", "chance", "gain times chance"]
        rows = [
            [name, amount(gain, "+"), short_chance(chance), amount(both, "+")]
            for name, gain, chance, both in found.options
        ]
        told += markup.table(head, rows)
    return told


def history(game: Game) -> str:
    """Return all that has happened, the latest first."""
    lines = words.since(words.news(game.events, game.labels), _HISTORY)
    told = "".join(f"<li>{escape(text)}</li>" for text in reversed(lines))
    return f'<ol class="log" tabindex="0">{told or "<li>Nothing so far.</li>"}</ol>'


def ending(game: Game) -> str:
    """Return what came of a game, beside what best response would have got."""
    head, *rows = debrief.compared(game)
    told = markup.paragraphs(debrief.score(game)) + markup.table(head, rows)
    told += markup.paragraphs(
        [*debrief.parted(game), *debrief.hidden(game.loaded, game.costs)]
    )
    head, *rows = debrief.decisions_table(game)
    if not rows:
        return told
    return (
        told + markup.table(head, rows) + f'<p class="small">{debrief.NOISE_NOTE}</p>'
    )


def again(game: Game, command: str) -> str:
    """Return how the same game is played in a terminal, and its moves."""
    moves = "\n".join(move.line for move in game.moves)
    return (
        f'<p class="small">In a terminal: <code>{escape(command)}</code>, with these '
        f"moves in a file:</p><pre>{escape(moves) or '(none so far)'}</pre>"
    )
