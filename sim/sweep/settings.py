"""Settings of one varied path: `--vary PATH=FROM:TO:COUNT` and `PATH=a,b,c`."""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from numbers import Real
from typing import TypeAlias

from sim.errors import UsageError
from sim.given import plain, shortly
from sim.scenario.yaml_reader import quoted, read_text
from sim.sweep.ranges import Range, parse_range, spaced
from sim.sweep.structure import Structure, split

Setting: TypeAlias = float | str | bool | Structure | None
"""A number, a word (also a date), true or false, a list or mapping, or `null`."""

Choice: TypeAlias = tuple[Setting, ...] | Range
"""Settings of a path, or a range that a design draws from."""

_HOW = "needs PATH=FROM:TO:COUNT or PATH=a,b,c"


def parse_vary(text: str) -> tuple[str, Choice]:
    """Return path and settings of `PATH=FROM:TO:COUNT`, `PATH=a,b,c` or `PATH=FROM:TO`.

    >>> parse_vary("chips.kursk.area_km2=0:1000:5")
    ('chips.kursk.area_km2', (0.0, 250.0, 500.0, 750.0, 1000.0))
    >>> parse_vary("chips.kursk.regime=lull,collapse")
    ('chips.kursk.regime', ('lull', 'collapse'))
    >>> str(parse_vary("aid.level=0:1.5")[1])
    '0:1.5'

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
        return path, choice(values)
    except ValueError as error:
        raise UsageError(f"--vary {path}: {error}") from None


def choice(values: Iterable[object]) -> Choice:
    """Return a range if the text `FROM:TO` is given, or else settings.

    Raises
    ------
    ValueError
        With what is wrong, in words for the user.
    """
    if isinstance(values, str) and _colons(values) == 1:
        return parse_range(values)
    return settings(values)


def parse_settings(text: str) -> tuple[object, ...]:
    """Return the values of `FROM:TO:COUNT` or `a,b,c`; words are read as YAML is.

    >>> parse_settings("30, null, [hand_back]")
    (30, None, ['hand_back'])

    Raises
    ------
    ValueError
        With what is wrong, in words for the user.
    """
    if _colons(text) == 2:
        return spaced(text)
    words = [word.strip() for word in split(text)]
    if not all(words) or _colons(text):
        raise ValueError(f"{_HOW}, not {text.strip()!r}")
    found = []
    for word in words:
        document = read_text(word, "--vary")
        if document.problems:
            raise ValueError(document.problems[0].message)
        found.append(document.data)
    return tuple(found)


def _colons(text: str) -> int:
    """Return how many colons part numbers or dates; none within brackets or quotes."""
    return 0 if any(sign in text for sign in "[{'\"") else text.count(":")


def settings(values: Iterable[object]) -> tuple[Setting, ...]:
    """Return values of Python as settings: every number a float, none of them twice.

    Raises
    ------
    ValueError
        If there is none, one cannot be a setting, or one is given twice.
    """
    if isinstance(values, str):
        values = parse_settings(values)
    # By type as well: true is not 1, though Python takes them for equal.
    found: dict[tuple[type, Setting], None] = {}
    for value in values:
        setting = setting_of(value)
        if (type(setting), setting) in found:
            raise ValueError(f"{shown(setting)} is given twice")
        found[type(setting), setting] = None
    if not found:
        raise ValueError("has no values")
    return tuple(setting for _, setting in found)


def shown(setting: Setting) -> str:
    """Return a setting as one would write it after `--vary PATH=`.

    >>> [shown(each) for each in (250.0, 1e-05, "lull", None, True, "null")]
    ['250', '1e-05', 'lull', 'null', 'true', '"null"']
    """
    if isinstance(setting, Structure):
        return setting.text
    if setting is None or isinstance(setting, bool):
        return {None: "null", True: "true", False: "false"}[setting]
    if isinstance(setting, str):
        return _word(setting)
    whole = setting.is_integer() and abs(setting) < 1e15
    return str(int(setting)) if whole else repr(setting)


@lru_cache(maxsize=1024)
def _word(text: str) -> str:
    """Return a word as it is, in quotes if it would be read as something else."""
    try:
        plain = not set(text) & set("[]{},'\"") and parse_settings(text) == (text,)
    except ValueError:
        plain = False
    return text if plain else quoted(text)


def setting_of(value: object) -> Setting:
    """Return a value of Python as a setting; ValueError if it cannot be one."""
    value = plain(value)
    if isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        raise ValueError("half of a surrogate pair is not text")
    if value is None or isinstance(value, bool | str | Structure):
        return value
    if isinstance(value, Mapping | list | tuple):
        return Structure.of(value)
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Real):
        raise ValueError(f"a setting is a number or a word, not {shortly(value)}")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"a setting is a finite number, not {number:g}")
    return number + 0.0  # -0.0 becomes 0.0
