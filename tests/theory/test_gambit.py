"""Finite games solved by an outside program: Gambit finds what the formulas say.

Runs with the extra `oracles`; without pygambit the tests are skipped.
"""

import io
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.theory.catalogue import calculate
from sim.theory.collapse_screening import collapse_screening
from tests.conftest import examples

gambit = pytest.importorskip(
    "pygambit", reason="pygambit is not installed: pip install 'ceasefire-sim[oracles]'"
)

# What an offer is above indifference, so that the answer is not a matter of taste.
GRAIN = Fraction(1, 10_000)


class Tree:
    """A game of two sides, written as Gambit's text format, node by node."""

    def __init__(self):
        self.lines = ['EFG 2 R "game" { "U" "R" }', '""']
        self.sets, self.ends = 0, 0

    def chance(self, branches):
        both = " ".join(f'"{name}" {chance}' for name, chance in branches.items())
        self.lines.append(f'c "" 1 "" {{ {both} }} 0')

    def choice(self, side, actions, known_as=None):
        if known_as is None:
            self.sets += 1
            known_as = 1000 + self.sets
        names = " ".join(f'"{action}"' for action in actions)
        self.lines.append(f'p "" {side} {known_as} "" {{ {names} }} 0')

    def end(self, first, second):
        self.ends += 1
        self.lines.append(f't "" {self.ends} "" {{ {first}, {second} }}')

    def game(self):
        return gambit.read_efg(io.StringIO("\n".join(self.lines) + "\n"))


def answers_are_best(game, equilibrium):
    """Whether R answers each demand as suits it, also those that are not made."""
    for kind in game.root.children:
        for answer in kind.children:
            worth = equilibrium.node_value("R", answer)
            after = [equilibrium.node_value("R", child) for child in answer.children]
            if worth != max(after):
                return False
    return True


def demands_made(game):
    """Demands of U in all pure equilibria in which R's answers are credible."""
    (at_start,) = game.players["U"].infosets
    made = set()
    for equilibrium in gambit.nash.enumpure_agent_solve(game).equilibria:
        if answers_are_best(game, equilibrium):
            made |= {each.label for each in at_start.actions if equilibrium[each] == 1}
    return made


def by_quantal_responses(game, actions):
    """The action that U takes at the start, in the limit of fewer and fewer errors."""
    (found,) = gambit.nash.logit_solve(game).equilibria
    start = next(iter(game.players["U"].infosets))
    chances = {action.label: float(found[action]) for action in start.actions}
    assert set(chances) == set(actions)
    return max(chances, key=chances.get)


def two_types(prior_weak, odds, own_cost, resolved_cost, weak_cost):
    """Take it or leave it; a refusal is war. Who is weak pays more for it."""
    demands = {
        "odds": odds,
        "safe": odds + resolved_cost - GRAIN,
        "between": odds + (resolved_cost + weak_cost) / 2,
        "risky": odds + weak_cost - GRAIN,
        "too much": odds + weak_cost + GRAIN,
    }
    tree = Tree()
    tree.chance({"weak": prior_weak, "resolved": 1 - prior_weak})
    for cost in (weak_cost, resolved_cost):
        tree.choice(1, demands, known_as=1)
        for demand in demands.values():
            tree.choice(2, ["accept", "refuse"])
            tree.end(demand, 1 - demand)
            tree.end(odds - own_cost, 1 - odds - cost)
    return tree.game()


hundredths = st.integers(1, 30).map(lambda n: Fraction(n, 100))


@settings(max_examples=examples(25))
@given(
    st.integers(1, 19).map(lambda n: Fraction(n, 20)),
    hundredths,
    hundredths,
    hundredths,
)
def test_a_risky_demand_pays_from_the_threshold_on(prior, own, resolved, more):  # T13
    weak = resolved + more
    threshold = (resolved + own) / (weak + own)
    assume(abs(prior - threshold) > Fraction(1, 50))
    game = two_types(prior, Fraction(1, 2), own, resolved, weak)
    assert demands_made(game) == {"risky" if prior > threshold else "safe"}


@pytest.mark.parametrize(("prior", "demand"), [("3/10", "safe"), ("9/20", "risky")])
def test_fewer_and_fewer_errors_lead_to_the_same_demand(prior, demand):  # T13: 0.375
    costs = Fraction(1, 10), Fraction(1, 20), Fraction(3, 10)
    game = two_types(Fraction(prior), Fraction(1, 2), *costs)
    names = ["odds", "safe", "between", "risky", "too much"]
    assert by_quantal_responses(game, names) == demand


