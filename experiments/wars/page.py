"""docs/reports/wars.md: past wars in words and tables."""

from collections.abc import Sequence

from experiments.sanity.writing import bullet, part, prose, table
from experiments.wars.measure import ENDED_SO, Answer, Effect
from sim.batch.intervals import Interval

SHOWN = 4  # ends and assumptions of each war
KINDS = {
    "most": "the most frequent end",
    "among others": "not the most frequent end",
    "rare": "rare",
}
TIMES = {
    "within": "the real day is within the middle 80 of 100 worlds",
    "sooner": "nine in ten worlds end sooner than the war did",
    "later": "nine in ten worlds end later than the war did",
}

INTRODUCTION = (
    "Can the vocabulary of this model say other wars than the one it was made for? "
    "Seven are told in it, each a scenario of its own in `scenarios/history`. Every "
    "value has a source, or a note that says why it was assumed, with its low and "
    "its high. **They were written in one pass through the sources, committed before "
    "the first run, and no value was changed after it**, so what follows is what "
    "came out, not what was made to come out.",
    "Do not read it as a test that could be passed. Whoever wrote these files knew "
    "how the wars ended; where a pace or odds were counted from the war itself, the "
    "scenario says so; and seven wars with some thirty assumed numbers each can "
    "neither confirm nor refute a model. What they can show is where its words fit, "
    "where they do not, and on which assumption each answer hangs.",
)
READ = (
    "*As it did*: the worlds that end in the same way, under the same terms or with "
    "the same side defeated, whenever they do. *Median day*: of all worlds, counted "
    "from day 0 of the scenario; worlds that still fight when time is up count as "
    "later than any day. *By then*: the worlds in which the fighting had stopped for "
    "good by the real day.",
    "*Which assumption matters most*: each value with a low and a high was set to "
    "both, one at a time, under the same luck. Given are the shares at low and at "
    "high, and their paired difference with its 95 % interval. The words `parties.` "
    "and `negotiation.` are left out of paths.",
)


def page(answers: Sequence[Answer], command: str, each: int) -> str:
    """The page as text."""
    worlds = f"{answers[0].worlds:,}"
    made = (
        f"Made by `{command}`: {worlds} worlds a war, and {each:,} at each bound of "
        "each assumption, seed 1. What the model answers is not a forecast, and no "
        "judgement on any party."
    )
    blocks = ["# Seven past wars", *map(prose, (*INTRODUCTION, made)), "## In short"]
    blocks += [_summary(answers), *map(prose, READ), *_verdict(answers)]
    for answer in answers:
        blocks += _war(answer)
    return "\n\n".join(blocks) + "\n"


def _summary(answers: Sequence[Answer]) -> str:
    head = ["war", "real day", "as it did", "median day", "10 to 90 of 100", "by then"]
    return table(
        head,
        [
            [
                answer.case.id,
                str(answer.case.day),
                part(answer.so.estimate),
                _day(answer.day.estimate),
                " to ".join(map(_day, answer.middle)),
                part(answer.by_then.estimate),
            ]
            for answer in answers
        ],
    )


def _verdict(answers: Sequence[Answer]) -> list[str]:
    most = [answer for answer in answers if answer.kind == "most"]
    within = [answer for answer in answers if answer.time == "within"]
    sooner = ", ".join(answer.case.id for answer in answers if answer.time == "sooner")
    tops = [_top(answer, "so") for answer in answers]
    beliefs = sum(".belief.win_probability" in path for path in tops)
    fronts = sum(path.startswith("front.") for path in tops)
    return [
        "## Verdict",
        prose(
            f"In {len(most)} of {len(answers)} wars the end that the war had is the "
            "most frequent one in the model. That sounds better than it is: a menu "
            "has two to four offers, and they were chosen knowing which was signed. "
            f"In {len(within)} the real day lies within the middle 80 of 100 worlds, "
            "a wide target; nine in ten worlds end sooner than the war did in: "
            f"{sooner or 'none'}. The kind of end hangs most on the front (line, "
            f"pace, odds) in {fronts} wars, on what a side believes of its odds in "
            f"{beliefs}."
        ),
        bullet(
            "What fits: where the front moves and arms decide, or the losing side "
            "signs, the kind of end is right. The pace then follows from battles, "
            "which were counted in part from the wars themselves."
        ),
        bullet(
            "What does not fit: wars whose front stands still. There the model has "
            "no reason to go on and signs at the first round, where the real sides "
            "fought on over a principle, or would not be seen to give way. This is "
            "the largest gap: stalemates end far too soon."
        ),
        bullet(
            "What misleads: where a side holds nearly all of the stake, the other is "
            "one battle away from the edge, which the model calls a defeat. And "
            "truces that are signed in order to be broken do not occur, since "
            "break-downs are chance."
        ),
        prose("The assumption that matters most, of each war:"),
        table(
            ["war", "for how it ends", "for when it ends"],
            [
                [
                    answer.case.id,
                    *(f"`{_short(_top(answer, what))}`" for what in ("so", "by_then")),
                ]
                for answer in answers
            ],
        ),
    ]


def _war(answer: Answer) -> list[str]:
    case = answer.case
    ends = [[end, part(share)] for end, share in answer.ends[:SHOWN]]
    if ENDED_SO not in [end for end, _ in answer.ends[:SHOWN]]:
        ends.append([ENDED_SO, part(answer.so.estimate)])
    so, then = answer.so, answer.by_then
    found = (
        f"**In the model** {_in_words(so)} of worlds end as it did: "
        f"{KINDS[answer.kind]}. The median day is {_day(answer.day.estimate)}, the "
        f"real one {case.day}; by then the fighting had stopped in {_in_words(then)} "
        f"of worlds; {TIMES[answer.time]}. Worlds are followed for {answer.horizon} "
        "days."
    )
    return [
        f"## {case.id}",
        prose(f"{answer.title}."),
        prose(f"**What happened.** {case.what}"),
        prose(found),
        table(["end", "share"], ends),
        "Assumptions that move the share that ends as it did:",
        _effects(answer.effects, "so"),
        "Assumptions that move the share in which the fighting had stopped by the "
        "real day:",
        _effects(answer.effects, "by_then"),
        prose(f"**Reading.** {case.reading}"),
        prose("Sources of dates and facts, beside those in the scenario:"),
        "\n".join(f"- <{source}>" for source in case.sources),
    ]


def _ranked(effects: Sequence[Effect], what: str) -> list[Effect]:
    return sorted(
        effects,
        key=lambda effect: -abs(getattr(effect, f"{what}_difference").estimate),
    )


def _top(answer: Answer, what: str) -> str:
    return _ranked(answer.effects, what)[0].input.path


def _effects(effects: Sequence[Effect], what: str) -> str:
    rows = []
    for effect in _ranked(effects, what)[:SHOWN]:
        at_low, at_high = getattr(effect, what)
        difference = getattr(effect, f"{what}_difference")
        given = effect.input
        rows.append(
            [
                f"`{_short(given.path)}`",
                f"{given.low:.3g} to {given.high:.3g}",
                f"{part(at_low)} to {part(at_high)}",
                f"{difference.estimate:+.2f} ({difference.low:+.2f} to "
                f"{difference.high:+.2f})",
            ]
        )
    return table(["assumption", "low to high", "share", "difference"], rows)


def _short(path: str) -> str:
    return path.removeprefix("parties.").removeprefix("negotiation.")


def _in_words(share: Interval) -> str:
    return f"{share.estimate:.3f} ({share.low:.3f} to {share.high:.3f})"


def _day(day: float) -> str:
    return "beyond" if day == float("inf") else f"{day:.0f}"
