"""A decision in plain words: what was chosen, what was compared, what would turn it."""

from typing import Any

from sim.analysis.decisions.decision import Decision
from sim.analysis.decisions.payoffs import (
    ACCEPTS,
    CUT,
    KEEP,
    NO_OFFER,
    REFUSES,
    ROUNDING,
)
from sim.analysis.decisions.thresholds import Flip
from sim.analysis.narrative.labels import input_in_words, number_in_words
from sim.analysis.narrative.sentences import (
    REASON_WORDS,
    conditions_in_words,
    offers_in_words,
    sentence,
)
from sim.analysis.narrative.words import in_text, km2, more_or_less, sentence_case
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT
from sim.scenario.negotiation import FLOW_TERMS

# What weighs with a patron, where its parts are not those of a side.
_OF_PATRON = {
    "territory": "what the side it supports would hold",
    "cost_of_fighting": "its own cost of the war",
    "offers": "what its best offer would bring",
    "reputation": "its reputation",
    **{term.part: term.weighs_with_patron for term in FLOW_TERMS.values()},
}


def part_in_words(name: str, *, of_patron: bool = False) -> str:
    """Return what a part stands for.

    >>> part_in_words("aid"), part_in_words("aid", of_patron=True)
    ('what becomes of the aid', 'the cost of the aid')
    """
    known = {**REASON_WORDS, **(_OF_PATRON if of_patron else {})}
    return known.get(name, name.replace("_", " "))


def is_of_patron(decision: Decision) -> bool:
    """Whether the parts of a decision are those of a patron."""
    return "harm_forgone" not in decision.parts


def heading(decision: Decision) -> str:
    """Return what a party does here, as the end of "Ukraine ..."."""
    return {
        ANSWER: "answers",
        CONDITIONS: "names conditions",
        PROPOSAL: "chooses an offer",
        AID: "decides on aid",
        THREAT: f"weighs its threat to {_threatened(decision)}",
    }[decision.kind]


def question(decision: Decision) -> str:
    """Return the question that a decision answers."""
    choice = decision.choice
    taken = "accepted" if choice == ACCEPTS else "refused"
    made = "no" if choice == NO_OFFER else "this"
    return {
        ANSWER: f"Why was this offer {taken}?",
        CONDITIONS: "Why were these conditions named?",
        PROPOSAL: f"Why was {made} offer made?",
        AID: f"Why was aid set at {choice}?",
        THREAT: f"Does the threat to {_threatened(decision)} count?",
    }[decision.kind]


def names_compared(decision: Decision) -> tuple[str, str]:
    """Return in words the two things that a decision compares."""
    first, second = decision.account.first.name, decision.account.second.name
    none = "making no offer"
    return {
        ANSWER: ("accepting", "fighting on"),
        CONDITIONS: ("accepting with its conditions", "fighting on"),
        PROPOSAL: (
            none if first == NO_OFFER else "this offer",
            none if second == NO_OFFER else "the next best",
        ),
        AID: (f"aid at {first}", f"aid at {second}"),
        THREAT: ("carrying it out", "breaking its word"),
    }[decision.kind]


def _threatened(decision: Decision) -> str:
    return decision.labels.party_labels[decision.about]


def in_words(decision: Decision) -> str:
    """Return a decision in neutral sentences: the choice, and what settled it."""
    return f"{_chosen(decision)} {_compared(decision)}."


def _chosen(decision: Decision) -> str:
    event, actor = decision.event, sentence_case(in_text(decision.called))
    if decision.kind == CONDITIONS:
        sets = [each for each in decision.account.options if each.chance > 0.0]
        chance = max((each.chance for each in sets), default=0.0)
        asked = _conditions(decision, decision.account.first.name)
        likely = (
            f"with chance {short_chance(chance)}, as {in_text(decision.called)} sees"
        )
        if len(sets) == 1:
            return (
                f"{actor} asks that {asked}; nothing less would be enough. The other "
                f"side would accept that {likely} it."
            )
        return (
            f"{actor} asks that {asked}. Of {len(sets)} sets of conditions that would "
            "be enough, this is the one that the other side is most likely to accept "
            f"({likely} it)."
        )
    if decision.kind == AID:
        was = float(decision.world["aid"][0])
        return f"{actor} sets aid at {decision.choice}; it was {was:g}."
    if decision.kind == THREAT:
        level = float(decision.params["aid_after_refusal"][0, decision.about])
        counts = "counts" if decision.choice == CUT else "does not count"
        return (
            f"The threat of {in_text(decision.called)} that aid goes to {level:g} if "
            f"{_threatened(decision)} alone refuses {counts}."
        )
    if decision.choice == NO_OFFER:
        return f"{actor} makes no offer."
    assert event is not None
    return sentence(event, decision.labels, reasons=False)


def short_chance(chance: float) -> str:
    """Return a chance in two digits, as one would say it.

    >>> short_chance(0.123), short_chance(3e-8), short_chance(0.0)
    ('0.12', 'below 0.001', '0')
    """
    return "below 0.001" if 0.0 < chance < 1e-3 else f"{chance:.2g}"


