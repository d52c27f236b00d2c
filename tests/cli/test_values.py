"""`ceasefire values`: the flagship by hand (MODEL.md section 10), and the corridor."""

import json
import re

import pytest

FLAGSHIP = "kursk-2025-03-13"

# Values of war, and gains over fighting on, of Ukraine and Russia.
BY_HAND = {
    "daily": {
        "war": (0.3144690, 0.6997683),
        "thirty_days": (0.003046, -0.007888),
        "thirty_days_back": (0.002141, -0.003763),
        "thirty_days_back_aid": (-0.009350, 0.001395),
        "freeze": (0.018570, -0.048253),
    },
    "weekly": {
        "war": (0.3141799, 0.6989960),
        "thirty_days": (0.003134, -0.007925),
        "thirty_days_back": (0.002358, -0.004009),
        "thirty_days_back_aid": (-0.009199, 0.001187),
        "freeze": (0.019374, -0.048416),
    },
}
STEPS = {"daily": [], "weekly": ["--set", "step_days=7"]}
SIDES = ("ukraine", "russia")

# The default world of the reference values (T38-T39), weekly, one chip, one regime.
DEFAULT_WORLD = """
step_days: 7
parties:
  us: {role: patron, supports: u}
  u:
    cost_of_war: 0.10
    belief: {win_probability: 0.50}
    audience_cost: 0
    aid_freeze_cost: 0
    rearmament_per_week: 0.004
  r:
    cost_of_war: 0.08
    belief: {win_probability: 0.44}
    audience_cost: 0
    sanctions_relief_value: 0
    rearmament_per_week: 0.004
chips:
  chip:
    holder: u
    area_km2: 1000
    peak_km2: 1000
    value_to: {u: 0.01, r: 0.05}
    regimes: {only: {loss_per_week: 0.08}}
truce: {settlement_per_week: 0}
negotiation:
  offers: {freeze: {duration_days: null, monitoring: 0.8}}
"""
FRONT = "{side: u, stake_km2: 8000, share: 0.4}"


@pytest.fixture
def valued(ceasefire):
    """The object of `values --json`."""

    def values(*words) -> dict:
        reply = ceasefire("values", *words, "--json")
        assert (reply.code, reply.err) == (0, "")
        return json.loads(reply.out)

    return values


@pytest.fixture
def default_world(scenario_file):
    """The file of the default world."""
    file = scenario_file(front=FRONT)
    text = re.sub(r"^parties: .*\n", "", file.read_text(), flags=re.MULTILINE)
    file.write_text(text + DEFAULT_WORLD, encoding="utf-8")
    return file


@pytest.mark.parametrize("step", BY_HAND)
def test_json_has_the_numbers_worked_out_by_hand(valued, step):
    found = valued(FLAGSHIP, *STEPS[step])
    for place, side in enumerate(SIDES):
        for name, expected in BY_HAND[step].items():
            if name == "war":
                value = found["parties"][side]["war_value"]
                assert value == pytest.approx(expected[place], abs=5.1e-8)
            else:
                gain = found["offers"][name]["gain"][side]
                assert gain == pytest.approx(expected[place], abs=5.1e-7)


@pytest.mark.parametrize("step", BY_HAND)
def test_text_shows_the_numbers_worked_out_by_hand(ceasefire, step):
    reply = ceasefire("values", FLAGSHIP, *STEPS[step])
    assert (reply.code, reply.err) == (0, "")
    lines = [line.split() for line in reply.out.splitlines()]
    war = next(line for line in lines if line[:4] == ["W,", "value", "of", "war"])
    ukraine, russia = BY_HAND[step]["war"]
    assert war[4:] == [f"{russia:.6f}", f"{ukraine:.6f}"]
    for name, (ukraine, russia) in BY_HAND[step].items():
        if name == "war":
            continue
        start = next(i for i, line in enumerate(lines) if line[:1] == [name])
        assert lines[start][1] == "Russia"
        assert lines[start][3:5] == [f"{russia:+.6f}", answer(russia)]
        assert lines[start + 1][0] == "Ukraine"
        assert lines[start + 1][2:4] == [f"{ukraine:+.6f}", answer(ukraine)]


def answer(gain: float) -> str:
    return "accepts" if gain >= 0 else "refuses"


def test_json_has_the_names_that_programs_rely_on(valued):
    found = valued(FLAGSHIP)
    assert found["schema_version"] == 1
    assert found["scenario"] == FLAGSHIP
    assert list(found["parties"]) == ["russia", "ukraine"]
    for party in found["parties"].values():
        assert list(party) == [
            "win_probability",
            "discounted_win",
            "discounted_loss",
            "war_value",
            "reservation_value",
            "chip_time",
        ]
        assert list(party["chip_time"]) == ["kursk"]
    assert set(found["offers"]) == set(BY_HAND["daily"]) - {"war"}
    for offer in found["offers"].values():
        assert list(offer) == [
            "line_share",
            "breakdown_hazard",
            "value",
            "gain",
            "accept_probability",
        ]
    assert list(found["corridor"]) == ["keep", "hand_back"]


