"""`ceasefire values`."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

import sim
from sim.analysis.narrative.words import display_name
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.scenario.load import Loaded


@click.command()
@options.scenario_argument
@options.set_option
@options.json_option
def values(scenario: str, changes: tuple[str, ...], as_json: bool) -> None:
    """What fighting on and each offer are worth at the start."""
    loaded = options.open_scenario(scenario, changes)
    found = sim.values(loaded)
    options.print_either(found, _lines(loaded, found), as_json=as_json)


Found = dict[str, Any]


def _lines(loaded: Loaded, found: Found) -> Iterator[str]:
    scenario = loaded.scenario
    parties = list(found["parties"])  # in alphabetical order
    names = [display_name(party) for party in parties]
    side = display_name(scenario.front.side)
    yield click.style(scenario.title, bold=True)
    yield f"scenario {scenario.id}, hash {loaded.hash}"
    yield paragraph(
        f"On {scenario.start_date}, before anything dated happens, at each party's own "
        f"cost of war. Values are shares of the stake; odds are those of {side}."
    )
    yield ""
    rows = [["Fighting on", *names], *_war_rows(loaded, found, parties)]
    yield from _table(rows, right=range(1, len(names) + 1))
    yield ""
    heads = ["Offers", "", "value", "gain", "answer", "chance", "breaks a week"]
    yield from _table([heads, *_offer_rows(found, parties)], right=(2, 3, 5, 6))
    yield "  gain: value of signing, less R; chance: that the party accepts"
    if scenario.patron is not None:
        patron: Any = scenario.parties[scenario.patron]
        pressed = patron.pressure * patron.price_of_refusal
        if pressed:
            yield f"  the chance counts {pressed:g} that refusing the patron costs"
    yield ""
    yield click.style(f"Lines that both prefer to war, as share of {side}", bold=True)
    if scenario.chips:
        yield f"  chips stay where they are:  {_corridor(loaded, found, 'keep')}"
        yield f"  chips are handed back:      {_corridor(loaded, found, 'hand_back')}"
    else:
        yield f"  {_corridor(loaded, found, 'keep')}"
    yield ""
    yield options.FORECAST


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[str]:
    """Yield a table with a bold first line, its other lines indented."""
    head, *others = rows
    indented = [[f"  {first}", *more] for first, *more in others]
    first, *lines = aligned([head, *indented], right=right, indent=0)
    yield click.style(first, bold=True)
    yield from lines


def _war_rows(loaded: Loaded, found: Found, parties: list[str]) -> list[list[str]]:
    side = display_name(loaded.scenario.front.side)
    costs = [loaded.scenario.parties[party] for party in parties]
    rows = [
        [text, *(f"{found['parties'][party][key]:.6f}" for party in parties)]
        for text, key in (
            (f"chance that {side} wins a battle", "win_probability"),
            (f"psi, discounted odds that {side} wins", "discounted_win"),
            (f"phi, discounted odds that {side} loses", "discounted_loss"),
            ("W, value of war", "war_value"),
            ("R, least it accepts", "reservation_value"),
        )
    ]
    own = [f"{party.cost_of_war.value:.6f}" for party in costs]  # type: ignore[union-attr]
    rows.insert(3, ["cost of war while it lasts", *own])
    for chip in loaded.scenario.chips:
        times = (found["parties"][party]["chip_time"][chip] for party in parties)
        text = f"A, share of time {display_name(chip)} is held"
        rows.append([text, *(f"{time:.6f}" for time in times)])
    return rows


def _offer_rows(found: Found, parties: list[str]) -> Iterator[list[str]]:
    for name, offer in found["offers"].items():
        hazard = f"{offer['breakdown_hazard']:.4f}"
        for place, party in enumerate(parties):
            chance = offer["accept_probability"][party]
            yield [
                "" if place else name,
                display_name(party),
                f"{offer['value'][party]:.6f}",
                f"{offer['gain'][party]:+.6f}",
                "accepts" if chance >= 0.5 else "refuses",
                f"{chance:.3f}",
                "" if place else hazard,
            ]


def _corridor(loaded: Loaded, found: Found, name: str) -> str:
    low, high = found["corridor"][name]
    own, other = (display_name(side) for side in loaded.scenario.sides)
    if low <= high:
        return f"{low:.6f} to {high:.6f}"
    return f"none: {own} needs {low:.6f}, {other} leaves {high:.6f}"