def _compared(decision: Decision) -> str:
    first, second = names_compared(decision)
    size, actor = abs(decision.difference), in_text(decision.called)
    if size <= (ROUNDING if decision.kind == ANSWER else 0.0):
        text = f"To {actor}, {first} and {second} are worth the same"
    else:
        gap = more_or_less(decision.difference)
        text = f"To {actor}, {first} is worth {gap} than {second}"
    told = decision.account
    if decision.kind == PROPOSAL and told.second.name != NO_OFFER:
        text += f", {_spoken(decision, told.second.name)}"
    wanted, error = km2(told.aspiration), km2(told.noise, "+")
    settled = {
        "worth": "",
        "aspiration": f"; it wants {wanted} more than that",
        "noise": f"; an error in its judgement ({error}) decides",
        "policy": "; it decided against these numbers"
        if decision.by_policy
        else "; its policy answers otherwise than these numbers alone would",
    }
    return text + settled[told.decided_by]


def turn_in_words(decision: Decision, flip: Flip | None) -> str:
    """Return what change of one input would have turned a decision, in a sentence.

    Without one: that none was found.
    """
    actor = sentence_case(in_text(decision.called))
    if decision.by_policy and decision.account.decided_by == "policy":
        who = in_text(decision.called)
        return f"By these numbers alone {who} would have decided otherwise."
    if flip is None or flip.becomes is None:
        none = "No change of one input alone was found that turns this decision of"
        return f"{none} {actor}."
    would = would_in_words(decision, flip.becomes)
    return f"{actor} {would} {change_in_words(decision, flip)}."


def change_in_words(decision: Decision, flip: Flip) -> str:
    """Return the change of one input, as the end of a sentence."""
    given, number = flip.input, flip.rounded
    assert number is not None
    what = input_in_words(given.path, decision.labels)
    where = "above" if flip.above else "below"
    if number in (flip.lowest, flip.highest):
        where = "at"
    elif given.whole:
        where = f"{where} or at"
    digits = len(f"{number:.12f}".rstrip("0").partition(".")[2])
    becomes = number_in_words(given.path, number, decision.labels)
    was = number_in_words(given.path, round(given.value, digits), decision.labels)
    return f"if {what} were {where} {becomes} (it is {was.split()[0]})"


_WOULD = {
    (ANSWER, ACCEPTS): "would have accepted",
    (ANSWER, REFUSES): "would have refused",
    (CONDITIONS, ACCEPTS): "would have accepted it as it is",
    (CONDITIONS, REFUSES): "would have refused without naming conditions",
    (PROPOSAL, NO_OFFER): "would have made no offer",
    (THREAT, CUT): "would have carried out its threat",
    (THREAT, KEEP): "would not have carried out its threat",
}


def would_in_words(decision: Decision, choice: str) -> str:
    """Return what a party would have done, as the end of "Ukraine ..."."""
    known = _WOULD.get((decision.kind, choice))
    if known is not None:
        return known
    if decision.kind == CONDITIONS:
        return f"would have asked that {_conditions(decision, choice)}"
    if decision.kind == PROPOSAL:
        return f"would have offered {_spoken(decision, choice)}"
    return f"would have set aid at {choice}"


def _conditions(decision: Decision, named: str) -> str:
    assert decision.event is not None
    chips = decision.event["terms"].get("hand_back", {})
    return conditions_in_words(named.split(" + "), chips, decision.labels)


def option_in_words(decision: Decision, option: str) -> str:
    """Return one of what there was to choose from: an offer, conditions, a level."""
    if decision.kind == PROPOSAL:
        return _spoken(decision, option)
    if decision.kind == CONDITIONS:
        return _conditions(decision, option)
    return option.replace("_", " ")


def _spoken(decision: Decision, offer: str) -> str:
    offers = offers_in_words(decision.loaded.scenario, decision.labels)
    return offers.get(offer, offer)


def told(decision: Decision) -> dict[str, Any]:
    """Return a decision as plain data: one of `decisions` of `why --json`."""
    account, event, proposal = decision.account, decision.event, decision.proposal
    plain: dict[str, Any] = {
        "kind": decision.kind,
        "day": decision.day,
        "date": decision.date,
        "party": decision.actor,
        "choice": account.choice,
        "first": account.first._asdict(),
        "second": account.second._asdict(),
        "difference": account.difference,
        "parts": decision.parts,
        "sum_of_parts": account.sum_of_parts,
        "noise": account.noise,
        "aspiration": account.aspiration,
        "weighed": account.weighed,
        "decided_by": account.decided_by,
        "options": [dict(vars(each)) for each in account.options],
        "text": in_words(decision),
        "flips": [each.to_dict() for each in decision.flips],
        "turns": turn_in_words(decision, decision.smallest),
        # an offer that is then not on the menu is null
        "known_inputs": [
            {name: None if it != it else it for name, it in span._asdict().items()}
            for span in decision.spans
        ],
    }
    if event is not None:
        plain["offer"] = event["offer"]
    if decision.kind == ANSWER:
        assert event is not None
        plain |= {
            "answer": event["type"],
            "conditions": list(event["terms"].get("conditions", [])),
            "offered_by": proposal["actor"] if proposal else None,
            "terms": proposal["terms"] if proposal else {},
            "accept": account.first.worth,
            "fight_on": account.second.worth,
        }
    return plain
