"""The process around a command: its three streams, and Ctrl-C.

Nothing here knows a command. What a shell may have done to a process is mended once,
before any command runs, so that none of them has to think of it.
"""

import contextlib
import io
import os
import signal
import sys
import threading
import time
from types import FrameType
from typing import Any, TextIO

from sim.errors import InputMissingError

resource: Any
try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

STANDARD_OUTPUT = "standard output"

# Below it OpenBLAS, which numpy and scipy bring, may wait for ever for what it lacks.
_LEAST_MEMORY = 1_000_000_000

# What a command may still take to tidy up once it is interrupted.
_GRACE_SECONDS = 1.0
_INTERRUPTED = 130

_interrupted = threading.Event()
_over = threading.Event()


class _Output(io.TextIOWrapper):
    """A standard stream that loses what nobody reads, and says what it cannot write.

    A reader that has seen enough (`| head`) stops no work: files are still written.
    """

    def write(self, text: str, /) -> int:
        """Write text."""
        if text == "":
            return 0  # click asks in this way what kind of stream it is
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        """Write what is waiting."""
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Let all go nowhere, or Python would complain when it shuts down."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        if self.fileno() == 1 and not isinstance(error, BrokenPipeError):
            raise OSError(error.errno, error.strerror, STANDARD_OUTPUT) from None


def mend_streams() -> None:
    """Open what the shell has closed; write letters that the terminal lacks as `?`.

    A file opened later would otherwise become standard output, and get its text.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # Writing to it fails, which is told; reading finds nothing.
            os.open(os.devnull, os.O_RDONLY)
    for descriptor, name in ((1, "stdout"), (2, "stderr")):
        stream, original = getattr(sys, name), getattr(sys, f"__{name}__")
        mended = _mended(stream, original, descriptor)
        setattr(sys, name, mended)
        if stream is original:  # which is empty now, or never was
            setattr(sys, f"__{name}__", mended)


def _mended(stream: TextIO | None, original: TextIO | None, descriptor: int) -> TextIO:
    if stream is None:
        return _Output(os.fdopen(descriptor, "wb", closefd=False), errors="replace")
    if stream is not original or not isinstance(stream, io.TextIOWrapper):
        return stream  # somebody listens: a test, a notebook
    kept: Any = {
        name: getattr(stream, name)
        for name in ("encoding", "line_buffering", "write_through")
    }
    return _Output(stream.detach(), errors="replace", **kept)


def refuse_too_little_memory() -> None:
    """Raise InputMissingError if a limit of the process leaves libraries waiting."""
    if resource is None:
        return
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY and limit < _LEAST_MEMORY:
        raise InputMissingError(
            f"this process may use only {limit / 1e6:,.0f} MB of memory (ulimit -v); "
            f"it needs at least {_LEAST_MEMORY / 1e6:,.0f} MB"
        )


def watch_interrupts() -> None:
    """Let Ctrl-C end this process within two seconds, whatever it is doing.

    First it is a KeyboardInterrupt, as always. That may come late, while a library
    computes, or be swallowed by one that calls back into Python; so a thread ends the
    process if it is still there after a while. All files are written whole.
    """
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return  # started to ignore it: nohup, a job in the background
    signal.signal(signal.SIGINT, _interrupt)
    if sys.platform == "win32":
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        threading.Thread(target=_watch, args=(reading,), daemon=True).start()
    except RuntimeError:
        signal.set_wakeup_fd(-1)  # no threads left: then without


def is_interrupted() -> bool:
    """Say whether Ctrl-C was pressed, whatever became of it."""
    return _interrupted.is_set()


def end_watch(code: int) -> None:
    """Nothing is left to interrupt: the exit code is known, and told.

    An interrupted process ends here. Python would wait for its threads; and where a
    library runs code from a text, as some do while they are imported, Python remembers
    the interruption as one that nobody caught, and ends by the signal itself.
    """
    _over.set()
    if _interrupted.is_set():
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code)
    if signal.getsignal(signal.SIGINT) is _interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # while Python shuts down


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _over.is_set() or _interrupted.is_set():
        return  # a second one is not to disturb who tidies up
    _interrupted.set()
    # Nothing is said about what the interruption breaks.
    sys.unraisablehook = lambda _: None
    threading.excepthook = lambda _: None
    if sys.platform == "win32":
        threading.Thread(target=_end, daemon=True).start()
    raise KeyboardInterrupt


def _watch(reading: int) -> None:
    """Wait for the signal, at once even while the main thread is busy."""
    while os.read(reading, 1) != bytes([signal.SIGINT]):
        pass
    _end()


def _end() -> None:
    """End soon, unless the process does by itself; what is finished is on the disk."""
    time.sleep(_GRACE_SECONDS)
    if not _over.is_set():
        os.write(2, b"ceasefire: interrupted\n")
    os._exit(_INTERRUPTED)
