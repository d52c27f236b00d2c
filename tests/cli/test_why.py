"""`ceasefire why`: the parts of one decision, and their sum."""

import json
import re
import shlex

import pytest

import sim
from sim.analysis.why import ROUNDING, Decision, decisions, in_words, nearest_days
from sim.api import run
from sim.step.reasons import PARTS

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture(scope="module")
def world():
    return run(FLAGSHIP, seed=1, replicate=0)


@pytest.fixture(scope="module")
def found(world):
    return decisions(world.log)


@pytest.fixture(scope="module")
def counter(found):
    """The answer to the first counter-offer: its author does not answer that day."""
    return next(each for each in found if each.proposal["type"] == "counter_offer")


def decision(
    answer="rejection", accept=0.5, fight_on=0.6, noise=0.0, aspiration=0.0, **parts
):
    """A decision with these numbers, its parts put right by one more."""
    reason = {"accept": accept, "fight_on": fight_on, "noise": noise}
    reason["aspiration"] = aspiration
    reason["parts"] = parts | {"rest": accept - fight_on - sum(parts.values())}
    event = {"day": 3, "date": "2025-03-16", "actor": "south", "type": answer}
    event |= {"offer": "freeze", "terms": {}, "reason": reason}
    return Decision(event, None)


def test_every_answer_of_a_run_is_there_with_the_offer_it_answers(world, found):
    answers = [event for event in world.log if event["reason"]]
    assert [each.event for each in found] == answers
    assert len(answers) > 4
    for each in found:
        assert each.proposal["day"] == each.day
        assert each.proposal["offer"] == each.event["offer"]
        assert each.proposal["actor"] != each.actor


def test_the_parts_of_each_decision_sum_to_the_difference(found):
    for each in found:
        assert set(each.parts) == set(PARTS)
        assert abs(each.sum_of_parts - (each.accept - each.fight_on)) < 1e-12


def test_parts_that_do_not_sum_are_a_fault_of_ours(world):
    event = next(event for event in world.log if event["reason"])
    reason = event["reason"]
    wrong = event | {"reason": reason | {"parts": reason["parts"] | {"aid": 1.0}}}
    with pytest.raises(ArithmeticError, match="the parts sum to"):
        decisions([wrong])


def test_without_noise_the_larger_worth_decides():
    refused, taken = decision(), decision("acceptance", accept=0.7)
    assert (refused.decided_by, taken.decided_by) == ("worth", "worth")
    assert in_words(refused) == (
        "South refuses. To it accepting is worth 0.100000 less than fighting on."
    )
    assert "0.100000 more than fighting on." in in_words(taken)


def test_an_answer_that_only_the_error_of_judgement_explains_says_so():
    each = decision("acceptance", accept=0.599, noise=0.002)
    assert each.weighed == pytest.approx(0.001)
    assert each.decided_by == "noise"
    assert "the error of its judgement, +0.002000, decides" in in_words(each)


@pytest.mark.parametrize(
    ("answer", "accept"), [("rejection", 0.7), ("acceptance", 0.5)]
)
def test_an_answer_against_all_numbers_is_laid_to_the_policy(answer, accept):
    each = decision(answer, accept=accept)
    assert each.decided_by == "policy"
    assert "its policy answers otherwise" in in_words(each)


def test_a_gain_that_is_not_enough_is_laid_to_the_aspiration():
    each = decision(accept=0.604, aspiration=0.01)
    assert each.weighed == pytest.approx(-0.006)
    assert each.decided_by == "aspiration"
    assert "0.004000 more than fighting on; it wants 0.010000" in in_words(each)


def test_what_a_hardliner_wants_stands_in_the_table(ceasefire):
    asks = "parties.ukraine.policy={name: hardliner, premium: 0.2}"
    reply = ceasefire(
        "why", FLAGSHIP, "--day", "0", "--party", "ukraine", "--set", asks
    )
    assert reply.code == 0
    assert "Ukraine refuses" in reply.out
    assert re.search(r"wanted beyond fighting on +-0\.200000", reply.out)


def test_a_tie_within_rounding_is_laid_to_nothing_else():
    each = decision("acceptance", accept=0.6 - ROUNDING / 10)
    assert each.decided_by == "worth"
    assert "worth the same" in in_words(each)


def test_nearest_days_are_few_and_in_order(found):
    assert nearest_days(found, 7)[0] <= 7
    days = sorted({each.day for each in found})
    assert nearest_days(found, days[0]) == days[:4]
    assert nearest_days(found, 10**6) == days[-4:]


