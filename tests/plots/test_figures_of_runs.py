"""Figures 1, 5, 6 and 8: whole at print size, true to their tables, for all eyes."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.endings import PAUSE_ENDED
from sim.analysis.ranges import range_of_runs
from sim.analysis.survival import fighting_times, kaplan_meier
from sim.plots import survival as figure
from sim.plots.bargaining_range import bargaining_range, bargaining_range_of_runs
from sim.plots.fan_chart import fan_chart
from sim.plots.outcome_dots import outcome_dots, packed
from sim.scenario.observations import observed_land
from tests.plots import runs
from tests.plots.pictures import close_greys, png, smallest_text, troubled_texts
from tests.plots.tables import CONTEXT
from tests.plots.worlds import context, ensemble, start

# A war in which no truce can come: nothing is ever offered that early.
NO_TRUCE = {"horizon_days": 6, "negotiation__first_round": "2025-03-19", "timeline": ()}


def one_range(**more):
    return bargaining_range(
        runs.steps(**more), runs.events(**more), replace(CONTEXT, replicate=0),
        front=runs.FRONT,
    )  # fmt: skip


def many_ranges(found):
    front, other = found.loaded.scenario.sides
    return bargaining_range_of_runs(
        range_of_runs(
            found.limits, front=found.loaded.scenario.front, other_side=other
        ),
        context(), front_side=front, other_side=other, start=start(found),
    )  # fmt: skip


def survival(*many, collapse=False):
    named = {f"{each.loaded.scenario.id} {n}": each for n, each in enumerate(many)}
    starts = {start(each) for each in many}
    return figure.survival(
        {name: each.runs for name, each in named.items()},
        context(),
        horizon_days={name: each.horizon for name, each in named.items()},
        start=starts.pop() if len(starts) == 1 else None,
        collapse=collapse,
    )


def fan(found, chip="kursk"):
    return fan_chart(
        found.days, context(), chip=chip, start=start(found),
        observed=observed_land(chip),
    )  # fmt: skip


def dots(found, ringed=0):
    return outcome_dots(
        found.runs, context(), horizon_days=found.horizon, start=start(found),
        ringed=ringed,
    )  # fmt: skip


EVERYONE_STOPS = {
    "parties__russia__audience_cost_km2": 0,
    "parties__russia__cost_of_war_km2": 2400,
    "parties__ukraine__cost_of_war_km2": 2400,
}

PICTURES = {
    "range": lambda: one_range(),
    "range of ten days": lambda: one_range(days=10),
    "range of many": lambda: many_ranges(ensemble()),
    "survival": lambda: survival(ensemble()),
    "survival with collapse": lambda: survival(ensemble("swap-offered"), collapse=True),
    "survival of three": lambda: survival(
        ensemble(), ensemble("kursk-2024-08-20"), ensemble("swap-offered")
    ),
    "survival without a truce": lambda: survival(ensemble(**NO_TRUCE)),
    "survival of one run": lambda: survival(ensemble(runs=1)),
    "fan": lambda: fan(ensemble()),
    "fan with observed days": lambda: fan(ensemble("kursk-2024-08-20")),
    "fan of other land": lambda: fan(ensemble("sumy-opens"), "sumy"),
    "fan of one run": lambda: fan(ensemble(runs=1)),
    "fan without a truce": lambda: fan(ensemble(**NO_TRUCE)),
    "dots": lambda: dots(ensemble(runs=100)),
    "dots of an exchange": lambda: dots(ensemble("swap-offered", runs=100), 3),
    "dots that all stop": lambda: dots(
        ensemble("strong-monitoring", runs=100, **EVERYONE_STOPS)
    ),
    "dots without a truce": lambda: dots(ensemble(**NO_TRUCE)),
    "one dot": lambda: dots(ensemble(runs=1)),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_the_picture_is_whole_at_print_size_and_told_in_words(picture):
    result = PICTURES[picture]()
    assert troubled_texts(result.figure) == []
    assert smallest_text(result.figure) >= 8.0
    assert 40 <= len(result.alt_text.split()) <= 90
    assert result.caption.endswith("a model's answer, not a forecast.")
    assert "nan" not in result.caption + result.alt_text
    for word in ("liberat", "peace", "victor"):
        assert word not in (result.caption + result.alt_text).lower()


@pytest.mark.parametrize(
    "picture", ["range", "range of many", "survival with collapse", "fan", "dots"]
)
def test_neighbouring_areas_are_told_apart_without_colour(picture):
    assert close_greys(png(PICTURES[picture]().figure)) == []


def test_a_range_names_its_days_with_a_deal_and_its_offers_inside():
    result = one_range()
    days = result.table[result.table.day >= 0]
    inside = result.table.offers.str.count(", inside").sum()
    told = result.table.offers.str.count(r", (?:in|out)side").sum()
    for words in (result.caption, result.alt_text):
        assert f"existed on {days.deal.sum()} of {len(days)} days" in words
        assert f"{inside} of {told} offers lay inside" in words or (
            inside == 0 and f"None of {told} offers lay inside" in words
        )


def test_a_range_over_many_runs_counts_deals_run_by_run():
    result = many_ranges(ensemble())
    first = result.table[result.table.day == 0].iloc[0]
    last = result.table[result.table.runs > 0].iloc[-1]
    for words in (result.caption, result.alt_text):
        assert f"in {first.deals:.0f} of {first.runs:.0f} runs" in words
        assert f"in {last.deals:.0f} of the {last.runs:.0f} without" in words
    assert "25 runs" in result.caption.splitlines()[-1]


def test_survival_names_who_never_stops_the_median_and_what_holds_at_the_end():
    for found, median in ((ensemble("swap-offered"), True), (ensemble(), False)):
        result = survival(found)
        last = result.table.iloc[-1]
        times = fighting_times(found.runs, found.horizon)
        assert last.share == pytest.approx(1 - times.seen.mean())
        holds = 100 * np.isfinite(found.runs.fighting_stopped_day).mean()
        for words in (result.caption, result.alt_text):
            assert (
                f"In {100 * last.share:.0f} of 100 runs neither a full truce nor a "
                "defeat comes by day 180"
            ) in words
            assert (
                f"In {holds:.0f} of 100 runs the fighting has stopped at day" in words
            )
            assert ("median is not reached by day 180" in words) is not median
        half = kaplan_meier(times).query("surviving <= 0.5")
        if median:
            told = f"half of the runs have one by day {half.day.iloc[0]:.0f}"
            assert told in result.caption
        shown = {text.get_text() for text in result.figure.axes[0].texts}
        assert f"{int(last.at_risk)}" in shown


def test_survival_refuses_more_than_fits():
    found = ensemble()
    with pytest.raises(ValueError, match="one to 3 scenarios fit, not 4"):
        survival(*[found] * 4)
    with pytest.raises(ValueError, match="with one scenario"):
        survival(found, found, collapse=True)


def test_a_fan_names_its_end_its_runs_and_how_the_observed_days_lie_in_it():
    found = ensemble("kursk-2024-08-20")
    result = fan(found)
    last = result.table[result.table.runs > 0].iloc[-1]
    seen = result.table.dropna(subset="observed_km2")
    assert len(seen) > 100
    for words in (result.caption, result.alt_text):
        assert (
            f"day {last.day} {last.q50:,.0f} km² ({last.q05:,.0f} to {last.q95:,.0f})"
            in words
        )
        assert f"{int(seen.inside.sum())} of {len(seen)} observed days" in words
        assert f"score {seen.score.mean():,.0f} km²" in words
        assert f"{last.runs} of {last.of} runs are in the fan" in words
    held = observed_land("kursk").held.set_index("date").midpoint_km2
    day = seen.iloc[0]
    date = start(found) + np.timedelta64(int(day.day), "D").astype(object)
    assert held[str(date)] == day.observed_km2


def test_the_start_is_no_test_of_a_fan_that_begins_there():
    result = fan(ensemble())
    assert result.table.observed_km2.isna().all()
    assert "There are no observations after the start." in result.caption


def test_a_fan_of_land_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no chip 'sumy'"):
        fan(ensemble(), "sumy")


def test_dots_count_what_the_caption_says():
    result = dots(ensemble("swap-offered", runs=100), ringed=3)
    table = result.table
    begun = (table.begun <= 90).sum()
    stopped = table.kind.str.startswith(("truce", "settlement")).sum()
    again = table.kind == PAUSE_ENDED
    assert (again & table.pause_ended).sum() == again.sum() > 0
    for words in (result.caption, result.alt_text):
        assert (
            f"In {begun} of 100 runs a full truce begins by day 90; in {stopped} the "
            f"fighting has stopped at day 180. In {table.pause_ended.sum()} a full "
            f"truce began and ended; {again.sum()} of these fight at the end."
        ) in words
        assert "The ring is run 3" in words
    every = [each for a in result.figure.axes for each in a.collections]
    assert sum(len(each.get_offsets()) for each in every) == 100
    hollow = [each for each in every if (each.get_facecolor() == 1.0).all()]
    fighting = table.day.isna().sum()
    assert sum(len(each.get_offsets()) for each in hollow) == fighting


def test_rows_are_sorted_by_what_holds_at_the_end():
    table = dots(ensemble("swap-offered", runs=100)).table
    kinds = table.sort_values("row").kind.unique().tolist()
    first = {"settlement": 0, "defeat": 2, "fighting": 3, "no": 4}  # a truce: 1
    places = [first.get(kind.split()[0], 1) for kind in kinds]
    assert places == sorted(places)


@pytest.mark.parametrize("most", [1, 3, 50])
def test_packed_dots_never_touch_and_stay_inside(most):
    rng = np.random.default_rng(5)
    across = np.concatenate([np.zeros(15), rng.integers(0, 60, 15), np.full(4, 60.0)])
    places, level = packed(across, 2.0, 70.0, most)
    assert level.max() < most
    assert places.min() >= 1.0 - 1e-6
    assert places.max() <= 69.0 + 1e-6
    for step in range(most):
        row = np.sort(places[level == step])
        assert (np.diff(row) >= 2.0 - 1e-6).all()


def test_a_dot_alone_on_its_day_stands_at_it():
    places, level = packed(np.array([10.0, 30.0]), 2.0, 70.0, 5)
    assert places.tolist() == [10.0, 30.0]
    assert level.tolist() == [0, 0]
