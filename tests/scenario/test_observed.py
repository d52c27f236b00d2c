"""Observed tables: they agree with one another and stop where the case begins."""

import pandas as pd

from sim import load
from sim.scenario.observations import observed_land


def test_bounds_lie_around_the_midpoint_and_nothing_is_later_than_the_case():
    found = observed_land("kursk")
    held = found.held
    assert (held.confirmed_held_km2 <= held.midpoint_km2).all()
    assert (held.midpoint_km2 <= held.upper_bound_km2).all()
    for table in found:
        dates = table.filter(items=["date", "from", "to"]).stack()
        assert pd.to_datetime(dates).max() <= pd.Timestamp("2025-03-13")


def test_what_was_stated_has_a_source_and_a_kind():
    stated = observed_land("kursk").stated
    assert stated.source.str.startswith("https://").all()
    assert stated.stated_by.notna().all()
    assert set(stated.kind) == {"claim_russia", "claim_ukraine", "analyst", "press"}


def test_the_dates_used_hold_the_values_of_the_scenarios():
    found = observed_land("kursk")
    midpoint = found.held.set_index("date").midpoint_km2
    for scenario in ("kursk-2024-08-20", "kursk-2025-03-03", "kursk-2025-03-13"):
        loaded = load(scenario).scenario
        area = round(loaded.chips["kursk"].area_km2)
        near = midpoint[midpoint.round() == area].index
        assert any(
            (found.used["from"] <= day).any() and (day <= found.used["to"]).any()
            for day in near
        ), scenario


def test_land_that_nobody_observed_has_no_table():
    assert observed_land("sumy") is None
