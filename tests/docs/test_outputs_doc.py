"""The page about the outputs names the files and columns that a sweep leaves."""

import re

import pyarrow.parquet as pq
import pytest

from sim.api.sweep import carry_out
from sim.api.sweep_result import open_sweep
from tests.batch.small import AREA, plan
from tests.docs import runner


@pytest.fixture(scope="module")
def page():
    return runner.page("outputs")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "sweep"
    carry_out(plan(keep_worlds=True, input_sets=2, input_replicates=5), folder)
    return folder


def section(page, title):
    return re.split(r"^## ", page.split(f"\n## {title}\n")[1], flags=re.M)[0]


def in_general(column):
    """A column as the page names it: any chip is CHIP, and so on."""
    column = column.replace(AREA, "PATH")
    column = re.sub(r"(?<=\.)kursk(?=_|$)", "CHIP", column)
    column = re.sub(r"(?<=\.)(russia|ukraine)", "PARTY", column)
    return re.sub(r"_q\d\d$", "_qNN", column)


def named(text):
    return set(re.findall(r"`([^`\s]+)`", text))


def test_every_file_of_a_finished_sweep_stands_there(page, folder):
    files = {file.name for file in folder.iterdir()} - {"worlds"}
    assert files <= named(page.split("## ")[0])
    assert "worlds/part-*.parquet" in named(page)
    assert (folder / "worlds" / "part-00000-0000000000.parquet").exists()


def test_every_column_of_cells_stands_there(page, folder):
    known = named(section(page, "cells.parquet")) | {"PATH"}
    for column in map(in_general, open_sweep(folder).cells.columns):
        estimate = re.sub(r"(_diff|_inputs)?(_low|_high|_diff|_part)?$", "", column)
        assert {column, estimate} & known, column
        if column.endswith("_part"):
            assert column.removeprefix(estimate) in known


def test_every_column_of_series_stands_there_and_no_other(page, folder):
    known = named(section(page, "series.parquet").split("NN is 05")[0])
    known -= {"before_truce", "front.side", "..._before_truce_qNN"}
    columns = set(map(in_general, open_sweep(folder).series.columns))
    missing = {c for c in columns if c.replace("_before_truce_q", "_q") not in known}
    assert missing == {"before_truce"}
    assert known <= columns


def test_its_commands_run(page, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert len(runner.run(page)) == 2
    assert "replicate 7" in capsys.readouterr().out


def test_every_column_of_single_runs_inputs_and_worlds_stands_there(page, folder):
    runs = set(map(in_general, open_sweep(folder).series_runs.columns))
    assert runs <= named(section(page, "series_runs.parquet"))
    outcome = section(page, "worlds")
    world = pq.read_schema(next((folder / "worlds").iterdir())).names
    assert world[:2] == ["cell", "replicate"]
    assert {"refusals.PARTY", "chips_km2.CHIP"} <= set(map(in_general, world))
    assert {"cell", "replicate", "refusals.PARTY", "chips_km2.CHIP"} <= named(outcome)
    inputs = open_sweep(folder).input_sets.columns
    assert list(inputs[:2]) == ["cell", "input_set"]
    known = named(section(page, "inputs.parquet"))
    shares = [column for column in inputs if column.endswith("_share")]
    assert {*inputs[:2], *shares} <= known
    assert list(inputs[-2:]) == [shares[-1], f"{shares[-1]}_first_half"]
    assert any(column.endswith("_first_half") for column in known)
