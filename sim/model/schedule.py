"""The order of a period, written once.

The Mesa model walks this list with agents, the engine compiles it into a loop. A stage
changes one world in place: it takes luck by address, calls formulas and reads or
writes the table.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sim.model.stages.aid import aid
from sim.model.stages.answer import answer
from sim.model.stages.appraise import appraise, demands, weigh
from sim.model.stages.chips import chips
from sim.model.stages.close import close
from sim.model.stages.conclude import conclude
from sim.model.stages.flows import flows
from sim.model.stages.front import front
from sim.model.stages.propose import agenda, propose
from sim.model.stages.timeline import timeline
from sim.model.stages.truce import truce

# who acts in a stage
NATURE, PATRON, PROPOSER, BELLIGERENTS = "nature", "patron", "proposer", "belligerents"


class Stage(NamedTuple):
    """One stage of a period: its name, who acts, and what happens to a world."""

    name: str
    role: str
    act: Callable[[Any, Any, Any], None]


STAGES = (
    Stage("timeline", NATURE, timeline),
    Stage("aid", PATRON, aid),
    Stage("truce", NATURE, truce),
    Stage("agenda", NATURE, agenda),
    Stage("appraise", NATURE, appraise),
    Stage("propose", PROPOSER, propose),
    Stage("weigh", NATURE, weigh),
    Stage("demands", NATURE, demands),
    Stage("answer", BELLIGERENTS, answer),
    Stage("conclude", NATURE, conclude),
    Stage("flows", NATURE, flows),
    Stage("front", NATURE, front),
    Stage("chips", NATURE, chips),
    Stage("close", NATURE, close),
)
