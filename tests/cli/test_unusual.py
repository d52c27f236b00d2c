"""Legal but unusual scenarios and sweeps, through every command that takes them.

Each command works or refuses in words; none ends as a fault of ours (f04, f05, f26,
r11 and their kind).
"""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

from sim.cli.group import COMMANDS

# What a sweep can draw.
FIGURES = (
    "outcome_curve",
    "bargaining_range",
    "outcome_heatmap",
    "survival",
    "fan_chart",
    "outcome_dots",
)

REFUSED = {2, 3, 4, 5}

# The whole walk takes most of an hour; `make fuzz` goes it.
EVERY = 1 if os.environ.get("CEASEFIRE_WALK") == "whole" else 4

FRONT = {
    "side": "north",
    "stake_km2": 1000,
    "held_km2": {"value": 500, "low": 400, "high": 600},
    "drift_km2_per_week": 0,
    "volatility_km2_per_week": 20,
}
TWO = {
    "north": {
        "cost_of_war_km2": 100,
        "belief": {"drift_km2_per_week": {"value": 0, "low": -10, "high": 10}},
    },
    "south": {"cost_of_war_km2": 100, "belief": {"drift_km2_per_week": 0}},
}

SMALL = {
    "id": "small",
    "title": "Two sides, a patron, a chip",
    "start_date": "2025-03-01",
    "horizon_days": 28,
    "front": FRONT,
    "parties": {**TWO, "west": {"role": "patron", "supports": "north"}},
    "chips": {"land": {"holder": "north", "peak_km2": 200, "area_km2": 100}},
    "negotiation": {
        "repeat_after_days": {"value": 7, "low": 2, "high": 14},
        "offers": {
            "freeze": {"duration_days": None},
            "week": {"duration_days": 7, "hand_back": {"land": 0.5}},
        },
    },
    "timeline": [
        {"date": "2025-03-03", "offer": "week", "by": "west"},
        {"date": "2025-03-05", "aid_level": 0.5},
    ],
}

NO_PATRON = {"parties": TWO, "timeline": [], "aid": {}}
NOTHING = {**NO_PATRON, "chips": {}, "negotiation": {"offers": {}}}


def _renamed(**names):
    """The small scenario with other names for its parties, chip and offers."""
    text = json.dumps(SMALL)
    for name, other in names.items():
        text = text.replace(f'"{name}"', json.dumps(other))
    return json.loads(text)


