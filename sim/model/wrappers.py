"""Wrappers by which Python calls the kernels, for one world at a time.

A kernel takes records. From Python a record is costly to hand over, an array of length
1 is not; so Python code (the Mesa agents, the tables of a run) enters through these.
Each takes arrays of shape (1,) of dtypes `PARAMS`, `WORLD` and `TABLE`.
"""

from collections.abc import Callable, Sequence
from functools import partial
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


def one_of(acts: Sequence[Callable[..., None]]) -> Callable[..., None]:
    """Return one compiled function that does the act of a number.

    What many acts call is compiled once, and not again for each of them.
    """
    half = len(acts) // 2
    if half == 0:
        (only,) = acts

        @kernel(inline="always")
        def do(number: int, params: Params, world: World, table: Table) -> None:
            only(params, world, table)

        return do
    first, second = one_of(acts[:half]), one_of(acts[half:])

    @kernel(inline="always")
    def choose(number: int, params: Params, world: World, table: Table) -> None:
        if number < half:
            first(number, params, world, table)
        else:
            second(number - half, params, world, table)

    return choose


_act = one_of([*(stage.act for stage in STAGES), outlook])


@kernel
def act(number: int, params: Any, worlds: Any, tables: Any) -> None:
    """Do a stage by its number in the order of a period; the number after: outlook."""
    _act(number, params[0], worlds[0], tables[0])


STAGE_WRAPPERS: dict[str, Wrapper] = {
    stage.name: partial(act, number) for number, stage in enumerate(STAGES)
}
see: Wrapper = partial(act, len(STAGES))


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
