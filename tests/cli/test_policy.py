"""Policies of a user's own: the words they have, and what happens to wrong replies."""

import json
import os
import re
import shlex
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import PolicyError
from sim.model.mesa_model import CeasefireModel
from sim.model.policies import BestResponse, Policy
from sim.model.policy_files import load_policies
from sim.model.state import ACCEPT, NOBODY, ON_CONDITIONS, REJECT, SILENT
from tests.docs import runner

FLAGSHIP = "kursk-2025-03-13"
PARTIES = ("russia", "ukraine", "united_states")
ANSWERS = ("acceptance", "conditional_acceptance", "rejection")

HARD = """
from sim.model.policies import BestResponse

class Hard(BestResponse):
    def answer(self, view):
        return view.refuse()
"""


@pytest.fixture
def policy_file(tmp_path):
    """Write a file of policies; return its path."""

    def write(text, name="my_policy.py"):
        file = tmp_path / name
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        return file

    return write


@pytest.fixture
def page():
    return runner.page("how-to-write-a-policy")


def replying(answer=None, offer=None):
    """A policy that gives these replies, whatever is on the table."""

    class Replying(BestResponse):
        def answer(self, view):
            return super().answer(view) if answer is None else answer

        def propose(self, view):
            return super().propose(view) if offer is None else offer

    return Replying()


class InWords(BestResponse):
    """Best response once more, written in the words of the view."""

    def answer(self, view):
        if view.gain() + view.noise() >= 0:
            return view.accept()
        return super().answer(view)

    def propose(self, view):
        worth = {
            name: (view.worth(name) + view.noise(name)) * view.chance(name)
            for name in view.offers
        }
        best = max(worth, key=worth.__getitem__, default=None)
        if best is None or worth[best] <= 0:
            return view.no_offer()
        return view.propose(best)


class Watching(BestResponse):
    """Best response that looks at everything in its view."""

    def __init__(self):
        self.seen = []

    def answer(self, view):
        names = ("me", "day", "date", "held_km2", "chips_km2", "offer", "author")
        look = {name: getattr(view, name) for name in (*names, "conditions", "offers")}
        look["least"], look["extends"] = view.reservation_value(), view.is_extension
        self.seen.append(look)
        return super().answer(view)


# ---- the page ------------------------------------------------------------------------


