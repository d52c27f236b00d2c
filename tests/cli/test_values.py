"""`ceasefire values`: the flagship by hand (MODEL.md section 10), and the corridor."""

import json
import os
import struct
import subprocess
import sys

import pytest

from sim.analysis.narrative.words import amount, km2

FLAGSHIP = "kursk-2025-03-13"

# Values of war, and gains over fighting on, of Ukraine and Russia, and P+, in km2.
BY_HAND = {
    "daily": {
        "war": (2407.8667, 5727.6056),
        "thirty_days": (25.5526, -71.1416, 0.3106),
        "thirty_days_back": (17.2191, -37.8838, 0.3026),
        "thirty_days_back_aid": (-87.4195, 7.6451, 0.3494),
        "freeze": (184.0225, -497.9833, 0.5714),
    },
    "weekly": {
        "war": (2406.5318, 5717.0883),
        "thirty_days": (26.3735, -71.3337, 0.3292),
        "thirty_days_back": (19.2603, -39.8164, 0.3225),
        "thirty_days_back_aid": (-85.9165, 5.8841, 0.3696),
        "freeze": (190.4221, -494.8379, 0.5899),
    },
}
STEPS = {"daily": [], "weekly": ["--set", "step_days=7"]}
SIDES = ("ukraine", "russia")
EQUAL = 5.1e-5  # half of the last digit given

# A valley that north holds, worth 100 to it and 400 to south.
CHIPS = """
chips:
  valley:
    {holder: north, area_km2: 500, peak_km2: 1000, value_km2: {north: 100, south: 400}}
"""
PRISONERS = (
    "  captives: {holder: south, label: Soldiers taken, amount: 750, peak: 1000, "
    "unit: prisoners, value_km2: {north: 60, south: 20}}\n"
)


@pytest.fixture
def valued(ceasefire):
    """The object of `values --json`."""

    def values(*words) -> dict:
        reply = ceasefire("values", *words, "--json")
        assert (reply.code, reply.err) == (0, "")
        return json.loads(reply.out)

    return values


@pytest.mark.parametrize("step", BY_HAND)
def test_json_has_the_numbers_worked_out_by_hand(valued, step):
    found = valued(FLAGSHIP, *STEPS[step])
    for place, side in enumerate(SIDES):
        for name, expected in BY_HAND[step].items():
            if name == "war":
                value = found["parties"][side]["war_value"]
                assert value == pytest.approx(expected[place], abs=EQUAL)
            else:
                gain = found["offers"][name]["gain"][side]
                assert gain == pytest.approx(expected[place], abs=EQUAL)
                chance = found["offers"][name]["settlement_chance"]
                assert chance == pytest.approx(expected[2], abs=EQUAL)


@pytest.mark.parametrize("step", BY_HAND)
def test_text_shows_the_numbers_worked_out_by_hand(ceasefire, step):
    reply = ceasefire("values", FLAGSHIP, *STEPS[step])
    assert (reply.code, reply.err) == (0, "")
    lines = [line.split() for line in reply.out.splitlines()]
    war = next(line for line in lines if line[-3:-2] == ["(W)"])
    ukraine, russia = BY_HAND[step]["war"]
    assert war[-2:] == [amount(russia), amount(ukraine)]
    for name, expected in BY_HAND[step].items():
        if name == "war":
            continue
        ukraine, russia, settles = expected
        start = next(i for i, line in enumerate(lines) if line[-1:] == [f"({name})"])
        for line, party, gain in (
            (lines[start + 1], "Russia", russia),
            (lines[start + 2], "Ukraine", ukraine),
        ):
            assert line[0] == party
            assert line[2:4] == [amount(gain, "+"), answer(gain)]
        assert lines[start + 1][5] == f"{settles:.2f}"


def answer(gain: float) -> str:
    return "accepts" if gain >= 0 else "refuses"


