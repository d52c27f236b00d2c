"""docs/reports/inference.md: the values that its words in `page.md` ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.inference.calibration import OWN, QUANTITIES, Calibration, Checked
from experiments.inference.picture import named
from experiments.inference.ranks import BINS, DRAWS, band
from experiments.inference.variants import FACTS, SCENARIO, WITHIN_DAYS, Variant
from experiments.sanity.writing import Template
from sim import __version__
from sim.analysis.inference.infer import Inferred
from sim.batch.estimates import HEADLINES, STOPPED
from sim.plots.provenance import Context
from sim.scenario.load import load

TRUTHS = 200
TEMPLATE = Template(Path(__file__).with_suffix(".md"))
# Kass and Raftery (1995): a ratio up to which evidence is called so.
STRENGTH = {"hardly": 3.0, "somewhat": 20.0, "strongly": float("inf")}
TOLD_APART = 2.0  # standard errors of the difference of two P(facts)


@dataclass(frozen=True)
class Sizes:
    """How much was run."""

    truths: int
    more: int
    worlds: tuple[int, int, int]
    seed: int


def context_of(found: Calibration, sizes: Sizes, command: str) -> Context:
    """Return what the figure says about the runs."""
    base = load(SCENARIO)
    return Context(
        scenario_id=base.scenario.id,
        scenario_title=base.scenario.title,
        scenario_hash=base.hash,
        seed=sizes.seed,
        replicates=found.asked.worlds,
        version=__version__,
        within_days=WITHIN_DAYS,
        command=command,
        horizon_days=base.scenario.horizon_days,
    )


def page(
    found: Calibration,
    rules: Sequence[tuple[Variant, Inferred]],
    sizes: Sizes,
    command: str,
) -> str:
    """The page as text."""
    few, usual, many = found.sharper
    rejection = found.rejection
    weighted = found.weighted[1]
    shipped = rules[0][1]
    low, high = band(found.asked.truths)
    chances = [each.chance for _, each in found.blocks]
    return TEMPLATE.page(
        command=command,
        scenario=SCENARIO,
        facts=FACTS,
        sets=found.sets,
        seed=sizes.seed,
        truths=sizes.truths,
        more=sizes.more,
        worlds=sizes.worlds,
        draws=DRAWS,
        bins=BINS,
        low=low,
        high=high,
        paths=len(found.space.paths),
        days=WITHIN_DAYS,
        asked=found.asked,
        tests=2 * len(QUANTITIES),
        verdict=_verdict("asked", found.asked),
        sharper=_verdict("sharper", usual),
        more_worlds=TEMPLATE.words(_worlds_matter(few, usual, many), many=many),
        again=_again(usual, *found.again),
        others=found.again[0].truths,
        others_error=1.0 / np.sqrt(12 * found.again[0].truths),
        again_rank=[
            (named(name), each, many_worlds)
            for name, each, many_worlds in zip(
                QUANTITIES,
                found.again[0].quantities,
                found.again[1].quantities,
                strict=True,
            )
        ],
        own=found.own_luck,
        own_sets=min(found.sets, OWN),
        shared=found.shared,
        shared_verdict=_verdict("shared", found.shared),
        alike=found.alike,
        alike_verdict=_verdict("alike", found.alike),
        rank=[
            (named(name), each)
            for name, each in zip(QUANTITIES, found.asked.quantities, strict=True)
        ],
        more_rank=[
            (named(name), each, other, most)
            for name, each, other, most in zip(
                QUANTITIES,
                few.quantities,
                usual.quantities,
                many.quantities,
                strict=True,
            )
        ],
        check=[
            (TEMPLATE.words(f"named {each.name}"), each)
            for each in (
                found.asked,
                *found.sharper,
                *found.again,
                found.shared,
                found.alike,
            )
        ],
        alike_rank=[
            (named(name), each)
            for name, each in zip(QUANTITIES, found.alike.quantities, strict=True)
        ],
        rejection=rejection,
        by_weight=weighted,
        agreement=TEMPLATE.words(_agreement(found)),
        way=[
            (
                f"weighting, {each.worlds} worlds of each set",
                f"{each.chance:.4f} ± {each.error:.4f}",
                [f"{100 * share:.0f}" for share in each.headlines],
                f"{each.effective:,.0f}",
            )
            for each in found.weighted
        ]
        + [
            (
                f"the same, {found.own_luck.worlds} worlds, each set its own luck",
                f"{found.own_luck.chance:.4f} ± {found.own_luck.error:.4f}",
                [f"{100 * share:.0f}" for share in found.own_luck.headlines],
                f"{found.own_luck.effective:,.0f}",
            )
        ],
        block=[
            (
                f"{at * each.worlds} to {(at + 1) * each.worlds - 1}",
                f"{each.chance:.4f} ± {each.error:.4f}",
                [f"{100 * share:.0f}" for share in each.headlines],
                [f"{one.mean:.3f}" for one in checked.quantities[: len(HEADLINES)]],
            )
            for at, (checked, each) in enumerate(found.blocks)
        ],
        luck=_spread(chances),
        stated=float(np.mean([each.error for _, each in found.blocks])),
        rank_luck=[
            _spread([one.quantities[at].mean for one, _ in found.blocks])
            for at in range(len(HEADLINES))
        ][1],
        rank_error=1.0 / np.sqrt(12 * sizes.more),
        rule=[_row(variant, each, shipped) for variant, each in rules],
        rules=" ".join(_told(*each, shipped) for each in rules[1:]),
        rule_sets=shipped.free.places.shape[0],
    )


def _verdict(part: str, checked: Checked) -> str:
    name = f"{part}: uniform" if checked.is_uniform else f"{part}: not uniform"
    off = [
        named(quantity)
        for quantity, each in zip(QUANTITIES, checked.quantities, strict=True)
        if min(each.chi_square, each.kolmogorov) * 2 * len(QUANTITIES) < 0.05
    ]
    return TEMPLATE.words(name, checked=checked, off=", ".join(off))


def _worlds_matter(few: Checked, usual: Checked, many: Checked) -> str:
    """Which part says what more worlds of each set do to the ranks."""
    if few.is_uniform and usual.is_uniform and many.is_uniform:
        return "worlds: no trace"
    if usual.is_uniform:
        return "worlds: enough"
    return "worlds: more help" if many.is_uniform else "worlds: too few"


def _agreement(found: Calibration) -> str:
    """Which part says whether weights and truths as the war agree, by two errors."""
    exact, usual = found.rejection, found.weighted[1]
    luck = _spread([each.chance for _, each in found.blocks])
    if not all(
        one.low <= each <= one.high
        for one, each in zip(exact.headlines, usual.headlines, strict=True)
    ):
        return "differ"
    error = np.hypot((exact.chance.high - exact.chance.low) / 3.92, luck)
    apart = abs(exact.chance.estimate - usual.chance)
    return "agree" if apart <= 2.0 * error else "differ in chance"


def _again(before: Checked, usual: Checked, many: Checked) -> str:
    """Say whether other truths show the departure that the first ones did."""
    if before.is_uniform and usual.is_uniform and many.is_uniform:
        part = "again: nothing"
    elif usual.is_uniform and many.is_uniform:
        part = "again: chance"
    else:
        part = "again: luck" if many.is_uniform else "again: stays"
    at = QUANTITIES.index(STOPPED)
    ranks_ = [each.quantities[at].mean for each in (before, usual, many)]
    error = 1.0 / np.sqrt(12 * usual.truths)
    return TEMPLATE.words(
        part, before=before, usual=usual, many=many, ranks=ranks_, error=error
    )


def _spread(values: Sequence[float]) -> float:
    """Standard deviation over blocks of worlds."""
    return float(np.std(values, ddof=1))


def _mean(found: Inferred, name: str) -> float:
    return float((found.weights * found.fitted.headline(found.space, name)).sum())


def _row(variant: Variant, found: Inferred, shipped: Inferred) -> tuple[Any, ...]:
    ratio, error = _ratio(found, shipped)
    times = "1" if found is shipped else f"{ratio:.2f} ± {error:.2f}"
    return (
        TEMPLATE.words(f"rules {variant.name}"),
        f"{found.chance:.4f} ± {found.error:.4f}",
        times,
        f"{found.effective:,.0f}",
        [f"{100 * _free(found, name):.0f}" for name in HEADLINES],
        [f"{100 * _mean(found, name):.0f}" for name in HEADLINES],
    )


def _free(found: Inferred, name: str) -> float:
    return float(found.free.headline(found.space, name).mean())


def _ratio(found: Inferred, shipped: Inferred) -> tuple[float, float]:
    """P(facts) over that of the shipped rules, with its standard error.

    That both have the same luck is left out, which makes the error rather too large.
    """
    ratio = found.chance / shipped.chance
    parts = [found.error / found.chance, shipped.error / shipped.chance]
    return ratio, float(ratio * np.linalg.norm(parts))


def _told(variant: Variant, found: Inferred, shipped: Inferred) -> str:
    ratio, error = _ratio(found, shipped)
    far = abs(ratio - 1.0) > TOLD_APART * error
    part = ("rules: more" if ratio > 1.0 else "rules: less") if far else "rules: same"
    name = TEMPLATE.words(f"rules {variant.name}")
    size = max(ratio, 1.0 / ratio)
    how = next(word for word, most in STRENGTH.items() if size < most)
    return TEMPLATE.words(part, name=name, ratio=ratio, error=error, how=how)
