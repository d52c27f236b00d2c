"""The page of the dashboard, for Solara: Mesa's controls, and what they step.

State lives in the page, so that every browser has its own worlds.
"""

from pathlib import Path

import solara
import solara.lab
from mesa.visualization import SolaraViz

from sim.errors import CeasefireError
from sim.web.dashboard.choice import Choice, begun_with
from sim.web.dashboard.controls import Beside
from sim.web.dashboard.seat import Seat
from sim.web.dashboard.shown import Shown
from sim.web.dashboard.worlds import Worlds

_STYLE = Path(__file__).with_name("dashboard.css").read_text(encoding="utf-8")
_COLOUR = "#444444"  # of no party, and of no flag


@solara.component
def Page() -> None:
    """Controls in the sidebar, the worlds beside it."""
    first = solara.use_memo(lambda: solara.reactive(Worlds(begun_with())), [])
    # How often something was chosen, and the worlds that are stepped since.
    (times, worlds), set_worlds = solara.use_state((0, first))
    problem, set_problem = solara.use_state("")

    def choose(choice: Choice) -> None:
        try:
            chosen = Worlds(choice)
        except CeasefireError as error:
            set_problem(str(error))
            return
        worlds.value.stop()
        set_worlds((times + 1, solara.reactive(chosen)))
        set_problem("")

    solara.use_memo(_neutral_colours, [])
    solara.Style(_STYLE)
    solara.Title("ceasefire-sim")
    if worlds.value.choice.seat:
        # Mesa's controls would step a world that waits for nobody.
        Beside(worlds.value.choice, choose, problem)
        Seat(worlds.value.choice).key(f"seat {times}")
        return
    # With a new key, and in another place of the sidebar, Mesa's controls begin anew;
    # they would otherwise stay as they were, stopped after an end.
    if times % 2:
        with solara.Sidebar():
            solara.Div()
    SolaraViz(
        worlds,
        components=[],
        model_params={"choice": worlds.value.choice},
        name="ceasefire-sim: a model's answer, not a forecast",
    ).key(f"worlds {times}")
    Beside(worlds.value.choice, choose, problem)
    Shown(worlds.value)


def _neutral_colours() -> None:
    themes = solara.lab.theme.themes
    themes.light.primary = themes.dark.primary = _COLOUR