def test_a_gain_is_the_value_less_that_of_fighting_on(valued):
    weight = "parties.ukraine.bargaining_weight=0.3"
    agreed = "parties.russia.belief.win_probability=0.5"
    found = valued(FLAGSHIP, "--set", weight, "--set", agreed)
    for offer in found["offers"].values():
        for side in SIDES:
            least = found["parties"][side]["reservation_value"]
            assert offer["gain"][side] == pytest.approx(offer["value"][side] - least)
    ukraine = found["parties"]["ukraine"]
    assert ukraine["reservation_value"] > ukraine["war_value"]


def test_the_default_world_has_its_reference_values(valued, default_world):
    found = valued(default_world)
    own, other = found["parties"]["u"], found["parties"]["r"]
    assert own["win_probability"] == pytest.approx(0.5050811259, abs=1e-10)
    assert other["win_probability"] == pytest.approx(0.4450140722, abs=1e-10)
    assert own["war_value"] == pytest.approx(0.3259252043, abs=1e-10)
    assert other["war_value"] == pytest.approx(0.6328700886, abs=1e-10)
    assert own["discounted_win"] == pytest.approx(0.03659605964, abs=1e-10)
    assert own["discounted_loss"] == pytest.approx(0.09424462641, abs=1e-10)
    assert own["chip_time"]["chip"] == pytest.approx(0.2021181391, abs=1e-10)
    freeze = found["offers"]["freeze"]
    assert freeze["breakdown_hazard"] == pytest.approx(0.01204776848, abs=1e-10)
    assert freeze["value"]["u"] == pytest.approx(0.3787911079, abs=1e-10)
    assert freeze["value"]["r"] == pytest.approx(0.5807617002, abs=1e-10)
    keep, back = found["corridor"]["keep"], found["corridor"]["hand_back"]
    assert keep == pytest.approx([0.3159252043, 0.3171299114], abs=1e-10)
    assert back == pytest.approx([0.3259252043, 0.3671299114], abs=1e-10)


def test_text_gives_a_corridor_that_exists_and_says_where_there_is_none(
    ceasefire, default_world
):
    out = ceasefire("values", default_world).out
    assert "chips stay where they are:  0.315925 to 0.317130" in out
    assert "chips are handed back:      0.325925 to 0.367130" in out
    out = ceasefire("values", FLAGSHIP).out
    assert (
        "handed back:      none: Ukraine needs 0.314469, Russia leaves 0.300232" in out
    )


def test_chips_of_both_holders_shift_the_corridor_of_keeping(valued, default_world):
    more = (
        "  theirs:\n    holder: r\n    area_km2: 500\n    peak_km2: 1000\n"
        "    value_to: {u: 0.04, r: 0.02}\n    log_odds_while_held: 0\n"
        "    regimes: {only: {loss_per_week: 1}}\n"
    )
    text = default_world.read_text().replace("truce: {", f"{more}truce: {{")
    default_world.write_text(text, encoding="utf-8")
    found = valued(default_world)
    low, high = found["corridor"]["keep"]
    own, other = (found["parties"][side]["war_value"] for side in "ur")
    assert low == pytest.approx(own - 0.01 + 0.04 * 0.5)
    assert high == pytest.approx(1 - other - 0.05 + 0.02 * 0.5)
    assert found["corridor"]["hand_back"] == pytest.approx([own, 1 - other])


def test_without_chips_there_is_one_corridor(ceasefire, valued, scenario_file):
    file = scenario_file()
    found = valued(file)
    assert found["corridor"]["keep"] == found["corridor"]["hand_back"]
    assert found["parties"]["north"]["chip_time"] == {}
    out = ceasefire("values", file).out
    assert "chips" not in out


def test_chances_follow_from_gain_and_noise(valued):
    sharp = [f"parties.{side}.decision_noise=0" for side in SIDES]
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
    assert pressed["accept_probability"]["russia"] > 0.9


def test_text_says_that_it_is_no_forecast_and_names_the_hash(ceasefire, valued):
    out = ceasefire("values", FLAGSHIP).out
    assert "A model's answer, not a forecast." in out
    assert valued(FLAGSHIP)["scenario_hash"] in out


def test_the_chance_of_an_answer_counts_the_policy(valued):
    plain = valued(FLAGSHIP)["offers"]["thirty_days"]["accept_probability"]
    asks = "parties.ukraine.policy={name: hardliner, premium: 0.01}"
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


@pytest.mark.parametrize("speed", ["20", "-20"])
def test_rearmament_that_decides_every_battle_is_valued(ceasefire, speed):
    """r07: beyond log-odds of 745 a freeze was worth more than the whole stake."""
    change = f"parties.russia.rearmament_per_week={speed}"
    result = ceasefire("values", FLAGSHIP, "--set", change, "--json")
    values = json.loads(result.out)["offers"]["freeze"]["value"]
    assert all(-1.0 < each < 1.5 for each in values.values())
