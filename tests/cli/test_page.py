"""`ceasefire page`: what it writes, and what it refuses in one line."""

import os

import pytest

from sim.cli import page as module

AREA = "chips.kursk.area_km2"


@pytest.fixture
def folder(ceasefire, tmp_path):
    words = ["--set", "horizon_days=15", "--within-days", "10", "--replicates", "100"]
    target = tmp_path / "sweep"
    command = [
        "sweep",
        "kursk-2025-03-13",
        "--vary",
        f"{AREA}=0,400",
        *words,
        "--quiet",
    ]
    assert ceasefire(*command, "--out", target).code == 0
    return target


def test_it_writes_one_file_and_says_how_large(ceasefire, folder, tmp_path):
    reply = ceasefire("page", folder)
    assert reply.code == 0
    size = (folder / "page.html").stat().st_size / 1e6
    assert f"page.html ({size:.2f} MB)" in reply.err
    assert "not a forecast" in reply.err
    assert (
        (folder / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    )
    again = ceasefire("page", folder)
    assert again.code == 2
    assert "--force allows it" in again.err
    other = tmp_path / "new" / "lesson.html"
    quiet = ceasefire("page", folder, "--out", other, "--quiet", "--replicate", "3")
    assert (quiet.code, quiet.err) == (0, "")
    assert '"replicate":3' in other.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_heavy_page_is_thinned_and_one_too_heavy_refused(
    ceasefire, folder, monkeypatch
):
    monkeypatch.setattr(module, "_LIGHT", 1)
    assert "one day in 7" in ceasefire("page", folder).err
    monkeypatch.setattr(module, "_MOST", 400_000)
    reply = ceasefire("page", folder, "--force")
    assert reply.code == 2
    assert "fewer settings (about 1 cells)" in reply.err
    monkeypatch.setattr(module, "_LEAST_A_CELL", 300_000)
    early = ceasefire("page", folder, "--force")
    assert early.code == 2
    assert "0.6 MB or more" in early.err
    assert "running" not in early.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits of POSIX")
def test_a_full_disk_does_not_cost_the_page_before(process, ceasefire, folder):
    """Also r15."""
    import resource

    file = folder / "page.html"
    assert ceasefire("page", folder, "--quiet").code == 0
    before = file.read_bytes()

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    reply = process("page", folder, "--force", "--quiet", preexec_fn=full)
    assert (reply.code, reply.out) == (4, "")
    assert reply.err == f"ceasefire: {file} cannot be written: File too large\n"
    assert file.read_bytes() == before
    assert not list(folder.glob(".*"))


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_page_is_not_written_through_a_link(ceasefire, folder, tmp_path):
    (tmp_path / "victim.txt").write_text("precious")
    (folder / "page.html").symlink_to(tmp_path / "victim.txt")
    reply = ceasefire("page", folder, "--force")
    assert reply.code == 2
    assert "page.html is a link, and nothing is written through" in reply.err
    assert (tmp_path / "victim.txt").read_text() == "precious"


def test_a_damaged_table_makes_no_page(ceasefire, folder):
    table = folder / "cells.parquet"
    content = bytearray(table.read_bytes())
    content[len(content) // 3] ^= 1
    table.write_bytes(content)
    reply = ceasefire("page", folder)
    assert (reply.code, reply.out) == (4, "")
    assert "cells.parquet is damaged or was changed" in reply.err


def test_without_a_sweep_it_says_what_is_missing(ceasefire, tmp_path):
    reply = ceasefire("page", tmp_path)
    assert reply.code == 4
    assert "contains no sweep" in reply.err
    assert ceasefire("page", tmp_path / "none").code == 4


def test_words_that_are_not_whole_are_refused_before_anything_is_run(
    ceasefire, folder, tmp_path
):
    words = tmp_path / "words.yaml"
    words.write_text("lang: de\n", encoding="utf-8")
    reply = ceasefire("page", folder, "--words", words)
    assert reply.code == 3
    assert f"{words}:1:1: page: is missing" in reply.err
    assert "running" not in reply.err
