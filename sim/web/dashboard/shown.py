"""What is shown of the worlds: figures, the front, the parties, why, and the log."""

import base64
from collections.abc import Callable
from html import escape
from threading import Lock
from typing import Any

import solara
import solara.lab
from mesa.visualization.utils import force_update, update_counter

from sim.plots.figure import Figure
from sim.web.dashboard import panels
from sim.web.dashboard.worlds import NAMES, Worlds

_FIGURES = {"Story": "run_timeline", "Range for a deal": "bargaining_range"}
# Figures are drawn under settings of the whole process, and readers have threads.
_DRAWING = Lock()


@solara.component
def Shown(worlds: Worlds) -> None:
    """The worlds, run beside run."""
    update_counter.get()
    figure, set_figure = solara.use_state(next(iter(_FIGURES)))
    places = range(len(worlds.runs))

    def drawn(place: int) -> str:
        if len(worlds.runs[place].days) < 2:
            return "<p>The figure begins with day 0.</p>"
        return picture(lambda: worlds.so_far(place).plot(_FIGURES[figure]))

    with solara.Column(classes=["cf"], gap="12px"):
        Html(panels.standing(worlds))
        with solara.Row():
            Onwards("Next day", worlds, worlds.step)
            Onwards("Next decision", worlds, worlds.step_to_decision)
        if len(places) > 1:
            with solara.Card("Where the second run first differs from this one"):
                Html(panels.difference(worlds))
        solara.ToggleButtonsSingle(figure, on_value=set_figure, values=list(_FIGURES))
        parts: list[tuple[str, Callable[[int], Any]]] = [
            ("", lambda place: Html(drawn(place))),
            ("Why", lambda place: Why(worlds, place)),
            ("The front", lambda place: Html(panels.front(worlds, place))),
            ("The parties", lambda place: Html(panels.parties(worlds, place))),
            ("What has happened", lambda place: Html(panels.log(worlds, place))),
        ]
        for title, part in parts:
            with solara.Div(classes=["cf-runs" if title else "cf-pictures"]):
                for place in places:
                    which = [title, NAMES[place] if len(places) > 1 else ""]
                    with solara.Card(", ".join(filter(None, which)).capitalize()):
                        part(place)


@solara.component
def Onwards(label: str, worlds: Worlds, steps: Callable[[], None]) -> None:
    """A button that steps, beside the picture: the sidebar may be closed."""
    update_counter.get()

    def press() -> None:
        steps()
        force_update()

    solara.Button(label, outlined=True, disabled=not worlds.running, on_click=press)


@solara.component
def Why(worlds: Worlds, place: int) -> None:
    """The last decisions of a run; on request what would have turned one."""
    update_counter.get()
    by_name = panels.by_name(worlds.last_decisions(place))
    wanted, set_wanted = solara.use_state("")
    name = wanted if wanted in by_name else panels.first_shown(by_name)
    told = by_name.get(name)
    which = None if told is None else (told.day, name, told.choice)
    asked, set_asked = solara.use_state(None)
    if len(by_name) > 1:
        names = list(by_name)
        solara.ToggleButtonsSingle(name, on_value=set_wanted, values=names, dense=True)
    Html(panels.why(worlds, told))

    def search() -> str:
        if told is None or asked != which:
            return ""
        words = panels.turning(told)
        return words + picture(worlds.explanation(told).plot)

    found = solara.lab.use_task(search, dependencies=[asked, which, id(worlds)])
    if told is None:
        return
    if asked != which:
        label = "What would have reversed it?"
        solara.Button(label, outlined=True, on_click=lambda: set_asked(which))
    elif found.pending:
        solara.Text("Searching, input by input ...")
        solara.ProgressLinear(True)
    elif found.error:
        solara.Error("The search failed.")
    elif found.value:
        Html(found.value)


def picture(draw: Callable[[], Figure]) -> str:
    """Return a figure of the project as HTML, with what it shows in words."""
    with _DRAWING:
        figure = draw()
        coded = base64.b64encode(figure.svg().encode()).decode()
    words = escape(figure.alt_text, quote=True)
    return f'<img alt="{words}" src="data:image/svg+xml;base64,{coded}">'


@solara.component
def Html(text: str) -> None:
    """Text with marks of our own; what a file says in it is escaped."""
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["cf"])