@pytest.mark.slow
def test_the_first_policy_of_the_page_has_20_lines_at_most_and_runs(
    ceasefire, page, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, *_ = runner.blocks(page, "python")
    assert len(code.splitlines()) <= 20
    (tmp_path / "my_policy.py").write_text(code)
    shown = runner.commands(page)
    assert {command for command, *_ in shown} == {"run", "sweep", "tournament"}
    for words in shown:
        few = ["--replicates", "5"] if words[0] != "run" else []
        reply = ceasefire(*words, *few)
        assert reply.code == 0
        if words[0] == "run":
            assert reply.err == ""
            assert ": Patient, file " in reply.out


@pytest.mark.slow
def test_the_python_of_the_page_runs_and_decides_otherwise(
    page, tmp_path, monkeypatch, capsys
):
    first, script, patron, many, meeting = runner.blocks(page, "python")
    (tmp_path / "my_policy.py").write_text(first)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for text in (script, many, meeting):
        exec(text, {})
        assert capsys.readouterr().out
    del sys.modules["my_policy"]
    (tmp_path / "patron.py").write_text(patron)
    plain = sim.run(FLAGSHIP)
    for party, name in (
        ("ukraine", "my_policy.py:Patient"),
        ("united_states", "patron.py:Waiting"),
    ):
        chosen = load_policies([f"{party}={tmp_path / name}"], PARTIES)
        assert sim.run(FLAGSHIP, policies=chosen).log != plain.log


def test_every_word_of_the_page_is_in_the_view(page):
    from sim.model.policies import PartyView

    told = set(re.findall(r"\bview\.(\w+)", page))
    known = {name for name in vars(PartyView) if not name.startswith("_")}
    # `seat` to `labels` are the record itself, which the page names once.
    assert told <= known | {"world"}
    assert known - {"seat", "params", "world", "table", "labels"} <= told


# ---- words ---------------------------------------------------------------------------


@pytest.mark.parametrize("replicate", range(6))
def test_best_response_can_be_said_in_the_words_of_the_view(replicate):
    in_words = {party: InWords() for party in PARTIES}
    for changes in ({}, {"negotiation.proposer_weights": dict.fromkeys(PARTIES, 1)}):
        offers = {
            f"negotiation.offers.{name}.offered_by": list(PARTIES)
            for name in ("thirty_days", "freeze")
        }
        loaded = sim.load(FLAGSHIP, set={**changes, **offers})
        plain = CeasefireModel(loaded, replicate=replicate).run()
        said = CeasefireModel(loaded, replicate=replicate, policies=in_words).run()
        assert plain.world.tobytes() == said.world.tobytes()
        assert plain.events == said.events


def test_the_view_shows_the_world_by_the_names_of_the_scenario():
    watching = Watching()
    world = sim.run(FLAGSHIP, replicate=3, policies={"russia": watching})
    answers = [e for e in world.log if e["actor"] == "russia" and e["type"] in ANSWERS]
    assert len(answers) == len(watching.seen) > 2
    days = {day["day"]: day for day in world.days}
    for look, event in zip(watching.seen, answers, strict=True):
        assert (look["me"], look["day"]) == ("russia", event["day"])
        assert look["date"].isoformat() == event["date"]
        assert look["offer"] == event["offer"]
        assert look["author"] in PARTIES
        assert look["author"] != "russia" or look["extends"]
        assert look["offers"] == ()  # it is not its turn to propose
        # The view is seen before the line moves: as the day before ended.
        eve = days[event["day"] - 1]
        assert look["held_km2"] == pytest.approx(8000 - eve["held_km2"])
        assert look["chips_km2"] == pytest.approx(eve["chips_km2"])
    first = watching.seen[0]
    assert set(first["conditions"]) == {"hand_back", "aid_freeze"}
    assert first["least"] == pytest.approx(
        days[-1]["reservation_value"]["russia"], abs=0.01
    )


def test_an_answer_on_conditions_leads_to_the_counter_offer_that_carries_them():
    class Asking(BestResponse):
        def answer(self, view):
            if "hand_back" in view.conditions:
                return view.on_conditions("hand_back", "hand_back")
            return view.refuse()

    log = sim.run(FLAGSHIP, policies={"russia": Asking()}).log
    asked = next(e for e in log if e["type"] == "conditional_acceptance")
    assert asked["terms"]["conditions"] == ["hand_back"]
    counter = next(e for e in log if e["type"] == "counter_offer")
    assert (counter["actor"], counter["day"]) == ("russia", asked["day"] + 1)
    assert counter["terms"]["conditions"] == ["hand_back"]


def test_a_policy_remembers_from_one_answer_to_the_next():
    class Third(BestResponse):
        asked = 0

        def answer(self, view):
            self.asked += 1
            return view.accept() if self.asked == 3 else view.refuse()

    log = sim.run(FLAGSHIP, policies={"russia": Third()}).log
    answers = [e["type"] for e in log if e["actor"] == "russia" and e["reason"]]
    assert answers[:3] == ["rejection", "rejection", "acceptance"]


# ---- the rest of the world -----------------------------------------------------------


def test_a_replaced_policy_leaves_all_other_luck_as_it_is():
    # Whoever of the two refuses everything, the war goes on the same way.
    scenario = sim.load(FLAGSHIP)
    kinds = ("battle", "territory", "capture", "regime")
    courses = []
    for party in ("russia", "ukraine"):
        hard = {party: replying((REJECT, 0))}
        world = sim.run(scenario, replicate=5, policies=hard)
        assert world.outcome["first_truce_day"] is None
        courses.append([e for e in world.log if e["type"] in kinds])
    assert courses[0] == courses[1]
    assert len(courses[0]) > 5


def test_a_file_that_changes_nothing_gives_the_same_world(policy_file):
    file = policy_file("from sim.model.policies import BestResponse as Same")
    chosen = load_policies([f"{party}={file}:Same" for party in PARTIES], PARTIES)
    other = CeasefireModel(FLAGSHIP, replicate=4, policies=chosen).run()
    plain = CeasefireModel(FLAGSHIP, replicate=4).run()
    assert other.world.tobytes() == plain.world.tobytes()


# ---- replies that are none -----------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (None, "returned None, which is no answer; return view.accept()"),
        (True, "returned True, which is no answer"),
        ("yes", "which is no answer"),
        (ACCEPT, "which is no answer"),
        ((ACCEPT, 0.0), "which is no answer"),
        ((True, 0), "which is no answer"),
        ((ACCEPT, 0, 0), "which is no answer"),
        ((SILENT, 0), "unknown code 0"),
        ((17, 0), "unknown code 17"),
        ((REJECT, 1), "do not go with this answer"),
        ((ON_CONDITIONS, 0), "named none"),
        ((ON_CONDITIONS, 4), "may be named now: hand_back, aid_freeze"),
        ((ON_CONDITIONS, 64), "may be named now: hand_back, aid_freeze"),
        ((ON_CONDITIONS, -1), "do not go with this answer"),
    ],
)
def test_an_answer_that_the_rules_do_not_allow_never_reaches_the_world(reply, words):
    answering = type("Answering", (BestResponse,), {"answer": lambda *_: reply})
    model = CeasefireModel(FLAGSHIP, seed=1, policies={"russia": answering()})
    with pytest.raises(PolicyError) as error:
        model.step()
    assert "the policy Answering of russia, answer on day 0:\n" in str(error.value)
    assert words in str(error.value)
    assert model.world["answer"][0, 1] == SILENT
    assert model.world["answer_demands"][0, 1] == 0


