"""What is given to a public function, taken as the command line takes it.

Scalars of numpy and pandas, dates and paths of any kind count as Python's own; anything
else is refused in the words of the command line, before work begins. `name` is what
the command line calls it, such as `--seed`.
"""

import os
import reprlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from sim.errors import UsageError

LARGEST = 2**63 - 1  # of a seed or a replicate: an address of luck has no more bits
MOST_DAYS = 100_000  # by which a first truce counts
_WIDEST = 200


def option(argument: str) -> str:
    """Return what the command line calls an argument.

    >>> option("within_days")
    '--within-days'
    """
    return f"--{argument.replace('_', '-')}"


def plain(given: Any) -> Any:
    """Return a scalar, or what holds several, as Python's own; others as they are.

    >>> plain(datetime(2025, 3, 13)), plain(range(3)), plain(Decimal("0.5"))
    (datetime.date(2025, 3, 13), [0, 1, 2], 0.5)
    """
    if hasattr(given, "dtype") and hasattr(given, "tolist"):  # of numpy or pandas
        if given.dtype.kind == "M" and getattr(given, "ndim", 1) == 0:
            return _date_of(str(given))
        if getattr(given, "ndim", 1):
            return [plain(each) for each in given]
        return given.tolist()
    if isinstance(given, datetime):
        return _date_of(given.isoformat())
    if isinstance(given, Decimal):
        return float(given)
    if isinstance(given, range):
        return list(given)
    return os.fspath(given) if isinstance(given, os.PathLike) else given


def whole(name: str, given: object, least: int = 0, most: int = LARGEST) -> int:
    """Return a whole number.

    Raises
    ------
    UsageError
        If it is none, or is not from `least` to `most`; as do all others here.
    """
    found = plain(given)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, Integral):
        raise UsageError(f"{name} must be a whole number, not {shortly(given)}")
    number = int(found)
    if number < least:
        raise UsageError(f"{name} must be at least {least}, not {shortly(number)}")
    if number > most:
        raise UsageError(f"{name} must be at most {most:,}, not {shortly(number)}")
    return number


def number(name: str, given: object) -> float:
    """Return a finite number."""
    found = plain(given)
    if not isinstance(found, bool) and isinstance(found, Real):
        try:
            found = float(found)
        except OverflowError:
            found = float("inf")
        if abs(found) < float("inf"):
            return found
    raise UsageError(f"{name} must be a finite number, not {shortly(given)}")


def flag(name: str, given: object) -> bool:
    """Return yes or no."""
    found = plain(given)
    if isinstance(found, bool):
        return found
    raise UsageError(f"{name} is True or False, not {shortly(given)}")


def word(name: str, given: object) -> str:
    """Return a name."""
    if isinstance(given, str):
        return str(given)
    raise UsageError(f"{name} is a name, not {shortly(given)}")


def place(name: str, given: object) -> Path:
    """Return the path of a file or a folder."""
    if isinstance(given, str | os.PathLike):
        found = os.fspath(given)
        if isinstance(found, str) and "\0" not in found:
            return Path(found)
    raise UsageError(f"{name} is a path, not {shortly(given)}")


def day(name: str, given: object) -> date:
    """Return a day, from a date of any kind or a text such as "2025-02-28"."""
    try:
        return date.fromisoformat(str(plain(given)))
    except ValueError:
        raise UsageError(
            f"{name} is a day such as 2025-02-28, not {shortly(given)}"
        ) from None


def by_name(name: str, given: object, key: str = "path") -> dict[str, Any]:
    """Return values by path, or by something else; none if there is None."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return {str(path): value for path, value in given.items()}
    raise UsageError(f"{name} needs values by {key}, not {shortly(given)}")


def several(name: str, given: object) -> list[Any]:
    """Return what is in a list, an array or the like."""
    found = plain(given)
    if isinstance(found, Iterable) and not isinstance(found, str | bytes | Mapping):
        return list(found)
    raise UsageError(f"{name} needs a list of values, not {shortly(given)}")


def shortly(value: object) -> str:
    """Return what a value looks like, in one short line, whatever it is."""
    try:
        return " ".join(_Short.repr(plain(value)).split())[:_WIDEST]
    except Exception:  # its own method may be wrong as well
        return f"something of the class {type(value).__name__}"


def _date_of(text: str) -> date | str:
    """Return the day of a time at midnight, and any other time as it was."""
    rest = text[10:].strip("T0:.")
    try:
        return text if rest else date.fromisoformat(text[:10])
    except ValueError:
        return text


_Short = reprlib.Repr()
_Short.maxstring = _Short.maxother = 80
