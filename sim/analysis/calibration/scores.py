"""How good forecasts were: each is a sample of what might be seen, scored once seen.

Sources: Gneiting and Raftery (2007), "Strictly Proper Scoring Rules, Prediction, and
Estimation", for the CRPS and the interval score; Dawid (1984) for the probability
integral transform; Kuensch (1989) for the bootstrap in blocks.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CONFIDENCE, RESAMPLES = 0.9, 2000  # of the bootstrap


def crps(sample: Floats, seen: float) -> float:
    """Continuous ranked probability score of a sample, in its unit; 0 is best.

    E|X - seen| - E|X - X'|/2, with X' another draw of the sample. Of a single point it
    is the absolute error.

    >>> crps(np.array([1.0, 3.0]), 2.0), crps(np.array([5.0]), 2.0)
    (0.5, 3.0)
    """
    ordered = np.sort(sample)
    n = ordered.size
    ranks = 2.0 * np.arange(1, n + 1) - n - 1.0
    half_spread = float(np.sum(ranks * ordered)) / (n * n)
    return float(np.mean(np.abs(ordered - seen))) - half_spread


def interval_score(
    low: ArrayLike, high: ArrayLike, seen: ArrayLike, level: float
) -> Floats:
    """Width of a central interval, and 2/(1-level) times what it was missed by.

    >>> interval_score([1.0, 1.0], [3.0, 3.0], [2.0, 3.5], 0.9).round(9).tolist()
    [2.0, 12.0]
    """
    bottom, top, at = (np.asarray(each, np.float64) for each in (low, high, seen))
    missed = np.maximum(bottom - at, 0.0) + np.maximum(at - top, 0.0)
    return np.asarray(top - bottom + 2.0 / (1.0 - level) * missed)


def transform(sample: Floats, seen: float) -> float:
    """Share of the sample below what was seen; ties count half.

    Over many good forecasts it is spread evenly over [0, 1].

    >>> transform(np.array([1.0, 2.0, 2.0, 4.0]), 2.0)
    0.5
    """
    below, same = np.mean(sample < seen), np.mean(sample == seen)
    return float(below + 0.5 * same)


def skill(
    scores: Floats, reference: Floats, *, block: int, seed: int
) -> tuple[float, float, float]:
    """1 - mean score / mean reference score, with a block-bootstrap interval of 90 %.

    Both arrays, shape (n,), are in order of the origins, whose errors overlap: so
    blocks of neighbouring origins are drawn, round the end to the beginning, the same
    ones for both. Above 0 is better than the reference. nan where the reference is 0;
    an interval needs three blocks, and is nan with fewer.

    >>> skill(np.array([1.0, 1.0]), np.array([2.0, 2.0]), block=1, seed=1)[0]
    0.5
    """
    n = scores.size
    if n == 0 or not reference.mean() > 0.0:
        return np.nan, np.nan, np.nan
    estimate = 1.0 - float(scores.mean() / reference.mean())
    if n < 3 * block:
        return estimate, np.nan, np.nan
    rng = np.random.default_rng(seed)
    first = rng.integers(0, n, (RESAMPLES, -(-n // block)))
    places = (first[:, :, None] + np.arange(block)).reshape(RESAMPLES, -1)[:, :n] % n
    ours, theirs = scores[places].mean(axis=1), reference[places].mean(axis=1)
    ratios = 1.0 - ours[theirs > 0] / theirs[theirs > 0]
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(ratios, [tail, 100.0 - tail])
    return estimate, float(low), float(high)
