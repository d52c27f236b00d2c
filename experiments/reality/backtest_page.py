"""docs/reports/backtest.md: how forecasts from the past did."""

from collections.abc import Sequence

from experiments.reality.calibration_page import FLAGSHIP, KURSK, LINE, joined
from experiments.sanity.writing import bullet, prose, table
from sim import load
from sim.analysis.calibration.backtest import Backtest, Skill
from sim.analysis.calibration.events import EventScore
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
COMMANDS = (
    f"ceasefire backtest {FLAGSHIP} --observed {KURSK} --observed {LINE}",
    "ceasefire backtest kursk-2025-03-03 --events events --days 7,8,10",
)

INTRODUCTION = (
    "How good would the model's forecasts have been? From every seventh day of the "
    "record, an *origin*, what came 7, 14, 30, 60 and 90 days later is forecast from "
    "the days before it and compared with what was then observed. This tests the model "
    "on the past; it forecasts nothing to come.",
)
METHOD = (
    "*fitted* takes the process of the chip and of the line "
    "(`sim/analysis/calibration/process.py`, "
    "the formulas of the engine on paths with luck of their own), its numbers from the "
    "observations before the origin alone: the chip as in "
    "[calibration.md](calibration.md), the line from the last 26 "
    "weeks. *as_written* takes the scenario's numbers at every origin. Those were read "
    "off data to 13 March 2025, so on this record *as_written* has seen the answers; "
    "on later data it has not. Both say how the war moves if it goes on: no truce, no "
    "aid cut, and no bargaining is in these forecasts. Only the best numbers are "
    "simulated, not their intervals, which makes the forecasts too sure.",
    "Rivals: *persistence* (nothing changes), *constant drift* (a straight line), a "
    "*random walk* and a *log random walk* with drift, over trailing windows of 28 and "
    "84 days, from the same observations. The log random walk is the hard one to beat "
    "on a shrinking area.",
    "CRPS in km²: the distance of a whole forecast from what came, 0 is best, and for "
    "a point the plain error. Score 90: width of the 90 % interval, and twenty times "
    "what it missed by. *In 50, in 90*: share of origins whose interval held what "
    "came. *Fifths*: share of origins in which it fell into each fifth of the "
    "forecast, from low to high; .2 each is right. *Saved*: 1 - ratio of CRPS, with a "
    "90 % interval from 2,000 resamples of blocks of origins as long as the horizon; "
    "where fewer than three blocks fit there is none.",
)
YOURS = (
    "Any table with the same columns will do, so data that this project has never seen "
    "can be scored: `--from` gives the first origin, earlier rows count as past. "
    "`--json` prints everything, `--out` writes each forecast."
)


def page(command: str, paths: int) -> str:
    """The page as text."""
    found = run_trials(
        load(FLAGSHIP), [read_series(KURSK), read_series(LINE)], paths=paths
    )
    record = read_record("events")
    events = [
        (name, score)
        for name, days in EVENT_DAYS.items()
        for score in run_trials(
            load(name), [], record=record, horizons=days, paths=paths
        ).events
    ]
    chip, line = found.tests
    blocks = [
        "# Forecasts of the past, scored",
        *map(prose, INTRODUCTION),
        prose(f"Made by `{command}`: {paths:,} paths a forecast, seed 1."),
        "## In short",
        *map(bullet, _verdict(chip, line, events)),
        "## How",
        *map(prose, METHOD),
        "```sh\n" + "\n".join(COMMANDS) + "\n```",
        prose(YOURS),
        "## The area of Kursk",
        *_table(chip),
        "## The line",
        prose(
            "The area of Ukraine that Russia holds, in km²; errors are small beside "
            "its size because only changes matter."
        ),
        *_table(line),
        "## Events",
        prose(
            "Share of worlds in which an event had come by the day, and its Brier "
            "score where the record (`scenarios/observed/events.csv`) covers the days: "
            "the squared distance from what happened. Always saying .5 scores .25; "
            "always saying no scores 0 when nothing happens. Three scenarios and a "
            "handful of dates are no test of chances: what they can show is gross "
            "error. That aid resumes once Ukraine accepts is a rule of "
            "`kursk-2025-03-03`, written by someone who knew it."
        ),
        _events(events),
    ]
    return "\n\n".join(joined(blocks)) + "\n"


