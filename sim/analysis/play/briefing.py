"""What a party is told before it plays: where things stand, what it wants, the rules.

Facts by heading, from the scenario alone, each with the paths of the values that it
rests on; what the party itself is drawn to be in a world is said beside it
(`words.own_standing`). The same facts stand on the sheets of a class.
"""

from collections.abc import Iterator
from typing import NamedTuple

from sim.analysis.narrative.sentences import (
    conditions_in_words,
    offer_in_words,
    terms_of,
)
from sim.analysis.narrative.words import (
    SHOWS,
    WORTH,
    amount,
    counted,
    in_text,
    joined,
    km2,
    land_held,
    long_date,
    percent,
    sentence_case,
)
from sim.analysis.play.words import aid_in_words
from sim.model.labels import Labels, labels_of
from sim.scenario.land import LAND
from sim.scenario.load import Loaded
from sim.scenario.parties import Belligerent, Patron
from sim.scenario.schema import Scenario


class Fact(NamedTuple):
    """A sentence or two, and the paths of the values of the scenario that they tell.

    `mirrored` says that what is told has the other sign.
    """

    text: str
    paths: tuple[str, ...] = ()
    mirrored: bool = False


def situation(loaded: Loaded) -> list[Fact]:
    """Return where things stand on day 0, as everybody knows."""
    scenario, labels = loaded.scenario, labels_of(loaded.scenario)
    chips = {name: chip.size for name, chip in scenario.chips.items()}
    held = land_held(scenario.front.held_km2, chips, labels)
    when = long_date(scenario.start_date.isoformat())
    told = [
        Fact(f"It is {when}, day 0 of {scenario.horizon_days}."),
        Fact(
            f"{km2(scenario.front.stake_km2)} of land are in dispute.",
            ("front.stake_km2",),
        ),
        Fact(
            f"{sentence_case(held)}.",
            (
                "front.held_km2",
                *(f"chips.{n}.{c.pair[0]}" for n, c in scenario.chips.items()),
            ),
        ),
    ]
    if scenario.patron is not None:
        patron = scenario.parties[scenario.patron]
        assert isinstance(patron, Patron)
        helped = in_text(scenario.parties[patron.supports].label)
        aid = aid_in_words(scenario.aid.level)
        text = f"{in_text(patron.label)} supports {helped}, with {aid}."
        told.append(Fact(sentence_case(text), ("aid.level",)))
    return told


def aims(loaded: Loaded, party: str, cost: float | None = None) -> list[Fact]:
    """Return what a party wants, in its own numbers; others do not see them.

    `cost` is the cost of war that a side has in a world that was drawn.
    """
    scenario, labels = loaded.scenario, labels_of(loaded.scenario)
    who = scenario.parties[party]
    if isinstance(who, Patron):
        return list(_of_patron(scenario, party, who))
    return list(_of_side(scenario, labels, party, who, cost))


def _of_side(
    scenario: Scenario,
    labels: Labels,
    party: str,
    who: Belligerent,
    cost: float | None,
) -> Iterator[Fact]:
    middle, (low, high) = who.cost_of_war_km2.value, who.cost_of_war_km2.private
    own = middle if cost is None else cost
    known = f" Others know only that it lies between {km2(low)} and {km2(high)}."
    yield Fact(
        f"A war without end would cost you as much as {km2(own)} of land. You would "
        f"give up that much for peace alone.{known if low < high else ''}",
        (f"parties.{party}.cost_of_war_km2.value",),
    )
    drift = who.belief.drift_km2_per_week * (1 if party == labels.sides[0] else -1)
    way = "your way" if drift > 0.0 else "against you"
    moves = (
        f"You expect the line to move {km2(abs(drift))} a week {way}"
        if abs(drift) >= SHOWS
        else "You expect the line to stay where it is"
    )
    yield Fact(
        f"{moves}, at full aid and without the effect of anything held outside the "
        "land in dispute. You learn more as the line moves.",
        (f"parties.{party}.belief.drift_km2_per_week",),
        mirrored=party != labels.sides[0],
    )
    for name, chip in scenario.chips.items():
        worth = chip.value_km2.get(party, 0.0)
        what = f"all {amount(chip.full)} {chip.unit} ({chip.label})"
        if chip.unit == LAND:
            what = f"{chip.label} at its fullest ({km2(chip.full)})"
        text = (
            f"Holding {what} is worth {km2(worth)} to you."
            if chip.holder == party
            else f"It costs you {km2(worth)} if the other side holds {what}; you "
            "would gain that much if it did not."
        )
        paths = (f"chips.{name}.value_km2.{party}", f"chips.{name}.{chip.pair[0]}")
        yield Fact(f"{text} {_held(chip.size, chip.full)}", paths)
    yield from _prices(labels, party, who)


