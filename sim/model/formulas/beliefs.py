"""What a side learns: from battles, and from the answers of the other side."""

from sim.model.compile import kernel
from sim.model.formulas.elementary import expit, log, logit


@kernel
def with_odds_against(belief: float, factor: float) -> float:
    """Probability after its odds against are multiplied by `factor`.

    p / (p + (1-p) f): what a shift of its log-odds by -log(f) makes of it.

    >>> float(with_odds_against(0.5, 3.0))
    0.25
    """
    return belief / (belief + (1.0 - belief) * factor)


@kernel
def learned(
    belief: float, weight: float, won: float, expected: float, learning_weight: float
) -> tuple[float, float]:
    """Mean and weight of a belief after one battle.

    m' = m + w (won - expected)/(n + w), n' = n + w. `expected` is the chance the side
    gave to what `won` (0 or 1) counts, so that only surprise teaches. With w = 1 and
    expected = m this is Beta-Binomial learning. The mean is kept in [1e-6, 1-1e-6],
    where its log-odds are finite. Source: Smith and Stam (2003, 2004).

    >>> tuple(float(x) for x in learned(0.5, 19.0, 1.0, 0.5, 1.0))
    (0.525, 20.0)
    """
    total = weight + learning_weight
    if total <= 0.0:
        return belief, weight
    mean = belief + learning_weight * (won - expected) / total
    return min(max(mean, 1e-6), 1.0 - 1e-6), total


@kernel
def type_posterior(
    odds_if_first: float,
    odds_if_second: float,
    prior: float,
    wins: float,
    losses: float,
) -> float:
    """Probability of the first of two types of opponent after wins and losses.

    `odds_if_first` is the own chance to win a battle against that type, `prior` its
    probability before; all are inside (0, 1). Summed as log-odds, which long wars
    cannot underflow. Source: Bayes; Powell (2004), Filson and Werner (2002).

    >>> round(float(type_posterior(0.6, 0.4, 0.5, 1.0, 3.0)), 10)
    0.3076923077
    """
    win = log(odds_if_first) - log(odds_if_second)
    loss = log(1.0 - odds_if_first) - log(1.0 - odds_if_second)
    return expit(logit(prior) + wins * win + losses * loss)


@kernel
def narrowed(
    low: float,
    high: float,
    first_width: float,
    intercept: float,
    slope: float,
    margin: float,
    accepted: bool,
) -> tuple[float, float]:
    """Interval of a private cost after an answer that its holder gave.

    The gain from the offer was intercept + slope c. A refusal leaves the costs at
    which it is negative, an acceptance those at which it is not, each with a margin
    (`margin`, in units of value) for decision noise. The interval is never narrower
    than a tenth of `first_width`, so that no answer makes it empty.
    """
    least = 0.1 * first_width
    if first_width <= 0.0 or slope == 0.0:
        return low, high
    edge = -intercept / slope
    slack = margin / abs(slope)
    if accepted == (slope > 0.0):  # the cost lies above the edge
        return min(max(low, edge - slack), max(low, high - least)), high
    return low, max(min(high, edge + slack), min(high, low + least))