def test_numbers_of_numpy_are_an_answer():
    hard = replying((np.int64(REJECT), np.int64(0)))
    assert sim.run(FLAGSHIP, policies={"russia": hard}).outcome["refusals"]["russia"]


def test_a_side_without_conditions_may_name_none():
    asking = replying((ON_CONDITIONS, 1))
    with pytest.raises(PolicyError, match=r"may be named now: none"):
        sim.run(FLAGSHIP, policies={"ukraine": asking})


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (None, "returned None, which is no offer; return view.propose(name)"),
        ("freeze", "returned 'freeze', which is no offer"),
        (1.0, "which is no offer"),
        (-2, "no offer of that number"),
        (16, "no offer of that number"),
    ],
)
def test_a_proposal_that_is_none_never_reaches_the_world(reply, words):
    putting = type("Putting", (BestResponse,), {"propose": lambda *_: reply})
    model = CeasefireModel(FLAGSHIP, seed=1, policies={"united_states": putting()})
    with pytest.raises(PolicyError) as error:
        model.run()
    assert "the policy Putting of united_states, propose on day " in str(error.value)
    assert words in str(error.value)
    assert model.world["offer"][0] == NOBODY


def test_an_offer_of_somebody_else_cannot_be_proposed():
    changes = {
        "negotiation.proposer_weights": {"ukraine": 1},
        "negotiation.offers.freeze.offered_by": ["ukraine"],
    }
    loaded = sim.load(FLAGSHIP, set=changes)
    names = list(loaded.scenario.negotiation.offers)
    index = names.index("thirty_days")
    with pytest.raises(PolicyError, match=r"ukraine may not offer today \(it may:"):
        sim.run(loaded, policies={"ukraine": replying(offer=index)})


def test_an_offer_that_was_just_refused_cannot_be_proposed_again():
    class Insisting(BestResponse):
        def propose(self, view):
            return view.propose("thirty_days")

    policies = {"united_states": Insisting(), "russia": replying((REJECT, 0))}
    with pytest.raises(PolicyError, match="'thirty_days' is no offer that may be made"):
        sim.run(FLAGSHIP, policies=policies)


