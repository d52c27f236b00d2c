"""What a sweep is, in a form that is written down, compared and repeated."""

import hashlib
import json
import platform
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import sim
from sim.batch import tasks
from sim.batch.commands import scenario_words
from sim.batch.design import Design
from sim.batch.designs import points_words
from sim.batch.files import checksum
from sim.batch.inputs import number_at
from sim.batch.plan import Part, Plan
from sim.batch.policy_worlds import Policies
from sim.batch.settings import Setting, shown, spaced
from sim.batch.tables import SCHEMA_VERSION
from sim.errors import UsageError, listed
from sim.model.compile import source_hash
from sim.scenario.load import Loaded
from sim.scenario.problems import dotted


def command_of(plan: Plan, out: str = "DIR", part: Part | None = None) -> str:
    """Return the command, quoted for a shell; `DIR` stands for any new folder.

    Without `part` it is that of the whole sweep, whichever part the plan has: files of
    parts and of the whole carry the same command.
    """
    design, sets, policies = plan.design, plan.input_sets, plan.policies
    of_design = _design_words(design)
    words = ["ceasefire", "sweep", *scenario_words(plan.base), *of_design]
    if design.reference:
        for path, setting in design.at(design.reference).items():
            words += ["--reference", f"{path}={shown(setting)}"]
    amount = "replicates" if plan.precision is None else "precision"
    for name in (amount, "seed", "within_days"):
        words += [f"--{name.replace('_', '-')}", str(getattr(plan, name))]
    if sets is not None:
        many = len(sets) if sets.fitted is None else len(sets) // 2
        words += ["--input-sets", str(many)]
        if sets.fitted is not None:
            words += ["--inputs", sets.fitted["folder"] or "INPUTS"]
        words += ["--input-replicates", str(sets.replicates)]
    if plan.keep_worlds:
        words += ["--keep-worlds"]
    if plan.series_asked is not None:
        words += ["--series", str(plan.series_asked)]
    if part is not None:
        words += ["--part", str(part)]
    words += [] if policies is None else policies.words()
    remark = "" if policies is None else policies.remark()
    if "SWEEP" in of_design:
        remark += "  # SWEEP: a folder of this sweep, for its points"
    return shlex.join([*words, "--out", out]) + remark


def _design_words(design: Design) -> Sequence[str]:
    """Return the words that make a design."""
    if design.made.words:
        return design.made.words
    if design.made.kind != "grid":
        return points_words([design.at(cell) for cell in range(len(design))])
    words = []
    for path in design.paths:
        words += ["--vary", f"{path}={vary_text(design.column(path))}"]
    return words


def vary_text(column: Sequence[Setting]) -> str:
    """Return settings as FROM:TO:COUNT if they are that, or else as a list.

    `column` has a setting for each cell, so the same ones over and over.

    >>> vary_text([0.0, 50.0, 100.0, 0.0, 50.0, 100.0])
    '0:100:3'
    """
    found = list(dict.fromkeys(column))
    if len(found) > 2 and all(isinstance(each, float) for each in found):
        text = f"{shown(found[0])}:{shown(found[-1])}:{len(found)}"
        if spaced(text) == tuple(found):
            return text
    return ",".join(shown(each) for each in found)


_MOST_SHOWN = 10
ANSWER = "a model's answer, not a forecast"

# What must be the same for chunks to belong to one sweep. `model` names the code of
# the formulas, stages and engine, and the compiler.
IDENTITY = (
    "schema_version",
    "scenario_hash",
    "scenario",
    "design",
    "seed",
    "replicates",
    "precision",
    "within_days",
    "inputs",
    "series",
    "keep_worlds",
    "policies",
    "part",
    "chunk_steps",
    "versions",
    "model",
)


def versions(*more: str) -> dict[str, str]:
    """Return the versions that numbers may depend on."""
    libraries = ("numpy", "numba", "scipy", "pyarrow", *more)
    return {
        "ceasefire-sim": sim.__version__,
        **{name: version(name) for name in libraries},
        "python": platform.python_version(),
    }


@cache
def model() -> str:
    """Name the code that this process runs, even if a file is edited meanwhile."""
    return source_hash()


