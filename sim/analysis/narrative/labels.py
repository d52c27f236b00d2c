"""What an input is called in a sentence about one party's decision."""

import re

from sim.analysis.narrative.words import display_name
from sim.scenario.negotiation import TERMS

# By path, * for a name in it; {1} is the first of these names.
_WORDS = {
    "chips.*.area_km2": "{1} held",
    "chips.*.peak_km2": "a peak of {1}",
    "chips.*.value_to.*": "a worth of {1} to {2}",
    "chips.*.log_odds_while_held": "forces tied down by {1}",
    "chips.*.switch_on_aid_cut": "an effect of aid cuts on {1}",
    "chips.*.capture_per_week": "a weekly chance of capture of {1}",
    "chips.*.regimes.*.loss_per_week": "weekly loss of {1} in «{2}»",
    "chips.*.regimes.*.switch_per_week.*": "a weekly rate of {1} from «{2}» to «{3}»",
    "parties.*.cost_of_war.value": "a cost of war to {1}",
    "parties.*.cost_of_war.private.0": (
        "the least cost of war that others think possible of {1}"
    ),
    "parties.*.cost_of_war.private.1": (
        "the largest cost of war that others think possible of {1}"
    ),
    "parties.*.belief.win_probability": "{1}'s belief that {front} wins a battle",
    "parties.*.bargaining_weight": "a bargaining weight of {1}",
    "parties.*.decision_noise": "a scale of {1}'s errors of judgement",
    "parties.*.policy.*": "the {2} of {1}'s policy",
    "parties.*.rearmament_per_week": "weekly rearmament of {1} in a truce",
    "parties.*.value_of_harm": "a worth of harm to {1}",
    "parties.*.audience_cost": "an audience cost of signing to {1}",
    "parties.*.claimed_share": "a share of the stake claimed by {1}",
    "parties.*.value_of_outcome": "a worth of the outcome to {1}",
    "parties.*.aid_cost": "a cost of the aid to {1}",
    "parties.*.cost_while_war": "a cost of the war to {1}",
    "parties.*.reputation": "a worth of its word to {1}",
    "parties.*.pressure": "pressure by {1}",
    "parties.*.price_of_refusal": "a price of refusing {1}",
    "aid.level": "aid",
    "aid.log_odds_per_unit": "an effect of aid in battle",
    "aid.long_run_level": "aid expected in the long run",
    "aid.revert_per_week": "a weekly chance that the aid goes to its usual level",
    "aid.rule.after_refusal_by.*": "aid if {1} alone refuses",
    "aid.rule.after_acceptance_by.*": "aid if {1} accepts",
    "negotiation.round_every_days": "days between rounds",
    "truce.breakdown_per_week": "a weekly chance of break-down",
    "truce.monitoring_effect": "an effect of monitoring",
    "truce.pressure_effect": "an effect of pressure on break-down",
    "truce.settlement_per_week": "a weekly chance of settlement",
    "negotiation.offers.*.duration_days": "«{1}» lasting a number of days",
    "negotiation.offers.*.line.share": "the line of «{1}»",
    "negotiation.offers.*.relief.*": "a share of {2}'s cost of war spared by «{1}»",
    "front.share": "{front}'s share of the stake",
    "front.battles_per_week": "battles a week",
    "territory_flow": "a share of land's worth enjoyed while fighting",
    "discount_factor_per_week": "a weight of the next week",
    **{path: words for term in TERMS.values() for path, words in term.inputs.items()},
}


def input_in_words(path: str, front_side: str) -> str:
    """Return what a number of the scenario stands for; else its path.

    >>> input_in_words("chips.kursk.area_km2", "ukraine")
    'Kursk held'
    >>> input_in_words("parties.russia.belief.win_probability", "ukraine")
    "Russia's belief that Ukraine wins a battle"
    >>> input_in_words("aid.lag_weeks", "ukraine")
    'aid.lag_weeks'
    """
    for pattern, words in _WORDS.items():
        found = re.fullmatch(pattern.replace(".", r"\.").replace("*", r"(\w+)"), path)
        if found:
            parents = (
                path[: found.start(i)] for i in range(1, len(found.groups()) + 1)
            )
            names = map(_named, parents, found.groups())
            return words.format(path, *names, front=display_name(front_side))
    return path


def _named(parent: str, name: str) -> str:
    """Return a party or chip as displayed, an offer, regime or field as written."""
    as_written = ("offers.", "regimes.", "switch_per_week.", "policy.")
    return name.replace("_", " ") if parent.endswith(as_written) else display_name(name)


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
    if path.endswith("_km2"):
        return f"{number:,.2f}".rstrip("0").rstrip(".") + " km2"
    return f"{number:,.6g}" if abs(number) < 1e4 else f"{number:,.0f}"


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