@pytest.mark.parametrize("record", ["world", "table", "params"])
def test_a_policy_that_writes_to_its_view_ends_the_run(record):
    class Meddling(BestResponse):
        def answer(self, view):
            getattr(view, record).view("u1")[-1] ^= 1
            return view.refuse()

    with pytest.raises(PolicyError, match="it changed the world, which is only for"):
        sim.run(FLAGSHIP, policies={"russia": Meddling()})


def test_a_policy_that_lacks_what_its_party_needs_says_so():
    with pytest.raises(PolicyError, match="needs the method answer"):
        sim.run(FLAGSHIP, policies={"russia": Policy.__new__(type("P", (Policy,), {}))})
    with pytest.raises(PolicyError, match="needs the method propose"):
        sim.run(FLAGSHIP, policies={"united_states": type("P", (Policy,), {})()})


def test_a_patron_has_no_gain_from_an_offer_that_it_does_not_answer():
    class Asking(BestResponse):
        def propose(self, view):
            return view.propose(view.offers[0]) if view.gain() else view.no_offer()

    with pytest.raises(PolicyError, match="united_states is no side of the war"):
        sim.run(FLAGSHIP, policies={"united_states": Asking()})


@pytest.mark.parametrize(
    ("policies", "words"),
    [
        ({"rusia": BestResponse()}, "no party here; did you mean 'russia'?"),
        ({"russia": BestResponse}, r"is a class; give an object, BestResponse\(\)"),
        ({"russia": "Hard"}, "is no sim.model.policies.Policy"),
    ],
)
def test_python_refuses_what_is_no_policy_or_for_no_party(policies, words):
    with pytest.raises(PolicyError, match=words):
        sim.run(FLAGSHIP, policies=policies)


# ---- the command ---------------------------------------------------------------------


def test_a_run_with_a_policy_says_so_and_names_the_command_that_repeats_it(
    ceasefire, policy_file
):
    file = policy_file(HARD)
    words = ("run", FLAGSHIP, "--policy", f"russia={file}:Hard", "--replicate", "2")
    first = ceasefire(*words)
    assert (first.code, first.err) == (0, "")
    assert "policy of russia: Hard, file " in first.out
    again = first.out.splitlines()[-1].removeprefix("again: ")
    assert "--policy" in again
    assert ceasefire(*shlex.split(again)[1:]) == first
    assert first.out != ceasefire("run", FLAGSHIP, "--replicate", "2").out


def test_json_names_the_policies_and_a_checksum_of_their_files(ceasefire, policy_file):
    file = policy_file(HARD)
    words = ("run", FLAGSHIP, "--json", "--policy", f"russia={file}:Hard")
    data = json.loads(ceasefire(*words).out)
    assert data["outcome"]["first_truce_day"] is None
    assert data["policies"].keys() == {"russia"}
    assert data["policies"]["russia"]["class"] == "Hard"
    before = data["policies"]["russia"]["sha256"]
    policy_file(HARD + "\n# another file\n")
    data = json.loads(ceasefire(*words).out)
    assert data["policies"]["russia"]["sha256"] != before
    assert json.loads(ceasefire("run", FLAGSHIP, "--json").out)["policies"] == {}


def test_a_changed_file_is_read_anew_and_nothing_is_left_beside_it(
    ceasefire, policy_file
):
    words = ("run", FLAGSHIP, "--json", "--policy")
    ends = []
    for reply in ("refuse", "accept"):
        file = policy_file(HARD.replace("refuse", reply))
        data = json.loads(ceasefire(*words, f"russia={file}:Hard").out)
        ends.append(data["outcome"]["first_truce_day"])
    assert ends[0] is None
    assert ends[1] is not None
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_two_parties_may_share_a_file(ceasefire, policy_file):
    file = policy_file(HARD + "\nclass Mild(Hard):\n    pass\n")
    chosen = load_policies([f"russia={file}:Hard", f"ukraine={file}:Mild"], PARTIES)
    russia, ukraine = chosen["russia"], chosen["ukraine"]
    assert isinstance(ukraine, type(russia))
    assert not isinstance(russia, type(ukraine))


