"""`ceasefire sweep --policy` as a user meets it; its processes end when it does."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import textwrap
import time

import pandas as pd
import pytest

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"
SHORT = ["--set", "horizon_days=20", "--within-days", "15", "--replicates", "20"]
VARY = ["--vary", f"{AREA}=0,800"]

POLICIES = """
    import os
    from pathlib import Path

    from sim.model.policies import BestResponse


    class Chatty(BestResponse):
        def answer(self, view):
            print("thinking")
            return view.refuse()


    class Endless(BestResponse):
        def answer(self, view):
            (Path(__file__).parent / f"pid-{os.getpid()}").touch()
            while view.world["replicate"][0] >= 10:
                pass
            return view.refuse()
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my_policy.py"
    path.write_text(textwrap.dedent(POLICIES), encoding="utf-8")
    return path


@pytest.mark.slow
def test_it_says_how_it_runs_and_the_command_it_prints_repeats_it(
    process, file, tmp_path
):
    out, again = tmp_path / "out", tmp_path / "again"
    words = [*SHORT, *VARY, "--policy", f"russia={file}:Chatty", "--threads", "1"]
    reply = process("sweep", FLAGSHIP, *words, "--out", out)
    assert reply.code == 0
    assert "slower Mesa model, in 1 worker process\n" in reply.err
    # What a policy prints is no data.
    assert "thinking" in reply.err
    assert "thinking" not in reply.out
    command = re.search(r"again: ceasefire (.*)", reply.err)[1]
    assert process(*shlex.split(command.replace(str(out), str(again)))).code == 0
    for name in ("cells.parquet", "manifest.json"):
        assert (again / name).read_bytes() == (out / name).read_bytes()
    cells = pd.read_parquet(out / "cells.parquet")
    assert list(cells["truce_share"]) == [0.0, 0.0]


@pytest.mark.slow
def test_a_dry_run_judges_by_the_mesa_model(ceasefire, file):
    words = ["sweep", FLAGSHIP, "--replicates", "100000", "--dry-run", "--json"]
    engine = json.loads(ceasefire(*words).out)
    mesa = json.loads(ceasefire(*words, "--policy", f"russia={file}:Chatty").out)
    assert mesa["worlds"] == engine["worlds"]
    assert mesa["seconds"] > 5 * engine["seconds"]


def test_a_mistake_is_named_before_anything_is_written(ceasefire, file, tmp_path):
    out = tmp_path / "out"
    for policy, message in (
        (f"rusia={file}:Chatty", "did you mean 'russia'"),
        (f"russia={file}:Chaty", "did you mean 'Chatty'"),
        (f"russia={file}", "needs PARTY=FILE.py:CLASS"),
    ):
        reply = ceasefire("sweep", FLAGSHIP, "--policy", policy, "--out", out)
        assert reply.code == 2
        assert message in reply.err
    assert not out.exists()


@pytest.mark.slow
def test_a_script_needs_no_guard_and_is_not_run_again(file, tmp_path, checkout):
    script = tmp_path / "script.py"
    script.write_text(
        "import sim\n"
        "print('once')\n"
        f"found = sim.sweep('{FLAGSHIP}', {{'{AREA}': [0, 800]}}, 20,\n"
        "    set={'horizon_days': 20}, threads=2,\n"
        f"    policies={{'russia': {str(file)!r} + ':Chatty'}})\n"
        "print(list(found.cells['truce_share']))\n"
    )
    reply = subprocess.run(
        [sys.executable, script],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(checkout)},
    )
    assert reply.stdout.splitlines() == ["once", "[0.0, 0.0]"]


def started(file, out):
    """Start a sweep that gets stuck; return it and its workers when they are."""
    words = [*SHORT, *VARY, "--policy", f"russia={file}:Endless", "--threads", "2"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", FLAGSHIP, *words, "--out", out],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C is ignored in what a shell has put in the background, and below it
    )
    limit = time.monotonic() + 300.0
    while len(pids := [int(p.name[4:]) for p in file.parent.glob("pid-*")]) < 2:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < limit
        time.sleep(0.05)
    return process, pids


def is_running(pid):
    """Whether a process is there that nobody waits for."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    reply = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    )
    return reply.stdout.strip()[:1] not in ("", "Z")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_no_worker_outlives_the_sweep_even_within_a_policy(file, tmp_path, sent, code):
    process, pids = started(file, tmp_path / "out")
    process.send_signal(sent)
    _, words = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in words
    limit = time.monotonic() + 10.0
    while any(map(is_running, pids)):
        assert time.monotonic() < limit
        time.sleep(0.05)
