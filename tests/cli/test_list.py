"""`ceasefire list`."""

from sim.scenario.find import shipped
from sim.scenario.load import load


def test_each_shipped_scenario_has_one_line(ceasefire):
    reply = ceasefire("list")
    assert (reply.code, reply.err) == (0, "")
    lines = reply.out.splitlines()
    assert [line.split()[0] for line in lines] == list(shipped())
    for line, name in zip(lines, shipped(), strict=True):
        assert line.endswith(load(name).scenario.title)
