"""A proposal weighed: each offer of the menu, by its gain and the chance of a yes."""

from dataclasses import dataclass

import numpy as np

from sim.analysis.decisions.payoffs import (
    NO_OFFER,
    Account,
    Look,
    Option,
    Record,
    Worth,
    enter,
    numbers,
)
from sim.model import wrappers
from sim.model.formulas.acceptance import believed_acceptance
from sim.model.stages.menu import may_propose
from sim.model.stages.partial_truce import mean_relief
from sim.model.stages.payoff_parts import PARTS
from sim.model.stages.terms import TERM_PARTS, patron_terms
from sim.model.stages.wars import own_line
from sim.model.state import PATRON, SIDES
from sim.model.world import Scene


def choose_proposal(scene: Scene, params: Record, world: Record) -> Look:
    """Let the author choose from its menu again."""
    world = world.copy()
    table = enter(params, world, "appraise")
    chosen = int(wrappers.choose_offer(params, world, table))
    return Look(_offer_name(scene, chosen), numbers(scene, params, world, table))


def _offer_name(scene: Scene, offer: int) -> str:
    return scene.labels.offer(offer) or NO_OFFER


@dataclass(frozen=True)
class _Proposal:
    """An offer as its author sees it: parts and noise already weighed by the chance."""

    option: Option
    parts: dict[str, float]
    noise: float
    aspiration: float

    @property
    def counts(self) -> bool:
        """Whether its author would rather make it than none."""
        judged = self.option.worth + self.noise
        return judged > 0.0 and judged >= self.aspiration

    @property
    def judged(self) -> float:
        """Worth with the error of judgement."""
        return self.option.worth + self.noise


def account_proposal(scene: Scene, params: Record, world: Record) -> Account:
    """Compare the offer made with the next best, or with none."""
    world = world.copy()
    table = enter(params, world, "appraise")
    chosen = _offer_name(scene, int(wrappers.choose_offer(params, world, table)))
    menu = [
        _proposal(scene, params, world, table, offer)
        for offer in range(int(params["offers"][0]))
        if may_propose(params[0], world[0], offer)
    ]
    if not menu:
        return Account(chosen, Worth(NO_OFFER, 0.0), Worth(NO_OFFER, 0.0), {})
    menu.sort(key=lambda each: -each.judged)
    first = next((each for each in menu if each.option.name == chosen), menu[0])
    others = [each for each in menu if each is not first and each.counts]
    second = others[0] if others and chosen != NO_OFFER else None
    parts = dict(first.parts)
    if second is not None:
        parts = {name: parts[name] - second.parts[name] for name in parts}
    return Account(
        chosen,
        Worth(first.option.name, first.option.worth),
        Worth(second.option.name, second.option.worth)
        if second is not None
        else Worth(NO_OFFER, 0.0),
        parts,
        noise=first.noise - (second.noise if second is not None else 0.0),
        aspiration=first.aspiration if second is None else 0.0,
        options=tuple(each.option for each in menu),
    )


def _proposal(
    scene: Scene, params: Record, world: Record, table: Record, offer: int
) -> _Proposal:
    seat, chance = scene.seat, 1.0
    for side in range(SIDES):
        if side != seat:
            chance *= believed_acceptance(
                float(table["gain"][0, side, offer]),
                float(table["gain_slope"][0, side, offer]),
                float(world["cost_low"][0, side]),
                float(world["cost_high"][0, side]),
                float(params["decision_noise"][0, side]),
            )
    put, then = world.copy(), table.copy()
    wrappers.offer_put(params, put, then, offer)
    noise = aspiration = 0.0
    if seat == PATRON:
        gain = float(table["patron_gain"][0, offer])
        parts = _parts_of_patron(params, put, then, offer)
    else:
        gain = float(table["gain"][0, seat, offer])
        gain += float(table["gain_slope"][0, seat, offer] * world["cost"][0, seat])
        noise = float(wrappers.error_of(params, put, then, offer, seat))
        aspiration = float(table["aspiration"][0, seat])
        wrappers.STAGE_WRAPPERS["weigh"](params, put, then)
        values = np.zeros(len(PARTS))
        wrappers.explain(params, put, then, seat, values)
        parts = dict(zip(PARTS, values.tolist(), strict=True))
    return _Proposal(
        Option(scene.labels.offers[offer], gain, chance, gain * chance),
        {name: value * chance for name, value in parts.items()},
        noise * chance,
        aspiration * chance,
    )


def _parts_of_patron(
    params: Record, world: Record, table: Record, offer: int
) -> dict[str, float]:
    """Return the parts of the patron's gain from an offer, see `gain_of_patron`."""
    p = params[0]
    variant = int(table["menu_variant"][0, offer])
    time = (1.0 - p["discount"]) * p["annuity"][offer, variant]
    flows = {"cost_of_fighting": float(p["cost_while_war"])}
    if p["partial"][offer]:
        flows["cost_of_fighting"] *= mean_relief(p, offer)
        flows |= dict.fromkeys(("territory", *TERM_PARTS), 0.0)
    else:
        line = own_line(p, float(world["offer_line"][0]), int(p["supports"]))
        gained = line / p["lines"] - table["war_of_patron"][0]
        flows["territory"] = p["value_of_outcome"] * gained
        of_terms = patron_terms(p, world[0], offer)
        flows |= zip(TERM_PARTS, of_terms, strict=True)
    return {name: float(time * flow) for name, flow in flows.items()}
