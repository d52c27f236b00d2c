"""`ceasefire why`: decisions taken apart, in km2, and what would turn them."""

import json
import re
import shlex

import pytest

import sim
from sim.analysis.decisions import decision as analysis
from sim.analysis.decisions import words
from sim.analysis.decisions.decision import decisions, nearest_days
from sim.analysis.decisions.payoffs import ROUNDING, Account, Worth
from sim.analysis.decisions.words import change_in_words, in_words, turn_in_words
from sim.analysis.narrative.words import amount
from sim.model.stages.payoff_parts import PARTS

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture(scope="module")
def found():
    return decisions(sim.load(FLAGSHIP))


@pytest.fixture(scope="module")
def counter(found):
    """The answer to the first counter-offer: its author does not answer that day."""
    return next(
        each
        for each in found
        if each.proposal and each.proposal["type"] == "counter_offer"
    )


@pytest.fixture
def unsearched(monkeypatch):
    """Leave the search for what turns a decision out: it takes a second each."""
    monkeypatch.setattr(analysis, "flips", lambda scene, parameters: [])


@pytest.fixture(scope="module")
def ukraine(found):
    """Ukraine's answer of 13 March, the first decision of all."""
    assert (found[0].day, found[0].actor, found[0].kind) == (0, "ukraine", "answer")
    return found[0]


def told(choice="refuse", accept=0.5, fight_on=0.6, noise=0.0, aspiration=0.0):
    return Account(
        choice,
        Worth("accept", accept),
        Worth("fight on", fight_on),
        {"rest": accept - fight_on},
        noise,
        aspiration,
    )


@pytest.mark.parametrize(
    ("account", "by"),
    [
        (told(), "worth"),
        (told("accept", accept=0.7), "worth"),
        (told("accept", accept=0.599, noise=0.002), "noise"),
        (told("refuse", accept=0.7), "policy"),
        (told("accept", accept=0.5), "policy"),
        (told(accept=0.604, aspiration=0.01), "aspiration"),
        (told("accept", accept=0.6 - ROUNDING / 10), "worth"),
    ],
)
def test_what_settled_a_decision_is_told_from_its_numbers(account, by):
    assert account.decided_by == by


def test_the_parts_of_each_answer_sum_to_the_difference(found):
    answers = [each for each in found if each.kind == "answer"]
    assert len(answers) > 4
    for each in answers:
        assert set(each.parts) == set(PARTS)
        gap = each.account.first.worth - each.account.second.worth
        assert abs(each.account.sum_of_parts - gap) < 1e-8


def test_parts_that_do_not_sum_are_a_fault_of_ours(found, monkeypatch):
    wrong = told()
    wrong.parts["aid"] = 1.0
    monkeypatch.setattr(analysis, "account", lambda scene: wrong)
    with pytest.raises(ArithmeticError, match="the parts sum to"):
        analysis.decision(found[0])


def test_what_a_hardliner_wants_stands_in_the_table(ceasefire, unsearched):
    asks = "parties.ukraine.policy={name: hardliner, premium_km2: 1600}"
    reply = ceasefire(
        "why", FLAGSHIP, "--day", "0", "--party", "ukraine", "--set", asks
    )
    assert reply.code == 0
    assert "Ukraine refuses" in reply.out
    assert "it wants 1,600 km2 more than that" in " ".join(reply.out.split())
    assert re.search(r"what it wants beyond that +-1,600", reply.out)


def test_nearest_days_are_few_and_in_order(found):
    assert nearest_days(found, 7)[0] <= 7
    days = sorted({each.day for each in found})
    assert nearest_days(found, days[0]) == days[:4]
    assert nearest_days(found, 10**6) == days[-4:]


