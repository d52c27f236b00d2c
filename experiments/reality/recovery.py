"""Known numbers simulated, blurred and fitted, and how often intervals hold them.

Two records of a chip are simulated many times over. The long one has switches enough
for the theory of the likelihood to hold. The short one is as long as that of Kursk and
breaks as it did, once or never: what intervals are worth there is another question. Of
the line there are two years by the week, with the independent weeks that the model has
and with weeks that resemble each other as those observed do.

python -m experiments.reality.recovery writes recovery.csv beside this file.
"""

import argparse
import csv
import io
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.analysis.calibration.area_fit import INTERVALS, Regimes, fit_chip
from sim.analysis.calibration.front_fit import fit_line
from sim.analysis.calibration.process import chip_paths
from sim.analysis.calibration.profile_likelihood import Profile
from sim.batch.files import write_whole
from sim.batch.intervals import wilson
from sim.scenario.observations import Series

REPETITIONS = 200
TABLE = Path(__file__).with_name("recovery.csv")
FIRST_DAY = 739_000  # any date will do
LEAST_ZONE, MOST_ZONE = 0.1, 0.2  # half of the grey zone, as a share of the area


@dataclass(frozen=True)
class Truth:
    """A record to simulate: what is true, how long it is, and how often it is seen."""

    regimes: Regimes
    days: int
    longest_gap: int


TRUTHS = {
    "long": Truth(
        Regimes((0.02, 0.30), (0.03, 0.10), (0.15, 0.50), blur=0.15), 1095, 5
    ),
    "short": Truth(
        Regimes((0.034, 0.60), (0.04, 0.25), (0.04, 0.30), blur=0.05), 184, 5
    ),
}


@dataclass(frozen=True)
class Line:
    """Weekly changes of a line; `alike` is the correlation of one with the next.

    Without it they are those of the front that the model has.
    """

    drift: float
    volatility: float
    alike: float
    weeks: int = 104

    @property
    def values(self) -> dict[str, float]:
        """The truth by the names of the fit."""
        return {"drift": self.drift, "volatility": self.volatility}


LINES = {"line": Line(32.0, 61.0, 0.0), "line, weeks alike": Line(32.0, 61.0, 0.75)}
RECORDS = (*TRUTHS, *LINES)


def simulated(truth: Truth, repetition: int) -> Series:
    """Return a record of the process, seen after gaps of 1 to `longest_gap` days."""
    rng = np.random.default_rng([2025, repetition])
    gaps = rng.integers(1, truth.longest_gap + 1, truth.days)
    seen = np.cumsum(gaps)
    seen = seen[seen <= truth.days]
    areas = chip_paths(
        truth.regimes,
        np.array([1000.0]),
        rng.integers(0, 2 if truth.days > 365 else 1, 1),
        seen.tolist(),
        cap=np.inf,
        floor=0.0,
        rng=rng,
    )[:, 0]
    zone = rng.uniform(LEAST_ZONE, MOST_ZONE, areas.size)
    area = areas * np.exp(truth.regimes.blur * zone * rng.standard_normal(areas.size))
    return Series(
        name="simulated",
        column="midpoint_km2",
        day=FIRST_DAY + seen,
        area=area,
        low=area * (1.0 - zone),
        high=area * (1.0 + zone),
    )


def true_values(regimes: Regimes) -> dict[str, float]:
    """Return the truth by the names of the intervals."""
    pairs = (*regimes.loss, *regimes.volatility, *regimes.leaving, regimes.blur)
    return dict(zip(INTERVALS, pairs, strict=True))


def simulated_line(truth: Line, repetition: int) -> Series:
    """Return the area that a side holds, week by week, without error."""
    rng = np.random.default_rng([2025, repetition])
    off = rng.standard_normal(truth.weeks)
    for week in range(1, truth.weeks):
        off[week] *= np.sqrt(1.0 - truth.alike**2)
        off[week] += truth.alike * off[week - 1]
    gained = np.cumsum(truth.drift + truth.volatility * off)
    area = 100_000.0 + np.concatenate([[0.0], gained])
    days = FIRST_DAY + 7 * np.arange(truth.weeks + 1)
    return Series("simulated", "held_by_south_km2", days, area, area, area, "south")


def truth_of(name: str) -> dict[str, float]:
    """Return the truth of a record by the names of the intervals."""
    if name in LINES:
        return LINES[name].values
    return true_values(TRUTHS[name].regimes)


def holds(name: str, repetition: int) -> list[tuple[float, float, float]]:
    """Fit one repetition; return estimate and interval of each parameter."""
    found: dict[str, Profile]
    if name in LINES:
        fit = fit_line(simulated_line(LINES[name], repetition))
        found = {"drift": fit.drift, "volatility": fit.volatility}
    else:
        found = fit_chip(simulated(TRUTHS[name], repetition)).intervals
    ends = (found[each] for each in truth_of(name))
    return [(end.estimate, end.low, end.high) for end in ends]


def coverage(
    name: str, repetitions: int, pool: ProcessPoolExecutor
) -> Iterator[dict[str, object]]:
    """Yield one row a parameter: truth, median estimate, share of intervals right."""
    fits = np.array(
        list(pool.map(holds, [name] * repetitions, range(repetitions), chunksize=5))
    )
    for place, (parameter, true) in enumerate(truth_of(name).items()):
        estimate, low, high = fits[:, place].T
        right = int(np.sum((low <= true) & (true <= high)))
        share, least, most = (float(end) for end in wilson(right, repetitions))
        yield {
            "record": name,
            "parameter": parameter,
            "true": true,
            "median_estimate": f"{np.median(estimate):.4g}",
            "median_low": f"{np.median(low):.4g}",
            "median_high": f"{np.median(high):.4g}",
            "repetitions": repetitions,
            "covered": f"{share:.3f}",
            "covered_low": f"{least:.3f}",
            "covered_high": f"{most:.3f}",
        }


def main() -> None:
    """Simulate, fit and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--out", type=Path, default=TABLE)
    asked = parser.parse_args()
    rows: list[dict[str, object]] = []
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for name in RECORDS:
            print(f"{name}: {asked.repetitions} records", file=sys.stderr, flush=True)
            rows += coverage(name, asked.repetitions, pool)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(asked.out, text.getvalue())


if __name__ == "__main__":
    main()
