"""A game as a result: saved, opened, played again, taken apart, drawn."""

from dataclasses import replace

import pytest

import sim
from sim.analysis.decisions.decision import decision
from sim.analysis.decisions.words import in_words
from sim.api.play import Played
from sim.errors import CheckFailedError, UsageError

FLAGSHIP = "kursk-2025-03-13"


@pytest.fixture(scope="module")
def over():
    """A game in which Russia accepts whatever it is asked."""
    game = sim.play(FLAGSHIP, "russia")
    while not game.is_over:
        game = game.move("accept")
    return game


@pytest.fixture
def folder(over, tmp_path):
    over.save(tmp_path / "game")
    return tmp_path / "game"


def test_a_game_goes_on_from_the_moves_that_are_known(over):
    assert over.moves[0] == "0 russia accept"
    begun = sim.play(FLAGSHIP, "russia", moves=over.moves[:1])
    assert begun.turn.day == int(over.moves[1].split()[0])
    ended = sim.play(FLAGSHIP, ["russia"], moves=over.moves)
    assert ended.is_over
    assert ended.outcome == over.outcome
    assert ended.to_dict() == over.to_dict()


def test_a_game_that_is_over_takes_no_move_and_no_advice(over):
    with pytest.raises(UsageError, match="over"):
        over.move("accept")
    with pytest.raises(UsageError, match="over"):
        _ = over.advice


def test_what_is_no_text_is_no_move():
    game = sim.play(FLAGSHIP, "russia")
    with pytest.raises(UsageError, match="a move is a text"):
        game.move(1)
    with pytest.raises(UsageError, match="texts"):
        sim.play(FLAGSHIP, "russia", moves=[0])


def test_a_folder_has_the_game(folder, over):
    there = sim.open_result(folder)
    assert isinstance(there, Played)
    assert there.to_dict() == over.to_dict()
    assert there.decisions.equals(over.decisions)
    assert there.turn is None
    assert (folder / "figures" / "run_timeline.svg").exists()


def test_a_game_is_played_again_to_the_same_world(folder, over):
    again = sim.replay(folder)
    assert (again.outcome, again.log) == (over.outcome, over.log)
    with pytest.raises(UsageError, match="contains only one world"):
        sim.replay(folder, 0, 0)


def test_a_run_is_run_again_too(tmp_path):
    run = sim.run(FLAGSHIP, replicate=2)
    run.save(tmp_path / "run")
    assert sim.replay(tmp_path / "run").outcome == run.outcome


def test_other_moves_in_a_folder_are_found_out(over, tmp_path):
    game = sim.play(FLAGSHIP, "russia", moves=["0 russia if hand_back"])
    while not game.is_over:
        game = game.move("refuse")
    manifest = {**over.manifest, "moves": game.moves}
    replace(over, manifest=manifest).save(tmp_path / "other")
    with pytest.raises(CheckFailedError, match="this run now gives different"):
        sim.replay(tmp_path / "other")


@pytest.mark.slow
def test_decisions_of_a_game_are_taken_apart_as_they_were_taken(folder, tmp_path):
    game = sim.open_result(folder)
    (told,) = sim.why(game, 0, party="russia").decisions
    assert (told.choice, told.account.decided_by) == ("accept", "policy")
    assert told.difference < 0.0
    assert told.flips == ()
    found = sim.why(game, 0)
    found.save(tmp_path / "why")
    there = sim.open_result(tmp_path / "why")
    assert [each.choice for each in there] == [each.choice for each in found]


def test_figures_of_a_game_are_drawn(folder):
    game = sim.open_result(folder)
    assert game.plot().svg()
    assert sim.plot(game, "payoff_waterfall").svg()


def test_a_game_that_goes_on_is_kept_and_taken_up(tmp_path):
    game = sim.play(FLAGSHIP, "united_states", replicate=1)
    assert not game.turn.answers
    game.save(tmp_path / "game")
    there = sim.open_result(tmp_path / "game")
    assert not there.is_over
    assert there.turn.day == game.turn.day
    assert there.move("pass").moves == [f"{game.turn.day} united_states pass"]
    with pytest.raises(UsageError, match="not over"):
        sim.why(there, 0)


def test_every_day_of_a_game_in_which_all_are_played_is_taken_apart():
    short = sim.load("yom-kippur-1973", set={"horizon_days": 16})
    game = sim.play(short, ["egypt", "israel", "united_states"], replicate=1)
    texts = ["if hand_back", "refuse", "1", "accept"]
    for turn in range(200):
        if game.is_over:
            break
        for text in (*texts[turn % 2 :], *texts):
            try:
                game = game.move(text)
            except UsageError:
                continue
            break
    kinds = set()
    assert game.is_over
    for told in map(decision, game.game.walk.scenes):
        assert in_words(told)
        kinds.add((told.kind, told.by_policy))
    assert {("answer", True), ("proposal", True), ("threat", False)} <= kinds
