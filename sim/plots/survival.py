"""Figure 5: the share of runs whose fighting has not stopped so far, day by day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from sim.analysis.narrative.words import counted, joined
from sim.analysis.outcomes import happens
from sim.analysis.survival import (
    COLLAPSE,
    collapse_times,
    cumulative_incidence,
    fighting_times,
    kaplan_meier,
    median_day,
    still_at_risk,
)
from sim.batch.estimates import STOPPED
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import (
    day_ticks,
    days_across,
    luck_band,
    marks,
    name_below,
    note,
    note_below,
    step_line,
)
from sim.plots.style import (
    INK,
    MM_PER_INCH,
    WIDTH_MM,
    Dash,
    header,
    label_ends,
    plain_axes,
    probability_axis,
)
from sim.plots.words import Counts, counts_for

QUESTION = "How long until the fighting first stops?"
OF_ONE_RUN, APART = False, False


@dataclass(frozen=True, eq=False)
class SurvivalWords(Words):
    """Sentences about the curves of some scenarios, by what each is called."""

    runs: Mapping[str, pd.DataFrame]
    curves: Mapping[str, pd.DataFrame]
    fell: Mapping[str, pd.DataFrame]
    horizon_days: Mapping[str, int]
    context: Context
    name = "survival"
    title = QUESTION

    @property
    def medians(self) -> dict[str, float]:
        """Day by which half of the runs have stopped, nan where they have not."""
        return {name: median_day(curve) for name, curve in self.curves.items()}

    def counts(self, name: str) -> Counts:
        """How shares of a scenario are written."""
        last = self.curves[name].iloc[-1]
        return counts_for(len(self.runs[name]), [last["low"]], [last["high"]])

    def caption(self) -> list[str]:
        """The answer, and what the bands cover."""
        size = sorted({len(table) for table in self.runs.values()})
        behind = joined([f"{each:,}" for each in size])
        return [
            *(self._answer(name) for name in self.curves),
            *(self._holds(name) for name in self.curves),
            *(self._collapse(name) for name in self.fell),
            "The curve falls when the fighting first stops, through a full truce or "
            "the defeat of one side. A truce may end later; at the last day the "
            "fighting has stopped if a truce or a settlement holds. The tick marks "
            "the runs in which it has not stopped by the last day; they are "
            "censored, not left out. The band shows luck: pointwise 95 % intervals "
            f"(log-log) of {behind} runs. Uncertainty about the inputs is not shown.",
            "Break-downs are counted as cumulative incidence: after a settlement or "
            "a defeat, none can follow."
            if self.fell
            else "",
        ]

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        last, many = max(self.horizon_days.values()), len(self.curves)
        drawn = "Step curve" if many == 1 else f"{many} step curves"
        yield (
            f"{drawn} of the share of runs without a full truce or a defeat so far. "
            f"Across: days since the start, 0 to {last}. Up: share of runs, from 1."
        )
        if many > 1:
            base = {self.counts(name).base for name in self.curves}
            yield f"Of {base.pop()}, without one by day {last}:"
        for name in self.curves:
            yield self._answer(name, brief=True)
        if many == 1:
            yield from map(self._holds, self.curves)
        for name in self.fell:
            yield self._collapse(name)
        yield "Grey bands: luck, 95 %. Below: runs left."

    def _answer(self, name: str, *, brief: bool = False) -> str:
        """Return in how many it never stops, and the median."""
        counts, horizon = self.counts(name), self.horizon_days[name]
        last, median = self.curves[name].iloc[-1], self.medians[name]
        known = np.isfinite(median)
        if brief and len(self.curves) > 1:
            half = f"half by day {median:.0f}" if known else "no median"
            return f"{name}: {counts.number(last['surviving'])}, {half}."
        half = (
            f"half of the runs have one by day {median:.0f}"
            if known
            else f"the median is not reached by day {horizon}"
        )
        start = (
            f"{self._whose(name)}In {counts.of(last['surviving'])} neither a full "
            f"truce nor a defeat comes by day {horizon}"
        )
        if brief:
            return f"{start}; {half}."
        defeats = int(np.count_nonzero(self.runs[name]["end"] == "defeat"))
        defeated = (
            f" {counted(defeats, 'run')} of {len(self.runs[name]):,} end with the "
            "defeat of one side."
        )
        return (
            f"{start} (interval {counts.number(last['low'])} to "
            f"{counts.number(last['high'])}); {half}.{defeated if defeats else ''}"
        )

    def _holds(self, name: str) -> str:
        """Return in how many runs the fighting has stopped at the last day."""
        holds = float(np.isfinite(self.runs[name]["fighting_stopped_day"]).mean())
        clause = happens(STOPPED, self.context.within_days, self.horizon_days[name])
        return f"{self._whose(name)}In {self.counts(name).of(holds)} {clause}."

    def _collapse(self, name: str) -> str:
        incidence = self.fell[name]["incidence"].iloc[-1]
        return (
            f"{self._whose(name)}In {self.counts(name).of(incidence)} a ceasefire has "
            f"come and broken down by day {self.horizon_days[name]}."
        )

    def _whose(self, name: str) -> str:
        return "" if len(self.curves) == 1 else f"{name}: "


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


MOST = 3

# Sides of the axes: on the left, with one scenario or several.
_LEFT, _RIGHT = (0.145, 0.19), 0.80

# From the left end of the axis, in points: where the words of a row of numbers end, and
# a piece of its line.
_WORDS_END, _PIECE = (-18.0, -46.0), (-40.0, -17.0)

# Scenarios in their order; the last is for a ceasefire that collapses.
_DASHES: tuple[Dash, ...] = ("-", (0.0, (5.0, 2.0)), (0.0, (1.5, 1.5)))
_COLLAPSE_DASH: Dash = (0.0, (7.0, 2.0, 1.2, 2.0))


def survival(
    runs: Mapping[str, pd.DataFrame],
    context: Context,
    *,
    horizon_days: Mapping[str, int],
    start: date | None,
    collapse: bool = False,
) -> Figure:
    """Draw Kaplan-Meier curves of the fighting, and how many runs stand behind them.

    `runs` has up to three tables by what a scenario is called in the figure: one row a
    run with `first_full_truce_day`, `defeat_day`, `first_collapse_day` and
    `settled_day`, as `sim.batch.ensemble.Ensemble.runs`; `horizon_days`, by the same
    names, the days simulated: runs still fighting are censored there. `start` is day 0,
    if it is the same for all; dates are written then. `collapse` adds the chance that a
    ceasefire has come and broken down, as a second event, with one scenario only.
    ValueError if there are no scenarios, more than three, or two events of several.
    """
    if not 1 <= len(runs) <= MOST:
        raise ValueError(f"one to {MOST} scenarios fit, not {len(runs)}")
    if collapse and len(runs) > 1:
        raise ValueError("collapse is drawn with one scenario, not with several")
    times = {name: fighting_times(runs[name], horizon_days[name]) for name in runs}
    curves = {name: kaplan_meier(table) for name, table in times.items()}
    fell = {
        name: cumulative_incidence(
            collapse_times(runs[name], horizon_days[name]), COLLAPSE
        )
        for name in (runs if collapse else ())
    }
    words = SurvivalWords(runs, curves, fell, horizon_days, context)
    last = max(horizon_days.values())
    with words.canvas() as canvas:
        axes = canvas.subplots()
        below = 0.19 + 0.042 * len(runs)
        canvas.subplots_adjust(
            left=_LEFT[len(runs) > 1], right=_RIGHT, top=0.815, bottom=below
        )
        for (name, curve), dash in zip(curves.items(), _DASHES, strict=False):
            _draw_curve(axes, curve, "surviving", dash)
            _draw_ends(axes, curve, words.medians[name])
        for table in fell.values():
            _draw_curve(axes, table, "incidence", _COLLAPSE_DASH)
        _finish(axes, words, start, last)
        _write_at_risk(axes, times, horizon_days, last)
    return words.figure(canvas, _table(curves, fell))


def _draw_curve(axes: Axes, curve: pd.DataFrame, share: str, dash: Dash) -> None:
    luck_band(axes, curve["day"], curve["low"], curve["high"], step="post")
    step_line(axes, curve["day"], curve[share], linestyle=dash, zorder=4)


def _draw_ends(axes: Axes, curve: pd.DataFrame, median: float) -> None:
    """Mark where runs are censored, and the median if there is one."""
    cut = curve[curve["censored"] > 0]
    marks(axes, cut["day"], cut["surviving"], "|", 9, markeredgewidth=1.2, zorder=5)
    if np.isfinite(median):
        axes.plot([median, median], [0.0, 0.5], color=INK, linewidth=0.8, zorder=3)
        marks(axes, median, 0.5, clip_on=True, zorder=5)


def _finish(axes: Axes, words: SurvivalWords, start: date | None, last: int) -> None:
    plain_axes(axes)
    probability_axis(axes)
    header(
        axes,
        "share of runs in which the fighting has not stopped yet; band: 95 % "
        "interval (luck)",
    )
    axes.set_xlim(0.0, float(last))
    if start is None:
        axes.set_xticks(day_ticks(0, last))
        axes.set_xlabel("days since the start")
    else:
        days_across(axes, start, (0, last))
    one = len(words.curves) == 1
    lasts = {
        "not stopped\nyet" if one else _broken(name): float(curve["surviving"].iloc[-1])
        for name, curve in words.curves.items()
    }
    for table in words.fell.values():
        lasts["a ceasefire\nbroke down"] = float(table["incidence"].iloc[-1])
    label_ends(axes, lasts, float(last), gap=0.15)
    medians = [each for each in words.medians.values() if np.isfinite(each)]
    if len(medians) == 1:
        text, at = f"half by day {medians[0]:.0f}", (medians[0], 0.5)
        note(axes, text, at, (5, 4), ha="left", va="bottom", zorder=6)


def _write_at_risk(
    axes: Axes,
    times: Mapping[str, pd.DataFrame],
    horizon_days: Mapping[str, int],
    last: int,
) -> None:
    """Write under the axis how many runs are left, every 60 days or so."""
    ticks = day_ticks(0, last)
    days = [day for day in ticks if day % 60 == 0] if last >= 120 else ticks
    for row, (name, table) in enumerate(times.items()):
        drop = -37.0 - 12.0 * row
        counts = still_at_risk(table, days)
        for day, count in zip(counts["day"], counts["at_risk"], strict=True):
            if day <= horizon_days[name]:
                note_below(axes, f"{count:,}", float(day), drop)
        if len(times) > 1:
            _sample(axes, _DASHES[row], drop)
    name_below(axes, "runs not\nstopped", (_WORDS_END[len(times) > 1], -37.0))


def _sample(axes: Axes, dash: Dash, drop: float) -> None:
    """Draw a short piece of a line left of its row of numbers."""
    # Points below the axes, whatever the size of the figure.
    down = ScaledTranslation(0.0, drop / 72.0, axes.figure.dpi_scale_trans)
    ours = axes.transAxes + down
    width = (_RIGHT - _LEFT[True]) * WIDTH_MM / MM_PER_INCH * 72.0
    axes.plot(
        [end / width for end in _PIECE], [0.0, 0.0], transform=ours, color=INK,
        linestyle=dash, linewidth=1.5, clip_on=False,
    )  # fmt: skip


def _table(
    curves: Mapping[str, pd.DataFrame], fell: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """One row a step of each curve; `what` says of which event."""
    parts = [
        curve.rename(columns={column: "share"}).assign(curve=name, what=what)
        for found, column, what in (
            (curves, "surviving", "not stopped yet"),
            (fell, "incidence", "a ceasefire has broken down"),
        )
        for name, curve in found.items()
    ]
    joined = pd.concat(parts, ignore_index=True)
    first = ["curve", "what", "day", "share", "low", "high", "at_risk", "events"]
    rest = [name for name in ("other", "censored") if name in joined]
    return joined[[*first, *rest]]


_RUNS = 1000


def of(source: Any) -> Figure:
    """Draw it of one scenario or several, or of up to three settings of a sweep."""
    ensembles, context = source.ensembles("survival", _RUNS, several=True)
    starts = {each.loaded.scenario.start_date for each in ensembles.values()}
    return survival(
        {name: each.runs for name, each in ensembles.items()},
        context,
        horizon_days={name: each.horizon for name, each in ensembles.items()},
        start=starts.pop() if len(starts) == 1 else None,
        collapse=source.options.more,
    )
