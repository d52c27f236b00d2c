"""`ceasefire sweep`: what it prints, what it leaves, how it ends."""

import errno
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.outcomes import happens
from sim.batch import limits
from sim.batch.estimates import GAIN, HEADLINES
from sim.batch.tasks import WorldChunk
from tests.docs import runner

FLAGSHIP = "kursk-2025-03-13"
AREA = "chips.kursk.area_km2"
SHORT = ["--set", "horizon_days=20", "--within-days", "15", "--replicates", "40"]
VARY = ["--vary", f"{AREA}=0:800:3"]


@pytest.fixture
def sweep(ceasefire, tmp_path):
    """Call a short sweep; give its reply and its folder."""

    def call(*words, out="out"):
        folder = tmp_path / out
        return ceasefire("sweep", FLAGSHIP, *SHORT, *words, "--out", folder), folder

    return call


def test_it_prints_cells_and_keeps_them(sweep):
    reply, folder = sweep(*VARY)
    assert reply.code == 0
    base, begun, stopped, *_, head = reply.out.splitlines()[:-3]
    assert base == "Number of 40 worlds in which"
    assert begun == "  begun: a full truce begins by day 15"
    assert stopped.startswith("  stopped: the fighting has stopped at day 20 (")
    assert head.split() == ["cell", "km²", "begun", "change", "stopped", "change"]
    rows = reply.out.splitlines()[-3:]
    assert [row.split()[1] for row in rows] == ["0", "400", "800"]
    cells = pd.read_parquet(folder / "cells.parquet")
    for row, cell in zip(rows, cells.to_dict("records"), strict=True):
        found = re.findall(r"([+-]?\d+) \(([+-]?\d+) to ([+-]?\d+)\)", row)
        changes = [f"{each}_diff" for each in HEADLINES]
        pairs = np.ravel([*zip(HEADLINES, changes, strict=True)])
        flat = HEADLINES if cell["cell"] == 0 else pairs
        assert [int(number) for each in found for number in each] == [
            round(40 * cell[f"{name}{end}"])
            for name in flat
            for end in ("", "_low", "_high")
        ]
    assert list(cells.columns[:3]) == ["cell", AREA, "replicates"]
    assert sorted(file.name for file in folder.iterdir()) == [
        "cells.parquet",
        "manifest.json",
        "series.parquet",
        "series_runs.parquet",
    ]


def test_sets_that_fit_are_counted_as_they_were_asked_for(ceasefire, tmp_path):
    reply = ceasefire(
        *("sweep", FLAGSHIP, "--replicates", "20", "--within-days", "20"),
        *("--input-sets", "3", "--inputs", "march-2025", "--input-replicates", "10"),
        *("--out", tmp_path / "out"),
    )
    assert "3 sets of inputs that fit the record, 10 worlds each" in reply.err
    assert "with 3 sets of inputs" in reply.err


def test_it_says_what_common_luck_and_inputs_came_to(ceasefire, tmp_path):
    call = ["sweep", FLAGSHIP, "--vary", f"{AREA}=400:1000:3", "--within-days", "60"]
    call += ["--set", "horizon_days=60", "--set", "territory_flow=1"]
    call += ["--replicates", "150", "--input-sets", "6", "--input-replicates", "20"]
    call += ["--wide"]
    reply = ceasefire(*call, "--out", tmp_path / "out")
    cells = pd.read_parquet(tmp_path / "out" / "cells.parquet")
    rows = reply.out.splitlines()[-3:]
    gains = {}
    for place, (name, head) in enumerate(
        zip(HEADLINES, ("begun", "stopped"), strict=True)
    ):
        gains[name] = cells[name + GAIN].dropna()
        assert len(gains[name]) == 2
        text = f"worth {gains[name].median():.1f} times as many worlds"
        told = f"{text} for changes in '{head}' (the median of 2 cells; "
        assert f"Sharing random numbers was {told}" in reply.err
        parts = cells[f"{name}_inputs_part"]
        low, high = (f"{100 * part:.0f}" for part in (parts.min(), parts.max()))
        of = low if low == high else f"{low} to {high}"
        clause = happens(name, 60, 60)
        assert f"whether {clause}, {of} % come from the inputs and" in reply.err
        assert [re.findall(r" ([0-9]+) %", row)[place] for row in rows] == [
            f"{100 * part:.0f}" for part in parts
        ]
    assert "the smallest and the largest: --input-sets 20 or more" in reply.err
    reply = ceasefire(*call, "--json", "--out", tmp_path / "again")
    for name, luck in json.loads(reply.out)["common_luck"].items():
        assert (luck["median"], luck["cells"]) == (gains[name].median(), 2)


