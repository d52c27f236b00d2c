"""The figures by name, and how each is made of a scenario, of a sweep or of a run.

A new figure is a function from a `Target` to a `Figure` and one line in `FIGURES`.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sim.comparison import compare
from sim.drawing import RUNS, chip_held, draw_runs
from sim.errors import UsageError
from sim.explanation import telling_answer
from sim.sensitivity import sensitivity
from sim.target import Target

if TYPE_CHECKING:
    from sim.plots.result import Figure

# What is run for figures 3 and 4 of a scenario: settings and runs of each.
AREAS, AID_LEVELS = 11, (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)
GRID_AREAS = 9
CURVE_RUNS, GRID_RUNS = 1000, 400
COMPARED_RUNS = 1000
# For figure 7 of a scenario: a first look, in seconds. Its indices are as rough as
# their whiskers are long; what `ceasefire sensitivity` takes by itself needs a minute.
LOOK_SAMPLES, LOOK_RUNS, LOOK_WALKS, LOOK_PAIRS, LOOK_SINGLE = 64, 8, 2, 200, 10

ALL = "all"

Maker = Callable[[Target], "Figure"]


class Entry(NamedTuple):
    """A figure: what it asks, how it is made.

    `many` if it needs more than a run; `apart` if a sweep has nothing to say about it:
    it is then drawn of the scenario alone, and not among all figures of a folder.
    """

    question: str
    draw: Maker
    many: bool = True
    apart: bool = False


def _range(target: Target) -> "Figure":
    if target.sweep is not None:
        return _of_runs("bargaining_range")(target)
    return target.world.plot("bargaining_range", command=target.command)


def _curve(target: Target) -> "Figure":
    path = next(iter(target.options.paths), None)
    if target.sweep is not None:
        return target.sweep.plot("ceasefire_by_kursk", path=path)
    return target.swept(target.areas(AREAS), CURVE_RUNS).plot("ceasefire_by_kursk")


def _grid(target: Target) -> "Figure":
    path, second = (*target.options.paths, None, None)[:2]
    sweep = target.sweep
    if sweep is None:
        vary = {**target.areas(GRID_AREAS), "aid.level": AID_LEVELS}
        sweep = target.swept(vary, GRID_RUNS)
    return sweep.plot(
        "kursk_by_aid", path=path, second=second, more=target.options.more
    )


def _of_runs(name: str) -> Maker:
    def draw(target: Target) -> "Figure":
        asked = target.options
        if target.sweep is not None and not asked.against:
            path = next(iter(asked.paths), None)
            return target.sweep.plot(name, path=path, chip=asked.chip, more=asked.more)
        scenarios = {
            each.scenario.id: each for each in (target.scenario, *asked.against)
        }
        if len(scenarios) <= len(asked.against):
            raise UsageError("--against: each scenario once, with an id of its own")
        return draw_runs(
            name,
            scenarios,
            target.context(RUNS[name]),
            chip=asked.chip,
            collapse=asked.more,
            ringed=target.replicate,
        )

    return draw


def _waterfall(target: Target) -> "Figure":
    if target.world.policies:
        raise UsageError("a run with policies of your own is not taken apart")
    loaded, seed, replicate = target.address
    told = telling_answer(loaded, seed=seed, replicate=replicate)
    return told.plot(command=target.command)


def _comparison(target: Target) -> "Figure":
    if target.compared is not None:
        return target.compared.plot()
    scenario = target.scenario
    change = dict(target.options.twin) or _without_land(target)
    return compare(
        scenario,
        changes=[change],
        replicates=COMPARED_RUNS,
        seed=target.seed,
        within_days=target.within_days,
    ).plot(command=target.command)


def _without_land(target: Target) -> dict[str, object]:
    """Return the change by which a scenario is without the land held."""
    hint = "--twin PATH=VALUE names a change"
    try:
        chip = chip_held(target.scenario, target.options.chip)
    except UsageError as error:
        raise UsageError(f"{error}: {hint}") from None
    if target.scenario.scenario.chips[chip].area_km2 == 0.0:
        raise UsageError(f"no land is held that could be left out: {hint}")
    return {f"chips.{chip}.area_km2": 0.0}


def _story(target: Target) -> "Figure":
    return target.world.plot(
        "story_of_a_run",
        command=target.command,
        place=target.loaded is not None,
        twin=target.options.twin,
    )


def _drivers(target: Target) -> "Figure":
    if target.drivers is not None:
        return target.drivers.plot()
    if target.sweep is not None:
        raise UsageError(
            "needs the low and high of each input, which a sweep does not keep: "
            "ceasefire sensitivity SCENARIO --out DIR draws it"
        )
    found = sensitivity(
        target.scenario,
        within_days=target.within_days,
        seed=target.seed,
        samples=LOOK_SAMPLES,
        replicates=LOOK_RUNS,
        trajectories=LOOK_WALKS,
        tornado_replicates=LOOK_PAIRS,
        single=LOOK_SINGLE,
    )
    return found.plot()


# In the order of the docs; a line for each figure.
FIGURES: dict[str, Entry] = {
    "bargaining_range": Entry("When is there a deal both could accept?", _range, False),
    "payoff_waterfall": Entry(
        "Why was this offer accepted or refused?", _waterfall, False
    ),
    "ceasefire_by_kursk": Entry("Does holding more make a truce likelier?", _curve),
    "kursk_by_aid": Entry("When do aid and territory replace each other?", _grid),
    "survival_of_fighting": Entry(
        "How long does the fighting last?", _of_runs("survival_of_fighting")
    ),
    "kursk_fan": Entry(
        "How much is still held, and how did it go?", _of_runs("kursk_fan")
    ),
    "what_matters": Entry(
        "Which assumptions move the answer most?", _drivers, apart=True
    ),
    "outcome_dots": Entry("What could happen, run by run?", _of_runs("outcome_dots")),
    "scenario_comparison": Entry(
        "What does this one change do?", _comparison, apart=True
    ),
    "story_of_a_run": Entry("What happened in this run?", _story, False),
}


def wanted(target: Target, name: str | None) -> list[str]:
    """Return the figures to draw if `name` is asked for: one, `ALL`, or None."""
    if target.own is not None and name in (None, ALL):
        return [target.own]
    if name is None and target.sweep is not None:
        return ["ceasefire_by_kursk"]
    if name is None and target.told is not None:
        return ["story_of_a_run"]
    if name is not None and name != ALL:
        return [name]
    alone = target.loaded is None and target.sweep is None
    return [
        each
        for each, entry in FIGURES.items()
        if not (entry.apart and target.folder) and not (alone and entry.many)
    ]


def file_names(target: Target, name: str) -> list[str]:
    """Return the names of the files of a figure, without their endings."""
    if target.explained is not None and name == target.own:
        return target.explained.figure_names
    return [name]


def draw(target: Target, name: str) -> "Iterator[Figure]":
    """Draw a figure: one, or one for each decision that a folder has.

    Raises
    ------
    UsageError
        If the target cannot show it.
    CheckFailedError
        If figure 7 finds an outcome that depends on nothing.
    """
    if target.explained is not None and name == target.own:
        yield from target.explained.figures()
    else:
        yield FIGURES[name].draw(target)
