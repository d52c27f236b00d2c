"""What a side learns: from the front, and from the answers of the other side."""

from sim.model.compile import kernel


@kernel
def learned(
    belief: float,
    weight: float,
    moved: float,
    known: float,
    weeks: float,
    learning_weight: float,
) -> tuple[float, float]:
    """Mean and weight of a belief about the drift after `weeks` y of fighting.

    m' = m + w (dz - (m + known) y)/(T + w y), T' = T + w y: learning the mean of a
    normal variable whose spread is known, with T weeks of record behind it. `moved` dz
    is what the line has done, `known` the part of the drift that everybody knows (aid,
    chips, rearmament), so that only surprise teaches. With w = 1 the variance of what
    is believed is s^2/T. Source: DeGroot (1970), Optimal Statistical Decisions, ch. 9;
    learning by fighting is Smith and Stam (2003, 2004).

    >>> learned(0.0, 9.0, 20.0, 0.0, 1.0, 1.0)
    (2.0, 10.0)
    """
    total = weight + learning_weight * weeks
    if total <= 0.0:
        return belief, weight
    surprise = moved - (belief + known) * weeks
    return belief + learning_weight * surprise / total, total


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
    (`margin`, in km2) for decision noise. The interval is never narrower
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
