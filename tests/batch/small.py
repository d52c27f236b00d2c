"""A small sweep: three cells of a short war, done in a moment even uncompiled."""

from sim.api.sweep import make_plan
from sim.scenario.load import load

AREA = "chips.kursk.area_km2"
SHORT = {"horizon_days": 20}
VARY = {AREA: [0, 400, 800]}
REPLICATES = 30


def plan(**changes):
    arguments = {"replicates": REPLICATES, "within_days": 15, **changes}
    vary = arguments.pop("vary", VARY)
    changed = arguments.pop("set", {})
    base = load("kursk-2025-03-13", set={**SHORT, **changed})
    return make_plan(base, vary, **arguments)


def files_of(folder):
    """Every file below a folder, byte for byte."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
