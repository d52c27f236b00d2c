"""Figures of a finished sweep: which cells each shows, and what its caption says."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.scenario.names import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from sim.finished import Sweep
    from sim.plots.result import Figure

FIGURES = (
    "ceasefire_by_kursk",
    "bargaining_range",
    "kursk_by_aid",
    "survival_of_fighting",
    "kursk_fan",
    "outcome_dots",
)


def draw(
    sweep: "Sweep",
    figure: str,
    *,
    path: str | None = None,
    second: str | None = None,
    chip: str | None = None,
    more: bool = False,
) -> "Figure":
    """Draw a figure of `FIGURES`; arguments and errors as of `Sweep.plot`."""
    if figure not in FIGURES:
        listed = ", ".join(FIGURES)
        hint = did_you_mean(figure, FIGURES)
        raise UsageError(f"no figure '{figure}' of a sweep ({listed}){hint}")
    if figure == "ceasefire_by_kursk":
        return _curve(sweep, sweep.numeric_path(path))
    if figure == "kursk_by_aid":
        return _grid(sweep, path, second, days=more)
    return _of_runs(sweep, figure, path, chip=chip, collapse=more)


def _curve(sweep: "Sweep", path: str) -> "Figure":
    from sim.plots.ceasefire_by_kursk import ceasefire_by_kursk
    from sim.plots.text_curve import text_curve

    sets, cells = sweep.input_sets, _curve_along(sweep, path)
    context, observed = sweep.context(path), sweep.observed(path)
    figure = ceasefire_by_kursk(
        cells,
        context,
        path=path,
        input_sets=None if sets is None else sweep.along(sets, path),
        observed=observed,
    )
    text = text_curve(cells, context, path=path, observed=observed)
    return replace(figure, text=text)


def _grid(
    sweep: "Sweep", path: str | None, second: str | None, *, days: bool
) -> "Figure":
    from sim.plots.kursk_by_aid import kursk_by_aid

    across = sweep.numeric_path(path)
    others = [each for each in sweep.numeric_paths if each != across]
    if second is not None and second not in others:
        raise UsageError(f"{second}: kursk_by_aid needs a second varied number")
    if second is None and not others:
        raise UsageError(
            "kursk_by_aid needs two varied numbers; the sweep varies "
            f"{', '.join(sweep.paths) or 'nothing'}"
        )
    up = second or others[0]
    known = sweep.manifest["scenario"]["aid"]["level"] if up == "aid.level" else None
    try:
        return kursk_by_aid(
            sweep.along(sweep.cells, across, up),
            sweep.context(across, up),
            across=across,
            up=up,
            observed=sweep.observed(across),
            observed_up=known,
            days=days,
        )
    except ValueError as error:
        raise UsageError(f"kursk_by_aid: {error}") from None


def _of_runs(
    sweep: "Sweep", figure: str, path: str | None, *, chip: str | None, collapse: bool
) -> "Figure":
    from sim.drawing import draw_runs
    from sim.plots.words import display_setting
    from sim.sweep.settings import shown

    if sweep.manifest.get("policies"):
        raise UsageError(
            f"{figure}: its runs are made again, and these had policies of your own"
        )
    cells = {sweep.manifest["scenario_id"]: sweep.own_cell}
    along: tuple[str, ...] = ()
    if figure == "survival_of_fighting" and (path or sweep.numeric_paths):
        along = (sweep.numeric_path(path),)
        rows = sweep.along(sweep.cells, *along, at=sweep.own_cell)
        rows = rows.sort_values(along[0])
        places = sorted({0, (len(rows) - 1) // 2, len(rows) - 1})
        cells = {
            display_setting(along[0], shown(float(row[along[0]]))): int(row["cell"])
            for row in (rows.iloc[place] for place in places)
        }
    scenarios = {name: sweep.scenario(cell) for name, cell in cells.items()}
    return draw_runs(
        figure,
        scenarios,
        replace(
            sweep.context(*along, at=sweep.own_cell),
            scenario_hash=next(iter(scenarios.values())).hash,
            within_days=sweep.manifest["within_days"],
        ),
        chip=chip,
        collapse=collapse,
    )


def _curve_along(sweep: "Sweep", path: str) -> "pd.DataFrame":
    """Return the cells in which only `path` varies, if they make a curve."""
    cells = sweep.along(sweep.cells, path)
    is_grid = sweep.manifest["design"]["kind"] == "grid"
    if not is_grid and (len(cells) < 2 or cells[path].duplicated().any()):
        found = "only one cell" if len(cells) < 2 else "not one cell a setting"
        raise UsageError(
            f"{path}: the figure needs cells in which it alone differs from the "
            f"reference, as in a grid of --vary; this design has {found}"
        )
    return cells
