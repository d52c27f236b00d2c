"""The report as a page of Markdown, with lines of at most 100 characters."""

from collections.abc import Sequence
from itertools import groupby

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
)
from experiments.sanity.writing import WIDEST, bullet, prose, table
from sim.batch.intervals import Interval

HEAD = ("measured", "sign", "lowest, highest", "effect", "verdict", "monotone")


def page(found: Sequence[Result], sizes: Sizes, command: str) -> str:
    """Return the report; `command` makes it again."""
    parts = [
        "# Signed predictions",
        prose(
            "What the theory of bargaining in war predicts, tried on this model: one "
            "quantity is raised, all else and all luck stay the same, and the sign of "
            "what follows is looked at. That shows whether the model does what the "
            "theory says, not whether either is right about a war. All numbers are a "
            "model's answers, not forecasts."
        ),
        f"Made by\n\n    {command}",
        rules(sizes),
        summary(found),
        unexpected(found, sizes),
        "## What is measured\n\n" + measured(found),
        "## The worlds\n\n" + described(found),
        *entries(found),
        "## A paper that `model.md` does not name",
        bullet(
            "Werner and Yuen (2005), Making and keeping peace. International "
            "Organization 59(2)."
        ),
    ]
    text = "\n\n".join(parts) + "\n"
    long = [line for line in text.splitlines() if len(line) > WIDEST]
    if long:
        raise ValueError(f"wider than {WIDEST}: {long[0]}")
    return text


def rules(sizes: Sizes) -> str:
    """Section on what was fixed, and how it is judged."""
    fixed = prose(
        "The worlds, the values, the seed and these rules were written down before the "
        "first run (`experiments/predictions/table/`), and none has been changed to "
        "suit a result. Known before were the values of unchanged scenarios "
        "(`ceasefire values`), from which errors of decision and some lines of offers "
        "were taken, and the tests in `tests/directions`. After the first run one "
        "number was changed: worlds of talks and truces were 4,000 each and became "
        "2,000, to save time; no verdict changed."
    )
    lines = [
        f"Seed {SEED}. Each level has the same {sizes.answers:,} worlds of one day, in "
        f"which an offer is put and answered, {sizes.runs:,} worlds of talks or of a "
        f"truce, and {sizes.mornings:,} first mornings on which values are computed.",
        "A first morning has its private costs by chance, and luck moves its line by "
        "up to 2 steps, its chips down by up to a quarter, and both beliefs together "
        "by up to .1 in the log-odds, alike at every level.",
        "A value that a prediction names is measured on the core, in shares of the "
        "stake; beside it stands what follows from it in runs.",
        "Effect: highest less lowest level, with the paired interval at .95. It covers "
        "luck only. Of 100 effects that are 0, two or three would be confirmed.",
        "Confirmed: the interval is on the predicted side of 0. Contradicted: on the "
        "other. Not shown: it contains 0. Of a predicted 0 the interval has to be "
        "within a margin, stated with it.",
        "A hump is confirmed if the middle level that is best in one half of the "
        "worlds is above both ends in the other half; both differences are given.",
        "Monotone: yes, if each step from level to level has the sign; no, if a step "
        "has the other one with its whole interval; else unclear.",
    ]
    return f"## Rules\n\n{fixed}\n\n" + "\n".join(map(bullet, lines))


def summary(found: Sequence[Result]) -> str:
    """Section with the counts of verdicts, by prediction and world."""
    verdicts = [result.finding.verdict for result in found]
    counts = ", ".join(
        f"{verdicts.count(verdict)} {verdict}"
        for verdict in (CONFIRMED, NOT_SHOWN, CONTRADICTED)
    )
    rows = []
    for question, group in grouped(found):
        of = list(group)
        good = sum(result.finding.verdict == CONFIRMED for result in of)
        bad = [
            f"{result.measure} {result.finding.verdict}"
            for result in of
            if result.finding.verdict != CONFIRMED
        ]
        counted = f"{good} of {len(of)}"
        rows.append([question.id, question.world, counted, "; ".join(bad) or "-"])
    listed = table(["id", "world", CONFIRMED, "else"], rows)
    return f"## Verdicts\n\nOf {len(found)} signs {counts}.\n\n{listed}"


def grouped(found: Sequence[Result]) -> list[tuple[Question, list[Result]]]:
    """Results by question, in order."""
    groups = groupby(found, key=lambda result: id(result.question))
    listed = [list(group) for _, group in groups]
    return [(of[0].question, of) for of in listed]


def unexpected(found: Sequence[Result], sizes: Sizes) -> str:
    """Section on what did not come out as predicted, with the reason looked for."""
    by_name = {result.name: result for result in found if needs_reason(result)}
    intro = prose(
        "The reasons were looked for after the first run. Each comes with the same "
        "question, the suspected cause being taken out."
    )
    parts = ["## What is not confirmed, or not at every step", intro]
    for reason in reasons():
        lines = []
        for name in reason.results:
            if name in by_name:
                again = without_cause(by_name[name], reason, sizes)
                lines.append(bullet(f"`{name}`: {told(again)}"))
        if lines:
            parts += [prose(f"{reason.why}:"), "\n".join(lines)]
    return "\n\n".join(parts)


def told(result: Result) -> str:
    """A finding in words."""
    finding = result.finding
    effects = " and ".join(map(interval, finding.effects))
    steps = "" if finding.monotone == "-" else f", monotone: {finding.monotone}"
    return f"{finding.verdict}, {effects}{steps}"


def measured(found: Sequence[Result]) -> str:
    """List of measures, those that occur."""
    used = {result.measure for result in found}
    return "\n".join(
        bullet(
            f"`{name}`: {measure.words} "
            f"({'share or mean of runs' if measure.simulated else 'on the core'})"
        )
        for name, measure in MEASURES.items()
        if name in used
    )


def described(found: Sequence[Result]) -> str:
    """List of worlds, those that occur."""
    used = {result.question.world for result in found}
    return "\n".join(
        bullet(
            f"`{name}`, from `{world['scenario']}`: {' '.join(world['what'].split())}"
        )
        for name, world in worlds().items()
        if name in used
    )


def entries(found: Sequence[Result]) -> list[str]:
    """One section for each prediction, with a table for each of its worlds."""
    parts = []
    entry = ""
    for question, of in grouped(found):
        heading = f"## {question.id}: {question.raised}"
        if heading != entry:
            entry = heading
            parts += [heading, prose(question.because)]
        levels = ", ".join(f"{level:g}" for level in question.levels)
        margins = [
            f"`{result.measure}` {result.predicted.removeprefix(ZERO)}"
            for result in of
            if result.predicted.startswith(ZERO)
        ]
        margin = f" Margins: {', '.join(margins)}." if margins else ""
        parts.append(prose(f"`{question.world}`, at {levels}: {question.why}{margin}"))
        parts.append(table(HEAD, [row for result in of for row in rows_of(result)]))
    return parts


def rows_of(result: Result) -> list[list[str]]:
    """Rows of the table for one measure: one, or for a hump two."""
    finding, predicted = result.finding, result.predicted
    sign = "0" if predicted.startswith(ZERO) else predicted
    ends = f"{finding.means[0]:.4f}, {finding.means[-1]:.4f}"
    first = [result.measure, sign, ends, interval(finding.effects[0])]
    rows = [[*first, finding.verdict, finding.monotone]]
    if predicted == HUMP:
        rows.append(["", "", "", interval(finding.effects[1]), "", ""])
    return rows


def interval(effect: Interval) -> str:
    """An effect with its interval."""
    return f"{effect.estimate:+.4f} [{effect.low:+.4f}, {effect.high:+.4f}]"
