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
from sim.analysis.narrative.words import counted
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import (
    Look,
    day_ticks,
    days_across,
    key_above,
    marks,
    name_below,
    note_below,
    room_beside,
    sign,
)
from sim.plots.style import (
    HEADROOM,
    INK,
    LIGHT_GREY,
    LINE_GREY,
    MID_GREY,
    OBSERVED_HATCH,
    TEXT_PT,
    header,
    party_styles,
    plain_axes,
)
from sim.scenario.observations import ObservedLand, observed_land

QUESTION = "How much is still held, and how did it go?"
OF_ONE_RUN, APART = False, False


@dataclass(frozen=True, eq=False)
class FanWords(Words):
    """Sentences about the fan of one land.

    `table` is that of `sim.analysis.fan.fan`, `compared` that of `observed_in_fan`;
    `unit` is what the land, or what is no land, is counted in.
    """

    land: str
    unit: str
    table: pd.DataFrame
    dots: pd.DataFrame
    seen: pd.DataFrame | None
    compared: pd.DataFrame
    context: Context
    name = "fan_chart"

    @property
    def title(self) -> str:
        """The question."""
        return f"How much of {self.land} is still held, and how did it go?"

    @property
    def held(self) -> str:
        """What is drawn, with its unit."""
        return f"{self.land} held, {self.unit}"

    def each_dot(self) -> str:
        """Return which part of the runs a dot beside the fan is."""
        return f"{100 / max(1, len(self.dots)):.0f} of 100"

    def caption(self) -> list[str]:
        """The answer, and what the bands cover."""
        return [
            self.spread(),
            self.observed(),
            self.remaining(),
            "A run leaves the fan when a ceasefire comes or a side is defeated. The "
            "bands show luck: they contain the middle 50 and 90 % of the runs, and "
            "more runs do not narrow them. Thin lines are single runs, ordered from "
            "the most typical outwards (by band depth). The dots are "
            f"{counted(len(self.dots), 'equal share')} of the runs on the last day, "
            f"{self.each_dot()} each. Uncertainty about the inputs is not shown.",
            ""
            if self.seen is None
            else "Observed areas: the dotted line is the midpoint, the strip goes "
            "from the confirmed area to the upper bound, and the marks are "
            "figures stated at the time; those of a belligerent are its own "
            "claims. The grey bar on the axis marks dates from which values of "
            "the shipped scenarios were taken; they do not test the model.",
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        first, last = self.table["day"].iloc[[0, -1]]
        return [
            "Fan chart: median line, bands of 50 and 90 % of the runs, single runs. "
            f"Across: days, {first} to {last}. Up: {self.held}, from 0.",
            self.spread(),
            self.observed(brief=True),
            self.remaining(),
            "The bands show luck, not uncertainty about inputs.",
        ]

    def spread(self) -> str:
        """Return median and 90 % at a third of the time and at the end."""
        some = self._some()
        # Where no run outlasts the eve, that is all there is.
        at = int(np.searchsorted(some["day"], some["day"].iloc[-1] / 3))
        third = some.iloc[min(at, len(some) - 1)]
        told = [
            f"on day {row['day']:.0f} {row['q50']:,.0f} {self.unit} "
            f"({row['q05']:,.0f} to {row['q95']:,.0f})"
            for row in (third, some.iloc[-1])
        ]
        return f"Median and 90 % of the runs: {told[0]}, {told[1]}."

    def remaining(self) -> str:
        """Return how many runs are in the fan on its last day."""
        last = self._some().iloc[-1]
        return (
            f"{last['runs']:,.0f} of {last['of']:,.0f} runs are in the fan on day "
            f"{last['day']:.0f}."
        )

    def observed(self, *, brief: bool = False) -> str:
        """Return how the observed days lie in the 90 % band, and the mean score."""
        if self.seen is None:
            return ""
        if self.compared.empty:
            return "There are no observations after the start."
        inside = int(self.compared["inside"].sum())
        score = float(self.compared["score"].mean())
        return (
            f"{inside} of {counted(len(self.compared), 'observed day')} lie inside the "
            f"90 % band; mean interval score {score:,.0f} {self.unit}"
            + ("." if brief else " (smaller is better).")
        )

    def _some(self) -> pd.DataFrame:
        return self.table[self.table["runs"] > 0]


_OBSERVED: Look = {
    "edgecolor": LINE_GREY,
    "linewidth": 0.5,
    "hatch": OBSERVED_HATCH,
}
_USED: Look = {"color": MID_GREY, "linewidth": 5}

# Most days before the start that observed values are shown for.
BEFORE = 45

# Of statements: marker and whose colour; who is no party is in ink.
_KINDS = {
    "claim_russia": ("s", "russia", "claim of Russia"),
    "claim_ukraine": ("o", "ukraine", "claim of Ukraine"),
    "analyst": ("D", None, "analyst"),
    "press": ("v", None, "press report"),
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

    `days` has one row a run and day, as `sim.batch.ensemble.Ensemble.days`; `chip` is
    which one, by its name in the scenario; `start` is day 0; `observed` is what was
    seen of it. ValueError if there is no such chip.
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
    land, unit = context.label(chip), context.units.get(chip, "km²")
    words = FanWords(land, unit, table, dots, seen, compared, context)
    with words.canvas() as canvas:
        axes, beside = canvas.subplots(
            1, 2, sharey=True, gridspec_kw={"width_ratios": [6, 1], "wspace": 0.04}
        )
        key = _key(seen is not None, observed is not None)
        _draw_fan(axes, table, shown)
        top = float(np.nanmax([table["q95"].max(), shown["value"].max(), 1.0]))
        stated: list[Line2D] = []
        if seen is not None:
            stated = _draw_observed(axes, seen)
            for name in ("upper_bound_km2", "stated_km2"):
                top = max(top, float(seen[name].max(skipna=True) or 0.0))
        axes.set_ylim(0.0, top / (1.0 - HEADROOM))
        _draw_dots(beside, dots)
        each = f"a dot: {words.each_dot()} of\nthe runs on day {last['day']:.0f}"
        beside.set_title(each, loc="right", size=TEXT_PT, pad=3.0)
        _finish(axes, words, start, seen)
        if observed is not None:
            _draw_used(axes, observed.used, start)
        key += stated
        rows = -(-len(key) // _KEY_COLUMNS)
        canvas.subplots_adjust(
            left=0.105, right=0.985, top=0.8 - 0.04 * rows, bottom=0.225
        )
        key_above(canvas, key, columns=_KEY_COLUMNS)
    return words.figure(canvas, _table(table, compared, dots))


def _seen(observed: ObservedLand | None, start: date, last: int) -> pd.DataFrame | None:
    """Return observed and stated areas by day, from some days before the start on."""
    if observed is None:
        return None
    held = observed.held.assign(day=_days_since(observed.held["date"], start))
    stated = observed.stated.assign(day=_days_since(observed.stated["date"], start))
    stated = stated.rename(columns={"km2": "stated_km2"})
    both = pd.concat([held, stated[["day", "stated_km2", "kind"]]], ignore_index=True)
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


def _draw_observed(axes: Axes, seen: pd.DataFrame) -> list[Line2D]:
    """Draw strip and line of what was observed, and statements; return their key."""
    held = seen[seen["midpoint_km2"].notna()]
    bounds = held["confirmed_held_km2"], held["upper_bound_km2"]
    axes.fill_between(held["day"], *bounds, facecolor="none", **_OBSERVED, zorder=3)
    look: Look = {"color": INK, "linewidth": 1.2, "linestyle": (0, (1.5, 1))}
    axes.plot(held["day"], held["midpoint_km2"], **look, zorder=5)
    styles = party_styles(["russia", "ukraine"])
    key = []
    for kind, (marker, whose, word) in _KINDS.items():
        rows = seen[seen["kind"] == kind]
        if len(rows):
            look = {"markerfacecolor": "white", "markeredgewidth": 1.2}
            look["color"] = styles[whose].colour if whose else INK
            marks(axes, rows["day"], rows["stated_km2"], marker, 4.5, **look, zorder=6)
            key.append(sign(marker, word, 4.5, **look))
    return key


def _draw_dots(axes: Axes, dots: pd.DataFrame) -> None:
    """Stack the dots of the last day beside the fan, each an equal part of the runs."""
    low, high = axes.get_ylim()
    bins = 22
    place = np.clip(((dots["value"] - low) / (high - low) * bins).astype(int), 0, bins)
    level = dots.groupby(place).cumcount()
    most = max(int(level.max()) + 1 if len(level) else 1, 10)
    heights = low + (place + 0.5) / bins * (high - low)
    marks(axes, (level + 0.5) / most, heights, size=min(3.4, 40.0 / most))
    axes.set_xlim(0.0, 1.0)
    axes.set_axis_off()


def _finish(
    axes: Axes, words: FanWords, start: date, seen: pd.DataFrame | None
) -> None:
    plain_axes(axes)
    table = words.table
    first = int(table["day"].iloc[0])
    if seen is not None:
        first = min(first, int(seen["day"].min()))
    last = int(table["day"].iloc[-1])
    room_beside(axes, first, last)
    # As many as for a run of that length, 0 among them.
    step = [*day_ticks(0, last - first), 1][1]
    ticks = list(range(-(-first // step) * step, last + 1, step))
    days_across(axes, start, ticks, raised=25.0)
    axes.yaxis.set_major_formatter(lambda number, _: f"{number:,.0f}")
    header(axes, words.held)
    for tick in ticks:
        left = table[table["day"] <= tick].tail(1)
        if len(left):
            note_below(axes, f"{int(left['runs'].iloc[0]):,}", tick, -38.0)
    name_below(axes, "runs in\nthe fan", (-4.0, -38.0))


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
            look: Look = {**_USED, "solid_capstyle": "butt", "clip_on": False}
            along = axes.get_xaxis_transform()
            axes.plot([first, last], [0.0, 0.0], transform=along, **look, zorder=1.5)


_KEY_COLUMNS = 4


def _key(seen: bool, used: bool) -> list[Line2D | Patch]:
    entries: list[Line2D | Patch] = [
        Line2D([], [], color=INK, linewidth=1.5, label="median"),
        Patch(facecolor=MID_GREY, label="half of the runs"),
        Patch(facecolor=LIGHT_GREY, label="90 of 100 runs"),
        Line2D([], [], color=LINE_GREY, linewidth=0.7, label="single runs"),
    ]
    if seen:
        patch = Patch(facecolor="white", **_OBSERVED, label="observed, with bounds")
        entries.append(patch)
    if used:
        entries.append(Line2D([], [], **_USED, label="days that inputs are from"))
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
