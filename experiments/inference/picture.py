"""The figure of docs/reports/inference.md: ranks of truths, quantity by quantity."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from experiments.inference.calibration import QUANTITIES, Checked
from experiments.inference.ranks import BINS, DRAWS, Uniform, band
from sim.batch.estimates import HEADLINES
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.style import (
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    header,
    headline_look,
    plain_axes,
)
from sim.scenario.lookup import wording

_COLUMNS, _HEIGHT_MM = 4, 100.0
_NAMED = dict(zip(HEADLINES, ("full truce begun", "fighting stopped"), strict=True))

_SHORT = {
    "discount_factor_per_week": "discount factor",
    "parties.russia.belief.drift_km2_per_week": "Russia: belief, drift",
    "parties.ukraine.belief.drift_km2_per_week": "Ukraine: belief, drift",
}


def named(quantity: str) -> str:
    """Return what a headline or an input is called."""
    return _NAMED.get(quantity) or wording(quantity).label.split(",")[0]


@dataclass(frozen=True, eq=False)
class RankWords(Words):
    """The numbers behind the sentences."""

    checked: Checked
    context: Context
    name = "inference_ranks"
    title = "Where do truths lie among the sets that are inferred from them?"

    def caption(self) -> Iterator[str]:
        """How to read it."""
        low, high = band(self.checked.truths)
        yield (
            f"Ranks of {self.checked.truths} truths among {DRAWS} draws of their "
            f"posteriors, in {BINS} bins. Uniform ranks would lie in the grey band, "
            f"{low:.0f} to {high:.0f} a bin, in 95 of 100 bins."
        )

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        low, high = band(self.checked.truths)
        yield f"{len(QUANTITIES)} histograms of ranks; band {low:.0f} to {high:.0f}."
        for quantity, found in zip(QUANTITIES, self.checked.quantities, strict=True):
            yield f"{named(quantity)}: {', '.join(map(str, found.counts))}."


def picture(checked: Checked, context: Context) -> Figure:
    """Draw the ranks of truths, one small histogram a quantity."""
    words = RankWords(checked, context)
    most = max(max(each.counts) for each in checked.quantities)
    top = 1.12 * max(most, band(checked.truths)[1])
    with words.canvas(height_mm=_HEIGHT_MM) as canvas:
        rows = -(-len(QUANTITIES) // _COLUMNS)
        width, height = 0.94 / _COLUMNS, 0.82 / rows
        for at, quantity in enumerate(QUANTITIES):
            row, column = divmod(at, _COLUMNS)
            bottom = 0.9 - (row + 1) * height + 0.1
            place = (0.05 + column * width, bottom, width - 0.035, height - 0.15)
            axes = canvas.add_axes(place)
            _draw(axes, quantity, checked.quantities[at], band(checked.truths))
            axes.set_ylim(0.0, top)
            if column:
                axes.set_yticklabels([])
    return words.figure(canvas, _table(checked))


def _draw(
    axes: Axes, quantity: str, found: Uniform, usual: tuple[float, float]
) -> None:
    axes.axhspan(*usual, color=LIGHT_GREY, linewidth=0.0, zorder=0)
    for edge in usual:
        axes.axhline(edge, color=LINE_GREY, linewidth=0.8, linestyle=":", zorder=4)
    edges = [(DRAWS + 1) * each / BINS for each in range(BINS + 1)]
    face = headline_look(quantity)["color"] if quantity in HEADLINES else MID_GREY
    axes.stairs(found.counts, edges, fill=True, color=face, alpha=0.6, zorder=2)
    axes.stairs(found.counts, edges, color=INK, linewidth=0.8, zorder=3)
    axes.set_xlim(0, DRAWS + 1)
    axes.set_xticks([0, (DRAWS + 1) // 2, DRAWS + 1])
    axes.set_xlabel(f"rank among {DRAWS} draws")
    header(axes, _SHORT.get(quantity) or named(quantity))
    plain_axes(axes, "y")
    axes.grid(visible=False)


def _table(checked: Checked) -> pd.DataFrame:
    rows = [
        {"quantity": quantity, "from_rank": bin_ * (DRAWS + 1) // BINS, "truths": count}
        for quantity, found in zip(QUANTITIES, checked.quantities, strict=True)
        for bin_, count in enumerate(found.counts)
    ]
    return pd.DataFrame(rows)