def test_the_text_shows_both_numbers_each_part_and_what_turns_it(
    ceasefire, ukraine, monkeypatch
):
    searched = ukraine.flips
    monkeypatch.setattr(analysis, "flips", lambda scene, parameters: searched)
    reply = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "ukraine")
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    number = re.compile(r"^  (\S.*?|  \S.*?) +([-+]?[\d,.]+|km2)$")
    rows = dict(m.groups() for line in lines if (m := number.match(line)))
    assert rows["accepting is worth"] == amount(ukraine.account.first.worth)
    assert rows["fighting on is worth"] == amount(ukraine.account.second.worth)
    assert rows["accepting less fighting on"] == amount(ukraine.difference, "+")
    assert rows["error of judgement"] == amount(ukraine.account.noise, "+")
    assert rows["difference as the party judges it"] == amount(ukraine.weighed, "+")
    shown = [value for value in ukraine.parts.values() if abs(value) > 0.1]
    parts = [value for name, value in rows.items() if name.startswith("  ")]
    assert {amount(value, "+") for value in shown} <= set(parts)
    assert len(parts) - len(shown) <= 1
    assert len({len(line) for line in lines if number.match(line)}) == 1
    words = " ".join(reply.out.split())
    assert turn_in_words(ukraine, ukraine.smallest) in words
    second = ukraine.flips[1]
    assert f"would have refused {change_in_words(ukraine, second)}" in words
    assert "not a forecast" in reply.out


def test_the_smallest_change_names_the_number_the_party_and_what_it_is(ukraine):
    flip = ukraine.smallest
    assert (flip.input.path, flip.becomes) == ("aid.level", "refuse")
    assert turn_in_words(ukraine, flip) == (
        f"Ukraine would have refused if aid were above {flip.rounded:g} (it is 1)."
    )
    assert turn_in_words(ukraine, None).startswith("No change of one input alone")


def test_all_decisions_of_the_day_are_shown_without_a_party(ceasefire, unsearched):
    all_of_them = ceasefire("why", FLAGSHIP, "--day", "0")
    assert re.findall(r"2025: (.*)", all_of_them.out) == [
        "Ukraine answers",
        "Russia answers",
        "Russia names conditions",
    ]
    one = ceasefire("why", FLAGSHIP, "--day", "7", "--party", "united_states")
    assert re.findall(r"2025: (.*)", one.out) == ["United States chooses an offer"]
    assert "cost of the war" in one.out
    assert re.search(r"to choose from +gain +chance +expected", one.out)


def test_a_patron_that_chooses_its_aid_and_one_that_threatens_are_asked(
    ceasefire, unsearched
):
    aid = ceasefire("why", "swap-offered", "--day", "7", "--party", "united_states")
    assert "United States sets aid at 1.5; it was 1." in aid.out
    threat = ceasefire("why", "kursk-2025-03-03", "--day", "8")
    assert "United States weighs its threat to Russia" in threat.out
    assert "alone refuses does not count" in " ".join(threat.out.split())


def test_an_extension_is_answered_and_explained(ceasefire, unsearched):
    reply = ceasefire("why", "kursk-2025-03-03", "--day", "45")
    assert reply.code == 0
    assert "Ukraine accepts the extension." in reply.out
    assert "Russia refuses the extension." in reply.out


def test_json_is_one_object_with_the_decisions(ceasefire, counter, unsearched):
    reply = ceasefire("why", FLAGSHIP, "--day", counter.day, "--json")
    assert (reply.code, reply.err) == (0, "")
    data = json.loads(reply.out)
    assert data["schema_version"] == 2
    assert data["scenario"] == FLAGSHIP
    assert data["scenario_hash"] == sim.load(FLAGSHIP).hash
    assert (data["seed"], data["replicate"]) == (1, 0)
    assert data["version"] == sim.__version__
    (told,) = data["decisions"]
    assert told["text"] == in_words(counter)
    assert {told["party"], told["offered_by"]} == {"ukraine", "russia"}
    assert told["terms"]["conditions"]
    assert told["accept"] == told["first"]["worth"]
    assert told["fight_on"] == told["second"]["worth"]
    assert sum(told["parts"].values()) == pytest.approx(told["difference"])
    assert ceasefire(*shlex.split(data["command"])[1:], "--json") == reply


def test_json_holds_every_input_and_where_it_turns_the_decision(ukraine):
    plain = json.loads(json.dumps(words.told(ukraine), allow_nan=False))
    first = plain["flips"][0]
    assert first["path"] == "aid.level"
    assert first["holds_at"] < first["turns_at"]
    assert first["size"] == pytest.approx((first["turns_at"] - 1) / first["scale"])
    none = [each for each in plain["flips"] if each["turns_at"] is None]
    assert all(each["becomes"] is each["size"] is None for each in none)
    assert {"chips.kursk.area_km2", "front.drift_km2_per_week"} <= {
        each["path"] for each in none
    }
    spans = plain["known_inputs"]
    belief = [
        each
        for each in spans
        if each["path"] == "parties.ukraine.belief.drift_km2_per_week"
    ]
    assert [(each["end"], each["number"]) for each in belief] == [
        ("low", pytest.approx(-15.0)),
        ("high", pytest.approx(15.0)),
    ]
    assert plain["turns"].startswith("Ukraine would have refused if aid were above")


