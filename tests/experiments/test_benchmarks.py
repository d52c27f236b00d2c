"""The benchmark suite: its yardsticks do the engine's work, and all of it runs."""

import csv
import os
import re
import subprocess
import sys

import pytest

from tests.docs import runner

PLAIN = {**os.environ, "NUMBA_DISABLE_JIT": "1"}  # compiles nothing, keeps nothing

START = """
import sys
sys.path.insert(0, "experiments/benchmarks")
from sizes import Sizes
TINY = Sizes(
    turns=1, mesa=1, engine=2, plain=2, counted=2, redrawn=1, worlds=(1, 2),
    horizons=(7, 14), offers=(1, 3), chips=(0, 2), few=1, wars=1, formulas=1,
    replicates=2, cells=(1, 2), alone=(3,), started=2, flagship=1, cold=False,
)
"""

YARDSTICKS = """
import numpy as np
import luck_used, plain_loop
from made_scenarios import FLAGSHIP
from sim import load
from sim.model import rng as luck
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.stages import draws, start
from sim.model.state import TABLE, WORLD
from sim.model.state import as_kernels_take_it, blank
from war_values import FirstMorning

cell = as_kernels_take_it(build(load(FLAGSHIP).scenario))
together, alone = (FirstMorning(cell).value(2, together=each) for each in (True, False))
assert together == alone > 0.0, (together, alone)

drawn, plain = [], luck.uniform_pair
for module in (luck, draws, start, plain_loop):
    module.uniform_pair = lambda *address: drawn.append(address) or plain(*address)
expected = simulate(cell, seed=1, replicates=range(3), threads=1)
seen = []
for keeping in (True, False):
    drawn.clear()
    worlds = blank(WORLD, 3)
    plain_loop.plain_loop(keeping=keeping)(cell, worlds, blank(TABLE, 1), 1)
    assert worlds.tobytes() == expected.tobytes()
    seen.append(set(drawn))
ahead, used = seen
assert used < ahead  # whoever draws ahead draws luck that nobody asks for
counts = luck_used.count_luck(cell, 3)
assert len(used) == counts.sum() + 3, (len(used), counts)  # and the costs of each world
drawn.clear()
luck_used.uniform_pair = luck.uniform_pair
luck_used.draw(counts, 1, np.empty((2, 999)))
assert len(set(drawn)) == len(used)
"""

GROUPS = ("war-values", "worlds", "steps", "offers", "chips")
SHOWN = ("speed", "formulas", "features")  # row by row, on the page
OTHERS = (*SHOWN, "memory", "start", "flagship-sweep")

SUITE = """
import commands, suite
whole = commands.sweep
def short(worlds, *words, **options):
    return whole(worlds, *words, "--set", "horizon_days=14", **options)
commands.sweep = short
commands.GRID = ("--vary", "chips.kursk.area_km2=0,400")
commands.CELLS = 2
suite.QUICK = TINY
if __name__ == "__main__":
    sys.argv[1:1] = ["--quick"]
    suite.main()
"""


def run(checkout, folder, code, *words):
    """Run a script beside the suite, in the checkout; return what it prints."""
    script = folder / "script.py"
    script.write_text(START + code, encoding="utf-8")
    reply = subprocess.run(
        [sys.executable, str(script), *words],
        cwd=checkout,
        env={**PLAIN, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert reply.returncode == 0, reply.stderr
    return reply.stdout


def rows_of(checkout, folder, groups):
    """Rows that the suite writes for some groups, tiny, and what it prints."""
    file = folder / "rows.csv"
    asked = [word for group in groups for word in ("--only", group)]
    shown = run(checkout, folder, SUITE, "--csv", str(file), *asked)
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines)), shown


def test_yardsticks_give_the_engines_worlds_and_draw_the_luck_that_they_use(
    checkout, tmp_path
):
    run(checkout, tmp_path, YARDSTICKS)


ASKED_FOR = """
import asked_for
from sim.model.state import LANES
counts = asked_for.asked_for(1)
assert set(counts) == {what for what, *_ in asked_for.COUNTED}
assert counts["value of a front"] % LANES == 0  # whole vectors
assert counts["normal deviate"] >= 180  # one for each day of a war at least
"""


def test_what_a_world_asks_for_is_counted(checkout, tmp_path):
    run(checkout, tmp_path, ASKED_FOR)


@pytest.mark.slow
def test_what_is_measured_is_printed_and_written_row_by_row(checkout, tmp_path):
    rows, shown = rows_of(checkout, tmp_path, GROUPS)
    assert [row["group"].replace(" ", "-") for row in rows] == [
        group for group in GROUPS for _ in range(2)
    ]
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        assert not first["ratio"]
        assert second["against"] == first["what"]
        speeds = [float(row["per_second"]) for row in (first, second)]
        assert float(second["ratio"]) == pytest.approx(speeds[1] / speeds[0])
    _, _, *printed = shown.splitlines()
    assert [
        line.startswith(row["what"]) for line, row in zip(printed, rows, strict=True)
    ]


PARSED = """
import suite
for command in sys.argv[1:]:
    suite.parser().parse_args(command.split())
"""


def test_the_page_shows_commands_that_the_suite_understands(checkout, tmp_path):
    commands = "".join(runner.blocks(runner.page("benchmarks"), "sh")).splitlines()
    start = "python experiments/benchmarks/suite.py "
    assert commands
    assert all(command.startswith(start) for command in commands)
    run(checkout, tmp_path, PARSED, *(each.removeprefix(start) for each in commands))


@pytest.mark.slow
def test_all_of_the_suite_runs_and_the_page_has_its_rows(checkout, tmp_path):
    rows, _ = rows_of(checkout, tmp_path, OTHERS)
    assert {row["group"].replace(" ", "-") for row in rows} == {*OTHERS}
    commands = [row for row in rows if row["peak_mb"]]
    assert len(commands) == 6
    shown = re.findall(r"^\| ([^|]+?) \|", runner.page("benchmarks"), re.MULTILINE)
    for row in rows:
        if row["group"] in SHOWN:
            assert row["what"] in shown
