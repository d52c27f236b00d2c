"""Each promise of SECURITY.md names the tests that hold it, and they are there."""

import ast
import re

from sim.scenario.yaml_file import MAX_BYTES, MAX_DEPTH, MAX_NODES

PROMISE = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_its_promises_name_tests_that_there_are(checkout):
    text = (checkout / "SECURITY.md").read_text(encoding="utf-8")
    promises = PROMISE.findall(text)
    assert len(promises) > 8
    assert text.count("::") == len(promises)
    for file, name in promises:
        tree = ast.parse((checkout / file).read_text(encoding="utf-8"))
        assert name in [each.name for each in tree.body if hasattr(each, "name")], name


def test_its_limits_are_those_of_the_reader(checkout):
    text = " ".join((checkout / "SECURITY.md").read_text(encoding="utf-8").split())
    said = f"{MAX_BYTES:,} bytes with those extended and with aliases written out"
    assert f"{said}, {MAX_NODES:,} values, {MAX_DEPTH} levels" in text
