"""How formulas are compiled: `kernel`, and the folder where compiled code is kept.

Numba's own disk cache sees a change in the file of a function, but none in a function
that it calls from another file: a loop would go on computing the old theory while the
agents compute the new one. Here the folder is therefore named by a hash of all kernel
sources and of whatever else decides what the compiler makes of them.
"""

import contextlib
import hashlib
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from types import FunctionType
from typing import Any, Literal, TypeVar, cast, overload

import numba
import numpy as np
from numba.core import caching, serialize

F = TypeVar("F", bound=Callable[..., Any])

# Numba's types are written in part, and in which part depends on its version.
_config: Any = numba.config
_njit: Any = numba.njit
_FunctionCache: Any = caching.FunctionCache
_dumps: Any = serialize.dumps
_unliteral: Any = numba.types.unliteral

# A change in any of these files makes new compiled code; a kernel that lives
# elsewhere (a test, a notebook) is compiled afresh by each process. A kernel may
# use constants of these files only: compiled code keeps the values it has seen.
_PACKAGE = Path(__file__).resolve().parent.parent
_HOMES = ("core", "step", "engine")
_FILES = ("luck.py",)

# What a folder gone, a right withdrawn or a file cut short raises.
_UNREADABLE = (OSError, EOFError, UnpicklingError)

_KEPT_FOLDERS = 4
_KEPT_SECONDS = 24 * 3600.0

_log = logging.getLogger(__name__)
_decorating = threading.Lock()
_told = threading.Event()


@overload
def kernel(function: F, /) -> F: ...
@overload
def kernel(*, inline: Literal["never", "always"] = ...) -> Callable[[F], F]: ...
def kernel(
    function: F | None = None, /, *, inline: Literal["never", "always"] = "never"
) -> F | Callable[[F], F]:
    """Compile a function of plain numbers and records, keeping its Python meaning.

    No fast-math flag is set, so compiled code returns the bits that Python returns;
    a division by zero gives an infinity or a nan, as in numpy. The lock of the
    interpreter is released: threads run kernels side by side. `inline="always"` makes
    the compiler copy the function into its callers however large it is, which a loop
    needs to become vector code. With `NUMBA_DISABLE_JIT=1` the function is returned as
    it is.

    >>> @kernel
    ... def half(share: float) -> float:
    ...     return share / 2.0
    >>> half(0.5)
    0.25
    """
    if function is None:
        return lambda f: _compiled(f, inline)
    return _compiled(function, inline)


def _compiled(function: F, inline: str) -> F:
    if _config.DISABLE_JIT:
        return function
    # numba's own `inline` copies the source instead, to be typed anew by each caller
    always = inline == "always"
    options = {"error_model": "numpy", "nogil": True, "no_cfunc_wrapper": True}
    compiled = _njit(**options, forceinline=always)(function)
    _compile_constants_as_numbers(compiled)
    folder = cache_folder() if _is_hashed(Path(function.__code__.co_filename)) else None
    if folder is not None:
        kept = _cache_below(folder, function)
        if folder in Path(kept.cache_path).parents:
            compiled._cache = kept
    return cast(F, compiled)


def _compile_constants_as_numbers(compiled: Any) -> None:
    """Let calls that name a constant, f(x, 0), use the code of any other number.

    Numba would compile a kernel, and all it calls, once more for each constant.
    """
    find = compiled.get_call_template

    def plain(args: Any, kws: Any) -> Any:
        numbers = tuple(_unliteral(kind) for kind in args)
        return find(numbers, {name: _unliteral(kind) for name, kind in kws.items()})

    compiled.get_call_template = plain


def _cache_below(folder: Path, function: Callable[..., Any]) -> "_SharedCache":
    """Make numba's cache of one function; numba reads the folder at this moment only.

    The setting is put back at once, so that functions of other packages, and a
    `NUMBA_CACHE_DIR` of the user, go where they went before.
    """
    with _decorating:
        before = _config.CACHE_DIR
        _config.CACHE_DIR = str(folder)
        try:
            return _SharedCache(function)
        finally:
            _config.CACHE_DIR = before


