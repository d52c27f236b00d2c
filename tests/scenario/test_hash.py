"""The hash is that of the parameters: of all of them, and of nothing else."""

import pytest

from sim.scenario.load import load, resolve
from sim.scenario.provenance import known_paths


def test_it_is_64_hexadecimal_digits(flagship):
    assert len(flagship.hash) == 64
    assert set(flagship.hash) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "swap",
    [
        ("id: short", "# a remark\nid: other"),
        ("Two neighbours and a valley", "Another title"),
        ("start_date:", "notes: long\nsources: [a, b]\nstart_date:"),
        ("_km2: 1000", "_km2: {value: 1000, low: 900, high: 1100, source: a book}"),
        ("held_km2: 1000", "held_km2: 1000.0"),
        ("area_km2: 10", "label: A bridge\n    area_km2: 10"),
        ("north: {", "north: {label: The North, "),
        ("stake_km2: 2000", "stake_km2: 2e3"),
        ("north: {", "north: {decision_noise_km2: 1, note: a side, "),
        ("area_km2: 10\n    peak_km2: 20", "peak_km2: 20\n    area_km2: 10"),
        ("start_date: 2020-01-01", "horizon_days: 180\nstart_date: '2020-01-01'"),
    ],
)
def test_it_does_not_depend_on_how_a_scenario_is_written(swap, write):
    assert load(write(swap, name="other.yaml")).hash == load(write()).hash


def test_it_does_not_depend_on_the_order_of_parties(write):
    parties = write().read_text().split("\n")[10:12]
    swap = ("\n".join(parties), "\n".join(reversed(parties)))
    assert load(write(swap, name="other.yaml")).hash == load(write()).hash


def test_it_does_not_depend_on_the_order_of_chips_or_offers(write):
    chips = [
        "hill: {holder: north, area_km2: 1, peak_km2: 2}",
        "lake: {holder: north, area_km2: 3, peak_km2: 4}",
    ]
    offers = ["b: {duration_days: 30}", "a: {duration_days: null}"]
    hashes, orders = set(), set()
    for turn in (1, -1):
        text = f"chips:\n  {chips[::turn][0]}\n  {chips[::turn][1]}\n"
        text += f"negotiation: {{offers: {{{', '.join(offers[::turn])}}}}}\n"
        file = write(
            ("chips:\n", text + "aid:\n"),
            ("  bridge:\n    holder: north\n", ""),
            ("    area_km2: 10\n    peak_km2: 20\n", ""),
        )
        loaded = load(file)
        hashes.add(loaded.hash)
        orders.add((*loaded.scenario.chips, *loaded.scenario.negotiation.offers))
    assert len(hashes) == 1
    assert orders == {("hill", "lake", "a", "b")}


def test_every_parameter_enters_it(flagship):
    hashes = {flagship.hash}
    count = 0
    for path, known in known_paths(flagship).items():
        full_only = "energy_truce" in path and not path.endswith("monitoring")
        if isinstance(known.value, float) and not full_only:
            step = 1e-9 if known.value < 1 else -1e-9
            value = known.value + step
            if path.endswith(("area_km2", "cost_of_war_km2.value")):
                value = known.value * (1 - 1e-9)
            hashes.add(resolve(flagship, {path: value}).hash)
            count += 1
    assert count > 60
    assert len(hashes) == count + 1


def test_words_days_and_lists_enter_it(flagship):
    changes = [
        {"start_date": "2025-03-12"},
        {"horizon_days": 181},
        {"chips.kursk.regime": "lull"},
        {"parties.ukraine.policy": {"name": "quantal"}},
        {"parties.russia.conditions": ["hand_back"]},
        {"timeline": []},
        {"timeline.0.date": "2025-03-14"},
        {"negotiation.offers.thirty_days.line": "optimal"},
        {"negotiation.offers.thirty_days.duration_days": None},
        {"front.side": "russia", "parties.united_states.supports": "ukraine"},
    ]
    hashes = {resolve(flagship, change).hash for change in changes}
    assert len(hashes | {flagship.hash}) == len(changes) + 1