UNUSUAL = {
    "plain": {},
    "no offers": {"negotiation": {"offers": {}}, "timeline": []},
    "one offer": {"negotiation": {"offers": {"freeze": {}}}, "timeline": []},
    "empty timeline": {"timeline": []},
    "no chips": {
        "chips": {},
        "negotiation": {"offers": {"freeze": {}}},
        "timeline": [],
    },
    "no patron": NO_PATRON,
    "nothing to give or to say": NOTHING,
    "one period": {"horizon_days": 1, "timeline": []},
    "one period of a week": {
        "horizon_days": 7,
        "step_days": 7,
        "timeline": [],
        "negotiation": {"round_every_days": 7, "counter_after_days": 7},
    },
    "zero stakes": {
        "territory_flow": 0,
        "parties": {
            **{name: {**each, "cost_of_war_km2": 0} for name, each in TWO.items()},
            "west": {"role": "patron", "supports": "north"},
        },
        "chips": {
            "land": {
                "holder": "north",
                "peak_km2": 200,
                "area_km2": 0,
                "value_km2": {"north": 0, "south": 0},
            }
        },
    },
    "a front wider than its stake": {
        "front": {**FRONT, "volatility_km2_per_week": 5000},
    },
    "hardly any land": {"front": {**FRONT, "stake_km2": 50, "held_km2": 1e-6}},
    "nothing moves": {
        "front": {**FRONT, "volatility_km2_per_week": 0},
        "parties": {
            "north": {**TWO["north"], "belief": {"drift_km2_per_week": 0}},
            "south": TWO["south"],
            "west": {"role": "patron", "supports": "north"},
        },
        "chips": {"land": {"holder": "north", "peak_km2": 200, "area_km2": 200}},
    },
    "for other things": {
        "chips": {
            "land": {
                "holder": "south",
                "label": "100 % of {prisoners}",
                "amount": 8000,
                "peak": 8000,
                "unit": "prisoners",
                "value_km2": {"north": 60, "south": 5},
            }
        },
    },
    "only partial offers": {
        "negotiation": {
            "offers": {"energy": {"kind": "partial", "relief": {"north": 0.1}}}
        },
        "timeline": [],
    },
    "rounds after the end": {
        "negotiation": {"first_round": "2025-03-29"},
        "timeline": [],
    },
    "four chips": {
        "chips": {
            name: {"holder": side, "peak_km2": 9, "area_km2": area}
            for name, side, area in (
                ("land", "north", 0),
                ("b", "south", 9),
                ("c", "north", 1),
                ("d", "south", 0),
            )
        }
    },
    "names of Python": _renamed(north="None", south="nan", west="inf", land="mean"),
    "names of JavaScript": _renamed(
        north="constructor", south="__proto__", west="prototype", land="length"
    ),
    "short and long names": _renamed(north="_", south="s" * 40, west="W", week="e"),
    "names of columns": _renamed(north="cell", land="replicate", week="day"),
    "words that are signs": {
        "id": "1e5",
        "title": "$x_{1}$ <b>100 %</b> & {0} \\ \u2028 \u00e9\U0001f600 %s",
        "notes": "${name} {braces}",
    },
    "id of dots": {"id": "0..-_", "title": "x" * 200},
    "no title to speak of": {"id": "null", "title": " . "},
    "old days": {"start_date": "1800-01-01", "timeline": []},
    "late days": {"start_date": "2200-12-31", "timeline": [], "horizon_days": 3},
}  # fmt: skip

# Varied, designs and other words of a sweep; of the small scenario.
OFFER = "negotiation.offers.week"
SWEEPS = {
    "nothing varied": (),
    "one cell": ("--vary", "aid.level=1"),
    "one world": ("--vary", "aid.level=0,1", "--replicates", "1"),
    "equal to defaults": ("--vary", "truce.monitoring_effect=0.5,0.6"),
    "lists": ("--vary", "parties.south.conditions=[],[hand_back]"),
    "mappings and words": ("--vary", f"{OFFER}.line={{held_km2: 400}},in_place"),
    "mapping and number": (
        "--vary", f"{OFFER}.line={{held_km2: 400}},in_place", "--vary", "aid.level=0,1",
    ),
    "null": ("--vary", f"{OFFER}.duration_days=7,null"),
    "only null": ("--vary", f"{OFFER}.duration_days=null"),
    "words": (
        "--vary", "chips.land.regime=lull,collapse",
        "--set", "chips.land.regimes={lull: {}, collapse: {loss_per_week: 0.5}}",
        "--set", "chips.land.regime=lull",
    ),
    "dates": ("--vary", "timeline.0.date=2025-03-03:2025-03-09:3"),
    "whole policies": (
        "--vary",
        "parties.south.policy={name: quantal},{name: hardliner, premium_km2: 100}",
    ),
    "all offers or none": (
        "--vary", "negotiation.offers={},{week: {duration_days: 7}}",
        "--set", "timeline=[]",
    ),
    "all chips or none": (
        "--vary", "chips={},{land: {holder: north, peak_km2: 9, area_km2: 1}}",
        "--set", f"{OFFER}.hand_back={{}}",
    ),
    "timelines": ("--vary", "timeline=[],[{date: 2025-03-05, aid_level: 0.5}]"),
    "horizons": ("--vary", "horizon_days=14,28"),
    "steps": (
        "--vary", "step_days=1,7", "--set", "negotiation.counter_after_days=7",
        "--set", "negotiation.round_every_days=7", "--set", "timeline=[]",
        "--set", "negotiation.repeat_after_days=7",
    ),
    "costs": (
        "--vary", "parties.north.cost_of_war_km2={value: 100, private: [0, 200]},200",
    ),
    "drawn": ("--vary", "aid.level=0:1", "--design", "sobol:5"),
    "drawn lists": (
        "--vary", "parties.south.conditions=[],[hand_back]", "--design", "lhs:3",
    ),
    "one point": ("--design", "[{aid.level: 0.5}]"),
    "the same point twice": ("--design", "[{aid.level: 1}, {aid.level: 1}]"),
    "points with lists": (
        "--design",
        "[{parties.south.conditions: []}, {parties.south.conditions: [hand_back]}]",
    ),
    "sets of inputs": ("--input-sets", "3", "--input-replicates", "2"),
    "one set of inputs": (
        "--input-sets", "1", "--input-replicates", "1",
        "--vary", "parties.south.conditions=[],[hand_back]",
    ),
    "without recording its worlds": ("--vary", "aid.level=0,1", "--series", "0"),
    "kept worlds": (
        "--vary", "parties.south.conditions=[],[hand_back]", "--keep-worlds",
    ),
}  # fmt: skip

