"""docs/reports/backtest.md: the values that its words in the template ask for."""

from pathlib import Path

from experiments.reality.calibration_page import FLAGSHIP, KURSK, LINE
from experiments.sanity.writing import Template
from sim import load
from sim.analysis.calibration.backtest import Backtest, Skill
from sim.analysis.calibration.forecasts import AS_WRITTEN, FITTED
from sim.analysis.calibration.report import run_trials
from sim.scenario.observations import read_record, read_series

HARDEST = ("log_random_walk_28", "log_random_walk_84")
SHOWN = ("persistence", "constant_drift_28", "random_walk_84", *HARDEST)
EVENT_DAYS = {
    "kursk-2024-08-20": (30, 60, 90),
    "kursk-2025-03-03": (7, 8, 10),
    FLAGSHIP: (7, 30, 90),
}
CAME = {True: "yes", False: "no", None: "not in the record"}
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(command: str, paths: int) -> str:
    """The page as text."""
    series = [read_series(KURSK), read_series(LINE)]
    chip, line = run_trials(load(FLAGSHIP), series, paths=paths).tests
    record = read_record("events")
    events = [
        (name, score)
        for name, days in EVENT_DAYS.items()
        for score in run_trials(
            load(name), [], record=record, horizons=days, paths=paths
        ).events
    ]
    worst_in, worst = max(
        (each for each in events if each[1].brier is not None),
        key=lambda each: each[1].brier or 0.0,
    )
    return TEMPLATE.page(
        command=command,
        paths=paths,
        chip_so=_compared(chip),
        line_so=_compared(line),
        written=_written(line),
        worst=worst,
        worst_in=worst_in,
        worst_came="came" if worst.happened else "did not come",
        flagship=FLAGSHIP,
        kursk=KURSK,
        line=LINE,
        chip_tables=_tables(chip),
        line_tables=_tables(line),
        event=[
            (
                name,
                score,
                CAME[score.happened],
                "-" if score.brier is None else f"{score.brier:.3f}",
            )
            for name, score in events
        ],
    )


def _compared(test: Backtest) -> str:
    """Say how the fitted process compares with rivals, and what its intervals held."""
    skills = [each for each in test.skills if each.method == FITTED]
    easy = [each.skill for each in skills if each.rival == "persistence"]
    hard = [e for e in skills if e.rival in HARDEST and e.low == e.low]
    better = sum(each.low > 0 for each in hard)
    worse = sum(each.high < 0 for each in hard)
    return TEMPLATE.words(
        "compared",
        low=min(easy),
        high=max(easy),
        better=better,
        worse=worse,
        even=len(hard) - better - worse,
        all=len(hard),
        covered=", ".join(
            f"{score.coverage['90']:.2f} at {score.days} days"
            for score in test.scores
            if score.method == FITTED
        ),
    )


def _written(test: Backtest) -> str:
    rows = sorted(
        (
            each
            for each in test.skills
            if each.method == AS_WRITTEN and each.rival == "log_random_walk_84"
        ),
        key=lambda each: each.days,
    )
    loses = all(each.skill < 0 for each in rows)
    part = "as written: loses" if loses else "as written: saves"
    return TEMPLATE.words(part, first=rows[0], last=rows[-1])


def _tables(test: Backtest) -> str:
    origins = test.origins
    return TEMPLATE.filled(
        "tables",
        origins=len(origins),
        first=origins[0],
        last=origins[-1],
        score=[
            (
                score,
                score.interval_score["90"],
                score.coverage["50"],
                score.coverage["90"],
                " ".join(map(_fifth, score.transform)),
            )
            for score in test.scores
            if score.method in (FITTED, AS_WRITTEN, *SHOWN)
        ],
        skill=[(each, _interval(each)) for each in test.skills if each.rival in SHOWN],
    )


def _fifth(share: float) -> str:
    return f"{share:.2f}"[-3:] if share < 1 else "1"


def _interval(each: Skill) -> str:
    return "-" if each.low != each.low else f"{each.low:+.2f} to {each.high:+.2f}"