def test_a_dataclass_may_be_a_policy(policy_file):
    file = policy_file(
        """
        from __future__ import annotations
        from dataclasses import dataclass
        from sim.model.policies import BestResponse

        @dataclass
        class Premium(BestResponse):
            premium: float = 80.0
        """
    )
    chosen = load_policies([f"russia={file}:Premium"], PARTIES)
    assert chosen["russia"].premium == 80.0


def test_a_missing_file_is_named_with_near_ones(ceasefire, policy_file):
    file = policy_file(HARD)
    wrong = file.with_name("my_polcy.py")
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={wrong}:Hard")
    assert (reply.code, reply.out) == (4, "")
    assert f"{wrong}: " in reply.err
    assert "similar names: my_policy.py" in reply.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("russia={file}:Hrad", "no class 'Hrad'; did you mean 'Hard'?"),
        ("russia={file}:BestRespond", "(policies there: Hard)"),
        ("russia={file}:WORD", "'WORD' is no policy; derive it from"),
        ("rusia={file}:Hard", "no party 'rusia' here; did you mean 'russia'?"),
        ("russia={file}", "--policy needs PARTY=FILE.py:CLASS"),
        ("russia={file}:", "--policy needs PARTY=FILE.py:CLASS"),
        ("{file}:Hard", "--policy needs PARTY=FILE.py:CLASS"),
        ("russia=:Hard", "--policy needs PARTY=FILE.py:CLASS"),
    ],
)
def test_a_wrong_word_is_a_matter_of_usage(ceasefire, policy_file, text, words):
    file = policy_file(f"{HARD}\nWORD = 3\n")
    reply = ceasefire("run", FLAGSHIP, "--policy", text.format(file=file))
    assert (reply.code, reply.out) == (2, "")
    assert words in reply.err
    assert "fault in ceasefire-sim" not in reply.err


def test_one_party_has_one_policy(ceasefire, policy_file):
    words = ("--policy", f"russia={policy_file(HARD)}:Hard")
    reply = ceasefire("run", FLAGSHIP, *words, *words)
    assert (reply.code, reply.out) == (2, "")
    assert "--policy gives russia twice" in reply.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("class Hard:\n  def f(:", "SyntaxError"),
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("raise SystemExit(0)", "it left the program: sys.exit(0)"),
        ("x = 1 / 0", "line 1"),
        ("\0", "SyntaxError"),
        (
            HARD + "    def __init__(self, n):\n        pass",
            "Hard() of russia cannot be made",
        ),
    ],
)
def test_a_file_that_cannot_be_run_is_told_in_its_own_lines(
    ceasefire, policy_file, tmp_path, text, words
):
    file = policy_file(text)
    out = tmp_path / "out"
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard", "--out", out)
    assert (reply.code, reply.out) == (2, "")
    assert words in reply.err
    assert str(file) in reply.err
    assert "fault in ceasefire-sim" not in reply.err
    assert not out.exists()


def test_an_exception_in_a_policy_is_told_in_its_own_lines(ceasefire, policy_file):
    file = policy_file(
        """
        from sim.model.policies import BestResponse

        class Hard(BestResponse):
            def answer(self, view):
                return self.think(view)

            def think(self, view):
                return view.gian() > 0
        """
    )
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard")
    assert (reply.code, reply.out) == (2, "")
    lines = reply.err.splitlines()
    assert lines[0] == "ceasefire: the policy Hard of russia, answer on day 0:"
    places = [line for line in lines if line.startswith("  File ")]
    assert places == [
        f'  File "{file}", line 6, in answer',
        f'  File "{file}", line 9, in think',
    ]
    assert lines[-1].startswith(
        "AttributeError: 'PartyView' object has no attribute 'gian'"
    )


