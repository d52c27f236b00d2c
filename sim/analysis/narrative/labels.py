"""What an input is called in a sentence about one party's decision."""

import re

from sim.model.labels import Labels
from sim.scenario.negotiation import TERMS

# By path, * for a name in it; {1} is the first of these names.
_WORDS = {
    "chips.*.area_km2": "{1} held",
    "chips.*.amount": "{1} held",
    "chips.*.peak_km2": "a peak of {1}",
    "chips.*.peak": "a peak of {1}",
    "chips.*.value_km2.*": "a worth of {1} to {2}",
    "chips.*.drift_km2_per_week": "the drift that {1} brings its holder",
    "chips.*.opens_when.below_km2": "the size of another chip that opens {1}",
    "chips.*.switch_on_aid_cut": "an effect of aid cuts on {1}",
    "chips.*.capture_per_week": "a weekly chance of capture of {1}",
    "chips.*.floor": "the part of its peak below which {1} is gone,",
    "chips.*.regimes.*.loss_per_week": "weekly loss of {1} in «{2}»",
    "chips.*.regimes.*.gain_per_week": "weekly gain of {1} in «{2}»",
    "chips.*.regimes.*.volatility_per_week": "weekly spread of {1} in «{2}»",
    "chips.*.regimes.*.switch_per_week.*": "a weekly rate of {1} from «{2}» to «{3}»",
    "parties.*.cost_of_war_km2.value": "a cost of war to {1}",
    "parties.*.cost_of_war_km2.private.0": (
        "the least cost of war that others think possible of {1}"
    ),
    "parties.*.cost_of_war_km2.private.1": (
        "the largest cost of war that others think possible of {1}"
    ),
    "parties.*.belief.drift_km2_per_week": "{1}'s belief of the drift to {front}",
    "parties.*.belief.weight_weeks": "a weight of {1}'s belief",
    "parties.*.bargaining_weight": "a bargaining weight of {1}",
    "parties.*.decision_noise_km2": "a scale of {1}'s errors of judgement",
    "parties.*.policy.*": "the {2} of {1}'s policy",
    "parties.*.rearmament_km2_per_week": "weekly rearmament of {1} in a truce",
    "parties.*.value_of_harm": "a worth of harm to {1}",
    "parties.*.audience_cost_km2": "an audience cost of signing to {1}",
    "parties.*.claimed_km2": "land of the stake claimed by {1}",
    "parties.*.value_per_km2": "a worth of each km2 to {1}",
    "parties.*.aid_cost_km2": "a cost of the aid to {1}",
    "parties.*.cost_while_war_km2": "a cost of the war to {1}",
    "parties.*.reputation_km2": "a worth of its word to {1}",
    "parties.*.pressure": "pressure by {1}",
    "parties.*.price_of_refusal_km2": "a price of refusing {1}",
    "aid.level": "aid",
    "aid.drift_km2_per_week": "the drift that a unit of aid brings",
    "aid.long_run_level": "aid expected in the long run",
    "aid.revert_per_week": "a weekly chance that the aid goes to its usual level",
    "aid.lag_weeks": "a lag of the aid",
    "aid.rule.after_refusal_by.*": "aid if {1} alone refuses",
    "aid.rule.after_acceptance_by.*": "aid if {1} accepts",
    "negotiation.round_every_days": "time between rounds",
    "truce.breakdown_per_week": "a weekly chance of break-down",
    "truce.monitoring_effect": "an effect of monitoring",
    "truce.pressure_effect": "an effect of pressure on break-down",
    "truce.settlement_per_week": "a weekly chance of settlement",
    "negotiation.offers.*.duration_days": "a duration of «{1}»",
    "negotiation.offers.*.line.held_km2": "{front}'s land by the line of «{1}»",
    "negotiation.offers.*.relief.*": "a share of {2}'s cost of war spared by «{1}»",
    "front.stake_km2": "the land in dispute",
    "front.held_km2": "{front}'s land of the stake",
    "front.volatility_km2_per_week": "a weekly spread of the line",
    "territory_flow": "a share of land's worth enjoyed while fighting",
    "discount_factor_per_week": "a weight of the next week",
    **{path: words for term in TERMS.values() for path, words in term.inputs.items()},
}


def input_in_words(path: str, labels: Labels) -> str:
    """Return what a number of the scenario stands for; else its path.

    >>> from sim.model.labels import labels_of
    >>> from sim.scenario.load import load
    >>> called = labels_of(load("kursk-2025-03-13").scenario)
    >>> input_in_words("chips.kursk.area_km2", called)
    'Kursk held'
    >>> input_in_words("parties.russia.belief.drift_km2_per_week", called)
    "Russia's belief of the drift to Ukraine"
    """
    front = labels.party_label(labels.sides[0])
    for pattern, words in _WORDS.items():
        found = re.fullmatch(pattern.replace(".", r"\.").replace("*", r"(\w+)"), path)
        if found:
            names = (_called(name, labels) for name in found.groups())
            return words.format(path, *names, front=front)
    return path


def _called(name: str, labels: Labels) -> str:
    """Return a party or chip by its label, an offer, regime or field as written."""
    if name in labels.parties:
        return labels.party_label(name)
    if name in labels.chips:
        return labels.chip_label(name)
    return name.removesuffix("_km2").replace("_", " ")


# A field whose number is not plain says its unit in its name.
_UNITS = {"_km2_per_week": "km2 a week", "_km2": "km2", "_days": "days"}
_UNITS |= {"_weeks": "weeks"}
_SIZES = ("amount", "peak")  # of a chip, in its own unit


def number_in_words(path: str, number: float, labels: Labels) -> str:
    """Return a number of an input with its unit, in six digits at most.

    >>> from sim.model.labels import labels_of
    >>> from sim.scenario.load import load
    >>> called = labels_of(load("kursk-2025-03-13").scenario)
    >>> number_in_words("chips.kursk.area_km2", 1078.25, called)
    '1,078.25 km2'
    >>> number_in_words("parties.russia.belief.drift_km2_per_week", -36, called)
    '-36 km2 a week'
    >>> number_in_words("aid.level", 0.5, called)
    '0.5'
    """
    text = f"{number:,.6g}" if abs(number) < 1e5 else f"{number:,.0f}"
    _, *names = path.split(".")
    if path.startswith("chips.") and names[-1] in _SIZES:
        unit = labels.units[labels.chips.index(names[0])]
    elif names[-1:] == ["below_km2"]:  # of another chip, which may be no land
        unit = "km2" if {*labels.units} == {"km2"} else ""
    elif "value_km2" in names:
        unit = "km2"
    else:
        last = path.removesuffix(".value").split(".private.")[0]
        units = (unit for end, unit in _UNITS.items() if last.endswith(end))
        unit = next(units, "")
    return f"{text} {unit}".rstrip()


def short_number(number: float) -> str:
    """Return a number of an input with as many digits as one would say.

    >>> short_number(0.0005), short_number(1078.0), short_number(0.46)
    ('0.0005', '1,078', '0.46')
    """
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.0f}"