def _held(size: float, full: float) -> str:
    if size == 0.0:
        return "On day 0 none of it is held."
    return f"On day 0 it is {percent(size / full)} of that."


def _prices(labels: Labels, party: str, who: Belligerent) -> Iterator[Fact]:
    """Yield what terms of a truce cost or bring a side."""
    other = next(side for side in labels.sides if side != party)
    at = f"parties.{party}."
    if who.audience_cost_km2:
        claim = (
            f"leaves you less than the {km2(who.claimed_km2)} that you claim in public"
            if who.claimed_km2 is not None
            else "leaves the other side on land of yours outside the stake"
        )
        yield Fact(
            f"Signing an agreement that {claim} costs you "
            f"{km2(who.audience_cost_km2)} at home, if it lasts.",
            (
                f"{at}audience_cost_km2",
                *([f"{at}claimed_km2"] if who.claimed_km2 is not None else []),
            ),
        )
    if who.rearmament_km2_per_week:
        yield Fact(
            f"A truce lets both sides rearm. Each week of it lets you gain "
            f"{km2(who.rearmament_km2_per_week)} a week more afterwards; "
            f"{in_text(labels.party_label(other))} rearms too.",
            (f"{at}rearmament_km2_per_week",),
        )
    if who.aid_freeze_cost_km2:
        yield Fact(
            f"A truce under which your aid is frozen costs you "
            f"{km2(who.aid_freeze_cost_km2)} if it lasts.",
            (f"{at}aid_freeze_cost_km2",),
        )
    if who.sanctions_relief_value_km2:
        yield Fact(
            f"Having sanctions lifted is worth {km2(who.sanctions_relief_value_km2)} "
            "to you, where it is offered and lasts.",
            (f"{at}sanctions_relief_value_km2",),
        )


def _of_patron(scenario: Scenario, party: str, who: Patron) -> Iterator[Fact]:
    helped, at = in_text(scenario.parties[who.supports].label), f"parties.{party}."
    worth = f"Each km2 that {helped} holds is worth {km2(who.value_per_km2)} to you."
    if who.value_per_km2 == 0.0:
        worth = f"How much land {helped} holds is worth nothing to you in itself."
    yield Fact(
        worth,
        (f"{at}value_per_km2",),
    )
    yield Fact(
        f"Aid at the norm costs you as much as {km2(who.aid_cost_km2)} if the war goes "
        f"on for ever, and the war itself {km2(who.cost_while_war_km2)}.",
        (f"{at}aid_cost_km2", f"{at}cost_while_war_km2"),
    )
    by_rule = {
        "scripted": "You do not decide the level of aid: the scenario does.",
        "unconditional": "Aid continues whatever the sides answer.",
        "conditional": (
            "Aid follows the answers to your offers, by the rule of the "
            "scenario: it changes if one side alone refuses, or if a side "
            "accepts."
        ),
        "best_response": (
            "The level of aid is chosen for you, as the level that serves you best."
        ),
    }
    yield Fact(by_rule[scenario.aid.rule.name], ("aid.rule.name",))
    if who.pressure and who.price_of_refusal_km2:
        pressed = km2(who.pressure * who.price_of_refusal_km2)
        yield Fact(
            f"Refusing an offer of yours costs a side {pressed}.",
            (f"{at}pressure", f"{at}price_of_refusal_km2"),
        )


