"""Objects through a pipe to another process, each after its length."""

import pickle
import struct
from typing import IO, Any

_LENGTH = struct.Struct(">Q")


def packed(thing: object) -> bytes:
    """Return an object as bytes, which `pickle.loads` reads."""
    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def send(stream: IO[bytes], content: bytes) -> None:
    """Write a message; OSError if nobody is there to read it."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read a message.

    Raises
    ------
    EOFError
        If the other side is gone, perhaps in the middle of it.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return _exactly(stream, length)


def receive_object(stream: IO[bytes]) -> Any:
    """Read a message and return the object in it; errors as `receive`."""
    return pickle.loads(receive(stream))


def _exactly(stream: IO[bytes], size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError("the other side is gone")
    return content
