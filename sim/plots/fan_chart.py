"""Figure 6: how much of a land is still held, over runs, and what was observed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.analysis.fan import fan, observed_in_fan, quantile_dots, runs_by_depth
from sim.analysis.narrative.words import counted, display_name
from sim.plots.figure import Figure
from sim.plots.provenance import Context
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    OBSERVED_HATCH,
    dates_above,
    day_ticks,
    days_below,
    figure_style,
    header,
    key_above,
    new_canvas,
    party_styles,
    plain_axes,
)
from sim.scenario.observations import ObservedLand, observed_land

QUESTION = "How much is still held, and how did it go?"
OF_ONE_RUN, APART = False, False


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
        # Where no run outlasts the eve, that is all there is.
        at = int(np.searchsorted(some["day"], some["day"].iloc[-1] / 3))
        third = some.iloc[min(at, len(some) - 1)]
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


NAME = "fan_chart"

# Most days before the start that observed values are shown for.
BEFORE = 45

# Of statements: marker and whose colour; who is no party is in ink.
_KINDS = {
    "claim_russia": ("s", "russia", "claim of Russia"),
    "claim_ukraine": ("o", "ukraine", "claim of Ukraine"),
    "analyst": ("D", None, "analyst"),
    "press": ("v", None, "press"),
}


def fan_chart(
    days: pd.DataFrame,
    context: Context,
    *,
    chip: str,
    start: date,
    observed: ObservedLand | None = None,
) -> Figure:
    """Draw the fan of a chip's area over runs, single runs, and what was observed.

    Parameters
    ----------
    days : DataFrame
        One row a run and day, as `sim.batch.ensemble.Ensemble.days`.
    context : Context
        Where the runs come from.
    chip : str
        Which one, by its name in the scenario.
    start : date
        Day 0.
    observed : ObservedLand, optional
        What was seen of it.

    Raises
    ------
    ValueError
        If there is no such chip.
    """
    column = f"chips_km2.{chip}"
    if column not in days:
        raise ValueError(f"the runs have no chip {chip!r}")
    table = fan(days, column)
    shown = runs_by_depth(days, column)
    last = table[table["runs"] > 0].iloc[-1]
    at_last = days[(days["day"] == last["day"]) & days["before_truce"]]
    dots = quantile_dots(at_last[column])
    seen = _seen(observed, start, int(table["day"].iloc[-1]))
    compared = _compared(seen, table)
    words = FanWords(display_name(chip), table, dots, seen, compared, context)
    with figure_style():
        canvas = new_canvas(words.title(), context.footer())
        axes, beside = canvas.subplots(
            1, 2, sharey=True, gridspec_kw={"width_ratios": [6, 1], "wspace": 0.04}
        )
        canvas.subplots_adjust(left=0.105, right=0.985, top=0.755, bottom=0.225)
        _draw_fan(axes, table, shown)
        top = float(np.nanmax([table["q95"].max(), shown["value"].max(), 1.0]))
        kinds: list[str] = []
        if seen is not None:
            kinds = _draw_observed(axes, seen)
            top = max(top, float(seen["upper_bound_km2"].max(skipna=True) or 0.0),
                      float(seen["stated_km2"].max(skipna=True) or 0.0))  # fmt: skip
        axes.set_ylim(0.0, top / (1.0 - HEADROOM))
        _draw_dots(beside, dots, int(last["day"]))
        _finish(axes, words, start, seen)
        if observed is not None:
            _draw_used(axes, observed.used, start)
        key_above(canvas, _key(kinds, seen is not None), columns=5)
    return Figure(
        name=NAME,
        title=words.title(),
        figure=canvas,
        caption=words.caption(),
        alt_text=words.alt_text(),
        table=_table(table, compared, dots),
        origin=context.metadata(),
    )


def _seen(observed: ObservedLand | None, start: date, last: int) -> pd.DataFrame | None:
    """Return observed and stated areas by day, from some days before the start on."""
    if observed is None:
        return None
    held = observed.held.assign(day=_days_since(observed.held["date"], start))
    stated = observed.stated.assign(day=_days_since(observed.stated["date"], start))
    stated = stated.rename(columns={"km2": "stated_km2"})
    both = pd.concat([held, stated[["day", "stated_km2", "kind"]]], ignore_index=True)
    for name in ("stated_km2", "kind"):
        both[name] = both.get(name, np.nan)
    before = min(BEFORE, max(7, last))
    inside = both[(both["day"] >= -before) & (both["day"] <= last)]
    return inside.reset_index(drop=True) if len(inside) else None


def _days_since(dates: pd.Series, start: date) -> pd.Series:
    return (pd.to_datetime(dates) - pd.Timestamp(start)).dt.days


def _compared(seen: pd.DataFrame | None, table: pd.DataFrame) -> pd.DataFrame:
    """Return the observed days after day 0, which the area at the start is from."""
    columns = pd.DataFrame({"day": [], "value": []})
    if seen is not None:
        columns = seen[["day", "midpoint_km2"]].dropna()
        columns = columns.set_axis(["day", "value"], axis=1)
    return observed_in_fan(columns[columns["day"] > 0], table)


def _draw_fan(axes: Axes, table: pd.DataFrame, shown: pd.DataFrame) -> None:
    for low, high, grey in (("q05", "q95", LIGHT_GREY), ("q25", "q75", MID_GREY)):
        axes.fill_between(
            table["day"], table[low], table[high], facecolor=grey, linewidth=0, zorder=1
        )
    for _, run in shown.groupby("replicate"):
        axes.plot(run["day"], run["value"], color=LINE_GREY, linewidth=0.7, zorder=2)
    axes.plot(table["day"], table["q50"], color=INK, linewidth=1.5, zorder=4)


def _draw_observed(axes: Axes, seen: pd.DataFrame) -> list[str]:
    """Draw the strip and line of what was observed; return the kinds of statements."""
    held = seen[seen["midpoint_km2"].notna()]
    axes.fill_between(
        held["day"], held["confirmed_held_km2"], held["upper_bound_km2"],
        facecolor="none", edgecolor=LINE_GREY, linewidth=0.5, hatch=OBSERVED_HATCH,
        zorder=3,
    )  # fmt: skip
    axes.plot(
        held["day"], held["midpoint_km2"], color=INK, linewidth=1.2,
        linestyle=(0, (1.5, 1)), zorder=5,
    )  # fmt: skip
    styles = party_styles(["russia", "ukraine"])
    found = []
    for kind, (marker, whose, _) in _KINDS.items():
        rows = seen[seen["kind"] == kind]
        if len(rows):
            found.append(kind)
            axes.plot(
                rows["day"], rows["stated_km2"], marker, markersize=4.5,
                markerfacecolor="white", markeredgewidth=1.2,
                color=styles[whose].colour if whose else INK, clip_on=False, zorder=6,
            )  # fmt: skip
    return found


def _draw_dots(axes: Axes, dots: pd.DataFrame, day: int) -> None:
    """Stack the dots of the last day beside the fan, each an equal part of the runs."""
    low, high = axes.get_ylim()
    bins = 22
    place = np.clip(((dots["value"] - low) / (high - low) * bins).astype(int), 0, bins)
    level = dots.groupby(place).cumcount()
    most = max(int(level.max()) + 1 if len(level) else 1, 10)
    axes.plot(
        (level + 0.5) / most, low + (place + 0.5) / bins * (high - low), "o", color=INK,
        markersize=min(3.4, 40.0 / most), clip_on=False,
    )  # fmt: skip
    axes.set_xlim(0.0, 1.0)
    axes.set_axis_off()
    header(axes, f"day {day}")


def _finish(
    axes: Axes, words: FanWords, start: date, seen: pd.DataFrame | None
) -> None:
    plain_axes(axes)
    table = words.table
    first = int(table["day"].iloc[0])
    if seen is not None:
        first = min(first, int(seen["day"].min()))
    last = int(table["day"].iloc[-1])
    edge = 0.012 * (last - first or 1)
    axes.set_xlim(first - edge, last + edge)
    # As many as for a run of that length, 0 among them.
    step = [*day_ticks(0, last - first), 1][1]
    ticks = list(range(-(-first // step) * step, last + 1, step))
    days_below(axes, start, ticks)
    dates_above(axes, start, ticks, raised=13.0)
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    header(axes, f"{words.land} held, km²")
    for tick in ticks:
        left = table[table["day"] <= tick].tail(1)
        if len(left):
            axes.annotate(
                f"{int(left['runs'].iloc[0]):,}", xy=(tick, 0.0),
                xycoords=("data", "axes fraction"), xytext=(0.0, -38.0),
                textcoords="offset points", ha="center", va="center",
            )  # fmt: skip
    axes.annotate(
        "runs in\nthe fan", xy=(0.0, 0.0), xycoords="axes fraction",
        xytext=(-4.0, -38.0), textcoords="offset points", ha="right", va="center",
        linespacing=0.95,
    )  # fmt: skip


def _draw_used(axes: Axes, used: pd.DataFrame, start: date) -> None:
    """Draw a grey bar on the axis over the dates that values were taken from."""
    left, right = axes.get_xlim()
    for row in used.itertuples(index=False):
        first, last = (
            (date.fromisoformat(str(each)) - start) / timedelta(days=1)
            for each in (row[0], row[1])
        )
        first, last = max(first - 0.5, left), min(last + 0.5, right)
        if first < last:
            axes.plot(
                [first, last], [0.0, 0.0], transform=axes.get_xaxis_transform(),
                color=MID_GREY, linewidth=5, solid_capstyle="butt", clip_on=False,
                zorder=1.5,
            )  # fmt: skip


def _key(kinds: list[str], seen: bool) -> list[Line2D | Patch]:
    entries: list[Line2D | Patch] = [
        Line2D([], [], color=INK, linewidth=1.5, label="median"),
        Patch(facecolor=MID_GREY, label="50 %"),
        Patch(facecolor=LIGHT_GREY, label="90 %"),
        Line2D([], [], color=LINE_GREY, linewidth=0.7, label="single runs"),
    ]
    if seen:
        entries.append(
            Patch(facecolor="white", edgecolor=LINE_GREY, linewidth=0.5,
                  hatch=OBSERVED_HATCH, label="observed")
        )  # fmt: skip
        entries.append(Line2D([], [], color=MID_GREY, linewidth=5, label="dates used"))
    styles = party_styles(["russia", "ukraine"])
    for kind in kinds:
        marker, whose, word = _KINDS[kind]
        entries.append(
            Line2D([], [], linestyle="none", marker=marker, markersize=4.5,
                   markerfacecolor="white", markeredgewidth=1.2,
                   color=styles[whose].colour if whose else INK, label=word)
        )  # fmt: skip
    return entries


def _table(
    table: pd.DataFrame, compared: pd.DataFrame, dots: pd.DataFrame
) -> pd.DataFrame:
    """One row a day; the dots of the last day stand in its row, in order."""
    columns = compared[["day", "value", "inside", "score"]].rename(
        columns={"value": "observed_km2"}
    )
    joined = table.merge(columns, on="day", how="left")
    last = joined.index[joined["runs"] > 0][-1]
    text = " ".join(f"{each:.1f}" for each in dots["value"])
    return joined.assign(dots=[text if at == last else "" for at in joined.index])


_RUNS = 1000


def of(source: Any) -> Figure:
    """Draw it of runs of a scenario, or of a cell of a sweep."""
    ensembles, context = source.ensembles("fan_chart", _RUNS)
    [ensemble] = ensembles.values()
    chip = source.chip(ensemble.loaded)
    return fan_chart(
        ensemble.days,
        context,
        chip=chip,
        start=ensemble.loaded.scenario.start_date,
        observed=observed_land(chip),
    )
