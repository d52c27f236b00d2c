"""Range checks of the published models: a clear sentence, or nothing.

Every model checks its inputs with these and raises `ValueError`; formulas that follow
compute without checking.
"""

import math


def require(condition: bool, sentence: str) -> None:
    """Raise `ValueError` with `sentence` unless `condition` holds."""
    if not condition:
        raise ValueError(sentence)


def finite(**values: float) -> None:
    """Require that each value is a finite number.

    >>> finite(war_cost=float("nan"))
    Traceback (most recent call last):
        ...
    ValueError: war_cost needs a finite number, not nan
    """
    for name, value in values.items():
        require(math.isfinite(value), f"{name} needs a finite number, not {value!r}")


def above(low: float, **values: float) -> None:
    """Require finite values above `low`.

    >>> above(0.0, stakes=-1.0)
    Traceback (most recent call last):
        ...
    ValueError: stakes: -1 is not above 0
    """
    finite(**values)
    for name, value in values.items():
        require(value > low, f"{name}: {value:.12g} is not above {low:.12g}")


def at_least(low: float, **values: float) -> None:
    """Require finite values that are not below `low`."""
    finite(**values)
    for name, value in values.items():
        require(value >= low, f"{name}: {value:.12g} is below {low:.12g}")


def share(**values: float) -> None:
    """Require values in [0, 1].

    >>> share(prior=1.5)
    Traceback (most recent call last):
        ...
    ValueError: prior: 1.5 is not between 0 and 1
    """
    finite(**values)
    for name, value in values.items():
        require(0.0 <= value <= 1.0, f"{name}: {value:.12g} is not between 0 and 1")


def inside(**values: float) -> None:
    """Require values above 0 and below 1.

    >>> inside(discount=1.0)
    Traceback (most recent call last):
        ...
    ValueError: discount: 1 is not above 0 and below 1
    """
    finite(**values)
    for name, value in values.items():
        sentence = f"{name}: {value:.12g} is not above 0 and below 1"
        require(0.0 < value < 1.0, sentence)
