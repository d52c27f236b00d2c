"""A short scenario, the flagship's text, and what loading a text complains about."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.library import shipped
from sim.scenario.load import Loaded, load

SHORT = """\
id: short
title: Two neighbours and a valley
start_date: 2020-01-01
front:
  side: north
  stake_km2: 2000
  held_km2: 1000
  drift_km2_per_week: 0
  volatility_km2_per_week: 50
parties:
  north: {cost_of_war_km2: 200, belief: {drift_km2_per_week: 10}}
  south: {cost_of_war_km2: 200, belief: {drift_km2_per_week: -10}}
chips:
  bridge:
    holder: north
    area_km2: 10
    peak_km2: 20
"""


@pytest.fixture(scope="session")
def flagship() -> Loaded:
    return load("kursk-2025-03-13")


@pytest.fixture(scope="session")
def flagship_text() -> str:
    return shipped()["kursk-2025-03-13"].read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a scenario: the short one with replacements, or a text of its own."""

    def make(*swaps: tuple[str, str], text: str = SHORT, name: str = "s.yaml") -> Path:
        for old, new in swaps:
            assert old in text, old
            text = text.replace(old, new, 1)
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return make


@pytest.fixture
def problems(write) -> Callable[..., list[str]]:
    """Return the problems of a text, each without the name of the folder."""

    def find(*swaps: tuple[str, str], **about: str) -> list[str]:
        file = write(*swaps, **about)
        with pytest.raises(ScenarioError) as caught:
            load(file)
        return [each.replace(str(file), "s.yaml") for each in caught.value.problems]

    return find
