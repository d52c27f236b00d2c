"""A journal keeps whole lines, and starts a new one after a broken one."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.batch.checkpoint import Checkpoint

ENTRIES = [{"cell": 0, "share": 0.1}, {"cell": 1, "share": None}, {"cell": 2}]


@pytest.fixture
def written(tmp_path):
    journal = Checkpoint(tmp_path / "journal.jsonl")
    for entry in ENTRIES:
        journal.append(entry)
    journal.close()
    return journal


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_to_the_last_bit(tmp_path_factory, number):
    journal = Checkpoint(tmp_path_factory.mktemp("journal") / "journal.jsonl")
    journal.append({"share": number})
    journal.close()
    assert journal.read() == [{"share": number}]


def test_a_line_cut_off_does_not_spoil_the_next(written):
    whole = written.path.read_bytes()
    last = len(whole.splitlines(keepends=True)[-1])
    for cut in range(1, last):
        os.truncate(written.path, len(whole) - cut)
        assert written.read() == ENTRIES[:2]
        written.append(ENTRIES[2])
        written.close()
        assert Checkpoint(written.path).read() == ENTRIES


def test_a_changed_line_does_not_count(written):
    content = written.path.read_bytes().replace(b"0.1", b"0.7")
    written.path.write_bytes(content)
    assert written.read() == ENTRIES[1:]


def test_no_file_is_an_empty_journal(tmp_path):
    assert Checkpoint(tmp_path / "journal.jsonl").read() == []
