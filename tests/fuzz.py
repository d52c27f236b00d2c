"""Spoilt copies of the shipped scenarios: each is refused in words or runs in range.

    python -m tests.fuzz 100000 [SEED]

Prints what it did and every mutant that failed, with its number; the same seed and
number make the same mutant again. Ends with 1 if there was any.
"""

import json
import math
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.analysis.values import values
from sim.api.run import run
from sim.batch.ensemble import Ensemble
from sim.errors import CeasefireError
from sim.scenario.library import known, shipped_folder
from sim.scenario.load import Loaded, load

SEED = 1
MOST_SECONDS = 2.0
# One in so many of the accepted ones is run, in the compiled loop and by agents.
COMPILED_EVERY, AGENTS_EVERY = 10, 100

_NUMBERS = [
    "0",
    "-0.0",
    "-1",
    "1",
    "2",
    "1e-300",
    "5e-324",
    "1e308",
    "-1e308",
    "1e999999",
    ".inf",
    "-.inf",
    ".nan",
    "010",
    "0o17",
    "0xff",
    "0.5",
    "0.999999999",
    "1e-9",
    "1e9",
    "99999999999999999999",
    "1_000",
    "3660",
    "3661",
    "200",
    "8",
    "''",
]
_WORDS = [
    "no",
    "yes",
    "null",
    "~",
    "true",
    "[]",
    "{}",
    "[[]]",
    "{value:",
    "1}",
    "{value:",
    "{value:",
    "1}}",
    "!!str",
    "!!binary",
    "<<:",
    "*a",
    "&a",
    "&b",
    "9999999-01-01",
    "9999-12-31",
    "0001-01-01",
    "2025-02-30",
    "extends",
    "value",
    "low",
    "high",
    "source",
    "private",
    "note",
    "constructor",
    "__proto__",
    "kursk",
    "ukraine",
    "russia",
    "usa",
    "lull",
    "|",
    ">",
]
_BITS = ("\0", "\x1b[31m", "\ufeff", "\u2028", "\x85", "\ud7ff", "\t", "\r", "%", "@")
_BITS += (
    "{",
    "}",
    "[",
    "]",
    ":",
    "- ",
    "? ",
    "#",
    "'",
    '"',
    ", ",
    "\n",
    "  ",
    "\u202e",
)


def mutant(texts: list[str], seed: int, number: int) -> bytes:
    """Return a shipped scenario with one to five changes."""
    luck = random.Random(f"{seed}/{number}")
    text = luck.choice(texts)
    for _ in range(luck.choice((1, 1, 1, 2, 3, 5))):
        text = luck.choice(_CHANGES)(text, luck, texts)
    raw = text.encode("utf-8", "surrogatepass")
    if luck.random() < 0.02:
        raw = text.encode("utf-16", "surrogatepass")
    if luck.random() < 0.03:
        at = luck.randrange(len(raw) + 1)
        raw = raw[:at] + luck.randbytes(2) + raw[at:]
    return raw


def _lines(text: str, luck: random.Random, _: list[str]) -> str:
    lines = text.split("\n")
    at, other = luck.randrange(len(lines)), luck.randrange(len(lines))
    kind = luck.randrange(5)
    if kind == 0:
        del lines[at : at + luck.randint(1, 4)]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        lines[at] = " " * luck.randrange(9) + lines[at].strip()
    else:
        del lines[at:]
    return "\n".join(lines)


def _value(text: str, luck: random.Random, _: list[str]) -> str:
    """Give a key another value, mostly a number."""
    lines = text.split("\n")
    keys = [i for i, line in enumerate(lines) if ": " in line and "#" not in line]
    if not keys:
        return text
    at = luck.choice(keys)
    start, _, old = lines[at].rpartition(": ")
    new = luck.choice(_NUMBERS if luck.random() < 0.5 else _WORDS)
    try:
        near = float(old) * luck.choice((0.5, 0.9, 1.1, 2.0, 10.0))
        new = f"{near:g}" if luck.random() < 0.6 else new
    except ValueError:
        pass
    lines[at] = f"{start}: {new}"
    return "\n".join(lines)


def _letters(text: str, luck: random.Random, _: list[str]) -> str:
    at = luck.randrange(len(text) + 1)
    put = luck.choice((*_BITS, chr(luck.randrange(0xD800)), luck.choice(_WORDS)))
    return text[:at] + put + text[at + luck.choice((0, 0, 1, 3)) :]


def _splice(text: str, luck: random.Random, texts: list[str]) -> str:
    lines, others = text.split("\n"), luck.choice(texts).split("\n")
    at, begin = luck.randrange(len(lines)), luck.randrange(len(others))
    lines[at:at] = others[begin : begin + luck.randint(1, 12)]
    return "\n".join(lines)


