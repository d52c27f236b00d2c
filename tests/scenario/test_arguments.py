"""Python's functions take what numpy and pandas give, and refuse as the commands do."""

import datetime
import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim.cli import exit_code
from sim.errors import UsageError
from sim.scenario.arguments import day, flag, number, plain, shortly, whole

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"


@pytest.fixture(scope="module")
def short():
    return sim.load(FLAGSHIP, set={"horizon_days": np.int64(15)})


@pytest.mark.parametrize(
    "given", [5, np.int8(5), np.uint64(5), np.array(5), pd.Series([5])[0], 5.0]
)
def test_a_whole_number_is_one_whoever_made_it(given):
    found = whole("--seed", given)
    assert (found, type(found)) == (5, int)


@pytest.mark.parametrize(
    "given",
    [1.5, True, None, "5", b"5", np.bool_(True), np.nan, pd.NA, pd.NaT, [1], 1j, "\n"],
)
def test_what_is_no_whole_number_is_refused_in_one_line(given):
    with pytest.raises(UsageError, match=r"^--seed must be a whole number, not .+$"):
        whole("--seed", given)


@pytest.mark.parametrize(
    "given",
    [
        datetime.date(2025, 3, 13),
        datetime.datetime(2025, 3, 13),
        pd.Timestamp("2025-03-13"),
        np.datetime64("2025-03-13"),
        np.datetime64("2025-03-13", "ns"),
        "2025-03-13",
        np.str_("2025-03-13"),
    ],
)
def test_a_day_is_one_whoever_made_it(given):
    assert day("--from", given) == datetime.date(2025, 3, 13)


@pytest.mark.parametrize("given", [5, "soon", pd.NaT, None, pd.Timestamp.max])
def test_what_is_no_day_is_refused(given):
    with pytest.raises(UsageError, match="--from is a day such as 2025-02-28, not"):
        day("--from", given)


def test_numbers_flags_and_lists_are_taken_as_they_are_meant():
    assert number("--step", np.float32(0.5)) == number("--step", Decimal("0.5")) == 0.5
    assert flag("--force", np.bool_(False)) is False
    assert plain(np.array([[1, 2]])) == [[1, 2]]
    assert plain(Path("a")) == "a"
    for given in (np.inf, 10**400, True, "1"):
        with pytest.raises(UsageError, match="--step must be a finite number, not"):
            number("--step", given)
    with pytest.raises(UsageError, match="--force is True or False, not 'no'"):
        flag("--force", "no")


def test_whatever_is_wrong_is_shown_in_one_short_line():
    class Odd:
        def __repr__(self):
            raise ValueError

    for value in (Odd(), "x\n" * 9999, np.zeros((99, 99)), 10**5000, [[1] * 99] * 99):
        text = shortly(value)
        assert len(text) <= 200
        assert "\n" not in text


def test_runs_of_numbers_of_numpy_are_those_of_pythons_own(short):
    """f07: seeds and the like of numpy went deep, and into no JSON."""
    ours = sim.run(short, seed=5, replicate=2).to_json()
    assert sim.run(short, seed=np.int64(5), replicate=np.array(2)).to_json() == ours
    model = sim.CeasefireModel(short, seed=np.uint8(5), replicate=np.int64(2)).run()
    assert model.outcome == json.loads(ours)["outcome"]


def test_sweeps_and_comparisons_take_arrays_series_and_scalars(short, tmp_path):
    """f07, for many worlds; what is kept is plain."""
    done = sim.sweep(
        short,
        {AREA: pd.Series([0, 500]), "aid.level": np.linspace(0, 1, 2)},
        np.int64(3),
        seed=np.int64(5),
        within_days=np.int64(10),
        threads=np.int64(1),
        series=np.int64(0),
        keep_worlds=np.bool_(True),
        out=tmp_path / "out",
    )
    vary = {AREA: [0, 500], "aid.level": [0, 1]}
    ours = sim.sweep(short, vary, 3, seed=5, within_days=10)
    pd.testing.assert_frame_equal(done.cells, ours.cells)
    assert sim.replay(tmp_path / "out", np.int64(1), np.int64(2)).seed == 5
    assert done.scenario(np.int64(1)).hash == ours.scenario(1).hash
    table = pd.DataFrame({AREA: [0, 500]})
    assert len(sim.sweep(short, design=table, replicates=3).cells) == 2
    days = pd.date_range("2025-03-14", periods=2)
    dates = sim.sweep(short, {"negotiation.first_round": days}, 3)
    assert list(dates.cells["negotiation.first_round"]) == ["2025-03-14", "2025-03-15"]
    compared = sim.compare(
        short, changes=[{"aid.level": np.float32(0.5)}], replicates=np.int64(5)
    )
    assert json.dumps(compared.to_dict())
    assert compared.twins(np.int64(1), np.int64(1))
    assert json.dumps(sim.why(short, np.int64(0), seed=np.int64(1)).to_dict())


