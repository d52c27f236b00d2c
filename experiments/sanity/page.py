"""The report as a page of Markdown, with lines of at most 100 characters."""

from collections.abc import Sequence

from acts import ACTS
from bounds import BOUNDS
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
from writing import WIDEST, bullet, number, part, prose, table

MARCH = ("kursk-2025-03-03", "kursk-2025-03-13")
LEAST = 0.005  # rarer offers and answers are counted together


def page(summaries: Sequence[Summary], command: str) -> str:
    """Return the report; `command` makes it again."""
    worlds = summaries[0].worlds.size
    made = checks(summaries)
    parts = [
        "# Sanity report",
        prose(
            f"{worlds:,} worlds of each shipped scenario (seed {SEED}, replicates 0 to "
            f"{worlds - 1:,}), run by the engine and looked at after every stage of "
            "every day. It asks whether the model does anything degenerate, not "
            "whether it is right. All numbers are a model's answers, not forecasts: "
            "nobody should read a share of worlds as the chance of an event."
        ),
        f"Made by\n\n    {command}",
        prose(
            "The same seed gives the same page. What is counted, and how, is in "
            "`experiments/sanity/`. In tables scenarios go by number:"
        ),
        "\n".join(f"{i}. `{s.id}`" for i, s in enumerate(summaries, start=1)),
        verdicts(made, summaries),
        truces(summaries),
        offers(summaries),
        outcomes(summaries),
        table_talks(summaries),
        answers(summaries),
        tosses(summaries),
        turning(summaries),
        stages(summaries),
        bounds(summaries),
    ]
    text = "\n\n".join(parts) + "\n"
    long = [line for line in text.splitlines() if len(line) > WIDEST]
    if long:
        raise ValueError(f"wider than {WIDEST}: {long[0]}")
    return text


def verdicts(made: Sequence[Check], summaries: Sequence[Summary]) -> str:
    """Section on the checks; what failed stands first."""
    failed = [check for check in made if not check.passed]
    said = (
        f"{len(failed)} of {len(made)} checks fail." if failed else "Every check holds."
    )
    lines = [
        bullet(
            f"{'holds' if check.passed else '**fails**'}: {check.asks}; "
            f"{number(check.worst)} in the worst scenario"
            + (f", {check.where}" if check.worst > 0 else "")
            + (f"; at most {number(check.limit)}" if check.limit > 0 else "")
        )
        for check in sorted(made, key=lambda check: check.passed)
    ]
    found = examples(summaries)
    parts = ["## Checks", said, "\n".join(lines)]
    if found:
        parts += ["Worlds to look at:", "\n".join(map(bullet, found))]
    return "\n\n".join(parts)


def truces(summaries: Sequence[Summary]) -> str:
    """Section on the first truce, any and full."""
    rows = []
    for i, summary in enumerate(summaries, start=1):
        row = [str(i), summary.id]
        for field in ("first_truce", "first_full_truce"):
            row.append(part(share(summary.worlds[field] >= 0)))
            there = days(summary, field)
            row.append(" / ".join(f"{day:.0f}" for day in there) or "-")
        rows.append(row)
    head = ["", "scenario", "any truce", "its day", "full truce", "its day"]
    text = prose(
        "Share of worlds with a truce before the horizon, and the days (from the "
        "start) by which 10, 50 and 90 in 100 of those have begun. A partial truce "
        "stops some kinds of attack only."
    )
    return f"## First truce\n\n{text}\n\n{table(head, rows)}"


def offers(summaries: Sequence[Summary]) -> str:
    """Section on the first full truce: which offer, by whom."""
    rows = []
    for i, summary in enumerate(summaries, start=1):
        found = first_truces(summary)
        shown = [each for each in found if each[2] >= LEAST]
        rows += [[str(i), offer, by, part(of)] for offer, by, of in shown]
        rest = sum(of for _, _, of in found if of < LEAST)
        if rest > 0:
            rows.append([str(i), "others", "", part(rest)])
        if not found:
            rows.append([str(i), "none", "", "-"])
    text = prose(
        "Offer of the first full truce and who proposed it, as a share of all worlds. "
        "An offer to which conditions were added counts under its own name and is by "
        "the side that named them."
    )
    head = ["", "offer", "by", "share"]
    return f"## Which offer, and by whom\n\n{text}\n\n{table(head, rows)}"


def outcomes(summaries: Sequence[Summary]) -> str:
    """Section on truces that end, and the ends of worlds."""
    rows, kinds = [], []
    for i, summary in enumerate(summaries, start=1):
        rows.append([str(i), *(part(of) for of in ends(summary).values())])
        for kind, means in by_kind(summary).items():
            if means[0] > 0:
                kinds.append([str(i), kind, *(f"{x:.3f}" for x in means)])
    text = prose(
        "Shares of worlds in which a truce, full or partial, ever broke down, ran out, "
        "or was extended; then how worlds end (these sum to 1)."
    )
    more = prose("Truces a world: how many begin, break down, run out, are extended.")
    head = ["", *ends(summaries[0])]
    top = ["", "kind", "begin", "break down", "run out", "extended"]
    return f"## Ends\n\n{text}\n\n{table(head, rows)}\n\n{more}\n\n{table(top, kinds)}"


