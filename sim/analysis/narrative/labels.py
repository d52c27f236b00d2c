"""What an input is called in a sentence about one party's decision."""

import re

from sim.analysis.narrative.words import display_name
from sim.scenario.negotiation import TERMS

_NAME = r"(\w+)"

# First the path, as a pattern; then the words, with the names found in it.
_WORDS: tuple[tuple[str, str], ...] = (
    (rf"chips\.{_NAME}\.area_km2", "{0} held"),
    (rf"chips\.{_NAME}\.peak_km2", "a peak of {0}"),
    (rf"chips\.{_NAME}\.value_to\.{_NAME}", "a worth of {0} to {1}"),
    (rf"chips\.{_NAME}\.log_odds_while_held", "forces tied down by {0}"),
    (rf"chips\.{_NAME}\.switch_on_aid_cut", "an effect of aid cuts on {0}"),
    (rf"chips\.{_NAME}\.capture_per_week", "a weekly chance of capture of {0}"),
    (rf"chips\.{_NAME}\.regimes\.(\w+)\.loss_per_week", "weekly loss of {0} in «{1}»"),
    (
        rf"chips\.{_NAME}\.regimes\.(\w+)\.switch_per_week\.(\w+)",
        "a weekly rate of {0} from «{1}» to «{2}»",
    ),
    (rf"parties\.{_NAME}\.cost_of_war\.value", "a cost of war to {0}"),
    (
        rf"parties\.{_NAME}\.cost_of_war\.private\.0",
        "the least cost of war that others think possible of {0}",
    ),
    (
        rf"parties\.{_NAME}\.cost_of_war\.private\.1",
        "the largest cost of war that others think possible of {0}",
    ),
    (
        rf"parties\.{_NAME}\.belief\.win_probability",
        "{0}'s belief that {front} wins a battle",
    ),
    (rf"parties\.{_NAME}\.bargaining_weight", "a bargaining weight of {0}"),
    (rf"parties\.{_NAME}\.decision_noise", "a scale of {0}'s errors of judgement"),
    (rf"parties\.{_NAME}\.policy\.(\w+)", "the {1} of {0}'s policy"),
    (rf"parties\.{_NAME}\.rearmament_per_week", "weekly rearmament of {0} in a truce"),
    (rf"parties\.{_NAME}\.value_of_harm", "a worth of harm to {0}"),
    (rf"parties\.{_NAME}\.audience_cost", "an audience cost of signing to {0}"),
    (rf"parties\.{_NAME}\.claimed_share", "a share of the stake claimed by {0}"),
    (rf"parties\.{_NAME}\.value_of_outcome", "a worth of the outcome to {0}"),
    (rf"parties\.{_NAME}\.aid_cost", "a cost of the aid to {0}"),
    (rf"parties\.{_NAME}\.cost_while_war", "a cost of the war to {0}"),
    (rf"parties\.{_NAME}\.reputation", "a worth of its word to {0}"),
    (rf"parties\.{_NAME}\.pressure", "pressure by {0}"),
    (rf"parties\.{_NAME}\.price_of_refusal", "a price of refusing {0}"),
    (r"aid\.level", "aid"),
    (r"aid\.log_odds_per_unit", "an effect of aid in battle"),
    (r"aid\.long_run_level", "aid expected in the long run"),
    (r"aid\.revert_per_week", "a weekly chance that the aid goes to its usual level"),
    (rf"aid\.rule\.after_refusal_by\.{_NAME}", "aid if {0} alone refuses"),
    (rf"aid\.rule\.after_acceptance_by\.{_NAME}", "aid if {0} accepts"),
    (r"negotiation\.round_every_days", "days between rounds"),
    (r"truce\.breakdown_per_week", "a weekly chance of break-down"),
    (r"truce\.monitoring_effect", "an effect of monitoring"),
    (r"truce\.pressure_effect", "an effect of pressure on break-down"),
    (r"truce\.settlement_per_week", "a weekly chance of settlement"),
    (
        rf"negotiation\.offers\.{_NAME}\.duration_days",
        "«{0}» lasting a number of days",
    ),
    (rf"negotiation\.offers\.{_NAME}\.line\.share", "the line of «{0}»"),
    (
        rf"negotiation\.offers\.{_NAME}\.relief\.{_NAME}",
        "a share of {1}'s cost of war spared by «{0}»",
    ),
    (r"front\.share", "{front}'s share of the stake"),
    (r"front\.battles_per_week", "battles a week"),
    (r"territory_flow", "a share of land's worth enjoyed while fighting"),
    (r"discount_factor_per_week", "a weight of the next week"),
    *(
        (path.replace(".", r"\.").replace("*", _NAME), words)
        for term in TERMS.values()
        for path, words in term.inputs.items()
    ),
)


