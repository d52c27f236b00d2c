"""Figure 4: a share over two varied quantities, and what makes up for what."""

from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.analysis.grid import LEVELS, crossings, grid, offset
from sim.batch.intervals import Floats
from sim.errors import UsageError
from sim.plots.figure import Figure, Words
from sim.plots.outcome_curve import Observed
from sim.plots.provenance import Context
from sim.plots.strokes import Look
from sim.plots.style import INK, header
from sim.plots.words import (
    Counts,
    about_path,
    chip_of,
    counts_for,
    outcome_words,
    path_label,
    short_label,
    subject_of,
    unit_of,
)

QUESTION = "When do aid and territory replace each other?"
OF_ONE_RUN, APART = False, False


@dataclass(frozen=True, eq=False)
class GridWords(Words):
    """The two quantities and the event, as sentences name them.

    `table` is that of `sim.analysis.grid.grid`; `across` and `up` are varied paths.
    `ring` is what was observed, with the level of `up` then; `days` says that the
    median day stands beside the counts.
    """

    table: pd.DataFrame
    across: str
    up: str
    outcome: str
    context: Context
    ring: tuple[Observed, float] | None
    days: bool
    name = "outcome_heatmap"

    @property
    def event(self) -> str:
        """What the runs are counted for."""
        return outcome_words(self.outcome, self.context.within_days)

    @property
    def counts(self) -> Counts:
        """Whole counts of runs: what fits a cell."""
        found = counts_for(
            int(self.table["replicates"].min()), self.table["low"], self.table["high"]
        )
        return Counts(found.base, 0)

    @property
    def title(self) -> str:
        """The question."""
        chip = chip_of(self.across)
        if chip and self.up == "aid.level":
            return "When do aid and territory replace each other?"
        ours, theirs = subject_of(self.across), subject_of(self.up)
        return f"When do {ours} and {theirs} replace each other?"

    def trade(self) -> str:
        """Return what one contour says about the two quantities."""
        found = offset(self.table)
        if found is None:
            return (
                "None of the lines at 25, 50 and 75 of 100 is crossed at two settings "
                f"of {subject_of(self.up)}: in these settings the one does not make up "
                "for the other."
            )
        more = found["other_across"] - found["across"]
        less = found["up"] - found["other_up"]
        return (
            f"The line at {100 * found['level']:.0f} of 100: at "
            f"{subject_of(self.up)} {found['up']:.6g} it is at "
            f"{self._about(found['across'])}, at {found['other_up']:.6g} at "
            f"{self._about(found['other_across'])}. So {less:.6g} less "
            f"{short_label(self.up)} is offset by about {self._about(abs(more))} "
            f"{'more' if more > 0 else 'less'}, in this model."
        )

    def corners(self) -> str:
        """Return the largest and the smallest count."""
        table, counts = self.table, self.counts
        most = table.iloc[int(table["share"].to_numpy().argmax())]
        least = table.iloc[int(table["share"].to_numpy().argmin())]
        if most["share"] == least["share"]:
            return f"{counts.of(most['share'])} with {self.event} in every cell."
        return (
            f"{counts.of(most['share'])} with {self.event} at {self._cell(most)}, the "
            f"most; {counts.number(least['share'])} at {self._cell(least)}, the fewest."
        )

    def caption(self) -> list[str]:
        """The answer, and how to read it."""
        table, base = self.table, self.counts.base
        width = float((table["high"] - table["low"]).max()) / 2
        drawn, found = {0.25: "dotted 25", 0.5: "solid 50", 0.75: "dashed 75"}, ""
        crossed = set(crossings(table)["level"])
        lines = [drawn[each] for each in LEVELS if each in crossed]
        if self.ring is not None:
            observed, level = self.ring
            found = (
                f"Ring: {observed.sentence(chip_of(self.across) or self.across)} "
                f"{short_label(self.up).capitalize()} then: {level:.6g}."
            )
        return [
            self.trade(),
            self.corners(),
            f"Number in a cell: runs of {base} with {self.event}, give or take at most "
            f"{width * base:.0f} (luck, 95 % interval of {table['replicates'].min():,} "
            "runs); in brackets where that interval spans one half. What is not known "
            "about the inputs is not shown.",
            f"Lines: {', '.join(lines)} of 100." if lines else "",
            "Beside it: the day by which half of the runs have a full truce; a dash "
            "where fewer than half have one within the run."
            if self.days
            else "",
            found,
            about_path(self.across),
            about_path(self.up),
        ]

    def alt_text(self) -> list[str]:
        """The picture in words."""
        across, up = self.table["across"], self.table["up"]
        width = float((self.table["high"] - self.table["low"]).max())
        return [
            f"Grid of {across.nunique()} by {up.nunique()} cells, lighter where the "
            "count is higher.",
            f"Across: {path_label(self.across)}, {across.min():,.6g} to "
            f"{across.max():,.6g}. Up: {path_label(self.up)}, {up.min():,.6g} to "
            f"{up.max():,.6g}.",
            self.corners(),
            f"Luck moves a number by at most {50 * width:.0f} of 100.",
            f"A ring marks {self.ring[0].midpoint_km2:,.0f} km² observed."
            if self.ring
            else "",
        ]

    def _cell(self, row: "pd.Series[float]") -> str:
        across = f"{row['across']:,.6g}{unit_of(self.across)}"
        return f"{across} and {short_label(self.up)} {row['up']:,.6g}"

    def _about(self, setting: float) -> str:
        """Return a setting read off a line: two digits, with its unit."""
        return f"{float(f'{setting:.2g}'):,.6g}{unit_of(self.across)}"