def test_a_table_fits_100_columns_and_says_what_it_leaves_out(sweep):
    vary = [*VARY, "--vary", "aid.level=1,0.5", "--vary", "territory_flow=1,0.9"]
    more = ["--input-sets", "2", "--input-replicates", "5", "--replicates", "5"]
    reply, _ = sweep(*vary, *more)
    assert max(map(len, reply.out.splitlines())) <= 100
    left_out = "too wide: due to inputs and changes (--wide shows all)"
    assert left_out in reply.err
    reply, _ = sweep(*vary, *more, "--wide", "--force")
    assert "due to" in reply.out
    assert "left out" not in reply.err


def test_words_go_to_stderr_and_say_what_it_is(sweep):
    reply, _ = sweep(*VARY)
    assert re.search(r"hash [0-9a-f]{64}, seed 1", reply.err)
    assert "A model's answer, not a forecast." in reply.err
    assert "240 of 240 worlds" in reply.err
    assert re.search(r"[0-9][kM]?/s", reply.err)
    assert "\x1b" not in reply.err


def test_cells_that_end_before_the_day_of_the_share_are_named(ceasefire, tmp_path):
    words = ["--within-days", "15", "--replicates", "5", "--series", "0"]
    vary = ["--vary", "horizon_days=5,15,16"]
    reply = ceasefire("sweep", FLAGSHIP, *vary, *words, "--out", tmp_path / "out")
    told = "these end before day 15, up to which truces are counted: cell 0"
    assert told in reply.err.splitlines()


def test_quiet_says_nothing_but_the_cells(sweep):
    reply, _ = sweep(*VARY, "--quiet")
    assert reply.err == ""
    assert len(reply.out.splitlines()) == 11


