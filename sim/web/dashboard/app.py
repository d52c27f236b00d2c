"""The page of the dashboard, for Solara: Mesa's controls, and what they step.

Own sliders restart the world at once; the ones that Mesa makes of `model_params` do so
only after Reset. State lives in the page, so that every browser has its own worlds.
"""

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import solara
import solara.lab
from mesa.visualization import SolaraViz
from mesa.visualization.utils import force_update, update_counter
from reacton.ipyvue import use_event

from sim.errors import CeasefireError
from sim.plots.result import Figure
from sim.web.dashboard import panels, start
from sim.web.dashboard.choice import Choice, Slider
from sim.web.dashboard.worlds import NAMES, Worlds

_STYLE = Path(__file__).with_name("dashboard.css").read_text(encoding="utf-8")
_FIGURES = {"Story": "story_of_a_run", "Range for a deal": "bargaining_range"}
_NONE = "no second run"
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
    # Sidebars are ordered by how deep they lie; this one comes below Mesa's.
    with solara.Div(), solara.Div(), solara.Sidebar(), solara.Column():
        if problem.value:
            solara.Error(problem.value)
        Controls(choice.value, choose)
    Shown(worlds.value)


def _neutral_colours() -> None:
    themes = solara.lab.theme.themes
    themes.light.primary = themes.dark.primary = _COLOUR


@solara.component
def Controls(choice: Choice, choose: Callable[[Choice], None]) -> None:
    """Which scenario, which world of it, its inputs, and one change."""
    with solara.Card("World"):
        solara.Select(
            "Scenario", list(choice.scenarios), choice.name,
            on_value=lambda name: choose(
                replace(choice, name=name, values={}, change=None)),
        )  # fmt: skip
        for name in ("seed", "replicate"):
            Whole(name, getattr(choice, name),
                  lambda number, name=name: choose(replace(choice, **{name: number})))  # fmt: skip
    sliders = {slider.name: slider for slider in choice.sliders()}
    with solara.Card("Inputs", subtitle="A move starts the world anew, same luck"):
        for slider in sliders.values():
            Move(slider, lambda number, path=slider.path: choose(
                choice.moved(path, number))).key(f"{choice.name} {slider.path}")  # fmt: skip
        solara.Button("Back to the scenario", text=True, disabled=not choice.values,
                      on_click=lambda: choose(replace(choice, values={})))  # fmt: skip
    with solara.Card("A second run", subtitle="The same luck, one change"):
        changed = {slider.path: name for name, slider in sliders.items()}
        now = changed[choice.change[0]] if choice.change else _NONE

        def change(name: str) -> None:
            pair = None if name == _NONE else (sliders[name].path, sliders[name].far_end)
            choose(replace(choice, change=pair))

        solara.Select("What is changed", [_NONE, *sliders], now, on_value=change)
        if choice.change:
            path, number = choice.change
            Move(replace(sliders[now], value=number), lambda number: choose(
                replace(choice, change=(path, number)))).key(f"{choice.name} 2 {path}")  # fmt: skip


@solara.component
def Whole(name: str, value: int, choose: Callable[[int], None]) -> None:
    """A whole number from 0, taken when the reader leaves the field."""
    solara.InputInt(
        name.capitalize(), value, continuous_update=False,
        on_value=lambda number: choose(min(abs(int(number or 0)), 2**63 - 1)),
    )  # fmt: skip


@solara.component
def Move(slider: Slider, choose: Callable[[float], None]) -> None:
    """A slider that is heard when it is let go, not at every point on its way."""
    number, set_number = solara.use_state_or_update(slider.value)
    solara.Text(slider.at(number), style="font-size: 14px")
    element = solara.v.Slider(
        v_model=number, on_v_model=set_number, min=slider.low, max=slider.high,
        step=slider.step, hide_details=True, dense=True,
        attributes={"aria-label": slider.name},
    )  # fmt: skip
    use_event(element, "change", lambda _, __, value: choose(float(value)))


@solara.component
def Shown(worlds: Worlds) -> None:
    """The worlds, run beside run."""
    update_counter.get()
    figure, set_figure = solara.use_state(next(iter(_FIGURES)))
    places = range(len(worlds.runs))
    with solara.Column(classes=["cf"], gap="12px"):
        Html(panels.heading(worlds))
        with solara.Row():
            for label, steps in (
                ("Next day", worlds.step), ("Next decision", worlds.step_to_decision)
            ):  # fmt: skip
                solara.Button(label, outlined=True, disabled=not worlds.running,
                              on_click=lambda steps=steps: (steps(), force_update()))  # fmt: skip
        if len(places) > 1:
            with solara.Card("Where the second run parts from this one"):
                Html(panels.difference(worlds))
        solara.ToggleButtonsSingle(figure, on_value=set_figure, values=list(_FIGURES))
        parts: list[tuple[str, Callable[[int], Any]]] = [
            ("", lambda place: Picture(worlds.so_far(place).plot(_FIGURES[figure]))),
            ("The front", lambda place: Html(panels.front(worlds, place))),
            ("The parties", lambda place: Html(panels.parties(worlds, place))),
            ("Why", lambda place: Why(worlds, place)),
            ("What has happened", lambda place: Html(panels.log(worlds, place))),
        ]
        for title, part in parts:
            with solara.Div(classes=["cf-runs"]):
                for place in places:
                    which = f" ({NAMES[place]})" if len(places) > 1 else ""
                    with solara.Card(f"{title}{which}" if title else which.strip()):
                        part(place)


@solara.component
def Why(worlds: Worlds, place: int) -> None:
    """The last decision of a run; on request what would have turned it."""
    update_counter.get()
    told = worlds.last_decision(place)
    which = None if told is None else (told.day, told.actor, told.kind, told.choice)
    asked, set_asked = solara.use_state(None)
    Html(panels.last_decision(worlds, place))

    def search() -> tuple[str, Figure] | None:
        if told is None or asked != which:
            return None
        return panels.turning(told), worlds.explanation(told).plot()

    found = solara.lab.use_task(search, dependencies=[asked, which, worlds.choice.key])
    if told is None:
        return
    if asked != which:
        solara.Button("What would have turned it?", outlined=True,
                      on_click=lambda: set_asked(which))  # fmt: skip
    elif found.pending:
        solara.Text("Searching, input by input ...")
        solara.ProgressLinear(True)
    elif found.error:
        solara.Error("The search failed.")
    elif found.value:
        words, figure = found.value
        Html(words)
        Picture(figure)


@solara.component
def Picture(figure: Figure) -> None:
    """A figure of the project, with what it shows in words."""
    coded = base64.b64encode(figure.svg().encode()).decode()
    words = panels.escape(figure.alt_text, quote=True)
    Html(f'<img alt="{words}" src="data:image/svg+xml;base64,{coded}">')


@solara.component
def Html(text: str) -> None:
    """Text with marks of our own; what a file says in it is escaped."""
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["cf"])
