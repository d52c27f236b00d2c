"""Screening of a function whose effects are known."""

import numpy as np
import pytest

from sim.analysis.morris import morris_design, screening, screening_table

NAMES = ("linear", "other way", "idle", "with linear")


def worlds(design):
    a, b, _, d = np.moveaxis(design, 2, 0)
    luck = np.random.default_rng(1).normal(size=(len(design), 1, 4))
    return (3 * a - 2 * b + a * d)[..., np.newaxis] + luck


def test_effects_are_those_of_the_function_and_an_idle_input_has_none_at_all():
    design = morris_design(NAMES, 40, seed=2)
    found = screening(NAMES, design, worlds(design), seed=1)
    assert found.mean[1] == pytest.approx(-2.0)
    assert found.mean_size[1] == pytest.approx(2.0)
    assert found.spread[1] == pytest.approx(0.0, abs=1e-12)
    assert found.mean[0] == pytest.approx(3.5, abs=0.15)
    assert found.spread[0] > 0.1  # its effect depends on another input
    assert found.mean_size[2] == found.acted[2] == 0
    assert found.acted[1] == found.trajectories == 40
    assert list(screening_table(found).path) == [NAMES[at] for at in (0, 1, 3, 2)]
