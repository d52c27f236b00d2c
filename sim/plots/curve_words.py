"""What a curve of shares says, in counts of runs, whatever its shape."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sim.analysis.curve import Curve, Difference
from sim.analysis.intervals import Floats
from sim.analysis.words import long_date
from sim.plots.context import Context
from sim.plots.counts import Counts, counts_for
from sim.plots.words import (
    about_path,
    chip_of,
    outcome_words,
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
class InputBand:
    """Range over sets of inputs at each setting of a curve, arrays (n_settings,).

    5 and 95 % quantiles over `sets` sets; the tenth of the sets outside is meant to be.
    Of the sets, `higher` have a larger share at the last setting than at the first, and
    `lower` a smaller one: the direction may be known where the level is not.
    """

    low: Floats
    high: Floats
    sets: int
    higher: int
    lower: int

    def direction(self, words: "CurveWords") -> str:
        """Return in how many sets the share rises, falls and stays."""
        same = self.sets - self.higher - self.lower
        return (
            f"Of {self.sets} sets of inputs, the share at {words.at(-1)} is larger "
            f"than at {words.at(0)} in {self.higher}, smaller in {self.lower} and "
            f"the same in {same}."
        )


@dataclass(frozen=True, eq=False)
class CurveWords:
    """Sentences about one curve, shared by caption, alternative text and terminal."""

    curve: Curve
    path: str
    outcome: str
    context: Context

    @property
    def counts(self) -> Counts:
        """How shares are written here."""
        return counts_for(
            int(self.curve.replicates.min()),
            np.append(self.curve.low, self.curve.diff_low),
            np.append(self.curve.high, self.curve.diff_high),
        )

    @property
    def event(self) -> str:
        """What the runs are counted for."""
        return outcome_words(self.outcome, self.context.within_days)

    def title(self) -> str:
        """Return the question."""
        chip = chip_of(self.path)
        if self.outcome in ("truce_share", "full_truce_share"):
            if chip:
                return f"Does holding more of {chip} make a ceasefire more likely?"
            return f"Is a ceasefire more likely when {subject_of(self.path)} is higher?"
        return f"Does {subject_of(self.path)} change how many runs have {self.event}?"

    def at(self, index: int) -> str:
        """Return a setting with its unit."""
        return f"{self.curve.setting[index]:,.6g}{unit_of(self.path)}"

    def ends(self) -> str:
        """Return the two ends of the curve and the difference between them."""
        curve, counts = self.curve, self.counts
        if len(curve) == 1:
            return (
                f"At {self.at(0)}: {counts.of(float(curve.share[0]))} with {self.event}"
                f", interval {counts.number(float(curve.low[0]))} to "
                f"{counts.number(float(curve.high[0]))}."
            )
        first, last = float(curve.share[0]), float(curve.share[-1])
        difference = curve.difference(len(curve) - 1, 0)
        return (
            f"From {curve.setting[0]:,.6g} to {self.at(-1)}: {counts.number(first)} to "
            f"{counts.of(last)} with {self.event}; {self._difference(difference)}."
        )

    def shape(self) -> str:
        """Return what lies between the ends; empty for two settings or one."""
        curve = self.curve
        if len(curve) < 3:
            return ""
        if np.ptp(curve.share) == 0.0:
            return "All settings have the same share."
        extremes = [
            self._extreme(word, index)
            for word, index in (
                ("largest", curve.inner_largest()),
                ("smallest", curve.inner_smallest()),
            )
            if index is not None
        ]
        return " ".join(extremes) if extremes else self._between()

    def brief(self) -> str:
        """Return the curve in one clause."""
        curve, counts = self.curve, self.counts
        shares = [float(share) for share in curve.share]
        clause = (
            f"The line goes from {counts.number(shares[0])} to {counts.of(shares[-1])}"
        )
        for word, index in (
            ("highest", curve.inner_largest()),
            ("lowest", curve.inner_smallest()),
        ):
            if index is not None:
                clause += (
                    f", {word} at {self.at(index)} with {counts.number(shares[index])}"
                )
        return f"{clause}."

    def _between(self) -> str:
        against, steps = self.curve.steps_against(), len(self.curve) - 1
        if self.curve.share[-1] == self.curve.share[0]:
            return "Both ends have the same share."
        way = "rises" if self.curve.share[-1] > self.curve.share[0] else "falls"
        if against == 0:
            return f"In between the share {way} or stays at every step."
        return (
            f"In between the share {way}, except at {against} of {steps} steps, "
            "where it goes the other way."
        )

    def _extreme(self, word: str, index: int) -> str:
        curve = self.curve
        to_ends = [curve.difference(index, 0), curve.difference(index, len(curve) - 1)]
        found = "; ".join(
            f"against {self.at(end)} {self._difference(difference)}"
            for end, difference in zip((0, -1), to_ends, strict=True)
        )
        beyond = [difference.beyond_luck for difference in to_ends]
        if all(beyond):
            verdict = "More than luck at both ends."
        elif any(beyond):
            near = self.at(-1 if beyond[0] else 0)
            verdict = f"These runs do not tell it apart from {near}."
        else:
            verdict = "These runs do not tell it apart from either end."
        share = self.counts.number(float(curve.share[index]))
        return f"The {word} share, {share}, is at {self.at(index)}: {found}. {verdict}"

    def _difference(self, difference: Difference) -> str:
        interval = difference.interval
        kind = "paired" if difference.paired else "unpaired"
        text = f"{kind} difference {self.counts.difference(*interval)}"
        return text if difference.beyond_luck else f"{text}, which holds 0"


def caption(
    words: CurveWords, band: InputBand | None, observed: Observed | None
) -> str:
    """Return the answer in counts, what the bands cover, and the origin."""
    curve = words.curve
    sentences = [words.ends(), words.shape()]
    sentences.append(
        f"Grey band: luck, Wilson 95 % interval of {_runs(curve)} a setting; about "
        "5 of 100 such bands miss. Lower panel: difference from "
        f"{words.at(curve.reference)} run by run with the same luck, 95 % interval."
    )
    if band is None:
        sentences.append(
            "The figure shows luck only; what is not known about the inputs would "
            "widen it, and more runs would not help."
        )
    else:
        sentences.append(
            f"Hatched band: what is not known about the inputs, 5 to 95 % of "
            f"{band.sets} sets of inputs; 10 of 100 sets lie outside. More runs do "
            f"not narrow it. {band.direction(words)}"
        )
    if observed is not None:
        sentences.append(observed.sentence(chip_of(words.path) or words.path))
    sentences.append(about_path(words.path))
    answer = " ".join(sentence for sentence in sentences if sentence)
    return f"{answer}\n{words.context.last_line()}"


def alt_text(
    words: CurveWords, band: InputBand | None, observed: Observed | None
) -> str:
    """Return the picture in words."""
    curve = words.curve
    last = curve.difference(len(curve) - 1, 0)
    kind = "Paired" if last.paired else "Unpaired"
    sentences = [
        "Line chart; paired differences below.",
        f"Across: {path_label(words.path)}, {curve.setting[0]:,.6g} to "
        f"{curve.setting[-1]:,.6g}.",
        f"Up: share of runs with {words.event}, 0 to 1.",
        words.brief(),
        f"{kind} difference of the ends: {words.counts.difference(*last.interval)}.",
        f"The grey band is luck in {_runs(curve)} a setting;",
        "what is not known of the inputs is not shown."
        if band is None
        else f"the hatched band is the inputs, {band.sets} sets.",
    ]
    if observed is not None:
        sentences.append(f"A rule marks the {observed.midpoint_km2:,.0f} km² observed.")
    return " ".join(sentences)


def _runs(curve: Curve) -> str:
    fewest, most = int(curve.replicates.min()), int(curve.replicates.max())
    return f"{most:,} runs" if fewest == most else f"{fewest:,} to {most:,} runs"
