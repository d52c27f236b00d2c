"""Whether a sweep loses anything when it is killed at a random moment.

    python experiments/benchmarks/kill.py            20 moments of each way to run one
    python experiments/benchmarks/kill.py 5          5 moments
    python experiments/benchmarks/kill.py 5 --case threads

A sweep is run whole. Then it is started again and again in other folders, and `kill -9`
ends the command, or one of its worker processes: when a random number of chunks and
rows is done, from none to all, and some random milliseconds later. If it was the
command, the same command is given once more. Every file of the folder must then be,
byte for byte, that of the sweep that nobody killed. The exit code is 5 if one is not.
Linux, since it looks for workers in /proc.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

SWEEP = [
    *(sys.executable, "-m", "sim", "sweep", "kursk-2025-03-13", "--quiet"),
    *("--vary", "chips.kursk.area_km2=0:1000:3", "--keep-worlds"),
]
ENGINE = ["--set", "horizon_days=90", "--replicates", "12000", "--input-sets", "2"]
POLICY = ["--set", "horizon_days=30", "--replicates", "24", "--series", "8"]
SOURCE = (
    "from sim.model.policies import BestResponse\n\n"
    "class Mine(BestResponse):\n    pass\n"
)

MOST_SECONDS = 300.0


class Case(NamedTuple):
    """A way to run the sweep, and what of it is killed."""

    words: list[str]
    worker: str = ""
    """What is in the command line of a worker; without, the command itself dies."""


CASES = {
    "threads": Case([*ENGINE, "--threads", "2"]),
    "policy": Case([*POLICY, "--policy", "russia=FILE:Mine"]),
    "policy-worker": Case(
        [*POLICY, "--policy", "russia=FILE:Mine"], worker="sim.batch.executors"
    ),
    "dask": Case([*ENGINE, "--threads", "2", "--scheduler", "local"]),
    "dask-worker": Case(
        [*ENGINE, "--threads", "2", "--scheduler", "local"], worker="spawn_main"
    ),
}


class Found(NamedTuple):
    """What came of killing one sweep."""

    files_there: int
    equal: bool


def main(arguments: list[str] | None = None) -> int:
    """Kill sweeps and print a table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("moments", type=int, nargs="?", default=20)
    parser.add_argument("--case", choices=CASES, action="append")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(arguments)
    chosen = asked.case or list(CASES)
    if find_spec("distributed") is None:
        chosen = [name for name in chosen if not name.startswith("dask")]
        print("Dask is not installed: left out")
    print(f"{'killed':16}{'moments':>8}{'seconds':>9}{'files there':>13}{'equal':>8}")
    lost = False
    for name in chosen:
        chance = random.Random(f"{asked.seed} {name}")
        with tempfile.TemporaryDirectory() as scratch:
            seconds, found = killed(CASES[name], asked.moments, chance, Path(scratch))
        equal = sum(each.equal for each in found)
        there = [each.files_there for each in found]
        kept = f"{min(there)} to {max(there)}"
        print(
            f"{name:16}{len(found):>8}{seconds:>9.1f}{kept:>13}"
            f"{f'{equal}/{len(found)}':>8}",
            flush=True,
        )
        lost |= equal < len(found)
    return 5 if lost else 0


def killed(
    case: Case, moments: int, chance: random.Random, scratch: Path
) -> tuple[float, list[Found]]:
    """Return how long the sweep takes, and what came of killing it, each time."""
    policy = scratch / "mine.py"
    policy.write_text(SOURCE)
    command = [*SWEEP, *(w.replace("FILE", str(policy)) for w in case.words), "--out"]
    run_whole([*command, str(scratch / "warm"), "--replicates", "8"])  # compiles
    began = time.perf_counter()
    run_whole([*command, str(scratch / "whole")])
    seconds = time.perf_counter() - began
    whole = files_of(scratch / "whole")
    made = json.loads(whole["manifest.json"])
    # a line for each chunk of worlds, and of each cell its row, its inputs, its series
    lines = len(made["chunks"]) + 3 * len(made["design"]["points"])
    found: list[Found] = []
    while len(found) < moments:
        folder = scratch / f"killed-{len(found)}"
        there = kill_at(
            Moment(chance.randint(0, lines), chance.uniform(0.0, seconds / lines)),
            [*command, str(folder)],
            folder,
            case.worker,
            chance=chance,
        )
        if there is not None:
            found.append(Found(there, files_of(folder) == whole))
    return seconds, found


class Moment(NamedTuple):
    """When the journal of a sweep has so many lines, and some seconds later."""

    lines: int
    seconds: float


def kill_at(
    moment: Moment,
    command: list[str],
    folder: Path,
    worker: str,
    *,
    chance: random.Random,
) -> int | None:
    """Kill a sweep at a moment and see it to its end.

    Returns how many files were there when it was killed; None if it was done by then,
    or had no worker yet.
    """
    journal = folder / "unfinished" / "journal.jsonl"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and _lines(journal) < moment.lines:
            time.sleep(0.002)
        time.sleep(moment.seconds)
        victim = process.pid
        if worker:
            workers = list(below(process.pid, worker))
            victim = chance.choice(workers) if workers else 0
        if process.poll() is not None or not victim:
            process.wait(MOST_SECONDS)
            return remove(folder)
        try:
            os.kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            process.wait(MOST_SECONDS)
            return remove(folder)
        there = len(files_of(folder)) if folder.exists() else 0
        code = process.wait(MOST_SECONDS)
    if worker and code != 0:
        raise SystemExit(f"a worker was killed, and the sweep ended with {code}")
    if not worker:
        run_whole(command)
    return there


def _lines(journal: Path) -> int:
    try:
        return journal.read_bytes().count(b"\n")
    except OSError:  # it is not there yet, or no more
        return 0


def run_whole(command: list[str]) -> None:
    """Run a sweep to its end; one that was finished when it was killed is left."""
    reply = subprocess.run(
        command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
    )
    if reply.returncode and "this sweep already, complete" not in reply.stderr:
        raise SystemExit(f"{reply.stderr}\nthe sweep ended with {reply.returncode}")


def below(process: int, words: str) -> Iterator[int]:
    """Yield the processes below one that have these words in their command line."""
    for task in Path(f"/proc/{process}/task").glob("*"):
        for child in map(int, _read(task / "children").split()):
            if words in _read(Path(f"/proc/{child}/cmdline")):
                yield child
            yield from below(child, words)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended
        return ""


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder by its name, byte for byte."""
    return {
        file.relative_to(folder).as_posix(): _bytes(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:  # a sweep that goes on tidies up
        return b""


def remove(folder: Path) -> None:
    """Remove what a sweep left that was not killed."""
    subprocess.run(["rm", "-rf", folder], check=True)


if __name__ == "__main__":
    sys.exit(main())
