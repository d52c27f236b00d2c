"""How figures look: one colour, dash and marker a party, sizes, axes, hatches.

A party's colour stands for no flag, and none stands for good or bad. All pairs differ
in normal, protanope and deuteranope sight; dash and marker tell them apart in print
without colour. What is not a party is ink or grey.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Final, Literal

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from sim.batch.estimates import BEGUN, STOPPED
from sim.batch.intervals import Floats
from sim.scenario.defaults import called

MM_PER_INCH: Final = 25.4
WIDTH_MM: Final = 160.0
HEIGHT_MM: Final = 107.0
PNG_DPI: Final = 200
TEXT_PT: Final = 8.0
TITLE_PT: Final = 10.0

INK: Final = "#222222"
LINE_GREY: Final = "#767676"
MID_GREY: Final = "#A6A6A6"
LIGHT_GREY: Final = "#D9D9D9"

# What luck did is solid; what is not known about the inputs is hatched.
UNKNOWN_HATCH: Final = "////"
OBSERVED_HATCH: Final = "\\\\\\\\\\\\"

# What fits the width of a figure at the size of titles.
_TITLE_CHARACTERS = 80

# Free height above the data for labels, as a share of the axes.
HEADROOM: Final = 0.12

Dash = str | tuple[float, tuple[float, ...]]


@dataclass(frozen=True)
class PartyStyle:
    """Colour, line and marker of one party; `name` is for display."""

    name: str
    colour: str
    dash: Dash
    marker: str


_OWN: Mapping[str, tuple[str, Dash, str]] = MappingProxyType(
    {
        "ukraine": ("#00756A", "-", "o"),
        "russia": ("#4B1D5E", (0.0, (5.0, 2.0)), "s"),
        "united_states": ("#C07F1A", (0.0, (6.0, 2.0, 1.2, 2.0)), "^"),
    }
)
_OTHERS: tuple[tuple[str, Dash, str], ...] = (
    ("#1D6FB8", "-", "D"),
    ("#7A4A12", (0.0, (5.0, 2.0)), "v"),
    ("#B07AA8", (0.0, (6.0, 2.0, 1.2, 2.0)), "P"),
)


def party_styles(
    parties: Iterable[str], labels: Mapping[str, str] = MappingProxyType({})
) -> dict[str, PartyStyle]:
    """Style of each party, in alphabetical order of identifiers.

    `labels` says how they are called, where it is not their id. Parties with no style
    of their own get one of three others in alphabetical order, so the same parties
    always look the same; a fourth such party begins again.

    >>> list(party_styles(["ukraine", "russia"]))
    ['russia', 'ukraine']
    >>> party_styles(["a", "ukraine", "b"])["b"].marker
    'v'
    """
    styles, strangers = {}, 0
    for party in sorted(set(parties)):
        look = _OWN.get(party)
        if look is None:
            look = _OTHERS[strangers % len(_OTHERS)]
            strangers += 1
        styles[party] = PartyStyle(labels.get(party) or called(party), *look)
    return styles


# Told apart by dash as well: L* 58 and 14 in grey.
_HEADLINES: Mapping[str, tuple[str, Dash]] = MappingProxyType(
    {BEGUN: ("#5B8FB9", (0.0, (4.0, 1.5))), STOPPED: (INK, "-")}
)


def headline_look(headline: str) -> dict[str, Any]:
    """Return how the line of a headline is drawn, for Matplotlib."""
    colour, dash = _HEADLINES[headline]
    return {"color": colour, "linestyle": dash, "linewidth": 1.5}


@contextmanager
def figure_style() -> Iterator[None]:
    """Settings under which figures are drawn and written, the same on every machine.

    Matplotlib brings DejaVu Sans along. SVG holds text as outlines: a browser without
    that font would otherwise set the labels wider and over one another; what the
    figure says in words is in its `desc`. PDF holds the font itself, so its text can
    be searched.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": "DejaVu Sans",
                "font.size": TEXT_PT,
                "axes.titlesize": TITLE_PT,
                "axes.labelsize": TEXT_PT,
                "axes.edgecolor": INK,
                "axes.labelcolor": INK,
                "axes.linewidth": 0.6,
                "axes.unicode_minus": True,
                "text.color": INK,
                "xtick.color": INK,
                "ytick.color": INK,
                "xtick.labelsize": TEXT_PT,
                "ytick.labelsize": TEXT_PT,
                "hatch.linewidth": 0.5,
                "hatch.color": LINE_GREY,
                "savefig.bbox": None,
                "svg.fonttype": "path",
                "svg.hashsalt": "ceasefire-sim",
                "pdf.fonttype": 42,
            }
        )
        yield


