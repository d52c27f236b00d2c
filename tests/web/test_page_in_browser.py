"""The page as a student meets it: opened from a file, in Chromium, without a network.

At the end of each test `open_page` sees to it that nothing was asked of the network and
nothing went wrong on the console, where a breach of the page's policy would show.
"""

import copy
import csv
import io
import json
import re
import shlex

import pytest

from sim.analysis.outcomes import happens
from sim.api.sweep import sweep
from sim.batch.estimates import HEADLINES
from sim.cli import exit_code
from sim.web.cells import lines_along
from sim.web.content import content_of
from sim.web.words import words_from
from tests.web.conftest import AREA, FLAGSHIP, unpacked
from tests.web.test_page_file import HOSTILE

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SLIDER = "Kursk held at the start"
SHOWN = "#shown=curve+survival+fan"


def sentence(page):
    return page.locator("#sentence").inner_text()


def per_hundred(share):
    return "fewer than 1" if 0 < share < 0.005 else str(int(100 * share + 0.5))


def test_it_needs_nothing_but_its_file(open_page, address):
    page = open_page(address)
    page.get_by_role("heading", name="What happened in this run").wait_for()
    assert "A model's answer, not a forecast." in page.inner_text("header")
    assert {url.partition(":")[0] for url in open_page.requests} == {"file"}


def test_its_policy_lets_no_other_script_run(open_page, address):
    page = open_page(address)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " {textContent: 'window.intruder = 1'}))"
    )
    assert page.evaluate("window.intruder === undefined")
    assert "Content Security Policy" in open_page.errors.pop()


def test_a_slider_moved_by_key_changes_the_sentence_to_the_counts_of_its_cell(
    open_page, address, small_sweep
):
    page = open_page(address)
    assert "This is the reference setting." in sentence(page)
    slider = page.get_by_role("slider", name=SLIDER)
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "800 km²"
    cells = small_sweep.cells.set_index([AREA, "aid.level"])
    for press, settings in (("Home", (0, 1)), ("End", (800, 1))):
        slider.press(press)
        said = sentence(page)
        begun, stopped = (per_hundred(cells[name][settings]) for name in HEADLINES)
        assert f"a full truce begins by day 45 in {begun} of 100 runs (luck: " in said
        assert f"the fighting has stopped at day 60 in {stopped} of 100 runs" in said
        assert f"{settings[0]} km² of Kursk held" in said
        for what in ("truces begun", "fighting stopped"):
            assert f"the reference setting ({what}" in said
    page.get_by_role("button", name="Back to the reference setting").click()
    assert "This is the reference setting." in sentence(page)


def test_a_curve_shows_after_a_guess_and_is_compared_with_it(
    open_page, address, small_data, small_sweep
):
    page = open_page(address)
    figure = page.locator("#figure-curve")
    picture = figure.get_by_role("img")
    assert picture.get_attribute("aria-label").startswith("The axes are empty")
    assert figure.locator("[aria-label=line][stroke='#222222']").count() == 0
    assert not figure.locator(".numbers").is_visible()
    fields = figure.get_by_role("spinbutton")
    assert fields.count() == 4
    figure.get_by_role("button", name="Show what the model says").click()
    # Nothing was guessed yet: the first field is waiting.
    assert fields.first.evaluate("each => each === document.activeElement")
    for place, guess in enumerate(("20", "61", "30", "35")):
        if place:
            page.keyboard.press("Tab")
        page.keyboard.type(guess)
    assert figure.locator("svg").get_by_text("your guess").count() == 2
    page.keyboard.press("Enter")
    line = lines_along(small_sweep)[0][small_data["reference"]]
    told = []
    for name, what in zip(HEADLINES, ("truces begun", "fighting stopped"), strict=True):
        shares = small_data["cells"][name]
        first, last = (per_hundred(shares[line[end]]) for end in (0, -1))
        told += [(f"{what} at 0 km²", first), (f"{what} at 800 km²", last)]
        clause = happens(name, 45, 60)
        assert f"{clause} in {first} to {last} of 100 runs" in (
            picture.get_attribute("aria-label")
        )
    assert figure.locator(".told li").all_inner_texts() == [
        f"{what[0].upper()}{what[1:]}: you guessed {guess}; the model gives {found}."
        for (what, found), guess in zip(told, (20, 61, 30, 35), strict=True)
    ]
    # The guess stays beside the model's curves.
    for stroke, lines in (("#5B8FB9", 1), ("#222222", 3)):
        curves = figure.locator(f"[aria-label=line][stroke='{stroke}']")
        assert curves.count() == lines
    figure.get_by_role("button", name="Guess again").click()
    assert figure.get_by_role("spinbutton").count() == 4
    # The other guesses are still to be made; a lecturer may skip one.
    survival = page.locator("#figure-survival")
    survival.get_by_role("button", name="Show the answer without a guess").click()
    assert "by day 45" in survival.locator(".caption").inner_text().lower()