def _much(text: str, luck: random.Random, _: list[str]) -> str:
    """Put far too much of something somewhere."""
    lines = text.split("\n")
    much = luck.choice(
        (
            "x" * 50_000,
            "[" * 500,
            "a: {" * 60,
            "9" * 5000,
            "&a " + "y" * 9000,
            "[" + "*a, " * 500 + "]",
            "{" + ", ".join(f"k{i}: {i}" for i in range(500)) + "}",
            "[" + "hand_back, " * 500 + "]",
        )
    )
    at = luck.randrange(len(lines))
    lines[at] = f"{lines[at].partition(':')[0]}: {much}"
    return "\n".join(lines)


def _parent(text: str, luck: random.Random, _: list[str]) -> str:
    there = [f"{name}.yaml" for name in known()]
    parent = luck.choice(("mutant.yaml", ".", "no.yaml", *there))
    return f"extends: {parent}\n{text}"


_CHANGES = (
    _lines,
    _value,
    _value,
    _value,
    _value,
    _value,
    _letters,
    _splice,
    _much,
    _parent,
)


def fuzz(count: int, seed: int = SEED) -> tuple[Counter[str], list[str]]:
    """Try `count` mutants; return how many came to what, and what failed."""
    texts = [file.read_text(encoding="utf-8") for file in known().values()]
    told: Counter[str] = Counter(refused=0, accepted=0, compiled=0, agents=0)
    failures: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for file in shipped_folder().rglob("*.yaml"):  # for what extends another
            shutil.copy(file, name)
        file = Path(name) / "mutant.yaml"
        for number in range(count):
            file.write_bytes(mutant(texts, seed, number))
            try:
                wrong = _tried(file, told)
            except Exception as error:  # what must never be
                wrong = f"{type(error).__name__}: {error}"
            if wrong:
                failures.append(f"seed {seed}, mutant {number}: {wrong[:300]}")
    return told, failures


def _tried(file: Path, told: Counter[str]) -> str:
    """Return what is wrong with what became of a mutant; nothing if it is fine."""
    began = time.process_time()
    try:
        loaded = load(file)
        found = values(loaded)
    except CeasefireError as error:
        told["refused"] += 1
        spent = time.process_time() - began
        lines = str(error).split("\n")
        odd = next((line for line in lines if not line.isprintable()), "")
        if odd or len(lines) > 200 or max(map(len, lines)) > 2000:
            return f"a refusal nobody can read: {odd or lines[0]!a}"
        return "" if spent < MOST_SECONDS else f"refused after {spent:.1f} s"
    spent = time.process_time() - began
    told["accepted"] += 1
    json.dumps(found, allow_nan=False)
    if spent > MOST_SECONDS and told["accepted"] > 1:  # the first one compiles
        return f"valued after {spent:.1f} s"
    if told["accepted"] % COMPILED_EVERY == 0:
        told["compiled"] += 1
        return next(_out_of_range(loaded), "")
    if told["accepted"] % AGENTS_EVERY == 1:
        told["agents"] += 1
        return _wrong_story(loaded)
    return ""


def _out_of_range(loaded: Loaded) -> Iterator[str]:
    days = Ensemble(loaded, 1, range(2), range_runs=1).days
    areas = [name for name in days if str(name).startswith("chips_km2.")]
    for name in ("held_km2", "aid", *areas):
        if not all(map(math.isfinite, days[name])) or days[name].min() < 0:
            yield f"{name} is not a number from 0"
    if days["held_km2"].max() > loaded.scenario.front.stake_km2:
        yield "held_km2 is above the stake"


def _wrong_story(loaded: Loaded) -> str:
    told: Any = run(loaded)
    json.dumps([told.outcome, told.days, told.log], allow_nan=False)
    stake = loaded.scenario.front.stake_km2
    inside = all(0 <= day["held_km2"] <= stake for day in told.days)
    return "" if inside else "held_km2 outside the stake"


def main(words: list[str]) -> int:
    """Fuzz, and print what came of it."""
    count, seed = (
        int(words[0]) if words else 10_000,
        int(words[1]) if words[1:] else SEED,
    )
    began = time.monotonic()
    told, failures = fuzz(count, seed)
    listed = ", ".join(f"{number:,} {what}" for what, number in told.items())
    said = f"{count:,} mutants of seed {seed}: {listed}; {len(failures)} failed"
    took = f"{time.monotonic() - began:.0f} s"
    sys.stdout.write("\n".join([said, took, *failures[:50], ""]))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
