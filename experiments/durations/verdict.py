"""What the comparison of lengths comes to, each sentence decided by its numbers."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from experiments.durations.compare import Bounds, Fit
from experiments.durations.lengths import DEFEATED, Length
from experiments.durations.observed import Observed
from experiments.sanity.writing import bullet, part


def verdict(
    apart: Bounds,
    nearer: Bounds,
    chance: NDArray[np.float64],
    flat: float,
    shapes: Sequence[Bounds],
    fitted: Fit,
    others: dict[str, float],
) -> list[str]:
    """What comes of the comparison of lengths, in the words that the numbers allow."""
    usual = float(np.quantile(chance, 0.95))
    within = apart.estimate <= usual
    gain = fitted.tested_before - fitted.tested_after
    rules = " and ".join(f"{value:.3f} if {rule}" for rule, value in others.items())
    shape = (
        "Both hazards fall with time: a war that has gone on is less likely to end "
        "this week than a young one."
        if all(shape.high < 1 for shape in shapes)
        else "The two hazards do not both fall clearly with time."
    )
    return [
        bullet(
            f"Lengths: Kolmogorov distance {apart.estimate:.3f}. Wars drawn from the "
            f"model itself, as many as were observed, would stay below {usual:.3f} in "
            "95 of 100 cases, so the lengths "
            + (
                "cannot be told from the model's; so few wars would show a gross "
                "error only."
                if within
                else "are not the model's."
            )
            + " A constant chance of ending, fitted to the observed wars, is "
            f"{flat:.3f} away."
        ),
        bullet(
            "That hangs on what is called a war. The rules below were set before "
            "anything was compared, but others could be defended: the distance is "
            f"{rules}. What the model has right is the length of wars that are not "
            "settled at once or by a short truce; how many those are it does not "
            "tell."
        ),
        bullet(shape),
        bullet(
            "Fitting two population parameters brings the distance to the wars they "
            f"are fitted to from {apart.estimate:.3f} to {nearer.estimate:.3f}, and "
            "changes that to wars that were not used for the fit by "
            f"{-gain:+.3f} on average"
            + (": it helps." if gain > 0.005 else ": it does not help.")
        ),
    ]


def of_ends(run: Sequence[Length], seen: Sequence[Observed]) -> str:
    """What the ends say that the lengths do not."""
    defeats = np.mean([each.end == DEFEATED for each in run if each.fought])
    victories = np.mean([war.outcome == "victory" for war in seen])
    return bullet(
        f"Ends: {part(float(defeats))} of the simulated wars end by the defeat of "
        f"a side, {part(float(victories))} of the observed are coded as a "
        "victory. The two words differ (a coded winner need not have taken all), "
        "but agreements are too frequent in the model, and right lengths for "
        "wrong reasons cannot be ruled out."
    )