def test_a_misspelt_condition_is_answered_with_the_nearest_one(ceasefire, policy_file):
    file = policy_file(HARD.replace("refuse()", "on_conditions('hand_bak')"))
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard")
    assert reply.code == 2
    assert f'File "{file}", line 6, in answer' in reply.err
    assert "did you mean 'hand_back'?" in reply.err


def test_a_policy_that_calls_itself_for_ever_is_told_in_few_lines(
    ceasefire, policy_file
):
    file = policy_file(HARD.replace("view.refuse()", "self.answer(view)"))
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard")
    assert reply.code == 2
    assert "RecursionError" in reply.err
    assert len(reply.err.splitlines()) < 30


def test_a_fault_of_our_own_policy_is_still_ours(ceasefire, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("sim.model.wrappers.scenario_answer", broken)
    reply = ceasefire("run", FLAGSHIP)
    assert reply.code == 1
    assert "fault in ceasefire-sim" in reply.err


def test_a_chain_of_errors_is_kept_for_a_notebook():
    class Wrong(BestResponse):
        def answer(self, view):
            return view.no_such_word

    with pytest.raises(PolicyError) as error:
        sim.run(FLAGSHIP, policies={"russia": Wrong()})
    assert isinstance(error.value.__cause__, AttributeError)


# ---- code that does what it should not -----------------------------------------------

ANSWERING = """
import os
import sys
from sim.model.policies import BestResponse

class Hard(BestResponse):
    def answer(self, view):
        {does}
        return super().answer(view)
"""


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ("sys.exit(0)", "it left the program: sys.exit(0)"),
        ("os._exit(0)", "it left the program: sys.exit(0)"),
        ("raise BaseException('x')", "BaseException: x"),
        ("raise GeneratorExit", "GeneratorExit"),
        ("raise StopIteration", "StopIteration"),
        ("raise ValueError('one line\\n' * 1000)", "ValueError: one line"),
        ("raise ValueError('x' * 100_000)", "ValueError: xxx"),
        ("return self.answer(view)", "RecursionError"),
        ("import numpy; numpy.linalg.inv([[0.0]])", "Singular matrix"),
        ("return float('nan')", "it returned nan, which is no answer"),
        ("return ['x' * 1000] * 1000", "which is no answer"),
        ("return view.propose('peace')", "'peace' is no offer"),
        ("input()", "Error"),
    ],
)
def test_whatever_a_policy_does_is_told_with_file_party_day_and_line(
    ceasefire, policy_file, does, words
):
    """f06 and kin: never in silence, never with 0, never as a fault of ours."""
    file = policy_file(ANSWERING.format(does=does))
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard", "--json")
    assert (reply.code, reply.out) == (2, "")
    lines = reply.err.splitlines()
    assert lines[0] == "ceasefire: the policy Hard of russia, answer on day 0:"
    assert re.fullmatch(rf'  File "{re.escape(str(file))}", line [78], in .*', lines[1])
    assert words in reply.err
    assert len(lines) < 10
    assert max(map(len, lines)) < 400
    assert "fault in ceasefire-sim" not in reply.err


@pytest.mark.parametrize(
    "text",
    [
        HARD + "    def __init__(self):\n        raise SystemExit(0)",
        HARD + "    def __new__(cls):\n        return 5",
        "import os\nos._exit(0)",
        "raise BaseException('x')",
    ],
)
def test_a_class_that_cannot_be_made_is_told_whatever_it_does(
    ceasefire, policy_file, text
):
    """f06, before the first day."""
    file = policy_file(text)
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard", "--json")
    assert (reply.code, reply.out) == (2, "")
    assert f"ceasefire: {file}" in reply.err
    assert "of russia cannot be" in reply.err
    assert len(reply.err.splitlines()) < 10