# Sweeps that are refused, and how.
WORDS = {"all chips or none": 2}


def written(tmp_path, changes):
    """The file of an unusual scenario."""
    file = tmp_path / "scenario.yaml"
    text = json.dumps({**SMALL, **changes}, indent=1, ensure_ascii=False)
    file.write_text(text.replace("\u2028", "\\u2028"), encoding="utf-8")
    return file


@pytest.fixture
def walk(ceasefire, tmp_path, monkeypatch):
    """Call commands; in the end say which of them ended in a way they may not."""
    wrong = []
    # A figure is drawn once: what another format could trip over, SVG has as well.
    for form in ("_pdf", "_png"):
        monkeypatch.setattr(f"sim.plots.figure.{form}", lambda *_: b"")

    def call(*words, fine=False):
        reply = ceasefire(*words)
        said = reply.out + reply.err
        ends = {0} if fine else {0, *REFUSED}
        if (
            reply.code not in ends
            or "fault in ceasefire" in said
            or "Traceback" in said
        ):
            listed = " ".join(str(word) for word in words)
            wrong.append(f"{listed}\n  {reply.code}: {reply.err.strip()[-400:]}")
        elif reply.code and not reply.err.strip():
            wrong.append(f"{words}: refuses without a word")
        return reply

    yield call
    assert not wrong, "\n".join(wrong)


def observed(tmp_path):
    """Areas of the chip and of the line in the past of the small scenario."""
    chip, line = tmp_path / "chip.csv", tmp_path / "line.csv"
    days = [f"2025-0{1 + week // 4}-{1 + 7 * (week % 4):02}" for week in range(8)]
    chip.write_text(
        "date,confirmed_held_km2,midpoint_km2,upper_bound_km2\n"
        + "".join(
            f"{day},{90 - i},{100 - i},{110 - i}\n" for i, day in enumerate(days)
        ),
        encoding="utf-8",
    )
    line.write_text(
        "date,held_by_north_km2\n"
        + "".join(f"{day},{500 + i}\n" for i, day in enumerate(days)),
        encoding="utf-8",
    )
    return chip, line


