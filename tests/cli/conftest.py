"""Commands called in this process, or in one of their own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import sim
from sim.batch.progress import is_first_start
from sim.cli import exit_code

FLAGSHIP = "kursk-2025-03-13"


class Reply(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def compiled() -> None:
    """Compile the model if it is not, so that no command has to say that it does."""
    if is_first_start():
        sim.run("kursk-2025-03-13")


@pytest.fixture
def ceasefire(
    capsys: pytest.CaptureFixture[str], compiled: None
) -> Callable[..., Reply]:
    """Call a command in this process."""

    def call(*words: str | Path) -> Reply:
        capsys.readouterr()
        code = exit_code([str(word) for word in words])
        return Reply(code, *capsys.readouterr())

    return call


@pytest.fixture
def process() -> Callable[..., Reply]:
    """Call a command as a user does, in a process of its own."""

    def call(*words: str | Path, **options: object) -> Reply:
        command = [sys.executable, "-m", "sim", *map(str, words)]
        reply = subprocess.run(command, capture_output=True, text=True, **options)
        return Reply(reply.returncode, reply.stdout, reply.stderr)

    return call


@pytest.fixture
def scenario_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a small scenario, with lines replaced or added."""

    def write(name: str = "war.yaml", more: str = "", **lines: str) -> Path:
        fields = {
            "id": "a-small-war",
            "title": "Two sides, one stake",
            "start_date": "2025-03-13",
            "front": "{side: north, stake_km2: 8000, held_km2: 3200, "
            "drift_km2_per_week: -28, volatility_km2_per_week: 61}",
            "parties": "\n"
            "  north: {cost_of_war_km2: {value: 800, private: [480, 1120]}, "
            "belief: {drift_km2_per_week: 0}}\n"
            "  south: {cost_of_war_km2: {value: 640, private: [400, 880]}, "
            "belief: {drift_km2_per_week: -36}}",
            **lines,
        }
        text = "".join(f"{key}: {value}\n" for key, value in fields.items())
        file = tmp_path / name
        file.write_text(text + more, encoding="utf-8")
        return file

    return write
