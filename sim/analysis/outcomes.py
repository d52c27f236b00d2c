"""What can be asked of many worlds: a number of each world, whose mean is the answer.

The names are those of the estimates in `cells.parquet`: `full_truce_share` is 1 in a
world with a full truce in time and 0 in another; `payoff.russia_mean` is the payoff.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.batch.estimates import Outcomes, events, means
from sim.errors import CheckFailedError, UsageError
from sim.scenario.references import did_you_mean

SHARE = "_share"

# In a sweep's cells, and not the mean of anything that every world has.
_NOT_EVERYWHERE = "first_full_truce_day_median"


def measured(
    outcomes: Outcomes, *, within_days: float
) -> dict[str, NDArray[np.float64]]:
    """Return a number for each world, arrays (n,), by the name of its mean.

    `outcomes` and `within_days` as for `sim.batch.estimates.summarise`.
    """
    found = {
        name: seen.astype(np.float64)
        for name, seen in events(outcomes, within_days=within_days).items()
    }
    for name, source in means(outcomes).items():
        found[name] = np.asarray(outcomes[source], np.float64)
    return found


def is_chance(outcome: str) -> bool:
    """Say whether an outcome is the share of worlds in which something happens.

    >>> is_chance("full_truce_share"), is_chance("held_km2_mean")
    (True, False)
    """
    return outcome.endswith(SHARE)


def check_outcome(outcome: str, known: Iterable[str]) -> None:
    """Refuse an outcome that is not among those known: UsageError with these."""
    names = list(known)
    if outcome in names:
        return
    if outcome == _NOT_EVERYWHERE:
        raise UsageError(
            f"--outcome {outcome}: a world without a truce has no such day (NaN), and "
            "leaving such worlds out would answer another question; "
            "full_truce_share with --within-days asks for the same without NaN"
        )
    hint = did_you_mean(outcome, names)
    raise UsageError(f"--outcome {outcome}: no such outcome{hint}; {', '.join(names)}")


def refuse_nan(values: ArrayLike, what: str) -> None:
    """Refuse numbers with NaN or infinity among them: a mean of the rest would mislead.

    CheckFailedError says how many there are.
    """
    given = np.asarray(values, np.float64)
    bad = int(np.count_nonzero(~np.isfinite(given)))
    if bad:
        raise CheckFailedError(
            f"{what}: NaN or infinite in {bad:,} of {given.size:,} numbers; the "
            "estimates would be of another question, so there are none"
        )
