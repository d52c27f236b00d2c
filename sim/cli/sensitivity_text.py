"""What `ceasefire sensitivity` prints: three tables and what they say."""

from sim.analysis.measures import is_chance
from sim.analysis.words import counted
from sim.cli.tables import aligned, paragraph
from sim.drivers import OTHERS, Drivers

_SHOWN = 15  # inputs of the tornado, as many as fit a screen


def sensitivity_text(found: Drivers) -> str:
    """Return the analysis as text."""
    made = found.manifest
    own = made["estimate"]
    form = ".3f" if is_chance(made["outcome"]) else ".4g"
    lines = [
        made["scenario_title"],
        f"scenario {made['scenario_id']}, hash {made['scenario_hash'][:12]}, seed "
        f"{made['seed']}; {made['outcome']}, within {made['within_days']} days: "
        f"{own['estimate']:{form}} ({own['low']:{form}} to {own['high']:{form}})",
        "",
        f"One input at a time, {made['tornado_replicates']:,} worlds each, same luck:",
        *_tornado(found, form),
        "",
        "Share of the spread when all inputs are drawn between low and high (Sobol'),",
        f"{made['samples']:,} rows of {made['replicates']} worlds, 95 % intervals:",
        *_sobol(found),
        "",
        *paragraph(luck_words(found)).splitlines(),
        "",
        *_screening(found),
    ]
    return "\n".join(lines) + "\n"


def advice(found: Drivers) -> str:
    """Return whether there are enough samples, and how many would do."""
    told = found.manifest["advice"]
    here, wanted = found.manifest["samples"], told["samples"]
    if not found.is_wide:
        return (
            f"widest interval of a total index: {told['widest']:.3f}; "
            f"{here:,} samples are enough for {told['width']:g}"
        )
    return (
        f"warning: the widest interval of a total index is {told['widest']:.3f}; for "
        f"{told['width']:g} give about --samples {wanted} "
        f"({wanted / here:.0f} times as many)"
    )


def _tornado(found: Drivers, form: str) -> list[str]:
    moving = found.tornado[found.tornado["size"] > 0.0]
    rows = [["input", "low", "own", "high", "at low", "at high", "high - low", "95 %"]]
    for path, row in moving.head(_SHOWN).set_index("path").iterrows():
        rows.append(
            [
                str(path),
                *(f"{number:.6g}" for number in (row.low, row.value, row.high)),
                f"{row.at_low:{form}}",
                f"{row.at_high:{form}}",
                f"{row.across_diff:+{form}}",
                f"{row.across_diff_low:+{form}} to {row.across_diff_high:+{form}}",
            ]
        )
    more, still = len(moving) - _SHOWN, len(found.tornado) - len(moving)
    lines = aligned(rows, right=range(1, 8))
    if more > 0:
        lines.append(f"  ... and {counted(more, 'input')} that move it less")
    return [*lines, f"  {counted(still, 'input')} of {len(found.tornado)} move nothing"]


def _sobol(found: Drivers) -> list[str]:
    rows = [["input", "alone", "95 %", "with others", "95 %"]]
    for path, row in found.sobol.set_index("path").iterrows():
        name = str(path)
        if name == OTHERS:
            name = f"all {int(row.inputs)} others together"
        rows.append(
            [
                name,
                f"{row['first']:.3f}",
                f"{row.first_low:.3f} to {row.first_high:.3f}",
                f"{row.total:.3f}",
                f"{row.total_low:.3f} to {row.total_high:.3f}",
            ]
        )
    return aligned(rows, right=range(1, 5))


def luck_words(found: Drivers) -> str:
    """Return how much of the variance of a world's outcome is luck."""
    luck = found.manifest["luck"]
    parts = {name: 100 * luck[name]["estimate"] for name in luck if name != "variance"}
    return (
        f"Of the variance of one world's outcome {parts['inputs']:.0f} parts in 100 "
        f"come from the inputs, {parts['alone']:.0f} from luck that would do the same "
        f"under any inputs, {parts['together']:.0f} from luck that tells under some "
        "only. The indices above share out the first part."
    )


def _screening(found: Drivers) -> list[str]:
    table = found.screening
    idle = list(table.path[table.acted == 0])
    text = (
        f"Screening (Morris, {found.manifest['trajectories']} walks): "
        f"{len(table) - len(idle)} of {len(table)} inputs change some world."
    )
    if idle:
        text += f" None changed with: {', '.join(idle)}."
    return paragraph(text).splitlines()
