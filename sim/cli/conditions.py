"""`ceasefire conditions`: boxes of inputs in which a truce comes, or holds."""

from pathlib import Path

import click

import sim
from sim.analysis.narrative.labels import short_number
from sim.analysis.narrative.words import joined
from sim.analysis.outcomes import happens
from sim.api.discovery import Bound, Condition, Conditions
from sim.cli.options import (
    FORECAST,
    Output,
    folder_argument,
    number_option,
    output_options,
    say,
)
from sim.cli.tables import aligned, paragraph
from sim.scenario.lookup import wording


@click.command()
@folder_argument
@click.option(
    "--outcome",
    default="full_truce_share",
    show_default=True,
    metavar="NAME",
    help="Share to explain; fighting_stopped_share asks whether peace holds at the "
    "end.",
)
@number_option(
    "--boxes", "Number of conditions to look for, one after the other.", 1, default=2
)
@click.option(
    "--density",
    type=float,
    metavar="SHARE",
    help="Smallest share of worlds that must have the outcome where the condition is "
    "met.  [default: a balance with how many worlds are covered]",
)
@click.option(
    "--absent", is_flag=True, help="Look for conditions under which it does not happen."
)
@output_options("json", "quiet")
def conditions(
    folder: Path,
    outcome: str,
    boxes: int,
    density: float | None,
    absent: bool,
    output: Output,
) -> None:
    """Find the conditions under which a truce comes or holds.

    DIR is a folder that `ceasefire sensitivity --out` has written, or a sweep over a
    design or with --input-sets. A condition (a "box") bounds a few inputs. Conditions
    are found on one half of the sets of inputs and judged on the other half.
    """
    found = sim.conditions(
        folder, outcome=outcome, boxes=boxes, density=density, absent=absent
    )
    for path in found.manifest["left_out"]:
        say(f"{path}: its settings are not numbers, so no condition can name it")
    output.give(found, conditions_text(found))
    output.say(FORECAST)


def conditions_text(found: Conditions) -> list[str]:
    """Return the boxes as sentences, with paths and bounds."""
    made = found.manifest
    lines = [
        made["scenario_title"],
        paragraph(
            f"scenario {made['scenario_id']}, hash {made['scenario_hash'][:12]}; "
            f"{made['points']:,} sets of {made['inputs']} inputs, in which "
            f"{_event(found)} in {100 * found.rate:.0f} of 100 worlds. Combinations "
            "are found on one half of the sets; the numbers come from the other half."
        ),
    ]
    if not found.boxes:
        lines += ["", "No combination of assumptions stood out from chance."]
    for number, box in enumerate(found.boxes, 1):
        lines += ["", paragraph(sentence(found, box, first=number == 1))]
        rows = []
        for path, low, high in box.bounds:
            above = "" if low is None else f"above {low:.6g}"
            rows.append([path, above, "" if high is None else f"below {high:.6g}"])
        lines += aligned(rows)
        seen = box.found_worth
        lines.append(
            paragraph(
                f"{box.worth.points:,} sets, {100 * box.worth.mass:.0f} of 100. On "
                "the half on which the combination was found, it happens in "
                f"{100 * seen.density:.0f} of 100 worlds, and "
                f"{100 * seen.coverage:.0f} of 100 of all worlds in which it happens "
                "are among these.",
                indent=2,
            )
        )
    return lines


def sentence(found: Conditions, box: Condition, *, first: bool) -> str:
    """Return a box in words: where, how often there, and how much of all it holds."""
    where = joined([_where(each) for each in box.bounds])
    among = "" if first else ", outside the combinations above,"
    return (
        f"Where {where}{among or ','} {_event(found)} in {100 * box.worth.density:.0f} "
        f"of 100 worlds; elsewhere in {100 * box.worth.outside:.0f}. Of all worlds in "
        f"which this happens, {100 * box.worth.coverage:.0f} of 100 are among these."
    )


def _event(found: Conditions) -> str:
    days = found.manifest["within_days"]
    return happens(found.outcome, days, None, absent=found.absent)


def _where(bound: Bound) -> str:
    ends = [short_number(each) for each in bound[1:] if each is not None]
    way = "between" if len(ends) == 2 else "below" if bound.low is None else "above"
    called = wording(bound.path)
    return f"{called.the} is {way} {' and '.join(ends)} {called.unit}".rstrip()
