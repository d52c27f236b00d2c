"""What the record tells and what it does not: docs/what-the-record-tells.md.

    python -m experiments.inference.record [--sets 20000] [--out FILE]

One `ceasefire infer` of the flagship with the shipped facts; beside these it looks up
how often the swap and the demand are put at all. Exit codes: 0; 2 for a wrong option.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from experiments.inference.variants import FACTS, SCENARIO, WITHIN_DAYS
from experiments.sanity.writing import Template
from sim.analysis.narrative.words import joined
from sim.api.inference import SETS, Inference, infer
from sim.batch.estimates import BEGUN, HEADLINES
from sim.batch.files import write_whole
from sim.scenario.fact_file import Facts, load_facts
from sim.scenario.facts import Fact, FirstAnswer
from sim.scenario.load import load
from sim.scenario.lookup import wording

ROOT = Path(__file__).resolve().parents[2]
OUT = "docs/what-the-record-tells.md"
FEWEST = 64
TEMPLATE = Template(Path(__file__).with_suffix(".md"))
ANSWERS = ("accept", "reject", "conditional")
# Facts that a world without the offer makes true: who would answer which.
VACUOUS = {
    "russia_rejects_swap": ("russia", "swap"),
    "ukraine_rejects_demand": ("ukraine", "demand"),
}
_SAID = tuple(TEMPLATE.words(each, days=WITHIN_DAYS) for each in HEADLINES)
LITTLE = 5  # of 100 worlds: what a fact moves the answer by at least


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.inference.record",
        description=(__doc__ or "").split("\n")[0],
    )
    parser.add_argument("--sets", type=int, default=SETS, help=f"default: {SETS}")
    parser.add_argument("--out", default=OUT, help=f"default: {OUT}")
    given = parser.parse_args(arguments)
    if given.sets < FEWEST:
        parser.error(f"--sets must be at least {FEWEST}")
    command = parser.prog + ("" if given.sets == SETS else f" --sets {given.sets}")
    found = infer(
        SCENARIO,
        facts=with_questions(),
        sets=given.sets,
        within_days=WITHIN_DAYS,
        score=True,
    )
    write_whole(ROOT / given.out, page(found, command))
    print(f"{ROOT / given.out}: written", file=sys.stderr)
    return 0


def with_questions() -> Facts:
    """Return the shipped facts, and as facts without weight how offers are answered."""
    facts = load_facts(FACTS)
    later = load(SCENARIO).scenario.start_date + timedelta(days=1)
    other = facts.content.facts[-1].scenario
    asked = tuple(
        Fact(
            id=f"{name}_first_{answer}",
            scenario=other,
            date=later,  # what comes after the decision carries no weight
            statement=f"{party} answers {offer}",
            coded=FirstAnswer(
                name="first_answer", party=party, offer=offer, answer=answer
            ),
        )
        for name, (party, offer) in VACUOUS.items()
        for answer in ANSWERS
    )
    content = facts.content.model_copy(update={"facts": facts.content.facts + asked})
    return replace(facts, content=content)


def page(found: Inference, command: str) -> str:
    """The page as text."""
    miscoded = found.manifest["facts_file"]["miscoded"]
    table = found.facts[~found.facts["scored"]]
    asked = found.facts[found.facts["scored"]].set_index("id")
    answer = found.answer.set_index(["outcome", "inputs"])
    rows = {
        (name, inputs): answer.loc[(name, inputs)].to_dict()
        for name in HEADLINES
        for inputs in ("free", "fitted")
    }
    fitted = rows[BEGUN, "fitted"]["mean"]
    facts = [_fact(row, found, fitted) for row in table.to_dict("records")]
    work = sorted(facts, key=lambda each: -abs(each["moved"]))
    told = [each for each in work if 100 * abs(each["moved"]) >= LITTLE]
    identified = found.inputs[found.inputs["identified"]]
    put = {
        name: [
            sum(asked.loc[f"{name}_first_{each}", column] for each in ANSWERS)
            for column in ("free", "given_the_others")
        ]
        for name in VACUOUS
    }
    swap, demand = put.values()
    return TEMPLATE.page(
        command=command,
        made=found.manifest,
        again=f"ceasefire infer {SCENARIO} --facts {FACTS} --out DIR",
        miscoded=miscoded,
        agreeing=1.0 - miscoded,
        count=len(table),
        one_in=1.0 / found.manifest["chance"],
        all_coded=1.0 - (1.0 - miscoded) ** len(table),
        fitted=rows[BEGUN, "fitted"],
        begun_half=_half(rows[BEGUN, "free"]),
        begun_half_fitted=_half(rows[BEGUN, "fitted"]),
        begun_width=_width(rows[BEGUN, "free"]),
        begun_width_fitted=_width(rows[BEGUN, "fitted"]),
        stopped_width=_width(rows[HEADLINES[1], "free"]),
        stopped_width_fitted=_width(rows[HEADLINES[1], "fitted"]),
        row=[
            (said if inputs == "free" else "", inputs, rows[name, inputs])
            for name, said in zip(HEADLINES, _SAID, strict=True)
            for inputs in ("free", "fitted")
        ],
        fact=facts,
        work=joined([_moved(each) for each in told]),
        idle=joined([each["words"] for each in work if each not in told]),
        inputs=len(found.inputs),
        identified=len(identified),
        identified_names=(
            f": {joined([wording(each).label for each in identified.path])}"
            if len(identified)
            else ""
        ),
        narrowed=[
            {**row, "name": wording(row["path"]).label}
            for row in found.inputs.head(8).to_dict("records")
        ],
        little=LITTLE,
        swap=swap,
        demand=demand,
        swap_free=table.set_index("id").loc["russia_rejects_swap", "free"],
    )


def _width(row: dict[str, Any]) -> float:
    return row["q95"] - row["q5"]


def _half(row: dict[str, Any]) -> float:
    return row["q75"] - row["q25"]


def _fact(row: dict[str, Any], found: Inference, fitted: float) -> dict[str, Any]:
    return {
        **row,
        "words": str(row["id"]).replace("_", " "),
        "begun": row["full_truce_share_without"],
        "stopped": row["fighting_stopped_share_without"],
        "moved": fitted - row["full_truce_share_without"],
        "times": row["chance_without"] / found.manifest["chance"],
    }


def _moved(fact: dict[str, Any]) -> str:
    return f"{fact['words']} ({100 * fact['moved']:+.0f})"


if __name__ == "__main__":
    sys.exit(main())
