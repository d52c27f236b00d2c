"""Whoever starts for the first time is told that the model is compiled first."""

import io
import os
import subprocess
import sys

import pytest

from sim.batch import progress
from sim.batch.progress import FIRST_START, Progress


def test_it_is_said_where_nothing_is_compiled_and_only_there(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "cache_folder", lambda: tmp_path)
    told = io.StringIO()
    Progress(told).note_first_start()
    assert told.getvalue().strip() == FIRST_START
    (tmp_path / "some.nbc").touch()
    told = io.StringIO()
    Progress(told).note_first_start()
    assert told.getvalue() == ""


def test_where_nothing_can_be_kept_every_start_is_a_first_one(monkeypatch):
    monkeypatch.setattr(progress, "cache_folder", lambda: None)
    told = io.StringIO()
    Progress(told).note_first_start()
    assert told.getvalue().strip() == FIRST_START
    Progress(None).note_first_start()  # who wants no words gets none


@pytest.mark.slow
@pytest.mark.compiled
def test_the_first_run_of_a_fresh_install_says_so_once(tmp_path):
    environment = {**os.environ, "CEASEFIRE_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "sim", "run", "kursk-2025-03-13"]

    def said():
        reply = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True
        )
        return reply.stderr

    assert FIRST_START in said()
    assert said() == ""
