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
import pickle
import secrets
import shutil
import stat
import sys
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, Literal, TypeVar, cast, overload

import numba
import numpy as np
from numba.core import caching, compiler, serialize
from platformdirs import user_cache_path

from sim.model.linking import let_kernels_join, rebuilt

F = TypeVar("F", bound=Callable[..., Any])

# Numba's types are written in part, and in which part depends on its version.
_config: Any = numba.config
_njit: Any = numba.njit
_NullCache: Any = caching.NullCache
_CompileResult: Any = compiler.CompileResult
_dumps: Any = serialize.dumps
_unliteral: Any = numba.types.unliteral

# A change in any file of the model but these makes new compiled code; a kernel that
# lives elsewhere (a test, a notebook) is compiled afresh by each process. A kernel may
# use constants of those files only: compiled code keeps the values it has seen.
_HOME = Path(__file__).resolve().parent
_NO_KERNELS = (
    "agents.py",
    "events.py",
    "mesa_model.py",
    "parameters.py",
    "policies.py",
    "policy_files.py",
    "users_code.py",
    "world.py",
)

_KEPT_FOLDERS = 4
_KEPT_SECONDS = 24 * 3600.0
_CHECKSUM_BYTES = hashlib.sha256().digest_size

_log = logging.getLogger(__name__)
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
    options = {
        "error_model": "numpy",
        "nogil": True,
        "no_cfunc_wrapper": True,
        # numba's `inline` copies the source instead, to be typed anew by each caller
        "forceinline": inline == "always",
    }
    compiled = _njit(**options)(function)
    inner = let_kernels_join(compiled, function, **options)
    _compile_constants_as_numbers(compiled)
    if _is_hashed(Path(function.__code__.co_filename)):
        folder = cache_folder()
        if folder is not None:
            compiled._cache = _Kept(function, folder)
            if inner is not None:
                inner._cache = _Kept(function, folder, "inner", rebuilt)
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


class _Kept(_NullCache):  # type: ignore[misc]
    """Compiled code of one function: a file for each signature, checked when read.

    A file begins with the checksum of all that follows and of what it is for: these
    sources, this function and signature, this processor. So one that is damaged, or
    was made for something else, is compiled anew and replaced; its code never runs.
    Files are replaced whole and none depends on another: there is nothing to lock.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        folder: Path,
        form: str = "entered",
        rebuild: Callable[..., Any] | None = None,
    ) -> None:
        name = f"{function.__module__}.{function.__qualname__}"
        name = name.replace("<", "").replace(">", "")  # Windows forbids them
        self._start = f"{name}-{function.__code__.co_firstlineno}.{form}"
        self._identity = form, _identity(function)
        self._folder = folder
        self._rebuild = rebuild or _rebuild_entered

    @property
    def cache_path(self) -> str:
        """The folder, for numba's statistics."""
        return str(self._folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the code of one signature; None if there is none, or none intact."""
        target_context.refresh()
        name = self._name(sig, target_context.codegen())
        try:
            content = _read_own(self._path(name))
        except OSError:
            return None
        checksum, data = content[:_CHECKSUM_BYTES], content[_CHECKSUM_BYTES:]
        if checksum != _checksum(name, data):
            return None
        kept_for, payload = pickle.loads(data)
        if kept_for != sig:
            return None
        return self._rebuild(target_context, payload)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep one compiled signature; a full disk costs the copy, not the run."""
        if data.library.has_dynamic_globals:
            return  # it holds addresses of this process
        name = self._name(sig, data.codegen)
        content = _dumps((sig, data._reduce()))
        try:
            _write_whole(self._path(name), _checksum(name, content) + content)
        except OSError as error:
            _notice(f"{self._folder}: {error.strerror or error}")

    def _name(self, sig: Any, codegen: Any) -> str:
        """Name what the code is for, in words that every process writes alike."""
        return repr((self._folder.name, self._identity, sig, codegen.magic_tuple()))

    def _path(self, name: str) -> Path:
        short = hashlib.sha256(name.encode()).hexdigest()[:16]
        return self._folder / f"{self._start}.{short}.nbc"


def _rebuild_entered(target_context: Any, payload: Any) -> Any:
    return _CompileResult._rebuild(target_context, *payload)


def _checksum(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + data).digest()


def _read_own(path: Path) -> bytes:
    """Read a file that nobody else can have written; OSError if it is another."""
    # A pipe in its place would keep us waiting.
    way = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, way), "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or _open_to_others(about):
            raise PermissionError(f"{path} may be from somebody else")
        return file.read()


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file that others may read, but not write, under a temporary name."""
    path.parent.mkdir(mode=0o755, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    way = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(beside, way, 0o644), "wb") as file:
        try:
            file.write(content)
            file.close()
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def _open_to_others(about: os.stat_result) -> bool:
    """Say whether others own something or may write to it; the system's own may."""
    if sys.platform == "win32":
        return False  # its rights are not in these numbers; the folder is the user's
    return about.st_uid not in (0, os.getuid()) or bool(about.st_mode & 0o022)


def _identity(value: Any) -> str:
    """Describe what code depends on beyond the sources, which the folder names."""
    function = getattr(value, "py_func", value)
    if not isinstance(function, FunctionType):
        return hashlib.sha256(_dumps(value)).hexdigest()
    code = function.__code__
    cells = [_identity(cell.cell_contents) for cell in function.__closure__ or ()]
    parts = [function.__module__, function.__qualname__, code.co_firstlineno, cells]
    return hashlib.sha256(repr(parts).encode() + code.co_code).hexdigest()


@cache
def cache_folder() -> Path | None:
    """Return the folder of code compiled from today's sources; None if not to be used.

    What is there is run, so nobody else may write there. It may be one that cannot be
    written to: code is read from it all the same.
    """
    try:
        root = _cache_root()
        folder = root / source_hash()
        new = not folder.exists()
        root.parent.parent.mkdir(parents=True, exist_ok=True)
        for path in (root.parent, root, folder):
            path.mkdir(mode=0o755, exist_ok=True)
            if _open_to_others(path.stat()):
                _notice(
                    f"{path} belongs to somebody else or others may write to it, so "
                    "code there is not run"
                )
                return None
        if new:
            _remove_old_folders(root, folder)
    except (OSError, RuntimeError) as error:  # RuntimeError: no such home folder
        _notice(str(error))
        return None
    with contextlib.suppress(OSError):
        (folder / "used").touch()
    return folder


def _notice(reason: str) -> None:
    """Say once per process that each start will compile anew, which takes a while."""
    if not _told.is_set():
        _told.set()
        _log.warning("compiled code is not kept for the next start (%s)", reason)


def _cache_root() -> Path:
    """Return `$CEASEFIRE_CACHE_DIR/kernels`, or one in the user's own cache folder."""
    chosen = os.environ.get("CEASEFIRE_CACHE_DIR")
    if chosen:
        return Path(chosen).expanduser().absolute() / "kernels"
    own = user_cache_path("ceasefire-sim", appauthor=False)
    if not own.is_absolute():
        # No home folder is known. This would be whatever folder we are in.
        raise OSError(f"{own} is no folder of yours; set CEASEFIRE_CACHE_DIR")
    return own / "kernels"


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
        name = path.relative_to(_HOME).as_posix()
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _sources() -> list[Path]:
    return sorted(path for path in _HOME.rglob("*.py") if path.name not in _NO_KERNELS)


def _is_hashed(path: Path) -> bool:
    """Tell whether the folder's name would change with this file."""
    inside = path.resolve()
    return inside.is_relative_to(_HOME) and inside.name not in _NO_KERNELS


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
