"""War because a promise would not be kept: power that shifts, or strikes first."""

from sim.model.formulas.offers import UNENDING, annuity, truce_value
from sim.theory.inputs import COST, DISCOUNT, SHARE, Range, Results, Rule, model, takes

PLACE_IN_COURSE = 2.2
_PATIENCE = takes("d", "discount factor per period", DISCOUNT)
_DESTROYED = Range(0, 1 - 1e-6)


@model(
    title="Preventive war",
    question="When is it better to fight before the other is strong?",
    results={
        "gain": "d p2 - p1, what an attack today prevents",
        "price": "cB (1-d)^2, what it costs",
        "attack": "whether the declining side attacks",
        "critical_p2": "p2 above which it does; above 1: never",
    },
    formula="attack iff d p2 - p1 > cB (1-d)^2",
    source="Fearon 1995, pp. 405-406",
    teaches=(
        "A side that will be stronger cannot promise today not to use its strength "
        "tomorrow. With patient sides even a small shift makes war now the lesser evil."
    ),
    example="p1=0.35 p2=0.65 cB=0.1 d=0.9",
)
def preventive(
    now: float = takes("p1", "chance that the rising side wins today", SHARE),
    later: float = takes("p2", "chance that it wins later", SHARE),
    cost: float = takes("cB", "cost of war to the declining side", COST),
    discount: float = _PATIENCE,
) -> Results:
    """Fearon's condition, as printed."""
    gain, price = discount * later - now, cost * (1.0 - discount) ** 2
    return {
        "gain": gain,
        "price": price,
        "attack": gain > price,
        "critical_p2": (now + price) / discount,
    }


@model(
    title="Shifting power",
    question="How fast may power shift before there is war?",
    rules=(Rule(lambda win, shift: win + shift <= 1.0, "sum to above 1"),),
    results={
        "lhs": "(1-c)[d(p+D)-p], what the shift takes",
        "war": "whether the declining side fights: lhs > c",
        "critical_shift": "D above which it does",
        "war_value": "value of war today to the declining side",
        "peace_value": "most that peace can give it",
    },
    formula=(
        "war iff (1-c)[d(p+D)-p] > c, which is war_value - peace_value > 0 with "
        "war_value = (1-p)(1-c) and peace_value = (1-d) + d [1-(p+D)(1-c)]"
    ),
    source="Powell 2006, p. 183",
    teaches=(
        "Even if the declining side gets everything today, tomorrow's bargain will "
        "follow tomorrow's power. Large, fast shifts bring war, and slow ones of the "
        "same size do not."
    ),
    example="p=0.3 D=0.4 d=0.95 c=0.2",
)
def commitment(
    win: float = takes("p", "chance that the rising side wins today", SHARE),
    shift: float = takes("D", "by how much it rises", SHARE),
    discount: float = _PATIENCE,
    destroyed: float = takes("c", "share of the stake that war destroys", _DESTROYED),
) -> Results:
    """The model's truce that is settled after one period, at tomorrow's power."""
    left = 1.0 - destroyed
    later = 1.0 - (win + shift) * left
    worth, end = annuity(discount, 1.0, UNENDING)
    peace = truce_value(1.0, 0.0, later, 0.0, 1.0, worth, end, discount)
    war = (1.0 - win) * left
    return {
        "lhs": war - peace + destroyed,
        "war": war > peace,
        "critical_shift": (destroyed / left + win) / discount - win,
        "war_value": war,
        "peace_value": peace,
    }


@model(
    title="Surprise attack",
    question="How tempting may surprise be before no deal holds?",
    rules=(
        Rule(
            lambda win, surprise: surprise <= min(win, 1.0 - win),
            "f is above p or above 1-p: odds would leave 0 to 1",
        ),
    ),
    results={
        "floor": "least share that A accepts rather than surprise B",
        "ceiling": "most that B leaves to A rather than surprise it",
        "deal": "whether there is a share that deters both",
        "critical_f": "f above which there is none",
    },
    formula="floor = (p+f)(1-c), ceiling = 1-(1-p+f)(1-c); no deal iff 2 f (1-c) > c",
    source="Powell 2006, pp. 184-185",
    teaches=(
        "Each side must get what it could take by surprise, and together that may be "
        "more than there is. Defences that make surprise useless keep peace better "
        "than strength does."
    ),
    example="p=0.5 f=0.15 c=0.2",
)
def surprise_attack(
    win: float = takes("p", "chance that A wins if nobody is surprised", SHARE),
    surprise: float = takes("f", "chance that striking first adds", SHARE),
    destroyed: float = takes("c", "share of the stake that war destroys", _DESTROYED),
) -> Results:
    """What each side could take by surprise, of what war leaves of the stake."""
    left = 1.0 - destroyed
    return {
        "floor": (win + surprise) * left,
        "ceiling": 1.0 - (1.0 - win + surprise) * left,
        "deal": 2.0 * surprise * left <= destroyed,
        "critical_f": destroyed / (2.0 * left),
    }
