"""What values are called in sentences: every path has words, known ones their unit."""

import pytest

from sim import load
from sim.scenario.lookup import wording
from sim.scenario.provenance import known_paths


@pytest.mark.parametrize(
    ("path", "the", "label"),
    [
        ("aid.level", "the aid level", "aid level"),
        (
            "chips.kursk.value_km2.russia",
            "the value of Kursk to Russia",
            "value of Kursk to Russia, km²",
        ),
        ("front.held_km2", "the front line", "front line, km²"),
        (
            "front.volatility_km2_per_week",
            "the front volatility",
            "front volatility, km² a week",
        ),
        ("negotiation.offers.swap.monitoring", "the monitoring of «swap»", None),
        ("parties.ukraine.rearmament_km2_per_week", "Ukraine's rearmament", None),
        ("truce.breakdown_per_week", "the truce breakdown", "truce breakdown, a week"),
        ("horizon_days", "the horizon", "horizon, days"),
    ],
)
def test_a_path_is_named_in_the_words_of_the_field(path, the, label):
    found = wording(path)
    assert found.the == the
    assert label is None or found.label == label


def test_the_schema_says_what_each_number_of_the_flagship_is():
    paths = [
        path
        for path, about in known_paths(load("kursk-2025-03-13")).items()
        if isinstance(about.value, float) and "value_km2" not in path
        and ".relief." not in path and "weights" not in path
        and ".switch_per_week." not in path and ".hand_back." not in path
    ]  # fmt: skip
    assert len(paths) > 60
    for path in paths:
        found = wording(path)
        assert found.about, path
        assert "_" not in found.label, path
