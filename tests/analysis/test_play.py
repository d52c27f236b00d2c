"""People at the table: their moves, what they may know, what advice says."""

import pytest

import sim
from sim.analysis.play import debrief, words
from sim.analysis.play.advice import advice
from sim.analysis.play.briefing import briefing
from sim.analysis.play.game import game
from sim.analysis.play.moves import (
    MOST_MOVES,
    best_move,
    move_of,
    moves_in,
    moves_kept,
    moves_of_file,
)
from sim.analysis.play.words import choices
from sim.errors import InputMissingError, UsageError
from sim.model.events import snapshot

FLAGSHIP, TWO_SIDED, KOREA = "kursk-2025-03-13", "kursk-2024-08-20", "korea-1951"


def by_best_response(loaded, seats, **world):
    """Play the seats as best response would, to the end."""
    found = game(loaded, seats, **world)
    while found.turn is not None:
        found = found.after(best_move(found.turn.scene.kind, found.turn.view))
    return found


@pytest.mark.parametrize(
    ("scenario", "seats"),
    [
        (FLAGSHIP, ["russia"]),
        (FLAGSHIP, ["russia", "ukraine", "united_states"]),
        (TWO_SIDED, ["ukraine"]),
        (KOREA, ["china_north_korea", "un_command"]),
    ],
)
def test_a_game_of_best_response_is_the_run(scenario, seats):
    loaded = sim.load(scenario)
    for replicate in range(1 if len(seats) == 3 else 2):
        played = by_best_response(loaded, seats, replicate=replicate)
        run = sim.CeasefireModel(loaded, seed=1, replicate=replicate).run()
        assert (played.model.events, played.model.days) == (run.events, run.days)
        assert played.moves
        rows = debrief.decisions(played)
        assert all(row["is_best"] for row in rows)
        assert len(rows) == len(played.moves)
        assert played.walk.events == played.best.events == run.events


def test_moves_are_played_again_to_the_same_world():
    found = game(sim.load(TWO_SIDED), ["russia"], replicate=4)
    texts = iter(["refuse", "accept", "if 1", "pass"] * 40)
    while found.turn is not None:
        for text in texts:
            try:
                found = found.typed(text)
            except UsageError:
                continue
            break
    lines = [move.line for move in found.moves]
    moves = moves_in(lines, found.seats, "test")
    again = game(found.loaded, found.seats, replicate=4, moves=moves)
    assert again.turn is None
    assert again.events == found.events == found.walk.events
    assert again.model.days == found.walk.days
    assert again.model.outcome == found.walk.outcome
    assert not all(row["is_best"] for row in debrief.decisions(found))


def test_a_game_stands_still_where_its_moves_end():
    loaded = sim.load(FLAGSHIP)
    first = game(loaded, ["russia"])
    assert (first.turn.day, first.turn.party) == (0, "russia")
    assert first.turn.conditions == ("hand_back", "aid_freeze")
    second = first.typed("if 2 1")
    assert [move.line for move in second.moves] == ["0 russia if aid_freeze hand_back"]
    assert second.turn.day == 7
    types = [event["type"] for event in second.news("russia")]
    assert types == ["acceptance", "counter_offer", "rejection", "battle"]


def test_what_a_party_is_told_hangs_on_nothing_that_is_hidden_from_it():
    """Another cost of the other side, another true drift: the same words on day 0."""
    plain = sim.load(FLAGSHIP)
    told = []
    for loaded in (plain, sim.load(FLAGSHIP, set={"front.drift_km2_per_week": -99.0})):
        found = game(loaded, ["russia"])
        turn = found.turn
        for cost in (500.0, 1000.0):
            for records in (turn.view.world, turn.scene.world):
                records["cost"][0, 0] = cost
            told.append(
                (
                    briefing(loaded, "russia"),
                    words.question(turn),
                    list(words.choices(turn)),
                    words.standing(found, turn.view),
                    words.own_standing(turn.view),
                    advice(turn),
                )
            )
    assert all(each == told[0] for each in told)


