"""Settings of one varied path: `--vary PATH=FROM:TO:COUNT` and `PATH=a,b,c`."""

import math
from collections.abc import Iterable
from datetime import date
from numbers import Real
from typing import TypeAlias

from sim.errors import UsageError
from sim.scenario.yaml_reader import read_text

Setting: TypeAlias = float | str | bool | None
"""A number, a word, true or false, or nothing (`null`)."""

MOST_SETTINGS = 100_000

_HOW = "needs PATH=FROM:TO:COUNT or PATH=a,b,c"


def parse_vary(text: str) -> tuple[str, tuple[Setting, ...]]:
    """Return path and settings of `PATH=FROM:TO:COUNT` or `PATH=a,b,c`.

    >>> parse_vary("chips.kursk.area_km2=0:1000:5")
    ('chips.kursk.area_km2', (0.0, 250.0, 500.0, 750.0, 1000.0))
    >>> parse_vary("chips.kursk.regime=lull,collapse")
    ('chips.kursk.regime', ('lull', 'collapse'))

    Raises
    ------
    UsageError
        If it is neither, or a setting is given twice.
    """
    path, equals, values = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise UsageError(f"--vary {_HOW}, not {text!r}")
    try:
        return path, settings(parse_settings(values))
    except ValueError as error:
        raise UsageError(f"--vary {path}: {error}") from None


def parse_settings(text: str) -> tuple[object, ...]:
    """Return the values of `FROM:TO:COUNT` or `a,b,c`; words are read as YAML is.

    >>> parse_settings("30, null")
    (30, None)

    Raises
    ------
    ValueError
        With what is wrong, in words for the user.
    """
    if ":" in text:
        return spaced(text)
    words = [word.strip() for word in text.split(",")]
    if not all(words):
        raise ValueError(f"{_HOW}, not {text.strip()!r}")
    found = []
    for word in words:
        document = read_text(word, "--vary")
        if document.problems:
            raise ValueError(document.problems[0].message)
        found.append(document.data)
    return tuple(found)


def spaced(text: str) -> tuple[float, ...]:
    """Return COUNT equally spaced numbers from FROM to TO, both among them.

    >>> spaced("0:0.3:4")
    (0.0, 0.1, 0.2, 0.3)
    """
    parts = text.split(":")
    if len(parts) != 3:
        raise ValueError(f"{_HOW}, not {text.strip()!r}")
    try:
        first, last = float(parts[0]), float(parts[1])
        count = int(parts[2])
    except ValueError:
        raise ValueError(
            f"FROM and TO are numbers and COUNT a whole number, not {text.strip()!r}"
        ) from None
    if not (math.isfinite(first) and math.isfinite(last)):
        raise ValueError(f"FROM and TO are finite numbers, not {text.strip()!r}")
    if not 2 <= count <= MOST_SETTINGS:
        raise ValueError(f"COUNT is 2 to {MOST_SETTINGS:,}, not {count}")
    # Twelve digits: 0.1 * 3 is written and compared as 0.3.
    inner = (first + (last - first) * i / (count - 1) for i in range(1, count - 1))
    return (first, *(float(f"{number:.12g}") for number in inner), last)


def settings(values: Iterable[object]) -> tuple[Setting, ...]:
    """Return values of Python as settings: every number a float, none of them twice.

    Raises
    ------
    ValueError
        If there is none, one is not a number or a word, or one is given twice.
    """
    if isinstance(values, str):
        values = parse_settings(values)
    found: list[Setting] = []
    for value in values:
        setting = _setting(value)
        if any(_same(setting, other) for other in found):
            raise ValueError(f"{shown(setting)} is given twice")
        found.append(setting)
    if not found:
        raise ValueError("has no values")
    return tuple(found)


def shown(setting: Setting) -> str:
    """Return a setting as one would write it after `--vary PATH=`.

    >>> [shown(each) for each in (250.0, 1e-05, "lull", None, True)]
    ['250', '1e-05', 'lull', 'null', 'true']
    """
    if setting is None or isinstance(setting, bool):
        return {None: "null", True: "true", False: "false"}[setting]
    if isinstance(setting, str):
        return setting
    whole = setting.is_integer() and abs(setting) < 1e15
    return str(int(setting)) if whole else repr(setting)


def _setting(value: object) -> Setting:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Real):
        raise ValueError(f"a setting is a number or a word, not {value!r}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"a setting is a finite number, not {number:g}")
    return number + 0.0  # -0.0 becomes 0.0


def _same(one: Setting, other: Setting) -> bool:
    return type(one) is type(other) and one == other