def test_a_policy_that_is_interrupted_says_where_it_was(ceasefire, policy_file):
    file = policy_file(ANSWERING.format(does="raise KeyboardInterrupt"))
    reply = ceasefire("run", FLAGSHIP, "--policy", f"russia={file}:Hard")
    assert (reply.code, reply.out) == (130, "")
    assert "interrupted in the policy Hard of russia, answer on day 0:\n" in reply.err
    assert f'"{file}", line 8' in reply.err


def test_code_that_takes_long_is_named_while_it_runs(policy_file, monkeypatch, capsys):
    """A policy may loop for ever; nobody knows how long one may think."""
    monkeypatch.setattr("sim.model.users_code._LONG_SECONDS", 0.1)
    slow = "import time; time.sleep(0 if view.day else 2.5)"
    file = policy_file(ANSWERING.format(does=slow))
    chosen = load_policies([f"russia={file}:Hard"], PARTIES)
    sim.run(FLAGSHIP, policies=chosen)
    said = capsys.readouterr().err
    assert said.startswith("note: the policy Hard of russia, answer on day 0 (")
    assert f"{file}, line 8)" in said
    assert said.count("note: ") == 1


def test_a_policy_leaves_the_process_as_it_found_it(policy_file):
    does = "os.chdir('/'); import numpy; numpy.seterr(all='raise'); sys.path.clear()"
    file = policy_file(ANSWERING.format(does=does))
    here, path, errors, leave = Path.cwd(), sys.path[:], np.geterr(), os._exit
    sim.run(FLAGSHIP, policies=load_policies([f"russia={file}:Hard"], PARTIES))
    assert (Path.cwd(), sys.path, np.geterr(), os._exit) == (here, path, errors, leave)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_stdout_is_one_object_whatever_a_policy_prints(process, policy_file):
    """f11: at the top of its file, in answers, past Python, and when all is over."""
    prints = "print('said'); os.write(1, b'said'); sys.__stdout__.write('said')"
    top = "import atexit\natexit.register(print, 'said')\nprint('said')"
    does = f"{prints}; os.system('echo said'); os.fork()"
    file = policy_file(top + ANSWERING.format(does=does))
    words = [FLAGSHIP, "--set", "horizon_days=15", "--json"]
    reply = process("run", *words, "--policy", f"russia={file}:Hard")
    assert reply.code == 0
    assert json.loads(reply.out)["policies"]
    assert "said" not in reply.out
    assert "said" in reply.err


# ---- modules beside a file -----------------------------------------------------------


def test_a_file_finds_the_modules_beside_it_and_each_file_its_own(
    policy_file, tmp_path
):
    """f19: as a script would, and two of the same name are kept apart."""
    text = """
        import neighbour_zz
        from sim.model.policies import BestResponse

        class Hard(BestResponse):
            def answer(self, view):
                import neighbour_zz as again
                assert again is neighbour_zz
                again.asked.append(view.day)
                return view.refuse()
    """
    texts = []
    for party in ("russia", "ukraine"):
        (tmp_path / party).mkdir()
        policy_file("asked = []", f"{party}/neighbour_zz.py")
        texts.append(f"{party}={policy_file(text, f'{party}/mine.py')}:Hard")
    path = sys.path[:]
    chosen = load_policies(texts, PARTIES)
    sim.run(FLAGSHIP, policies=chosen)
    modules = [sys.modules[type(each).__module__] for each in chosen.values()]
    first, second = (module.neighbour_zz for module in modules)
    assert first is not second
    assert first.asked
    # The next world has them afresh; nothing is left behind.
    again = load_policies(texts, PARTIES)["russia"]
    assert sys.modules[type(again).__module__].neighbour_zz.asked == []
    assert "neighbour_zz" not in sys.modules
    assert sys.path == path
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_device_is_no_file_of_policies(ceasefire):
    reply = ceasefire("run", FLAGSHIP, "--policy", "russia=/dev/zero:Hard")
    assert (reply.code, reply.out) == (4, "")
    assert "/dev/zero: is no file of Python" in reply.err
