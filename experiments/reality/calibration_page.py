"""docs/reports/calibration.md: what the observed areas say of the parameters."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from experiments.reality.recovery import TABLE
from experiments.sanity.writing import bullet, prose, table
from sim import load
from sim.analysis.calibration.calibrate import calibrate
from sim.analysis.calibration.fitted import Calibration, overlay
from sim.analysis.calibration.profile_likelihood import CONFIDENCE, Profile
from sim.batch.intervals import wilson
from sim.model.engine import simulate
from sim.model.parameters import build
from sim.model.state import NEVER
from sim.scenario.load import Loaded
from sim.scenario.observations import read_series

FLAGSHIP, KURSK, LINE = "kursk-2025-03-13", "kursk_held", "russian_held_ukraine"
COLUMNS = ("midpoint_km2", "confirmed_held_km2", "upper_bound_km2")
CUTS = (date(2024, 12, 31), date(2025, 2, 28), date(2025, 3, 8), date(2025, 3, 11))
WINDOWS = (114, 104, 52, 26)
WITHIN_DAYS = 90
COMMANDS = (
    f"ceasefire calibrate {FLAGSHIP} --observed {KURSK} --out fitted.yaml",
    "ceasefire show fitted.yaml",
    f"ceasefire calibrate {FLAGSHIP} --observed {LINE}",
)

INTRODUCTION = (
    "What do the observed areas say of the numbers that the flagship was given by "
    "hand? `ceasefire calibrate` asks the likelihood: for which numbers is what was "
    "seen least surprising, and which others cannot be told from them? It fits the "
    "chip (how fast Kursk is lost in a lull and in a collapse, how unsteadily, how "
    "often one turns into the other) and the line (how many battles, who wins them). "
    "It says nothing about costs, beliefs or offers: no area tells those.",
)
METHOD = (
    "The log of the area drifts and spreads by the day as its regime has it, and the "
    "regime switches at its rates, exactly as in the simulation "
    "(`sim.model.stages.chips`). "
    "What is seen is the log with an error, whose spread is a share (*blur*) of half "
    "the grey zone of that day. Between two observations the days spent in the faster "
    "regime are counted out, so gaps may have any length; at an observation the "
    "normals that end in one regime are joined into one "
    "(`sim/analysis/calibration/hidden_markov.py` has "
    "the sources; a brute-force grid agrees).",
    "A map that shows the same area as before is no observation, until a week has "
    "passed. Days before the peak are left out, as the land was then being taken. An "
    "error that stays the same share of the area, such as a map that is always a "
    "tenth too large, drops out; one that comes and goes is the blur. Intervals are "
    "profiles of the likelihood at 90 %: every other number is fitted anew at each "
    "value tried.",
    "The aid pause of March 2025 is not told apart: rates of switching are means over "
    "the aid there was. One pause of eight days cannot say what aid does to them.",
)


def page(command: str, worlds: int) -> str:
    """The page as text."""
    loaded = load(FLAGSHIP)
    kursk, line = read_series(KURSK), read_series(LINE)
    whole = calibrate(loaded, [kursk, line])
    by_column: dict[str, Calibration] = {
        column: calibrate(loaded, [read_series(KURSK, column)]) for column in COLUMNS
    }
    by_cut = {cut: calibrate(loaded, [kursk], last=cut) for cut in CUTS}
    by_window = {
        weeks: calibrate(loaded, [line], line_weeks=weeks) for weeks in WINDOWS
    }
    with TABLE.open(encoding="utf-8") as stream:
        recovery = list(csv.DictReader(stream))
    blocks = [
        "# Fitted to what was seen",
        *map(prose, INTRODUCTION),
        prose(
            f"Made by `{command}`. What the model answers is not a forecast, and a fit "
            "to the past is none either."
        ),
        "## In short",
        *map(bullet, _verdict(whole, by_cut, recovery)),
        "## How",
        *map(prose, METHOD),
        "```sh\n" + "\n".join(COMMANDS) + "\n```",
        prose("The file extends the scenario; each value has its interval and a note."),
        "## The numbers",
        _values(whole),
        "## Which area is taken",
        prose(
            "The truth lies between the confirmed area and the upper bound; the "
            "midpoint is a convention. Value and interval for each:"
        ),
        _chips(by_column),
        "## What could be known before",
        prose(
            "The same with the data cut short. *Faster*: chance that the faster regime "
            "rules on the last day. On 11 March two steps of the map were all that was "
            "known of the collapse, and its volatility is fitted at the least that is "
            "searched, .01: the narrow interval of its loss is worth nothing."
        ),
        _chips({f"to {cut}": fit for cut, fit in by_cut.items()}, end=True),
        "## The line, by the weeks looked at",
        prose(
            "Weekly changes of the area of Ukraine that Russia holds. The step of 400 "
            "km² cannot give changes as steady as these, whatever the odds: the "
            "longest that can is in the table, and the fit takes a shorter one."
        ),
        _lines(by_window),
        "## Does it find what was put in?",
        prose(
            "Records of known parameters were simulated, blurred, and fitted, 200 "
            "times each: *long* ones of three years with many switches, and *short* "
            "ones of 184 days, as that of Kursk, which begin in a lull that breaks "
            "once, or not at all. The *line* has two years of weekly changes, with "
            "battles as fitted above and with those of the flagship. *Held*: share of "
            "the 90 % intervals that held the truth, with its 95 % interval. Made by "
            "`python -m experiments.reality.recovery`."
        ),
        _recovery(recovery),
        "## What it does to the answer",
        prose(
            f"Share of {worlds:,} worlds with a full truce within {WITHIN_DAYS} days, "
            "seed 1, with its 95 % interval (luck only):"
        ),
        _answers(loaded, whole, worlds),
        prose(
            "With shorter battle steps the same beliefs and the same weight of 40 "
            "battles mean something else: twice as many battles a week are twice the "
            "news. So the last row is not the flagship with better numbers, but a "
            "reminder that beliefs have to be stated for the battles they are about."
        ),
    ]
    return "\n\n".join(joined(blocks)) + "\n"


def joined(blocks: Sequence[str]) -> list[str]:
    """Put the entries of a list into one block."""
    joined: list[str] = []
    for block in blocks:
        if joined and block.startswith("- ") and joined[-1].startswith("- "):
            joined[-1] += "\n" + block
        else:
            joined.append(block)
    return joined


def _verdict(
    whole: Calibration,
    by_cut: dict[date, Calibration],
    recovery: Sequence[dict[str, str]],
) -> list[str]:
    inside = [
        each
        for each in whole.values
        if each.low is not None and each.low <= each.before <= each.high
    ]
    outside = [
        each.path
        for each in whole.values
        if each.low is not None and each not in inside
    ]
    bounded = sum(each.low is not None for each in whole.values)
    fit, last = whole.chip_fit, by_cut[CUTS[1]].chip_fit
    assert fit is not None
    assert last is not None
    long, short, line = (
        [float(row["covered"]) for row in recovery if row["record"].startswith(name)]
        for name in ("long", "short", "line")
    )
    ends = fit.intervals["loss_fast"]
    return [
        f"The flagship's hand-set number lies within the interval for {len(inside)} of "
        f"{bounded} values" + (f"; not for {', '.join(outside)}." if outside else "."),
        f"Two regimes explain Kursk far better than one (log-likelihood up by "
        f"{fit.log_likelihood - fit.one_regime:.0f}), but one collapse of a week says "
        f"little about collapses: a loss of {ends.low:.2f} to {ends.high:.2f} a week "
        "is compatible with it, and no end of it was seen, so the rate of its ending "
        "is fitted as 0 and could be high.",
        "Before March 2025 the data held no collapse. Fitted to 28 February, the "
        f"faster regime loses {last.regimes.loss[1]:.2f} a week: it is the rhythm of "
        "the map, not a break of the front. No fit to the past could have known the "
        "pace of what came.",
        "The line moved more steadily than battles of 400 km² allow, and one week's "
        "change goes with the last: independent battles are the wrong noise.",
        f"On long simulated records the intervals hold the truth in {min(long):.3f} to "
        f"{max(long):.3f} of cases, those of the line in {min(line):.3f} to "
        f"{max(line):.3f}, as 90 % intervals should (within .85 to .95). On "
        f"records as short as that of Kursk only in {min(short):.2f} to "
        f"{max(short):.2f}: read the intervals above as too narrow.",
    ]


def _values(found: Calibration) -> str:
    rows = [
        [
            f"`{each.path}`",
            f"{each.before:g}",
            f"{each.value:g}",
            "" if each.low is None else f"{each.low:g} to {each.high:g}",
        ]
        for each in found.values
    ]
    return table(["value", "flagship", "fitted", f"{CONFIDENCE:.0%} interval"], rows)


def _chips(fits: dict[str, Calibration], *, end: bool = False) -> str:
    head = ["", "news", "loss, lull", "loss, collapse", "volatility", "", "to collapse"]
    head += ["faster"] if end else ["blur"]
    head[5] = "volatility, collapse"
    rows = []
    for name, found in fits.items():
        fit = found.chip_fit
        assert fit is not None
        ends = fit.intervals
        last = f"{fit.state[1, 0]:.2f}" if end else _short(ends["blur"])
        rows.append(
            [
                name,
                str(len(fit.series)),
                _short(ends["loss_slow"]),
                _short(ends["loss_fast"]),
                _short(ends["volatility_slow"]),
                _short(ends["volatility_fast"]),
                _short(ends["leaving_slow"]),
                last,
            ]
        )
    return table(head, rows)


def _short(ends: Profile) -> str:
    return f"{ends.estimate:.2g} ({ends.low:.2g}-{ends.high:.2g})"


def _lines(fits: dict[int, Calibration]) -> str:
    head = ["weeks", "mean", "spread", "week to week", "longest step", "step"]
    head += ["battles a week", "odds of Ukraine"]
    rows = []
    for weeks, found in fits.items():
        fit = found.line_fit
        assert fit is not None
        rows.append(
            [
                str(weeks),
                f"{fit.changes.gain:.0f}",
                f"{fit.changes.spread:.0f}",
                f"{fit.changes.autocorrelation:.2f}",
                f"{fit.longest_step:.0f}",
                f"{fit.step_km2:g}",
                _short(fit.intervals["battles_per_week"]),
                _short(fit.intervals["win_probability"]),
            ]
        )
    return table(head, rows)


def _recovery(rows: Sequence[dict[str, str]]) -> str:
    return table(
        ["record", "parameter", "truth", "median fit", "median interval", "held"],
        [
            [
                row["record"],
                # Of a chip "loss, slow", of the line "battles per week".
                row["parameter"].replace(
                    "_", " " if row["record"].startswith("line") else ", "
                ),
                row["true"],
                f"{float(row['median_estimate']):.2g}",
                f"{float(row['median_low']):.2g} to {float(row['median_high']):.2g}",
                f"{row['covered']} ({row['covered_low']}-{row['covered_high']})",
            ]
            for row in rows
        ],
    )


def _answers(loaded: Loaded, whole: Calibration, worlds: int) -> str:
    chip_only = Calibration(
        loaded,
        [each for each in whole.values if each.path.startswith("chips.")],
        whole.chip,
        whole.chip_fit,
    )
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, found in (
            ("as written", None),
            ("chip fitted", chip_only),
            ("chip and line fitted", whole),
        ):
            fitted = loaded
            if found is not None:
                file = Path(folder) / "fitted.yaml"
                file.write_text(overlay(found, file, COMMANDS[0]), encoding="utf-8")
                fitted = load(file)
            params = build(fitted.scenario)
            ends = simulate(params, seed=1, replicates=range(worlds))
            first = ends["first_full_truce"] * fitted.scenario.step_days
            came = (ends["first_full_truce"] != NEVER) & (first <= WITHIN_DAYS)
            share, low, high = (float(end) for end in wilson(int(came.sum()), worlds))
            rows.append([name, f"{share:.3f} ({low:.3f}-{high:.3f})"])
    return table(["scenario", "full truce"], rows)
