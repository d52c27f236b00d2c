"""Colours, dashes and markers: fixed for the parties we know, fair to all others."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from sim.plots.provenance import Context
from sim.plots.style import INK, LIGHT_GREY, LINE_GREY, MID_GREY, party_styles
from tests.plots.tables import CONTEXT

KNOWN = {"ukraine": 44, "russia": 21, "united_states": 58}

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear light.
SIGHTS = {
    "all cones": np.eye(3),
    "no long-wave cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no middle-wave cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def cielab(colour, sight="all cones"):
    channel = np.array(to_rgb(colour))
    linear = np.where(
        channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4
    )
    seen = np.clip(SIGHTS[sight] @ linear, 0, 1)
    to_xyz = [
        [0.4124, 0.3576, 0.1805],
        [0.2126, 0.7152, 0.0722],
        [0.0193, 0.1192, 0.9505],
    ]
    xyz = np.array(to_xyz) @ seen / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array(
        [116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])]
    )


def test_known_parties_have_the_lightness_of_the_design():
    for party, lightness in KNOWN.items():
        colour = party_styles([party])[party].colour
        assert cielab(colour)[0] == pytest.approx(lightness, abs=0.6)


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_of_six_parties_look_different_to_every_eye(sight):
    styles = party_styles([*KNOWN, "a", "b", "c"])
    for one, other in combinations(styles.values(), 2):
        apart = np.linalg.norm(cielab(one.colour, sight) - cielab(other.colour, sight))
        assert apart > 15, (one, other)


def test_three_parties_of_a_war_differ_without_any_colour():
    for parties in (KNOWN, ["a", "b", "c"]):
        styles = party_styles(parties).values()
        assert len({style.dash for style in styles}) == 3
        assert len({style.marker for style in styles}) == 3


def test_no_party_is_red_and_none_is_pure_green():
    for style in party_styles([*KNOWN, "a", "b", "c"]).values():
        _, green_red, blue_yellow = cielab(style.colour)
        hue = np.degrees(np.arctan2(blue_yellow, green_red)) % 360
        assert not (hue < 50 and np.hypot(green_red, blue_yellow) > 40)
        assert not 100 < hue < 170


def test_styles_do_not_depend_on_the_order_parties_are_named_in():
    assert party_styles(["b", "a"]) == party_styles(["a", "b"])
    assert list(party_styles(["ukraine", "united_states", "russia"])) == sorted(KNOWN)


def test_greys_of_neighbouring_areas_are_ten_apart():
    lightness = [cielab(each)[0] for each in ("white", LIGHT_GREY, MID_GREY)]
    assert -np.diff(lightness).max() > 10
    assert cielab(MID_GREY)[0] - cielab(LINE_GREY)[0] > 10
    assert cielab(LINE_GREY)[0] - cielab(INK)[0] > 10


def test_the_last_line_names_everything_that_repeats_the_runs():
    line = CONTEXT.last_line()
    for part in ("kursk-2025-03-13", "9f2c51d07ab3", "seed 1", "2,000 runs", "0.1.0"):
        assert part in line
    assert line.endswith("a model's answer, not a forecast.")


def test_the_last_line_says_what_differs_between_settings_and_who_decides():
    unlike = replace(CONTEXT, fewest=481, policies={"russia": "Patient"})
    assert "481 to 2,000 runs of each setting, russia by the policy Patient" in (
        unlike.last_line()
    )
    assert replace(CONTEXT, fewest=2000).last_line() == CONTEXT.last_line()


def test_one_run_is_named_by_its_replicate_and_seed_0_is_a_seed():
    one = Context("a", "A", "f00", 0, 1, "0.1.0", 90, "ceasefire run a", replicate=0)
    assert "seed 0, replicate 0," in one.last_line()
    assert one.metadata()["replicate"] == "0"
    assert "replicates" not in one.metadata()
    assert one.metadata()["seed"] == "0"


def test_further_scenarios_are_named_with_their_hashes():
    two = replace(CONTEXT, others={"swap-offered": "27f3d22ad3240000"})
    assert "swap-offered (27f3d22ad324)," in two.last_line()
    assert "kursk-2025-03-13, swap-offered," in two.footer()
    assert two.metadata()["scenario_hash"].endswith("; 27f3d22ad3240000")
