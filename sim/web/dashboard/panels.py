"""What the dashboard shows of a world in words and bars, as HTML.

Plain text and tables, so that a screen reader has them too; pictures are the figures of
the project. What comes from a scenario file is escaped.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from sim.analysis.decisions.decision import Decision
from sim.analysis.decisions.words import (
    change_in_words,
    heading,
    in_words,
    is_of_patron,
    names_compared,
    part_in_words,
    turn_in_words,
    would_in_words,
)
from sim.analysis.narrative.sentences import sentence
from sim.analysis.narrative.words import SHOWS, amount, km2, long_date
from sim.model.mesa_model import CeasefireModel
from sim.model.world import CONDITIONS
from sim.plots.style import PartyStyle, party_styles
from sim.web.dashboard.worlds import NAMES, Worlds

PHASES = {
    "war": "fighting",
    "truce": "a truce holds",
    "settled": "a settlement",
    "defeat": "one side is defeated",
}
_GLYPHS = {"o": "●", "s": "■", "^": "▲", "D": "◆", "v": "▼", "P": "✚"}


def standing(worlds: Worlds) -> str:
    """Return which day it is, and how each run stands."""
    scenario, day = worlds.choice.base.scenario, worlds.runs[0].days[-1]
    which = f"Day {day['day']}" if day["day"] >= 0 else "Before the first day"
    names = NAMES if len(worlds.runs) > 1 else ("now",)
    stands = "".join(
        f"<p>{name.capitalize()}: {PHASES[run.days[-1]['phase']]}"
        f"{'' if run.running else ', and this run is over'}.</p>"
        for name, run in zip(names, worlds.runs, strict=True)
    )
    return (
        f"<h1>{escape(scenario.title)}</h1>"
        f'<p class="today">{which}, {long_date(day["date"])}</p>{stands}'
        '<p class="small">One world of a model with its own luck: a model\'s answer, '
        "not a forecast.</p>"
    )


def front(worlds: Worlds, place: int) -> str:
    """Return the front as bars: the line, and what is held outside the stake."""
    run = worlds.runs[place]
    scenario, today = run.loaded.scenario, run.days[-1]
    styles = party_styles(run.labels.sides)
    side = scenario.front.side
    (other,) = (each for each in run.labels.sides if each != side)
    stake = scenario.front.stake_km2
    held = {side: today["held_km2"], other: stake - today["held_km2"]}
    order = sorted(styles)
    told = [f"{_named(styles[each])} {km2(held[each])}" for each in order]
    text = f"The line of contact, in {km2(stake)}: {' · '.join(told)}"
    bars = [_bar(text, held[order[0]] / stake, parted=True)]
    for name, chip in scenario.chips.items():
        size = today["chips_km2"][name]
        words = (
            f"{escape(chip.label)}, held by {_named(styles[chip.holder])}: "
            f"{amount(size)} of at most {amount(chip.full)} {escape(chip.unit)}"
        )
        bars.append(_bar(words, size / chip.full))
    return "".join(bars)


def _bar(words: str, share: float, *, parted: bool = False) -> str:
    width = 100.0 * min(max(share, 0.0), 1.0)
    kind = "bar parted" if parted else "bar"
    fill = f'<span style="width:{width:.2f}%"></span>'
    return f'<p>{words}</p><div class="{kind}" aria-hidden="true">{fill}</div>'


def parties(worlds: Worlds, place: int) -> str:
    """Return what each party believes, what fighting on is worth to it, and so on."""
    run = worlds.runs[place]
    side = run.labels.party_labels[0]
    styles = party_styles(run.labels.parties)
    sides = sorted(run.labels.sides)
    rows = [
        (f"Drift towards {side} that it expects, km2 a week", "belief"),
        ("What fighting on is worth to it, km2", "war_value"),
        ("Least land that it accepts, km2", "reservation_value"),
        ("The same, as the other side believes it to be", "believed_reservation_value"),
    ]
    head = "".join(f'<th scope="col">{_named(styles[each])}</th>' for each in sides)
    body = [
        _row(words, [_course(run, key, each, styles[each].colour) for each in sides])
        for words, key in rows
    ]
    outcome = run.outcome
    paid = [amount(outcome["payoff"][each]) for each in sides]
    body.append(_row("Payoff so far, km2", paid))
    body.append(_row("Refusals so far", [str(outcome["refusals"][s]) for s in sides]))
    table = (
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(body)}"
        "</tbody></table>"
    )
    return table + _patron(run, styles)


def _patron(run: CeasefireModel, styles: dict[str, PartyStyle]) -> str:
    if len(run.labels.parties) < 3:
        return ""
    level, given = run.days[-1]["aid"], run.outcome["aid_given"]
    return (
        f"<p>{_named(styles[run.labels.parties[2]])} gives aid at level {level:g} "
        f"(1 is the norm); so far {given:.1f} weeks of the norm.</p>"
        '<p class="small">Worth is in km2 of the disputed land, held for ever. The '
        "payoff so far is the discounted sum of what each day brought. The small lines "
        "run from before day 0 to today, with one scale in each row.</p>"
    )


def _row(words: str, cells: Iterable[str]) -> str:
    told = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(words)}</th>{told}</tr>'


def _course(run: CeasefireModel, key: str, name: str, colour: str) -> str:
    """Return a number of today, what it was on the eve, and a line between the two."""
    both = [day[key][each] for day in run.days for each in run.labels.sides]
    low, high = min(both), max(both)
    numbers = [day[key][name] for day in run.days]
    room = (high - low) or 1.0
    last = max(len(numbers) - 1, 1)
    dots = " ".join(
        f"{60.0 * place / last:.1f},{15.0 - 14.0 * (number - low) / room:.1f}"
        for place, number in enumerate(numbers)
    )
    line = (
        '<svg width="60" height="16" viewBox="0 0 60 16" aria-hidden="true">'
        f'<polyline points="{dots}" fill="none" stroke="{colour}" '
        'stroke-width="1.5"/></svg>'
    )
    now, first = amount(numbers[-1]), amount(numbers[0])
    return f"{now} {line}<br><small>at first {first}</small>"


def log(worlds: Worlds, place: int) -> str:
    """Return what has happened so far in words, the latest first."""
    run = worlds.runs[place]
    if not run.events:
        return "<p>Nothing has happened yet. Step begins day 0.</p>"
    told = [
        f"<li><b>Day {event['day']}</b> "
        f"{escape(sentence(event, run.labels, reasons=False))}</li>"
        for event in reversed(run.events)
    ]
    return f'<ol class="log" tabindex="0">{"".join(told)}</ol>'


def by_name(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the decisions of a day by what they are called."""
    return {f"{each.called} {heading(each)}": each for each in decisions}


