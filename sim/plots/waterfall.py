"""The numbers of a waterfall: bars that lead from one worth to another, and units."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.why import Decision, Span

# In the order in which they are told; what a decision does not have is left out.
PART_LABELS: Final = {
    "territory": "territory",
    "chips": "chips",
    "aid": "aid",
    "cost_of_fighting": "cost of\nfighting",
    "audience_cost": "audience\ncost",
    "rearmament": "rearming",
    "distrust_of_truce": "distrust\nof truce",
    "sanctions": "sanctions",
    "settlement_prospects": "settle-\nment",
    "price_of_refusal": "price of\nrefusal",
    "harm_forgone": "harm\nforgone",
    "partial_truce": "partial\ntruce",
    "offers": "best\noffer",
    "reputation": "repu-\ntation",
}
# A part that is smaller than this share of the largest has no bar.
_SMALL: Final = 1e-3


class Unit(NamedTuple):
    """What worths are written in, and how many of them a share of the stake is."""

    name: str
    factor: float


_NAMED: Final = {0: "shares", 6: "millionths", 9: "billionths"}


class Bar(NamedTuple):
    """A part as drawn: from where the bars before it end, to where it ends."""

    name: str
    value: float
    start: float
    end: float


def waterfall(decision: Decision) -> list[Bar]:
    """Return the parts that have a bar, in order; they end at the first worth."""
    parts = decision.parts
    order = [
        *(n for n in PART_LABELS if n in parts),
        *(n for n in parts if n not in PART_LABELS),
    ]
    largest = max((abs(value) for value in parts.values()), default=0.0)
    level, bars = decision.account.second.worth, []
    for name in order:
        if abs(parts[name]) > _SMALL * largest:
            bars.append(Bar(name, parts[name], level, level + parts[name]))
        level += parts[name]
    return bars


def needed_worth(decision: Decision) -> float:
    """Return the worth of the first at which the choice would turn."""
    told = decision.account
    return told.second.worth + told.aspiration - told.noise


def extremes(decision: Decision) -> tuple[Span, Span] | None:
    """Return the inputs at an end that make the difference smallest and largest."""
    known = [s for s in decision.spans if np.isfinite([s.first, s.second]).all()]
    if not known:
        return None
    ranked = sorted(known, key=lambda span: span.first - span.second)
    return ranked[0], ranked[-1]


def unit_of(decision: Decision) -> Unit:
    """Return the unit in which the worths and their parts are written."""
    told = decision.account
    numbers = [told.first.worth, told.second.worth, *decision.parts.values()]
    largest = max(abs(number) for number in numbers)
    power = 0
    if 0.0 < largest < 1e-3:  # in steps of a thousand, but for thousandths
        power = max(6, 3 * int(np.ceil(-np.log10(largest) / 3)))
    return Unit(_NAMED.get(power, f"10^-{power} parts"), 10.0**power)


def digits_of(decision: Decision) -> int:
    """Return how many decimals show the parts: three digits of the largest."""
    largest = max((abs(value) for value in decision.parts.values()), default=0.0)
    largest *= unit_of(decision).factor
    return int(np.clip(2 - np.floor(np.log10(largest)), 1, 8)) if largest else 4


def signed(value: float, decision: Decision) -> str:
    """Return a number of the unit with its sign and as many decimals as parts have."""
    digits = digits_of(decision)
    text = f"{abs(value):.{digits}f}"
    text = text.removeprefix("0") if abs(value) < 1.0 else text
    sign = "+" if value > 0.0 else "\N{MINUS SIGN}"
    return f"{sign}{text}"


def left_out(decision: Decision, bars: list[Bar]) -> list[str]:
    """Return the parts that have no bar."""
    drawn = {bar.name for bar in bars}
    return [name for name in decision.parts if name not in drawn]


def table_of(decision: Decision, bars: list[Bar], needed: float) -> pd.DataFrame:
    """One row a part, worth, input at an end, and change that turns the choice."""
    told = decision.account
    drawn = {bar.name: bar for bar in bars}
    rows: list[dict[str, object]] = []
    for name, value in decision.parts.items():
        bar = drawn.get(name)
        rows.append(
            {
                "row": "part",
                "name": name,
                "value": value,
                "start": bar.start if bar else np.nan,
                "end": bar.end if bar else np.nan,
            }
        )
    rows += [
        {"row": "worth", "name": each.name, "value": each.worth}
        for each in (told.first, told.second)
    ]
    rows.append({"row": "turns", "name": "worth of the first", "value": needed})
    rows += [
        {
            "row": f"input {span.end}",
            "name": span.path,
            "value": span.first - span.second,
            "input": span.number,
        }
        for span in decision.spans
    ]
    rows += [
        {
            "row": "flip",
            "name": flip.input.path,
            "value": flip.size,
            "input": flip.at,
            "becomes": flip.becomes,
        }
        for flip in decision.flips
        if flip.at is not None
    ]
    columns = ["row", "name", "value", "start", "end", "input", "becomes"]
    return pd.DataFrame(rows, columns=columns)
