"""The report: claim by assumption, and what survives."""

from collections import Counter
from collections.abc import Sequence

from experiments.claims.headlines import (
    HEADLINES,
    RARE_SAYS,
    REPLICATES,
    SCENARIO,
    SEED,
)
from experiments.claims.recompute import FLIPS, HOLDS, OPEN, Answer, Level, applies
from sim.sweep.inputs import Input

_INTRO = f"""\
# Which claims survive which assumptions

Made by `make claims`; do not edit. What the README says of the model's answers is
computed anew under the low and the high value of every assumption of `{SCENARIO}`, one
at a time, all else as it is: {REPLICATES:,} worlds each, seed {SEED}, the same luck in
both settings of a claim. The bounds and their reasons are in the scenario file.

A claim **holds** where its 95 % interval lies on the side claimed, **flips** (bold)
where it lies on the other side, and is *not shown* (in brackets) where it does neither.
One at a time is the mildest test there is: assumptions can be wrong together, which
[how-to-find-what-matters.md](how-to-find-what-matters.md) looks into. These are a
model's answers, not forecasts.
"""


def page(
    answers: dict[str, list[Answer]], levels: list[Level], inputs: Sequence[Input]
) -> str:
    """Return the page."""
    parts = [_INTRO, "## Verdicts", ""]
    rows = {headline.name: _moved(answers, headline.name) for headline in HEADLINES}
    for headline in HEADLINES:
        own = answers[headline.name][0]
        parts += [
            f'- **{headline.name}**: "{headline.says}" With the scenario\'s own values '
            f"{_of(own.before)} and {_of(own.after)} of 100, difference {_change(own)}"
            f" ({_of(own.change.low)} to {_of(own.change.high)}). "
            + _verdicts([each.verdict for each in answers[headline.name][1:]])
            + _where(
                [each.verdict for each in answers[headline.name][1:]],
                [one for one in inputs if applies(headline, one)],
            )
        ]
    seen = [each.verdict for each in levels[1:]]
    parts += [
        f'- **Level**: "{RARE_SAYS}" With the scenario\'s own values '
        f"{_of(levels[0].share.estimate)} of 100. {_verdicts(seen)}"
        + _where(seen, list(inputs)),
        "",
        "## Claim by assumption",
        "",
        "Differences and, in the last columns, levels, in worlds of 100.",
        "",
    ]
    names = [headline.name for headline in HEADLINES]
    heads = ["assumption", "low", "high"]
    heads += [f"{name}, {end}" for name in [*names, "level"] for end in ("low", "high")]
    parts += [
        "| " + " | ".join(heads) + " |",
        "| " + " | ".join(["---"] * len(heads)) + " |",
    ]
    for at, one in enumerate(inputs):
        cells = [f"`{one.path}`", f"{one.low:.6g}", f"{one.high:.6g}"]
        for headline in HEADLINES:
            pair = rows[headline.name].pop(0) if applies(headline, one) else None
            cells += ["varied"] * 2 if pair is None else [_cell(each) for each in pair]
        for each in levels[1 + 2 * at : 3 + 2 * at]:
            cells.append(_marked(_of(each.share.estimate), each.verdict))
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


def _verdicts(seen: list[str]) -> str:
    count = Counter(seen)
    return (
        f"Of {len(seen)} changes it holds under {count[HOLDS]}, is not shown under "
        f"{count[OPEN]} and flips under {count[FLIPS]}."
    )


def _where(seen: list[str], inputs: list[Input]) -> str:
    """Return the changes under which a claim does not hold."""
    lines = []
    for at, verdict in enumerate(seen):
        if verdict != HOLDS:
            one, end = inputs[at // 2], at % 2
            number = (one.low, one.high)[end]
            lines.append(f"  - {verdict}: `{one.path}` at {number:.6g}")
    return "\n" + "\n".join(lines) if lines else ""