def test_the_command_printed_repeats_the_answer_with_what_was_set(
    ceasefire, unsearched
):
    words = ("why", FLAGSHIP, "--day", "0", "--party", "ukraine", "--seed", "7")
    reply = ceasefire(*words, "--set", "chips.kursk.area_km2=400")
    again = reply.out.splitlines()[-1].removeprefix("again: ")
    assert ceasefire(*shlex.split(again)[1:]) == reply
    assert reply.out != ceasefire(*words).out


def test_a_folder_gets_the_json_and_a_figure_of_each_decision(
    ceasefire, tmp_path, unsearched
):
    out = tmp_path / "asked"
    words = ("why", FLAGSHIP, "--day", "0", "--out", out)
    reply = ceasefire(*words, "--json")
    assert reply.code == 0
    assert str(out) in reply.err
    kept = json.loads((out / "manifest.json").read_text())
    assert kept["decisions"] == json.loads(reply.out)["decisions"]
    names = {path.name for path in (out / "figures").iterdir()}
    ends = ("svg", "pdf", "png", "csv", "txt")
    assert names == {f"payoff_waterfall_{i}.{end}" for i in (1, 2, 3) for end in ends}
    again = ceasefire(*words)
    assert (again.code, again.out) == (2, "")
    assert "--force allows it" in again.err
    one = ceasefire(*words, "--party", "ukraine", "--force", "--quiet")
    assert (one.code, one.err) == (0, "")
    assert (out / "figures" / "payoff_waterfall.png").exists()


def test_a_day_without_decisions_is_answered_with_the_nearest_ones(ceasefire, found):
    reply = ceasefire("why", FLAGSHIP, "--day", "3")
    near = ", ".join(map(str, nearest_days(found, 3)))
    assert reply == (
        2,
        "",
        f"ceasefire: nobody decided anything on day 3; nearest days: {near}\n",
    )


def test_a_day_after_the_end_is_answered_with_the_last_ones(ceasefire, found):
    reply = ceasefire("why", FLAGSHIP, "--day", str(10**9))
    assert reply.code == 2
    assert reply.err.rstrip().endswith(str(found[-1].day))


def test_a_party_that_took_no_decision_that_day_is_told_its_own_days(
    ceasefire, found, counter
):
    author = counter.proposal["actor"]
    own = [each for each in found if each.actor == author]
    near = ", ".join(map(str, nearest_days(own, counter.day)))
    reply = ceasefire("why", FLAGSHIP, "--day", counter.day, "--party", author)
    assert (reply.code, reply.out) == (2, "")
    assert reply.err == (
        f"ceasefire: {author} decided nothing on day {counter.day} "
        f"({counter.actor} did); nearest days: {near}\n"
    )


def test_an_unknown_party_is_answered_with_the_nearest_one(ceasefire):
    reply = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "rusia")
    assert (reply.code, reply.out) == (2, "")
    assert "no party 'rusia' here; did you mean 'russia'?" in reply.err


def test_a_world_without_any_decision_is_told(ceasefire, scenario_file):
    file = scenario_file(negotiation="{first_round: 2025-09-09}")
    reply = ceasefire("why", file, "--day", "0")
    assert (reply.code, reply.out) == (2, "")
    assert "nobody decided anything in this world" in reply.err


@pytest.mark.parametrize("words", [(), ("--day", "-1"), ("--day", "first")])
def test_the_day_is_a_whole_number_from_0(ceasefire, words):
    reply = ceasefire("why", FLAGSHIP, *words)
    assert (reply.code, reply.out) == (2, "")
    assert "--day" in reply.err


def test_an_invalid_scenario_is_named_before_anything_runs(ceasefire, scenario_file):
    reply = ceasefire("why", scenario_file(more="horizon_days: 0\n"), "--day", "0")
    assert (reply.code, reply.out) == (3, "")


def test_python_asks_the_same(unsearched):
    asked = sim.why(FLAGSHIP, 0, party="russia")
    assert [each.kind for each in asked] == ["answer", "conditions"]
    assert asked.plot(index=1).title == "Why were these conditions named?"
    with pytest.raises(sim.errors.UsageError, match="nearest days"):
        sim.why(FLAGSHIP, 3)
