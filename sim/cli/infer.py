"""`ceasefire infer`: inputs that fit what happened, and what they answer."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

import sim
from sim.analysis.narrative.labels import short_number
from sim.api.inference import SEED, SETS, WITHIN_DAYS, WORLDS, Inference
from sim.batch.progress import Progress
from sim.cli.options import (
    FORECAST,
    Output,
    number_option,
    open_scenario,
    result_options,
    scenario_argument,
    set_option,
)
from sim.cli.tables import aligned, paragraph
from sim.scenario.arguments import MOST_DAYS
from sim.scenario.fact_file import load_facts
from sim.scenario.lookup import wording

_SHOWN = 10  # inputs


@click.command()
@scenario_argument
@click.option(
    "--facts",
    required=True,
    metavar="FILE",
    help="File of facts, or the name of a shipped one: march-2025.",
)
@number_option("--sets", "Number of sets of inputs to draw.", 16, default=SETS)
@number_option(
    "--worlds", "Number of worlds of each set and scenario.", 2, default=WORLDS
)
@number_option(
    "--within-days",
    "Day by which a first full truce must begin to be counted.",
    1,
    MOST_DAYS,
    default=WITHIN_DAYS,
)
@number_option("--seed", "Seed of all random numbers.", default=SEED)
@click.option(
    "--until",
    metavar="DATE",
    help="Last day whose facts are used.  [default: the scenario's first day]",
)
@click.option(
    "--score",
    is_flag=True,
    help="Also say how well the facts used predict those after that day.",
)
@number_option("--threads", "Number of threads.  [default: all processors]", 1)
@set_option
@result_options("Folder for the sets that fit, the tables and the figure.")
def infer(
    scenario: str,
    facts: str,
    changes: tuple[str, ...],
    output: Output,
    **asked: Any,
) -> None:
    """Find which inputs fit what happened, and what they imply.

    Sets of inputs are drawn between low and high. A set counts for more, the more of
    its worlds agree with the facts. Other commands can draw inputs from the result with
    --inputs DIR. With --out, an analysis that was stopped is continued.
    """
    told = load_facts(facts)
    base = open_scenario(scenario, changes)
    files = [file for each in told.scenarios.values() for file in each.files]
    output.refuse(Inference, [told.file, *base.files, *files])
    found = sim.infer(
        base,
        facts=told,
        out=output.out,
        progress=Progress(None if output.quiet else sys.stderr),
        **asked,
    )
    output.give(found, inference_text(found))
    output.say(f"again: {output.again(found.command)}\n{FORECAST}")


def inference_text(found: Inference) -> list[str]:
    """Return the inference as lines."""
    made = found.manifest
    facts = len(found.facts)
    return [
        made["scenario_title"],
        *paragraph(
            f"scenario {made['scenario_id']}, hash {made['scenario_hash'][:12]}, seed "
            f"{made['seed']}; {facts} facts about the worlds of "
            f"{len(made['scenarios'])} scenarios; {made['sets']:,} sets of "
            f"{made['inputs_in_all']} inputs, {made['worlds']} worlds of each."
        ).splitlines(),
        "",
        *_answer(found),
        *beside_words(found.beside),
        "",
        *paragraph(chance_words(found)).splitlines(),
        "",
        "The effect of each fact:",
        *_facts(found),
        "",
        *_inputs(found),
    ]


def chance_words(found: Inference) -> str:
    """Return P(facts) and how many sets count, in a sentence or two."""
    made = found.manifest
    counted = int((~found.facts["scored"]).sum())
    if counted == 0:
        return (
            "No fact is used here, so the inputs that fit are the same as the "
            "free ones."
        )
    facts = "the fact comes" if counted == 1 else f"all {counted} facts come"
    text = (
        f"With inputs drawn freely, {facts} true with a chance of "
        f"{made['chance']:.2g} (standard error {made['error']:.1g}). The sets that "
        f"fit carry as much information as {made['effective']:,.0f} sets of equal "
        "weight."
    )
    if made["powers"]:
        text += (
            f" Weighting alone left fewer than {made['fewest_effective']}, so they "
            f"were sampled in {len(made['powers'])} steps."
        )
    return text


_SAID = {
    "full_truce_share": "a full truce begins by day {days}",
    "fighting_stopped_share": "the fighting has stopped at the end",
}


def _answer(found: Inference) -> list[str]:
    rows = [["of 100 worlds", "inputs", "mean", "half of the sets", "nine in ten"]]
    for row in found.answer.to_dict("records"):
        words = _SAID[row["outcome"]].format(days=found.manifest["within_days"])
        rows.append(
            [
                words if row["inputs"] == "free" else "",
                row["inputs"],
                f"{100 * row['mean']:.0f}",
                f"{100 * row['q25']:.0f} to {100 * row['q75']:.0f}",
                f"{100 * row['q5']:.0f} to {100 * row['q95']:.0f}",
            ]
        )
    return aligned(rows, right=[2, 3, 4])


def beside_words(rates: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what others say, as lines; none if nobody says anything."""
    told = []
    for rate in rates:
        low, high = (f"{100 * rate[end]:.0f}" for end in ("low", "high"))
        number = low if low == high else f"{low} to {high}"
        told.append(f"{rate['label']} {number}")
    if not told:
        return []
    text = (
        "For comparison, of 100, from other sources that may define it "
        f"differently: {'; '.join(told)}."
    )
    return paragraph(text, indent=2).splitlines()


def _facts(found: Inference) -> list[str]:
    rows = [["fact", "free", "by the others", "chance", "begun", "stopped"]]
    for row in found.facts.to_dict("records"):
        rows.append(
            [
                row["id"] + (" (scored only)" if row["scored"] else ""),
                short_number(row["free"]),
                short_number(row["given_the_others"]),
                f"{row['chance_without']:.2g}",
                f"{100 * row['full_truce_share_without']:.0f}",
                f"{100 * row['fighting_stopped_share_without']:.0f}",
            ]
        )
    return [
        *aligned(rows, right=range(1, 6)),
        *paragraph(
            "free: how often the fact comes true with inputs drawn freely; by the "
            "others: how often with inputs that fit all other facts. The last three "
            "columns leave this fact out: the chance that all the others come true, "
            "and the number of 100 worlds in which a truce begins and in which the "
            "fighting has stopped.",
            indent=2,
        ).splitlines(),
    ]


def _inputs(found: Inference) -> Iterator[str]:
    table = found.inputs
    identified = int(table["identified"].sum())
    yield from paragraph(
        f"{identified} of {len(table)} inputs {'is' if identified == 1 else 'are'} "
        "identified, which means that the facts narrow the spread to less than four "
        "fifths. A few facts change the answer while hardly any input is pinned "
        "down, because many sets of inputs fit."
    ).splitlines()
    rows = [["input", "nine in ten before", "after", "spread left"]]
    for row in table.head(_SHOWN).to_dict("records"):
        before, after = (
            f"{short_number(row[f'{when}_5'])} to {short_number(row[f'{when}_95'])}"
            for when in ("prior", "posterior")
        )
        rows.append(
            [wording(row["path"]).label, before, after, f"{row['spread_ratio']:.2f}"]
        )
    yield from aligned(rows, right=[1, 2, 3])