def test_a_curve_at_nothing_says_so_and_that_it_leaves_its_band(
    open_page, small_data, write_page
):
    data = copy.deepcopy(small_data)
    cells = len(data["cells"][HEADLINES[0]])
    for name in HEADLINES:
        data["cells"][name] = [0.0] * cells
        data["unknown"][name]["low"] = [0.2] * cells
        data["unknown"][name]["high"] = [0.9] * cells
    figure = open_page(write_page(data) + SHOWN).locator("#figure-curve")
    told = figure.locator(".caption").inner_text()
    assert told.count("in fewer than 1 of 100 runs") == 2
    assert "outside the band at 3 of 3 settings (truces begun) and 3 of 3" in told


def test_runs_appear_one_at_a_time_by_key(open_page, address, small_data):
    page = open_page(address)
    figure = page.locator("#figure-dots")
    dots = figure.locator("circle:not(.ring)")
    assert dots.count() == 0
    figure.get_by_role("button", name="Next run").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert dots.count() == 2
    assert figure.get_by_role("status").inner_text().startswith("Run 1: ")
    figure.get_by_role("button", name="All 100").click()
    assert dots.count() == 100
    ends = small_data["worlds"]["ends"]["kind"][small_data["reference"]]
    kinds = small_data["worlds"]["kinds"]
    ends = [kinds[int(kind)][0] for kind in unpacked(ends)]
    caption = figure.locator(".caption").inner_text()
    assert f"{ends.count('war')} no full truce" in caption
    held = ends.count("truce") + ends.count("settled")
    assert f"in {held} the fighting has stopped at day 60." in caption
    begun = unpacked(small_data["worlds"]["ends"]["begun"][small_data["reference"]])
    early = sum(day <= 45 for day in begun)
    assert f"In {early} of 100 a full truce begins by day 45" in caption
    hollow = ends.count("war") + ends.count("pause")
    assert figure.locator("circle[fill='white']:not(.ring)").count() == hollow
    places = figure.locator("circle:not(.ring)").evaluate_all(
        "all => all.map(dot => dot.getAttribute('cx') + ' ' + dot.getAttribute('cy'))"
    )
    assert len(set(places)) == 100
    assert figure.locator(".ring").count() == 1


def test_the_story_answers_why_with_parts_that_sum(open_page, address):
    page = open_page(address)
    story = page.locator("#figure-story")
    story.locator(".why summary").first.click()
    rows = story.locator(".bars tr").evaluate_all(
        "all => all.map(row => [row.className, row.cells[1].textContent])"
    )
    numbers = [float(text.replace("\u2212", "-").replace(",", "")) for _, text in rows]
    assert rows[-1][0] == "total"
    assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.1 * len(numbers))
    # Each bar begins where the one above it ends, and the total is as long as they.
    bars = story.locator(".bars rect").evaluate_all(
        "all => all.map(each => ['x', 'width'].map(name => +each.getAttribute(name)))"
    )
    at = bars[-1][0] if numbers[-1] > 0 else sum(bars[-1])
    for number, (left, width) in zip(numbers[:-1], bars[:-1], strict=True):
        assert (left if number > 0 else left + width) == pytest.approx(at, abs=1e-6)
        at = left + width if number > 0 else left


