"""How far a sweep is: a redrawn line on a terminal, plain lines elsewhere."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.batch import progress
from sim.batch.progress import Written, duration


class Clock:
    """A clock that moves when told."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    found = Clock()
    monkeypatch.setattr(progress.time, "monotonic", found)
    return found


def told(clock, *, redraw, seconds, done=0):
    """What a sweep of 1000 worlds writes that takes a step of 100 every `seconds`."""
    stream = io.StringIO()
    shown = Written(stream, redraw=redraw)
    shown.start(1000, done)
    clock.now += 50.0  # compiling does not count
    shown.begin()
    for _ in range((1000 - done) // 100):
        clock.now += seconds
        shown.advance(100)
    shown.close()
    return stream.getvalue()


def test_rate_and_time_left_are_those_of_worlds_run_now(clock):
    text = told(clock, redraw=True, seconds=2.0, done=500).split("\r")[2]
    assert text.split("  ")[:4] == [
        " 60 %",
        "600 of 1,000 worlds",
        "50/s",
        "8.0 s left",
    ]


def test_a_terminal_sees_one_line_redrawn(clock):
    text = told(clock, redraw=True, seconds=1.0)
    assert text.count("\n") == 1
    assert text.endswith("100 %  1,000 of 1,000 worlds  100/s  10 s\n".ljust(0))
    lines = text.rstrip("\n").split("\r")[1:]
    # A shorter line covers the longer one before it.
    widths = [len(line) for line in lines]
    assert all(w >= len(b.rstrip()) for b, w in zip(lines, widths[1:], strict=False))


def test_elsewhere_a_line_comes_every_few_seconds(clock):
    lines = told(clock, redraw=False, seconds=2.0).splitlines()
    percents = [line.split("%")[0].strip() for line in lines[1:]]
    assert percents == ["30", "60", "90", "100"]
    assert "\r" not in "".join(lines)


def test_a_resumed_sweep_says_what_is_there(clock):
    text = told(clock, redraw=False, seconds=1.0, done=500)
    assert "resuming: 500 of 1,000 worlds are there" in text


def test_nothing_left_to_do_is_not_told(clock):
    assert told(clock, redraw=False, seconds=1.0, done=1000) == ""


@given(st.floats(0, 1e6))
def test_a_duration_is_short_to_read(seconds):
    assert len(duration(seconds)) <= 12
