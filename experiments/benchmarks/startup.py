"""How long commands take to start, against `import numpy`: ratios in one run.

    python experiments/benchmarks/startup.py [REPEATS]

Each line is the median of so many fresh processes, warmed up once, taken in turns so
that a busy machine slows all of them alike.
"""

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "import numpy": [sys.executable, "-c", "import numpy"],
    "python alone": [sys.executable, "-c", "pass"],
    "--help": [sys.executable, "-m", "sim", "--help"],
    "list": [sys.executable, "-m", "sim", "list"],
    "show": [sys.executable, "-m", "sim", "show", "kursk-2025-03-13"],
    "values": [sys.executable, "-m", "sim", "values", "kursk-2025-03-13"],
    "run": [sys.executable, "-m", "sim", "run", "kursk-2025-03-13"],
}


def seconds(command: list[str]) -> float:
    """Wall time of one process."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    """Print a table: median seconds, and how many times `import numpy`."""
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(repeats + 1):
        for name, command in COMMANDS.items():
            taken = seconds(command)
            if turn:
                times[name].append(taken)
    medians = {name: statistics.median(each) for name, each in times.items()}
    for name, median in medians.items():
        ratio = median / medians["import numpy"]
        print(f"{name:14} {median:7.3f} s {ratio:6.2f} times import numpy")


if __name__ == "__main__":
    main()
