"""What a party weighs in a decision: two worths, and the parts of their difference.

`choose` takes a decision of a scene again, at its own numbers or at others;
`account` tells what was compared. Both enter the kernels of the simulation.
"""

from collections.abc import Callable

from sim.analysis.decisions.payoffs import Account, Look, Record
from sim.analysis.decisions.weigh_aid import (
    account_aid,
    account_threat,
    choose_aid,
    choose_threat,
)
from sim.analysis.decisions.weigh_answers import (
    account_answer,
    account_conditions,
    choose_answer,
    choose_conditions,
)
from sim.analysis.decisions.weigh_proposals import account_proposal, choose_proposal
from sim.model.world import AID, ANSWER, CONDITIONS, PROPOSAL, THREAT, Scene


def choose(scene: Scene, params: Record, world: Record) -> Look:
    """Take the decision of a scene again at these numbers; neither is changed."""
    return _CHOOSE[scene.kind](scene, params, world)


def account(
    scene: Scene, params: Record | None = None, world: Record | None = None
) -> Account:
    """Tell what the decision of a scene compares, at its own numbers or at others."""
    return _ACCOUNT[scene.kind](
        scene,
        scene.params if params is None else params,
        scene.world if world is None else world,
    )


_CHOOSE: dict[str, Callable[[Scene, Record, Record], Look]] = {
    ANSWER: choose_answer,
    CONDITIONS: choose_conditions,
    PROPOSAL: choose_proposal,
    AID: choose_aid,
    THREAT: choose_threat,
}
_ACCOUNT: dict[str, Callable[[Scene, Record, Record], Account]] = {
    ANSWER: account_answer,
    CONDITIONS: account_conditions,
    PROPOSAL: account_proposal,
    AID: account_aid,
    THREAT: account_threat,
}
