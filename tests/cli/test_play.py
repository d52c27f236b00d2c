"""`ceasefire play`: typed, read from a file, kept and taken up again."""

import io
import json
import re

import pytest

import sim

SHORT = "kursk-2025-03-13", "--set", "horizon_days=40"
FLAGSHIP, RUSSIA = "kursk-2025-03-13", ("--as", "russia")


@pytest.fixture
def typed(monkeypatch, ceasefire):
    """Call the command with lines typed."""

    def call(lines, *words):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{t}\n" for t in lines)))
        return ceasefire("play", *words)

    return call


def test_a_game_is_played_from_briefing_to_debrief(typed, tmp_path):
    folder = tmp_path / "game"
    reply = typed(["accept"] * 40, *SHORT, *RUSSIA, "--out", folder)
    assert reply.code == 0
    told = " ".join(reply.out.split())
    for text in (
        "What Russia wants",
        "would cost you as much as 779 km2 of land",
        "United States offers",
        "Every decision",
        "What nobody could see",
        "a model's answer, not a forecast",
    ):
        assert text in told
    assert max(map(len, reply.out.splitlines())) <= 100
    assert f"ceasefire replay {folder}" in reply.err
    assert sim.open_result(folder).is_over


def test_a_day_of_business_is_a_short_screen(typed):
    out = typed(["refuse"] * 60, FLAGSHIP, *RUSSIA).out
    days = re.split(r"^── ", out, flags=re.M)[1:-1]
    assert len(days) > 10
    assert max(day.count("\n") for day in days) <= 14
    assert sorted(day.count("\n") for day in days)[len(days) // 2] <= 10


def test_what_the_other_side_keeps_to_itself_is_not_told_before_the_end(typed):
    out = typed(["status", "history", "brief", "why", "quit"], FLAGSHIP, *RUSSIA).out
    drawn = sim.CeasefireModel(FLAGSHIP, seed=1).world["cost"][0, 0]
    assert f"{drawn:,.0f}" not in out
    assert "28 km2" not in out  # the true drift


@pytest.mark.parametrize("word", ["help", "?", "brief", "status", "advice", "why"])
def test_a_question_is_answered_and_decides_nothing(typed, word):
    out = typed([word, "quit"], FLAGSHIP, *RUSSIA).out
    assert out.count("Russia, day 0> ") == 2


def test_what_is_no_move_is_said_so_and_asked_again(typed):
    reply = typed(["acept", "if 3", "offer freeze", "quit"], FLAGSHIP, *RUSSIA)
    assert "did you mean 'accept'" in reply.out
    assert reply.out.count("Russia, day 0> ") == 4


def test_the_end_of_what_is_typed_keeps_the_game_which_is_taken_up_again(
    typed, tmp_path
):
    folder, words = tmp_path / "game", (*SHORT, *RUSSIA, "--out")
    reply = typed(["if 1 2", "accept"], *words, folder)
    assert reply.code == 130
    assert "to continue: ceasefire play" in reply.err
    kept = sim.open_result(folder)
    assert kept.moves == ["0 russia if hand_back aid_freeze", "7 russia accept"]
    again = typed(["refuse"] * 60, *words, folder)
    assert again.code == 0
    assert "The game continues after 2 moves, on day 14" in again.out
    assert sim.open_result(folder).moves[:2] == kept.moves
    over = typed(["accept"], *words, folder)
    assert over.code == 2  # nothing is lost
    assert f"is over: ceasefire replay {folder} tells it" in over.err


def test_another_game_does_not_take_up_this_one(typed, tmp_path):
    folder = tmp_path / "game"
    typed(["refuse"], FLAGSHIP, *RUSSIA, "--out", folder)
    reply = typed(["accept"], FLAGSHIP, "--as", "ukraine", "--out", folder)
    assert reply.code == 2
    assert "another unfinished game" in reply.err
    assert sim.open_result(folder).moves == ["0 russia refuse"]


def test_the_folder_of_a_game_in_place_of_a_scenario_is_told_how_to_go_on(
    typed, tmp_path
):
    folder = tmp_path / "game"
    typed(["refuse"], FLAGSHIP, *RUSSIA, "--out", folder)
    reply = typed(["accept"], folder, *RUSSIA)
    assert reply.code == 2
    assert "is continued by the command that began it" in reply.err
    assert f"{' '.join(map(str, RUSSIA))}" in reply.err
    assert reply.err.rstrip().endswith(f"--out {folder}")


def test_without_a_folder_the_moves_are_printed_for_a_file(typed, tmp_path):
    reply = typed(["refuse", "accept"], FLAGSHIP, *RUSSIA)
    assert reply.code == 130
    file = tmp_path / "moves.txt"
    lines = [line for line in reply.err.splitlines() if re.match(r"\d+ russia", line)]
    file.write_text("\n".join(["# the class", *lines]))
    again = typed([], FLAGSHIP, *RUSSIA, "--moves", file)
    assert again.code == 130
    assert "The game continues after 2 moves" in again.out


def test_a_file_of_moves_is_a_whole_game(typed, tmp_path):
    game = sim.play(FLAGSHIP, "russia")
    while not game.is_over:
        game = game.move("accept")
    file = tmp_path / "moves.txt"
    file.write_text("\n".join(game.moves))
    reply = typed([], FLAGSHIP, *RUSSIA, "--moves", file, "--json")
    assert reply.code == 0
    told = json.loads(reply.out)
    assert (told["moves"], told["outcome"]) == (game.moves, game.outcome)
    assert [row["is_best"] for row in told["decisions"]] == list(
        game.decisions["is_best"]
    )


def test_in_a_hot_seat_everybody_decides_and_no_screen_has_what_is_private(typed):
    moves = ["2", "accept", "if 2", "refuse", "pass", "pass"]
    reply = typed(moves, FLAGSHIP, "--hot-seat", "--seed", "3")
    assert "Ukraine decides" in reply.out
    assert "Russia decides" in reply.out
    assert "United States decides" in reply.out
    for text in ("Only you know", "wants", "costs you"):
        assert text not in reply.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "the party you decide for with --as PARTY"),
        (("--as", "rusia"), "did you mean 'russia'"),
        (("--as", "russia", "--hot-seat"), "leave out --as"),
    ],
)
def test_a_seat_is_asked_for(typed, words, said):
    reply = typed([], FLAGSHIP, *words)
    assert (reply.code, reply.out) == (2, "")
    assert said in reply.err


