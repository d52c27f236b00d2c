"""What can be asked of many worlds: a number of each world, whose mean is the answer.

Two of them are the headlines (`sim.batch.estimates.HEADLINES`). Names are those of the
estimates in `cells.parquet`: `full_truce_share` is 1 in a world with a full truce in
time and 0 in another; `payoff.russia_mean` is the payoff.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.batch.estimates import BEGUN, STOPPED, Outcomes, events, means
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


# What happens in a world, and what is said where it does not.
_HAPPENS = {
    BEGUN: ("a full truce begins {by}", "no full truce begins {by}"),
    STOPPED: ("the fighting has stopped {then}", "no truce or settlement holds {then}"),
    "truce_share": ("a truce of any kind begins {by}", "no truce begins {by}"),
    "broken_share": ("a truce breaks down", "no truce breaks down"),
    "settled_share": ("a settlement comes", "no settlement comes"),
    "defeat_share": ("one side is defeated", "no side is defeated"),
}


def happens(
    outcome: str, within_days: int, horizon_days: int | None, *, absent: bool = False
) -> str:
    """Return as a clause what a share is the share of.

    `within_days` is the day by which a first truce counts, `horizon_days` the last one,
    None if settings differ in it; `absent` says of which worlds it is not true.

    >>> happens("full_truce_share", 90, 180)
    'a full truce begins by day 90'
    >>> happens("fighting_stopped_share", 90, 180)
    'the fighting has stopped at day 180'
    >>> happens("fighting_stopped_share", 90, None, absent=True)
    'no truce or settlement holds at the end'
    """
    then = "at the end" if horizon_days is None else f"at day {horizon_days}"
    return _HAPPENS[outcome][absent].format(by=f"by day {within_days}", then=then)


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
            f"{what}: {bad:,} of {given.size:,} numbers are NaN or infinite; "
            "estimates from the others would answer a different question, so none "
            "are made"
        )
