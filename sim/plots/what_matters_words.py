"""What figure 7 says, in counts of runs where the outcome is a chance."""

from dataclasses import dataclass

import pandas as pd

from sim.analysis.measures import is_chance
from sim.analysis.short_names import short_name, short_number
from sim.analysis.words import joined
from sim.plots.context import Context
from sim.plots.counts import Counts, counts_for
from sim.plots.words import outcome_words

_MUCH = 0.1  # a total index from here on is named


@dataclass(frozen=True, eq=False)
class Matters:
    """The numbers behind the sentences: `table` is what is drawn, the others all."""

    table: pd.DataFrame
    tornado: pd.DataFrame
    sobol: pd.DataFrame
    context: Context
    outcome: str
    estimate: float
    inputs_share: float
    rows: int
    rows_needed: int = 0

    title = "Which assumptions move the answer most?"

    @property
    def what(self) -> str:
        """The outcome in words: what runs have, or a mean."""
        if is_chance(self.outcome):
            return f"runs with {outcome_words(self.outcome, self.context.within_days)}"
        return self.outcome

    @property
    def left_header(self) -> str:
        """What the bars are the change of."""
        if is_chance(self.outcome):
            event = outcome_words(self.outcome, self.context.within_days)
            return f"change in the share with {event}"
        return f"change in {self.outcome}"

    @property
    def left_axis(self) -> str:
        """Where the bars start."""
        if is_chance(self.outcome):
            own = self.counts.of(self.estimate)
            return f"from {own} at the scenario's own values"
        return f"from {self.estimate:.4g} at the scenario's own values"

    @property
    def counts(self) -> Counts:
        """How shares are written."""
        return counts_for(
            self.context.replicates,
            self.table.across_diff_low,
            self.table.across_diff_high,
        )

    def amount(self, number: float) -> str:
        """Return the outcome, or a difference of it, with its unit."""
        if is_chance(self.outcome):
            return self.counts.of(number)
        return f"{number:.4g}"

    def difference(self, row: "pd.Series[float]") -> str:
        """Return the paired difference from low to high with its interval."""
        numbers = (row.across_diff, row.across_diff_low, row.across_diff_high)
        if is_chance(self.outcome):
            return self.counts.difference(*numbers)
        estimate, low, high = (f"{number:.4g}" for number in numbers)
        return f"{estimate}, interval {low} to {high}"

    @property
    def still(self) -> int:
        """Inputs of which neither end changes the outcome, one at a time."""
        return int((self.tornado["size"] == 0.0).sum())

    @property
    def large(self) -> pd.DataFrame:
        """Inputs with an index of their own that is large, beyond doubt of 0."""
        own = self.sobol[self.sobol.inputs == 1]
        return own[(own.total >= _MUCH) & (own.total_low > 0.0)]

    @property
    def not_told(self) -> int:
        """Inputs drawn whose total index cannot be told from 0."""
        return int((self.table.total_low <= 0.0).sum())

    @property
    def rest(self) -> "pd.Series[float] | None":
        """The row of all other inputs together, if there is one."""
        shared = self.sobol[self.sobol.inputs > 1]
        return None if shared.empty else shared.iloc[0]

    def unseen(self) -> list[str]:
        """Inputs that are not drawn, with a larger index than one that is."""
        drawn = self.sobol.path.isin(self.table.path)
        least = self.table.total.min()
        own = (self.sobol.inputs == 1) & ~drawn & (self.sobol.total > least)
        return list(self.sobol.path[own])


def caption(words: Matters) -> str:
    """Return the answer, and what each kind of uncertainty covers."""
    most = words.table.iloc[0]
    count = len(words.tornado)
    sentences = [
        f"Moved alone, {short_name(most.path)} does most: from "
        f"{short_number(most.low)} to {short_number(most.high)}, "
        f"{words.amount(most.at_low)} become {words.amount(most.at_high)} "
        f"({words.what}; paired difference {words.difference(most)}).",
    ]
    if words.still:
        sentences.append(
            f"Of {count} inputs {words.still} change nothing when moved alone."
        )
    large = words.large
    if len(large):
        named = joined(
            [
                f"{short_name(path)} ({total:.2f})"
                for path, total in zip(large.path[:3], large.total[:3], strict=True)
            ]
        )
        carry = "carries" if len(large) == 1 else "carry"
        sentences.append(
            f"{len(large)} of {count} inputs {carry} a tenth of the spread or more, "
            f"with others: {'first ' if len(large) > 3 else ''}{named}."
        )
    if words.not_told:
        sentences.append(
            f"{words.not_told} of the {len(words.table)} shown cannot be told from 0 "
            "with this many samples (light grey)."
        )
    if words.unseen():
        listed = joined([short_name(path) for path in words.unseen()])
        sentences.append(f"Not shown, but not smaller in total: {listed}.")
    rest = words.rest
    if rest is not None:
        sentences.append(
            f"The {int(rest.inputs)} other inputs together have a total of "
            f"{rest.total:.2f} ({rest.total_low:.2f} to {rest.total_high:.2f})."
        )
    if words.table.path.str.endswith("win_probability").any():
        sentences.append("Odds are those of the scenario's front.side in a battle.")
    share = f"{100 * words.inputs_share:.0f}"
    sentences += [
        f"Of the variance of a single run's outcome, {share} parts of 100 come from "
        "the inputs, the rest is luck, which the indices leave out.",
        "Bars: one input at its low or high value, all others at the scenario's own; "
        f"whiskers are luck, 95 % in {words.context.replicates:,} pairs of runs. Dots: "
        "all inputs drawn between their bounds; whiskers are 95 % intervals of "
        f"{words.rows:,} resampled rows of the design. A long rule between the dots: "
        "the input acts through others.",
    ]
    if words.rows_needed:
        sentences.append(
            f"About {words.rows_needed:,} rows would make all intervals of dots narrow "
            "(ceasefire sensitivity --samples)."
        )
    return f"{' '.join(sentences)}\n{words.context.last_line()}"


def alt_text(words: Matters) -> str:
    """Return the picture in words."""
    most = words.table.iloc[0]
    top = words.table.dropna(subset=["total"]).sort_values("total").tail(1)
    sentences = [
        f"Tornado of {len(words.table)} inputs beside dots of their Sobol' indices.",
        f"Bars: change in {words.what}, from {words.amount(words.estimate)}.",
        f"Longest: {short_name(most.path)}, {short_number(most.low)} to "
        f"{short_number(most.high)}, {words.difference(most)}; shortest: "
        f"{short_name(words.table.path.iloc[-1])}.",
    ]
    for row in top.itertuples():
        sentences.append(
            f"Largest total index: {short_name(str(row.path))}, {row.total:.2f} "
            f"({row.total_low:.2f} to {row.total_high:.2f})."
        )
    sentences.append("Whiskers are 95 % intervals: luck on bars, samples on dots.")
    return " ".join(sentences)
