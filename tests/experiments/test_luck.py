"""The measurement of other luck, and the page that has it."""

import os
import re
import subprocess
import sys

import pytest

PAGE = "docs/luck.md"
PLAIN = {**os.environ, "NUMBA_DISABLE_JIT": "1"}  # compiles nothing, keeps nothing

LOOK = """
import runpy, sys
script = runpy.run_path("experiments/luck/variance.py")
from sim.model import rng as luck
plain = luck.uniform_pair
script["patch"](sys.argv[1], 8)
pairs = [luck.uniform_pair(3, world, luck.ONCE, luck.COST >> 1) for world in range(8)]
later = [luck.uniform_pair(3, world, 5, 0) for world in range(8)]
print(pairs, later, [plain(3, world, 5, 0) for world in range(8)], sep="\\n")
"""


def drawn(checkout, way):
    """Pairs of costs, and of luck later on, and the same later as it is shipped."""
    reply = subprocess.run(
        [sys.executable, "-c", LOOK, way],
        cwd=checkout,
        env=PLAIN,
        capture_output=True,
        text=True,
        check=True,
    )
    return [eval(line) for line in reply.stdout.splitlines()]


def test_antithetic_worlds_mirror_each_other(checkout):
    costs, later, _ = drawn(checkout, "antithetic")
    for pairs in (costs, later):
        for one, other in zip(pairs[::2], pairs[1::2], strict=True):
            assert [a + b for a, b in zip(one, other, strict=True)] == [1.0, 1.0]


def test_a_lattice_has_one_world_in_each_part_of_each_cost(checkout):
    costs, later, plain = drawn(checkout, "lattice-costs")
    for column in zip(*costs, strict=True):
        assert sorted(int(8 * ((each - column[0]) % 1.0) + 0.5) for each in column) == [
            *range(8)
        ]
    assert later == plain


@pytest.mark.slow
def test_the_command_of_the_page_prints_the_rows_of_its_table(checkout):
    page = (checkout / PAGE).read_text("utf-8")
    (command,) = re.findall(r"^python (.*)$", page, re.MULTILINE)
    few = ["--seeds", "2", "--worlds", "1"]
    reply = subprocess.run(
        [sys.executable, *command.split(), *few],
        cwd=checkout,
        env=PLAIN,
        capture_output=True,
        text=True,
        check=True,
    )
    shown = re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE)
    _, *rows = reply.stdout.splitlines()
    assert [row.split()[0] for row in rows[::4]] == shown
    assert len(rows) == 4 * len(shown)