@cache
def sources() -> str:
    """Name all code of the package, that which reads scenarios and sums up as well."""
    package = Path(sim.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(package.rglob("*.py")):
        content = file.read_bytes()
        name = file.relative_to(package).as_posix()
        digest.update(f"{name} {len(content)} ".encode() + content)
    return digest.hexdigest()[:16]


def code(policies: Policies | None) -> dict[str, Any]:
    """Return what runs worlds in this process, as the manifest holds it."""
    return {
        "versions": versions() if policies is None else versions("mesa"),
        "model": model() if policies is None else f"{model()}-{policies.code()}",
    }


def describe(plan: Plan) -> dict[str, Any]:
    """Return the manifest of a sweep before its first chunk."""
    scenario = plan.base.scenario
    sets, policies = plan.input_sets, plan.policies
    described = {
        "schema_version": SCHEMA_VERSION,
        "complete": False,
        "note": ANSWER,
        "command": command_of(plan),
        "scenario_id": scenario.id,
        "scenario_title": scenario.title,
        "scenario_hash": plan.base.hash,
        **code(policies),
        "seed": plan.seed,
        "replicates": plan.replicates,
        "precision": plan.precision,
        "spent": None,
        "within_days": plan.within_days,
        "keep_worlds": plan.keep_worlds,
        "policies": None if policies is None else policies.plain(),
        "part": None if plan.part is None else str(plan.part),
        "chunk_steps": tasks.chunk_steps(plan),
        "design": plan.design.plain(),
        "series": plan.series,
        "inputs": None if sets is None else sets.plain(),
        "scenario": scenario.model_dump(mode="json"),
        "written": plan.base.sourced.data,
        "known_values": _known_values(plan.base),
        "chunks": [],
        "files": {},
    }
    # As it will be read back, so that the two can be compared.
    return dict(json.loads(json.dumps(described, allow_nan=False)))


def identity(manifest: Mapping[str, Any]) -> str:
    """Return a text that two manifests share if chunks of one belong to the other."""
    kept = {name: manifest[name] for name in IDENTITY}
    return checksum(json.dumps(kept, sort_keys=True).encode("ascii"))


def metadata(manifest: dict[str, Any]) -> dict[str, str]:
    """Return what every file of a sweep carries."""
    kept = ("scenario_id", "scenario_hash", "model", "command", "note")
    numbers = ("seed", "replicates", "within_days")
    return {
        **{name: manifest[name] for name in kept},
        **{name: str(manifest[name]) for name in numbers},
        "versions": json.dumps(manifest["versions"], sort_keys=True),
    }


def refuse_another(
    text: str,
    here: Mapping[str, Any],
    there: Mapping[str, Any],
    *,
    without: Collection[str] = (),
) -> None:
    """Raise UsageError with what makes two manifests two sweeps, if anything does."""
    names = [name for name in IDENTITY if name not in without]
    if here["scenario"] != there.get("scenario"):
        names.remove("scenario_hash")  # the values that differ say more
    found: list[str] = []
    for name in names:
        found += differing(name, here[name], there.get(name))
    if found:
        raise UsageError(listed(text, found, _MOST_SHOWN))


def differing(name: str, here: Any, there: Any) -> Iterator[str]:
    """Yield in words where two values differ, each by its path."""
    if isinstance(here, dict) and isinstance(there, dict):
        for key in {**here, **there}:
            prefix = f"{name}." if name not in ("", "scenario") else ""
            yield from differing(f"{prefix}{key}", here.get(key), there.get(key))
    elif here != there:
        yield f"{name}: {_short(here)} here, {_short(there)} there"


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _known_values(loaded: Loaded) -> dict[str, Any]:
    """Return how well the inputs are known: numbers with low or high, and sources."""
    known = {}
    for path, about in loaded.sourced.annotations.items():
        value = number_at(loaded.scenario, path)
        if value is not None and (about.low is not None or about.high is not None):
            known[dotted(path)] = {
                "value": value,
                "low": about.low,
                "high": about.high,
                "source": about.source,
            }
    return known
