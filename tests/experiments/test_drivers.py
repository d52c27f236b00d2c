"""What drives the answer is said as the numbers have it."""

import dataclasses
import re

import pandas as pd
import pytest

from experiments.drivers import report
from experiments.drivers.asked import ASKED
from experiments.drivers.page import LAND, verdict
from sim.analysis.scenario_discovery import Worth
from sim.api.discovery import Bound, Condition, Conditions
from sim.api.sensitivity import OTHERS, Sensitivity

BELIEF = "parties.russia.belief.drift_km2_per_week"
PACE = "front.volatility_km2_per_week"


def drivers(*, land=0.03, inputs=0.7, own=0.1):
    """Three inputs and the others; the land is the least of them."""
    swings = {BELIEF: 0.9, PACE: -0.6, LAND: land, "aid.level": 0.0}
    tornado = pd.DataFrame(
        {
            "path": swings.keys(),
            "low": 0.0,
            "high": 1.0,
            "across_diff": swings.values(),
            "across_diff_low": swings.values(),
            "across_diff_high": swings.values(),
            "size": map(abs, swings.values()),
        }
    ).sort_values("size", ascending=False, ignore_index=True)
    sobol = pd.DataFrame(
        {
            "path": [BELIEF, PACE, OTHERS],
            "inputs": [1, 1, 2],
            "first": [0.3, 0.1, 0.05],
            "total": [0.8, 0.09, 0.15],
            "total_low": [0.7, 0.05, 0.1],
            "total_high": [0.9, 0.12, 0.2],
        }
    )
    parts = {"inputs": inputs, "alone": 0.1, "together": 0.9 - inputs}
    manifest = {
        "estimate": {"estimate": own, "low": own, "high": own},
        "within_days": 90,
        "luck": {name: {"estimate": part} for name, part in parts.items()},
    }
    return Sensitivity(
        manifest,
        tornado=tornado,
        screening=pd.DataFrame(),
        sobol=sobol,
        samples=pd.DataFrame(),
    )


def boxes(density=0.9):
    worth = Worth(density=density, coverage=0.5, mass=0.4, outside=0.2, points=100)
    box = Condition((Bound(BELIEF, 0.4, None),), worth, worth)
    return [
        Conditions(
            {"outcome": each.outcome, "absent": each.absent, "rate": 0.8}, boxes=(box,)
        )
        for each in ASKED
    ]


def told(found, where=None, sourced=()):
    return " ".join(verdict(found, where or boxes(), sourced).split())


def test_large_indices_are_named_and_small_ones_are_not():
    text = told(drivers())
    assert "1 of 4 inputs have a total index of 0.1 or more" in text
    assert "Russia's believed drift, km² a week (0.80, 0.70 to 0.90)" in text
    assert "None of them was measured" in text
    assert "1 of them have a source" in told(drivers(), sourced={BELIEF})
    assert "All 2 that were not estimated by themselves come to 0.15" in text
    assert "bring alone add up to 0.45 of 1" in text
    assert "2 inputs move the share by more than 50 of 100" in text


def test_the_level_is_the_files_own_only_if_the_draws_have_it_too():
    assert "10 of 100" in told(drivers())
    assert "not a number about the war" in told(drivers())
    assert "in the middle of what the bounds allow" in told(drivers(own=0.75))


def test_luck_and_land_are_weighed_as_they_come_out():
    assert "Inputs matter more than luck" in told(drivers())
    assert "Luck matters more than inputs" in told(drivers(inputs=0.3))
    assert "it is number 3 of 4. What is assumed matters more" in told(drivers())
    large = told(drivers(land=0.95))
    assert "it is number 1 of 4. - Luck" in large


def test_boxes_that_settle_nothing_are_said_to():
    assert "bounds on a few do not settle it" in told(drivers())
    assert "do not settle it" not in told(drivers(), boxes(density=0.97))
    none = [dataclasses.replace(each, boxes=()) for each in boxes()]
    assert "no box stood out from chance" in told(drivers(), none)


@pytest.mark.parametrize("samples", ["32", "100"])
def test_samples_that_are_too_few_or_no_power_of_two_are_refused(samples, capsys):
    with pytest.raises(SystemExit) as refused:
        report.main(["--samples", samples])
    assert refused.value.code == 2
    assert "a power of 2 from 64" in capsys.readouterr().err


def test_the_page_names_what_the_findings_name(checkout):
    page, findings = (
        " ".join((checkout / name).read_text(encoding="utf-8").split())
        for name in (report.OUT, "docs/findings.md")
    )
    [named] = re.findall(r" inputs have a total index of 0\.1 or more: (.*?) - ", page)
    assert "[what the two sides believe](reports/sensitivity.md)" in findings
    for side in ("Russia", "Ukraine"):
        assert f"{side}'s believed drift" in named
    assert ("None of them was measured" in named) == ("nobody has measured" in findings)