def first_shown(decisions: Mapping[str, Decision]) -> str:
    """Return the name of what is shown unasked: the last one but for conditions.

    Those only follow from a refusal, which is what a reader asks about first.
    """
    names = [name for name, each in decisions.items() if each.kind != CONDITIONS]
    return names[-1] if names else ""


def why(worlds: Worlds, told: Decision | None) -> str:
    """Return why a decision was taken: what was compared, part by part."""
    if told is None:
        return "<p>Nobody has decided anything yet.</p>"
    first, second = names_compared(told)
    of_patron, account = is_of_patron(told), told.account
    parts = sorted(told.parts.items(), key=lambda part: -abs(part[1]))
    rows = [
        (part_in_words(name, of_patron=of_patron), value)
        for name, value in parts
        if abs(value) >= SHOWS
    ]
    rows.append((f"{first} less {second}", told.difference))
    if account.noise:
        rows.append(("error of judgement", account.noise))
    if account.aspiration:
        rows.append(("what it wants beyond that", -account.aspiration))
    rows.append(("difference as the party judges it", told.weighed))
    largest = max(abs(value) for _, value in rows) or 1.0
    sums = ("difference as the party judges it", f"{first} less {second}")
    body = "".join(
        f"<tr{' class=sum' if words in sums else ''}><th scope=row>{escape(words)}</th>"
        f"<td>{amount(value, '+')}</td><td>{_signed(value / largest)}</td></tr>"
        for words, value in rows
    )
    when = f"Day {told.day}, {long_date(told.date)}"
    offered = ""
    if told.kind == "answer" and told.proposal is not None:
        offered = f"<p>{escape(sentence(told.proposal, told.labels))}</p>"
    which = ("--day", str(told.day), "--party", told.actor)
    command = worlds.choice.command("why", told.loaded, *which)
    return (
        f"<h3>{when}: {escape(told.called)} {escape(heading(told))}</h3>"
        f"{offered}<p>{escape(in_words(told))}</p>"
        f"<table><tbody>{body}</tbody></table>"
        f'<p class="small">Values above 0 speak for {escape(first)}. In full: '
        f"<code>{escape(command)}</code></p>"
    )


def _signed(share: float) -> str:
    """Return a bar to the right for what is above 0, a hatched one to the left."""
    width = 50.0 * abs(share)
    kind, from_ = ("up", "left") if share > 0 else ("down", "right")
    place = f"{from_}:50%;width:{width:.2f}%"
    return f'<div class="signed"><span class="{kind}" style="{place}"></span></div>'


def turning(told: Any) -> str:
    """Return what change of one input turns a decision; the search takes seconds."""
    found = [flip for flip in told.flips if flip.at is not None]
    others = [
        f"<li>{escape(would_in_words(told, flip.becomes))} "
        f"{escape(change_in_words(told, flip))}</li>"
        for flip in found[1:5]
    ]
    more = f"<p>Other single changes:</p><ul>{''.join(others)}</ul>" if others else ""
    return f"<p><b>{escape(turn_in_words(told, told.smallest))}</b></p>{more}"


def difference(worlds: Worlds) -> str:
    """Return where the second run parts from the first, so far."""
    return "".join(f"<p>{escape(each)}</p>" for each in worlds.difference())


def _named(style: PartyStyle) -> str:
    mark = f'<span style="color:{style.colour}" aria-hidden="true">'
    return f"{mark}{_GLYPHS[style.marker]}</span> {escape(style.name)}"