def test_the_text_shows_both_numbers_each_part_and_the_sum(ceasefire, found):
    reply = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "russia")
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    (russia,) = (each for each in found if (each.day, each.actor) == (0, "russia"))
    number = re.compile(r"^  (\S.*?|  \S.*?) +([-+]?\d\.\d{6})$")
    rows = dict(m.groups() for line in lines if (m := number.match(line)))
    assert rows["accepting is worth"] == f"{russia.accept:.6f}"
    assert rows["fighting on is worth"] == f"{russia.fight_on:.6f}"
    assert rows["accepting less fighting on"] == f"{russia.difference:+.6f}"
    assert rows["sum of these parts"] == rows["accepting less fighting on"]
    assert rows["error of judgement"] == f"{russia.noise:+.6f}"
    assert rows["difference as judged"] == f"{russia.weighed:+.6f}"
    parts = [value for name, value in rows.items() if name.startswith("  ")]
    assert sorted(map(float, parts)) == pytest.approx(
        sorted(value for value in russia.parts.values() if abs(value) >= 5e-7), abs=5e-7
    )
    ends = {len(line) for line in lines if number.match(line)}
    assert len(ends) == 1, "the numbers are not aligned"
    assert "Russia refuses, but would accept if" in reply.out
    assert "not a forecast" in reply.out


def test_all_decisions_of_the_day_are_shown_without_a_party(ceasefire):
    both = ceasefire("why", FLAGSHIP, "--day", "0")
    assert re.findall(r"2025: (\w+) answers", both.out) == ["Ukraine", "Russia"]
    one = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "ukraine")
    assert re.findall(r"2025: (\w+) answers", one.out) == ["Ukraine"]


def test_json_is_one_object_with_the_decisions(ceasefire, counter):
    reply = ceasefire("why", FLAGSHIP, "--day", counter.day, "--json")
    assert (reply.code, reply.err) == (0, "")
    data = json.loads(reply.out)
    assert data["schema_version"] == 1
    assert data["scenario"] == FLAGSHIP
    assert data["scenario_hash"] == sim.load(FLAGSHIP).hash
    assert (data["seed"], data["replicate"]) == (1, 0)
    assert data["version"] == sim.__version__
    (told,) = data["decisions"]
    assert told == counter.to_dict()
    assert {told["party"], told["offered_by"]} == {"ukraine", "russia"}
    assert told["terms"]["conditions"]
    assert sum(told["parts"].values()) == pytest.approx(told["difference"])
    assert ceasefire(*shlex.split(data["command"])[1:], "--json") == reply


def test_the_command_printed_repeats_the_answer_with_what_was_set(ceasefire):
    words = ("why", FLAGSHIP, "--day", "0", "--party", "ukraine", "--seed", "7")
    reply = ceasefire(*words, "--set", "chips.kursk.area_km2=400")
    again = reply.out.splitlines()[-1].removeprefix("again: ")
    assert ceasefire(*shlex.split(again)[1:]) == reply
    assert reply.out != ceasefire(*words).out


def test_a_day_without_decisions_is_answered_with_the_nearest_ones(ceasefire, found):
    reply = ceasefire("why", FLAGSHIP, "--day", "3")
    near = ", ".join(map(str, nearest_days(found, 3)))
    assert reply == (
        2,
        "",
        f"ceasefire: nobody answered an offer on day 3; nearest days: {near}\n",
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
        f"ceasefire: {author} answered no offer on day {counter.day} "
        f"({counter.actor} did); nearest days: {near}\n"
    )


def test_a_patron_answers_no_offers(ceasefire):
    reply = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "united_states")
    assert (reply.code, reply.out) == (2, "")
    assert "united_states answered no offer in this world" in reply.err


def test_an_unknown_party_is_answered_with_the_nearest_one(ceasefire):
    reply = ceasefire("why", FLAGSHIP, "--day", "0", "--party", "rusia")
    assert (reply.code, reply.out) == (2, "")
    assert "no party 'rusia' here; did you mean 'russia'?" in reply.err


def test_a_world_without_any_answer_is_told(ceasefire, scenario_file):
    file = scenario_file(negotiation="{first_round: 2025-09-09}")
    reply = ceasefire("why", file, "--day", "0")
    assert (reply.code, reply.out) == (2, "")
    assert "nobody answered an offer in this world" in reply.err


@pytest.mark.parametrize("words", [(), ("--day", "-1"), ("--day", "first")])
def test_the_day_is_a_whole_number_from_0(ceasefire, words):
    reply = ceasefire("why", FLAGSHIP, *words)
    assert (reply.code, reply.out) == (2, "")
    assert "--day" in reply.err


def test_an_invalid_scenario_is_named_before_anything_runs(ceasefire, scenario_file):
    reply = ceasefire("why", scenario_file(more="horizon_days: 0\n"), "--day", "0")
    assert (reply.code, reply.out) == (3, "")