def test_news_tell_no_reasons_of_others():
    found = game(sim.load(FLAGSHIP), ["russia"])
    while found.turn is not None:
        text = " ".join(t for _, t in words.news(found.events, found.labels))
        assert "fighting on" not in text
        assert "most weigh" not in text
        found = found.typed("refuse")


def test_nobody_hears_an_answer_before_its_own():
    found = game(sim.load(FLAGSHIP), ["russia", "ukraine"])
    assert found.turn.party == "ukraine"
    after = found.typed("accept")
    assert (after.turn.party, after.turn.day) == ("russia", 0)
    assert [event["type"] for event in after.events] == ["offer"]
    assert set(after.turn.view.world["answer"][0]) == {0}


def test_advice_says_what_best_response_does_and_what_it_is_worth():
    turn = game(sim.load(FLAGSHIP), ["russia"]).turn
    found = advice(turn)
    assert found.move.text == "if hand_back aid_freeze"
    assert sum(value for _, value in found.parts) == pytest.approx(
        turn.view.gain(), abs=0.3
    )
    assert [name for name, *_ in found.options] == [
        "Kursk is handed back",
        "aid is frozen",
        "Kursk is handed back and aid is frozen",
    ]
    gains = [gain for _, gain, *_ in found.options]
    assert gains[2] > max(gains[0], gains[1]) > turn.view.gain()


def test_conditions_have_a_worth_where_the_offer_alone_would_be_taken():
    loaded = sim.load(TWO_SIDED, set={"parties.russia.cost_of_war_km2": 5000.0})
    found = game(loaded, ["russia"])
    while not (found.turn.answers and found.turn.conditions):
        found = found.typed("refuse" if found.turn.answers else "pass")
    turn = found.turn
    told = advice(turn)
    assert told.move.text == "accept"
    assert all(gain > turn.view.gain() for _, gain, *_ in told.options)


def test_to_ask_for_advice_changes_nothing():
    found = game(sim.load(TWO_SIDED), ["ukraine"])
    seen = found.turn.view
    before = [snapshot(each).tobytes() for each in (seen.world, seen.table)]
    advice(found.turn)
    assert [each.tobytes() for each in (seen.world, seen.table)] == before


@pytest.mark.parametrize(
    "text",
    ["", "maybe", "if", "offer", "offer a b", "accept now", "pass 1", "x" * 500],
)
def test_what_is_no_move_is_refused(text):
    with pytest.raises(UsageError):
        move_of(text, 0, "russia")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["0 russia"], "line 1"),
        (["# fine", "-1 russia accept"], "line 2"),
        (["0 rusia accept"], "did you mean 'russia'"),
        (["7 russia accept", "0 russia accept"], "after day 7"),
        (["0 russia accept", "0 russia refuse"], "a second move"),
        (["0 russia acept"], "did you mean 'accept'"),
        ([f"{day} russia accept" for day in range(MOST_MOVES + 1)], "more than"),
        (["0 \x1b[31mrussia accept"], "no party"),
        (["0 russia \x1b[2Jaccept"], r"'\\x1b\[2Jaccept' is not a move"),
    ],
)
def test_what_is_wrong_with_lines_is_named_with_its_line(lines, said):
    with pytest.raises(UsageError, match=said) as found:
        moves_in(lines, ["russia"], "moves.txt")
    assert "\x1b" not in str(found.value)


def test_a_file_from_another_editor_is_read_as_it_is_meant(tmp_path):
    file = tmp_path / "moves.txt"
    file.write_bytes(b"\xef\xbb\xbf0 Russia Accept\r\n31 RUSSIA refuse\r\n")
    found = [each.line for each in moves_of_file(file, ["russia"])]
    assert found == ["0 russia accept", "31 russia refuse"]


