"""Wrappers by which Python calls the kernels, for one world at a time.

A kernel takes records. From Python a record is costly to hand over, an array of length
1 is not; so Python code (the Mesa agents, the tables of a run) enters through these.
Each takes arrays of shape (1,) of dtypes `PARAMS`, `WORLD` and `TABLE`.
"""

from collections.abc import Callable
from typing import Any

from sim.model.compile import kernel
from sim.model.schedule import STAGES
from sim.model.stages.answer import answer_by_policy, must_answer, respond
from sim.model.stages.draws import judgement
from sim.model.stages.outlook import outlook
from sim.model.stages.payoff_parts import reasons
from sim.model.stages.propose import best_proposal, put_on_table
from sim.model.stages.start import begin
from sim.model.state import Params, Table, World

Wrapper = Callable[[Any, Any, Any], None]


def wrapped(act: Callable[[Params, World, Table], None]) -> Wrapper:
    """Return a stage as a function of arrays of length 1."""

    @kernel
    def enter(params: Any, worlds: Any, tables: Any) -> None:
        act(params[0], worlds[0], tables[0])

    return enter


STAGE_WRAPPERS = {stage.name: wrapped(stage.act) for stage in STAGES}
see = wrapped(outlook)


@kernel
def start(params: Any, worlds: Any, tables: Any, seed: int, replicate: int) -> None:
    """Write the start of world (seed, replicate)."""
    begin(params[0], worlds[0], tables[0], seed, replicate)


@kernel
def choose_offer(params: Any, worlds: Any, tables: Any) -> int:
    """Offer that today's author would best propose, or NOBODY."""
    return best_proposal(params[0], worlds[0], tables[0])


@kernel
def offer_put(params: Any, worlds: Any, tables: Any, offer: int) -> None:
    """Put an offer of the menu on the table; NOBODY ends the round without one."""
    put_on_table(params[0], worlds[0], tables[0], offer)


@kernel
def choose_answer(params: Any, worlds: Any, tables: Any, side: int) -> tuple[int, int]:
    """Answer of a side that takes what is worth its aspiration, and its conditions."""
    return respond(params[0], worlds[0], tables[0], side)


@kernel
def scenario_answer(
    params: Any, worlds: Any, tables: Any, side: int
) -> tuple[int, int]:
    """Answer of a side by the policy that the scenario gives it."""
    return answer_by_policy(params[0], worlds[0], tables[0], side)


@kernel
def error_of(params: Any, worlds: Any, tables: Any, offer: int, side: int) -> float:
    """Error of a side in judging an offer today; may draw it, into the table."""
    return judgement(params[0], worlds[0], tables[0], offer, side)


@kernel
def is_asked(worlds: Any, side: int) -> bool:
    """Whether the offer on the table waits for an answer of this side."""
    return must_answer(worlds[0], side)


@kernel
def explain(params: Any, worlds: Any, tables: Any, side: int, parts: Any) -> None:
    """Write the parts of a side's gain from the offer on the table."""
    reasons(params[0], worlds[0], tables[0], side, parts)
