"""Sheets for a seminar: one for each party, for the chair, the debrief, questions.

Each is an HTML page that loads nothing and runs no script, laid out for A4. Its words
are in `sheets/`; what a scenario's author wrote is escaped.
"""

import base64
import shlex
from collections.abc import Iterable, Sequence
from functools import cached_property
from html import escape
from pathlib import Path
from string import Template

from sim import __version__
from sim.analysis.narrative.words import (
    amount,
    counted,
    in_text,
    joined,
    km2,
    long_date,
    percent,
)
from sim.analysis.play.briefing import WORTH, Fact, aims, menu, rules, situation
from sim.analysis.play.words import drift_in_words
from sim.analysis.play.worths import Worth, worths
from sim.api.run import Run, run
from sim.api.sweep import sweep
from sim.model.labels import Labels
from sim.model.parameters import labels as labels_of
from sim.model.world import begun
from sim.scenario.load import Loaded
from sim.scenario.parties import Belligerent
from sim.scenario.provenance import annotation_of

WORLDS, WITHIN_DAYS = 1000, 90
OTHERS = ("chair", "debrief", "questions")
"""Names of the sheets beside those of the parties."""

_SHEETS = Path(__file__).with_name("sheets")
_SHORT = 5  # days with a decision: fewer fill no seminar
_DECISIONS = (
    *("offer", "counter_offer"),
    *("acceptance", "rejection", "conditional_acceptance"),
)
_OWN_LINES, _LINES = 5, 18  # of the forms to write in, of a party and of the chair


def names(loaded: Loaded) -> list[str]:
    """Return the files of a handout, without their folder."""
    parties = map(_file, sorted(loaded.scenario.parties))
    return [f"{name}.html" for name in (*parties, *OTHERS)]


def _file(party: str) -> str:
    """Return what the sheet of a party is called; its id may be that of another."""
    return f"party_{party}" if party in OTHERS else party


def handout(
    loaded: Loaded,
    *,
    seed: int = 1,
    replicate: int = 0,
    asked: Sequence[str] = (),
    command: str = "",
) -> dict[str, str]:
    """Return the sheets of a scenario as HTML, by the names of their files.

    `seed` and `replicate` are the world that a class will play; `asked` are the words
    of a command for the scenario, its id and what was changed, `command` what makes
    the sheets again.
    """
    made = _Handout(loaded, seed, replicate, tuple(asked), command)
    pages = {_file(party): made.party(party) for party in loaded.scenario.parties}
    pages |= {name: getattr(made, name)() for name in OTHERS}
    return {f"{name}.html": page for name, page in pages.items()}


