"""The loops that have to be vector code are vector code, for the processor at hand.

Nothing but speed tells when a change in a formula, a branch for instance, has made the
compiler give up. A square root is what such a loop has one of for each of its values:
in vector code there is an instruction for the roots of several numbers.
"""

import platform
import re
from typing import Any

import pytest

from sim.model.compile import kernel
from sim.model.stages.draws import FRONT, deviate_of
from sim.model.stages.wars import add_chip, value_fronts
from sim.model.state import PARAMS, TABLE, blank

PACKED = {
    "x86_64": re.compile(r"\bv?sqrtpd\b"),
    "amd64": re.compile(r"\bv?sqrtpd\b"),
    "aarch64": re.compile(r"\bfsqrt\s+v\d+\.2d"),
    "arm64": re.compile(r"\bfsqrt\.2d|\bfsqrt\s+v\d+\.2d"),
}
packed = PACKED.get(platform.machine().lower())


@kernel
def of_wars(params: Any, tables: Any) -> None:
    table = tables[0]
    drift, held = table.war_drift[:8], table.war_held[:8]
    value_fronts(params[0], drift, held, table.war_value[:8], table.war_fighting[:8])


@kernel
def of_chips(params: Any, tables: Any) -> None:
    table = tables[0]
    drift, held = table.war_drift[:8], table.war_held[:8]
    stakes = table.war_stakes[0, :8]
    add_chip(params[0], 0.1, stakes, drift, held, table.war_value[:8])


@kernel
def of_deviates(params: Any, tables: Any) -> None:
    deviate_of(tables[0], FRONT, 0)


@kernel
def with_a_branch(params: Any, tables: Any) -> None:
    table = tables[0]
    for lane in range(8):
        if table.war_held[lane] > 0.0:
            table.war_value[lane] += table.war_held[lane] ** 0.5
            if table.war_value[lane] > 3.0:
                break


@pytest.mark.compiled
@pytest.mark.skipif(packed is None, reason="another kind of processor")
@pytest.mark.parametrize(
    ("loop", "expected"),
    [(of_wars, True), (of_chips, True), (of_deviates, True), (with_a_branch, False)],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_loop_over_many_values_is_vector_code(loop, expected):
    loop(blank(PARAMS, 1), blank(TABLE, 1))
    (code,) = loop.inspect_asm().values()
    assert packed is not None
    assert bool(packed.search(code)) == expected