@pytest.mark.slow
@pytest.mark.parametrize("name", [*UNUSUAL][::EVERY])
def test_every_command_takes_an_unusual_scenario_or_refuses_in_words(
    name, walk, tmp_path
):
    file, out = written(tmp_path, UNUSUAL[name]), tmp_path / "out"
    walk("validate", file, fine=True)
    walk("show", file, "--notes", fine=True)
    walk("show", file, "--json", fine=True)
    walk("values", file, fine=True)
    walk("values", file, "--json", fine=True)
    walk("run", file, "--out", out / "run", fine=True)
    walk("run", file, "--json", fine=True)
    for day in (0, 2, 3):
        walk("why", file, "--day", str(day), "--out", out / f"why{day}")
    walk("why", file, "--day", "2", "--json")
    compared = ("--replicates", "9", "--out", out / "compare")
    walk("compare", file, "--set", "aid.level=0.5", *compared)
    walk("compare", file, file, "--replicates", "2", "--json", fine=True)
    few = ("--replicates", "9", "--out", out / "sweep", "--quiet")
    walk("sweep", file, *few, fine=True)
    walk("tournament", file, "--replicates", "2", "--quiet", "--out", out / "met")
    walk("handout", file, "--out", out / "sheets", "--quiet")
    folder(walk, out / "sweep", ["outcome_curve"])
    for part in ("1/2", "2/2"):
        walk("sweep", file, "--part", part, *few[:2], "--out", out / "parts", "--quiet")
    walk("merge", out / "parts", "--quiet")
    tiny = ("--samples", "16", "--replicates", "2", "--trajectories", "2")
    tiny += ("--tornado-replicates", "9", "--outcome", "held_km2_mean", "--quiet")
    ended = walk("sensitivity", file, *tiny, "--out", out / "drivers")
    if ended.code == 0:
        walk("conditions", out / "drivers")
        walk("plot", out / "drivers", "--out", out / "what", "--quiet", fine=True)
    for made in ("run", "why2", "compare"):
        if (out / made).is_dir():
            walk("plot", out / made, "--out", out / f"plot-{made}", "--quiet")
    walk("plot", file, "--figure", "all", "--out", out / "figures", "--quiet")
    chip, line = observed(tmp_path)
    for i, tables in enumerate(([chip], [line], [chip, line])):
        given = [word for table in tables for word in ("--observed", table)]
        walk("calibrate", file, *given, "--out", out / f"fitted{i}.yaml", "--quiet")
        walk("backtest", file, *given, "--days", "7", "--paths", "100", "--quiet")


def folder(walk, out, figures=FIGURES):
    """Walk through all that is done with the folder of a sweep."""
    walk("replay", out, "--cell", "0", "--replicate", "0", fine=True)
    walk("replay", out, "--cell", "1", "--replicate", "0", "--json")
    walk("conditions", out)
    walk("conditions", out, "--absent", "--json")
    walk("page", out, "--worlds", "100", "--quiet")
    for figure in figures:
        walk("plot", out, "--figure", figure, "--quiet", "--force")


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SWEEPS][::EVERY])
def test_every_command_takes_an_unusual_sweep_or_refuses_in_words(name, walk, tmp_path):
    file, out = written(tmp_path, {}), tmp_path / "out"
    few = ("--replicates", "9", "--quiet")
    few = ("--quiet",) if "--replicates" in SWEEPS[name] else few
    swept = walk(
        "sweep", file, *SWEEPS[name], *few, "--out", out, fine=name not in WORDS
    )
    assert swept.code == WORDS.get(name, 0)
    if swept.code:
        return
    folder(walk, out)
    # The same again, from what the folder says of itself.
    words = SWEEPS[name]
    base = [
        word
        for option, value in pairwise(words)
        if option == "--set"
        for word in (option, value)
    ]
    asked = ("--design", out, *base, *few, "--out", tmp_path / "again")
    walk("sweep", file, *asked, fine=True)
    parts = tmp_path / "parts"
    for part in ("1/2", "2/2"):
        words = (*SWEEPS[name], "--part", part, *few, "--out", parts)
        walk("sweep", file, *words, fine=True)
    walk("merge", parts, "--quiet", fine=True)


def test_every_command_is_walked_through_or_takes_no_scenario():
    text = Path(__file__).read_text(encoding="utf-8")
    others = {"list", "new", "dashboard", "theory", "convert", "schema", "cite"}
    others |= {"infer", "lesson"}  # of facts and scenarios of their own
    others |= {"play"}  # waits for a person
    assert {name for name in COMMANDS if f'walk("{name}"' not in text} == others


@pytest.mark.parametrize("guess", ["nan", "inf", "1e999", "many"])
def test_a_guess_is_a_number(ceasefire, guess):
    reply = ceasefire("lesson", "1", "--guess", guess)
    assert reply.code == 2
    assert f"'{guess}' is not a number" in reply.err
    assert reply.out == ""
