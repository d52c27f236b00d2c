"""docs/reports/claims.md: claim by assumption, and what survives.

Its lines stand in `page.md` as they are on the page, and the table has no even columns.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.claims.headlines import (
    HEADLINES,
    RARE_SAYS,
    REPLICATES,
    SCENARIO,
    SEED,
)
from experiments.claims.recompute import FLIPS, HOLDS, OPEN, Answer, Level, applies
from experiments.sanity.writing import FORMATS, bullet
from sim.batch.inputs import Input

PAGE = Path(__file__).with_suffix(".md")

of, change = FORMATS["of_100"], FORMATS["change_of_100"]


def page(
    answers: dict[str, list[Answer]], levels: list[Level], inputs: Sequence[Input]
) -> str:
    """Return the page."""
    verdicts: list[str] = []
    columns = []
    for headline in HEADLINES:
        own, *moved = answers[headline.name]
        verdicts += _verdict(
            f'**{headline.name}**: "{headline.says}" With the scenario\'s own values '
            f"{of(own.before)} and {of(own.after)} of 100, difference "
            f"{change(own.change.estimate)} ({of(own.change.low)} to "
            f"{of(own.change.high)}).",
            [each.verdict for each in moved],
            [one for one in inputs if applies(headline, one)],
        )
        cells = iter([_marked(change(a.change.estimate), a.verdict) for a in moved])
        columns.append(
            [
                f"{next(cells)}, {next(cells)}" if applies(headline, one) else "varied"
                for one in inputs
            ]
        )
    own_level, *moved_levels = levels
    verdicts += _verdict(
        f'**Level**: "{RARE_SAYS}" With the scenario\'s own values '
        f"{of(own_level.share.estimate)} of 100.",
        [each.verdict for each in moved_levels],
        inputs,
    )
    ends = [_marked(of(each.share.estimate), each.verdict) for each in moved_levels]
    columns.append([f"{a}, {b}" for a, b in zip(ends[::2], ends[1::2], strict=True)])
    head = ["assumption", "bounds", *(each.name for each in HEADLINES), "Level"]
    rows = [
        [f"`{one.path}`", f"{one.low:.6g}, {one.high:.6g}", *cells]
        for one, *cells in zip(inputs, *columns, strict=True)
    ]
    table = [head, ["---"] * len(head), *rows]
    return PAGE.read_text(encoding="utf-8").format(
        scenario=SCENARIO,
        replicates=REPLICATES,
        seed=SEED,
        verdicts="\n".join(verdicts),
        table="\n".join(f"| {' | '.join(row)} |" for row in table),
    )


def _marked(text: str, verdict: str) -> str:
    return {HOLDS: text, OPEN: f"({text})", FLIPS: f"**{text}**"}[verdict]


def _verdict(says: str, seen: list[str], inputs: Sequence[Input]) -> Iterator[str]:
    """Yield a claim, how often it holds, and the changes under which it does not."""
    yield bullet(
        f"{says} Of {len(seen)} changes it holds under {seen.count(HOLDS)}, is not "
        f"shown under {seen.count(OPEN)} and flips under {seen.count(FLIPS)}."
    )
    ends = [(one.path, end) for one in inputs for end in (one.low, one.high)]
    for (path, end), verdict in zip(ends, seen, strict=True):
        if verdict != HOLDS:
            yield f"  - {verdict}: `{path}` at {end:.6g}"
