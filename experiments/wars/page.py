"""docs/reports/wars.md: the values that its words in `page.md` ask for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.sanity.writing import Template
from experiments.wars.measure import ENDED_SO, Answer

WHAT = ("so", "by_then")
SHOWN = 4  # ends and assumptions of each war
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(answers: Sequence[Answer], command: str, each: int) -> str:
    """The page as text."""
    times = {answer.case.id: answer.time for answer in answers}
    tops = [
        (answer.case.id, *(_ranked(answer, what)[0]["path"] for what in WHAT))
        for answer in answers
    ]
    return TEMPLATE.page(
        command=command,
        worlds=answers[0].worlds,
        each=each,
        answer=list(answers),
        wars=len(answers),
        most=sum(answer.kind == "most" for answer in answers),
        within=list(times.values()).count("within"),
        sooner=", ".join(war for war in times if times[war] == "sooner") or "none",
        fronts=sum(end.startswith("front.") for _, end, _ in tops),
        beliefs=sum(".belief.drift_km2_per_week" in end for _, end, _ in tops),
        top=tops,
        told="\n\n".join(map(_war, answers)),
    )


def _war(answer: Answer) -> str:
    ends = list(answer.ends[:SHOWN])
    if ENDED_SO not in dict(ends):
        ends.append((ENDED_SO, answer.so.estimate))
    return TEMPLATE.filled(
        "war",
        answer=answer,
        kind=TEMPLATE.words(answer.kind),
        time=TEMPLATE.words(answer.time),
        end=ends,
        by_end=_ranked(answer, "so")[:SHOWN],
        by_time=_ranked(answer, "by_then")[:SHOWN],
        source=answer.case.sources,
    )


def _ranked(answer: Answer, what: str) -> list[dict[str, Any]]:
    """Assumptions with the shares at their ends, those first that move them most."""
    found = [
        {
            "path": each.input.path.removeprefix("parties.").removeprefix(
                "negotiation."
            ),
            "input": each.input,
            "at": getattr(each, what),
            "moved": getattr(each, f"{what}_difference"),
        }
        for each in answer.effects
    ]
    return sorted(found, key=lambda each: -abs(each["moved"].estimate))
