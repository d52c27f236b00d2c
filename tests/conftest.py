"""What all tests share: how Hypothesis searches, and the files of the checkout."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]

# A job in the background ignores Ctrl-C, and so would commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Before anything imports matplotlib: no test may need a screen.
os.environ["MPLBACKEND"] = "Agg"

# The same examples for everybody, always: whoever runs the tests checks their own
# change. A first call compiles, which takes seconds, so there is no deadline.
settings.register_profile(
    "fixed", deadline=None, database=None, derandomize=True, print_blob=True
)
# What `make fuzz` loads: other examples at each seed. A failure becomes an `@example`.
settings.register_profile(
    "explore",
    settings.get_profile("fixed"),
    derandomize=False,
    max_examples=int(os.environ.get("CEASEFIRE_EXAMPLES", "1000")),
    suppress_health_check=list(HealthCheck),
)
# The same where one more Python runs what another has tried.
settings.register_profile("few", settings.get_profile("fixed"), max_examples=10)
settings.load_profile("fixed")


def examples(count: int) -> int:
    """Return how many examples a test takes of which `count` are enough or all it can.

    Where others take 100, it takes `count`, and in proportion with another profile.
    """
    return max(1, settings().max_examples * count // 100)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Folder of the project."""
    return ROOT


def _is_left_behind(name: Path) -> bool:
    made = {"__pycache__", "build", "dist", "out"}
    return name.parts[0].startswith(".") or bool(made & set(name.parts))


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Files that are or could be committed, relative to the checkout.

    Files not yet added count, so a mistake shows before it is committed. In an
    unpacked archive, which has no history, everything there is counts.
    """
    if not (ROOT / ".git").exists():
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        return sorted(name for name in found if not _is_left_behind(name))
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    reply = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = sorted(set(filter(None, reply.stdout.split("\0"))))
    return [Path(name) for name in names if (ROOT / name).is_file()]
