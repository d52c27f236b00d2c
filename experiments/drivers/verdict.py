"""What the analysis comes to, each sentence decided by its numbers."""

from collections.abc import Collection, Sequence

from sim.analysis.narrative.labels import short_name
from sim.analysis.narrative.words import joined
from sim.api.discovery import Conditions
from sim.api.sensitivity import OTHERS, Sensitivity

MUCH = 0.1  # a total index from here on is named
HALF = 0.5  # of all worlds: what one input can move
SURE = 0.95  # of the worlds in a box
_EVENTS = {
    ("full_truce_share", False): "a full truce comes",
    ("full_truce_share", True): "none comes",
    ("fighting_stopped_share", False): "the fighting has stopped at the end",
    ("fighting_stopped_share", True): "it goes on",
}
LAND = "chips.kursk.area_km2"


def verdict(
    found: Sensitivity, boxes: Sequence[Conditions], sourced: Collection[str]
) -> list[str]:
    """Say what drives the answer, in the words that the numbers allow.

    `sourced` names the inputs that have a source and are no assumptions.
    """
    return [
        _level(found, boxes[0]),
        _few(found, sourced),
        _alone(found),
        _land(found),
        _luck(found),
        _places(boxes),
    ]


def _level(found: Sensitivity, truces: Conditions) -> str:
    own = found.manifest["estimate"]
    inside = abs(truces.rate - own["estimate"]) < 0.1
    return (
        f"The level: {_of(own['estimate'])} of 100 worlds have a full truce by day "
        f"{found.manifest['within_days']} with the values in the file, "
        f"{_of(truces.rate)} when all inputs are drawn between their bounds. "
        + (
            "The file's values lie in the middle of what the bounds allow."
            if inside
            else "The level is an answer to the values in the file, not a number about "
            "the war."
        )
    )


def _few(found: Sensitivity, sourced: Collection[str]) -> str:
    """Which inputs have a large total index, and what the others come to."""
    single = found.sobol[found.sobol.path != OTHERS]
    large = single[single.total_low > 0.0]
    large = large[large.total >= MUCH]
    rest = found.sobol[found.sobol.path == OTHERS]
    named = [
        f"{short_name(row.path)} ({row.total:.2f}, {row.total_low:.2f} to "
        f"{row.total_high:.2f})"
        for row in large.itertuples()
    ]
    text = (
        f"{len(large)} of {len(found.tornado)} inputs have a total index of {MUCH:g} "
        f"or more: {joined(named)}."
    )
    known = sum(path in sourced for path in large.path)
    text += (
        f" {known} of them have a source in the scenario file."
        if known
        else " None of them was measured: all are marked as assumptions in the file."
    )
    for row in rest.itertuples():
        text += (
            f" All {row.inputs} that were not estimated by themselves come to "
            f"{row.total:.2f} ({row.total_low:.2f} to {row.total_high:.2f}) together."
        )
    return text


def _alone(found: Sensitivity) -> str:
    """How much of the spread acts through others, and what one input can do."""
    # Shares that groups bring alone add up; what is left acts through others.
    alone = float(found.sobol["first"].sum())
    strong = found.tornado[found.tornado["size"] > HALF]
    return (
        f"They act together: the shares that inputs bring alone add up to {alone:.2f} "
        f"of 1. Moved alone, {len(strong)} inputs move the share by more than "
        f"{_of(HALF)} of 100 worlds."
    )


def _land(found: Sensitivity) -> str:
    [row] = found.tornado[found.tornado.path == LAND].itertuples()
    place = list(found.tornado.path).index(LAND) + 1
    text = (
        f"The Kursk area held, within what was observed ({row.low:g} to "
        f"{row.high:g} km²), moves it by {_of(abs(row.across_diff))} of 100 "
        f"({_of(row.across_diff_low, sign=True)} to "
        f"{_of(row.across_diff_high, sign=True)}): it is number {place} of "
        f"{len(found.tornado)}."
    )
    if row.size < HALF * found.tornado["size"].max():
        text += " What is assumed matters more than what was measured."
    return text


def _luck(found: Sensitivity) -> str:
    parts = {name: each["estimate"] for name, each in found.manifest["luck"].items()}
    return (
        f"Luck: {_of(1 - parts['inputs'])} parts of 100 of the variance of one world's "
        f"outcome, of which {_of(parts['alone'])} would tell under any inputs. "
        + (
            "Inputs matter more than luck."
            if parts["inputs"] > HALF
            else "Luck matters more than inputs."
        )
    )


def _places(boxes: Sequence[Conditions]) -> str:
    """How sharp the boxes are."""
    parts = []
    for found in boxes:
        what = _EVENTS[found.outcome, found.absent]
        if not found.boxes:
            parts.append(f"no box in which {what} is told from chance")
            continue
        worth = found.boxes[0].worth
        parts.append(
            f"{what} in {_of(worth.density)} of 100 worlds of its first box ("
            f"{_of(found.rate)} among all; the box has {_of(worth.coverage)} of 100 of "
            "these worlds)"
        )
    text = f"Conditions: {'; '.join(parts)}."
    densest = max((b.worth.density for f in boxes for b in f.boxes), default=0.0)
    if densest < SURE:
        text += (
            f" No box is as sure as {_of(SURE)} of 100: with the other inputs free, "
            "bounds on a few do not settle it."
        )
    return text


def _of(share: float, *, sign: bool = False) -> str:
    return f"{100 * share:{'+' if sign else ''}.0f}"