def alternating(rounds, discount):
    """A tree of alternating offers that ends without agreement, and who offers what.

    In each round the proposer may offer what the responder just accepts, by counting
    from the end, or less (in the last round, a claim), or more.
    """
    due = Fraction(0)  # what the responder would have by refusing in the last round
    for _ in range(rounds - 1):
        due = discount * (1 - due)
    tree = Tree()

    def grow(left, side, worth):
        waits = Fraction(0)
        for _ in range(left - 1):
            waits = discount * (1 - waits)
        offers = {
            "less": waits - Fraction(1, 10),
            "due": waits + GRAIN,
            "more": waits + Fraction(1, 5),
        }
        tree.choice(side, offers)
        for offer in offers.values():
            tree.choice(3 - side, ["accept", "refuse"])
            parts = worth * (1 - offer), worth * offer
            tree.end(*(parts if side == 1 else parts[::-1]))
            if left == 1:
                tree.end(0, 0)
            else:
                grow(left - 1, 3 - side, worth * discount)

    grow(rounds, 1, Fraction(1))
    return tree.game(), 1 - due


def nodes_with_choices(node):
    """All nodes below and at `node` at which a side moves."""
    below = list(node.children)
    if below:
        yield node
    for child in below:
        yield from nodes_with_choices(child)


@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_a_short_tree_of_alternating_offers_leads_to_that_of_rubinstein(rounds):
    discount = Fraction(1, 2)
    game, share = alternating(rounds, discount)
    # what backward induction says is played, from one end of the tree to the other
    profile = game.mixed_behavior_profile(rational=True)
    for action in game.actions:
        profile[action] = 0
    for node in nodes_with_choices(game.root):
        actions = {action.label: action for action in node.infoset.actions}
        offered = node.prior_action.label if node.prior_action else None
        wanted = {"less": "refuse"}.get(offered, "accept")
        profile[actions["due" if "due" in actions else wanted]] = 1
    # by Gambit's count nobody gains at any node: perfect in every subgame
    for node in nodes_with_choices(game.root):
        worth = [profile.node_value(node.player, child) for child in node.children]
        assert profile.node_value(node.player, node) == max(worth)
    assert float(profile.payoff("U")) == pytest.approx(float(share), abs=2e-4)
    # without end: Rubinstein (1982), 1/(1+d)
    endless = calculate("rubinstein", {"d1": 0.5, "d2": 0.5}).results["x"]
    assert abs(float(share) - endless) <= 0.5**rounds


def test_fewer_and_fewer_errors_lead_to_the_offer_that_is_due():
    game, _ = alternating(2, Fraction(1, 2))
    assert by_quantal_responses(game, ["less", "due", "more"]) == "due"


@pytest.mark.parametrize("prior", ["1/2", "13/20"])
def test_the_first_offer_in_a_war_of_collapse(prior):  # T23
    world = {
        "discount": Fraction(9, 10),
        "own_collapse": Fraction(1, 10),
        "other_collapse": Fraction(3, 20),
        "own_flow": Fraction(3, 10),
        "tough_flow": Fraction(7, 20),
        "weak_flow": Fraction(1, 10),
    }
    found = collapse_screening(**{name: float(x) for name, x in world.items()})
    d, a, b = (world[x] for x in ("discount", "own_collapse", "other_collapse"))
    n = 1 - a - b
    pool = Fraction(found["pool"]).limit_denominator(10**9)
    screen = Fraction(found["screen"]).limit_denominator(10**9)
    offers = {"screen": screen + GRAIN / 10, "pool": pool + GRAIN / 10}
    tree = Tree()
    tree.chance({"weak": prior, "tough": 1 - Fraction(prior)})
    for flow in (world["weak_flow"], world["tough_flow"]):
        tree.choice(1, offers, known_as=1)
        for offer in offers.values():
            tree.choice(2, ["accept", "refuse"])
            tree.end(1 - offer, offer)
            # a round of war, and then the pooling offer
            tree.end(
                (1 - d) * world["own_flow"] + d * (b + n * (1 - pool)),
                (1 - d) * flow + d * (a + n * pool),
            )
    best = "screen" if Fraction(prior) > found["threshold"] else "pool"
    assert demands_made(tree.game()) == {best}