class _Handout:
    """A scenario, the world that a class will play, and the sheets made of them."""

    def __init__(
        self,
        loaded: Loaded,
        seed: int,
        replicate: int,
        asked: tuple[str, ...],
        command: str,
    ) -> None:
        self.loaded, self.scenario = loaded, loaded.scenario
        self.labels: Labels = labels_of(loaded.scenario)
        self.seed, self.replicate = seed, replicate
        self.asked = asked or (loaded.scenario.id,)
        self.command = command
        self.parties = sorted(self.scenario.parties)
        _, world, _ = begun(loaded, seed, replicate)
        self.costs = {
            side: float(world["cost"][0, place])
            for place, side in enumerate(self.labels.sides)
        }

    @cached_property
    def run(self) -> Run:
        """The world with every party deciding by its own policy."""
        return run(self.loaded, self.seed, self.replicate)

    @cached_property
    def worths(self) -> dict[str, list[Worth]]:
        """What the offers are worth to each party."""
        return {p: worths(self.loaded, p, self.costs) for p in self.parties}

    # ---- the sheets ------------------------------------------------------------------

    def party(self, party: str) -> str:
        """Return the sheet of a party."""
        sources: list[str] = []
        called = self.labels.party_label(party)
        facts = {
            "situation": self._facts(situation(self.loaded), sources),
            "aims": self._facts(
                aims(self.loaded, party, self.costs.get(party)), sources
            ),
        }
        return self._page(
            "party",
            f"Role sheet: {called}",
            called=escape(in_text(called)),
            notes=escape(self.scenario.notes),
            worth=escape(WORTH),
            offers=self._offers(party),
            demands=self._demands(party),
            rules=_items(rules(self.loaded, party)),
            form=_form(4, _OWN_LINES),
            sources="\n".join(f"<li>{escape(each)}</li>" for each in sources)
            or '<li class="none">there are none on this sheet</li>',
            **facts,
        )

    def chair(self) -> str:
        """Return the sheet of the chair."""
        words = ["ceasefire", "play", *self.asked, "--hot-seat"]
        words += ["--seed", str(self.seed), "--replicate", str(self.replicate)]
        folder = "out/seminar"
        after = self.scenario.negotiation.counter_after_days
        called = [self.labels.party_label(party) for party in self.parties]
        return self._page(
            "chair",
            "Sheet for the chair",
            group_count=str(len(self.parties))
            .replace("2", "Two")
            .replace("3", "Three"),
            groups=escape(joined(list(map(in_text, called)))),
            files=", ".join(
                f"<code>{escape(_file(party))}.html</code>" for party in self.parties
            ),
            rounds=escape(rules(self.loaded, self.parties[0])[0]),
            after=f"{counted(after, 'day')} later" if after else "at once",
            timeline=_items(self._timeline()),
            length=escape(self._length()),
            play=escape(shlex.join([*words, "--out", folder])),
            example=escape(self.parties[0]),
            after_play=escape(
                f"ceasefire replay {folder}\nceasefire why {folder} --day DAY\n"
                f"ceasefire plot {folder} --figure bargaining_range"
            ),
            columns="".join(f"<th>{escape(name)}</th>" for name in called),
            form=_form(3 + len(called), _LINES),
        )

    def debrief(self) -> str:
        """Return the sheet of the debrief."""
        sides = sorted(self.labels.sides)
        called = [self.labels.party_label(side) for side in sides]
        everyone = [self.labels.party_label(party) for party in self.parties]
        picture = self.run.plot("bargaining_range")
        coded = base64.b64encode(picture.svg().encode()).decode()
        corridor, says = self._corridor()
        patron = self.scenario.patron
        return self._page(
            "debrief",
            "Debrief",
            hidden=_items(self._hidden()),
            party_heads=_heads(called),
            values=_rows(self._values(sides), numbers=(1, 2)),
            front=escape(in_text(self.labels.party_labels[0])),
            corridor=escape(corridor),
            range=f"data:image/svg+xml;base64,{coded}",
            range_words=escape(picture.alt_text, quote=True),
            range_caption=escape(picture.caption.splitlines()[0]),
            patron_note=escape(
                f", to {in_text(self.labels.party_label(patron))} over having no truce"
                if patron
                else ""
            ),
            offer_heads=_heads(everyone),
            offers=_rows(
                [
                    [each.said, *(_gain(self.worths[p][i].gain) for p in self.parties)]
                    for i, each in enumerate(self.worths[self.parties[0]])
                ],
                numbers=range(1, len(everyone) + 1),
            ),
            range_says=escape(says),
            beliefs=escape(self._beliefs()),
            story="\n".join(f"<p>{escape(part)}</p>" for part in self.run.story),
            many=escape(self._many()),
            sources=_items(self.scenario.sources or ("the scenario names none",)),
        )

    def questions(self) -> str:
        """Return the sheet with questions for everybody."""
        return self._page(
            "questions",
            "Questions, before and after",
            within=str(WITHIN_DAYS),
            horizon=str(self.scenario.horizon_days),
        )

    def _page(self, name: str, kind: str, **parts: str) -> str:
        """Return a sheet; what stands for parts is HTML already."""
        about = {
            "id": escape(self.scenario.id),
            "seed": str(self.seed),
            "replicate": str(self.replicate),
        }
        body = _template(f"{name}.html").substitute(**about, **parts)
        return _template("sheet.html").substitute(
            **about,
            kind=escape(kind),
            title=escape(self.scenario.title),
            style=(_SHEETS / "sheet.css").read_text(encoding="utf-8"),
            body=body,
            hash=self.loaded.hash[:12],
            version=__version__,
            command=escape(self.command),
        )

    # ---- what stands on them ---------------------------------------------------------

    def _facts(self, facts: Iterable[Fact], sources: list[str]) -> str:
        """Return facts with where their numbers come from; sources are numbered."""
        lines = []
        for fact in facts:
            marks = dict.fromkeys(
                self._mark(path, sources, mirrored=fact.mirrored) for path in fact.paths
            )
            told = "; ".join(filter(None, marks))
            mark = f'<span class="mark">{told}</span>' if told else ""
            lines.append(f"<li>{escape(fact.text)}{mark}</li>")
        return "\n".join(lines)

    def _mark(self, path: str, sources: list[str], *, mirrored: bool) -> str:
        """Return where a value comes from, in a word and as HTML."""
        about = annotation_of(self.loaded, tuple(path.split(".")))
        if about.kind == "assumption" and path.endswith(".value"):
            above = annotation_of(self.loaded, tuple(path.split(".")[:-1]))
            about = above if above.kind != "default" else about
        if about.source is not None:
            if about.source not in sources:
                sources.append(about.source)
            return f"[{sources.index(about.source) + 1}]"
        if about.kind != "assumption":
            return {"default": "default", "set": "set for this class"}[about.kind]
        if about.low is None or about.high is None:
            return "assumption"
        low, high = (-about.high, -about.low) if mirrored else (about.low, about.high)
        return f"assumption ({low:g} to {high:g})"

    def _offers(self, party: str) -> str:
        """Return the offers with what they are worth to a party, if that counts."""
        offers, whose = self.worths[party], {each.by for each in self.worths[party]}
        if all(each.gain is None for each in offers):
            listed = _items(f"{each.said} (from {each.by})" for each in offers)
            return _template("no_offers.html").substitute(offers=listed)
        alone = f" Only {whose.pop()} may make them." if len(whose) == 1 else ""
        rows = [
            [each.said if alone else f"{each.said} (from {each.by})", _gain(each.gain)]
            for each in offers
        ]
        is_side = party in self.labels.sides
        return _template("offers.html").substitute(
            over="over fighting on" if is_side else "over having no truce",
            whose=escape(alone),
            offers=_rows(rows, numbers=(1,)),
        )

    def _demands(self, party: str) -> str:
        """Return what the conditions of a side would add, if it may name any."""
        rows = [
            [each.said if not place else "", asked, _gain(gain)]
            for each in self.worths[party]
            for place, (asked, gain) in enumerate(each.with_conditions)
        ]
        if not rows:
            return ""
        return _template("demands.html").substitute(demands=_rows(rows, numbers=(2,)))

    def _length(self) -> str:
        """Return on how many days something is decided if all play as the model."""
        told = self.run.events
        decided = told[told["type"].isin(_DECISIONS)]
        days = sorted(set(decided["day"])) if len(told) else []
        if not days:
            return (
                "If the model decides for all parties, nobody has anything to decide "
                "in this world."
            )
        count, last = counted(len(days), "day"), int(days[-1])
        text = (
            "If the model decides for all parties, this world has "
            f"{count} with a decision, the last of them day {last}. Your class may "
            "need more or fewer."
        )
        if len(days) < _SHORT:
            text += (
                " That is a short game: it is soon over if your class decides in the "
                "same way. Another --replicate or another scenario may last longer."
            )
        return text

    def _timeline(self) -> list[str]:
        offers = {name: said for name, said, _ in menu(self.loaded)}
        told = []
        for event in self.scenario.timeline:
            day = (event.date - self.scenario.start_date).days
            when = f"Day {day}, {long_date(event.date.isoformat())}:"
            if event.offer is not None and event.by is not None:
                who = in_text(self.labels.party_label(event.by))
                told.append(f"{when} {who} offers {offers[event.offer]}.")
            elif event.aid_level is not None:
                told.append(f"{when} aid goes to {event.aid_level:g} times the norm.")
            elif event.regime:
                told.append(
                    f"{when} the course of events on land held outside the "
                    "land in dispute changes."
                )
            else:
                told.append(f"{when} a side commits itself in public.")
        return told or ["Nothing; all offers are made in rounds."]

    def _hidden(self) -> list[str]:
        drift = drift_in_words(self.scenario.front.drift_km2_per_week, self.labels)
        told = [
            f"In truth the line moves {drift} a week on average, at full aid and "
            "without the effect of anything held outside the land in dispute."
        ]
        for party in sorted(self.labels.sides):
            who = self.scenario.parties[party]
            assert isinstance(who, Belligerent)
            low, high = who.cost_of_war_km2.private
            known = f"; others knew {km2(low)} to {km2(high)}" if low < high else ""
            what = f"What a war without end would cost {in_text(who.label)}"
            told.append(f"{what}: {km2(self.costs[party])}{known}.")
        return told

    def _values(self, sides: Sequence[str]) -> list[list[str]]:
        """Return what the sides believed and wanted on the eve of day 0."""
        eve, front = self.run.days[0], in_text(self.labels.party_labels[0])
        rows = [
            (f"drift towards {front} that it expected, a week", "belief", "+"),
            ("what fighting on was worth to it", "war_value", ""),
            ("least land that it would have accepted", "reservation_value", ""),
            ("the same, as the other side believed", "believed_reservation_value", ""),
        ]
        return [
            [text, *(amount(eve[key][side], sign) for side in sides)]
            for text, key, sign in rows
        ]

    def _corridor(self) -> tuple[str, str]:
        """Return the lines both preferred to war, and what that says of theory."""
        own, other = map(in_text, self.labels.party_labels[:2])
        least = self.run.days[0]["reservation_value"]
        low = least[self.labels.sides[0]]
        high = self.scenario.front.stake_km2 - least[self.labels.sides[1]]
        if low <= high:
            return f"{amount(low)} to {km2(high)}", (
                f"any line that left {own} {amount(low)} to {km2(high)} was better for "
                "both than war"
            )
        return f"none ({own} needs {amount(low)}, {other} leaves {km2(high)})", (
            f"there was no such line: {own} wanted {amount(low)}, and {other} would "
            f"have left it {km2(high)}; what they expected of the war was too far apart"
        )

    def _beliefs(self) -> str:
        front = self.labels.party_labels[0]
        told = []
        for party in sorted(self.labels.sides):
            who = self.scenario.parties[party]
            assert isinstance(who, Belligerent)
            drift = who.belief.drift_km2_per_week
            told.append(f"{in_text(who.label)} expects {amount(drift, '+')}")
        true = amount(self.scenario.front.drift_km2_per_week, "+")
        return (
            f"Of the weekly movement of the line, in km2 towards {in_text(front)}, "
            f"{joined(told)}; in truth it is {true}."
        )

    def _many(self) -> str:
        found = sweep(
            self.loaded,
            {},
            WORLDS,
            seed=self.seed,
            within_days=min(WITHIN_DAYS, self.scenario.horizon_days),
        )
        cell = found.cells.iloc[0]
        texts = []
        for name, what in (
            (
                "full_truce_share",
                f"a full truce began by day {found.manifest['within_days']}",
            ),
            ("fighting_stopped_share", "the fighting had stopped at the end"),
        ):
            share, low, high = (
                float(cell[f"{name}{e}"]) for e in ("", "_low", "_high")
            )
            texts.append(
                f"{what} in {percent(share)} (luck alone: {percent(low)} to "
                f"{percent(high)})"
            )
        return f"{joined(texts)}."


def _template(name: str) -> Template:
    return Template((_SHEETS / name).read_text(encoding="utf-8"))


def _gain(gain: float | None) -> str:
    """Return a gain; what is below what is told is 0, whatever its sign."""
    if gain is None:
        return "not yours"
    return amount(0.0 if abs(gain) < 1e-6 else gain, "+")


def _items(texts: Iterable[str]) -> str:
    return "\n".join(f"<li>{escape(text)}</li>" for text in texts)


def _heads(texts: Iterable[str]) -> str:
    return "".join(f'<th class="number">{escape(text)}</th>' for text in texts)


def _rows(rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    lines = []
    for row in rows:
        cells = (
            f'<td class="number">{escape(text)}</td>'
            if place in numbers
            else f"<td>{escape(text)}</td>"
            for place, text in enumerate(row)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return "\n".join(lines)


def _form(columns: int, lines: int) -> str:
    return "\n".join([f"<tr>{'<td></td>' * columns}</tr>"] * lines)
