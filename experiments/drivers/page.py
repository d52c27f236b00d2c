"""docs/reports/sensitivity.md: the values that its words in `page.md` ask for."""

from collections.abc import Collection, Sequence
from pathlib import Path

from experiments.drivers.asked import ASKED, SCENARIO
from experiments.sanity.writing import Template
from sim.analysis.narrative.labels import short_number
from sim.analysis.narrative.words import joined
from sim.api.discovery import Bound, Conditions
from sim.api.sensitivity import OTHERS, Sensitivity
from sim.cli.conditions import sentence
from sim.cli.sensitivity import advice, luck_words
from sim.scenario.load import load
from sim.scenario.lookup import wording
from sim.scenario.provenance import known_paths

FOLDER = "out/drivers"
MUCH = 0.1  # a total index from here on is named
HALF = 0.5  # of all worlds: what one input can move
SURE = 0.95  # of the worlds in a box
LAND = "chips.kursk.area_km2"
TEMPLATE = Template(Path(__file__).with_suffix(".md"))


def page(found: Sensitivity, boxes: Sequence[Conditions], command: str) -> str:
    """The page as text."""
    tornado, screening = found.tornado, found.screening
    known = known_paths(load(SCENARIO))
    sourced = {path for path in known if known[path].annotation.kind == "sourced"}
    still = _listed(tornado.path[tornado["size"] == 0.0])
    idle = _listed(screening.path[screening.acted == 0])
    words = advice(found)
    return TEMPLATE.page(
        scenario=SCENARIO,
        command=command,
        made=found.manifest,
        verdict=verdict(found, boxes, sourced),
        folder=FOLDER,
        again="\n".join(asked.command(FOLDER) for asked in ASKED),
        moving=list(tornado[tornado["size"] > 0.0].itertuples()),
        still=(tornado["size"] == 0.0).sum(),
        inputs=len(tornado),
        still_listed=f": {still}" if still else "",
        named=[
            (
                f"all {row.inputs} others together"
                if row.path == OTHERS
                else f"`{row.path}`",
                row,
            )
            for row in found.sobol.itertuples()
        ],
        luck_words=luck_words(found),
        advice=words[:1].upper() + words[1:],
        acting=list(screening[screening.acted > 0].itertuples()),
        idle=f"No world changed with {idle}." if idle else "Every input did so.",
        asked="\n\n".join(
            TEMPLATE.filled("asked", heading=asked.heading, boxes=_boxes(each))
            for asked, each in zip(ASKED, boxes, strict=True)
        ),
    )


def _listed(paths: Collection[str]) -> str:
    return ", ".join(f"`{path}`" for path in paths)


def _boxes(found: Conditions) -> str:
    if not found.boxes:
        return TEMPLATE.filled("no box")
    return "\n\n".join(
        TEMPLATE.filled(
            "box",
            number=number,
            sentence=sentence(found, box, first=number == 1),
            bound=[(each.path, _bound(each)) for each in box.bounds],
            worth=box.worth,
            found=box.found_worth,
        )
        for number, box in enumerate(found.boxes, 1)
    )


def _bound(bound: Bound) -> str:
    ends = {"above": bound.low, "below": bound.high}
    return ", ".join(
        f"{word} {short_number(end)}" for word, end in ends.items() if end is not None
    )


def verdict(
    found: Sensitivity, boxes: Sequence[Conditions], sourced: Collection[str]
) -> str:
    """Say what drives the answer, in the words that the numbers allow.

    `sourced` names the inputs that have a source and are no assumptions.
    """
    say, tornado = TEMPLATE.words, found.tornado
    own, drawn = found.manifest["estimate"]["estimate"], boxes[0].rate
    single = found.sobol[found.sobol.path != OTHERS]
    large = single[(single.total_low > 0.0) & (single.total >= MUCH)]
    known = sum(path in sourced for path in large.path)
    [land] = tornado[tornado.path == LAND].itertuples()
    luck = {name: each["estimate"] for name, each in found.manifest["luck"].items()}
    less = land.size < HALF * tornado["size"].max()
    densest = max((b.worth.density for f in boxes for b in f.boxes), default=0.0)
    return TEMPLATE.filled(
        "verdict",
        own=own,
        days=found.manifest["within_days"],
        drawn=drawn,
        level=say(f"level: {'in the middle' if abs(drawn - own) < 0.1 else 'its own'}"),
        large=len(large),
        inputs=len(tornado),
        much=MUCH,
        named=joined(
            [
                say("input", name=wording(r.path).label, row=r)
                for r in large.itertuples()
            ]
        ),
        sourced=say("sourced: some" if known else "sourced: none", known=known),
        rest=" ".join(
            say("others", row=row)
            for row in found.sobol[found.sobol.path == OTHERS].itertuples()
        ),
        # Shares that groups bring alone add up; what is left acts through others.
        alone=float(found.sobol["first"].sum()),
        strong=(tornado["size"] > HALF).sum(),
        half=HALF,
        land=land,
        land_size=abs(land.across_diff),
        place=list(tornado.path).index(LAND) + 1,
        land_less=say("land: less") if less else "",
        luck=1 - luck["inputs"],
        luck_alone=luck["alone"],
        luck_or_inputs=say("inputs: more" if luck["inputs"] > HALF else "luck: more"),
        boxes="; ".join(map(_first_box, boxes)),
        # As it is written: .948 is 95 of 100.
        unsure=say("boxes: unsure", sure=SURE) if round(densest, 2) < SURE else "",
    )


def _first_box(found: Conditions) -> str:
    """How sharp the first box of a question is."""
    [what] = (
        each.event
        for each in ASKED
        if (each.outcome, each.absent) == (found.outcome, found.absent)
    )
    if not found.boxes:
        return TEMPLATE.words("no first box", what=what)
    return TEMPLATE.words(
        "first box", what=what, worth=found.boxes[0].worth, rate=found.rate
    )
