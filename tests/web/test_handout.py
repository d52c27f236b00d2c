"""Sheets for a seminar: each tells its party what it knows, and no more."""

import re
from html.parser import HTMLParser

import pytest

import sim
from sim.analysis.play.worths import worths
from sim.analysis.values import values
from sim.scenario.load import resolve
from sim.web.handout import OTHERS, handout, names

FLAGSHIP = "kursk-2025-03-13"
VOID = {"meta", "img", "br", "link"}  # of the doctype no tag is told


class Plain(HTMLParser):
    """The text of a page, and whether its tags close in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.text, self.tags = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.text).split())


@pytest.fixture(scope="module")
def sheets():
    return handout(
        sim.load(FLAGSHIP), asked=(FLAGSHIP,), command=f"ceasefire handout {FLAGSHIP}"
    )


def test_there_is_a_sheet_for_each_party_and_three_more(sheets):
    assert sorted(sheets) == sorted(names(sim.load(FLAGSHIP)))
    assert set(sheets) == {
        f"{name}.html" for name in ("russia", "ukraine", "united_states", *OTHERS)
    }


def test_sheets_load_nothing_run_nothing_and_are_whole(sheets):
    for name, page in sheets.items():
        plain = Plain(page)
        assert plain.open == [], name
        assert "$" not in plain.words, name
        (policy,) = (
            attrs["content"]
            for tag, attrs in plain.tags
            if attrs.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'")
        assert "script" not in policy
        assert not any(
            tag in ("script", "iframe", "link", "a") for tag, _ in plain.tags
        )
        sources = [attrs["src"] for tag, attrs in plain.tags if "src" in attrs]
        assert all(each.startswith("data:image/svg+xml;base64,") for each in sources)
        assert "A model's answer, not a forecast." in plain.words
        assert sim.load(FLAGSHIP).hash[:12] in plain.words


def test_a_sheet_has_the_numbers_of_its_party_and_not_those_of_others(sheets):
    loaded = sim.load(FLAGSHIP)
    private = {
        "russia": [
            "779 km2 of land",
            "36 km2 a week your way",
            "-60",
            "costs you 640 km2",
        ],
        "ukraine": [
            "1,108 km2 of land",
            "stay where it is",
            "+394",
            "aid is frozen costs you",
        ],
        "united_states": ["0.6 km2 to you", "+364"],
    }
    for party, texts in private.items():
        for other in private:
            words = Plain(sheets[f"{other}.html"]).words
            for text in texts:
                assert (text in words) == (other == party), (party, other, text)
    for party in loaded.scenario.parties:
        words = Plain(sheets[f"{party}.html"]).words
        assert "28 km2 a week" not in words  # the true drift


def test_worths_on_a_sheet_are_those_of_the_scenario(sheets):
    loaded = sim.load(FLAGSHIP)
    gains = {n: o["gain"] for n, o in values(loaded)["offers"].items()}
    for party in loaded.scenario.sides:
        for each in worths(loaded, party):
            assert each.gain == pytest.approx(gains[each.name][party], abs=1e-9)


def test_what_a_condition_adds_is_what_an_offer_with_it_is_worth():
    known = {each.name: each for each in worths(sim.load(FLAGSHIP), "russia")}
    added = dict(known["thirty_days"].with_conditions)
    both = "Kursk is handed back and aid is frozen"
    assert added["Kursk is handed back"] == known["thirty_days_back"].gain
    assert added[both] == known["thirty_days_back_aid"].gain
    assert known["thirty_days_back_aid"].with_conditions == ()


def test_numbers_are_marked_as_assumptions_or_sourced(sheets):
    words = Plain(sheets["russia.html"]).words
    assert "assumption (480 to 800)" in words
    assert re.search(r"189 km2 of Kursk\. assumption .*\[1\]", words)
    assert "DeepStateMap.Live" in words


def test_the_chair_is_told_how_to_enter_moves(sheets, tmp_path, monkeypatch):
    words = Plain(sheets["chair.html"]).words
    command = f"ceasefire play {FLAGSHIP} --hot-seat --seed 1 --replicate 0 --out"
    assert command in words
    assert "United States offers a 30-day truce" in words


def test_the_chair_is_told_how_long_the_game_of_the_model_is(sheets):
    days = {event["day"] for event in sim.run(FLAGSHIP).log if event["reason"]}
    said = re.search(
        r"has (\d+) days with a decision, the last of them day (\d+)",
        Plain(sheets["chair.html"]).words,
    )
    assert (int(said[1]), int(said[2])) == (len(days), max(days))
    short = handout(sim.load("korea-1951"))["chair.html"]
    assert "has 1 day with a decision" in short
    assert "a short game" in short


def test_the_debrief_has_the_range_the_worths_and_the_story(sheets):
    words = Plain(sheets["debrief.html"]).words
    least = sim.run(FLAGSHIP).days[0]["reservation_value"]
    low, high = least["ukraine"], 8000.0 - least["russia"]
    for text in (
        f"{low:,.0f} to {high:,.0f} km2",
        "1,108 km2; others knew 480 km2 to 1,120 km2",
        "moved 28 km2 towards Russia a week",
        "In 1,000 worlds with other luck",
        "Fearon (1995)",
    ):
        assert text in words
    for part in sim.run(FLAGSHIP).story:
        assert " ".join(part.split()) in words


def test_what_an_author_wrote_is_shown_as_text():
    evil = "<script>alert(1)</script>&\"'"
    loaded = resolve(
        sim.load(FLAGSHIP),
        {"title": evil, "parties.russia.label": "<b>Russia</b>", "notes": evil},
    )
    for page in handout(loaded, asked=(evil,), command=evil).values():
        assert "<script" not in page
        assert "<b>Russia" not in page


@pytest.mark.parametrize("scenario", ["korea-1951", "yom-kippur-1973"])
def test_past_wars_have_sheets_as_well(scenario):
    loaded = sim.load(scenario)
    for page in handout(loaded).values():
        assert Plain(page).open == []


def test_a_party_called_as_another_sheet_has_one_of_its_own():
    loaded = sim.load(FLAGSHIP)
    assert len(set(names(loaded))) == len(loaded.scenario.parties) + len(OTHERS)
