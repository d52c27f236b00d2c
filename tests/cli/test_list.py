"""`ceasefire list`."""

from sim.scenario.library import history, shipped
from sim.scenario.load import load


def test_each_scenario_has_one_line_past_wars_below_the_first_case(ceasefire):
    reply = ceasefire("list")
    assert (reply.code, reply.err) == (0, "")
    parts = reply.out.split("\n\n")
    for part, names in zip(parts, (shipped(), history()), strict=True):
        lines = part.splitlines()
        assert [line.split()[0] for line in lines] == list(names)
        for line, name in zip(lines, names, strict=True):
            assert line.endswith(load(name).scenario.title)