def test_a_refusal_says_what_would_turn_it_as_ceasefire_why_does(
    open_page, address, small_data, capsys
):
    page = open_page(address)
    refusal = page.locator("#figure-story .why", has_text="Russia").first
    refusal.locator("summary").click()
    said = refusal.locator("strong").inner_text()
    words = shlex.split(refusal.locator("code").inner_text())
    assert words[:3] == ["ceasefire", "why", FLAGSHIP]
    capsys.readouterr()
    assert exit_code([*words[1:], "--json"]) == 0
    (told, *_) = json.loads(capsys.readouterr().out)["decisions"]
    assert said == told["turns"].replace("km2", "km\u00b2")
    # Of the sliders, aid is what turns it first, and land held does not.
    turned = {each["path"]: each["turns_at"] for each in told["flips"]}
    assert next(iter(turned)) == "aid.level"
    assert turned[AREA] is None
    (along,) = refusal.locator("li").all_inner_texts()
    assert along.startswith(
        "Changing only Kursk held (it is 400 km\u00b2) reverses nothing"
    )
    # Elsewhere than at the reference, the first refusal is searched, others are not.
    page.get_by_role("slider", name=SLIDER).press("End")
    for each in page.locator("#figure-story .why summary").all():
        each.click()
    found = page.locator("#figure-story .why strong").count()
    assert 1 == found < page.locator("#figure-story .why").count()
    assert "at 6 of 6 settings" in page.locator("#figure-story").inner_text()