def test_the_command_it_prints_gives_the_same_cells(sweep, ceasefire, tmp_path):
    more = ["--vary", "chips.kursk.regime=lull,collapse", "--seed", "7"]
    more += ["--reference", "chips.kursk.regime=collapse", "--set", "aid.level=0.5"]
    more += ["--input-sets", "2", "--input-replicates", "5", "--keep-worlds"]
    reply, folder = sweep(*VARY, *more)
    command = re.search(r"again: ceasefire (.*)", reply.err)[1]
    again = tmp_path / "again"
    words = shlex.split(command.replace(str(folder), str(again)))
    assert ceasefire(*words).code == 0
    for name in ("cells.parquet", "inputs.parquet", "manifest.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_json_is_one_object_and_nothing_else(sweep):
    reply, folder = sweep(*VARY, "--json")
    found = json.loads(reply.out)
    assert found["schema_version"] == 2
    assert (found["scenario"], found["seed"], found["reference"]) == (FLAGSHIP, 1, 0)
    assert found["note"] == "a model's answer, not a forecast"
    cells = pd.read_parquet(folder / "cells.parquet")
    assert [set(cell) for cell in found["cells"]] == [set(cells.columns)] * 3
    assert [cell["truce_share"] for cell in found["cells"]] == list(
        cells["truce_share"]
    )
    # The median of a cell in which few worlds see a truce is not there.
    assert None in {cell["first_full_truce_day_median"] for cell in found["cells"]}


def test_a_csv_of_points_is_run_and_its_command_repeats_it(sweep, ceasefire, tmp_path):
    points = tmp_path / "points.csv"
    points.write_text(
        f"{AREA},parties.russia.policy\n0,{{name: best_response}}\n"
        '# a comment\n800,"{name: hardliner, premium_km2: 160}"\n'
    )
    reply, folder = sweep("--design", points, "--vary", "aid.level=1,0.5")
    assert reply.code == 0
    cells = pd.read_parquet(folder / "cells.parquet")
    assert list(cells[AREA]) == [0.0, 0.0, 800.0, 800.0]
    assert cells["parties.russia.policy"][3] == "{name: hardliner, premium_km2: 160}"
    assert list(cells["aid.level"]) == [1.0, 0.5, 1.0, 0.5]
    command = re.search(r"again: ceasefire (.*)", reply.err)[1]
    words = shlex.split(command.replace(str(folder), str(tmp_path / "again")))
    assert ceasefire(*words).code == 0
    points.write_text("")  # the folder of a sweep gives its points again
    assert sweep("--design", folder, out="third")[0].code == 0
    for name in (tmp_path / "again", tmp_path / "third"):
        made = pd.read_parquet(name / "cells.parquet")
        pd.testing.assert_frame_equal(made, cells, check_exact=True)


def test_drawn_points_are_repeated_by_their_command(sweep, ceasefire, tmp_path):
    drawn = ["--vary", f"{AREA}=0:1000", "--vary", "aid.level=1,0.5"]
    reply, folder = sweep("--design", "sobol:6", *drawn)
    assert reply.code == 0
    assert "sobol:6 is not a power of two" in reply.err
    command = re.search(r"again: ceasefire (.*)", reply.err)[1]
    words = shlex.split(command.replace(str(folder), str(tmp_path / "again")))
    assert ceasefire(*words).code == 0
    for name in ("cells.parquet", "manifest.json"):
        again = (tmp_path / "again" / name).read_bytes()
        assert again == (folder / name).read_bytes()
    reply, _ = sweep("--design", "lhs:6", *drawn)
    assert reply.code == 2
    assert 'design.kind: "lhs" here, "sobol" there' in reply.err


def test_a_dry_run_says_what_it_would_take_and_writes_nothing(ceasefire, tmp_path):
    words = ["sweep", FLAGSHIP, *SHORT, *VARY, "--input-sets", "2", "--dry-run"]
    reply = ceasefire(*words, "--json", "--out", tmp_path / "out")
    found = json.loads(reply.out)
    assert (found["cells"], found["worlds"], found["input_worlds"]) == (3, 120, 1200)
    assert found["series_worlds"] == 120
    assert 0 < found["seconds"] < 3600
    assert found["disk_bytes"] > 0
    assert not (tmp_path / "out").exists()
    told = ceasefire(*words)
    assert told.code == 0
    assert "time, about" in told.out


def test_a_dry_run_says_how_much_kept_worlds_take(ceasefire):
    words = ["sweep", FLAGSHIP, *SHORT, *VARY, "--series", "0", "--dry-run", "--json"]
    plain, kept, twice, thrice = (
        json.loads(ceasefire(*words, *more).out)["disk_bytes"]
        for more in (
            [],
            ["--keep-worlds", "--replicates", "4000"],
            ["--keep-worlds", "--replicates", "8000"],
            ["--keep-worlds", "--replicates", "12000"],
        )
    )
    assert plain < kept
    assert thrice - twice == twice - kept > 50 * plain


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (["--keep-worlds", "--replicates", "2000000000000"], "memory"),
        (["--replicates", "2000000000000"], "memory"),
        (["--replicates", "2000000000000", "--dry-run"], "memory"),
        (["--replicates", "2000000000000", "--dry-run", "--part", "1/4"], "memory"),
        (["--input-sets", "2000000000000"], "memory"),  # r13, and what follows
        (["--input-sets", "2000000000000", "--dry-run"], "memory"),
        (["--input-sets", "2", "--input-replicates", "2000000000000"], "memory"),
        (["--replicates", "200000000", "--series", "200000000"], "memory"),
    ],
)
def test_a_sweep_that_would_not_fit_is_refused_with_sizes(sweep, more, what):
    reply, folder = sweep(*VARY, *more)
    assert reply.code == 2
    size = rf"(?:take|need) [0-9.,]+ [TG]B of {what}, and [0-9.]+ GB is available"
    assert re.search(size, reply.err)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "the memory that this"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), "the memory that this"),
        (
            RuntimeError("can't start new thread"),
            "the system will not start any more threads",
        ),
    ],
)
def test_memory_that_is_used_up_is_not_our_fault(sweep, monkeypatch, error, words):
    def fail(*_):
        raise error

    monkeypatch.setattr(WorldChunk, "compute", fail)
    reply, _ = sweep(*VARY)
    assert reply.code == 4
    assert reply.err.splitlines()[-1].startswith(f"ceasefire: {words}")


