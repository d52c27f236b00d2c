"""`ceasefire calibrate`: a scenario fitted to what was observed."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import sim
from sim.cli.observed import Day, chip_option, column_option, observed_option, words_of
from sim.cli.options import (
    FORECAST,
    Output,
    command_line,
    number_option,
    open_scenario,
    output_options,
    print_json,
    refuse_existing,
    scenario_argument,
    set_option,
)
from sim.cli.tables import aligned, paragraph
from sim.errors import UsageError
from sim.scenario.observations import table_file

if TYPE_CHECKING:
    from sim.analysis.calibration.fitted import Calibration
    from sim.analysis.calibration.front_fit import LineFit

_SHORT = 365  # days below which intervals were found too narrow
NARROW = (
    "for simulated records of half a year, 90 % intervals contained the true value "
    "in only 55 to 84 of 100 cases (docs/reports/calibration.md)."
)


@click.command()
@scenario_argument
@observed_option
@chip_option
@column_option
@click.option("--from", "first", type=Day(), metavar="DATE", help="First day to use.")
@click.option("--until", "last", type=Day(), metavar="DATE", help="Last day to use.")
@number_option(
    "--line-weeks", "Number of past weeks of the line to use.", 8, default=104
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Scenario file to write; it extends SCENARIO.",
)
@set_option
@output_options("force", "json", "quiet")
def calibrate(
    scenario: str,
    tables: tuple[str, ...],
    changes: tuple[str, ...],
    output: Output,
    **asked: Any,
) -> None:
    """Fit a scenario to observed areas, with intervals.

    Areas of a chip (land held as a bargaining chip) give the loss, the volatility and
    the switching of its two regimes. Areas on either side of the line give its drift
    and volatility in km2 a week. The fit is by maximum likelihood, with 90 % intervals.
    --out writes a scenario with these values.
    """
    out = output.out
    if out is not None:
        if out.suffix not in (".yaml", ".yml"):
            raise UsageError(f"{out}: a scenario file ends in .yaml")
        if changes:  # refused before the fit, not after it
            raise UsageError(
                "--out cannot save what --set changes: write those "
                "values into the scenario first"
            )
    loaded = open_scenario(scenario, changes)
    if out is not None:
        reads = [*loaded.files, *map(table_file, tables)]
        refuse_existing([out], reads=reads, force=output.force)
    words = words_of(tables, asked)
    command = command_line("calibrate", scenario, *words, set=changes)
    found = sim.calibrate(loaded, *tables, command=command, **asked)
    if out is not None:
        found.write_scenario(out)
        output.say(f"written: {out}; next: {command_line('show', str(out))}")
    if output.as_json:
        print_json(found.to_dict())
        return
    click.echo(_text(found.fits), nl=False)
    output.say(f"{command}\n{FORECAST}")


def _text(found: "Calibration") -> str:
    rows = [["value", "fitted", "90 % interval", "in the scenario"]]
    for each in found.values:
        interval = f"{each.low:g} to {each.high:g}"
        rows.append([each.path, f"{each.value:g}", interval, f"{each.before:g}"])
    lines = [*aligned(rows, right=[1, 2, 3]), ""]
    remarks = []
    if found.chip_fit is not None:
        fit, series = found.chip_fit, found.chip_fit.series
        days = int(series.day[-1] - series.day[0])
        gain = fit.log_likelihood - fit.one_regime
        remarks.append(
            f"{found.chip}: {len(series)} observations with news, {series.date(0)} to "
            f"{series.date(len(series) - 1)} (since the peak). Two regimes raise the "
            f"log-likelihood by {gain:.1f} compared with one. At the end, the chance "
            f"of the faster regime is {fit.state[1, 0]:.2f}. The error of an "
            f"observation is {fit.intervals['blur'].estimate:.2f} times half the "
            "width of the grey zone."
        )
        if days < _SHORT:
            remarks.append(f"{days} days are a short record: {NARROW}")
    if found.line_fit is not None:
        remarks.append(_of_the_line(found.line_fit))
    for remark in remarks:
        lines += [paragraph(remark), ""]
    return "\n".join(lines)


def _of_the_line(fit: "LineFit") -> str:
    line, now = fit.changes, fit.now
    of_mean, _ = line.independent
    span, over = list(fit.spread_over.items())[-1]
    return (
        f"line: {len(line)} changes over {line.weeks.sum():.4g} weeks, mean "
        f"{line.gain:.1f} km2 a week for the side that holds the area, spread "
        f"{line.spread:.1f}. Successive changes are correlated "
        f"({line.autocorrelation:.2f}), so the mean is known only as well as from "
        f"{of_mean:.1f} independent changes: standard error {fit.error:.1f}. Over "
        f"{span} changes in a row the spread is {over:.0f} per square root of a week; "
        "in a scenario, whose weeks are independent, it is the same over any span. "
        f"If the drift itself changes over time, it is {now.drift:.0f} on the last "
        f"day (standard error {now.error:.0f}, weekly spread around it "
        f"{now.volatility:.0f})."
    )