MEDIAN = "first_full_truce_day_median"

# Above this part of the colours' range, text on them is black, below it white.
_BLACK_ABOVE = 0.55

# Cells beyond which a number in each would touch the next.
_MOST_ACROSS, _MOST_UP = 16, 12


def outcome_heatmap(
    cells: pd.DataFrame,
    context: Context,
    *,
    across: str = "chips.kursk.area_km2",
    up: str = "aid.level",
    outcome: str = "full_truce_share",
    observed: Observed | None = None,
    observed_up: float | None = None,
    days: bool = False,
) -> Figure:
    """Draw the count of runs in each cell of a grid, and its contours.

    `cells` are rows of `cells.parquet` that differ in `across` and `up` only, two
    varied numbers; `outcome` is one of its shares. `observed` is what was held, and
    `observed_up` the level of `up` then: an open circle. `days` puts the day by which
    half of the runs have a full truce beside it. ValueError as
    `sim.analysis.grid.grid`, or if there are more cells than numbers fit.
    """
    table = grid(cells, across, up, outcome)
    columns, rows = table["across"].nunique(), table["up"].nunique()
    if columns > _MOST_ACROSS // (1 + days) or rows > _MOST_UP:
        raise ValueError(
            f"{columns} by {rows} cells: numbers fit in at most "
            f"{_MOST_ACROSS // (1 + days)} by {_MOST_UP}"
        )
    ring = None
    if observed is not None and observed_up is not None and chip_of(across):
        ring = observed, observed_up
    words = GridWords(table, across, up, outcome, context, ring, days)
    if days:
        median = cells.set_index([up, across])[MEDIAN]
        table[MEDIAN] = [
            median.loc[u, a] for u, a in table[["up", "across"]].to_numpy()
        ]
    with words.canvas() as canvas:
        axes = canvas.subplots(1, 1 + days, squeeze=False)[0]
        canvas.subplots_adjust(
            left=0.09, right=0.975, top=0.875, bottom=0.175, wspace=0.16
        )
        _draw_counts(axes[0], words)
        if ring is not None:
            _draw_observed(axes[0], table, ring[0].midpoint_km2, ring[1])
        if days:
            _draw_days(axes[1], words)
        header(axes[0], f"runs of {words.counts.base} with {words.event}")
        for each in axes:
            each.set_xlabel(path_label(across) if not days else short_label(across))
        axes[0].set_ylabel(path_label(up))
    names = {"share": outcome, "low": f"{outcome}_low", "high": f"{outcome}_high"}
    named = table.rename(columns={"across": across, "up": up, **names})
    return words.figure(canvas, named)


def _square(words: GridWords, column: str) -> Floats:
    """Return a column as rows of `up` and columns of `across`."""
    table = words.table
    rows = table["up"].nunique()
    return table[column].to_numpy(np.float64).reshape(rows, -1)


