"""P(facts) under other rules: the answers the model leaves open, chosen beforehand."""

from dataclasses import dataclass, replace
from pathlib import Path

from sim.analysis.inference.infer import Inferred, infer
from sim.analysis.inference.kept import Kept
from sim.analysis.inference.sets import Case, Space, space_of
from sim.batch.inputs import Input
from sim.batch.manifest import model
from sim.scenario.fact_file import load_facts
from sim.scenario.load import Loaded, load, resolve

SCENARIO, FACTS = "kursk-2025-03-13", "march-2025"
SIDES = ("ukraine", "russia")
WITHIN_DAYS = 90
QUANTAL = {f"parties.{side}.policy.name": "quantal" for side in SIDES}
WEIGHTS = tuple(f"parties.{side}.bargaining_weight" for side in SIDES)


@dataclass(frozen=True)
class Variant:
    """Rules: changes of every scenario, and inputs that are not drawn."""

    name: str
    changes: dict[str, object]
    fixed: tuple[str, ...]
    """These have the value that the scenario says, whatever its low and high."""


VARIANTS = (
    Variant("as shipped", {}, ()),
    Variant("quantal", QUANTAL, ()),
    Variant("no bargaining weight", {}, WEIGHTS),
    Variant("no bargaining weight, quantal", QUANTAL, WEIGHTS),
)


def space(variant: Variant, *, seed: int, worlds: int) -> Space:
    """Return the space of the flagship and its facts under the rules of a variant."""
    told = load_facts(FACTS)
    scenarios = {
        name: _changed(loaded, variant) for name, loaded in told.scenarios.items()
    }
    found = space_of(
        _changed(load(SCENARIO), variant),
        replace(told, scenarios=scenarios),
        seed=seed,
        worlds=worlds,
        within_days=WITHIN_DAYS,
    )
    cases = tuple(replace(case, inputs=_drawn(case, variant)) for case in found.cases)
    return replace(found, cases=cases)


def inferred(
    variant: Variant, *, sets: int, worlds: int, seed: int, kept: Path | None = None
) -> Inferred:
    """Return what the facts tell under the rules of a variant, by plain weighting.

    With a folder `kept`, what was run before it was stopped is not run again.
    """
    about = {
        "rules": variant.name,
        "sets": sets,
        "worlds": worlds,
        "seed": seed,
        "model": model(),
    }
    keeper = None if kept is None else Kept(kept / _file_name(about), about)
    try:
        return infer(
            space(variant, seed=seed, worlds=worlds),
            sets=sets,
            miscoded=load_facts(FACTS).content.miscoded,
            keeper=keeper,
            fewest=0,
        )
    finally:
        if keeper is not None:
            keeper.close(finished=False)


def _file_name(about: dict[str, object]) -> str:
    return "-".join(str(about[name]) for name in ("rules", "sets", "worlds", "seed"))


def _drawn(case: Case, variant: Variant) -> tuple[Input, ...]:
    return tuple(each for each in case.inputs if each.path not in variant.fixed)


def _changed(loaded: Loaded, variant: Variant) -> Loaded:
    return resolve(loaded, variant.changes) if variant.changes else loaded
