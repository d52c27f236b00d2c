"""Figure 11: what the record tells, of the answer and of the inputs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill, shorten
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.narrative.words import joined
from sim.batch.estimates import HEADLINES
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import Look, key_at, marks, note, sign
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    header,
    headline_look,
    plain_axes,
    short_share,
)
from sim.scenario.lookup import wording

QUESTION = "What does the record tell?"
OF_ONE_RUN, APART = False, True

SHOWN = 10  # inputs
_HEIGHT_MM = 185.0
_LETTERS = 26  # of a line of an input's name
_FACT_LETTERS = 42  # of a line of a fact
MARKS = "abcdefgh"  # of what others say
_FREE: Look = {"color": LINE_GREY, "linewidth": 1.0}


@dataclass(frozen=True, eq=False)
class InferenceWords(Words):
    """The numbers behind the sentences; tables as `sim.api.inference.Inference`."""

    answer: pd.DataFrame
    facts: pd.DataFrame
    inputs: pd.DataFrame
    context: Context
    sets: int
    chance: float
    effective: float
    beside: Sequence[Mapping[str, Any]] = ()
    name = "inference"
    title = QUESTION

    def caption(self) -> Iterator[str]:
        """The answer, and how to read it."""
        for headline in HEADLINES:
            free, fitted = (self.row(headline, inputs) for inputs in ("free", "fitted"))
            yield (
                f"In how many of 100 worlds {self.context.happens(headline)}: "
                f"{100 * fitted['mean']:.0f} with inputs that fit the record (nine in "
                f"ten sets: {100 * fitted['q5']:.0f} to {100 * fitted['q95']:.0f}), "
                f"{100 * free['mean']:.0f} with free inputs ({100 * free['q5']:.0f} to "
                f"{100 * free['q95']:.0f})."
            )
        yield (
            f"Of {self.sets:,} sets of inputs drawn between low and high, those in "
            f"whose worlds the {self._weighing} facts come true are kept; they carry "
            f"as much information as {self.effective:,.0f} sets of equal weight. With "
            "free inputs, the chance that all these facts come true is "
            f"{self.chance:.2g}."
        )
        count, of = int(self.inputs["identified"].sum()), len(self.inputs)
        names = [wording(path).label for path in self.inputs.path[:count]]
        told = f" ({joined(names[:3])})" if 0 < count <= 3 else ""
        yield (
            f"{count} of {of} inputs {'is' if count == 1 else 'are'} "
            f"identified{told}: the facts narrow the spread to less than four fifths. "
            "The facts change the answer while hardly any input is pinned down, "
            "because many different sets fit."
        )
        yield (
            "Right: the inputs that were narrowed most, each on its range from low "
            "to high; outlined before and filled after the facts are used, wide bars "
            "for half of the sets and thin bars for nine in ten. Below: how often "
            "each fact comes true with free inputs (open mark) and with inputs that "
            "fit all other facts (filled mark)."
        )

        if self.beside:
            others = [
                f"{mark} {rate['label']}, {_ends(rate)} of 100"
                for mark, rate in zip(MARKS, self.beside, strict=False)
            ]
            yield (
                "For comparison, from other sources that may define it "
                f"differently: {joined(others)}."
            )

    def alt_text(self) -> list[str]:
        """The picture in words."""
        most = self.inputs.iloc[0]
        rows = [(each, self.row(each, "fitted")) for each in HEADLINES]
        return [
            "Two distributions of the answer over sets of inputs, free and fitted, "
            f"beside {min(SHOWN, len(self.inputs))} ranges of inputs, and "
            f"{len(self.facts)} facts below.",
            *(
                f"Share of worlds in which {self.context.happens(each)}, fitted: mean "
                f"{row['mean']:.2f}, nine in ten sets {row['q5']:.2f} to "
                f"{row['q95']:.2f}."
                for each, row in rows
            ),
            f"The input narrowed most is {wording(most.path).label}, to "
            f"{most.spread_ratio:.2f} of its spread.",
        ]

    @property
    def _weighing(self) -> int:
        return int((~self.facts["scored"]).sum())

    def row(self, headline: str, inputs: str) -> Any:
        """Return a row of the answer."""
        answer = self.answer
        found = answer[(answer.outcome == headline) & (answer.inputs == inputs)]
        return found.iloc[0]


def inference(
    answer: pd.DataFrame,
    shape: pd.DataFrame,
    facts: pd.DataFrame,
    inputs: pd.DataFrame,
    context: Context,
    *,
    sets: int,
    chance: float,
    effective: float,
    beside: Sequence[Mapping[str, Any]] = (),
) -> Figure:
    """Draw the answer and the inputs before and after the facts, and each fact.

    Tables are as `sim.api.inference.Inference` has them. `sets` were drawn, worth
    `effective` of equal weight; `chance` is P(facts). `beside` has rates that others
    give: `outcome`, `low`, `high` and `label`.
    """
    words = InferenceWords(
        answer, facts, inputs, context, sets, chance, effective, beside
    )
    shown = inputs.head(SHOWN).reset_index(drop=True)
    with words.canvas(height_mm=_HEIGHT_MM) as canvas:
        upper, lower = 0.895, 0.067
        foot = lower + 0.041 * len(facts)
        middle = foot + 0.11
        height = (upper - middle - 0.105) / 2
        for at, headline in enumerate(HEADLINES):
            bottom = upper - height - at * (height + 0.105)
            axes = canvas.add_axes((0.07, bottom, 0.36, height))
            _draw_answer(axes, words, shape[shape.outcome == headline], headline)
        right = canvas.add_axes((0.715, middle, 0.255, upper - middle))
        _draw_inputs(right, shown)
        below = canvas.add_axes((0.43, lower, 0.55, foot - lower))
        _draw_facts(below, facts)
        key_at(canvas, _key(), 0.95, 4, handlelength=1.5, columnspacing=1.4)
    return words.figure(canvas, shape)


def _draw_answer(
    axes: Axes, words: InferenceWords, table: pd.DataFrame, headline: str
) -> None:
    """Draw how sets lie over a headline, free as an outline and fitted filled."""
    edges = np.append(table["from"], table["to"].iloc[-1])
    colour = headline_look(headline)["color"]
    axes.stairs(table["fitted"], edges, fill=True, color=colour, alpha=0.45)
    axes.stairs(table["fitted"], edges, color=colour, linewidth=1.2)
    axes.stairs(table["free"], edges, **_FREE)
    top = float(table[["free", "fitted"]].to_numpy().max())
    row = words.row(headline, "fitted")
    axes.plot([row["mean"]] * 2, [0.0, 1.06 * top], color=INK, linewidth=1.0)
    mean = f"mean {100 * row['mean']:.0f}"
    note(axes, mean, (row["mean"], 1.06 * top), (3.0, 0.0), ha="left")
    for mark, rate in zip(MARKS, words.beside, strict=False):
        if rate["outcome"] == headline:
            middle = 0.5 * (rate["low"] + rate["high"])
            axes.hlines(0.8 * top, rate["low"], rate["high"], color=INK, linewidth=2.2)
            marks(axes, middle, 0.8 * top, "|", 5)
            note(axes, mark, (middle, 0.8 * top), (0.0, 6.5))
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(0.0, 1.18 * top)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_xticks(ticks, [f"{100 * tick:.0f}" for tick in ticks])
    axes.set_yticks([])
    axes.set_xlabel("of 100 worlds of a set")
    header(axes, words.context.happens(headline))
    plain_axes(axes, "x")


def _ends(rate: Mapping[str, Any]) -> str:
    low, high = (f"{100 * rate[end]:.0f}" for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def _draw_inputs(axes: Axes, table: pd.DataFrame) -> None:
    """Draw each input from its low to its high: before, and after the facts."""
    for place, row in enumerate(table.to_dict("records")):
        low, high = row["low"], row["high"]

        def at(value: float, low: float = low, high: float = high) -> float:
            return (value - low) / (high - low)

        axes.hlines(place - 0.2, at(row["prior_5"]), at(row["prior_95"]), **_FREE)
        half = at(row["prior_25"]), at(row["prior_75"])
        axes.barh(
            place - 0.2, half[1] - half[0], 0.28, half[0],
            facecolor="white", edgecolor=LINE_GREY, linewidth=0.8, zorder=3,
        )  # fmt: skip
        ends = at(row["posterior_5"]), at(row["posterior_95"])
        axes.hlines(place + 0.16, *ends, color=INK, linewidth=1.0)
        half = at(row["posterior_25"]), at(row["posterior_75"])
        face = INK if row["identified"] else MID_GREY
        axes.barh(
            place + 0.16, half[1] - half[0], 0.34, half[0], facecolor=face, zorder=3
        )
    names = [fill(wording(path).label, _LETTERS) for path in table.path]
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 1.0], ["low", "high"])
    axes.grid(visible=False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    header(axes, "inputs narrowed most")


def _draw_facts(axes: Axes, facts: pd.DataFrame) -> None:
    """Draw the chance of each fact with free inputs, and given all others."""
    table = facts[facts["is_chance"]]
    for place, row in enumerate(table.to_dict("records")):
        both = row["free"], row["given_the_others"]
        axes.hlines(place, *sorted(both), color=LIGHT_GREY, linewidth=1.2, zorder=1)
        marks(axes, both[0], place, markerfacecolor="white", zorder=3)
        marks(axes, both[1], place, zorder=4)
    names = [
        fill(
            shorten(str(each), 2 * _FACT_LETTERS - 6, placeholder=" ..."), _FACT_LETTERS
        )
        for each in table["statement"]
    ]
    axes.set_yticks(range(len(table)), names)
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(-0.01, 1.0)
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_xticks(ticks, [short_share(tick) for tick in ticks])
    header(axes, "chance of each fact")
    plain_axes(axes, "x")


def _key() -> list[Patch | Line2D]:
    return [
        Patch(facecolor="white", edgecolor=LINE_GREY, label="free inputs"),
        Patch(facecolor=MID_GREY, label="inputs that fit"),
        Patch(facecolor=INK, label="identified"),
        sign("o", "fact, given the others", 4),
    ]


def of(source: Any) -> Figure:
    """Draw it of an inference."""
    found = source.inference()
    made = found.manifest
    return inference(
        found.answer,
        found.shape,
        found.facts,
        found.inputs,
        found.context(),
        sets=made["sets"],
        chance=made["chance"],
        effective=made["effective"],
        beside=made["facts_file"]["beside"],
    )
