"""The report: claim by assumption, and what survives."""

from collections import Counter
from collections.abc import Sequence
from textwrap import wrap

from experiments.claims.headlines import (
    HEADLINES,
    RARE_SAYS,
    REPLICATES,
    SCENARIO,
    SEED,
)
from experiments.claims.recompute import FLIPS, HOLDS, OPEN, Answer, Level, applies
from sim.batch.inputs import Input

_INTRO = f"""\
# Which claims survive which assumptions

Made by `make claims`; do not edit. What the README says of the model's answers is
computed anew under the low and the high value of every assumption of `{SCENARIO}`, one
at a time, all else as it is: {REPLICATES:,} worlds each, seed {SEED}, the same luck in
both settings of a claim. The bounds and their reasons are in the scenario file.

A claim **holds** where its 95 % interval lies on the side claimed, **flips** (bold)
where it lies on the other side, and is *not shown* (in brackets) where it does neither.
One at a time is the mildest test there is: assumptions can be wrong together, which
[how-to-find-what-matters.md](../how-to-find-what-matters.md) looks into. These are a
model's answers, not forecasts.
"""


def page(
    answers: dict[str, list[Answer]], levels: list[Level], inputs: Sequence[Input]
) -> str:
    """Return the page."""
    parts = [_INTRO, "## Verdicts", ""]
    rows = {headline.name: _moved(answers, headline.name) for headline in HEADLINES}
    for headline in HEADLINES:
        own, *moved = answers[headline.name]
        parts += _verdict(
            f'**{headline.name}**: "{headline.says}" With the scenario\'s own values '
            f"{_of(own.before)} and {_of(own.after)} of 100, difference {_change(own)} "
            f"({_of(own.change.low)} to {_of(own.change.high)}).",
            [each.verdict for each in moved],
            [one for one in inputs if applies(headline, one)],
        )
    parts += _verdict(
        f'**Level**: "{RARE_SAYS}" With the scenario\'s own values '
        f"{_of(levels[0].share.estimate)} of 100.",
        [each.verdict for each in levels[1:]],
        list(inputs),
    )
    parts += [
        "",
        "## Claim by assumption",
        "",
        "In worlds of 100: the difference of each claim, then the level, with the "
        "assumption at its low",
        "and at its high.",
        "",
    ]
    names = [headline.name for headline in HEADLINES]
    heads = ["assumption", "bounds"]
    heads += [*names, "Level"]
    parts += [
        "| " + " | ".join(heads) + " |",
        "| " + " | ".join(["---"] * len(heads)) + " |",
    ]
    for at, one in enumerate(inputs):
        cells = [f"`{one.path}`", f"{one.low:.6g}, {one.high:.6g}"]
        for headline in HEADLINES:
            pair = rows[headline.name].pop(0) if applies(headline, one) else None
            cells.append("varied" if pair is None else ", ".join(map(_cell, pair)))
        ends = levels[1 + 2 * at : 3 + 2 * at]
        cells.append(
            ", ".join(_marked(_of(each.share.estimate), each.verdict) for each in ends)
        )
        parts.append("| " + " | ".join(cells) + " |")
    return "\n".join(parts) + "\n"


def _moved(answers: dict[str, list[Answer]], name: str) -> list[list[Answer]]:
    ends = answers[name][1:]
    return [ends[at : at + 2] for at in range(0, len(ends), 2)]


def _cell(answer: Answer) -> str:
    return _marked(_change(answer), answer.verdict)


def _marked(text: str, verdict: str) -> str:
    return {HOLDS: text, OPEN: f"({text})", FLIPS: f"**{text}**"}[verdict]


def _change(answer: Answer) -> str:
    return f"{100 * answer.change.estimate:+.0f}"


def _of(share: float) -> str:
    return f"{100 * share:.0f}"


def _verdict(says: str, seen: list[str], inputs: list[Input]) -> list[str]:
    """Return a claim, how often it holds, and the changes under which it does not."""
    count = Counter(seen)
    text = (
        f"- {says} Of {len(seen)} changes it holds under {count[HOLDS]}, is not shown "
        f"under {count[OPEN]} and flips under {count[FLIPS]}."
    )
    lines = wrap(text, 100, subsequent_indent="  ", break_on_hyphens=False)
    for at, verdict in enumerate(seen):
        if verdict != HOLDS:
            one, end = inputs[at // 2], at % 2
            number = (one.low, one.high)[end]
            lines.append(f"  - {verdict}: `{one.path}` at {number:.6g}")
    return lines
