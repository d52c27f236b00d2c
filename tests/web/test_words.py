"""All words of the page are in one file, and a translation has to be whole."""

import os
import re
from pathlib import Path

import pytest
import yaml

import sim.web.words as module
from sim.analysis.narrative.labels import _WORDS
from sim.errors import InputMissingError, ScenarioError
from sim.web.words import words_from

WEB = Path(module.__file__).parent


def leaves(words, path=()):
    if isinstance(words, dict) and "by" not in words:
        for key, value in words.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield ".".join(path), words


def translated(tmp_path, change):
    words = words_from()
    change(words)
    file = tmp_path / "words.yaml"
    file.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")
    return file


def test_every_word_that_the_scripts_ask_for_is_there_and_none_is_idle():
    files = [*(WEB / "js").glob("*.js"), WEB / "page.html"]
    scripts = "".join(file.read_text(encoding="utf-8") for file in files)
    words = words_from()
    known = dict(leaves(words))
    quoted = set(re.findall(r'"([a-z_]+(?:\.[a-z_]+)+)"', scripts))
    asked = {key for key in quoted if key.partition(".")[0] in words}
    assert asked - set(known) == set()
    # Keys put together from parts, and those that Python or a property reads.
    made = tuple(f"{start}." for start in re.findall(r"`([\w.]+?)\.?\$\{", scripts))
    made += ("terms.", "events.", "about.", "inputs.", "names", "scenarios.")
    others = {"lang", "figure.runs", "box.text", "page.title", "page.no_script"}
    idle = {key for key in set(known) - asked - others if not key.startswith(made)}
    assert idle == set()


def test_an_input_that_turns_an_answer_is_called_what_the_program_calls_it():
    assert words_from()["turn"]["inputs"] == _WORDS


def test_a_translation_may_name_other_inputs_and_scenarios(tmp_path):
    def change(words):
        words["lang"] = "uk"
        words["scenarios"] = {"any": {"what": ["так"]}}
        words["story"]["offers"] = {"by": "number", "few": "{number}", "other": "."}

    assert words_from(translated(tmp_path, change))["lang"] == "uk"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda words: words["guess"].pop("show"), "guess.show: is missing"),
        (
            lambda words: words["guess"].update(shwo="x"),
            "guess.shwo: is unknown; did you mean 'show'?",
        ),
        (
            lambda words: words["page"].update(answer=3),
            "page.answer: needs text, not 3",
        ),
        (lambda words: words["page"].update(answer=None), "needs text, not nothing"),
        (lambda words: words["box"].update(text="x"), "box.text: needs a list"),
        (lambda words: words["box"].update(text=[{}]), "box.text.0: needs text"),
        (
            lambda words: words["story"].update(offers={"by": "n"}),
            "offers.other: is missing",
        ),
        (
            lambda words: words["story"]["offers"].update(by="n"),
            "story.offers.by: needs number",
        ),
        (
            lambda words: words["story"]["offers"].update(too="x"),
            "story.offers.too: is unknown",
        ),
        (lambda words: words.update(story="x"), "story: needs a mapping"),
        (
            lambda words: words.update(inputs={"a.*": "x"}),
            "inputs.a.*: needs a mapping",
        ),
        (lambda words: words.update(names={"kursk": 4}), "names.kursk: needs text"),
        (
            lambda words: words["scenarios"]["any"].update(whta=[]),
            "scenarios.any.whta: is unknown; did you mean 'what'?",
        ),
        (
            lambda words: words["page"].update(answer="a\x1b[31m"),
            "page.answer: has the control character '\\x1b'",
        ),
    ],
)
def test_a_translation_that_is_not_whole_is_refused_by_key(tmp_path, change, said):
    with pytest.raises(ScenarioError, match=re.escape(said)) as found:
        words_from(translated(tmp_path, change))
    assert all(
        re.match(rf"{re.escape(str(tmp_path))}.*words\.yaml:\d+:\d+: ", problem)
        for problem in found.value.problems
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Copied: {Text}", "{Text} is not filled in here; expected {text}"),
        ("Copied: {text", "a brace that names nothing; expected {text}"),
        ("Copied: text}", "a brace that names nothing; expected {text}"),
        ("Copied: {}", "a brace that names nothing"),
        ("Copied: {{text}}", "a brace that names nothing"),
        ("Copied: {text:>9999999}", "a brace that names nothing"),
        ("Copied: {text!r}", "a brace that names nothing"),
        ("Copied: {text.__class__}", "a brace that names nothing"),
        ("Copied: {0}", "{0} is not filled in here"),
        ("Copied.", "leaves out {text}"),
    ],
)
def test_names_in_braces_stay_as_they_are(tmp_path, text, said):
    """Kind of f20: also a brace that is not closed was our fault."""
    file = translated(tmp_path, lambda words: words["settings"].update(copied=text))
    with pytest.raises(ScenarioError) as found:
        words_from(file)
    assert f"settings.copied: {said}" in str(found.value) or said in str(found.value)


def test_names_in_braces_of_labels_are_the_stars_of_their_key(tmp_path):
    def change(label):
        entry = {"label": label, "unit": "", "phrase": "{value} {2}"}
        return lambda words: words["inputs"].update({"x.*.y.*": entry})

    words_from(translated(tmp_path, change("{1} and {2}")))
    with pytest.raises(ScenarioError, match=re.escape("expected {1} {2}")):
        words_from(translated(tmp_path, change("{3}")))


@pytest.mark.parametrize(
    "tag", ["uk", "pt-BR", "zh-Hant-TW", "es-419", "ar-u-nu-latn", "EN-gb", "no", "gsw"]
)
def test_a_language_is_taken_by_its_tag(tmp_path, tag):
    file = translated(tmp_path, lambda words: words.update(lang=tag))
    assert words_from(file)["lang"] == tag


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("uk_UA", "did you mean 'uk-UA'?"),
        ("uk_UA.UTF-8", "did you mean 'uk-UA'?"),
        ("ua", "'ua' is no language; did you mean 'uk'?"),
        ("ukrainian", "needs a language tag such as uk"),
        ("uk-", "needs a language tag"),
        ("", "needs a language tag"),
        ("u", "needs a language tag"),
        (None, "needs a language tag such as uk or pt-BR, not nothing"),
        (["uk"], "not a list"),
        ("uk\n", "needs a language tag"),
    ],
)
def test_what_browsers_do_not_take_for_a_language_is_refused(tmp_path, tag, said):
    """r10: such a page was empty."""
    file = translated(tmp_path, lambda words: words.update(lang=tag))
    with pytest.raises(ScenarioError, match=re.escape(said)):
        words_from(file)


def test_what_is_no_yaml_or_not_there_is_said_so(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"words.yaml:1:5: not YAML"):
        words_from(file)
    with pytest.raises(InputMissingError, match="cannot be read"):
        words_from(tmp_path / "none.yaml")
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputMissingError, match="not a regular file"):
        words_from(tmp_path / "pipe.yaml")
