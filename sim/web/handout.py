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
from sim.analysis.narrative.words import WORTH, amount, counted, in_text, joined
from sim.analysis.play.briefing import Fact, aims, rules, situation
from sim.analysis.play.debrief import hidden
from sim.analysis.play.worths import Worth, worths
from sim.api.run import Run, run
from sim.model.events import costs_of_war
from sim.model.labels import Labels, labels_of
from sim.model.world import begun
from sim.scenario.load import Loaded
from sim.scenario.provenance import annotation_of
from sim.web import markup, seminar

OTHERS = ("chair", "debrief", "questions")
"""Names of the sheets beside those of the parties."""

_SHEETS = Path(__file__).with_name("sheets")
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
        self.costs = costs_of_war(self.labels, world[0])

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
            rules=markup.items(rules(self.loaded, party)),
            form=markup.empty_rows(4, _OWN_LINES),
            sources=markup.items(sources)
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
            groups=escape(joined(list(map(in_text, called)))),
            files=", ".join(
                f"<code>{escape(_file(party))}.html</code>" for party in self.parties
            ),
            rounds=escape(rules(self.loaded, self.parties[0])[0]),
            after=f"{counted(after, 'day')} later" if after else "at once",
            timeline=markup.items(seminar.timeline(self.loaded)),
            length=escape(seminar.length(self.run)),
            play=escape(shlex.join([*words, "--out", folder])),
            example=escape(self.parties[0]),
            after_play=escape(
                f"ceasefire replay {folder}\nceasefire why {folder} --day DAY\n"
                f"ceasefire plot {folder} --figure bargaining_range"
            ),
            columns=markup.heads(called),
            form=markup.empty_rows(3 + len(called), _LINES),
        )

    def debrief(self) -> str:
        """Return the sheet of the debrief."""
        sides = sorted(self.labels.sides)
        called = [self.labels.party_label(side) for side in sides]
        everyone = [self.labels.party_label(party) for party in self.parties]
        picture = self.run.plot("bargaining_range")
        coded = base64.b64encode(picture.svg().encode()).decode()
        corridor, says = seminar.corridor(self.run)
        patron = self.scenario.patron
        return self._page(
            "debrief",
            "Debrief",
            hidden=markup.items(hidden(self.loaded, self.costs)),
            party_heads=markup.heads(called, numbers=True),
            values=markup.rows(seminar.on_the_eve(self.run), numbers=(1, 2)),
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
            offer_heads=markup.heads(everyone, numbers=True),
            offers=markup.rows(
                [
                    [each.said, *(_gain(self.worths[p][i].gain) for p in self.parties)]
                    for i, each in enumerate(self.worths[self.parties[0]])
                ],
                numbers=range(1, len(everyone) + 1),
            ),
            range_says=escape(says),
            beliefs=escape(seminar.beliefs(self.scenario)),
            story=markup.paragraphs(self.run.story),
            many=escape(seminar.in_many_worlds(self.loaded, self.seed)),
            sources=markup.items(self.scenario.sources or ("the scenario names none",)),
        )

    def questions(self) -> str:
        """Return the sheet with questions for everybody."""
        return self._page(
            "questions",
            "Questions, before and after",
            within=str(seminar.WITHIN_DAYS),
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
            listed = markup.items(f"{each.said} (from {each.by})" for each in offers)
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
            offers=markup.rows(rows, numbers=(1,)),
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
        return _template("demands.html").substitute(
            demands=markup.rows(rows, numbers=(2,))
        )


def _template(name: str) -> Template:
    return Template((_SHEETS / name).read_text(encoding="utf-8"))


def _gain(gain: float | None) -> str:
    return "not yours" if gain is None else amount(gain, "+")
