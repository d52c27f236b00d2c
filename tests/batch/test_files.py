"""Files are written whole or not at all, through no link, and checked when read."""

import errno
import json
import os
import random
import shutil

import pytest

from sim.api.compare import compare
from sim.api.result import open_result
from sim.api.run import run
from sim.api.sensitivity import sensitivity
from sim.api.sweep import carry_out
from sim.api.sweep_result import open_sweep
from sim.batch.files import (
    link_or_copy,
    read_whole,
    sealed,
    together,
    unsealed,
    write_whole,
)
from sim.batch.replay import address
from sim.errors import InputMissingError, UsageError
from tests.batch.small import SHORT, plan

FLAGSHIP = "kursk-2025-03-13"


def write_both(first, second, content="after"):
    with together() as put:
        put(first, "after")
        put(second, content)


def test_files_take_their_places_together_or_not_at_all(tmp_path):
    old, new = tmp_path / "old.txt", tmp_path / "below" / "new.txt"
    write_whole(old, "before")
    with pytest.raises(TypeError):
        write_both(old, new, None)
    assert old.read_text() == "before"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [old]
    with together() as put:
        assert put(old, "after").read_text() == "after"
        put(new, b"after")
        assert old.read_text() == "before"
    assert (old.read_text(), new.read_text()) == ("after", "after")


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    """Also r15: a page that cannot be written does not cost the old one."""
    first, second = tmp_path / "first", tmp_path / "second"
    write_whole(first, "before")
    sync, synced = os.fsync, []

    def full(handle):
        synced.append(handle)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputMissingError) as error:
        write_both(first, second)
    assert str(error.value) == f"{second} cannot be written: No space left on device"
    assert first.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["first"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_nothing_is_written_through_a_link(tmp_path):
    """Also r21: whatever somebody has left in a folder, no other file is touched."""
    victim, out = tmp_path / "victim.txt", tmp_path / "out"
    elsewhere = tmp_path / "elsewhere"
    victim.write_text("precious")
    out.mkdir()
    elsewhere.mkdir()
    (out / "page.html").symlink_to(victim)
    write_whole(out / "page.html", "mine")
    assert not (out / "page.html").is_symlink()
    (out / "figures").symlink_to(elsewhere)
    with pytest.raises(InputMissingError, match="figures is a link"):
        write_whole(out / "figures" / "one.svg", "mine", within=out)
    assert victim.read_text() == "precious"
    assert not any(elsewhere.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", ["unfinished", "worlds"])
def test_a_sweep_goes_through_no_folder_that_is_a_link(tmp_path, name):
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    (elsewhere / "part-00000-0000000000.parquet").write_text("precious")
    (elsewhere / "journal.jsonl").write_text("precious")
    out.mkdir()
    (out / name).symlink_to(elsewhere)
    for force in (False, True):
        with pytest.raises(InputMissingError, match=f"{name} is a link"):
            carry_out(plan(), out, force=force)
    assert {file.read_text() for file in elsewhere.iterdir()} == {"precious"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_folder_with_a_link_in_it_is_not_empty(tmp_path):
    (tmp_path / ".ceasefire-0123456789abcdef.tmp").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="contains files"):
        carry_out(plan(), tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_the_journal_is_not_appended_to_through_a_link(tmp_path):
    victim, unfinished = tmp_path / "victim.txt", tmp_path / "out" / "unfinished"
    victim.write_text("precious")
    unfinished.mkdir(parents=True)
    (unfinished / "lock").symlink_to(victim)
    with pytest.raises(InputMissingError, match="lock is a link"):
        carry_out(plan(), tmp_path / "out")
    assert victim.read_text() == "precious"


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_pipe_or_a_folder_is_no_place_for_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for name in ("pipe", "folder"):
        with pytest.raises(InputMissingError, match=f"{name} cannot be written: it is"):
            write_whole(tmp_path / name, "mine")
        with pytest.raises(InputMissingError, match="it is not a file"):
            read_whole(tmp_path / name)


@pytest.mark.skipif(os.name == "nt", reason="rights of POSIX")
def test_a_file_keeps_its_rights(tmp_path):
    file = tmp_path / "private"
    write_whole(file, "before")
    file.chmod(0o600)
    write_whole(file, "after")
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_second_name_is_given_again_and_again(tmp_path):
    write_whole(tmp_path / "one", "content")
    for _ in range(2):
        link_or_copy(tmp_path / "one", tmp_path / "two")
        names = sorted(path.name for path in tmp_path.iterdir())
        assert names == ["one", "two"]


def test_a_sealed_object_is_the_same_however_it_is_spaced(tmp_path):
    file, data = tmp_path / "data.json", {"b": [1, None], "a": {3: 0.1}, "c": (1,)}
    whole = sealed(data)
    assert sealed(whole) == whole
    for text in (json.dumps(whole), json.dumps(whole, indent=3, sort_keys=True)):
        file.write_text(text)
        assert unsealed(file) == {"b": [1, None], "a": {"3": 0.1}, "c": [1]}
    file.write_text(json.dumps(whole).replace("0.1", "0.2"))
    with pytest.raises(InputMissingError, match="damaged or was changed"):
        unsealed(file)
    for text in ("[]", "{", "{}", "\xff", "[" * 100_000):
        file.write_text(text)
        with pytest.raises(InputMissingError, match=r"data\.json"):
            unsealed(file)


def _of_sweep(folder):
    made = open_sweep(folder)
    kept = [address(folder, cell, 0).kept for cell in range(len(made.cells))]
    tables = (made.cells, made.input_sets, made.series, made.series_runs)
    return [made.manifest, [each.to_csv() for each in tables], kept]


def _of_another(folder):
    made = open_result(folder)
    return [made.to_dict(), [each.to_csv() for each in made.tables.values()]]


def _sweep(folder):
    carry_out(plan(input_sets=3, input_replicates=5, keep_worlds=True), folder)


def _sensitivity(folder):
    few = {"samples": 64, "replicates": 2, "trajectories": 2, "tornado_replicates": 4}
    sensitivity(FLAGSHIP, set=SHORT, within_days=15, **few).save(folder)


def _comparison(folder):
    compare(FLAGSHIP, changes=[{"aid.level": 0.5}], replicates=20).save(folder)


def _run(folder):
    run(FLAGSHIP).save(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "read"),
    [
        (_sweep, _of_sweep),
        (_sensitivity, _of_another),
        (_comparison, _of_another),
        (_run, _of_another),
    ],
)
def test_a_flipped_byte_is_found_or_changes_nothing(tmp_path, make, read):
    make(tmp_path / "made")
    whole = read(tmp_path / "made")
    chance = random.Random(12)
    files = [
        file.relative_to(tmp_path / "made")
        for file in sorted((tmp_path / "made").rglob("*"))
        if file.is_file() and file.parent.name != "figures"
    ]
    told = []
    for file in files * 20:
        content = bytearray((tmp_path / "made" / file).read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        folder = shutil.copytree(tmp_path / "made", tmp_path / "harmed")
        (folder / file).write_bytes(content)
        try:
            assert read(folder) == whole
        except InputMissingError as error:
            told.append((file.name, str(error)))
        shutil.rmtree(folder)
    assert len(told) > 0.5 * 20 * len(files)
    assert all(name in text for name, text in told)
