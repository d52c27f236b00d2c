"""docs/reports/sanity.md: the values that its words in `page.md` ask for."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from acts import ACTS
from checks import Check, checks, examples, looked
from repeats import HOPELESS
from summary import (
    SEED,
    Summary,
    as_in_march,
    at_first_offer,
    by_kind,
    by_noise,
    circles,
    days,
    ends,
    excluded,
    first_answers,
    first_truces,
    share,
    talks,
)
from writing import Template, narrow, number, part

MARCH = ("kursk-2025-03-03", "kursk-2025-03-13")
TABLES = ("first", "signed", "end", "kind", "talk", "answer", "noise", "circle")
LEAST = 0.005  # rarer offers and answers are counted together
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(summaries: Sequence[Summary], command: str) -> str:
    """Return the report; `command` makes it again."""
    worlds, names = summaries[0].worlds.size, summaries[0].labels.sides
    made = sorted(checks(summaries), key=lambda check: check.passed)
    failed = sum(not check.passed for check in made)
    found = examples(summaries)
    march = [(each.id, as_in_march(each)) for each in summaries if each.id in MARCH]
    rows: dict[str, list[Sequence[str]]] = {name: [] for name in TABLES}
    for i, summary in enumerate(summaries, start=1):
        for name, row in _rows(summary):
            rows[name].append([str(i), *row])
    text = TEMPLATE.page(
        worlds=worlds,
        seed=SEED,
        last=worlds - 1,
        command=command,
        scenarios="\n".join(f"{i}. `{s.id}`" for i, s in enumerate(summaries, start=1)),
        said=f"{failed} of {len(made)} checks fail."
        if failed
        else "Every check holds.",
        check=list(map(_checked, made)),
        amiss=TEMPLATE.filled("examples", example=found) if found else "",
        ends=ends(summaries[0]),
        talks=talks(summaries[0]),
        march=TEMPLATE.filled("march", march=march) if march else "",
        sides=names,
        costs=[f"cost of {name}" for name in names],
        hopeless=HOPELESS,
        circles=circles(summaries[0]),
        numbers=tuple(str(i) for i in range(1, len(summaries) + 1)),
        act=[
            (name, act, [part(share(s.seen["acted"][:, i] > 0)) for s in summaries])
            for i, (name, act) in enumerate(ACTS.items())
        ],
        bound=list(looked(summaries).items()),
        **rows,
    )
    return narrow(text)


def _rows(summary: Summary) -> Iterator[tuple[str, Iterable[str]]]:
    """Rows of a scenario with the names of their tables in the template."""
    truces = [
        (part(share(summary.worlds[field] >= 0)), _days(summary, field))
        for field in ("first_truce", "first_full_truce")
    ]
    yield "first", (summary.id, *truces[0], *truces[1])
    for row in _frequent(first_truces(summary)) or [("none", "", "-")]:
        yield "signed", row
    yield "end", map(part, ends(summary).values())
    for kind, means in by_kind(summary).items():
        if means[0] > 0:
            yield "kind", (kind, *(f"{mean:.3f}" for mean in means))
    counts = talks(summary).items()
    yield "talk", (f"{x:.0f}" if name == "most" else f"{x:.2f}" for name, x in counts)
    for row in _frequent([(of, *said, x) for of, said, x in first_answers(summary)]):
        yield "answer", row
    noise = (*by_noise(summary), at_first_offer(summary), *excluded(summary))
    yield "noise", map(part, noise)
    yield "circle", (number(x, 2) for x in circles(summary).values())


def _frequent(found: Sequence[tuple[Any, ...]]) -> list[Sequence[str]]:
    """Rows that end in a share; those that are rare are counted together."""
    rows = [[*words, part(of)] for *words, of in found if of >= LEAST]
    rest = sum(of for *_, of in found if of < LEAST)
    if rest > 0:
        rows.append(["others", *[""] * (len(found[0]) - 2), part(rest)])
    return rows


def _days(summary: Summary, field: str) -> str:
    return " / ".join(f"{day:.0f}" for day in days(summary, field)) or "-"


def _checked(check: Check) -> str:
    return (
        f"{'holds' if check.passed else '**fails**'}: {check.asks}; "
        f"{number(check.worst)} in the worst scenario"
        + (f", {check.where}" if check.worst > 0 else "")
        + (f"; at most {number(check.limit)}" if check.limit > 0 else "")
    )