def test_a_limit_of_memory_counts_as_memory(monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1000, 1000))
    assert limits._memory() == 1000


def test_worlds_that_do_not_fit_on_the_disk_are_refused(sweep, monkeypatch):
    import shutil

    usage = shutil.disk_usage(".")._replace(free=5_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    reply, folder = sweep(*VARY, "--keep-worlds")
    assert reply.code == 2
    assert re.search(r"take up to [0-9.]+ kB, and .* has 5 kB free", reply.err)
    assert "leave out --keep-worlds" in reply.err
    assert not folder.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--vary", "chips.kursk.area=0:1:2"], 3, "did you mean 'area_km2'?"),
        (["--vary", "chips.kurks.area_km2=1,2"], 3, "did you mean 'kursk'?"),
        (["--vary", f"{AREA}=0:1"], 2, "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        (["--vary", AREA], 2, "needs PATH=FROM:TO:COUNT or PATH=a,b,c"),
        (["--vary", f"{AREA}=1,a"], 3, "needs a number, not 'a'"),
        (["--vary", f"{AREA}=0,5000"], 3, "5000 is above the peak"),
        (
            ["--vary", f"{AREA}=1,2", "--vary", f"{AREA}=3,4"],
            2,
            "gives chips.kursk.are",
        ),
        (["--vary", f"{AREA}=1,2", "--set", f"{AREA}=3"], 2, "both --set and --vary"),
        (
            [*VARY, "--reference", f"{AREA}=3"],
            2,
            "not one of its settings, 0, 400, 800",
        ),
        ([*VARY, "--reference", "aid.level=3"], 2, "is not varied"),
        ([*VARY, "--reference", f"{AREA}=0,400"], 2, "needs exactly one setting"),
        (["--design", "lhs:4"], 2, "lhs:4 draws from --vary PATH=FROM:TO"),
        (
            ["--design", "halton:4", *VARY],
            2,
            "is not a file, and neither lhs:N nor sobol",
        ),
        (["--design", "lhs:0", *VARY], 2, "--design lhs:0: 1 to 20,000 points"),
        (["--design", "no.csv"], 4, "no.csv: no such file"),
        (["--design", "lhs:2", *VARY, "--reference", f"{AREA}=0"], 2, "are drawn"),
        (["--design", "[{a: 1}, {b: 1}]"], 2, "point 2: has no a; all points must"),
        (["--design", "[1]"], 2, "point 1: needs values by path, not 1"),
        (
            ["--design", "lhs:9", "--vary", f"{AREA}=0:9999"],
            3,
            "--design lhs:9, row 2: chips.kursk.area_km2: ",
        ),
        (
            ["--design", "lhs:9", "--vary", "chips.kursk.area=0:9"],
            3,
            "--design lhs:9: chips.kursk.area: unknown field; did you mean 'area_km2'?",
        ),
        (["--replicates", "0"], 2, "--replicates must be at least 1"),
        (
            ["--replicates", f"{2**63}"],
            2,
            "--replicates must be at most 9,223,372,036,854,775,807",
        ),
        (["--vary", "aid.level=0:1:100000"], 2, "100,000 cells, more than 20,000"),
        (["--seed", "-1"], 2, "--seed must be at least 0"),
        (["--within-days", "0"], 2, "--within-days must be at least 1"),
        (["--replicates", "many"], 2, "--replicates must be a whole number, not"),
        (["--threads", "0"], 2, "--threads must be at least 1, not"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_written(sweep, words, code, message):
    reply, folder = sweep(*words)
    assert reply.code == code
    assert message in reply.err
    assert reply.out == ""
    assert not folder.exists()


def test_a_sweep_needs_a_folder(ceasefire):
    reply = ceasefire("sweep", FLAGSHIP, *VARY)
    assert reply.code == 2
    assert "--out" in reply.err


def test_a_missing_scenario_is_looked_for(ceasefire, tmp_path):
    reply = ceasefire("sweep", "kursk-2025", "--out", tmp_path / "out")
    assert reply.code == 4
    assert FLAGSHIP in reply.err


def test_what_is_there_is_not_overwritten(sweep):
    assert sweep(*VARY)[0].code == 0
    reply, folder = sweep(*VARY)
    assert reply.code == 2
    assert "already, complete; --force runs it again" in reply.err
    reply, _ = sweep("--vary", f"{AREA}=0,100")
    assert reply.code == 2
    assert "design.points" in reply.err
    assert reply.out == ""
    assert sweep("--vary", f"{AREA}=0,100", "--force")[0].code == 0
    assert len(pd.read_parquet(folder / "cells.parquet")) == 2


def test_a_folder_that_cannot_be_written_is_one_line_and_4(ceasefire, tmp_path):
    (tmp_path / "file").write_text("")
    reply = ceasefire(
        "sweep", FLAGSHIP, *SHORT, *VARY, "--quiet", "--out", tmp_path / "file" / "out"
    )
    assert reply.code == 4
    assert len(reply.err.splitlines()) == 1
    assert "cannot be written" in reply.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
@pytest.mark.parametrize("name", ["manifest.json", "cells.parquet", "series.parquet"])
def test_a_file_that_the_disk_does_not_take_is_one_line_and_4(
    sweep, process, tmp_path, name
):
    import resource

    _, whole = sweep(*VARY, out="whole")
    limit = (whole / name).stat().st_size - 1
    if name == "manifest.json":
        limit = 1000  # not even that of the start

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    out = tmp_path / "out"
    words = ["sweep", FLAGSHIP, *SHORT, *VARY, "--quiet", "--out", out]
    reply = process(*words, preexec_fn=full)
    assert (reply.code, reply.out) == (4, "")
    told = f"ceasefire: {out / name} cannot be written: File too large"
    if name != "manifest.json":  # without which there are no chunks
        told += "; finished chunks are kept, and the same command continues"
    assert reply.err == f"{told}\n"
    assert not (out / name).exists()
    assert not list(out.rglob("*.tmp"))
    assert sweep(*VARY)[0].code == 0
    for file in whole.iterdir():
        assert (out / file.name).read_bytes() == file.read_bytes()


AS_NOBODY = """
import os, sys
from sim.cli import exit_code
first, out, *words = sys.argv[1:]
exit_code([*words, "--out", first])  # imports, while that is allowed
if os.geteuid() == 0:  # who may write everywhere
    os.seteuid(65534)
sys.exit(exit_code([*words, "--out", out]))
"""


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_folder_that_may_not_be_written_to_is_one_line_and_4(tmp_path):
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch).chmod(0o755)  # others may look in, and reach what is below
        folder = Path(scratch) / "read-only"
        folder.mkdir(mode=0o555)
        words = ["sweep", FLAGSHIP, *SHORT, *VARY, "--quiet"]
        places = [tmp_path / "first", folder / "out"]
        reply = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, *places, *words],
            capture_output=True,
            text=True,
            check=False,
        )
        assert not any(folder.iterdir())
    assert reply.returncode == 4
    *_, line = reply.stderr.splitlines()
    assert line.endswith("out/unfinished cannot be written: Permission denied")
    assert "Traceback" not in reply.stderr