class _SharedCache(_FunctionCache):  # type: ignore[misc]
    """Numba's cache of one function, for processes that compile at the same time.

    Numba replaces its files whole, but reads, extends and writes back the index of a
    function without a lock: two processes that add different signatures may leave an
    index that points to the code of the other.
    """

    def _index_key(self, sig: Any, codegen: Any) -> tuple[Any, ...]:
        """Name one signature; in numba's own name, kernels in a closure are unstable.

        A kernel made by a function from other kernels, as a chain of stages is, would
        be compiled and stored again by every process.
        """
        return sig, codegen.magic_tuple(), _identity(self._py_func)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code of one signature; None if there is none, or none readable."""
        with contextlib.suppress(*_UNREADABLE):
            return super().load_overload(sig, target_context)
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep one compiled signature; a full disk costs the copy, not the run."""
        try:
            Path(self.cache_path).mkdir(parents=True, exist_ok=True)
            with _locked(Path(self.cache_path) / "lock"):
                super().save_overload(sig, data)
        except _UNREADABLE as error:
            _notice(f"{self.cache_path}: {error!r}")


def _identity(value: Any) -> str:
    """Describe what code depends on beyond the sources, which the folder names."""
    function = getattr(value, "py_func", value)
    if not isinstance(function, FunctionType):
        return hashlib.sha256(_dumps(value)).hexdigest()
    code = function.__code__
    cells = [_identity(cell.cell_contents) for cell in function.__closure__ or ()]
    parts = [function.__module__, function.__qualname__, code.co_firstlineno, cells]
    return hashlib.sha256(repr(parts).encode() + code.co_code).hexdigest()


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system releases when the process ends, however it ends."""
    with path.open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
            try:
                yield
            finally:
                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            yield


@cache
def cache_folder() -> Path | None:
    """Return the folder of code compiled from today's sources; None if unwritable."""
    try:
        root = _cache_root()
        folder = root / source_hash()
        new = not folder.is_dir()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "used").touch()
        if new:
            _remove_old_folders(root, folder)
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home folder
        _notice(str(error))
        return None
    return folder


def _notice(reason: str) -> None:
    """Say once per process that each start will compile anew, which takes a while."""
    if not _told.is_set():
        _told.set()
        _log.warning("compiled code is not kept for the next start (%s)", reason)


def _cache_root() -> Path:
    """Return `$CEASEFIRE_CACHE_DIR`, or a place in the user's own cache folder."""
    chosen = os.environ.get("CEASEFIRE_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute() / "kernels"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library/Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "ceasefire-sim" / "kernels"


def source_hash() -> str:
    """Name the code: a hash of all kernel sources, versions and compiler settings.

    Numba's index of a function tells processors and versions of Python apart, too.
    """
    settings = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE")
    decides = [numba.__version__, np.__version__, str(sys.implementation.cache_tag)]
    decides += [repr(getattr(_config, name, None)) for name in settings]
    digest = hashlib.sha256(repr(decides).encode())
    for path in _sources():
        content = path.read_bytes()
        name = path.relative_to(_PACKAGE).as_posix()
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _sources() -> list[Path]:
    inside = [path for home in _HOMES for path in (_PACKAGE / home).rglob("*.py")]
    return sorted(inside + [_PACKAGE / name for name in _FILES])


def _is_hashed(path: Path) -> bool:
    """Tell whether the folder's name would change with this file."""
    inside = path.resolve()
    if not inside.is_relative_to(_PACKAGE):
        return False
    first = inside.relative_to(_PACKAGE).parts[0]
    return first in _HOMES or first in _FILES


def _remove_old_folders(root: Path, current: Path) -> None:
    """Remove all but the newest folders, and none that was used within a day.

    A process that still runs old code makes its folder again when it needs it, and
    two processes may remove the same folder at once.
    """

    def last_use(folder: Path) -> float:
        times = [0.0]  # of a folder that another process is removing
        for path in (folder, folder / "used"):
            with contextlib.suppress(OSError):
                times.append(path.stat().st_mtime)
        return max(times)

    others = [path for path in root.iterdir() if path.is_dir() and path != current]
    others.sort(key=last_use, reverse=True)
    for folder in others[_KEPT_FOLDERS - 1 :]:
        if time.time() - last_use(folder) > _KEPT_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
