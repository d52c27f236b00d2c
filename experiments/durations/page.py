"""docs/reports/durations.md: lengths of wars in words and tables."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from experiments.durations.compare import (
    BINS,
    Bounds,
    Fit,
    by_luck_alone,
    constant_hazard,
    curve,
    distance,
    fit,
    hazards,
    quantile,
    resampled_distances,
    resampled_shape,
)
from experiments.durations.lengths import GOES_ON, LASTING_WEEKS, Length
from experiments.durations.observed import Observed
from experiments.durations.population import HORIZON_WEEKS, RANGES
from experiments.durations.verdict import of_ends, verdict
from experiments.sanity.writing import bullet, part, prose, table

FITTED = ("front.battles_per_week", "steps")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SPLITS = 200
SHORT_WEEKS = 5  # truces of a month, in begun weeks

ABOUT = (
    "Does a population of random wars of this model last as long as real ones do? "
    "Two nameless sides without a patron fight over a line; one of them may hold a "
    "chip. Every number is drawn anew for each war from the range that the project "
    "calls sane (table below), before anything was compared. This says nothing about "
    "any single war, and a good agreement would not make the model right: lengths of "
    "wars are a single number, and many mechanisms give similar ones.",
)
RULES = (
    "**Observed**: interstate wars from the Correlates of War list (Sarkees and "
    "Wayman 2010), a random two thirds of the 95 wars of 1823-2003; days from the "
    "first to the last, truces in between included "
    "(`experiments/durations/README.md`).",
    "**Simulated**: steps of a week, horizon of {horizon} weeks; a war is over with "
    "the defeat of a side, with a settlement, or when a truce begins that then lasts "
    "{lasting} weeks. Shorter truces are part of the war.",
    "**Left out**: worlds in which the fighting stopped before any battle moved the "
    "line. The list has no war below 1,000 battle deaths, so it would not have these "
    "either. This filter is the largest choice made here.",
    "Both are rounded up to begun weeks; what lasts longer than the horizon counts "
    "as not ended.",
)

OF_DRAWS = (
    "`log`: uniform in the logarithm. Steps, share, cost, weight, noise, chip and "
    "monitoring are no fields of their own; `experiments/durations/population.py` says "
    "what they set. Bargaining weights stop at a half, so that both together do not "
    "exceed 1. Not drawn, an assumption: a round every 28 days, by either side; offers "
    "of 30 days, a permanent stop in place, and lines a tenth of the stake to either "
    "side.",
)


def page(
    seen: Sequence[Observed],
    run: Sequence[Length],
    short: Sequence[Length],
    places: NDArray[np.float64],
    seed: int,
    command: str,
) -> str:
    """The page as text; `places` are those of all runs, `short` has other truces."""
    luck = np.random.default_rng([seed, 0x58])
    fought = np.array([each.fought for each in run])
    ours = np.array([each.weeks for each in run])[fought]
    theirs = np.array([each.weeks for each in seen])
    # A war that goes on at the horizon has not ended in its last week.
    ours = _censored(ours, run, fought)
    columns = [list(RANGES).index(name) for name in FITTED]
    fitted = fit(theirs, ours, places[fought][:, columns], SPLITS, luck)
    (apart, nearer), gained = resampled_distances(
        theirs, ours, (None, fitted.weights), luck
    )
    chance = by_luck_alone(ours, theirs.size, luck)
    flat = float(distance(curve(theirs), constant_hazard(theirs)))
    shapes = [resampled_shape(weeks, luck) for weeks in (theirs, ours)]
    made = (
        f"Made by `{command}`: {len(run):,} random wars, one run each, seed {seed}; "
        f"{int(fought.sum()):,} of them were wars, {part(1 - float(fought.mean()))} "
        "stopped without a battle."
    )
    blocks = ["# How long wars last", *map(prose, ABOUT), prose(made)]
    others = _other_rules(theirs, run, short)
    blocks += [
        "## Verdict",
        *verdict(apart, nearer, chance, flat, shapes, fitted, others),
    ]
    blocks += [of_ends(run, seen)]
    blocks += ["## How lengths are compared"]
    rules = (
        rule.format(horizon=HORIZON_WEEKS, lasting=LASTING_WEEKS) for rule in RULES
    )
    blocks += ["\n".join(map(bullet, rules))]
    blocks += ["## Quantiles, in weeks", _quantiles(theirs, ours, fitted)]
    blocks += ["## Distance", *_distances(apart, nearer, gained, chance, flat, others)]
    blocks += ["## Chance a week that a war ends", *_hazards(theirs, ours, shapes)]
    blocks += ["## Fit of the population", *_fit(fitted)]
    blocks += ["## How they end", *_ends(run, seen)]
    blocks += ["## What was drawn", _ranges()]
    return "\n\n".join(blocks) + "\n"


def _censored(
    weeks: NDArray[np.int64], run: Sequence[Length], kept: NDArray[np.bool_]
) -> NDArray[np.int64]:
    on = np.array([each.end == GOES_ON for each in run])[kept]
    return np.asarray(np.where(on, HORIZON_WEEKS + 1, weeks), np.int64)


def _other_rules(
    theirs: NDArray[np.int64], run: Sequence[Length], short: Sequence[Length]
) -> dict[str, float]:
    """Distances under other rules of what a war is."""
    found = {}
    for rule, lengths, kept in (
        (
            f"truces of {SHORT_WEEKS} weeks end a war",
            short,
            np.array([each.fought for each in short]),
        ),
        ("worlds without a battle are kept", run, np.ones(len(run), bool)),
    ):
        weeks = np.maximum([each.weeks for each in lengths], 1)[kept]
        ours = curve(_censored(weeks, lengths, kept))
        found[rule] = float(distance(curve(theirs), ours))
    return found


def _quantiles(theirs: NDArray[np.int64], ours: NDArray[np.int64], fitted: Fit) -> str:
    rows = [
        ["observed", *(_weeks(quantile(theirs, at)) for at in QUANTILES)],
        ["simulated", *(_weeks(quantile(ours, at)) for at in QUANTILES)],
        [
            "simulated, fitted",
            *(_weeks(quantile(ours, at, fitted.weights)) for at in QUANTILES),
        ],
    ]
    return table(["wars over by", *(f"{at:.0%}" for at in QUANTILES)], rows)


def _distances(
    apart: Bounds,
    nearer: Bounds,
    gained: Bounds,
    chance: NDArray[np.float64],
    flat: float,
    others: dict[str, float],
) -> list[str]:
    above = float((chance >= apart.estimate).mean())
    rows = [
        ["simulated", _bounds(apart)],
        ["simulated, fitted to these wars (below)", _bounds(nearer)],
        *([f"simulated, if {rule}", f"{value:.3f}"] for rule, value in others.items()),
        ["a constant chance of ending, fitted to the observed", f"{flat:.3f}"],
        ["wars of the model itself, median", f"{np.median(chance):.3f}"],
        [
            "wars of the model itself, 95 of 100 below",
            f"{np.quantile(chance, 0.95):.3f}",
        ],
    ]
    return [
        table(["observed wars against", "Kolmogorov distance"], rows),
        prose(
            "The intervals are those of a bootstrap of both samples; drawing anew adds "
            "gaps of its own, so they lie high. The fit changes the distance by "
            f"{gained.estimate:+.3f} ({gained.low:+.3f} to {gained.high:+.3f}, both on "
            "the same draws), to wars it has seen. Of samples from the model "
            f"itself {part(above)} are at least as far away as the observed wars."
        ),
    ]


def _bounds(apart: Bounds) -> str:
    return f"{apart.estimate:.3f} ({apart.low:.3f} to {apart.high:.3f})"


def _hazards(
    theirs: NDArray[np.int64], ours: NDArray[np.int64], shapes: Sequence[Bounds]
) -> list[str]:
    rows = []
    both = zip(pairwise(BINS), hazards(theirs), hazards(ours), strict=True)
    for (first, last), here, there in both:
        weeks = f"{first + 1} to {last}"
        counts = [
            [f"{entered:,}", f"{ended:,}", _chance(rate)]
            for entered, ended, rate in (here, there)
        ]
        rows.append([weeks, *counts[0], *counts[1]])
    head = ["weeks", "observed", "ended", "a week", "simulated", "ended", "a week"]
    observed, simulated = (
        f"{shape.estimate:.2f} ({shape.low:.2f} to {shape.high:.2f})"
        for shape in shapes
    )
    return [
        table(head, rows),
        prose(
            f"Shape of a Weibull fitted to each: observed {observed}, simulated "
            f"{simulated}; below 1 the chance of ending falls as a war goes on. In a "
            "population it falls even if each war's own chance does not, since those "
            "that end easily are gone."
        ),
    ]


def _fit(fitted: Fit) -> list[str]:
    names = " and ".join(f"`{name}`" for name in FITTED)
    first, second = fitted.tilts
    return [
        prose(
            f"Two numbers were fitted: how much the draws of {names} lean to one end "
            "of their ranges (density exp(tilt u) along the range, 0 is even). "
            "Everything else stayed as drawn. Best for all observed wars: "
            f"{first:+.1f} and {second:+.1f}. Judged on halves, {SPLITS} random "
            "splits:"
        ),
        table(
            ["mean Kolmogorov distance", "before", "after"],
            [
                [
                    "to the half that was fitted",
                    f"{fitted.fitted_before:.3f}",
                    f"{fitted.fitted_after:.3f}",
                ],
                [
                    "to the half that was not",
                    f"{fitted.tested_before:.3f}",
                    f"{fitted.tested_after:.3f}",
                ],
            ],
        ),
        prose(
            f"In {part(fitted.better)} of the splits the fit came nearer to the half "
            "it had not seen."
        ),
    ]


def _ends(run: Sequence[Length], seen: Sequence[Observed]) -> list[str]:
    ours = Counter(each.end for each in run if each.fought)
    theirs = Counter(war.outcome for war in seen)
    rows = [
        [who, end, part(count / sum(counts.values()))]
        for who, counts in (("simulated", ours), ("observed", theirs))
        for end, count in counts.most_common()
    ]
    return [table(["wars", "end", "share"], rows)]


def _ranges() -> str:
    rows = [
        [
            f"`{name}`",
            f"{about.low:g}",
            f"{about.high:g}",
            "log" if about.logarithmic else "even",
        ]
        for name, about in RANGES.items()
    ]
    return "\n\n".join(
        [table(["parameter", "low", "high", "drawn"], rows), *map(prose, OF_DRAWS)]
    )


def _weeks(weeks: float) -> str:
    return "beyond" if weeks == float("inf") else f"{weeks:.0f}"


def _chance(rate: float) -> str:
    return "-" if rate != rate else f"{rate:.4f}"