def table_talks(summaries: Sequence[Summary]) -> str:
    """Section on offers, counter-offers and refusals."""
    rows = []
    for i, summary in enumerate(summaries, start=1):
        found = talks(summary)
        cells = [
            f"{value:.0f}" if name == "most" else f"{value:.2f}"
            for name, value in found.items()
        ]
        rows.append([str(i), *cells])
    text = prose(
        "Means a world: days with an offer on the table (one at most: in a round, by "
        "date, a counter-offer, or an extension), and the most in one world; of them "
        "counter-offers and extensions; rounds in which the author had nothing to "
        "propose; refusals of each side. An answer on conditions is a refusal."
    )
    head = ["", *talks(summaries[0])]
    return f"## Talks\n\n{text}\n\n{table(head, rows)}"


def answers(summaries: Sequence[Summary]) -> str:
    """Section on the answers to the first offer."""
    sides = summaries[0].labels.sides
    rows = []
    for i, summary in enumerate(summaries, start=1):
        found = first_answers(summary)
        rows += [
            [str(i), offer, *said, part(of)] for offer, said, of in found if of >= LEAST
        ]
        rest = sum(of for _, _, of in found if of < LEAST)
        if rest > 0:
            rows.append([str(i), "others", "", "", part(rest)])
    lines = [
        bullet(f"`{summary.id}`: {as_in_march(summary):.3f} of the worlds")
        for summary in summaries
        if summary.id in MARCH
    ]
    text = prose(
        "Answers to the first offer on the table, as a share of all worlds. What "
        "happened in March 2025, Ukraine accepting the 30 days at once and Russia "
        "answering on conditions that name the troops in Kursk (hand_back), occurs in"
    )
    head = ["", "first offer", *sides, "share"]
    listed = "\n".join(lines)
    intro = f"{text}\n\n{listed}" if lines else ""
    return f"## First answers\n\n{intro}\n\n{table(head, rows)}"


def tosses(summaries: Sequence[Summary]) -> str:
    """Section on noise: answers that the exact gain would not have given."""
    sides = summaries[0].labels.sides
    rows = []
    for i, summary in enumerate(summaries, start=1):
        first, every = by_noise(summary)
        row = [str(i), part(first), part(every), part(at_first_offer(summary))]
        rows.append(row + [part(x) for x in excluded(summary)])
    text = prose(
        "Share of first answers, and of all answers, that the gain without the noise "
        "of a decision would have turned the other way; share of worlds with a truce "
        "on the day of the first offer; share of worlds at whose end the others "
        "exclude the true cost of a side (noise beyond the margin of 2 tau teaches "
        "wrongly)."
    )
    head = ["", "first answers", "all answers", "truce at once"]
    head += [f"cost of {name}" for name in sides]
    return f"## Noise\n\n{text}\n\n{table(head, rows)}"


def turning(summaries: Sequence[Summary]) -> str:
    """Section on talks that go in circles."""
    rows = [
        [str(i), *(number(x, 2) for x in circles(summary).values())]
        for i, summary in enumerate(summaries, start=1)
    ]
    text = prose(
        "Means a world; none of it breaks a rule of the model, and no check hangs on "
        f"it. Hopeless: offers in rounds whose chance, as others see it, is below "
        f"{HOPELESS}. Again: offers in rounds whose terms were refused by another name "
        "and are still blocked by that one. Own terms: refusals, in a round, of terms "
        "that the side had named as its conditions, within the wait for repetitions. "
        "Own extension: refusals to extend a truce that the side itself had proposed. "
        "Put off: rounds that fell on the day of an extension or a counter-offer, and "
        "war went on. Last, where worlds settle: by how much of the stake the "
        "settlement moves the line."
    )
    head = ["", *circles(summaries[0])]
    return f"## Talks in circles\n\n{text}\n\n{table(head, rows)}"


def stages(summaries: Sequence[Summary]) -> str:
    """Section on stages: share of worlds in which each ever acts."""
    rows = []
    for i, name in enumerate(ACTS):
        shares = [part(share(s.seen["acted"][:, i] > 0)) for s in summaries]
        rows.append([f"`{name}`", *shares])
    said = "\n".join(bullet(f"`{name}`: {act.words}") for name, act in ACTS.items())
    head = ["stage", *(str(i) for i in range(1, len(summaries) + 1))]
    text = "Share of worlds in which a stage ever acts. To act is:"
    return f"## Stages\n\n{text}\n\n{said}\n\n{table(head, rows)}"


def bounds(summaries: Sequence[Summary]) -> str:
    """Section on bounds: how often each was looked at."""
    counts = looked(summaries)
    rows = [[name, f"{counts[name]:,}"] for name in BOUNDS]
    text = prose(
        "How often each bound was looked at, over all scenarios; misses are above. The "
        "least and the largest flow follow from a scenario (`limits.py`)."
    )
    return f"## Bounds\n\n{text}\n\n{table(['bound', 'looked at'], rows)}"
