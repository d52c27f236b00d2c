"""What a page shows is run: its fenced blocks, as a reader would type them."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sim.cli import exit_code

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    """Text of a page of docs/, by its name without .md."""
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def blocks(text: str, *languages: str) -> list[str]:
    """Fenced blocks in any of these languages, in order."""
    return [block for language, block in FENCE.findall(text) if language in languages]


def lines(text: str) -> list[list[str]]:
    """Words of every line in blocks of the shell."""
    return [shlex.split(line) for line in "".join(blocks(text, "sh")).splitlines()]


def commands(text: str) -> list[list[str]]:
    """Words of every command in blocks of the shell, without `ceasefire` itself."""
    found = lines(text)
    assert {program for program, *_ in found} == {"ceasefire"}
    return [words for _, *words in found]


def run(
    text: str, more: Callable[[list[str]], list[str]] = lambda words: []
) -> list[list[str]]:
    """Run every command of a page in the folder that is current; return them.

    `more` says which words are added to a command, so that it takes less time.
    """
    found = commands(text)
    for words in found:
        assert exit_code([*words, *more(words)]) == 0, shlex.join(words)
    return found


def run_python(code: str, folder: Path = ROOT) -> str:
    """Run code in a Python of its own and return what it prints."""
    reply = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=folder
    )
    assert reply.returncode == 0, reply.stderr
    return reply.stdout
