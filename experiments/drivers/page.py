"""docs/reports/sensitivity.md: what the answer hangs on, in words and tables."""

from collections.abc import Sequence

from experiments.drivers.asked import ASKED, SCENARIO
from experiments.drivers.verdict import verdict
from experiments.sanity.writing import bullet, prose, table
from sim.analysis.narrative.labels import short_number
from sim.api.discovery import Bound, Conditions
from sim.api.sensitivity import OTHERS, Sensitivity
from sim.cli.conditions import sentence
from sim.cli.sensitivity import advice, luck_words
from sim.scenario.load import load
from sim.scenario.provenance import known_paths

FOLDER = "out/drivers"
COMMANDS = (
    f"ceasefire sensitivity {SCENARIO} --out {FOLDER}",
    *(asked.command(FOLDER) for asked in ASKED),
)

ABOUT = (
    f"Which assumptions does the answer of `{SCENARIO}` hang on, and in which boxes of "
    "them does a truce come, or hold? Inputs are all numbers of the scenario that have "
    "a low and a high, assumed or measured. How this is estimated, and why luck has to "
    "be taken off, is in "
    "[how-to-find-what-matters.md](../how-to-find-what-matters.md); "
    "which claims of the README survive is in [claims.md](claims.md)."
)
ONE = (
    "All others as in the file, the same luck at both ends, 95 % intervals of the "
    "paired difference. What matters only together with another input does not show."
)
ALL = (
    "All inputs are drawn between their bounds. *Alone* (first order) is the share of "
    "the spread that would go if the input were known, *with others* (total) what "
    "would stay if all others were known; both with 95 % intervals from resampled "
    "rows, luck taken off. An estimate below 0 is a 0."
)
MORRIS = (
    "Each walk moves every input once, by two thirds of its range, wherever the others "
    "are. *Size*: mean of the absolute effects over a full range, give or take half a "
    "95 % interval; *mean* has signs; *spread* is their standard deviation, which "
    "beside a mean near 0 shows effects of both signs. Few walks: an order, no "
    "measurement."
)
BOXES = (
    "Boxes are found by PRIM on one half of the sets of inputs; *density* (share of "
    "worlds in the box in which it is so) and *coverage* (share of all such worlds "
    "that lie in the box) are counted on the other half. A box says where something is "
    "common among these draws, not that moving an input there brings it about."
)


def page(found: Sensitivity, boxes: Sequence[Conditions], command: str) -> str:
    """The page as text."""
    made = found.manifest
    own = made["estimate"]
    blocks = [
        "# What drives the answer",
        prose(ABOUT),
        prose(
            f"Made by `{command}`: {made['samples']:,} rows of {made['replicates']} "
            f"worlds, {made['trajectories']} walks, {made['tornado_replicates']:,} "
            f"worlds at each end of an input, seed {made['seed']}. A model's answer, "
            "not a forecast, and bounds are assumptions as well."
        ),
        "## In short",
        "\n".join(map(bullet, verdict(found, boxes, _sourced()))),
        "## Again",
        "```sh\n" + "\n".join(COMMANDS) + "\n```",
        "## One input at a time",
        prose(
            f"Share of worlds with a full truce by day {made['within_days']}; "
            f"{own['estimate']:.3f} ({own['low']:.3f} to {own['high']:.3f}) as the "
            f"scenario is. {ONE}"
        ),
        _tornado(found),
        prose(_still(found)),
        "![Bars of ten inputs beside dots of their indices]"
        "(../figures/sensitivity.svg)",
        "## All inputs at once",
        prose(ALL),
        _sobol(found),
        prose(luck_words(found)),
        _luck(found),
        prose(f"Enough samples? {_capital(advice(found))}."),
        "## Screening",
        prose(MORRIS),
        _screening(found),
        "## In which conditions",
        prose(BOXES),
    ]
    for asked, each in zip(ASKED, boxes, strict=True):
        blocks += [f"### {asked.heading}", *_boxes(each)]
    return "\n\n".join(blocks) + "\n"


