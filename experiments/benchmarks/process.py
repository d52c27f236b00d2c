"""Run a command, and print its wall and processor seconds and its peak memory.

    python experiments/benchmarks/process.py COMMAND...

It is small and imports little: a system counts the memory of the process that starts
another as that of the other, until it is itself.
"""

import json
import os
import subprocess
import sys
import time


def main() -> int:
    """Print one JSON list; end with the exit code of the command."""
    began = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = used.ru_maxrss * unit / 1e6
    print(json.dumps([seconds, used.ru_utime + used.ru_stime, peak_mb]))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
