"""Figures: what each is drawn of, a scenario or something that was run and kept.

`FIGURES` lists them. A figure is a module in `sim.plots` with its question, its words
and a function `of`, which asks a `Source` for tables and draws them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from sim.analysis.smooth import FEWEST
from sim.api.figure_source import Source
from sim.api.result import Result, open_result
from sim.api.sweep_result import Sweep
from sim.api.why import Explanation
from sim.errors import UsageError
from sim.plots import (
    bargaining_range,
    comparison,
    fan_chart,
    inference,
    outcome_curve,
    outcome_dots,
    outcome_heatmap,
    outcome_scatter,
    payoff_waterfall,
    run_timeline,
    survival,
    tournament,
)
from sim.plots import sensitivity as what_matters
from sim.plots.figure import Figure, FigureModule, Options
from sim.scenario.arguments import by_name
from sim.scenario.load import Loaded, load
from sim.scenario.references import did_you_mean

# A line for each figure, in the order of the docs.
FIGURES: dict[str, FigureModule] = {
    "bargaining_range": bargaining_range,
    "payoff_waterfall": payoff_waterfall,
    "outcome_curve": outcome_curve,
    "outcome_heatmap": outcome_heatmap,
    "outcome_scatter": outcome_scatter,
    "survival": survival,
    "fan_chart": fan_chart,
    "sensitivity": what_matters,
    "outcome_dots": outcome_dots,
    "comparison": comparison,
    "run_timeline": run_timeline,
    "inference": inference,
    "tournament": tournament,
}
# What they were called before; taken for one release more.
ALIASES = {
    "ceasefire_by_kursk": "outcome_curve",
    "kursk_by_aid": "outcome_heatmap",
    "survival_of_fighting": "survival",
    "kursk_fan": "fan_chart",
    "what_matters": "sensitivity",
    "scenario_comparison": "comparison",
    "story_of_a_run": "run_timeline",
}
ALL = "all"


def source_of(
    what: str | Path | Loaded | Result,
    *,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
    options: Options | None = None,
) -> Source:
    """Return what figures are asked of: a scenario, a result or the folder of one.

    Errors as `load` and `open_result`; also UsageError if `set` is given with something
    that was run.
    """
    asked = options or Options()
    if isinstance(what, Result) or (isinstance(what, str | Path) and _is_folder(what)):
        if set:
            raise UsageError(
                f"{what}: --set changes a scenario and cannot change saved results"
            )
        result = what if isinstance(what, Result) else open_result(what)
        known = result.of_figures(replicate, within_days)
        return Source(result=result, options=asked, **known)
    loaded = load(what, set=set)
    return Source(loaded, seed, replicate, within_days, command=command, options=asked)


def _is_folder(what: str | Path) -> bool:
    """Say whether this is a folder, or looks like one that is not there."""
    path = Path(what)
    looks_like_one = isinstance(what, Path) or len(path.parts) > 1
    return path.is_dir() or (looks_like_one and not path.suffix)


def wanted(source: Source, name: str | None) -> list[str]:
    """Return the figures to draw if `name` is asked for: one, `ALL`, or None."""
    result = source.result
    if result is not None and (name is None or (result.only_figure and name == ALL)):
        return [_of_result(result)]
    if name is not None and name != ALL:
        return [known(name)]
    # A grid has lines and cells instead.
    is_grid = isinstance(result, Sweep) and result.is_grid
    return [
        each
        for each, module in FIGURES.items()
        if not (module.APART and result is not None)
        and not (is_grid and module is outcome_scatter)
        and (module.OF_ONE_RUN or source.loaded is not None)
    ]


def _of_result(result: Result) -> str:
    """Return the figure that a result was made for: of a large design, its inputs."""
    if isinstance(result, Sweep) and not result.is_grid and result.numeric_paths:
        return "outcome_scatter" if len(result.cells) >= FEWEST else result.figure
    return result.figure


def known(name: str) -> str:
    """Return the name of a figure; UsageError if there is none, with a near one."""
    name = ALIASES.get(name, name)
    if name not in FIGURES:
        listed = ", ".join(FIGURES)
        raise UsageError(f"no figure '{name}' ({listed}){did_you_mean(name, FIGURES)}")
    return name


def file_names(source: Source, name: str) -> list[str]:
    """Return the names of the files of a figure, without their endings."""
    if isinstance(source.result, Explanation) and name == source.result.figure:
        return source.result.figure_names
    return [name]


def draw(source: Source, name: str) -> Iterator[Figure]:
    """Draw a figure: one, or one for each decision that a folder has.

    UsageError if the source cannot show it; CheckFailedError if a sensitivity analysis
    finds an outcome that depends on nothing.
    """
    for place, file in enumerate(file_names(source, name)):
        options = replace(source.options, place=place) if place else source.options
        yield replace(_drawn(replace(source, options=options), name), name=file)


def _drawn(source: Source, name: str) -> Figure:
    try:
        return FIGURES[name].of(source)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None


def plot(
    what: str | Path | Loaded | Result,
    figure: str | None = None,
    *,
    path: str | None = None,
    second: str | None = None,
    chip: str | None = None,
    against: tuple[str | Path | Loaded, ...] = (),
    more: bool = False,
    twin: Mapping[str, object] | None = None,
    among: bool = False,
    index: int = 0,
    inputs: str | Path | Result | None = None,
    set: Mapping[str, object] | None = None,
    seed: int = 1,
    replicate: int = 0,
    within_days: int = 90,
    command: str = "",
) -> Figure:
    """Draw a figure of a scenario, of a result, or of what a folder keeps.

    What a scenario's figure needs is run: up to 1,000 runs, or a sweep of some seconds.
    Figures of runs day by day of a sweep are of its cell nearest to the scenario as it
    was written, whose first runs are made again.

    Parameters
    ----------
    what
        Id or path of a scenario, one loaded before, a result, or its folder.
    figure
        One of `FIGURES`; default: the one that a result was made for.
    path, second
        Of a sweep: the varied path to draw against, by default the first with numbers;
        and the other one of `outcome_heatmap`, or of which each setting has a line in
        `outcome_curve`.
    chip
        Which land `fan_chart` is of; default: the first held at the start.
    against
        Further scenarios in `survival`.
    more
        What a figure shows only when asked: the collapse of ceasefires in `survival`.
    twin
        Other values by path: below `run_timeline` stands that of the run with these
        values and the same luck; `comparison` compares with them.
    among
        Say where a run stands among 100 others, which are run for it.
    index
        Which decision, if several were taken apart.
    inputs
        Of a scenario's `outcome_curve`: an inference, its folder or the name of a
        shipped one, from which sets of inputs are drawn, as for `sweep`.
    set, seed, replicate, within_days
        Of a scenario, as for `run` and `sweep`.
    command
        What repeats it, for the files.

    Raises
    ------
    UsageError
        If there is no such figure, or nothing that it could show.
    InputMissingError, ScenarioError
        As `load` and `open_result`.
    """
    source = source_of(
        what,
        set=set,
        seed=seed,
        replicate=replicate,
        within_days=within_days,
        command=command,
        options=Options(
            paths=tuple(each for each in (path, second) if each is not None),
            chip=chip,
            against=tuple(load(each) for each in against),
            more=more,
            twin=by_name("twin", twin),
            among=among,
            place=index,
            inputs=inputs,
        ),
    )
    name = known(
        figure or (_of_result(source.result) if source.result else "outcome_curve")
    )
    return _drawn(source, name)