def new_canvas(title: str, footer: str, *, height_mm: float = HEIGHT_MM) -> Canvas:
    """Return an empty figure with its question above and its origin below.

    It is built without pyplot: nothing global, nothing shown.
    """
    canvas = Canvas(figsize=(WIDTH_MM / MM_PER_INCH, height_mm / MM_PER_INCH))
    size = TITLE_PT if len(title) <= _TITLE_CHARACTERS else TEXT_PT
    scale = HEIGHT_MM / height_mm
    canvas.text(0.02, 1.0 - 0.025 * scale, title, ha="left", va="top", size=size)
    canvas.text(
        0.02, 0.012 * scale, footer,
        ha="left", va="bottom", size=TEXT_PT
    )  # fmt: skip
    return canvas


def plain_axes(axes: Axes, across: Literal["x", "y"] = "y") -> None:
    """Light rules behind the data, level or upright as numbers of y or x, no box."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(visible=True, axis=across, color=LIGHT_GREY, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)


def probability_axis(axes: Axes) -> None:
    """Run y from 0 to 1, with room for labels above the 1."""
    axes.set_ylim(0.0, 1.0 / (1.0 - HEADROOM))
    ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
    axes.set_yticks(ticks, [short_share(tick) for tick in ticks])


def header(axes: Axes, text: str) -> None:
    """Write what y is above the axes, where it can be read without turning."""
    axes.set_title(text, loc="left", size=TEXT_PT, pad=3.0)


def short_share(number: float) -> str:
    r"""Return a share or a difference of shares as on an axis.

    >>> short_share(0.25), short_share(1.0), short_share(0.0)
    ('.25', '1', '0')
    >>> short_share(-0.05) == "\N{MINUS SIGN}.05"
    True
    """
    text = f"{round(abs(number), 6):.6g}".removeprefix("0") or "0"
    return f"\N{MINUS SIGN}{text}" if number < 0 and text != "0" else text


def label_ends(
    axes: Axes, lasts: Mapping[str, float], at: float, *, gap: float = 0.27
) -> None:
    """Write each label to the right of the axes, tied to the last value of its line.

    `lasts` has the value by label, nan for a line that has none, which is left out;
    `at` is where the lines end, and `gap` the least distance between two labels, as a
    share of the axes' height.
    """
    low, high = axes.get_ylim()
    ends = {
        text: (value - low) / (high - low)
        for text, value in lasts.items()
        if np.isfinite(value)
    }
    order = sorted(ends, key=lambda text: ends[text])
    places = apart(np.array([ends[text] for text in order]), gap)
    for text, place in zip(order, places, strict=True):
        axes.annotate(
            text,
            xy=(at, low + ends[text] * (high - low)),
            xycoords="data",
            xytext=(1.025, place),
            textcoords="axes fraction",
            va="center",
            ha="left",
            color=INK,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": LINE_GREY, "linewidth": 0.5},
        )


def apart(places: Floats, gap: float, ceiling: float = 1.0) -> Floats:
    """Return rising places at least `gap` apart, moved up, then down from the ceiling.

    >>> apart(np.array([0.5, 0.55, 0.9]), 0.2).round(2).tolist()
    [0.5, 0.7, 0.9]
    >>> apart(np.array([0.9, 0.95]), 0.2).round(2).tolist()
    [0.8, 1.0]
    """
    moved = places.astype(np.float64)
    for here, above in pairwise(range(moved.size)):
        moved[above] = max(moved[above], moved[here] + gap)
    # What was pushed over the top comes back down, the whole pile with it.
    for index in reversed(range(moved.size)):
        moved[index] = min(moved[index], ceiling)
        ceiling = moved[index] - gap
    return moved
