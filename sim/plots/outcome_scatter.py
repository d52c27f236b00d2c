"""Figure 13: both headlines over the inputs of a design that is no grid."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim.analysis.grid import LEVELS
from sim.analysis.narrative.words import joined
from sim.analysis.smooth import Smooth, smooth
from sim.batch.estimates import HEADLINES
from sim.batch.intervals import Floats
from sim.errors import UsageError
from sim.plots.figure import Figure, Words
from sim.plots.provenance import Context
from sim.plots.strokes import key_above, marks, sign
from sim.plots.style import INK, LINE_GREY, header, headline_look, plain_axes
from sim.plots.words import Counts, path_label, subject_of, unit_of

QUESTION = "How do the answers change over the inputs that were drawn?"
OF_ONE_RUN, APART = False, False

MOST_INPUTS = 4
"""Panels side by side; the inputs along which the lines change most are shown."""

_PLACES, _STEPS = 61, 41  # along a line, and along each side of a surface
_FAR = 0.25  # of the inputs' ranges, from the nearest point: nothing is said there


@dataclass(frozen=True, eq=False)
class ScatterWords(Words):
    """The points and the lines through them, as sentences name them.

    `lines` are the smooth lines by headline and path, `surface` that over both paths
    by headline if there are two; `places` the settings of the lines by path.
    """

    cells: pd.DataFrame
    paths: tuple[str, ...]
    lines: Mapping[tuple[str, str], Smooth]
    places: Mapping[str, Floats]
    surface: Mapping[str, Smooth]
    left_out: int
    context: Context
    name = "outcome_scatter"
    counts = Counts(100, 0)

    @property
    def title(self) -> str:
        """The question."""
        if self.surface:
            ours, theirs = (subject_of(each, self.context) for each in self.paths)
            return f"How do the answers change with {ours} and {theirs}?"
        return QUESTION

    def course(self, headline: str, path: str) -> str:
        """Return from where to where a line leads, and how sure its ends are."""
        line, places = self.lines[headline, path], self.places[path]
        first, last = (self._at(line, end) for end in (0, -1))
        unit = unit_of(path, self.context)
        low, high = (f"{places[end]:,.4g}" for end in (0, -1))
        name = path_label(path, self.context, short=True).partition(",")[0]
        text = f"{name}, {low} to {high}{unit}: {first} to {last}"
        most = int(np.argmax(line.estimate))
        if line.low[most] > max(line.high[0], line.high[-1]):
            text += f", most at {places[most]:,.2g}{unit}: {self._at(line, most)}"
        return text

    def _at(self, line: Smooth, place: int) -> str:
        numbers = (line.estimate[place], line.low[place], line.high[place])
        now, low, high = (self.counts.number(float(np.clip(n, 0, 1))) for n in numbers)
        return f"{now} ({low} to {high})"

    def caption(self) -> Iterator[str]:
        """The answer, and how to read it."""
        for headline in HEADLINES:
            told = [self.course(headline, path) for path in self.paths]
            yield (
                f"Runs of 100 in which {self.context.happens(headline)}, along each "
                f"input alone with its 95 % interval: {'; '.join(told)}."
            )
        fewest = int(self.cells["replicates"].min())
        yield (
            f"Each of the {len(self.cells):,} dots is one setting of all inputs, with "
            f"at least {fewest:,} runs. A line is the local mean of the dots over all "
            "values of the other inputs. Its band is the 95 % interval of that mean; "
            "most single dots lie outside it."
        )
        if self.surface:
            yield (
                "The colour is the local mean over both inputs; white means that no "
                "setting was drawn there."
            )
        if self.left_out:
            yield (
                f"Not shown are {self.left_out} more inputs, along which both lines "
                "change less."
            )

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        labels = (path_label(path, self.context, short=True) for path in self.paths)
        names = [each.partition(",")[0] for each in labels]
        kind = "Two surfaces" if self.surface else "Scatter plots with a smooth line"
        yield f"{kind}, one for each headline, over {joined(names)}."
        for headline in HEADLINES:
            path = self.paths[0]
            what = self.context.happens(headline)
            yield f"Of 100 runs, those in which {what}: {self.course(headline, path)}."
        yield f"{len(self.cells):,} settings; bands are 95 % intervals of the mean."


def outcome_scatter(
    cells: pd.DataFrame, context: Context, paths: tuple[str, ...]
) -> Figure:
    """Draw the shares of both headlines over each varied number, or over two together.

    `cells` are rows of `cells.parquet`, `paths` the varied numbers. With two there is a
    surface, else a panel for each, of at most `MOST_INPUTS`. ValueError as `smooth`.
    """
    lines, places = {}, {}
    for path in paths:
        own = cells[[path]].to_numpy(np.float64)
        places[path] = np.linspace(own.min(), own.max(), _PLACES)
        for headline in HEADLINES:
            values = cells[headline].to_numpy(np.float64)
            lines[headline, path] = smooth(own, values, places[path][:, None])
    moves = {
        path: max(float(np.ptp(lines[each, path].estimate)) for each in HEADLINES)
        for path in paths
    }
    shown = sorted(paths, key=lambda path: -moves[path])[:MOST_INPUTS]
    shown = [path for path in paths if path in shown]
    surface = _surface(cells, shown) if len(shown) == len(paths) == 2 else {}
    left_out = len(paths) - len(shown)
    words = ScatterWords(cells, tuple(shown), lines, places, surface, left_out, context)
    with words.canvas() as canvas:
        rows, columns = (1, 2) if surface else (2, len(shown))
        panels = canvas.subplots(rows, columns, squeeze=False, sharey=True)
        canvas.subplots_adjust(
            left=0.105 if surface else 0.06, right=0.975,
            top=0.8, bottom=0.19, wspace=0.09, hspace=0.45,
        )  # fmt: skip
        for place, headline in enumerate(HEADLINES):
            own = panels[0, place : place + 1] if surface else panels[place]
            if surface:
                _draw_surface(own[0], words, headline)
            else:
                for axes, path in zip(own, shown, strict=True):
                    _draw_points(axes, words, headline, path)
            gap = "\n" if surface else " "
            header(own[0], f"runs of 100 in which{gap}{context.happens(headline)}")
        if surface:
            panels[0, 0].set_ylabel(path_label(shown[1], context, short=True))
        key_above(canvas, _key(words), columns=4)
    return words.figure(canvas, _table(words))


def _surface(cells: pd.DataFrame, paths: list[str]) -> dict[str, Smooth]:
    """Return the local means over both inputs; nan far from all points."""
    points = cells[paths].to_numpy(np.float64)
    ends = zip(points.min(axis=0), points.max(axis=0), strict=True)
    sides = [np.linspace(low, high, _STEPS) for low, high in ends]
    places = np.stack(np.meshgrid(*sides), axis=-1).reshape(-1, 2)
    found = {}
    for headline in HEADLINES:
        own = smooth(points, cells[headline].to_numpy(np.float64), places)
        far = _nearest(points, places) > _FAR
        estimate = np.where(far, np.nan, own.estimate)
        found[headline] = own._replace(estimate=np.clip(estimate, 0.0, 1.0))
    return found


def _nearest(points: Floats, places: Floats) -> Floats:
    """Return how far the nearest point is, in ranges of the inputs."""
    away = (points[None] - places[:, None]) / np.ptp(points, axis=0)
    nearest: Floats = np.sqrt(np.square(away).sum(axis=2)).min(axis=1)
    return nearest


def _draw_points(axes: Axes, words: ScatterWords, headline: str, path: str) -> None:
    look = headline_look(headline)
    line, places = words.lines[headline, path], words.places[path]
    marks(
        axes, words.cells[path], 100.0 * words.cells[headline], "o", 2.2,
        color=LINE_GREY, markeredgewidth=0.0, alpha=0.6,
    )  # fmt: skip
    low, high = (100.0 * np.clip(each, 0, 1) for each in (line.low, line.high))
    axes.fill_between(places, low, high, color=look["color"], alpha=0.3, linewidth=0.0)
    axes.plot(places, 100.0 * np.clip(line.estimate, 0, 1), **look, zorder=4)
    plain_axes(axes)
    axes.set_ylim(-3.0, 105.0)
    axes.set_yticks([0, 25, 50, 75, 100])
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.xaxis.set_major_formatter(lambda number, _: f"{number:,.6g}")
    if headline == HEADLINES[-1]:
        label = path_label(path, words.context, short=True)
        axes.set_xlabel(_folded(label, 76 // len(words.paths)))


def _folded(label: str, most: int) -> str:
    """Return a label in two lines if one is too long for its panel."""
    name, comma, unit = label.partition(", ")
    return label if len(label) <= most else f"{name}{comma.strip()}\n{unit}".strip()


def _draw_surface(axes: Axes, words: ScatterWords, headline: str) -> None:
    across, up = words.paths
    shares = 100.0 * words.surface[headline].estimate.reshape(_STEPS, _STEPS)
    ends = [float(end) for path in (across, up) for end in words.places[path][[0, -1]]]
    every = np.concatenate([each.estimate for each in words.surface.values()])
    axes.imshow(
        shares, extent=(ends[0], ends[1], ends[2], ends[3]), origin="lower",
        aspect="auto", cmap="cividis", interpolation="bilinear",
        vmin=100.0 * np.nanmin(every), vmax=100.0 * np.nanmax(every),
    )  # fmt: skip
    inside = [
        100 * each
        for each in LEVELS
        if np.nanmin(shares) < 100 * each < np.nanmax(shares)
    ]
    if inside:
        sides = [np.linspace(ends[at], ends[at + 1], _STEPS) for at in (0, 2)]
        drawn = axes.contour(sides[0], sides[1], shares, levels=inside, colors="white")
        axes.clabel(drawn, fmt="%g", fontsize=8)
    marks(
        axes, words.cells[across], words.cells[up], "o", 2.6,
        markerfacecolor=INK, markeredgecolor="white", markeredgewidth=0.4,
    )  # fmt: skip
    axes.spines[:].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.xaxis.set_major_formatter(lambda number, _: f"{number:,.6g}")
    axes.set_xlabel(path_label(across, words.context, short=True))


def _key(words: ScatterWords) -> list[Artist]:
    what = "a setting that was drawn" if words.surface else "a setting of all inputs"
    entries: list[Artist] = [sign("o", what, 3)]
    if words.surface:
        low, high = _colours(words)
        entries.append(Patch(facecolor="#00224E", label=f"fewest: {low}"))
        entries.append(Patch(facecolor="#FDE737", label=f"most: {high}"))
        return entries
    entries.append(Line2D([], [], color=INK, linewidth=1.5, label="local mean"))
    entries.append(Patch(facecolor=LINE_GREY, alpha=0.4, label="its 95 % interval"))
    return entries


def _colours(words: ScatterWords) -> tuple[str, str]:
    every = np.concatenate([each.estimate for each in words.surface.values()])
    low, high = float(np.nanmin(every)), float(np.nanmax(every))
    return words.counts.number(low), words.counts.number(high)


def _table(words: ScatterWords) -> pd.DataFrame:
    """One row a setting with what is drawn of it."""
    names = [*words.paths, "replicates"]
    for headline in HEADLINES:
        names += [headline, f"{headline}_low", f"{headline}_high"]
    return words.cells[names].reset_index(drop=True)


# Settings drawn, and runs of each, where a scenario is swept for the figure.
_DRAWN, _RUNS = "lhs:64", 200


def of(source: Any) -> Figure:
    """Draw it of the cells of a design, over all numbers that it varies."""
    vary = {path: f"{min(s):g}:{max(s):g}" for path, s in source.areas(2).items()}
    sweep = source.sweep({**vary, "aid.level": "0:1.5"}, _RUNS, _DRAWN)
    if sweep.is_grid:
        raise UsageError("a grid is drawn by outcome_curve and outcome_heatmap")
    paths = source.options.paths or tuple(sweep.numeric_paths)
    for path in paths:
        sweep.numeric_path(path)
    if not paths:
        raise UsageError("outcome_scatter needs a varied number")
    moving = tuple(path for path in paths if sweep.cells[path].nunique() > 1)
    return outcome_scatter(sweep.cells, sweep.context(), moving)
