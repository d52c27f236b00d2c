"""What became of worlds: the fields of `outcome`, as columns with one row a world."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import refuse_lost
from sim.model.labels import Labels
from sim.model.state import DEFEAT, NEVER, SETTLED, TRUCE, WAR

END_NAMES = {WAR: "war", TRUCE: "truce", SETTLED: "settled", DEFEAT: "defeat"}

# Numbers of which a cell has the mean, beside those of chips and parties; its words.
MEANS = {
    "held_km2": "the line at the end, km2",
    "aid_given": "aid given, weeks of the norm",
    "longest_pause_days": "longest time without fighting, days",
}


def outcomes(worlds: NDArray[np.void], labels: Labels) -> dict[str, NDArray[Any]]:
    """Outcomes of ended worlds.

    `worlds` has shape (n,) and dtype `WORLD`. Returns arrays of shape (n,): `end` holds
    the phase codes of `END_NAMES`, parties and offers are seats and indices (-1 where
    there was none), days count from the start and are nan where there was none. Land
    and payoffs are in km2, the line as side 0 holds it; a chip that is not land is in
    its own unit, `aid_given` in weeks of the norm.

    Raises
    ------
    ScenarioError
        If a payoff, the line or the aid is not a finite number.
    """
    # Copies: a view of one field would keep whole records, ten times as much.
    agreed = worlds["first_full_truce"] != NEVER
    columns: dict[str, NDArray[Any]] = {
        "end": worlds["phase"].astype(np.int8),
        "defeated": worlds["defeated"].astype(np.int8),
        "first_truce_day": _days(worlds["first_truce"], labels),
        "first_full_truce_day": _days(worlds["first_full_truce"], labels),
        "truce_offer": worlds["first_truce_offer"].astype(np.int8),
        "truce_by": worlds["first_truce_author"].astype(np.int8),
        "truces_broken": worlds["broken"].copy(),
        "truces_expired": worlds["expired"].copy(),
        "truces_extended": worlds["extended"].copy(),
    }
    for side, name in enumerate(labels.sides):
        columns[f"refusals.{name}"] = worlds["refusals"][:, side].copy()
    at_agreement = np.where(agreed, worlds["line_at_agreement"], np.nan)
    columns["held_km2_at_agreement"] = at_agreement
    for j, (name, full) in enumerate(zip(labels.chips, labels.fulls, strict=True)):
        size = worlds["chip_at_agreement"][:, j] * full
        columns[f"chips_km2_at_agreement.{name}"] = np.where(agreed, size, np.nan)
    columns["fighting_stopped_day"] = _days(worlds["fighting_stopped"], labels)
    columns["longest_pause_days"] = worlds["longest_pause"] * float(labels.step_days)
    columns["held_km2"] = worlds["line"].copy()
    for j, (name, full) in enumerate(zip(labels.chips, labels.fulls, strict=True)):
        columns[f"chips_km2.{name}"] = worlds["chip"][:, j] * full
    columns["aid_given"] = worlds["aid_given"].copy()
    for side, name in enumerate(labels.sides):
        columns[f"payoff.{name}"] = worlds["payoff"][:, side].copy()
    for name in (*MEANS, *(f"payoff.{side}" for side in labels.sides)):
        refuse_lost({name: float(columns[name].sum())}, "outcome")
    return columns


def outcome(world: NDArray[np.void], labels: Labels) -> dict[str, Any]:
    """Outcome of one world, shape (1,), as in `run --json`: names, None for never."""
    nested: dict[str, Any] = {}
    for key, column in outcomes(world, labels).items():
        value: Any = column[0].item()
        if isinstance(value, float) and np.isnan(value):
            value = None
        elif key == "end":
            value = END_NAMES[value]
        elif key in ("defeated", "truce_by"):
            value = labels.party(value)
        elif key == "truce_offer":
            value = labels.offer(value)
        elif key.endswith("_day"):
            value = int(value)
        head, _, tail = key.partition(".")
        if tail:
            nested.setdefault(head, {})[tail] = value
        else:
            nested[head] = value
    for name in ("chips_km2_at_agreement", "chips_km2"):
        nested.setdefault(name, {})
    return nested


def _days(steps: NDArray[np.int64], labels: Labels) -> NDArray[np.float64]:
    return np.where(steps == NEVER, np.nan, steps * float(labels.step_days))