def test_json_has_the_names_that_programs_rely_on(valued):
    found = valued(FLAGSHIP)
    assert found["schema_version"] == 2
    assert found["scenario"] == FLAGSHIP
    assert list(found["parties"]) == ["russia", "ukraine"]
    for party in found["parties"].values():
        assert list(party) == [
            "drift_km2_per_week",
            "discounted_win",
            "discounted_loss",
            "war_value",
            "reservation_value",
            "chip_time",
        ]
        assert list(party["chip_time"]) == ["kursk"]
    assert set(found["offers"]) == (set(BY_HAND["daily"]) - {"war"}) | {"energy_truce"}
    for offer in found["offers"].values():
        assert list(offer) == [
            "line_km2",
            "breakdown_hazard",
            "settlement_chance",
            "value",
            "gain",
            "accept_probability",
        ]
    assert list(found["corridor"]) == ["keep", "hand_back"]


def test_a_gain_is_the_value_less_that_of_fighting_on(valued):
    weight = "parties.ukraine.bargaining_weight=0.3"
    agreed = "parties.russia.belief.drift_km2_per_week=0"
    found = valued(FLAGSHIP, "--set", weight, "--set", agreed)
    for offer in found["offers"].values():
        for side in SIDES:
            least = found["parties"][side]["reservation_value"]
            assert offer["gain"][side] == pytest.approx(offer["value"][side] - least)
    ukraine = found["parties"]["ukraine"]
    assert ukraine["reservation_value"] > ukraine["war_value"]


def test_the_drift_each_expects_is_told_towards_the_side_of_the_front(valued):
    """Its belief, what the land held outside adds, and the aid that there is not."""
    found = valued(
        FLAGSHIP, "--set", "aid.level=0.5", "--set", "chips.kursk.area_km2=0"
    )
    expected = {"ukraine": 0.0 - 30.0, "russia": -36.0 - 30.0}
    for side, drift in expected.items():
        assert found["parties"][side]["drift_km2_per_week"] == pytest.approx(drift)


def test_text_gives_a_corridor_that_exists_and_says_where_there_is_none(
    ceasefire, valued, scenario_file
):
    peaceful = "{cost_of_war_km2: 1600, belief: {drift_km2_per_week: -20}}"
    parties = f"{{north: {peaceful}, south: {peaceful}}}"
    file = scenario_file(parties=parties, more=CHIPS)
    out, found = ceasefire("values", file).out, valued(file)["corridor"]
    for words, name in (
        ("stay where they are:  ", "keep"),
        ("handed back:      ", "hand_back"),
    ):
        low, high = found[name]
        assert low < high
        assert f"{words}{amount(low)} to {km2(high)}" in out
    out = ceasefire("values", FLAGSHIP).out
    assert "handed back:      none: Ukraine needs 2,408, Russia leaves 2,272 km2" in out


def test_chips_of_both_holders_shift_the_corridor_of_keeping(valued, scenario_file):
    found = valued(scenario_file(more=CHIPS + PRISONERS))
    low, high = found["corridor"]["keep"]
    own, other = (found["parties"][side]["war_value"] for side in ("north", "south"))
    assert low == pytest.approx(own - 100 * 0.5 + 60 * 0.75)
    assert high == pytest.approx(8000 - other - 400 * 0.5 + 20 * 0.75)
    assert found["corridor"]["hand_back"] == pytest.approx([own, 8000 - other])


def test_parties_and_chips_are_called_by_their_labels(ceasefire, scenario_file):
    parties = (
        "{north: {label: Upper land, cost_of_war_km2: 800, "
        "belief: {drift_km2_per_week: 0}}, "
        "south: {cost_of_war_km2: 640, belief: {drift_km2_per_week: -36}}}"
    )
    out = ceasefire(
        "values", scenario_file(parties=parties, more=CHIPS + PRISONERS)
    ).out
    assert "drift to Upper land it expects, km2 a week" in out
    assert "share of time that Soldiers taken is held (A)" in out
    assert "Lines that both prefer to war, as land of Upper land" in out


def test_without_chips_there_is_one_corridor(ceasefire, valued, scenario_file):
    file = scenario_file()
    found = valued(file)
    assert found["corridor"]["keep"] == found["corridor"]["hand_back"]
    assert found["parties"]["north"]["chip_time"] == {}
    out = ceasefire("values", file).out
    assert "chips" not in out


def test_chances_follow_from_gain_and_noise(valued):
    sharp = [f"parties.{side}.decision_noise_km2=0" for side in SIDES]
    found = valued(FLAGSHIP, *(word for text in sharp for word in ("--set", text)))
    for name, offer in found["offers"].items():
        chances = {side: float(gain >= 0) for side, gain in offer["gain"].items()}
        assert offer["accept_probability"] == chances, name


