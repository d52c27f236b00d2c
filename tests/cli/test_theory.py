"""`ceasefire theory`."""

import json
import shlex
import subprocess
import sys

import pytest

from sim.theory.catalogue import MODELS, calculate

LIGHT = "inspection G=.03 L=.09"


def test_the_list_has_one_line_for_each_model(ceasefire):
    reply = ceasefire("theory")
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    for line, model in zip(lines, MODELS.values(), strict=False):
        name, rest = line.split(maxsplit=1)
        assert name == model.name
        assert rest.startswith(model.signature)
        assert line.endswith(model.title)
    assert lines[len(MODELS)] == ""
    assert max(map(len, lines)) <= 88


def test_the_list_as_json_has_the_inputs_of_each_model(ceasefire):
    found = json.loads(ceasefire("theory", "--json").out)
    assert list(found) == ["schema_version", "models"]
    assert [each["model"] for each in found["models"]] == list(MODELS)
    ruin = next(each for each in found["models"] if each["model"] == "ruin")
    assert [each["name"] for each in ruin["inputs"]] == ["N", "k", "p", "e"]
    assert ruin["inputs"][3] == {
        "name": "e",
        "meaning": "present worth of a unit paid at the next battle",
        "kind": "number",
        "allowed": "0 to 1",
        "required": False,
        "default": 1.0,
    }


@pytest.mark.parametrize("name", MODELS)
def test_a_page_says_everything_and_its_example_runs(ceasefire, name):
    model = MODELS[name]
    reply = ceasefire("theory", name)
    assert (reply.code, reply.err) == (0, "")
    flat = " ".join(reply.out.split())
    for text in (model.title, model.question, model.teaches, model.source):
        assert text in flat
    meanings = [each.meaning for each in model.inputs]
    for text in (*meanings, *model.results.values()):
        assert text in flat
    for part in model.formula.split("; "):
        assert part in flat
    assert max(map(len, reply.out.splitlines())) <= 100
    program, *words = shlex.split(reply.out.splitlines()[-1])
    assert program == "ceasefire"
    example = ceasefire(*words)
    assert (example.code, example.err) == (0, "")
    assert model.source in " ".join(example.out.split())


def test_a_page_as_json_is_the_entry_of_the_list(ceasefire):
    listed = json.loads(ceasefire("theory", "--json").out)["models"]
    page = json.loads(ceasefire("theory", "nash", "--json").out)
    assert page.pop("schema_version") == 1
    assert page in listed


def test_results_are_printed_with_ten_digits_and_their_meaning(ceasefire):
    reply = ceasefire("theory", "ruin", "N=10", "k=4", "p=0.45")
    assert reply.code == 0
    lines = reply.out.splitlines()
    assert lines[1] == "N=10 k=4 p=0.45 e=1"
    assert lines[3].split(maxsplit=2) == [
        "win",
        "0.1912659613",
        "chance that the side wins the war",
    ]
    assert lines[5].split()[:2] == ["duration", "20.87340387"]


def test_truth_and_absence_are_words(ceasefire):
    out = ceasefire(*shlex.split("theory waiting d=.98 lam=0 b=.3 V=.5 Y=.6")).out
    assert [line.split()[:2] for line in out.splitlines()[4:6]] == [
        ["waits", "no"],
        ["critical_lam", "none"],
    ]


def test_json_is_one_object_of_the_agreed_form(ceasefire):
    words = shlex.split("theory fearon_demand p=.5 cA=.1 l=0 u=.4 --json")
    found = json.loads(ceasefire(*words).out)
    model = MODELS["fearon_demand"]
    assert found == {
        "schema_version": 1,
        "model": "fearon_demand",
        "inputs": {"p": 0.5, "cA": 0.1, "l": 0.0, "u": 0.4},
        "results": pytest.approx({"x": 0.65, "war": 0.375, "value": 0.55625}),
        "formula": model.formula,
        "source": model.source,
    }


def test_json_and_text_give_what_python_gives(ceasefire):
    words = ["theory", *shlex.split(LIGHT)]
    expected = calculate("inspection", {"G": 0.03, "L": 0.09})
    found = json.loads(ceasefire(*words, "--json").out)
    assert (found["inputs"], found["results"]) == (expected.inputs, expected.results)
    assert "  m  0.25  " in ceasefire(*words).out


def test_mistakes_are_a_matter_of_usage_and_told_together(ceasefire):
    reply = ceasefire("theory", "ruin", "N=x", "k=4", "k=5", "q=1", "foo", "--json")
    assert (reply.code, reply.out) == (2, "")
    assert reply.err == (
        "ceasefire: ruin takes N k p [e]\n"
        "  k: is given twice\n"
        "  'foo' is not name=value\n"
        "  q: unknown input\n"
        "  N: needs a number, not 'x'\n"
        "  p: is missing: chance that the side wins a battle (1e-06 to 0.999999)\n"
    )


@pytest.mark.parametrize("words", [["ruins"], ["ruins", "N=10"], ["ruins", "--json"]])
def test_an_unknown_model_is_answered_with_the_nearest_one(ceasefire, words):
    reply = ceasefire("theory", *words)
    assert (reply.code, reply.out) == (2, "")
    expected = "ceasefire: no model is called 'ruins'; did you mean 'ruin'?\n"
    assert reply.err == expected


def test_a_model_of_the_core_needs_no_mesa():
    code = (
        "import sys; from sim.cli import exit_code\n"
        "assert exit_code('theory ruin N=10 k=4 p=.45'.split()) == 0\n"
        "assert 'numba' in sys.modules and 'mesa' not in sys.modules\n"
        "assert 'pandas' not in sys.modules and 'matplotlib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)


def test_lists_and_tables_stand_below_their_meaning(ceasefire):
    out = ceasefire("theory", "spatial_values", "actors=ktab_2017").out
    lines = out.splitlines()
    assert lines[4] == "    A, B, C, D, E"
    assert lines[6] == "    1.0000  0.6731  0.7395  0.7468  0.7988"
    words = shlex.split("theory crisis_signalling VA=1 WA=0 aA=-1 CB=0 WB=0 VB=1")
    single = ceasefire(*words).out
    assert "    none\n" in single  # no belief is nearly another equilibrium


def test_inputs_are_printed_as_they_can_be_typed_again(ceasefire):
    given = "y=0.4 W=0.3 d=0.98 z=0.05 D=inf"
    out = ceasefire("theory", "ceasefire_value", *given.split()).out
    assert out.splitlines()[1] == given
    words = ["d=.9", "dU=.1", "dR=.15", "bU=.3", "bT=.35", "bK=.1"]
    assert "weak=" not in ceasefire("theory", "collapse_screening", *words).out


def test_a_table_that_is_not_there_is_missing_input(ceasefire):
    reply = ceasefire("theory", "expected_utility", "actors=ten_countris")
    assert (reply.code, reply.out) == (4, "")
    assert "did you mean 'ten_countries'?" in reply.err


def test_a_mistake_in_a_table_begins_with_its_place(ceasefire, tmp_path):
    path = tmp_path / "actors.csv"
    path.write_text("actor,capability,position,salience\nA,1,2,7\n", encoding="utf-8")
    reply = ceasefire("theory", "expected_utility", f"actors={path}")
    assert (reply.code, reply.out) == (3, "")
    assert reply.err == f"{path}:2: salience: 7 is above 1 (0 to 1)\n"
