"""What worlds that were watched add up to: the numbers of one scenario."""

from collections import Counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from watch import Watched, watch

from sim.model.events import named_conditions
from sim.model.labels import Labels, labels_of
from sim.model.parameters import build
from sim.model.state import (
    ACCEPT,
    COUNTER,
    DEFEAT,
    EXTENSION,
    HAND_BACK,
    NEVER,
    ON_CONDITIONS,
    REJECT,
    SETTLED,
    TRUCE,
    WAR,
)
from sim.scenario.load import load

QUANTILES = (0.1, 0.5, 0.9)
SAYS = {ACCEPT: "accepts", REJECT: "refuses", ON_CONDITIONS: "on conditions"}
SEED = 1
EARLY = 3  # truces broken within a week of their beginning make a cycle


class Summary(NamedTuple):
    """One scenario: its names, its worlds and what was seen of them."""

    id: str
    labels: Labels
    worlds: NDArray[np.void]
    seen: NDArray[np.void]


def watch_scenario(scenario: str, replicates: range) -> Summary:
    """Run and watch worlds of a scenario, given by its id, with seed 1."""
    loaded = load(scenario)
    watched: Watched = watch(build(loaded.scenario), seed=SEED, replicates=replicates)
    return Summary(scenario, labels_of(loaded.scenario), *watched)


def share(of: Any) -> float:
    """Share of worlds in which something holds."""
    return float(np.mean(of))


def days(summary: Summary, field: str) -> list[float]:
    """Quantiles of a day over the worlds that have one; empty if none has."""
    steps = summary.worlds[field]
    there = steps[steps != NEVER] * summary.labels.step_days
    if there.size == 0:
        return []
    return [float(q) for q in np.quantile(there, QUANTILES, method="inverted_cdf")]


def first_truces(summary: Summary) -> list[tuple[str, str, float]]:
    """First full truces by offer and author, the most frequent first."""
    worlds, names = summary.worlds, summary.labels
    offers, authors = worlds["first_truce_offer"], worlds["first_truce_author"]
    agreed = worlds["first_full_truce"] != NEVER
    pairs = zip(offers[agreed].tolist(), authors[agreed].tolist(), strict=True)
    return [
        (str(names.offer(offer)), str(names.party(author)), count / worlds.size)
        for (offer, author), count in _most(pairs)
    ]


def ends(summary: Summary) -> dict[str, float]:
    """Shares of worlds by what became of them and of their truces."""
    worlds, sides = summary.worlds, summary.labels.sides
    found = {
        name: share(worlds[field] > 0)
        for field, name in (
            ("broken", "broken"),
            ("expired", "ran out"),
            ("extended", "extended"),
        )
    }
    names = {SETTLED: "settled", TRUCE: "in truce", WAR: "at war"}
    found |= {name: share(worlds["phase"] == phase) for phase, name in names.items()}
    defeats = worlds["phase"] == DEFEAT
    for side, name in enumerate(sides):
        found[f"{name} lost"] = share(defeats & (worlds["defeated"] == side))
    return found


def talks(summary: Summary) -> dict[str, float]:
    """Means a world of what happens at the table, and the most in one world."""
    seen, worlds = summary.seen, summary.worlds
    put = seen["put"].sum(axis=1)
    found = {
        "offers": float(put.mean()),
        "most": float(put.max()),
        "counters": float(seen["put"][:, COUNTER].mean()),
        "extensions": float(seen["put"][:, EXTENSION].mean()),
        "empty": float(seen["empty_rounds"].mean()),
    }
    for side, name in enumerate(summary.labels.sides):
        found[f"refused by {name}"] = float(worlds["refusals"][:, side].mean())
    return found


def first_answers(summary: Summary) -> list[tuple[str, list[str], float]]:
    """First offer and the answers of both sides to it, the most frequent first."""
    seen, names = summary.seen, summary.labels
    asked = seen[seen["first_step"] != NEVER]
    keys = zip(
        asked["first_offer"].tolist(),
        map(tuple, asked["first_answer"].tolist()),
        map(tuple, asked["first_demands"].tolist()),
        strict=True,
    )
    return [
        (
            str(names.offer(offer)),
            [_said(code, asks) for code, asks in zip(answers, demands, strict=True)],
            count / seen.size,
        )
        for (offer, answers, demands), count in _most(keys)
    ]


def as_in_march(summary: Summary) -> float:
    """Share of worlds in which the first answers are those of March 2025.

    Ukraine accepts; Russia answers on conditions that name the troops in Kursk.
    """
    seen, sides = summary.seen, summary.labels.sides
    ukraine, russia = sides.index("ukraine"), sides.index("russia")
    answer, demands = seen["first_answer"], seen["first_demands"]
    named = (demands[:, russia] & HAND_BACK) > 0
    accepts = answer[:, ukraine] == ACCEPT
    return share(accepts & (answer[:, russia] == ON_CONDITIONS) & named)


def by_noise(summary: Summary) -> tuple[float, float]:
    """Share of first answers, and of all answers, in which noise turned the scale."""
    seen = summary.seen
    first = (seen["first_answer"] > 0).sum()
    every = seen["answers"].sum()
    return (
        float(seen["first_by_noise"].sum() / max(first, 1)),
        float(seen["by_noise"].sum() / max(every, 1)),
    )


def at_first_offer(summary: Summary) -> float:
    """Share of worlds in which a truce begins on the day of the first offer."""
    first = summary.seen["first_step"]
    return share((first != NEVER) & (summary.worlds["first_truce"] == first))


def circles(summary: Summary) -> dict[str, float]:
    """Means a world of what makes talks go in circles, and related curiosities."""
    seen, worlds = summary.seen, summary.worlds
    settled = worlds["phase"] == SETTLED
    moved = np.abs(seen["moved_by_settlement"][settled])
    found = {
        name: float(seen[field].mean())
        for field, name in (
            ("hopeless", "hopeless"),
            ("put_again", "again"),
            ("own_terms_refused", "own terms"),
            ("own_extension_refused", "own extension"),
            ("delayed_rounds", "put off"),
        )
    }
    found["settling moves"] = float(moved.mean()) if moved.size else float("nan")
    return found


def by_kind(summary: Summary) -> dict[str, list[float]]:
    """Means a world of truces by kind: begun, broken, run out, extended."""
    seen = summary.seen
    fields = ("begun", "broken", "expired", "extended")
    return {
        kind: [float(seen[field][:, full].mean()) for field in fields]
        for kind, full in (("full", 1), ("partial", 0))
    }


def cycles(summary: Summary) -> float:
    """Share of worlds that go through truce and break-down again and again."""
    return share(summary.seen["broken_early"] >= EARLY)


def excluded(summary: Summary) -> list[float]:
    """Share of worlds at whose end others exclude the true cost of each side."""
    return [float(x) for x in summary.seen["cost_excluded"].mean(axis=0)]


def _said(code: int, demands: int) -> str:
    if code not in SAYS:
        return "(its own offer)"
    if code == ON_CONDITIONS:
        return f"{SAYS[code]}: {', '.join(named_conditions(demands))}"
    return SAYS[code]


def _most(keys: Any) -> list[tuple[Any, int]]:
    return sorted(Counter(keys).items(), key=lambda item: (-item[1], str(item[0])))
