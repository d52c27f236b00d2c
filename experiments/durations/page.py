"""docs/reports/durations.md: the values that its words in `page.md` ask for."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.durations.compare import (
    BINS,
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
from experiments.durations.lengths import DEFEATED, GOES_ON, LASTING_WEEKS, Length
from experiments.durations.observed import Observed
from experiments.durations.population import HORIZON_WEEKS, RANGES
from experiments.sanity.writing import Template, until

FITTED = ("volatility", "weight_weeks")
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
SPLITS = 200
SHORT_WEEKS = 5  # truces of a month, in begun weeks
HELPS = 0.005  # gain of a fit on wars that it has not seen
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


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
    ours = _weeks(run)[fought]
    theirs = np.array([each.weeks for each in seen])
    columns = [list(RANGES).index(name) for name in FITTED]
    fitted = fit(theirs, ours, places[fought][:, columns], SPLITS, luck)
    (apart, nearer), gained = resampled_distances(
        theirs, ours, (None, fitted.weights), luck
    )
    chance = by_luck_alone(ours, theirs.size, luck)
    shapes = [resampled_shape(weeks, luck) for weeks in (theirs, ours)]
    usual = np.quantile(chance, 0.95)
    gain = fitted.tested_before - fitted.tested_after
    agree = apart.estimate <= usual
    fall = all(shape.high < 1 for shape in shapes)

    def away(lengths: NDArray[np.int64]) -> float:
        return float(distance(curve(theirs), curve(lengths)))

    return TEMPLATE.page(
        command=command,
        wars=len(run),
        seed=seed,
        fought=fought.sum(),
        stopped=1 - float(fought.mean()),
        apart=apart,
        nearer=nearer,
        gained=gained,
        usual=usual,
        median=np.median(chance),
        above=float((chance >= apart.estimate).mean()),
        told_apart=TEMPLATE.words("lengths agree" if agree else "lengths differ"),
        flat=float(distance(curve(theirs), constant_hazard(theirs))),
        short=away(_weeks(short)[[each.fought for each in short]]),
        short_weeks=SHORT_WEEKS,
        kept=away(np.maximum(_weeks(run), 1)),
        shape=TEMPLATE.words("hazards fall" if fall else "hazards do not fall"),
        change=-gain,
        helps="it helps" if gain > HELPS else "it does not help",
        defeats=np.mean([each.end == DEFEATED for each in run if each.fought]),
        victories=np.mean([war.outcome == "victory" for war in seen]),
        horizon=HORIZON_WEEKS,
        lasting=LASTING_WEEKS,
        quantiles=tuple(f"{at:.0%}" for at in QUANTILES),
        quantile=[
            (name, [until(quantile(weeks, at, weights)) for at in QUANTILES])
            for name, weeks, weights in (
                ("observed", theirs, None),
                ("simulated", ours, None),
                ("simulated, fitted", ours, fitted.weights),
            )
        ],
        weeks=[
            {"first": first + 1, "last": last, "seen": there, "run": here}
            for (first, last), there, here in zip(
                pairwise(BINS), hazards(theirs), hazards(ours), strict=True
            )
        ],
        seen=shapes[0],
        run=shapes[1],
        leaning=FITTED,
        fit=fitted,
        splits=SPLITS,
        end=[
            (who, end, count / len(ends))
            for who, ends in (
                ("simulated", [each.end for each in run if each.fought]),
                ("observed", [war.outcome for war in seen]),
            )
            for end, count in Counter(ends).most_common()
        ],
        range=[
            (name, about, "log" if about.logarithmic else "even")
            for name, about in RANGES.items()
        ],
    )


def _weeks(lengths: Sequence[Length]) -> NDArray[np.int64]:
    """Lengths in weeks; a war that goes on at the horizon has not ended in its last."""
    return np.array(
        [HORIZON_WEEKS + 1 if each.end == GOES_ON else each.weeks for each in lengths]
    )