@pytest.mark.parametrize("kept", [None, "accept", [1], [["0"]], ["0 russia"]])
def test_a_folder_whose_moves_are_none_is_damaged(kept):
    with pytest.raises(InputMissingError):
        moves_kept(kept, ["russia"], "DIR")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["3 russia accept"], "of russia on day 0 is missing; .* is of day 3"),
        (
            ["0 russia refuse", "3 russia accept"],
            "nothing to decide on that day; the next",
        ),
        (["0 russia offer freeze"], "asked for an answer"),
        (["0 russia if monitoring"], "not a condition"),
        (["0 russia if sanctions"], "not a condition"),
    ],
)
def test_a_move_that_cannot_be_made_is_refused(lines, said):
    moves = moves_in(lines, ["russia"], "test")
    with pytest.raises(UsageError, match=said):
        game(sim.load(FLAGSHIP), ["russia"], moves=moves)


@pytest.mark.parametrize(
    ("seat", "text", "said"),
    [
        ("russia", "3", r"made here \(accept, refuse, if 1, if 2\)"),
        ("russia", "acept", "did you mean 'accept'"),
        ("russia", "if 7", r"'7' .* \(1 hand_back, 2 aid_freeze\)"),
        ("russia", "if back", "did you mean 'hand_back'"),
        ("ukraine", "if 1", r"made here \(accept, refuse\)"),
        ("united_states", "accept", r"\(1 energy_truce, 2 freeze, .*, pass\)"),
        ("united_states", "freze", "did you mean 'freeze'"),
        ("united_states", "offer 9", r"'9' is not an offer .*2 freeze"),
    ],
)
def test_what_cannot_be_typed_now_is_answered_with_what_can(seat, text, said):
    found = game(sim.load(FLAGSHIP), [seat])
    with pytest.raises(UsageError, match=said):
        found.typed(text)


def test_an_offer_may_be_typed_by_its_name_alone():
    found = game(sim.load(FLAGSHIP), ["united_states"])
    assert found.typed("freeze").moves[-1].text == "offer freeze"


def test_help_has_the_names_for_what_is_numbered():
    patron = game(sim.load(FLAGSHIP), ["united_states"]).turn
    side = game(sim.load(FLAGSHIP), ["russia"]).turn
    told = [text for turn in (patron, side) for _, text in choices(turn, names=True)]
    for turn, verb in ((patron, "offer"), (side, "if")):
        for name in turn.offers + turn.conditions:
            assert any(f"(or: {verb} {name})" in text for text in told)


def test_a_seat_is_that_of_a_party_here():
    loaded = sim.load(FLAGSHIP)
    with pytest.raises(UsageError, match="did you mean 'russia'"):
        game(loaded, ["rusia"])
    with pytest.raises(UsageError, match="nobody is at the table"):
        game(loaded, [])


def test_the_table_of_decisions_says_who_did_what_and_what_it_was_worth():
    found = game(sim.load(FLAGSHIP), ["russia"])
    while found.turn is not None:
        found = found.typed("accept")
    head, first, *_ = debrief.decisions_table(found)
    assert head == ("day", "worth", "decided", "best response", "about")
    assert first[:1] + first[2:4] == (
        "0",
        "yes",
        "yes, if land handed back and aid frozen",
    )
    assert float(first[1]) < 0.0
    ours, best = (
        each.outcome["payoff"]["russia"] for each in (found.model, found.best)
    )
    assert f"{best:,.0f} km2" in " ".join(debrief.score(found))
    assert f"{ours:,.0f} km2" in " ".join(debrief.score(found))
    (parted,) = debrief.parted(found)
    assert "Russia accepts" in parted


def test_a_decision_is_told_with_the_offer_as_it_stood():
    found = game(sim.load(FLAGSHIP), ["ukraine"], replicate=3)
    while found.turn is not None:
        found = found.typed("accept")
    about = {row[0]: row[-1] for row in debrief.decisions_table(found)[1:]}
    assert about["0"] == "a 30-day truce"
    assert about["1"] == "a 30-day truce, Kursk handed back, aid frozen"  # asked for
    assert about["91"] == "a 30-day truce, aid frozen"  # nothing is held any more
