"""What a fan says: where it opens to, who has left it, and what was observed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.words import counted
from sim.plots.context import Context


@dataclass(frozen=True, eq=False)
class FanWords:
    """Sentences about the fan of one land.

    `table` is that of `sim.analysis.fan.fan`, `compared` that of `observed_in_fan`.
    """

    land: str
    table: pd.DataFrame
    dots: pd.DataFrame
    seen: pd.DataFrame | None
    compared: pd.DataFrame
    context: Context

    def title(self) -> str:
        """Return the question."""
        return f"How much of {self.land} is still held, and how did it go?"

    def caption(self) -> str:
        """Return the answer, what the bands cover, and the origin."""
        each = 100 / max(1, len(self.dots))
        sentences = [
            self.spread(),
            self.observed(),
            f"{self.remaining()} A run leaves the fan when a ceasefire comes or a side "
            "is defeated. Bands: luck, the middle 50 and 90 % of the runs; 10 of 100 "
            "lie outside, and more runs do not narrow them. Thin lines: single runs, "
            "from the most typical outwards by band depth. Dots: "
            f"{counted(len(self.dots), 'equal share')} of the runs on the last day, "
            f"{each:.0f} of 100 each. What is not known about the inputs is not shown.",
        ]
        if self.seen is not None:
            sentences.append(
                "Observed: midpoint (dotted) in the strip from confirmed to upper "
                "bound; marks are what was stated then, claims of a belligerent its "
                "own. Grey bar on the axis: dates that values of the shipped scenarios "
                "were taken from, so no test of them."
            )
        return f"{' '.join(filter(None, sentences))}\n{self.context.last_line()}"

    def alt_text(self) -> str:
        """Return the picture in words."""
        first, last = self.table["day"].iloc[[0, -1]]
        return " ".join(
            filter(
                None,
                [
                    "Fan chart: median line, bands of 50 and 90 % of the runs, single "
                    f"runs. Across: days, {first} to {last}. Up: {self.land} held, "
                    "km², from 0.",
                    self.spread(),
                    self.observed(brief=True),
                    self.remaining(),
                    "The bands are luck; unknown inputs are not shown.",
                ],
            )
        )

    def spread(self) -> str:
        """Return median and 90 % at a third of the time and at the end."""
        some = self.table[self.table["runs"] > 0]
        third = some.iloc[int(np.searchsorted(some["day"], some["day"].iloc[-1] / 3))]
        told = [
            f"on day {row['day']:.0f} {row['q50']:,.0f} km² "
            f"({row['q05']:,.0f} to {row['q95']:,.0f})"
            for row in (third, some.iloc[-1])
        ]
        return f"Median and 90 % of the runs: {told[0]}, {told[1]}."

    def remaining(self) -> str:
        """Return how many runs are in the fan on its last day."""
        some = self.table[self.table["runs"] > 0]
        last = some.iloc[-1]
        return (
            f"{last['runs']:,.0f} of {last['of']:,.0f} runs are in the fan on day "
            f"{last['day']:.0f}."
        )

    def observed(self, *, brief: bool = False) -> str:
        """Return how the observed days lie in the 90 % band, and the mean score."""
        if self.seen is None:
            return ""
        if self.compared.empty:
            return "No observed day lies after the start."
        inside = int(self.compared["inside"].sum())
        score = float(self.compared["score"].mean())
        return (
            f"{inside} of {counted(len(self.compared), 'observed day')} lie inside the "
            f"90 % band; mean interval score {score:,.0f} km²"
            + ("." if brief else " (less is better).")
        )
