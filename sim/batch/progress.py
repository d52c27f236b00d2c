"""How far a sweep is: one redrawn line on a terminal, now and then a line elsewhere.

No colours are used, so there is nothing for NO_COLOR to switch off.
"""

import sys
import warnings
from typing import Any, TextIO, TypeAlias

with warnings.catch_warnings():
    # In a notebook without widgets it says so, and lines will do there.
    warnings.simplefilter("ignore")
    from tqdm.auto import tqdm

from sim.model.compile import cache_folder

_REDRAW_SECONDS = 0.1
_LINE_SECONDS = 5.0
FIRST_START = (
    "compiling the model for this machine, which takes about half a minute, once ..."
)
_LOADING = "loading the model ..."
_RUNNING = (
    "{percentage:3.0f} %  {n:,} of {total:,} worlds  {rate_noinv_fmt}  "
    "{elapsed}, {remaining} left"
)


def is_first_start() -> bool:
    """Whether nothing of the model is compiled yet, here and from these sources.

    Where compiled code is not kept, every start is a first one.
    """
    folder = cache_folder()
    return folder is None or next(folder.glob("*.nbc"), None) is None


class Progress:
    """What a sweep tells about itself while it runs; nothing, without a stream.

    In a notebook it is a bar of the notebook's own, where there are widgets.
    """

    _stream: Any = None
    _bar: Any = None

    def __init__(self, stream: TextIO | None = None) -> None:
        self._redraw = stream is not None and (stream.isatty() or _HAS_WIDGETS)
        self._stream = stream if stream is None or self._redraw else _Lines(stream)

    def note(self, text: str) -> None:
        """Say something on a line of its own."""
        if self._stream is not None:
            tqdm.write(text, file=self._stream)

    def note_first_start(self) -> None:
        """Say so if the model has to be compiled first, and how long that takes."""
        if self._stream is not None and is_first_start():
            self.note(FIRST_START)

    def start(self, worlds: int, done: int) -> None:
        """Take the number of worlds, and how many a sweep resumed has already."""
        if self._stream is None:
            return
        if 0 < done < worlds:
            self.note(f"continuing: {done:,} of {worlds:,} worlds are done")
        self._bar = tqdm(
            total=worlds,
            initial=done,
            disable=done >= worlds,
            file=self._stream,
            bar_format=FIRST_START if is_first_start() else _LOADING,
            dynamic_ncols=self._redraw,
            mininterval=_REDRAW_SECONDS if self._redraw else _LINE_SECONDS,
            miniters=1,  # it is time alone that counts
            smoothing=0,  # the rate is that of the whole sweep
            unit="",
            unit_scale=True,
        )

    def begin(self) -> None:
        """Start the clock: everything is compiled."""
        if self._bar is not None:
            self._bar.bar_format = _RUNNING
            self._bar.unpause()

    def expect(self, worlds: int) -> None:
        """Take another number of worlds in all: some cells need fewer than others."""
        if self._bar is not None:
            self._bar.total = worlds

    def advance(self, worlds: int) -> None:
        """Count worlds just finished, and tell it if it was not told just now."""
        if self._bar is not None:
            self._bar.update(worlds)

    def close(self) -> None:
        """Say the last word; on a terminal, end the line."""
        if self._bar is not None:
            self._bar.close()


# Whether tqdm found a notebook in which it can show a bar.
_HAS_WIDGETS = any(kind.__module__ == "tqdm.notebook" for kind in tqdm.__mro__)

Told: TypeAlias = Progress | bool | None
"""What a verb is asked to tell: None is where somebody sees it, False is nothing."""


def progress_of(asked: Told) -> Progress:
    """Return what is told: by default on a terminal and in a notebook, on stderr."""
    if isinstance(asked, Progress):
        return asked
    is_seen = sys.stderr is not None and (
        sys.stderr.isatty() or type(sys.stderr).__module__.startswith("ipykernel")
    )
    return Progress(sys.stderr if asked or (asked is None and is_seen) else None)


class _Lines:
    """A stream that has a line of its own for whatever tqdm would redraw."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._last = stream, ""

    def write(self, text: str) -> None:
        if (line := text.strip("\r\n")).strip() and line != self._last:
            self._stream.write(f"{line}\n")
            self._last = line

    def flush(self) -> None:
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