@pytest.mark.parametrize("seat", ["united_states", "United States", "UNITED_STATES"])
def test_a_party_goes_by_its_name_or_what_it_is_called(typed, seat):
    assert "United States, day 7> " in typed(["QUIT"], FLAGSHIP, "--as", seat).out


def test_a_name_with_capitals_can_be_typed(typed, scenario_file):
    file = scenario_file(
        negotiation="{offers: {Halt: {duration_days: 30}, Stop: {duration_days: 60}}}"
    )
    reply = typed(["offer halt", "offer Stop", "2", "quit"] * 30, file, "--as", "north")
    assert "is no move" not in reply.out
    assert re.search(r"\d+ north offer (Halt|Stop)", reply.err)


def test_a_file_of_moves_that_is_none_is_refused(typed, tmp_path):
    file = tmp_path / "moves.txt"
    file.write_bytes(b"\xff\xfe")
    assert typed([], FLAGSHIP, *RUSSIA, "--moves", file).code == 2
    file.write_text("0 russia offer\n")
    reply = typed([], FLAGSHIP, *RUSSIA, "--moves", file)
    assert (reply.code, reply.out) == (2, "")
    assert f"{file}, line 1" in reply.err
    assert typed([], FLAGSHIP, *RUSSIA, "--moves", tmp_path / "none").code == 4


def test_a_party_that_is_never_asked_is_told_so(typed):
    reply = typed([], "falklands-1982", "--as", "argentina")
    assert reply.code == 0
    assert "nobody asked for a decision" in reply.out


def test_a_game_is_replayed_and_taken_apart_from_its_folder(typed, ceasefire, tmp_path):
    folder = tmp_path / "game"
    typed(["accept"] * 40, FLAGSHIP, *RUSSIA, "--out", folder)
    assert "the outcome is the same as the saved one" in ceasefire("replay", folder).err
    reply = ceasefire("why", folder, "--day", "0", "--party", "russia")
    assert reply.code == 0
    assert "By these numbers alone Russia would have decided otherwise" in reply.out
    assert ceasefire("why", folder, "--day", "0", "--set", "aid.level=0").code == 2


def test_what_comes_through_a_pipe_is_shown_without_its_control_characters(typed):
    reply = typed(["\x1b[2Jaccept\x07", "x" * 100_000, "quit"], FLAGSHIP, *RUSSIA)
    assert "\x1b" not in reply.out
    assert "\x07" not in reply.out
    assert "Russia, day 0> \\x1b[2Jaccept\\x07" in reply.out
    assert len(reply.out) < 10_000


def test_a_chance_near_nothing_leaves_nothing_to_show(typed):
    words = ("--as", "united_states", "--replicate", "2")
    out = typed(["freeze", "why", "quit"], FLAGSHIP, *words).out
    assert "below 0.001  0" in out
    assert not re.search(r"\de-\d", out)


def test_a_game_of_all_parties_fits_the_screen_to_its_end(typed):
    lines = ["accept", "if 1 2", *["refuse", "pass"] * 100]
    out = typed(lines, *SHORT, "--hot-seat").out
    end = out.partition("Every decision")[2]
    assert "United States" in end
    assert max(map(len, end.splitlines())) <= 100
