"""Three types of opponent: reference values, and play of the game move by move."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.theory.slantchev_types import slantchev_types
from tests.theory import oracles

T21 = {
    "lines": 6,
    "line": 3,
    "win_against_strong": 0.3,
    "win_against_middle": 0.5,
    "win_against_weak": 0.7,
    "prior_weak": 0.3,
    "prior_strong": 0.3,
    "discount": 0.99,
    "own_flow": 0.3,
    "other_flow": 0.3,
}


def test_reference_offers_and_beliefs():  # T21
    found = slantchev_types(**T21)
    expected = {
        "x0": 0.1987455149,
        "y_win": 0.7470766067,
        "y_loss": 0.9445467899,
        "q_win": 0.3103448276,
        "q_loss": 0.512195122,
        "battles": 1.0,
    }
    assert {name: found[name] for name in expected} == pytest.approx(
        expected, rel=1e-8, abs=1e-9
    )
    assert found["separates"]


class Game:
    """The same game, each history played out; shares no code with the model."""

    def __init__(self, **inputs):
        self.__dict__.update(inputs)
        self.odds = {
            "weak": self.win_against_weak,
            "middle": self.win_against_middle,
            "strong": self.win_against_strong,
        }
        self.prior = {
            "weak": self.prior_weak,
            "strong": self.prior_strong,
            "middle": 1 - self.prior_weak - self.prior_strong,
        }
        self.known, _ = oracles.slantchev(
            self.win_against_strong,
            self.lines,
            self.discount,
            1.0,
            lambda k: self.own_flow,
            lambda k: self.other_flow,
        )

    def own(self, flow_then):
        return (1 - self.discount) * self.own_flow + self.discount * flow_then

    def other(self, flow_then):
        return (1 - self.discount) * self.other_flow + self.discount * flow_then

    def demand(self, line, outcome):
        """Largest demand that U accepts, who counts histories of types and battles."""
        weights, values = {}, {}
        for name in ("middle", "strong"):
            p = self.odds[name]
            weights[name] = self.prior[name] * (p if outcome == "win" else 1 - p)
            values[name] = 0.0
            for chance, at in ((p, line + 1), (1 - p, line - 1)):
                values[name] += chance * self.known[at]
        total = sum(weights.values())
        mean = sum(weights[name] * values[name] for name in weights) / total
        return 1 - self.own(mean), weights["strong"] / total

    def refuse_twice(self, name, line):
        """Value to a type of a demand nobody accepts: a battle, then U's last offer."""
        p = self.odds[name]
        return self.other(
            p * (1 - self.known[line + 1]) + (1 - p) * (1 - self.known[line - 1])
        )


@given(
    st.integers(4, 12),
    st.integers(2, 10),
    st.tuples(*[st.floats(0.05, 0.95)] * 3),
    st.floats(0.05, 0.45),
    st.floats(0.05, 0.45),
    st.floats(0.3, 0.97),
    st.floats(-0.3, 0.45),
    st.floats(-0.3, 0.45),
)
def test_the_model_is_the_game_played_out(lines, line, odds, weak, strong, d, b, c):
    odds = sorted(odds)
    assume(line <= lines - 2)
    assume(odds[1] - odds[0] > 1e-3 and odds[2] - odds[1] > 1e-3)
    names = ("win_against_strong", "win_against_middle", "win_against_weak")
    inputs = {
        "lines": lines,
        "line": line,
        **dict(zip(names, odds, strict=True)),
        "prior_weak": weak,
        "prior_strong": strong,
        "discount": d,
        "own_flow": b,
        "other_flow": c,
    }
    found, game = slantchev_types(**inputs), Game(**inputs)
    after_win, belief_win = game.demand(line + 1, "win")
    after_loss, belief_loss = game.demand(line - 1, "loss")
    p = game.odds["weak"]
    first = 1 - game.other(p * after_win + (1 - p) * after_loss)
    assert (
        found["y_win"],
        found["y_loss"],
        found["q_win"],
        found["q_loss"],
        found["x0"],
    ) == pytest.approx(
        (after_win, after_loss, belief_win, belief_loss, first), rel=1e-9, abs=1e-10
    )
    battles = {"weak": 0, "middle": 1, "strong": 2}
    mean = sum(game.prior[name] * battles[name] for name in battles)
    assert found["battles"] == pytest.approx(mean)
    gaps = []
    for demand, at in ((after_win, line + 1), (after_loss, line - 1)):
        gaps += [demand - game.refuse_twice(name, at) for name in ("weak", "middle")]
        gaps.append(game.refuse_twice("strong", at) - demand)
    if min(map(abs, gaps)) > 1e-9:
        assert found["separates"] == (min(gaps) > 0)


@given(st.floats(0.05, 0.9))
def test_more_fear_of_a_strong_opponent_concedes_more(prior):
    assume(prior < 0.65)
    less = slantchev_types(**{**T21, "prior_strong": prior})
    more = slantchev_types(**{**T21, "prior_strong": prior + 0.01})
    assert more["y_win"] > less["y_win"]
    assert more["x0"] < less["x0"]


def test_a_lost_battle_makes_a_strong_opponent_likelier_than_a_won_one():
    found = slantchev_types(**T21)
    assert found["q_loss"] > 0.3 / 0.7 > found["q_win"]