@pytest.mark.slow
def test_a_sensitivity_analysis_takes_numbers_of_numpy(short):
    """f07, for `sensitivity`."""
    found = sim.sensitivity(
        short,
        samples=np.int64(16),
        replicates=np.int64(2),
        trajectories=np.int64(2),
        tornado_replicates=np.int64(20),
        seed=np.int64(3),
        ranges={"aid.level": np.array([0, 1])},
    )
    assert json.dumps(found.manifest)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: sim.run(s, seed=-1), ["run", "--seed", "-1"]),
        (lambda s: sim.run(s, seed=2**63), ["run", "--seed", str(2**63)]),
        (lambda s: sim.run(s, replicate=-1), ["run", "--replicate", "-1"]),
        (lambda s: sim.CeasefireModel(s, seed=-1), ["run", "--seed", "-1"]),
        (lambda s: sim.why(s, -1), ["why", "--day", "-1"]),
        (lambda s: sim.compare(s, s, replicates=0), ["compare", "--replicates", "0"]),
        (lambda s: sim.sweep(s, seed=-1), ["sweep", "--seed", "-1"]),
        (lambda s: sim.sweep(s, replicates=0), ["sweep", "--replicates", "0"]),
        (lambda s: sim.sweep(s, threads=0), ["sweep", "--threads", "0"]),
        (lambda s: sim.sweep(s, within_days=0), ["sweep", "--within-days", "0"]),
        (lambda s: sim.sensitivity(s, single=0), ["sensitivity", "--single", "0"]),
        (lambda s: sim.sensitivity(s, samples=24), ["sensitivity", "--samples", "24"]),
        (lambda s: sim.conditions(".", boxes=0), ["conditions", "--boxes", "0"]),
        (
            lambda s: sim.calibrate(s, "kursk_held", line_weeks=7),
            ["calibrate", "--observed", "kursk_held", "--line-weeks", "7"],
        ),
        (
            lambda s: sim.calibrate(s, "kursk_held", first="soon"),
            ["calibrate", "--observed", "kursk_held", "--from", "soon"],
        ),
        (
            lambda s: sim.backtest(s, "kursk_held", paths=5),
            ["backtest", "--observed", "kursk_held", "--paths", "5"],
        ),
    ],
)
def test_python_refuses_with_the_words_of_the_command(short, capsys, call, words):
    """f07 and kin: one place refuses for both."""
    with pytest.raises(UsageError) as error:
        call(short)
    name, *options = words
    out = ["--out", "nowhere"] if name == "sweep" else []
    what = "." if name == "conditions" else FLAGSHIP
    more = [FLAGSHIP] if name == "compare" else []
    capsys.readouterr()
    assert exit_code([name, what, *more, *options, *out]) == 2
    assert capsys.readouterr().err == f"ceasefire: {error.value}\n"


@pytest.mark.parametrize(
    "call",
    [
        lambda s: sim.load(None),
        lambda s: sim.values([FLAGSHIP]),
        lambda s: sim.load(s, set=["aid.level"]),
        lambda s: sim.sweep(s, ["aid.level"]),
        lambda s: sim.sweep(s, {"aid.level": 1}),
        lambda s: sim.sweep(s, {"aid.level": [pd.NA]}),
        lambda s: sim.sweep(s, out=5),
        lambda s: sim.sweep(s, policies=["p.py:A"]),
        lambda s: sim.run(s, policies=["p.py:A"]),
        lambda s: sim.compare(s, changes=5),
        lambda s: sim.why(s, 0, party=5),
        lambda s: sim.sensitivity(s, ranges={"aid.level": []}),
        lambda s: sim.conditions(5),
        lambda s: sim.calibrate(s, 5),
        lambda s: sim.backtest(s, events=5),
        lambda s: sim.backtest(s, "kursk_held", days=7),
        lambda s: sim.replay(5, 0, 0),
        lambda s: sim.run(s).plot(twin=["aid.level"]),
    ],
)
def test_what_makes_no_sense_is_a_matter_of_usage(short, call):
    with pytest.raises(UsageError) as error:
        call(short)
    assert len(str(error.value).splitlines()) == 1
