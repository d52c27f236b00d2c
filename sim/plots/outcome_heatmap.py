"""Figure 4: both headlines over two varied quantities, and what makes up for what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from sim.analysis.grid import LEVELS, grid, offset
from sim.batch.estimates import HEADLINES
from sim.batch.intervals import Floats
from sim.errors import UsageError
from sim.plots.curve_words import Observed
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context, short_date
from sim.plots.strokes import Look, key_above, marks, sign
from sim.plots.style import INK, header
from sim.plots.words import (
    Counts,
    about_path,
    counts_for,
    held_of,
    path_label,
    subject_of,
    unit_of,
)

QUESTION = "When do two inputs replace each other?"
OF_ONE_RUN, APART = False, False


@dataclass(frozen=True, eq=False)
class GridWords(Words):
    """The two quantities and the headlines, as sentences name them.

    `tables` are those of `sim.analysis.grid.grid` by headline; `across` and `up` are
    varied paths. `seen` is what was observed, with the level of `up` then.
    """

    tables: Mapping[str, pd.DataFrame]
    across: str
    up: str
    context: Context
    seen: tuple[Observed, float] | None
    name = "outcome_heatmap"

    @property
    def cells(self) -> pd.DataFrame:
        """The cells of both headlines, one below the other."""
        return pd.concat(self.tables.values(), ignore_index=True)

    @property
    def counts(self) -> Counts:
        """Whole counts of runs: what fits a cell."""
        table = self.cells
        found = counts_for(int(table["replicates"].min()), table["low"], table["high"])
        return Counts(found.base, 0)

    @property
    def title(self) -> str:
        """The question."""
        ours, theirs = (subject_of(each, self.context) for each in self._paths())
        return f"When do {ours} and {theirs} replace each other?"

    def trade(self, table: pd.DataFrame) -> str:
        """Return what one contour says about the two quantities."""
        found = offset(table)
        if found is None:
            return (
                "None of the lines at 25, 50 and 75 of 100 is crossed at two "
                f"settings of {subject_of(self.up, self.context)}: within these "
                "settings, one input cannot make up for the other."
            )
        more = found["other_across"] - found["across"]
        less = found["up"] - found["other_up"]
        short = path_label(self.up, self.context, short=True)
        return (
            f"The line at {100 * found['level']:.0f} of 100: at "
            f"{subject_of(self.up, self.context)} {found['up']:.6g} it is at "
            f"{self._about(found['across'])}, at {found['other_up']:.6g} at "
            f"{self._about(found['other_across'])}. So {less:.6g} less {short} is "
            f"offset by about {self._about(abs(more))} "
            f"{'more' if more > 0 else 'less'}, in this model."
        )

    def corners(
        self, headline: str, table: pd.DataFrame, *, brief: bool = False
    ) -> str:
        """Return the largest and the smallest count."""
        counts, clause = self.counts, self.context.happens(headline)
        what = clause[:1].upper() + clause[1:]
        most = table.iloc[int(table["share"].to_numpy().argmax())]
        least = table.iloc[int(table["share"].to_numpy().argmin())]
        if most["share"] == least["share"]:
            return f"{what} in {counts.of(most['share'])} in every cell."
        if brief:
            return (
                f"{what}: most {counts.of(most['share'])} at {self._cell(most)}, "
                f"fewest {counts.number(least['share'])}."
            )
        return (
            f"{what} in {counts.of(most['share'])} at {self._cell(most)}, the most; "
            f"in {counts.number(least['share'])} at {self._cell(least)}, the fewest."
        )

    def caption(self) -> Iterator[str]:
        """The answer, and how to read it."""
        table, base = self.cells, self.counts.base
        for headline, own in self.tables.items():
            yield self.corners(headline, own)
            yield self.trade(own)
        width = float((table["high"] - table["low"]).max()) / 2
        yield (
            f"The number in a cell counts runs of {base}, give or take at most "
            f"{width * base:.0f} for luck (95 % interval of "
            f"{table['replicates'].min():,} runs). It is in brackets where that "
            "interval includes one half. Lighter cells have higher numbers. "
            "Uncertainty about the inputs is not shown."
        )
        if self.seen is not None:
            observed, level = self.seen
            held = held_of(self.across, self.context)
            short = path_label(self.up, self.context, short=True)
            yield (
                f"Triangles: {observed.sentence(held.label if held else self.across)} "
                f"{short[:1].upper()}{short[1:]} then: {level:.6g}."
            )
        for path in self._paths():
            yield about_path(path, self.context)

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        table = next(iter(self.tables.values()))
        ends = [
            f"{path_label(path, self.context, short=True)}, {table[name].min():,.6g} "
            f"to {table[name].max():,.6g}"
            for name, path in zip(("across", "up"), self._paths(), strict=True)
        ]
        yield (
            f"Two grids of {table['across'].nunique()} by {table['up'].nunique()} "
            f"cells, lighter where the count is higher. Across: {ends[0]}. "
            f"Up: {ends[1]}."
        )
        for headline, own in self.tables.items():
            yield self.corners(headline, own, brief=True)
        width = float((self.cells["high"] - self.cells["low"]).max())
        yield f"Luck moves a number by at most {50 * width:.0f} of 100."
        if self.seen:
            yield f"Triangles mark {self.seen[0].midpoint_km2:,.0f} km² observed."

    def _paths(self) -> tuple[str, str]:
        return self.across, self.up

    def _cell(self, row: "pd.Series[float]") -> str:
        across = f"{row['across']:,.6g}{unit_of(self.across, self.context)}"
        up = path_label(self.up, self.context, short=True)
        return f"{across} and {up} {row['up']:,.6g}"

    def _about(self, setting: float) -> str:
        """Return a setting read off a line: two digits, with its unit."""
        unit = unit_of(self.across, self.context)
        return f"{float(f'{setting:.2g}'):,.6g}{unit}"


# Above this part of the colours' range, text on them is black, below it white.
_BLACK_ABOVE = 0.55

# Cells beyond which a number in each would touch the next.
MOST_ACROSS, _MOST_UP = 9, 12
_DASHES = {0.25: ":", 0.5: "-", 0.75: "--"}


def outcome_heatmap(
    cells: pd.DataFrame,
    context: Context,
    *,
    across: str = "chips.kursk.area_km2",
    up: str = "aid.level",
    observed: Observed | None = None,
    observed_up: float | None = None,
) -> Figure:
    """Draw the counts of both headlines in each cell of a grid, and their contours.

    `cells` are rows of `cells.parquet` that differ in `across` and `up` only, two
    varied numbers. `observed` is what was held, and `observed_up` the level of `up`
    then: marked at the margins, if it lies within the grid. ValueError as
    `sim.analysis.grid.grid`, or if there are more cells than numbers fit.
    """
    tables = {each: grid(cells, across, up, each) for each in HEADLINES}
    table = tables[HEADLINES[0]]
    columns, rows = table["across"].nunique(), table["up"].nunique()
    if columns > MOST_ACROSS or rows > _MOST_UP:
        raise ValueError(
            f"{columns} by {rows} cells: numbers fit in at most "
            f"{MOST_ACROSS} by {_MOST_UP}"
        )
    seen = None
    held = held_of(across, context)
    if observed is not None and observed_up is not None and held is not None:
        seen = observed, observed_up
        if not np.isfinite(_places(table, seen)).all():
            seen = None
    words = GridWords(tables, across, up, context, seen)
    with words.canvas() as canvas:
        panels = canvas.subplots(1, 2, sharey=True)
        key = _key(words)
        canvas.subplots_adjust(
            left=0.09, right=0.98, top=0.805 - 0.04 * (len(key) > 4), bottom=0.185,
            wspace=0.05,
        )  # fmt: skip
        shares = words.cells["share"]
        scale = float(shares.min()), float(shares.max())
        for axes, (headline, own) in zip(panels, tables.items(), strict=True):
            _draw_counts(axes, own, words.counts, scale)
            if seen is not None:
                _draw_observed(axes, own, seen)
            clause = context.happens(headline)
            header(axes, f"runs of {words.counts.base} in which\n{clause}")
        canvas.supxlabel(path_label(across, context), y=0.09, va="bottom", size=8)
        panels[0].set_ylabel(path_label(up, context))
        if key:
            key_above(canvas, key, columns=4)
    return words.figure(canvas, _table(words))


def _table(words: GridWords) -> pd.DataFrame:
    """One row a cell, with both headlines."""
    first, *_ = words.tables.values()
    named = first[["across", "up", "replicates"]]
    named = named.rename(columns={"across": words.across, "up": words.up})
    for headline, own in words.tables.items():
        ends = {"share": "", "low": "_low", "high": "_high", "in_brackets": "_unclear"}
        for column, end in ends.items():
            named[f"{headline}{end}"] = own[column]
    return named


def _draw_counts(
    axes: Axes, table: pd.DataFrame, counts: Counts, scale: tuple[float, float]
) -> None:
    """Fill each cell by its place between the least and the most, and number it."""
    shares = table["share"].to_numpy(np.float64).reshape(table["up"].nunique(), -1)
    least, most = scale
    part = (shares - least) / (most - least) if most > least else 0.0 * shares
    brackets = table["in_brackets"].to_numpy().reshape(shares.shape)
    colours = mpl.colormaps["cividis"]
    for row, column in np.ndindex(*shares.shape):
        text = counts.number(float(shares[row, column]))
        colour = colours(float(part[row, column]))
        look: Look = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.8}
        axes.add_patch(Rectangle((column - 0.5, row - 0.5), 1.0, 1.0, **look))
        axes.text(
            column, row, f"({text})" if brackets[row, column] else text,
            ha="center", va="center",
            color="black" if part[row, column] > _BLACK_ABOVE else "white",
            # A contour does not run through a number.
            bbox={"facecolor": colour, "linewidth": 0, "pad": 0.5}, zorder=5,
        )  # fmt: skip
    rows, columns = shares.shape
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(-0.5, rows - 0.5)
    across, up = (
        [f"{each:,.6g}" for each in np.unique(table[name])] for name in ("across", "up")
    )
    every = max(1, -(-columns * max(map(len, across)) // 26))
    axes.set_xticks(range(0, columns, every), across[::every])
    axes.set_yticks(range(rows), up)
    axes.spines[:].set_visible(False)
    # Room for the triangles.
    axes.tick_params(length=0, pad=6)
    _draw_contours(axes, shares)


def _draw_contours(axes: Axes, shares: Floats) -> None:
    """Draw where the share crosses each level, white on dark, in steps of the grid."""
    if min(shares.shape) < 2:
        return
    inside = [level for level in LEVELS if shares.min() < level < shares.max()]
    if inside:
        axes.contour(
            shares, levels=inside, colors=["white"], linewidths=2.6, linestyles="-"
        )
        axes.contour(
            shares, levels=inside, colors=[INK], linewidths=1.2,
            linestyles=[_DASHES[each] for each in inside],
        )  # fmt: skip


def _places(table: pd.DataFrame, seen: tuple[Observed, float]) -> list[float]:
    """Return the observed point in the axes' own steps between the settings."""
    return [
        float(np.interp(value, settings, range(settings.size), np.nan, np.nan))
        for value, settings in (
            (seen[0].midpoint_km2, np.unique(table["across"])),
            (seen[1], np.unique(table["up"])),
        )
    ]


