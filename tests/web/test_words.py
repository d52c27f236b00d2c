"""All words of the page are in one file, and a translation has to be whole."""

import re
from pathlib import Path

import pytest
import yaml

import sim.web.words as module
from sim.analysis.narrative.labels import _WORDS
from sim.errors import InputMissingError, UsageError
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
    patterns = words_from()["turn"]["inputs"]
    assert len(patterns) == len(_WORDS)
    for (path, words), theirs in zip(patterns.items(), _WORDS, strict=True):
        own = path
        for name in "abc":
            own = own.replace("*", name, 1)
        assert re.fullmatch(theirs[0], own), path
        said = words.format("", *"abc", front="{front}")
        assert said == theirs[1].format(*"abc", front="{front}"), path


def test_a_translation_may_name_other_inputs_and_scenarios(tmp_path):
    def change(words):
        words["lang"] = "uk"
        words["scenarios"] = {"any": {"what": ["так"]}}
        words["story"]["offers"] = {"by": "number", "few": "{number}", "other": "."}

    assert words_from(translated(tmp_path, change))["lang"] == "uk"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda words: words["guess"].pop("show"), "guess.show is missing"),
        (lambda words: words["guess"].update(shwo="x"), "guess.shwo is unknown"),
        (lambda words: words["page"].update(answer=3), "page.answer is no text"),
        (lambda words: words["box"].update(text="x"), "box.text is no list"),
        (
            lambda words: words["story"].update(offers={"by": "n"}),
            "offers.other is mis",
        ),
        (lambda words: words.update(story="x"), "story is no mapping"),
    ],
)
def test_a_translation_that_is_not_whole_is_refused_by_key(tmp_path, change, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        words_from(translated(tmp_path, change))


def test_what_is_no_yaml_or_not_there_is_said_so(tmp_path):
    file = tmp_path / "words.yaml"
    file.write_text("a: [", encoding="utf-8")
    with pytest.raises(InputMissingError, match="not words in YAML"):
        words_from(file)
    with pytest.raises(InputMissingError, match="cannot be read"):
        words_from(tmp_path / "none.yaml")
