"""The page of the dashboard, for Solara: Mesa's controls, and what they step.

State lives in the page, so that every browser has its own worlds.
"""

from pathlib import Path

import solara
import solara.lab
from mesa.visualization import SolaraViz

from sim.errors import CeasefireError
from sim.web.dashboard import start
from sim.web.dashboard.choice import Choice
from sim.web.dashboard.controls import Beside
from sim.web.dashboard.shown import Shown
from sim.web.dashboard.worlds import Worlds

_STYLE = Path(__file__).with_name("dashboard.css").read_text(encoding="utf-8")
_COLOUR = "#444444"  # of no party, and of no flag


@solara.component
def Page() -> None:
    """Controls in the sidebar, the worlds beside it."""
    choice = solara.use_reactive(start.choice())
    first = solara.use_memo(lambda: Worlds(choice.value), [])
    worlds = solara.use_reactive(first)
    problem = solara.use_reactive("")

    def choose(new: Choice) -> None:
        try:
            worlds.value = Worlds(new)
        except CeasefireError as error:
            problem.value = str(error)
        else:
            choice.value, problem.value = new, ""

    solara.use_memo(_neutral_colours, [])
    solara.Style(_STYLE)
    solara.Title("ceasefire-sim")
    # A new key starts Mesa's controls anew, which otherwise stay stopped after an end.
    SolaraViz(
        worlds,
        components=[],
        model_params={"choice": choice.value},
        name="ceasefire-sim: a model's answer, not a forecast",
    ).key(choice.value.key)
    Beside(choice.value, choose, problem.value)
    Shown(worlds.value)


def _neutral_colours() -> None:
    themes = solara.lab.theme.themes
    themes.light.primary = themes.dark.primary = _COLOUR
