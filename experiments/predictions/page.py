"""docs/reports/predictions.md: the values that its words in `page.md` ask for."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from experiments.predictions.cells import SEED, Sizes
from experiments.predictions.measures import MEASURES
from experiments.predictions.questions import Question, worlds
from experiments.predictions.reasons import needs_reason, reasons, without_cause
from experiments.predictions.trial import Result
from experiments.predictions.verdicts import (
    CONFIRMED,
    CONTRADICTED,
    HUMP,
    NOT_SHOWN,
    ZERO,
    Finding,
)
from experiments.sanity.writing import Template, narrow
from sim.batch.intervals import Interval

TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(found: Sequence[Result], sizes: Sizes, command: str) -> str:
    """Return the report; `command` makes it again."""
    verdicts = [result.finding.verdict for result in found]
    groups = [list(of) for _, of in groupby(found, key=lambda each: id(each.question))]
    measures = {result.measure for result in found}
    names = {result.question.world for result in found}
    return narrow(
        TEMPLATE.page(
            command=command,
            seed=SEED,
            sizes=sizes,
            signs=len(found),
            counts=", ".join(
                f"{verdicts.count(verdict)} {verdict}"
                for verdict in (CONFIRMED, NOT_SHOWN, CONTRADICTED)
            ),
            group=list(map(_counted, groups)),
            reasons="\n\n".join(_unexpected(found, sizes)),
            measure=[
                (
                    name,
                    each,
                    "share or mean of runs" if each.simulated else "on the core",
                )
                for name, each in MEASURES.items()
                if name in measures
            ],
            world=[
                (name, about, " ".join(about["what"].split()))
                for name, about in worlds().items()
                if name in names
            ],
            entries="\n\n".join(_entries(groups)),
        )
    )


def _counted(of: Sequence[Result]) -> tuple[Question, int, int, str]:
    """A question, how many of its signs are confirmed, of how many, and the others."""
    others = [result for result in of if result.finding.verdict != CONFIRMED]
    told = "; ".join(f"{each.measure} {each.finding.verdict}" for each in others)
    return of[0].question, len(of) - len(others), len(of), told or "-"


def _unexpected(found: Sequence[Result], sizes: Sizes) -> Iterator[str]:
    """What did not come out as predicted, by the reason looked for."""
    by_name = {result.name: result for result in found if needs_reason(result)}
    for reason in reasons():
        again = [
            (name, _told(without_cause(by_name[name], reason, sizes)))
            for name in reason.results
            if name in by_name
        ]
        if again:
            yield TEMPLATE.filled("reason", why=reason.why, again=again)


def _told(result: Result) -> str:
    """A finding in words."""
    finding = result.finding
    decimals = _decimals(finding)
    effects = " and ".join(_interval(effect, decimals) for effect in finding.effects)
    steps = "" if finding.monotone == "-" else f", monotone: {finding.monotone}"
    return f"{finding.verdict}, {effects}{steps}"


def _entries(groups: Sequence[Sequence[Result]]) -> Iterator[str]:
    """One section for each prediction, with a table for each of its worlds."""
    before: tuple[str, ...] = ()
    for of in groups:
        question = of[0].question
        if (question.id, question.raised) != before:
            before = (question.id, question.raised)
            yield TEMPLATE.filled("entry", **question._asdict())
        margins = ", ".join(
            f"`{result.measure}` {result.predicted.removeprefix(ZERO)}"
            for result in of
            if result.predicted.startswith(ZERO)
        )
        yield TEMPLATE.filled(
            "world",
            question=question,
            levels=", ".join(f"{level:g}" for level in question.levels),
            margins=f" Margins: {margins}." if margins else "",
            row=[row for result in of for row in _rows(result)],
        )


def _rows(result: Result) -> Iterator[tuple[str, ...]]:
    """Rows of the table for one measure: one, or for a hump two."""
    finding, predicted = result.finding, result.predicted
    decimals = _decimals(finding)
    yield (
        result.measure,
        "0" if predicted.startswith(ZERO) else predicted,
        ", ".join(f"{finding.means[i]:.{decimals}f}" for i in (0, -1)),
        _interval(finding.effects[0], decimals),
        finding.verdict,
        finding.monotone,
    )
    if predicted == HUMP:
        yield ("", "", "", _interval(finding.effects[1], decimals), "", "")


def _decimals(finding: Finding) -> int:
    """Decimals of what was found: of land and days one, of shares four."""
    return 1 if max(map(abs, finding.means)) >= 10.0 else 4


def _interval(effect: Interval, decimals: int) -> str:
    estimate, low, high = (f"{number:+.{decimals}f}" for number in effect)
    return f"{estimate} [{low}, {high}]"