def test_pressure_raises_the_chance_and_not_the_gain_of_accepting(valued):
    calm, pressed = (
        valued(
            FLAGSHIP,
            "--set",
            f"parties.united_states.pressure={pressure}",
            "--set",
            "truce.pressure_effect=0",
        )["offers"]["thirty_days_back"]
        for pressure in (0, 1)
    )
    assert pressed["gain"] == calm["gain"]
    assert calm["accept_probability"]["russia"] < 0.01
    assert pressed["accept_probability"]["russia"] > 0.5


def test_text_says_that_it_is_no_forecast_and_names_the_hash(ceasefire, valued):
    out = ceasefire("values", FLAGSHIP).out
    assert "A model's answer, not a forecast." in out
    assert valued(FLAGSHIP)["scenario_hash"] in out


def test_the_chance_of_an_answer_counts_the_policy(valued):
    plain = valued(FLAGSHIP)["offers"]["thirty_days"]["accept_probability"]
    asks = "parties.ukraine.policy={name: hardliner, premium_km2: 80}"
    stern = valued(FLAGSHIP, "--set", asks)["offers"]["thirty_days"]
    assert stern["accept_probability"]["ukraine"] < 0.01 < 0.99
    assert plain["ukraine"] > 0.99
    said = (
        "{name: scripted, answers: [{date: 2025-03-13, offer: freeze, answer: accept}]}"
    )
    told = valued(FLAGSHIP, "--set", f"parties.russia.policy={said}")["offers"]
    assert told["freeze"]["accept_probability"]["russia"] == 1.0
    assert told["thirty_days"]["accept_probability"]["russia"] == pytest.approx(
        plain["russia"]
    )


def test_an_unknown_scenario_is_missing_input(ceasefire):
    assert ceasefire("values", "nowhere").code == 4


@pytest.mark.parametrize("command", ["values", "run", "sweep", "why", "validate"])
@pytest.mark.parametrize("discount", ["0.9999999999999999", "0.99999995", "1e-9", "0"])
def test_a_discount_factor_that_loses_digits_is_refused(ceasefire, command, discount):
    """f21, r06: values were nan, and a sweep told of shares all the same."""
    words = [command, FLAGSHIP, "--set", f"discount_factor_per_week={discount}"]
    words += {"sweep": ["--out", "none"], "why": ["--day", "0"]}.get(command, [])
    if command == "validate":
        words = ["show", *words[1:]]
    result = ceasefire(*words)
    assert (result.code, result.out) == (3, "")
    bound = "above 0.9999999" if discount.startswith("0.9") else "below 1e-06"
    told = f"--set: discount_factor_per_week: {discount} is {bound}"
    assert result.err.replace("1e-09", "1e-9").startswith(told)


def test_a_step_in_which_everything_is_discounted_is_refused(ceasefire):
    changes = ["discount_factor_per_week=0.1", "step_days=90", "horizon_days=360"]
    words = [word for each in changes for word in ("--set", each)]
    result = ceasefire("values", FLAGSHIP, *words)
    assert result.code == 3


@pytest.mark.parametrize("speed", ["20", "-20", "20000"])
def test_rearmament_that_moves_the_whole_line_is_valued(ceasefire, speed):
    """r07: beyond what a walk could tell, a freeze was worth more than the stake."""
    change = f"parties.russia.rearmament_km2_per_week={speed}"
    result = ceasefire("values", FLAGSHIP, "--set", change, "--json")
    values = json.loads(result.out)["offers"]["freeze"]["value"]
    assert all(-8000 < each < 12000 for each in values.values())


def test_a_narrower_terminal_gets_narrower_paragraphs():
    pty = pytest.importorskip("pty", reason="terminals of this kind are Unix's")
    fcntl, termios = (pytest.importorskip(each) for each in ("fcntl", "termios"))
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    code = "from sim.cli.tables import paragraph; print(paragraph('word ' * 60))"
    own = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    command = [sys.executable, "-c", code]
    subprocess.run(command, stdout=its, env=own, check=True, timeout=60)
    os.close(its)
    lines = os.read(ours, 4096).decode().splitlines()
    os.close(ours)
    assert 60 < max(map(len, lines)) <= 70