def input_in_words(path: str, front_side: str) -> str:
    """Return what a number of the scenario stands for; else its path.

    >>> input_in_words("chips.kursk.area_km2", "ukraine")
    'Kursk held'
    >>> input_in_words("parties.russia.belief.win_probability", "ukraine")
    "Russia's belief that Ukraine wins a battle"
    >>> input_in_words("aid.lag_weeks", "ukraine")
    'aid.lag_weeks'
    """
    for pattern, words in _WORDS:
        found = re.fullmatch(pattern, path)
        if found:
            offer = path.startswith("negotiation.offers.")
            names = [
                name.replace("_", " ") if offer and i == 0 else _named(path, name)
                for i, name in enumerate(found.groups())
            ]
            return words.format(*names, front=display_name(front_side))
    return path


def _named(path: str, name: str) -> str:
    """Return a party or chip as displayed, a regime or field as it is written."""
    plain = path.startswith("chips.") and f".regimes.{name}." in f"{path}."
    after_switch = f".switch_per_week.{name}" in path
    of_policy = f".policy.{name}" in path
    if plain or after_switch or of_policy:
        return name.replace("_", " ")
    return display_name(name)


def worth_in_words(worth: float, sign: str = "") -> str:
    """Return a worth with six decimals, or with three digits where it is tiny.

    >>> worth_in_words(0.0123456789), worth_in_words(-2.5e-7, "+")
    ('0.012346', '-2.50e-07')
    """
    tiny = 0.0 < abs(worth) < 1e-4
    return f"{worth:{sign}.2e}" if tiny else f"{worth:{sign}.6f}"


def number_in_words(path: str, number: float) -> str:
    """Return a number of an input with its unit.

    >>> number_in_words("chips.kursk.area_km2", 1078.25)
    '1,078.25 km2'
    >>> number_in_words("aid.level", 0.5)
    '0.5'
    """
    text = f"{number:,.6g}" if abs(number) < 1e4 else f"{number:,.0f}"
    if path.endswith("_km2"):
        text = f"{number:,.2f}".rstrip("0").rstrip(".")
        return f"{text} km2"
    return text


# Blocks whose entries have names of their own.
_NAMED = {"parties": "", "chips": "", "offers": "offer "}
_LEFT_OUT = {"regimes", "value"}
_GROUPS = {"negotiation": "talks"}


def short_name(path: str) -> str:
    """Return a path in words; other than the path, it need not be unique.

    >>> short_name("parties.russia.belief.win_probability")
    'Russia: belief about the odds'
    >>> short_name("chips.kursk.regimes.collapse.loss_per_week")
    'Kursk: collapse, loss per week'
    >>> short_name("chips.kursk.value_to.russia"), short_name("front.step_km2")
    ('Kursk: value to Russia', 'front: step, km²')
    >>> short_name("negotiation.offers.thirty_days.monitoring")
    'offer thirty days: monitoring'
    """
    names = path.split(".")
    if names[:2] == ["negotiation", "offers"]:
        names = names[1:]
    head = ""
    if len(names) > 2 and names[0] in _NAMED:
        shown = names[1] if names[0] == "offers" else display_name(names[1])
        head, names = f"{_NAMED[names[0]]}{_spaced(shown)}: ", names[2:]
    elif len(names) > 1:
        head, names = f"{_GROUPS.get(names[0], _spaced(names[0]))}: ", names[1:]
    if names[0] in ("value_to", "proposer_weights") and len(names) == 2:
        what = "value to" if names[0] == "value_to" else "weight as proposer,"
        return f"{head}{what} {display_name(names[1])}"
    if names == ["belief", "win_probability"]:
        return f"{head}belief about the odds"
    words = [_spaced(name) for name in names if name not in _LEFT_OUT]
    return head + ", ".join(words)


def short_number(number: float) -> str:
    """Return a number of an input with as many digits as one would say.

    >>> short_number(0.0005), short_number(1078.0), short_number(0.46)
    ('0.0005', '1,078', '0.46')
    """
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.0f}"


def _spaced(name: str) -> str:
    return name.replace("_km2", ", km²").replace("_", " ")
