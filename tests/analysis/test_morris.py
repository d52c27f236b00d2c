"""Screening of a function whose effects are known."""

import numpy as np
import pytest

from sim.analysis.morris import morris_design, screening

NAMES = ("linear", "other way", "idle", "with linear")


def worlds(design):
    a, b, _, d = np.moveaxis(design, 2, 0)
    luck = np.random.default_rng(1).normal(size=(len(design), 1, 4))
    return (3 * a - 2 * b + a * d)[..., np.newaxis] + luck


def test_effects_are_those_of_the_function_and_an_idle_input_has_none_at_all():
    design = morris_design(NAMES, 40, seed=2)
    table = screening(NAMES, design, worlds(design), seed=1).set_index("path")
    assert list(table.index) == [NAMES[at] for at in (0, 1, 3, 2)]
    linear, other, _, idle = (row for _, row in table.iterrows())
    assert other["mean"] == pytest.approx(-2.0)
    assert other.mean_size == pytest.approx(2.0)
    assert other.spread == pytest.approx(0.0, abs=1e-12)
    assert linear["mean"] == pytest.approx(3.5, abs=0.15)
    assert linear.spread > 0.1  # its effect depends on another input
    assert idle.mean_size == idle.acted == 0
    assert other.acted == other.trajectories == 40