def rules(loaded: Loaded, party: str) -> list[str]:
    """Return how the talks go, and what a party may do in them."""
    scenario, labels = loaded.scenario, labels_of(loaded.scenario)
    talks, who = scenario.negotiation, scenario.parties[party]
    total = sum(talks.proposer_weights.values())
    turns = [
        in_text(labels.party_label(name))
        + (f" ({percent(weight / total)})" if weight < total else "")
        for name, weight in sorted(talks.proposer_weights.items())
        if weight
    ]
    days = talks.round_every_days
    every = f"Every {counted(days, 'day') if days > 1 else 'day'}"
    told = [
        f"{every} there is a round, from "
        f"{long_date(talks.first_round.isoformat())} on, in which one party may make "
        + (
            f"an offer: {joined(turns)}, drawn by chance."
            if len(turns) > 1
            else f"an offer: always {turns[0]}."
        )
    ]
    if isinstance(who, Belligerent):
        told.append(_may_answer(loaded, labels, party, who))
    else:
        told.append("You do not answer offers; only the two sides do.")
    own = [name for name, each in talks.offers.items() if party in each.offered_by]
    if own and talks.proposer_weights.get(party):
        count = f"{len(own)} offers" if len(own) > 1 else "one offer"
        told.append(f"In your rounds you may make {count} of the scenario, or none.")
    told.append(
        "An offer that was refused is not made again for "
        f"{counted(talks.repeat_after_days, 'day')}. A truce begins if both sides "
        "accept. It stops the fighting on the line where it stands, unless the offer "
        "names another line; a partial truce stops only some kinds of attack. A "
        "truce may break down by chance, less often if it is monitored (0 means not "
        "at all, 1 fully). A truce with an end is put to both sides again on its "
        "last day. A truce may also turn into a settlement, which draws a line of its "
        "own, between what fighting on would be worth to both sides."
    )
    if isinstance(who, Belligerent):
        told.append(
            "Your score, in km2, is what each day brought you plus what is still to "
            "come at the end: land, less the cost of fighting. What comes sooner "
            f"counts for more ({scenario.discount_factor_per_week:g} a week)."
        )
    else:
        told.append(
            "A patron has no score: judge yourself by how the war ends, by what the "
            "side that you support holds, and by how much aid it took."
        )
    return told


def _may_answer(loaded: Loaded, labels: Labels, party: str, who: Belligerent) -> str:
    if not who.conditions:
        return "You answer an offer with yes or no."
    holders = zip(labels.chips, labels.holders, strict=True)
    theirs = [chip for chip, holder in holders if holder != party]
    asked = [conditions_in_words([name], theirs, labels) for name in who.conditions]
    after = loaded.scenario.negotiation.counter_after_days
    when = f"{counted(after, 'day')} later" if after else "at once"
    return (
        "You answer an offer with yes, no, or yes on conditions: that "
        f"{joined(asked)}. Naming conditions counts as a no, but {when} they are put "
        "to the other side as an offer of yours, which it can only accept or refuse."
    )


def menu(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Return the offers of the scenario: name, what it says, who may make it."""
    labels = labels_of(loaded.scenario)
    return [
        (
            name,
            offer_in_words(terms_of(offer), labels, numbers=True),
            joined([in_text(labels.party_label(p)) for p in sorted(offer.offered_by)]),
        )
        for name, offer in loaded.scenario.negotiation.offers.items()
    ]


def briefing(
    loaded: Loaded, party: str, cost: float | None = None
) -> list[tuple[str, list[str]]]:
    """Return headings with paragraphs: all that a party is told before it plays.

    `cost` as for `aims`.
    """
    called = loaded.scenario.parties[party].label
    return [
        ("Where things stand", [" ".join(fact.text for fact in situation(loaded))]),
        (
            f"What {in_text(called)} wants",
            [*(f.text for f in aims(loaded, party, cost)), WORTH],
        ),
        ("How the talks go", rules(loaded, party)),
    ]
