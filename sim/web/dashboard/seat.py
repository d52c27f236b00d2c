"""A seat at the table: the reader decides for a party, with buttons for each move."""

from collections.abc import Callable
from typing import Any

import solara

from sim.analysis.play import words
from sim.analysis.play.game import Turn
from sim.analysis.play.moves import IF, NO, YES
from sim.api.play import Played, play
from sim.errors import CeasefireError
from sim.web.dashboard import seat_panels as panels
from sim.web.dashboard.choice import Choice
from sim.web.dashboard.shown import Html, picture

Press = Callable[[str], None]


@solara.component
def Seat(choice: Choice) -> None:
    """A world that the reader plays for one party, up to a decision or its end."""
    loaded = choice.loaded()[0]

    def begun() -> Played:
        command = choice.command("play", loaded, "--as", choice.seat)
        return play(
            loaded,
            choice.seat,
            seed=choice.seed,
            replicate=choice.replicate,
            command=command,
        )

    first = solara.use_memo(begun, [])
    game, set_game = solara.use_state(first)
    problem, set_problem = solara.use_state("")

    def press(text: str) -> None:
        try:
            set_game(game.move(text))
            set_problem("")
        except CeasefireError as error:
            set_problem(str(error))

    def back() -> None:
        moves = game.moves[:-1]
        known: dict[str, Any] = {"seed": game.seed, "replicate": game.replicate}
        set_game(play(loaded, choice.seat, **known, moves=moves, command=game.command))

    with solara.Column(classes=["cf"], gap="12px"):
        Html(panels.standing(game.game))
        if problem:
            solara.Error(problem)
        if game.turn is not None:
            with solara.Card("Since your last decision"):
                Html(panels.news(game.game))
            Decide(game.turn, press).key(f"decide {game.turn.day} {len(game.moves)}")
            Asked(game).key(f"asked {len(game.moves)}")
        else:
            with solara.Card("The outcome"):
                Html(panels.ending(game.game))
                if len(game.days) > 1:
                    Html(picture(game.plot))
        with solara.Row():
            solara.Button(
                "Take back the last move",
                text=True,
                disabled=not game.moves,
                on_click=back,
            )
        with solara.Details("What you know, and the rules", expand=not game.moves):
            Html(panels.private(game.game))
        with solara.Details("Everything that has happened"):
            Html(panels.history(game.game))
        with solara.Details("Save this game"):
            Html(panels.again(game.game, game.command))


@solara.component
def Decide(turn: Turn, press: Press) -> None:
    """A button for each thing that can be decided today."""
    wanted, set_wanted = solara.use_state(frozenset[str]())

    def tick(name: str) -> Callable[[bool], None]:
        def ticked(on: bool) -> None:
            set_wanted(wanted | {name} if on else wanted - {name})

        return ticked

    def ask() -> None:
        press(" ".join([IF, *(n for n in turn.conditions if n in wanted)]))

    with solara.Card("Your decision"):
        Html(panels.question(turn))
        if not turn.answers:
            with solara.Column(gap="8px", align="start"):
                for text, what in words.choices(turn):
                    Choose(what, text, press).key(text)
            return
        with solara.Row():
            Choose("Accept", YES, press)
            Choose("Refuse", NO, press)
        if turn.conditions:
            solara.Text("or accept only if:")
            for name in turn.conditions:
                solara.Checkbox(
                    label=words.condition_in_words(name, turn),
                    value=name in wanted,
                    on_value=tick(name),
                )
            solara.Button(
                "Accept on these conditions",
                outlined=True,
                disabled=not wanted,
                on_click=ask,
            )


@solara.component
def Choose(label: str, text: str, press: Press) -> None:
    """A button that makes a move."""
    solara.Button(
        label[0].upper() + label[1:],
        outlined=True,
        classes=["cf-move"],
        on_click=lambda: press(text),
    )


@solara.component
def Asked(game: Played) -> None:
    """Advice, on request: it says what best response would do."""
    asked, set_asked = solara.use_state(False)
    assert game.turn is not None
    if not asked:
        with solara.Row():
            solara.Button(
                "What would best response do?",
                text=True,
                on_click=lambda: set_asked(True),
            )
        return
    with solara.Card("Advice"):
        Html(panels.advice(game.advice, game.turn))
