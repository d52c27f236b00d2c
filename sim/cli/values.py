"""`ceasefire values`."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

import sim
from sim.analysis.narrative.sentences import offers_in_words
from sim.analysis.narrative.words import amount, km2, lines_in_words
from sim.cli import options
from sim.cli.tables import aligned, paragraph
from sim.model.labels import labels_of
from sim.scenario.load import Loaded


@click.command()
@options.scenario_argument
@options.set_option
@options.json_option
def values(scenario: str, changes: tuple[str, ...], as_json: bool) -> None:
    """Show what fighting on and each offer are worth at the start."""
    loaded = options.open_scenario(scenario, changes)
    found = sim.values(loaded)
    options.print_either(found, _lines(loaded, found), as_json=as_json)


Found = dict[str, Any]


def _lines(loaded: Loaded, found: Found) -> Iterator[str]:
    scenario = loaded.scenario
    parties = list(found["parties"])  # in alphabetical order
    names = [scenario.parties[party].label for party in parties]
    side = scenario.parties[scenario.front.side].label
    yield click.style(scenario.title, bold=True)
    yield f"scenario {scenario.id}, hash {loaded.hash}"
    yield paragraph(
        f"On {scenario.start_date}, before anything dated happens, at each party's own "
        f"cost of war. Of {km2(scenario.front.stake_km2)} in dispute {side} holds "
        f"{amount(scenario.front.held_km2)}. Values are in km2: as much as so much of "
        "them, held for ever."
    )
    yield ""
    rows = [["Fighting on", *names], *_war_rows(loaded, found, parties)]
    yield from _table(rows, right=range(1, len(names) + 1))
    yield ""
    heads = ["Offers", "value", "gain", "answer", "chance", "may settle", "breaks"]
    offers = _offer_rows(loaded, found, parties, names)
    yield from _table([heads, *offers], right=(1, 2, 4, 5, 6))
    yield paragraph(
        "gain: value of signing, less R; chance: that the party accepts; may settle: "
        "chance, as both see it, that a settlement could follow (P+); breaks: chance "
        "of a break-down in a week",
        indent=2,
    )
    if scenario.patron is not None:
        patron: Any = scenario.parties[scenario.patron]
        pressed = patron.pressure * patron.price_of_refusal_km2
        if pressed:
            yield f"  the chance counts {km2(pressed)} that refusing the patron costs"
    yield ""
    yield click.style(f"Lines that both prefer to war, as land of {side}", bold=True)
    if scenario.chips:
        yield f"  chips stay where they are:  {_corridor(loaded, found, 'keep')}"
        yield f"  chips are handed back:      {_corridor(loaded, found, 'hand_back')}"
    else:
        yield f"  {_corridor(loaded, found, 'keep')}"
    yield ""
    yield options.FORECAST


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[str]:
    """Yield a table with a bold first line, its other lines indented.

    A row of one text stands by itself, however wide.
    """
    head, *others = rows
    indented = [[f"  {first}", *more] for first, *more in others]
    wide = [row for row in indented if len(row) > 1]
    first, *lines = aligned([head, *wide], right=right, indent=0)
    yield click.style(first, bold=True)
    rest = iter(lines)
    for row in indented:
        yield row[0] if len(row) == 1 else next(rest)


def _war_rows(loaded: Loaded, found: Found, parties: list[str]) -> list[list[str]]:
    scenario = loaded.scenario
    side = scenario.parties[scenario.front.side].label
    costs = [scenario.parties[party] for party in parties]
    rows = [
        [text, *(form(found["parties"][party][key]) for party in parties)]
        for text, key, form in (
            (f"drift to {side} it expects, km2 a week", "drift_km2_per_week", amount),
            (f"discounted odds that {side} wins (psi)", "discounted_win", _odds),
            (f"discounted odds that {side} loses (phi)", "discounted_loss", _odds),
            ("value of fighting on, km2 (W)", "war_value", amount),
            ("least that it accepts, km2 (R)", "reservation_value", amount),
        )
    ]
    own = [amount(party.cost_of_war_km2.value) for party in costs]  # type: ignore[union-attr]
    rows.insert(3, ["cost of war while it lasts, km2", *own])
    for name, chip in scenario.chips.items():
        times = (found["parties"][party]["chip_time"][name] for party in parties)
        text = f"share of time that {chip.label} is held (A)"
        rows.append([text, *(f"{time:.3f}" for time in times)])
    return rows


def _odds(chance: float) -> str:
    """Return odds that may be tiny: few armies reach the far end of a wide stake."""
    return f"{chance:.4f}" if chance >= 5e-5 or chance == 0.0 else "below 0.0001"


def _offer_rows(
    loaded: Loaded, found: Found, parties: list[str], names: list[str]
) -> Iterator[list[str]]:
    """Yield of each offer its words with its name, then a row for each belligerent."""
    words = offers_in_words(loaded.scenario, labels_of(loaded.scenario))
    for offer_name, offer in found["offers"].items():
        yield [f"{words[offer_name]} ({offer_name})"]
        hazard = f"{offer['breakdown_hazard']:.3f}"
        settles = f"{offer['settlement_chance']:.2f}"
        for place, (party, name) in enumerate(zip(parties, names, strict=True)):
            chance = offer["accept_probability"][party]
            yield [
                f"  {name}",
                amount(offer["value"][party]),
                amount(offer["gain"][party], "+"),
                "accepts" if chance >= 0.5 else "refuses",
                f"{chance:.2f}",
                "" if place else settles,
                "" if place else hazard,
            ]


def _corridor(loaded: Loaded, found: Found, name: str) -> str:
    low, high = found["corridor"][name]
    scenario = loaded.scenario
    own, other = (scenario.parties[side].label for side in scenario.sides)
    return lines_in_words(low, high, own, other)