def test_an_experiment_is_a_sweep_and_options_go_before_it(ceasefire, tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text(
        f"scenario: {FLAGSHIP}\nvary: {{{AREA}: [0, 800]}}\nreplicates: 11\n"
        "set: {horizon_days: 20}\nwithin_days: 9\n"
    )
    reply = ceasefire(
        "sweep", file, "--replicates", "5", "--vary", "aid.level=1,0.5", "--json",
        "--out", tmp_path / "out",
    )  # fmt: skip
    found = json.loads(reply.out)
    assert (found["replicates"], found["within_days"]) == (5, 9)
    assert [(c[AREA], c["aid.level"]) for c in found["cells"]] == [
        (0.0, 1.0),
        (0.0, 0.5),
        (800.0, 1.0),
        (800.0, 0.5),
    ]


def test_precision_is_asked_for_and_what_it_took_is_said(ceasefire, tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text(
        f"scenario: {FLAGSHIP}\nvary: {{{AREA}: [0, 800]}}\nprecision: 0.07\n"
        "set: {horizon_days: 40}\nwithin_days: 30\n"
    )
    reply = ceasefire("sweep", file, "--series", "0", "--out", tmp_path / "out")
    spent = list(pd.read_parquet(tmp_path / "out" / "cells.parquet")["replicates"])
    assert spent[0] < spent[1]
    head, *rows = reply.out.splitlines()[-3:]
    at = head.split().index("worlds")
    assert [int(row.split()[at]) for row in rows] == spent
    total = f"{sum(spent):,} worlds were run, {spent[0]:,} to {spent[1]:,} in a cell"
    assert f"for intervals of +/- 0.07, {total}" in reply.err
    assert f"100 %  {sum(spent):,} of {sum(spent):,} worlds" in reply.err
    assert "--precision 0.07 " in reply.err
    # What is typed goes before what the file says, one amount before the other.
    more = [file, "--replicates", "5", "--json", "--out", tmp_path / "few"]
    found = json.loads(ceasefire("sweep", *more).out)
    assert (found["replicates"], found["precision"]) == (5, None)
    both = ["--replicates", "5", "--precision", "0.1", "--out", tmp_path / "both"]
    reply = ceasefire("sweep", file, *both)
    assert reply.code == 2
    assert "give only one of" in reply.err


def test_cells_at_the_cap_of_a_precision_are_named(ceasefire, tmp_path):
    words = ["--vary", "aid.level=1,0.5", "--vary", f"{AREA}=0,1000"]
    words += ["--set", "horizon_days=60", "--within-days", "60"]
    words += ["--set", "parties.russia.belief.drift_km2_per_week=-30"]
    call = ["sweep", FLAGSHIP, *words, "--precision", "0.1", "--out", tmp_path / "out"]
    reply = ceasefire(*call, "--json")
    found = json.loads(reply.out)
    spent = found["spent"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["spent"] == spent
    assert spent["cells"] == [cell["replicates"] for cell in found["cells"]]
    assert spent["worlds"] == sum(spent["cells"])
    at_cap = [i for i, each in enumerate(spent["cells"]) if each == spent["cap"]]
    assert spent["cells_at_cap"] == at_cap
    assert 0 < len(at_cap) < 4
    listed = ", ".join(map(str, at_cap))
    assert re.search(
        rf"these reached the limit of .* any share: cells? {listed}$", reply.err, re.M
    )


def test_a_mistake_in_an_experiment_is_named_by_line(ceasefire, tmp_path):
    file = tmp_path / "study.yaml"
    file.write_text(
        f"scenario: {FLAGSHIP}\nvary:\n  chips.kursk.area: [0, 800]\n"
        "  aid.level: [1, -3]\n"
    )
    reply = ceasefire("sweep", file, "--out", tmp_path / "out")
    assert reply.code == 3
    assert f"{file}:3:3: vary.chips.kursk.area: unknown field; did you" in reply.err
    assert f"{file}:4:3: vary.aid.level: -3 is below 0" in reply.err
    file.write_text(f"scenario: {FLAGSHIP}\nset:\n  aid.level: -3\n")
    reply = ceasefire("sweep", file, "--out", tmp_path / "out")
    assert f"{file}:3:3: set.aid.level: -3 is below 0" in reply.err


def test_a_scheduler_without_dask_is_a_matter_of_usage(sweep, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    reply, folder = sweep(*VARY, "--scheduler", "local")
    assert reply.code == 2
    assert "pip install 'ceasefire-sim[cluster]'" in reply.err
    assert not folder.exists()


def test_the_page_on_clusters_shows_commands_that_run(ceasefire):
    told = runner.lines(runner.page("how-to-sweep-on-many-machines"))
    shown = [words[1:] for words in told if words[:2] == ["ceasefire", "sweep"]]
    assert sum("--scheduler" in words for words in shown) == 3
    for words in shown:
        if "--part" not in words:
            assert ceasefire(*words, "--dry-run").code == 0


LONG = [
    *(sys.executable, "-m", "sim", "sweep", FLAGSHIP, "--set", "horizon_days=60"),
    *("--vary", f"{AREA}=0:1000:12", "--replicates", "6000", "--threads", "2"),
]


def started(folder, lines):
    """Start a long sweep; return its process once its journal has some lines."""
    process = subprocess.Popen(
        [*LONG, "--out", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # Ctrl-C is ignored in what a shell has put in the background, and below it
    )
    journal = folder / "unfinished" / "journal.jsonl"
    limit = time.monotonic() + 300.0
    while not (journal.exists() and journal.read_bytes().count(b"\n") >= lines):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < limit
        time.sleep(0.001)
    return process


def finished(folder):
    subprocess.run([*LONG, "--quiet", "--out", folder], check=True, capture_output=True)
    return {
        name: (folder / name).read_bytes()
        for name in ("cells.parquet", "series.parquet", "manifest.json")
    }


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    return finished(tmp_path_factory.mktemp("uninterrupted"))


@pytest.mark.slow
# Uncompiled, these worlds take minutes.
@pytest.mark.compiled
def test_ctrl_c_ends_with_130_and_the_same_command_goes_on(tmp_path, uninterrupted):
    process = started(tmp_path, lines=4)
    process.send_signal(signal.SIGINT)
    _, words = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command continues from there" in words
    assert "Traceback" not in words
    assert finished(tmp_path) == uninterrupted


@pytest.mark.slow
@pytest.mark.compiled
def test_a_sweep_killed_with_9_ends_with_the_same_bytes(tmp_path, uninterrupted):
    process = started(tmp_path, lines=5)
    process.kill()
    process.communicate(timeout=60)
    assert not (tmp_path / "cells.parquet").exists()
    assert finished(tmp_path) == uninterrupted


@pytest.mark.slow
@pytest.mark.compiled
def test_a_sweep_killed_again_and_again_ends_with_the_same_bytes(
    tmp_path, uninterrupted
):
    process = started(tmp_path, 1)
    for lines in (6, 18):
        process.kill()
        process.communicate(timeout=60)
        process = started(tmp_path, lines)
    process.kill()
    process.communicate(timeout=60)
    assert finished(tmp_path) == uninterrupted
