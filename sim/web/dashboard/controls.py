"""What is chosen in the sidebar, below Mesa's controls.

A choice restarts the world at once; sliders that Mesa makes of `model_params` would do
so only after Reset.
"""

from collections.abc import Callable
from dataclasses import replace

import solara
from reacton.ipyvue import use_event

from sim.web.dashboard.choice import Choice, Slider

_NONE = "no second run"
_NOBODY = "nobody: just watch"
_MOST = 2**63 - 1  # luck is addressed by whole numbers of 63 bits

Choose = Callable[[Choice], None]


@solara.component
def Beside(choice: Choice, choose: Choose, problem: str) -> None:
    """The sidebar; it lies deeper in the tree than Mesa's, and so comes below it."""
    with solara.Column():
        Controls(choice, choose, problem)


@solara.component
def Controls(choice: Choice, choose: Choose, problem: str) -> None:
    """Which scenario, which world of it, a seat, its inputs, and one change."""
    with solara.Sidebar(), solara.Column().key("choice"):
        if problem:
            solara.Error(problem)
        World(choice, choose)
        AtTheTable(choice, choose)
        if not choice.seat:  # who plays does not see what others believe
            Inputs(choice, choose)
            SecondRun(choice, choose)


@solara.component
def World(choice: Choice, choose: Choose) -> None:
    """Which scenario, and which world of it."""

    def open_scenario(name: str) -> None:
        choose(replace(choice, name=name, values={}, change=None, seat=""))

    with solara.Card("World"):
        names = list(choice.scenarios)
        solara.Select("Scenario", names, choice.name, on_value=open_scenario)
        Whole("Seed", choice.seed, lambda seed: choose(replace(choice, seed=seed)))
        Whole(
            "Replicate",
            choice.replicate,
            lambda replicate: choose(replace(choice, replicate=replicate)),
        )


@solara.component
def AtTheTable(choice: Choice, choose: Choose) -> None:
    """The party that the reader decides for; nobody leaves all to the model."""
    parties = choice.base.scenario.parties
    names = {party.label: name for name, party in sorted(parties.items())}
    called = {name: label for label, name in names.items()}

    def sit(label: str) -> None:
        choose(replace(choice, seat=names.get(label, ""), change=None))

    with solara.Card("A seat at the table", subtitle="You decide for a party"):
        now = called.get(choice.seat, _NOBODY)
        solara.Select("Play as", [_NOBODY, *names], now, on_value=sit)


@solara.component
def Inputs(choice: Choice, choose: Choose) -> None:
    """The numbers that can be moved."""

    def mover(path: str) -> Callable[[float], None]:
        return lambda number: choose(choice.moved(path, number))

    with solara.Card(
        "Inputs", subtitle="Changing a value starts the world again with the same luck"
    ):
        for slider in choice.sliders():
            Move(slider, mover(slider.path)).key(f"{choice.name} {slider.path}")
        solara.Button(
            "Back to the scenario",
            text=True,
            disabled=not choice.values,
            on_click=lambda: choose(replace(choice, values={})),
        )


@solara.component
def SecondRun(choice: Choice, choose: Choose) -> None:
    """What is changed in the second run, if there is one."""
    sliders = {slider.name: slider for slider in choice.sliders()}
    names = {slider.path: name for name, slider in sliders.items()}
    now = names[choice.change[0]] if choice.change else _NONE

    def change(name: str) -> None:
        slider = sliders.get(name)
        pair = None if slider is None else (slider.path, slider.far_end)
        choose(replace(choice, change=pair))

    def move(number: float) -> None:
        choose(replace(choice, change=(sliders[now].path, number)))

    with solara.Card("A second run", subtitle="The same luck with one change"):
        solara.Select("What is changed", [_NONE, *sliders], now, on_value=change)
        if choice.change:
            path, number = choice.change
            changed = replace(sliders[now], value=number)
            Move(changed, move).key(f"{choice.name} second {path}")


@solara.component
def Whole(name: str, value: int, choose: Callable[[int], None]) -> None:
    """A whole number from 0, taken when the reader leaves the field."""

    def take(number: int | None) -> None:
        choose(min(abs(number or 0), _MOST))

    solara.InputInt(name, value, on_value=take, continuous_update=False)


@solara.component
def Move(slider: Slider, choose: Callable[[float], None]) -> None:
    """A slider that is heard when it is let go, not at every point on its way."""
    number, set_number = solara.use_state_or_update(slider.value)
    solara.Text(slider.at(slider.nearest(number)), style="font-size: 14px")
    element = solara.v.Slider(
        v_model=number,
        on_v_model=set_number,
        min=slider.low,
        max=slider.high,
        step=slider.step,
        hide_details=True,
        dense=True,
        attributes={"aria-label": slider.name},
    )
    use_event(element, "change", lambda _, __, value: choose(slider.nearest(value)))
