"""docs/reports/calibration.md: the values that its words in the template ask for."""

import csv
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.reality.recovery import TABLE
from experiments.sanity.writing import Template
from sim import load
from sim.analysis.calibration.calibrate import calibrate
from sim.analysis.calibration.fitted import Calibration, overlay
from sim.analysis.calibration.profile_likelihood import CONFIDENCE, Profile
from sim.batch.intervals import Interval, wilson
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
COMMAND = f"ceasefire calibrate {FLAGSHIP} --observed {KURSK} --out fitted.yaml"
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(command: str, worlds: int) -> str:
    """The page as text."""
    loaded = load(FLAGSHIP)
    kursk, line = read_series(KURSK), read_series(LINE)
    whole = calibrate(loaded, [kursk, line])
    by_column = {
        column: calibrate(loaded, [read_series(KURSK, column)]) for column in COLUMNS
    }
    by_cut = {cut: calibrate(loaded, [kursk], last=cut) for cut in CUTS}
    by_window = {
        weeks: calibrate(loaded, [line], line_weeks=weeks) for weeks in WINDOWS
    }
    with TABLE.open(encoding="utf-8") as stream:
        recovery = list(csv.DictReader(stream))
    outside = [e.path for e in whole.values if not e.low <= e.before <= e.high]
    fit, last = whole.chip_fit, by_cut[CUTS[1]].chip_fit
    moved = whole.line_fit
    assert fit is not None
    assert last is not None
    assert moved is not None
    return TEMPLATE.page(
        command=command,
        inside=len(whole.values) - len(outside),
        values=len(whole.values),
        outside=f"; not for {', '.join(outside)}" if outside else "",
        gain=fit.log_likelihood - fit.one_regime,
        loss=fit.intervals["loss_fast"],
        before=last.regimes.loss[1],
        moved=moved,
        worth=moved.changes.independent[0],
        quarter=moved.spread_over[13],
        naive=moved.changes.spread / len(moved.changes) ** 0.5,
        held={name: _held(recovery, name) for name in ("long", "line", "short")},
        calibrate=COMMAND,
        flagship=FLAGSHIP,
        line=LINE,
        confidence=CONFIDENCE,
        value=whole.values,
        column=[_chip(name, fit) for name, fit in by_column.items()],
        cut=[_chip(str(cut), fit) for cut, fit in by_cut.items()],
        weeks=[_line(weeks, fit) for weeks, fit in by_window.items()],
        row=[_recovered(row) for row in recovery],
        worlds=worlds,
        within_days=WITHIN_DAYS,
        horizon=loaded.scenario.horizon_days,
        answer=_answers(loaded, whole, worlds),
    )


def _held(recovery: Sequence[dict[str, str]], record: str) -> tuple[float, float]:
    """The least and the largest share of intervals that held the truth."""
    shares = [
        float(row["covered"]) for row in recovery if row["record"].startswith(record)
    ]
    return min(shares), max(shares)


def _chip(name: str, found: Calibration) -> dict[str, Any]:
    fit = found.chip_fit
    assert fit is not None
    ends = {name: _short(each) for name, each in fit.intervals.items()}
    return {"name": name, "news": len(fit.series), "faster": fit.state[1, 0], **ends}


def _line(weeks: int, found: Calibration) -> dict[str, Any]:
    fit = found.line_fit
    assert fit is not None
    return {
        "weeks": weeks,
        "fit": fit,
        "drift": _whole(fit.drift),
        "volatility": _whole(fit.volatility),
        "worth": fit.changes.independent[0],
        "spread": list(fit.spread_over.values()),
        "now": fit.now,
    }


def _short(ends: Profile) -> str:
    return f"{ends.estimate:.2g} ({ends.low:.2g}-{ends.high:.2g})"


def _whole(ends: Profile) -> str:
    return f"{ends.estimate:.0f} ({ends.low:.0f}-{ends.high:.0f})"


def _recovered(row: dict[str, str]) -> dict[str, object]:
    medians = {name: float(row[name]) for name in row if name.startswith("median")}
    return {**row, **medians, "parameter": row["parameter"].replace("_", ", ")}


def _answers(
    loaded: Loaded, whole: Calibration, worlds: int
) -> list[tuple[str, Interval, Interval]]:
    """Both headlines: a full truce begun in time, and no fighting at the horizon."""
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
                file.write_text(overlay(found, file, COMMAND), encoding="utf-8")
                fitted = load(file)
            ends = simulate(build(fitted.scenario), seed=1, replicates=range(worlds))
            first = ends["first_full_truce"] * fitted.scenario.step_days
            begun = (ends["first_full_truce"] != NEVER) & (first <= WITHIN_DAYS)
            stopped = ends["fighting_stopped"] != NEVER
            rows.append((name, *(_share(came) for came in (begun, stopped))))
    return rows


def _share(came: NDArray[np.bool_]) -> Interval:
    return Interval(*map(float, wilson(int(came.sum()), came.size)))
