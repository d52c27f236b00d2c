"""Files that are there whole or not at all, and that are checked when they are read.

What any command writes goes through `write_whole` or `together`: beside its place,
under a name that nobody can foresee, then synced, then renamed. So a reader, a full
disk or a `kill -9` meets the old file or the new one, never half of it, and no link
that somebody left in a folder is written through. What is read back later is told from
damage by checksums: of tables by those in a manifest, of a JSON object by its own
(`sealed`).
"""

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

from sim.errors import InputMissingError

_BEGIN, _END = ".ceasefire-", ".tmp"
_SEAL = "sha256"

Put: TypeAlias = Callable[[Path, bytes | str], Path]


def write_whole(
    path: Path,
    content: bytes | str,
    *,
    within: Path | None = None,
    lasting: bool = True,
) -> None:
    """Write one file as `together` does; errors as there."""
    with together(within, lasting=lasting) as put:
        put(path, content)


@contextlib.contextmanager
def together(within: Path | None = None, *, lasting: bool = True) -> Iterator[Put]:
    """Give a function that writes files, which take their places when all are written.

    It returns where a file is until then, to be looked at. If one cannot be written, or
    an error is raised within, all that was there stays as it was. Folders are made;
    below `within` none may be a link. A link in the place of a file is replaced, not
    followed. What need not survive a loss of power, because it is checked and made
    again, is not `lasting` and not synced. Raises InputMissingError with the file and
    the reason, if one cannot be written.
    """
    written: dict[Path, Path] = {}

    def put(path: Path, content: bytes | str) -> Path:
        make_folder(path.parent, within=within)
        data = content.encode("utf-8") if isinstance(content, str) else content
        with told_plainly(path):
            _refuse_other_kinds(path)
            beside = _beside(path)
            with beside.open("xb") as stream:  # a link of that name would be an error
                written[beside] = path
                stream.write(data)
                if lasting:
                    stream.flush()
                    os.fsync(stream.fileno())
            if path.is_file() and not path.is_symlink():
                with contextlib.suppress(OSError):
                    shutil.copymode(path, beside)
        return beside

    try:
        yield put
        for beside, path in list(written.items()):
            with told_plainly(path):
                beside.replace(path)
            del written[beside]
    finally:
        for beside in written:
            with contextlib.suppress(OSError):
                beside.unlink()


def link_or_copy(file: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the system has no such names."""
    beside = _beside(target)
    try:
        beside.hardlink_to(file)
        beside.replace(target)
    except OSError:
        write_whole(target, read_whole(file))
    finally:
        with told_plainly(target):  # it is left if both were one file before
            beside.unlink(missing_ok=True)


def make_folder(path: Path, *, within: Path | None = None) -> None:
    """Make a folder and those above it, none of them a link below `within`."""
    if within is not None:
        refuse_links(path, within)
    with told_plainly(path):
        path.mkdir(parents=True, exist_ok=True)


def refuse_links(path: Path, within: Path) -> None:
    """Raise InputMissingError if a path is a link, or one above it below `within`.

    A folder may come from somebody else; what is written to a link in it would go, and
    what is removed would be missing, elsewhere.
    """
    for part in (path, *path.parents):
        if part == within:
            return
        if part.is_symlink():
            raise InputMissingError(
                f"{part} is a link, and nothing is written through links: remove it"
            )


def append_to(path: Path) -> IO[bytes]:
    """Open a file of ours to append to it, without a buffer; a link is an error."""
    without_links = getattr(os, "O_NOFOLLOW", 0)
    return open(
        path,
        "ab",
        buffering=0,
        opener=lambda name, flags: os.open(name, flags | without_links, 0o666),
    )


def read_whole(path: Path, expected: str | None = None) -> bytes:
    """Return the bytes of a file; InputMissingError if it is missing or damaged."""
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise InputMissingError(f"{path} cannot be read: it is not a file")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputMissingError(f"{path} cannot be read: {reason}") from None
    if expected is not None and checksum(content) != expected:
        raise _damaged(path)
    return content


def _damaged(path: Path) -> InputMissingError:
    return InputMissingError(
        f"{path} is damaged or was changed after it was written (its checksum "
        "differs): make it again, or use an intact copy"
    )


def is_temporary(path: Path) -> bool:
    """Say whether a file is what `together` leaves behind when it is killed."""
    named = path.name.startswith(_BEGIN) and path.name.endswith(_END)
    return named and path.is_file() and not path.is_symlink()


def checksum(content: bytes) -> str:
    """Return the SHA-256 of a file's bytes, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def sealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data with its own checksum, as JSON files have it that are read back."""
    bare = {name: each for name, each in data.items() if name != _SEAL}
    # As it will be read back: names are texts there, and tuples lists.
    return {**bare, _SEAL: _checksum_of(json.loads(json.dumps(bare)))}


def unsealed(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file that was sealed, without its checksum.

    Raises InputMissingError if it is not there, cannot be read, is damaged, or has no
    checksum.
    """
    try:
        data = json.loads(read_whole(path))
    except ValueError as error:  # also of bytes that are no text
        raise InputMissingError(f"{path} cannot be read: {error}") from None
    except RecursionError:
        raise InputMissingError(f"{path} cannot be read: nested too deep") from None
    if not isinstance(data, dict):
        raise InputMissingError(f"{path} cannot be read: no JSON object")
    expected = data.pop(_SEAL, None)
    if expected is None:
        raise InputMissingError(
            f"{path} contains no checksum ({_SEAL}): it is damaged, from an older "
            "version, or a different kind of file"
        )
    if expected != _checksum_of(data):
        raise _damaged(path)
    return data


def _checksum_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of data, however they are spaced and ordered in a file."""
    return checksum(json.dumps(data, sort_keys=True).encode("ascii"))


def _beside(path: Path) -> Path:
    """Return a name in the same folder that is free, and that nobody can foresee."""
    return path.with_name(f"{_BEGIN}{secrets.token_hex(8)}{_END}")


def _refuse_other_kinds(path: Path) -> None:
    """Raise InputMissingError if a folder, pipe or device is in the place of a file."""
    with contextlib.suppress(FileNotFoundError):
        mode = path.lstat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
            what = "a folder" if stat.S_ISDIR(mode) else "no file"
            raise InputMissingError(f"{path} cannot be written: it is {what}")


@contextlib.contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn an error of the system into one line that names the file and the reason."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise InputMissingError(f"{path} cannot be written: {reason}") from None