def test_every_control_and_every_figure_has_a_name(open_page, address):
    page = open_page(address + SHOWN + "&dots=100&chips.kursk.area_km2=800")
    page.locator("#figure-fan .plots[aria-label^='Fan']").wait_for()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, summary')]
        .filter(each => each.offsetParent && !(each.textContent.trim()
          || each.getAttribute('aria-label') || each.labels?.length))
        .map(each => each.outerHTML)"""
    )
    assert nameless == []
    tabs = page.get_by_role("tab")
    assert tabs.all_inner_texts() == [
        "Explore",
        "About this scenario",
        "Data and source",
    ]
    assert page.get_by_role("tabpanel", name="Explore").count() == 1
    pictures = page.get_by_role("img")
    names = pictures.evaluate_all(
        "all => Object.fromEntries(all.map(each =>"
        " [each.closest('section').id, each.getAttribute('aria-label')]))"
    )
    expected = {"range", "dots", "survival", "curve", "compare", "map", "fan"}
    assert set(names) == {f"figure-{name}" for name in expected}
    assert all(15 <= len(name.split()) <= 130 for name in names.values()), names
    assert not [
        name for name in names.values() if re.search(r"[{}]|undefined|NaN", name)
    ]
    assert page.get_by_role("heading", level=2).count() >= 9
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(ids) == len(set(ids))


def test_tabs_are_walked_by_arrow_keys(open_page, address):
    page = open_page(address)
    page.get_by_role("tab", name="Explore").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("heading", name="Things to try").is_visible()
    assert not page.locator("#sliders").is_visible()
    headings = page.locator("#about h2").all_inner_texts()
    assert headings == [
        "What it is",
        "How it works",
        "Things to notice",
        "Things to try",
        "What is left out",
    ]


def test_the_address_keeps_the_view(open_page, address):
    page = open_page(address)
    page.get_by_role("slider", name=SLIDER).press("End")
    page.get_by_label("over many runs").check()
    page.get_by_role("button", name="Ten more").click()
    said, url = sentence(page), page.url
    assert f"{AREA}=800" in url
    again = open_page(url)
    assert sentence(again) == said
    assert again.get_by_label("over many runs").is_checked()
    assert again.locator("#figure-dots circle:not(.ring)").count() == 10
    odd = open_page(
        address
        + f"#{AREA}=1e99&tab=x&dots=-7.5&shown=all&guess.fan=a+b&along=%00&chip=9"
    )
    assert "This is the reference setting." in sentence(odd)


def test_what_is_copied_is_a_command_that_repeats_the_run(
    open_page, address, small_data, capsys
):
    page = open_page(address, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("slider", name=SLIDER).press("End")
    page.get_by_role("button", name="Copy the command for this run").click()
    page.get_by_text("Copied:").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert page.locator("#copied code").inner_text() == copied
    words = shlex.split(copied)
    assert words[:3] == ["ceasefire", "run", FLAGSHIP]
    assert f"{AREA}=800" in words
    capsys.readouterr()
    assert exit_code([*words[1:], "--json"]) == 0
    outcome = json.loads(capsys.readouterr().out)["outcome"]
    runs, cell = small_data["story"]["runs"], small_data["reference"] + 2
    assert [outcome["end"], outcome["defeated"]] == runs["end"][cell]
    assert round(outcome["held_km2"]) == unpacked(runs["held_km2"][cell])[-1]
    page.get_by_role("button", name="Copy the command for this setting").click()
    page.locator("#copied code", has_text="ceasefire sweep").wait_for()
    sweep_words = shlex.split(page.locator("#copied code").inner_text())
    assert exit_code([*sweep_words[1:], "--dry-run"]) == 0


def test_tables_can_be_saved_as_csv(open_page, address, small_data):
    page = open_page(address + "#tab=source")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Every setting as CSV").click()
    text = saved.value.path().read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    for name in HEADLINES:
        assert [float(row[name]) for row in rows] == small_data["cells"][name]
    assert [float(row[AREA]) for row in rows] == [0, 0, 400, 400, 800, 800]


def test_a_narrow_screen_has_one_column_and_no_sideways_scrolling(open_page, address):
    page = open_page(address + SHOWN, viewport={"width": 390, "height": 800})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    side = page.locator("#side").bounding_box()
    figures = page.locator("#figures").bounding_box()
    assert figures["y"] >= side["y"] + side["height"]
    assert figures["width"] <= 390


def test_it_prints_as_a_worksheet_without_the_answers(open_page, address, tmp_path):
    page = open_page(address + "#chips.kursk.area_km2=800")
    page.locator("#figure-story .why summary").nth(1).click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    # Of the story what was on the screen, with what had been opened.
    whys = page.locator("#figure-story .why")
    assert [each.is_visible() for each in whys.all()[:3]] == [False, True, False]
    assert whys.nth(1).locator(".bars").is_visible()
    assert page.locator("ol.days > li").count() == 4
    shown = {
        name: page.locator(name).is_visible()
        for name in ("#tabs", "#buttons", "#figure-map", "#figure-curve", "#about")
    }
    assert shown == {
        "#tabs": False,
        "#buttons": False,
        "#figure-map": False,
        "#figure-curve": True,
        "#about": True,
    }
    assert page.get_by_text("Name:").is_visible()
    assert page.locator("#figure-curve .blank").count() == 4
    assert page.locator(".lines").count() >= 6
    assert page.pdf(path=tmp_path / "sheet.pdf").startswith(b"%PDF")


def test_what_a_scenario_says_is_shown_as_text(open_page, small_data, write_page):
    data = copy.deepcopy(small_data)
    data["about"] |= {"scenario_title": HOSTILE, "notes": HOSTILE, "sources": [HOSTILE]}
    data["inputs"][0]["shown"][0] = "'; alert(3) #"
    page = open_page(write_page(data))
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    assert page.inner_text("h1") == HOSTILE.replace("\u2028", "\u2028")
    page.get_by_role("tab", name="Data and source").click()
    assert page.locator("img[src]").count() == 0
    assert dialogs == []


@pytest.mark.parametrize(
    ("vary", "figures"),
    [
        ({}, 6),
        ({"chips.kursk.regime": ["lull", "collapse"]}, 8),
        ({"aid.level": [1, 0], AREA: [0, 500], "front.held_km2": [3200, 4000]}, 8),
    ],
    ids=["nothing varied", "words", "three inputs"],
)
def test_other_sweeps_make_pages_too(open_page, write_page, vary, figures):
    found = sweep(
        FLAGSHIP, vary, replicates=40, set={"horizon_days": 30}, within_days=20
    )
    page = open_page(write_page(content_of(found, worlds=40).with_days(2)) + SHOWN)
    page.wait_for_timeout(400)
    assert page.locator("section.figure").count() == figures
    for slider in page.get_by_role("slider").all():
        slider.press("End")
    page.wait_for_timeout(400)
    text = page.locator("#explore").inner_text()
    assert not re.search(r"undefined|NaN|\{\w+\}", text)
    assert "of 40 runs" in text


def test_a_translation_leaves_no_word_of_ours(open_page, small_data, write_page):
    greek = str.maketrans("aeioubcdfghklmnprstvwxyz", "αειουβκδφγηκλμνπρστβωχυζ")

    def turned(value, path=()):
        if isinstance(value, dict):
            return {
                key: each if key == "by" else turned(each, (*path, key))
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [turned(each, path) for each in value]
        pieces = re.split(r"(\{\w+\})", value)
        return "".join(
            piece if piece.startswith("{") else piece.lower().translate(greek)
            for piece in pieces
        )

    words = {**turned(words_from()), "lang": "el"}
    # Keys of open tables are ids and paths, and stay.
    page = open_page(write_page(small_data, words) + SHOWN + "&dots=100&aid.level=0.5")
    page.wait_for_timeout(500)
    for button in page.locator("#figure-story .why summary").all()[:2]:
        button.click()
    text = page.locator("header, #tabs, #explore").evaluate_all(
        "all => all.map(each => each.innerText).join('\\n')"
    )
    labels = page.locator("[aria-label]:not(svg *)").evaluate_all(
        "all => all.map(each => each.getAttribute('aria-label')).join('\\n')"
    )
    about = small_data["about"]
    own = [about["scenario_title"], about["scenario_id"], "km² Plot"]
    own += [party["name"] for party in small_data["parties"]]
    own += [each.replace("_", " ") for each in small_data["story"]["words"]]
    own += ["Kursk", "lull", "collapse", *page.locator("code").all_inner_texts()]
    ours = set(re.findall(r"[A-Za-z]{3,}", text + labels))
    assert ours - set(re.findall(r"[A-Za-z]{3,}", " ".join(own))) == set()


def test_odd_but_legal_words_work_too(open_page, small_data, write_page, tmp_path):
    """Kind of r10 and f20: other numerals and plurals, signs of HTML, right to left."""
    words = words_from()
    words["lang"] = "ar-u-nu-arab"
    words["page"]["answer"] = "</script><script>alert(1)</script> <b>$title \\1 %s</b>"
    words["settings"]["heading"] = ""
    words["story"]["offers"] = {"by": "number", "zero": "ohne", "other": "{number} ع"}
    words["names"] = {"kursk": "كورسك <i>", "toString": "x"}
    words["scenarios"] = {}
    words["inputs"] = {}
    file = tmp_path / "words.yaml"
    file.write_text(json.dumps(words), encoding="utf-8")
    page = open_page(write_page(small_data, words_from(file)) + SHOWN + "&dots=100")
    page.wait_for_timeout(500)
    assert page.locator(".answer").inner_text() == words["page"]["answer"]
    text = page.locator("body").inner_text()
    assert "كورسك <i>" in text
    assert re.search(r"[\u0660-\u0669]", text)
    assert len(text) > 1000
