"""How far a sweep is: a redrawn line on a terminal, plain lines elsewhere."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tqdm import std

from sim.batch.progress import Progress, duration, progress_of


class Clock:
    """A clock that moves when told."""

    now = 100.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    """A stream on which lines can be redrawn."""

    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(std, "time", found)
    return found


def told(clock, stream, *, seconds, done=0):
    """What a sweep of 1000 worlds writes that takes a step of 100 every `seconds`."""
    shown = Progress(stream)
    shown.start(1000, done)
    clock.now += 50.0  # compiling does not count
    shown.begin()
    for _ in range((1000 - done) // 100):
        clock.now += seconds
        shown.advance(100)
    shown.close()
    return stream.getvalue()


def test_rate_and_time_left_are_those_of_worlds_run_now(clock):
    text = told(clock, Terminal(), seconds=2.0, done=500).split("\r")[2]
    assert text.split("  ")[:4] == [
        " 60 %",
        "600 of 1,000 worlds",
        "50.0/s",
        "00:02, 00:08 left",
    ]


def test_a_terminal_sees_one_line_redrawn(clock):
    text = told(clock, Terminal(), seconds=1.0)
    assert text.count("\n") == 1
    assert "100 %  1,000 of 1,000 worlds  100/s  00:10, 00:00 left" in text
    lines = text.rstrip("\n").split("\r")[1:]
    assert lines[0].startswith(("compiling the model", "loading the model"))
    # A shorter line covers the longer one before it.
    widths = [len(line) for line in lines]
    assert all(w >= len(b.rstrip()) for b, w in zip(lines, widths[1:], strict=False))


def test_elsewhere_a_line_comes_every_few_seconds(clock):
    text = told(clock, io.StringIO(), seconds=2.0)
    percents = [line.split("%")[0].strip() for line in text.splitlines()[1:]]
    assert percents == ["30", "60", "90", "100"]
    assert "\r" not in text
    assert "\n\n" not in text


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["file", "screen"])
def test_what_is_noted_has_a_line_of_its_own(clock, stream):
    shown = Progress(stream)
    shown.note("before")
    shown.start(10, 0)
    shown.begin()
    shown.note("between")
    shown.close()
    lines = [line.split("\r")[-1].strip() for line in stream.getvalue().split("\n")]
    assert lines[0] == "before"
    assert "between" in lines


def test_a_resumed_sweep_says_what_is_there(clock):
    text = told(clock, io.StringIO(), seconds=1.0, done=500)
    assert "continuing: 500 of 1,000 worlds are done" in text


def test_nothing_left_to_do_is_not_told(clock):
    assert told(clock, io.StringIO(), seconds=1.0, done=1000) == ""


@given(st.floats(0, 1e6))
def test_a_duration_is_short_to_read(seconds):
    assert len(duration(seconds)) <= 12


def test_by_default_progress_is_told_where_somebody_sees_it(monkeypatch, clock):
    for stream, seen in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr("sys.stderr", stream)
        for asked, tells in ((None, seen), (True, True), (False, False)):
            stream.truncate(0)
            progress_of(asked).note("here")
            assert ("here" in stream.getvalue()) is tells, (seen, asked)
    own = Progress()
    assert progress_of(own) is own
