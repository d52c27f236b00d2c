"""Would other luck than independent luck narrow the estimates? Measured, not assumed.

Each way to draw luck runs in a process of its own, in which `rng.uniform_pair` is
replaced before any kernel is compiled, with compiled code in a folder of its own. The
share of worlds with a full truce by day 90 is estimated for many seeds; the variance of
these estimates is compared with that of independent luck.

    python experiments/luck/variance.py
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SCENARIOS = ("kursk-2025-03-13", "kursk-2024-08-20", "strong-monitoring")
WAYS = {
    "independent": "each world has luck of its own",
    "antithetic": "worlds 2n and 2n + 1 draw u and 1 - u, everywhere",
    "antithetic-costs": "worlds 2n and 2n + 1 draw u and 1 - u for the costs of war",
    "lattice-costs": "the two costs of war of all worlds lie on a shifted lattice",
}
WITHIN_DAYS = 90


def patch(way: str, worlds: int) -> None:
    """Replace the luck of this process; `worlds` are the worlds of one estimate."""
    import numba

    from sim.model import rng

    plain, once, cost = rng.uniform_pair, rng.ONCE, rng.COST >> 1
    # The golden ratio of `worlds`, a good second generator of a lattice in the plane.
    second = round(worlds * 0.6180339887)
    while np.gcd(second, worlds) > 1:
        second += 1

    @numba.njit(error_model="numpy", nogil=True)
    def everywhere(seed, replicate, step, block):
        first, other = plain(seed, replicate >> 1, step, block)
        if replicate & 1:
            return 1.0 - first, 1.0 - other
        return first, other

    @numba.njit(error_model="numpy", nogil=True)
    def at_costs(seed, replicate, step, block):
        if step != once or block != cost:
            return plain(seed, replicate, step, block)
        return everywhere(seed, replicate, step, block)

    @numba.njit(error_model="numpy", nogil=True)
    def lattice(seed, replicate, step, block):
        if step != once or block != cost:
            return plain(seed, replicate, step, block)
        first, other = plain(seed, 0, step, block)
        first = (first + replicate / worlds) % 1.0
        other = (other + (replicate * second % worlds) / worlds) % 1.0
        return max(first, 2.0**-53), max(other, 2.0**-53)

    ways = {
        "antithetic": everywhere,
        "antithetic-costs": at_costs,
        "lattice-costs": lattice,
    }
    rng.uniform_pair = ways.get(way, plain)


def estimates(way: str, scenario: str, seeds: int, worlds: int) -> list[float]:
    """Return an estimate of the share for each seed."""
    patch(way, worlds)
    from sim.model.engine import simulate
    from sim.model.labels import labels_of
    from sim.model.outcome import outcomes
    from sim.model.parameters import build
    from sim.scenario.load import load

    loaded = load(scenario, set={"horizon_days": WITHIN_DAYS + 1}).scenario
    params, names = build(loaded), labels_of(loaded)
    found = []
    for seed in range(seeds):
        ended = simulate(params, seed=seed, replicates=range(worlds))
        days = outcomes(ended, names)
        share = np.mean(days["first_full_truce_day"] <= WITHIN_DAYS)
        found.append(float(share))
    return found


def in_a_process(way: str, scenario: str, seeds: int, worlds: int) -> list[float]:
    """Call `estimates` in a process whose compiled code nobody else reads."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CEASEFIRE_CACHE_DIR": folder}
        words = [way, scenario, "--seeds", str(seeds), "--worlds", str(worlds)]
        reply = subprocess.run(
            [sys.executable, str(Path(__file__)), *words],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    return [float(each) for each in json.loads(reply.stdout)]


def main() -> None:
    """Print a table, or the estimates of one way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", nargs="?", choices=WAYS)
    parser.add_argument("scenario", nargs="?")
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=500)
    asked = parser.parse_args()
    if asked.scenario:
        if "CEASEFIRE_CACHE_DIR" not in os.environ:
            # Compiled code of another luck must not be found by anybody else.
            parser.error("a single way is run by this script, with its own cache")
        found = estimates(asked.way, asked.scenario, asked.seeds, asked.worlds)
        print(json.dumps(found))
        return
    # Both variances are of `seeds` estimates, nearly normal: the error of their ratio.
    error = 2.0 * np.sqrt(1.0 / asked.seeds)
    print(f"variance of independent luck / that of another; +- {1.96 * error:.0%}")
    for scenario in SCENARIOS:
        plain = np.nan
        for way in WAYS:
            found = np.array(in_a_process(way, scenario, asked.seeds, asked.worlds))
            variance = found.var(ddof=1)
            plain = variance if way == "independent" else plain
            numbers = f"{found.mean():.4f}  {found.std(ddof=1):.5f}"
            print(f"{scenario:18}  {way:17}  {numbers}  {plain / variance:.2f}")


if __name__ == "__main__":
    main()