def _draw_counts(axes: Axes, words: GridWords) -> None:
    table, counts = words.table, words.counts
    texts = [
        f"({counts.number(share)})" if in_brackets else counts.number(share)
        for share, in_brackets in zip(table["share"], table["in_brackets"], strict=True)
    ]
    _draw_cells(axes, words, _square(words, "share"), texts)
    _draw_contours(axes, words)


def _draw_days(axes: Axes, words: GridWords) -> None:
    days = _square(words, MEDIAN)
    texts = [f"{day:,.0f}" if np.isfinite(day) else "-" for day in days.flat]
    longest = np.nanmax(days) if np.isfinite(days).any() else 1.0
    # Many days of fighting are as dark as few runs with a truce.
    part = 1.0 - np.nan_to_num(days, nan=longest) / max(float(longest), 1.0)
    _draw_cells(axes, words, part, texts)
    axes.set_yticklabels([])
    header(axes, "day by which half of the runs have one")


def _draw_cells(axes: Axes, words: GridWords, part: Floats, texts: list[str]) -> None:
    """Fill each cell by a part of the colours' range, and write its text."""
    colours = mpl.colormaps["cividis"]
    rows, columns = part.shape
    for (row, column), text in zip(np.ndindex(rows, columns), texts, strict=True):
        colour = colours(float(part[row, column]))
        look: Look = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.8}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, **look))
        axes.text(
            column, row, text, ha="center", va="center",
            color="black" if part[row, column] > _BLACK_ABOVE else "white",
            # A contour does not run through a number.
            bbox={"facecolor": colour, "linewidth": 0, "pad": 0.8}, zorder=5,
        )  # fmt: skip
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(-0.5, rows - 0.5)
    across, up = (
        [f"{each:,.6g}" for each in np.unique(words.table[name])]
        for name in ("across", "up")
    )
    every = -(-columns // 9) if max(map(len, across)) > 3 else 1
    axes.set_xticks(range(0, columns, every), across[::every])
    axes.set_yticks(range(rows), up)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def _draw_contours(axes: Axes, words: GridWords) -> None:
    """Draw where the share crosses each level, white on dark, in steps of the grid."""
    shares = _square(words, "share")
    if min(shares.shape) < 2:
        return
    inside = [level for level in LEVELS if shares.min() < level < shares.max()]
    if inside:
        axes.contour(
            shares, levels=inside, colors=["white"], linewidths=2.6, linestyles="-"
        )
        axes.contour(
            shares, levels=inside, colors=[INK], linewidths=1.2,
            linestyles=[{0.25: ":", 0.5: "-", 0.75: "--"}[each] for each in inside],
        )  # fmt: skip


def _draw_observed(axes: Axes, table: pd.DataFrame, km2: float, up: float) -> None:
    """Ring the observed point, on the axes' own steps between the settings."""
    places = [
        np.interp(value, settings, np.arange(settings.size), left=np.nan, right=np.nan)
        for value, settings in (
            (km2, np.unique(table["across"])),
            (up, np.unique(table["up"])),
        )
    ]
    for colour, width in (("white", 2.8), (INK, 1.2)):
        look: Look = {"markeredgecolor": colour, "markeredgewidth": width}
        axes.plot(*places, "o", markersize=13, markerfacecolor="none", **look)


# Settings and runs of each, where a scenario is swept for the figure.
_AREAS, _AID_LEVELS, _RUNS = 9, (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5), 400


def of(source: Any) -> Figure:
    """Draw it of the cells of a sweep in which two paths vary."""
    vary = {**source.areas(_AREAS), "aid.level": _AID_LEVELS}
    sweep = source.sweep(vary, _RUNS)
    path, second = (*source.options.paths, None, None)[:2]
    across = sweep.numeric_path(path)
    others = [each for each in sweep.numeric_paths if each != across]
    if second is not None and second not in others:
        raise UsageError(f"{second}: outcome_heatmap needs a second varied number")
    if second is None and not others:
        raise UsageError(
            f"outcome_heatmap needs two varied numbers; the sweep varies "
            f"{', '.join(sweep.paths) or 'nothing'}"
        )
    up = second or others[0]
    known = sweep.manifest["scenario"]["aid"]["level"] if up == "aid.level" else None
    return outcome_heatmap(
        sweep.along(sweep.cells, across, up),
        sweep.context(across, up),
        across=across,
        up=up,
        observed=sweep.observed(across),
        observed_up=known,
        days=source.options.more,
    )
