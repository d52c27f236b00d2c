"""How long the flagship's sweep takes, and how much memory.

    python experiments/benchmarks/sweep.py            27 x 3 cells x 10,000 replicates
    python experiments/benchmarks/sweep.py --small    a hundredth of it

It runs the command as a user does, in a process of its own: 27 areas of Kursk held, 3
levels of aid, 180 days. Nothing is asserted; the table says what this machine did.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SWEEP = [
    *(sys.executable, "-m", "sim", "sweep", "kursk-2025-03-13"),
    *("--vary", "chips.kursk.area_km2=0:1040:27", "--vary", "aid.level=0.5,1,1.5"),
    "--quiet",
]
CELLS, DAYS = 27 * 3, 180


def measured(replicates: int, threads: int, *more: str) -> tuple[float, float]:
    """Return wall seconds of the whole command, and its peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*SWEEP, "--replicates", str(replicates), "--threads", str(threads)]
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, *more, "--out", str(Path(folder) / "out")],
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"the sweep ended with {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, used.ru_maxrss * unit / 1e6


def main() -> None:
    """Measure cold, then with 1 and 2 threads, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="100 replicates a cell")
    replicates = 100 if parser.parse_args().small else 10_000
    first, _ = measured(10, 1)
    print(f"Python {platform.python_version()}, {platform.machine()}, ", end="")
    print(f"{os.cpu_count()} processors")
    print(f"warm-up of {10 * CELLS:,} worlds: {first:.1f} s (compiles if it must)")
    print(f"{CELLS} cells x {replicates:,} replicates x {DAYS} days")
    print(f"{'':24}{'seconds':>9}{'worlds/s':>12}{'peak MB':>9}")
    for name, threads, more in (
        ("1 thread", 1, ()),
        ("2 threads", 2, ()),
        ("2 threads, worlds kept", 2, ("--keep-worlds",)),
    ):
        seconds, memory = measured(replicates, threads, *more)
        rate = CELLS * replicates / seconds
        print(f"{name:24}{seconds:>9.1f}{rate:>12,.0f}{memory:>9.0f}")
    own = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time in all: {own.ru_utime + own.ru_stime:.0f} s")


if __name__ == "__main__":
    main()
