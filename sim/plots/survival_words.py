"""What curves of survival say, in counts of runs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.analysis.survival import median_day
from sim.analysis.words import counted, joined
from sim.plots.context import Context
from sim.plots.counts import Counts, counts_for

TITLE = "How long does the fighting last?"


@dataclass(frozen=True, eq=False)
class SurvivalWords:
    """Sentences about the curves of some scenarios, by what each is called."""

    runs: Mapping[str, pd.DataFrame]
    curves: Mapping[str, pd.DataFrame]
    fell: Mapping[str, pd.DataFrame]
    horizon_days: Mapping[str, int]
    context: Context

    @property
    def medians(self) -> dict[str, float]:
        """Day by which half of the runs have stopped, nan where they have not."""
        return {name: median_day(curve) for name, curve in self.curves.items()}

    def short(self, name: str) -> str:
        """Return what stands at the end of a curve."""
        return "still\nfighting" if len(self.curves) == 1 else _broken(name)

    def counts(self, name: str) -> Counts:
        """How shares of a scenario are written."""
        last = self.curves[name].iloc[-1]
        return counts_for(len(self.runs[name]), [last["low"]], [last["high"]])

    def caption(self) -> str:
        """Return the answer, what the bands cover, and the origin."""
        sentences = [self._answer(name) for name in self.curves]
        sentences += [self._collapse(name) for name in self.fell]
        size = sorted({len(table) for table in self.runs.values()})
        behind = joined([f"{each:,}" for each in size])
        sentences.append(
            "The fighting stops with a full truce, or with the defeat of one side; a "
            "truce may break down later. A tick marks runs still fighting at the last "
            "day: they are censored, not dropped. Band: luck, pointwise 95 % (log-log) "
            f"of {behind} runs; what is not known about the inputs is not shown."
        )
        if self.fell:
            sentences.append(
                "A break-down is counted as cumulative incidence: a settlement or a "
                "defeat before it rules it out."
            )
        return f"{' '.join(sentences)}\n{self.context.last_line()}"

    def alt_text(self) -> str:
        """Return the picture in words."""
        last = max(self.horizon_days.values())
        sentences = [
            "Step curve of the share of runs still fighting."
            if len(self.curves) == 1
            else f"{len(self.curves)} step curves of the share of runs still fighting.",
            f"Across: days since the start, 0 to {last}. Up: share of runs, 0 to 1, "
            "falling from 1.",
            *self._brief(),
            *(self._collapse(name) for name in self.fell),
            "Grey bands are luck, 95 %; what is not known of the inputs is not shown. "
            "The number of runs still fighting stands below.",
        ]
        return " ".join(sentences)

    def _brief(self) -> list[str]:
        """Return the answers with few words."""
        said = [self._answer(name, brief=True) for name in self.curves]
        if len(said) == 1:
            return said
        base = {self.counts(name).base for name in self.curves}
        last = max(self.horizon_days.values())
        return [f"Of {base.pop()}, fighting on day {last}:", *said]

    def _answer(self, name: str, *, brief: bool = False) -> str:
        """Return how many still fight at the end, and the median."""
        curve, counts = self.curves[name], self.counts(name)
        last = curve.iloc[-1]
        whose = "" if len(self.curves) == 1 else f"{name}: "
        median = self.medians[name]
        if brief and len(self.curves) > 1:
            half = f"half by day {median:.0f}" if np.isfinite(median) else "no median"
            return f"{name}: {counts.number(float(last['surviving']))}, {half}."
        half = (
            f"half have stopped by day {median:.0f}"
            if np.isfinite(median)
            else f"the median is not reached by day {self.horizon_days[name]}"
        )
        interval = "" if brief else (
            f" (interval {counts.number(float(last['low']))} to "
            f"{counts.number(float(last['high']))})"
        )  # fmt: skip
        text = (
            f"{whose}{counts.of(float(last['surviving']))} still fight on day "
            f"{self.horizon_days[name]}{interval}; {half}."
        )
        defeats = int(np.count_nonzero(self.runs[name]["end"] == "defeat"))
        if defeats and not brief:
            text += (
                f" {counted(defeats, 'run')} of {len(self.runs[name]):,} end with the "
                "defeat of one side."
            )
        return text

    def _collapse(self, name: str) -> str:
        table, counts = self.fell[name], self.counts(name)
        last = table.iloc[-1]
        whose = "" if len(self.curves) == 1 else f"{name}: "
        return (
            f"{whose}In {counts.of(float(last['incidence']))} a ceasefire has come and "
            f"broken down by day {self.horizon_days[name]}."
        )


def _broken(name: str) -> str:
    r"""Return a name on two lines if it is long.

    >>> _broken("kursk-2025-03-13")
    'kursk-2025-\n03-13'
    """
    if len(name) <= 13:
        return name
    breaks = [i for i, letter in enumerate(name) if letter in "- ," and i < 13]
    at = breaks[-1] + 1 if breaks else 12
    return f"{name[:at].rstrip()}\n{name[at:]}"