def _draw_observed(
    axes: Axes, table: pd.DataFrame, seen: tuple[Observed, float]
) -> None:
    """Point at what was observed from the margins, where no number stands."""
    across, up = _places(table, seen)
    look: Look = {"markeredgecolor": "white", "markeredgewidth": 0.8, "zorder": 6}
    marks(axes, across, -0.5, "^", 7, **look)
    marks(axes, -0.5, up, ">", 7, **look)


def _key(words: GridWords) -> list[Artist]:
    """Return what lines, brackets and triangles mean, as far as they are drawn."""
    entries: list[Artist] = []
    base = words.counts.base
    crossed = {level for own in words.tables.values() for level in _drawn(own)}
    for level in LEVELS:
        if level in crossed:
            look: Look = {"color": INK, "linewidth": 1.2, "linestyle": _DASHES[level]}
            label = f"{level * base:g} of {base}"
            entries.append(Line2D([], [], **look, label=label))
    if words.seen is not None:
        day = words.seen[0].day
        entries.append(sign("^", f"observed {short_date(day)} {day.year}", 6))
    if words.cells["in_brackets"].any():
        label = f"in brackets: the interval includes {base / 2:g}"
        entries.append(Patch(visible=False, label=label))
    return entries


def _drawn(table: pd.DataFrame) -> set[float]:
    """Return the levels whose lines are drawn."""
    if min(table["across"].nunique(), table["up"].nunique()) < 2:
        return set()
    low, high = table["share"].min(), table["share"].max()
    return {level for level in LEVELS if low < level < high}


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
    )
