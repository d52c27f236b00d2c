"""What both sides would accept day by day: of one run, and over many runs."""

import numpy as np
import pandas as pd

from sim.analysis.narrative.sentences import PROPOSALS
from sim.analysis.narrative.timeline import Story
from sim.scenario.land import Front

_ROUNDING = 1e-6  # km2, a square metre


def range_of_run(story: Story) -> pd.DataFrame:
    """Return the bargaining range of one run, one row a day.

    `day`, `date`, `phase`, `held_km2` (the line of contact), `least` (land of the stake
    that `front_side` must have), `most` (that the other side leaves it), `deal` (most
    is at least `least`), and what each side believes of the other, `believed_least` and
    `believed_most`. All land is that of `front_side`, km2.
    """
    same = (
        "phase",
        "held_km2",
        "least",
        "most",
        "deal",
        "believed_least",
        "believed_most",
    )
    columns = {name: getattr(story, name) for name in same}
    return pd.DataFrame({"day": story.day, "date": story.dates, **columns})


def offers_in_range(story: Story) -> pd.DataFrame:
    """Return the offers of a line in a run, and whether it lies in the day's range.

    `day`, `actor`, `offer`, `line`, `inside`, `concluded` (it began a truce).
    """
    rows = []
    for moment in story.moments:
        if moment.type not in PROPOSALS or moment.partial:
            continue  # a partial truce leaves the line out
        # A party decides in the morning, on what the evening before has left.
        eve = max(0, int(np.searchsorted(story.day, moment.day)) - 1)
        least, most = story.least[eve], story.most[eve]
        inside = least - _ROUNDING <= moment.line <= most + _ROUNDING
        offer = (moment.day, moment.actor, moment.offer, moment.line)
        rows.append([*offer, bool(inside), moment.concluded])
    columns = ["day", "actor", "offer", "line", "inside", "concluded"]
    return pd.DataFrame(rows, columns=columns)


def range_of_runs(
    limits: pd.DataFrame, *, front: Front, other_side: str
) -> pd.DataFrame:
    """Return the bargaining range over many runs, one row a day.

    `limits` has one row a run and day: `replicate`, `day`, `before_truce`, `held_km2`,
    `reservation_value.PARTY` of both sides; `front` is that of the scenario. Returns
    `day`; `runs`, those in which no ceasefire has come, which the rest is about, and
    `of`, all; quantiles `held_km2_q50`, `least_q25`, `least_q50`, `least_q75` and the
    same of `most`; `deals`, the number of runs in which a deal both could accept
    exists. Land is that of `front.side`, km2.
    """
    table = pd.DataFrame(
        {
            "day": limits["day"],
            "held_km2": limits["held_km2"],
            "least": limits[f"reservation_value.{front.side}"],
            "most": front.stake_km2 - limits[f"reservation_value.{other_side}"],
        }
    )
    fighting = table[limits["before_truce"].to_numpy(bool)]
    days = pd.Index(np.sort(limits["day"].unique()), name="day")
    by_day = fighting.groupby("day")
    found = pd.DataFrame(index=days)
    found["runs"] = by_day.size().reindex(days, fill_value=0)
    found["of"] = limits["replicate"].nunique()
    found["held_km2_q50"] = by_day["held_km2"].median()
    for name in ("least", "most"):
        for level in (0.25, 0.5, 0.75):
            found[f"{name}_q{round(100 * level)}"] = by_day[name].quantile(level)
    deal = fighting[fighting["most"] >= fighting["least"]]
    found["deals"] = deal.groupby("day").size().reindex(days, fill_value=0)
    return found.reset_index()


def deal_days(story: Story) -> tuple[int, int]:
    """Return on how many days a deal existed, and of how many days."""
    table = range_of_run(story)
    days = table[table["day"] >= 0]
    return int(days["deal"].sum()), len(days)
