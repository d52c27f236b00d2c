"""How far a sweep is: one redrawn line on a terminal, now and then a line elsewhere.

No colours are used, so there is nothing for NO_COLOR to switch off.
"""

import time
from typing import Protocol, TextIO

_REDRAW_SECONDS = 0.1
_LINE_SECONDS = 5.0


class Progress(Protocol):
    """What a sweep tells about itself while it runs."""

    def note(self, text: str) -> None:
        """Say something on a line of its own."""

    def start(self, worlds: int, done: int) -> None:
        """Take the number of worlds, and how many a sweep resumed has already."""

    def begin(self) -> None:
        """Start the clock: everything is compiled."""

    def expect(self, worlds: int) -> None:
        """Take another number of worlds in all: some cells need fewer than others."""

    def advance(self, worlds: int) -> None:
        """Count worlds just finished."""

    def close(self) -> None:
        """Say the last word."""


class Silent:
    """No progress at all."""

    def note(self, text: str) -> None:
        """Say nothing."""

    def start(self, worlds: int, done: int) -> None:
        """Say nothing."""

    def begin(self) -> None:
        """Say nothing."""

    def expect(self, worlds: int) -> None:
        """Say nothing."""

    def advance(self, worlds: int) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Say nothing."""


class Written:
    """Progress with rate and time left, written to a stream."""

    def __init__(self, stream: TextIO, *, redraw: bool | None = None) -> None:
        self._stream = stream
        self._redraw = stream.isatty() if redraw is None else redraw
        self._every = _REDRAW_SECONDS if self._redraw else _LINE_SECONDS
        self._worlds = self._before = self._done = 0
        self._began = self._told = time.monotonic()
        self._width = 0

    def note(self, text: str) -> None:
        """Write a line."""
        self._write(f"{text}\n")

    def start(self, worlds: int, done: int) -> None:
        """Take the number of worlds; say what a resumed sweep has."""
        self._worlds, self._before, self._done = worlds, done, done
        if 0 < done < worlds:
            self.note(f"resuming: {done:,} of {worlds:,} worlds are there")
        if done < worlds:
            self._show("compiling, or loading what was compiled ...")

    def begin(self) -> None:
        """Start the clock."""
        self._began = self._told = time.monotonic()

    def expect(self, worlds: int) -> None:
        """Take another number of worlds in all."""
        self._worlds = worlds

    def advance(self, worlds: int) -> None:
        """Count worlds, and tell it if it was not told just now."""
        self._done += worlds
        now = time.monotonic()
        if now - self._told >= self._every:
            self._told = now
            self._show(self.text(now))

    def close(self) -> None:
        """Write the last state; on a terminal, end the line."""
        if self._done > self._before:
            self._show(self.text(time.monotonic()))
        if self._redraw and self._width:
            self._write("\n")

    def text(self, now: float) -> str:
        """Return how far it is, how fast it goes, and how long it will take."""
        seconds = max(now - self._began, 1e-9)
        rate = (self._done - self._before) / seconds
        left = self._worlds - self._done
        part = self._done / max(self._worlds, 1)
        text = (
            f"{100 * part:3.0f} %  {self._done:,} of {self._worlds:,} worlds  "
            f"{rate:,.0f}/s"
        )
        if left == 0:
            return f"{text}  {duration(seconds)}"
        return f"{text}  {duration(left / rate)} left" if rate > 0 else text

    def _show(self, text: str) -> None:
        if self._redraw:
            self._write("\r" + text.ljust(self._width))
            self._width = len(text)
        else:
            self.note(text)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def duration(seconds: float) -> str:
    """Return a time as one reads it.

    >>> [duration(each) for each in (0.4, 75, 7300)]
    ['0.4 s', '1 min 15 s', '2 h 01 min']
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"