def _sourced() -> set[str]:
    """Return the paths of the scenario's values that have a source."""
    known = known_paths(load(SCENARIO))
    return {path for path, each in known.items() if each.annotation.kind == "sourced"}


def _tornado(found: Sensitivity) -> str:
    moving = found.tornado[found.tornado["size"] > 0.0]
    return table(
        ["input", "low, own, high", "at low", "at high", "high - low", "95 %"],
        [
            [
                f"`{row.path}`",
                ", ".join(f"{each:.6g}" for each in (row.low, row.value, row.high)),
                f"{row.at_low:.3f}",
                f"{row.at_high:.3f}",
                f"{row.across_diff:+.3f}",
                f"{row.across_diff_low:+.3f} to {row.across_diff_high:+.3f}",
            ]
            for row in moving.itertuples()
        ],
    )


def _still(found: Sensitivity) -> str:
    still = found.tornado.path[found.tornado["size"] == 0.0]
    listed = ", ".join(f"`{path}`" for path in still)
    return (
        f"{len(still)} of {len(found.tornado)} move nothing when moved alone"
        + (f": {listed}" if listed else "")
        + "."
    )


def _sobol(found: Sensitivity) -> str:
    return table(
        ["input", "alone", "95 %", "with others", "95 %"],
        [
            [
                f"all {row.inputs} others together"
                if row.path == OTHERS
                else f"`{row.path}`",
                f"{row.first:.3f}",
                f"{row.first_low:.3f} to {row.first_high:.3f}",
                f"{row.total:.3f}",
                f"{row.total_low:.3f} to {row.total_high:.3f}",
            ]
            for row in found.sobol.itertuples()
        ],
    )


def _luck(found: Sensitivity) -> str:
    words = {
        "inputs": "the inputs",
        "alone": "luck, under any inputs",
        "together": "luck, under some inputs only",
    }
    parts = found.manifest["luck"]
    return table(
        ["share of the variance of one world", "estimate", "95 %"],
        [
            [
                said,
                f"{parts[name]['estimate']:.3f}",
                f"{parts[name]['low']:.3f} to {parts[name]['high']:.3f}",
            ]
            for name, said in words.items()
        ],
    )


def _screening(found: Sensitivity) -> str:
    acting = found.screening[found.screening.acted > 0]
    idle = found.screening.path[found.screening.acted == 0]
    rows = [
        [
            f"`{row.path}`",
            f"{row.mean_size:.3f} ± {row.mean_size_half_width:.3f}",
            f"{row.mean:+.3f}",
            f"{row.spread:.3f}",
            f"{row.acted} of {row.trajectories}",
        ]
        for row in acting.itertuples()
    ]
    listed = ", ".join(f"`{path}`" for path in idle)
    nothing = f"No world changed with {listed}." if listed else "Every input did so."
    head = ["input", "size", "mean", "spread", "walks in which a world changed"]
    return table(head, rows) + "\n\n" + prose(nothing)


def _boxes(found: Conditions) -> list[str]:
    if not found.boxes:
        return ["No box is told from chance."]
    blocks = []
    for number, box in enumerate(found.boxes, 1):
        worth, seen = box.worth, box.found_worth
        blocks += [
            prose(f"**Box {number}.** {sentence(found, box, first=number == 1)}"),
            table(
                ["input", "bound"],
                [[f"`{each.path}`", _bound(each)] for each in box.bounds],
            ),
            prose(
                f"Density {worth.density:.2f}, coverage {worth.coverage:.2f}, "
                f"{worth.mass:.2f} of the sets ({worth.points:,}); outside "
                f"{worth.outside:.2f}. On the half where it was found: density "
                f"{seen.density:.2f}, coverage {seen.coverage:.2f}."
            ),
        ]
    return blocks


def _bound(bound: Bound) -> str:
    ends = []
    if bound.low is not None:
        ends.append(f"above {short_number(bound.low)}")
    if bound.high is not None:
        ends.append(f"below {short_number(bound.high)}")
    return ", ".join(ends)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