def _verdict(
    chip: Backtest, line: Backtest, events: Sequence[tuple[str, EventScore]]
) -> list[str]:
    worst = max(
        (each for each in events if each[1].brier is not None),
        key=lambda each: each[1].brier or 0.0,
    )
    name, score = worst
    return [
        f"Kursk: {_against(chip)} {_cover(chip)}",
        f"The line: {_against(line)} {_cover(line)}",
        f"The numbers as written: {_written(line)}",
        f"Events: the worst score is {score.brier:.2f}, for `{score.event}` within "
        f"{score.days} days in `{name}`: it had {score.chance.estimate:.2f} in the "
        f"model, and {'came' if score.happened else 'did not come'}.",
        "What the model adds to a log random walk is not better forecasts of areas: it "
        "is an account of who accepts what and why, which this page does not test.",
    ]


def _against(test: Backtest) -> str:
    """Say how the fitted process compares with the two hard rivals."""
    hard = [
        each
        for each in test.skills
        if each.method == FITTED and each.rival in HARDEST and each.low == each.low
    ]
    better = sum(each.low > 0 for each in hard)
    worse = sum(each.high < 0 for each in hard)
    even = len(hard) - better - worse
    easy = [
        each
        for each in test.skills
        if each.method == FITTED and each.rival == "persistence"
    ]
    low, high = min(each.skill for each in easy), max(each.skill for each in easy)
    return (
        f"fitted, the process saves {low:.2f} to {high:.2f} of the CRPS of "
        "persistence. Against the two log random walks it is clearly better in "
        f"{better}, clearly worse in {worse} and not to be told apart in {even} of "
        f"{len(hard)} comparisons with an interval."
    )


def _cover(test: Backtest) -> str:
    rows = [score for score in test.scores if score.method == FITTED]
    shares = [(score.days, score.coverage["90"]) for score in rows]
    text = ", ".join(f"{share:.2f} at {days} days" for days, share in shares)
    return f"Its 90 % intervals held what came in {text}."


def _written(test: Backtest) -> str:
    rows = {
        each.days: each
        for each in test.skills
        if each.method == AS_WRITTEN and each.rival == "log_random_walk_84"
    }
    days, last = max(rows), rows[max(rows)]
    return (
        f"on the line they lose to the log random walk of 84 days at every horizon "
        f"({last.skill:+.2f} at {days} days, {rows[min(rows)].skill:+.2f} at "
        f"{min(rows)}), since battle steps of 400 km² spread far too widely."
        if all(each.skill < 0 for each in rows.values())
        else f"on the line they save {last.skill:+.2f} at {days} days."
    )


def _table(test: Backtest) -> list[str]:
    origins = test.origins
    scores = [
        [
            str(score.days),
            score.method,
            str(score.origins),
            f"{score.crps:.1f}",
            f"{score.bias:+.0f}",
            f"{score.interval_score['90']:.0f}",
            f"{score.coverage['50']:.2f}",
            f"{score.coverage['90']:.2f}",
            " ".join(
                f"{share:.2f}"[-3:] if share < 1 else "1" for share in score.transform
            ),
        ]
        for score in test.scores
        if score.method in (FITTED, AS_WRITTEN, *SHOWN)
    ]
    head = ["days", "method", "origins", "CRPS", "bias", "score 90", "in 50", "in 90"]
    skills = [
        [str(each.days), each.method, each.rival, f"{each.skill:+.2f}", _interval(each)]
        for each in test.skills
        if each.rival in SHOWN
    ]
    return [
        prose(f"{len(origins)} origins, {origins[0]} to {origins[-1]}."),
        table([*head, "fifths"], scores),
        table(["days", "method", "against", "saved", "90 % interval"], skills),
    ]


def _interval(each: Skill) -> str:
    return "-" if each.low != each.low else f"{each.low:+.2f} to {each.high:+.2f}"


def _events(events: Sequence[tuple[str, EventScore]]) -> str:
    came = {True: "yes", False: "no", None: "not in the record"}
    return table(
        ["scenario", "event", "days", "chance", "came", "Brier"],
        [
            [
                f"`{name}`",
                score.event,
                str(score.days),
                f"{score.chance.estimate:.3f} "
                f"({score.chance.low:.3f}-{score.chance.high:.3f})",
                came[score.happened],
                "-" if score.brier is None else f"{score.brier:.3f}",
            ]
            for name, score in events
        ],
    )
