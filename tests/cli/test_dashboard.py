"""`ceasefire dashboard` up to where it serves; tests/web has it in a browser."""

import re
import socket

import pytest

from sim.web.dashboard import serve
from tests.docs.runner import lines, page


@pytest.fixture
def served(monkeypatch):
    """Choices that would have been served; the extra is taken to be there."""
    choices = []

    def note(choice, listening, ready, **proxy):
        choices.append((choice, listening.getsockname()))
        ready()

    monkeypatch.setattr(serve, "check_installed", lambda: None)
    monkeypatch.setattr(serve, "serve", note)
    return choices


def test_it_is_for_this_machine_alone_unless_asked(ceasefire, served):
    reply = ceasefire("dashboard", "--no-open")
    ((choice, (host, port)),) = served
    assert host == "127.0.0.1"
    assert reply.out == f"http://localhost:{port}\n"
    assert choice.base.scenario.id == "kursk-2025-03-13"
    wide = ceasefire("dashboard", "--no-open", "--host", "0.0.0.0")
    assert "can be reached from other machines" in wide.err


def test_what_is_asked_for_is_what_is_shown_first(ceasefire, served):
    words = ["--set", "aid.level=0.5", "--seed", "0", "--replicate", "4", "--no-open"]
    assert ceasefire("dashboard", "sumy-opens", *words).code == 0
    ((choice, _),) = served
    assert (choice.seed, choice.replicate) == (0, 4)
    assert choice.base.scenario.aid.level == 0.5
    assert "sumy-opens" in choice.scenarios  # the one that is shipped can be had too
    assert choice.command("run", choice.base) == (
        "ceasefire run sumy-opens --set aid.level=0.5 --seed 0 --replicate 4"
    )


def test_without_the_extra_one_line_says_how_to_get_it(ceasefire, monkeypatch):
    monkeypatch.setattr(serve, "_NEEDED", {"solara-of-another-world": ""})
    reply = ceasefire("dashboard", "--no-open")
    assert reply.code == 4
    assert reply.err.count("\n") == 1
    assert "pip install 'ceasefire-sim[dashboard]'" in reply.err


def test_packages_of_another_generation_are_named(ceasefire, monkeypatch):
    monkeypatch.setattr(serve, "_NEEDED", {"click": "1."})
    reply = ceasefire("dashboard", "--no-open")
    assert reply.code == 4
    assert re.search(r"click is \S+, not 1\.x", reply.err)


def test_a_port_that_is_taken_is_named_or_another_one_found(
    ceasefire, served, monkeypatch
):
    with socket.create_server(("localhost", 0)) as taken:
        port = taken.getsockname()[1]
        reply = ceasefire("dashboard", "--no-open", "--port", port)
        assert reply.code == 2
        assert f"localhost:{port}" in reply.err
        monkeypatch.setattr(serve, "PORT", port)
        assert ceasefire("dashboard", "--no-open").code == 0
    assert len(served) == 1
    assert served[0][1][1] != port


@pytest.mark.parametrize(
    ("option", "given"),
    [
        *[("--allow-host", each) for each in ("", "http://a.b", "a b", "a:b", "*")],
        *[("--root-path", each) for each in ("class", "/a b", "//a", '/x"><script>')],
    ],
)
def test_a_proxy_that_cannot_be_is_refused(ceasefire, served, option, given):
    reply = ceasefire("dashboard", "--no-open", option, given)
    assert (reply.code, served) == (2, [])
    assert option in reply.err


@pytest.mark.parametrize("path", ["id", "no.such.path", "horizon_days"])
def test_an_input_without_low_and_high_is_refused(ceasefire, served, path):
    reply = ceasefire("dashboard", "--no-open", "--input", path)
    assert (reply.code, served) == (2, [])
    assert path in reply.err


def test_an_unknown_scenario_is_an_input_that_is_missing(ceasefire):
    assert ceasefire("dashboard", "kursk-2025-03-14", "--no-open").code == 4


def test_the_commands_of_its_page_run(ceasefire, served):
    names = ("how-to-use-the-dashboard", "how-to-give-a-lecture")
    shown = [words[1:] for name in names for words in lines(page(name))]
    shown = [words for words in shown if words[0] == "dashboard"]
    assert len(shown) == 7
    for words in shown:
        assert ceasefire(*words, "--no-open").code == 0, words
    assert len(served) == 7
