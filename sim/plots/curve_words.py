"""What the figure of two headlines says: of each of its lines, and of both together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from textwrap import wrap

import numpy as np
import pandas as pd

from sim.analysis.curve import Curve, Difference
from sim.analysis.narrative.words import long_date
from sim.batch.intervals import Floats
from sim.plots.bar_table import WIDTH, bar_table
from sim.plots.figure import Words
from sim.plots.provenance import Context
from sim.plots.words import (
    Counts,
    about_path,
    counts_for,
    held_of,
    path_label,
    subject_of,
    unit_of,
)


@dataclass(frozen=True)
class Observed:
    """What was observed on one day: best estimate, and its lower and upper bound."""

    day: date
    midpoint_km2: float
    confirmed_held_km2: float
    upper_bound_km2: float

    def sentence(self, chip: str) -> str:
        """Return the observation in words."""
        return (
            f"Observed on {long_date(str(self.day))}: "
            f"{self.midpoint_km2:,.0f} km² of {chip} held, "
            f"at least {self.confirmed_held_km2:,.0f} "
            f"and at most {self.upper_bound_km2:,.0f}."
        )


@dataclass(frozen=True, eq=False)
class Line:
    """A line of the figure: a headline along the varied path.

    `among` is the setting of the path that tells lines of a headline apart, if there is
    one; `band` is that of `sim.analysis.curve.input_band`, if inputs were drawn.
    """

    headline: str
    curve: Curve
    among: str = ""
    band: pd.DataFrame | None = None

    @property
    def is_fitted(self) -> bool:
        """Whether the sets of inputs are those that fit the record."""
        return self.band is not None and "free_low" in self.band

    @property
    def middle(self) -> Floats:
        """What is drawn as the line: the mean of sets that fit, or the shares."""
        if self.band is None or not self.is_fitted:
            return self.curve.share
        return self.band["mean"].to_numpy(np.float64)

    @property
    def outside(self) -> int:
        """At how many settings the shares lie outside the band of inputs."""
        if self.band is None:
            return 0
        low, high = (self.band[n].to_numpy(np.float64) for n in ("low", "high"))
        share = self.curve.share
        return int(((share < low) | (share > high)).sum())

    @property
    def differences(self) -> tuple[Floats, Floats, Floats]:
        """Differences from the reference with low and high: of sets that fit, or luck.

        Of luck the interval is one of 95 %, of sets nine in ten lie in between.
        """
        own = self.curve
        if self.band is None or not self.is_fitted or "diff" not in self.band:
            return own.diff, own.diff_low, own.diff_high
        names = ("diff", "diff_low", "diff_high")
        middle, low, high = (self.band[n].to_numpy(np.float64) for n in names)
        return middle, low, high


@dataclass(frozen=True, eq=False)
class CurveWords(Words):
    """Sentences about the lines, shared by caption, alternative text and terminal.

    `by` is the path of `Line.among`, `reference` the setting that differences are from.
    """

    lines: Sequence[Line]
    path: str
    context: Context
    by: str | None
    reference: str
    observed: Observed | None
    name = "outcome_curve"

    @cached_property
    def counts(self) -> Counts:
        """How shares are written here."""
        curves = [each.curve for each in self.lines]
        return counts_for(
            int(min(curve.replicates.min() for curve in curves)),
            np.concatenate([[*curve.low, *curve.diff_low] for curve in curves]),
            np.concatenate([[*curve.high, *curve.diff_high] for curve in curves]),
        )

    @property
    def title(self) -> str:
        """The question."""
        held = held_of(self.path, self.context)
        if held is not None:
            more = f"more of {held.label} held"
        else:
            more = f"{subject_of(self.path, self.context)} higher"
        return f"With {more}, does a truce begin, and does the fighting stop?"

    def caption(self) -> Iterator[str]:
        """The answer in counts, and what the bands cover."""
        for line in self.lines:
            if line.is_fitted:
                yield self._fitted(line)
                continue
            yield self.ends(line)
            yield self.shape(line)
        if not self.lines[0].is_fitted:
            yield (
                f"The whiskers show luck: Wilson 95 % intervals of {self._runs()} at "
                "each setting, of which about 5 in 100 miss the true value. Below: "
                f"the difference from {self.reference}, run by run with the same "
                "luck, with its 95 % interval."
            )
        yield (
            "A truce that begins may end again; the fighting has stopped where a truce "
            "or a settlement still holds."
        )
        yield from self._inputs()
        yield from self._of_fitted()
        yield self._seen()
        for path in (self.path, self.by):
            yield about_path(path, self.context) if path else ""

    def alt_text(self) -> Iterator[str]:
        """The picture in words."""
        setting = self.lines[0].curve.setting
        yield "Two line charts, paired differences below."
        yield (
            f"Across: {path_label(self.path, self.context)}, {setting[0]:,.6g} to "
            f"{setting[-1]:,.6g}. Up: share of runs."
        )
        for headline, lines in self.by_headline().items():
            told = "; ".join(map(self._brief, lines))
            yield f"{_sentence(self.context.happens(headline))}: {told}."
        sets = [
            each.band["sets"].iloc[0] for each in self.lines if each.band is not None
        ]
        if self.lines[0].is_fitted:
            yield f"Bands: {sets[0]} sets of inputs that fit the record."
        elif sets:
            yield f"Whiskers: luck; hatched: inputs, {sets[0]} sets."
        else:
            yield "Whiskers: luck alone."
        if self.observed:
            yield f"A rule marks the {self.observed.midpoint_km2:,.0f} km² observed."

    def text(self) -> str:
        """Return the lines as tables with a bar for each interval, and the answer.

        No line is longer than 80 characters.
        """
        told = [self.title, "", f"{path_label(self.path, self.context)}: first column."]
        told += wrap(
            f"Runs of {self.counts.base} (95 % interval, luck only), and difference "
            f"from {self.reference} run by run, same luck.",
            WIDTH,
        )
        for line in self.lines:
            told += ["", *wrap(f"{self._where(line)}:", WIDTH)]
            told += bar_table(line.curve, self.counts)
            if line.is_fitted:
                told += wrap(f"Inputs that fit the record. {self._fitted(line)}", WIDTH)
            told += wrap(f"{self.ends(line)} {self.shape(line)}".strip(), WIDTH)
        told += ["", *wrap(self._seen(), WIDTH), *wrap(self.last_line(), WIDTH)]
        return "\n".join(told).replace("km²", "km2") + "\n"

    def by_headline(self) -> dict[str, list[Line]]:
        """Return the lines by their headline, in its order."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.headline, []).append(line)
        return found

    def ends(self, line: Line) -> str:
        """Return the two ends of a line and the difference between them."""
        curve, counts = line.curve, self.counts
        clause = self.context.happens(line.headline)
        if len(curve) == 1:
            return _sentence(
                f"{self._among(line)}at {self._at(curve, 0)} {clause} in "
                f"{counts.of(curve.share[0])}, interval {counts.number(curve.low[0])} "
                f"to {counts.number(curve.high[0])}."
            )
        return _sentence(
            f"{self._among(line)}from {curve.setting[0]:,.6g} to "
            f"{self._at(curve, -1)} {clause} in {counts.number(curve.share[0])} to "
            f"{counts.of(curve.share[-1])}; {self._difference(_of_ends(curve))}."
        )

    def shape(self, line: Line) -> str:
        """Return what lies between the ends; empty for two settings or one."""
        curve = line.curve
        share, steps = curve.share, len(curve) - 1
        if steps < 2:
            return ""
        if np.ptp(share) == 0.0:
            return "All settings have the same share."
        extremes = _extremes(curve, "largest", "smallest")
        if extremes:
            return " ".join(self._extreme(curve, word, at) for word, at in extremes)
        if share[-1] == share[0]:
            return "Both ends have the same share."
        way = "rises" if share[-1] > share[0] else "falls"
        against = curve.steps_against()
        if against == 0:
            return f"In between, the share {way} or stays the same at every step."
        return f"In between, the share {way}, except at {against} of {steps} steps."

    def _among(self, line: Line) -> str:
        """Return which line it is, as the beginning of a sentence; empty for one."""
        if not self.by:
            return ""
        return f"with {subject_of(self.by, self.context)} «{line.among}», "

    def _where(self, line: Line) -> str:
        """Return what a line counts, as the beginning of a sentence."""
        return _sentence(self._among(line) + self.context.happens(line.headline))

    def _at(self, curve: Curve, index: int) -> str:
        """Return a setting with its unit."""
        return f"{curve.setting[index]:,.6g}{unit_of(self.path, self.context)}"

    def _brief(self, line: Line) -> str:
        """Return a line in one clause."""
        curve, number = line.curve, self.counts.number
        name = f"«{line.among}» " if self.by else ""
        if len(curve) == 1:
            return f"{name}{self.counts.of(curve.share[0])}"
        ends = f"{name}{number(curve.share[0])} to {self.counts.of(curve.share[-1])}"
        if self.by:
            return ends
        extremes = "".join(
            f", {word} {number(curve.share[at])} at {self._at(curve, at)}"
            for word, at in _extremes(curve, "most", "least")
        )
        change, low, high = map(number, _of_ends(curve).interval)
        return f"{ends}{extremes}; difference {change} ({low} to {high})"

    def _fitted(self, line: Line) -> str:
        """Return the two ends of a line over sets that fit the record."""
        band, curve = line.band, line.curve
        assert band is not None
        ends = [
            f"at {self._at(curve, at)} {100 * band['mean'].iloc[at]:.0f} (half of the "
            f"sets {100 * band['low_half'].iloc[at]:.0f} to "
            f"{100 * band['high_half'].iloc[at]:.0f}, nine in ten "
            f"{100 * band['low'].iloc[at]:.0f} to {100 * band['high'].iloc[at]:.0f})"
            for at in (0, -1)
        ]
        among = self._among(line)
        return _sentence(
            f"{among}in how many of 100 worlds {self.context.happens(line.headline)}: "
            f"{' and '.join(ends)}; the share is higher at the second with "
            f"{int(band['higher'].iloc[0])} of {int(band['sets'].iloc[0])} sets, lower "
            f"with {int(band['lower'].iloc[0])}."
        )

    def _of_fitted(self) -> Iterator[str]:
        """Yield what lines and bands are where sets were drawn that fit the record."""
        line = self.lines[0]
        if line.band is None or not line.is_fitted:
            return
        yield (
            f"Lines are means over {int(line.band['sets'].iloc[0])} sets of inputs "
            "that fit the record (ceasefire infer). The bands show uncertainty about "
            "the inputs, not luck, and more runs do not narrow them. Below: the "
            f"difference from {self.reference}, set by set; nine in ten sets lie "
            "within the whiskers."
        )
        if len(self.by_headline()[line.headline]) == 1:
            low, high = (100 * line.band[f"free_{end}"] for end in ("low", "high"))
            yield (
                f"With free inputs, nine in ten sets would give {low.min():.0f} to "
                f"{high.max():.0f} of 100 (grey outline)."
            )

    def _inputs(self) -> Iterator[str]:
        """Yield what is said of the inputs: how wide they are, and the direction."""
        if not any(line.band is not None for line in self.lines):
            yield (
                "The figure shows luck only. Uncertainty about the inputs would "
                "widen the intervals, and more runs would not reduce it."
            )
        for place, line in enumerate(self.lines):
            if line.band is None or line.is_fitted:
                continue
            *_, sets, higher, lower = (int(each) for each in line.band.iloc[0])
            if place == 0:
                yield (
                    "The hatched bands show uncertainty about the inputs: nine in "
                    f"ten of {sets} sets of inputs lie inside. More runs do not "
                    "narrow them."
                )
            yield (
                f"{self._where(line)} in more runs at {self._at(line.curve, -1)} than "
                f"at {self._at(line.curve, 0)} with {higher} of {sets} sets, in fewer "
                f"with {lower}, in as many with {sets - higher - lower}."
            )
            away = line.outside
            if away:
                yield (
                    f"At {away} of {len(line.curve)} settings the line itself lies "
                    "outside its band: the line takes the numbers of the scenario "
                    "file, the band others that are no less possible."
                )

    def _seen(self) -> str:
        """Return what was observed, which is of a chip."""
        held = held_of(self.path, self.context)
        return self.observed.sentence(held.label) if self.observed and held else ""

    def _extreme(self, curve: Curve, word: str, index: int) -> str:
        to_ends = [curve.difference(index, end) for end in (0, len(curve) - 1)]
        found = "; ".join(
            f"against {self._at(curve, end)} {self._difference(difference)}"
            for end, difference in zip((0, -1), to_ends, strict=True)
        )
        beyond = [difference.beyond_luck for difference in to_ends]
        if all(beyond):
            verdict = "The difference is larger than luck at both ends."
        elif any(beyond):
            near = self._at(curve, -1 if beyond[0] else 0)
            verdict = f"These runs cannot distinguish it from {near}."
        else:
            verdict = "These runs cannot distinguish it from either end."
        share = self.counts.number(curve.share[index])
        at = self._at(curve, index)
        return f"The {word} share, {share}, is at {at}: {found}. {verdict}"

    def _difference(self, difference: Difference) -> str:
        kind = "paired" if difference.paired else "unpaired"
        text = f"{kind} difference {self.counts.difference(*difference.interval)}"
        return text if difference.beyond_luck else f"{text}, which contains 0"

    def _runs(self) -> str:
        every = np.concatenate([each.curve.replicates for each in self.lines])
        fewest, most = int(every.min()), int(every.max())
        return f"{most:,} runs" if fewest == most else f"{fewest:,} to {most:,} runs"


def _sentence(text: str) -> str:
    """Return a clause with a capital."""
    return text[:1].upper() + text[1:]


def _of_ends(curve: Curve) -> Difference:
    return curve.difference(len(curve) - 1, 0)


def _extremes(curve: Curve, high: str, low: str) -> list[tuple[str, int]]:
    """Return what is higher or lower than both ends, by the words for it."""
    found = ((high, curve.inner_largest()), (low, curve.inner_smallest()))
    return [(word, index) for word, index in found if index is not None]
