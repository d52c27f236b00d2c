"""What a bargaining range says, of one run and of many."""

import numpy as np
import pandas as pd

from sim.analysis.ranges import offers_in_range, range_of_run
from sim.analysis.story import Story
from sim.analysis.words import counted, display_name, long_date
from sim.plots.context import Context

TITLE = "When is there a deal both could accept?"


def deal_days(story: Story) -> tuple[int, int]:
    """Return on how many days a deal existed, and of how many days."""
    table = range_of_run(story)
    days = table[table["day"] >= 0]
    return int(days["deal"].sum()), len(days)


def deals(story: Story) -> str:
    """Return on how many days both could have accepted one line."""
    there, days = deal_days(story)
    return f"A deal both could accept existed on {there} of {days} days."


def offers(story: Story) -> str:
    """Return which offer first lay inside the range."""
    table = offers_in_range(story)
    if table.empty:
        return "Nothing was offered."
    inside = table[table["inside"]]
    of = f"{len(inside)} of {counted(len(table), 'offer')}"
    if inside.empty:
        return f"None of {counted(len(table), 'offer')} lay inside the range."
    return (
        f"The first offer inside the range came on day {inside['day'].iloc[0]}; "
        f"{of} lay inside."
    )


def caption(story: Story, context: Context) -> str:
    """Return the answer of one run, how to read it, and the origin."""
    front, other = display_name(story.front_side), display_name(story.other_side)
    concluded = offers_in_range(story)["concluded"]
    taken = f", filled if it began a truce ({int(concluded.sum())})"
    faint = (
        " Fainter: what the other side believes of each limit."
        if np.isfinite(story.believed_least).any()
        else ""
    )
    return (
        f"{deals(story)} {offers(story)} Lines: the least share {front} accepts for "
        f"good rather than fight on, and the most {other} leaves; grey where a line "
        f"between them suits both.{faint} A mark is an offer of a line{taken}; a truce "
        "for a time, or one with conditions, may be accepted outside the range. One "
        "run, so no uncertainty is drawn.\n"
        f"{context.last_line()}"
    )


def alt_text(story: Story) -> str:
    """Return the picture of one run in words."""
    front, other = display_name(story.front_side), display_name(story.other_side)
    values = np.concatenate([story.least, story.most])
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (
        f"Step lines by day, {story.day[0]} to {story.day[-1]}, from "
        f"{long_date(story.dates[0])}. Up: share of the stake, {front}'s part; both "
        f"limits lie between {low:.2f} and {high:.2f}. One line: the least {front} "
        f"accepts, at first {story.least[0]:.2f}, at last {story.least[-1]:.2f}. The "
        f"other: the most {other} leaves, {story.most[0]:.2f} and "
        f"{story.most[-1]:.2f}. Grey between them where a deal exists. {deals(story)} "
        f"{offers(story)}"
    )


def caption_of_runs(
    table: pd.DataFrame, context: Context, *, front: str, other: str
) -> str:
    """Return the answer of many runs, what the bands cover, and the origin."""
    runs = int(table["of"].iloc[0])
    return (
        f"{_deals(table)} Lines: the median of the least share {front} accepts for "
        f"good rather than fight on, and of the most {other} leaves. Bands: 25 to 75 % "
        "of the runs without a ceasefire so far, which is luck; half of them lie "
        "outside, and more runs do not narrow them. Each line has a median of its own: "
        "whether a deal exists is counted run by run, in the lower panel. What is not "
        "known about the inputs is not shown.\n"
        f"{context.last_line().replace(context.runs(), _number(runs))}"
    )


def alt_text_of_runs(table: pd.DataFrame, *, front: str, other: str) -> str:
    """Return the picture of many runs in words."""
    first, last = _ends(table)
    return (
        f"Two lines with bands by day, {first['day']:.0f} to {last['day']:.0f}; below, "
        "the number of runs with a deal. Up: share of the stake, "
        f"{front}'s part. The median of the least {front} accepts goes from "
        f"{first['least_q50']:.2f} to {last['least_q50']:.2f}, that of the most "
        f"{other} leaves from {first['most_q50']:.2f} to {last['most_q50']:.2f}. Bands "
        f"hold half of the runs without a ceasefire. {_deals(table)}"
    )


def _deals(table: pd.DataFrame) -> str:
    first, last = _ends(table)
    return (
        f"On day {first['day']:.0f} a deal both could accept existed in "
        f"{first['deals']:.0f} of {first['runs']:.0f} runs, on day {last['day']:.0f} "
        f"in {last['deals']:.0f} of the {last['runs']:.0f} without a ceasefire so far."
    )


def _ends(table: pd.DataFrame) -> "tuple[pd.Series[float], pd.Series[float]]":
    """Return the rows of the first day, and of the last on which a run still fights."""
    some = table[(table["day"] >= 0) & (table["runs"] > 0)]
    return some.iloc[0], some.iloc[-1]


def _number(runs: int) -> str:
    return "1 run" if runs == 1 else f"{runs:,} runs"
