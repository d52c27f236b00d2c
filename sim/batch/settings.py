"""Settings of one varied path: `--vary PATH=FROM:TO:COUNT` and `PATH=a,b,c`."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from numbers import Real
from typing import Any, TypeAlias

from sim.errors import UsageError
from sim.scenario.arguments import plain, several, shortly
from sim.scenario.yaml_file import quoted, read_text

MOST_SETTINGS = 100_000


@dataclass(frozen=True)
class Range:
    """What lies between two ends, both among it; of dates, their days (`ordinal`)."""

    low: float
    high: float
    is_date: bool = False

    def __str__(self) -> str:
        """Return it as one writes it after `--vary PATH=`."""
        ends = (self.low, self.high)
        return ":".join(_day(end) if self.is_date else shown(end) for end in ends)

    def at(self, place: float, *, whole: bool) -> float | str:
        """Return the setting at a place in [0, 1) between the ends.

        Dates and whole numbers are equally likely each, both ends among them.

        >>> days = Range(738958.0, 738964.0, is_date=True)
        >>> days.at(0.0, whole=False), days.at(0.999, whole=False)
        ('2024-03-13', '2024-03-19')
        """
        if not (whole or self.is_date):
            return self.low + place * (self.high - self.low)
        number = self.low + math.floor(place * (self.high - self.low + 1))
        number = min(number, self.high)
        return _day(number) if self.is_date else float(number)


def parse_range(text: str) -> Range:
    """Return the range `FROM:TO`.

    >>> str(parse_range("2025-03-13:2025-04-13"))
    '2025-03-13:2025-04-13'

    Raises ValueError if the ends are not two numbers or two dates, the first below the
    second.
    """
    (low, high), is_date = _ends(text.split(":"))
    if low >= high:
        raise ValueError(f"FROM is below TO, not {text.strip()!r}")
    return Range(low, high, is_date)


def spaced(text: str) -> tuple[float | str, ...]:
    """Return COUNT equally spaced settings from FROM to TO, both among them.

    >>> spaced("0:0.3:4")
    (0.0, 0.1, 0.2, 0.3)
    >>> spaced("2025-03-13:2025-03-27:3")
    ('2025-03-13', '2025-03-20', '2025-03-27')
    """
    *ends, counted = text.split(":")
    (first, last), is_date = _ends(ends)
    try:
        count = int(counted)
    except ValueError:
        raise ValueError(f"COUNT is a whole number, not {counted.strip()!r}") from None
    if not 2 <= count <= MOST_SETTINGS:
        raise ValueError(f"COUNT is 2 to {MOST_SETTINGS:,}, not {count}")
    inner = [first + (last - first) * i / (count - 1) for i in range(1, count - 1)]
    if is_date:
        return tuple(_day(round(number)) for number in (first, *inner, last))
    # Twelve digits: 0.1 * 3 is written and compared as 0.3.
    return (first, *(float(f"{number:.12g}") for number in inner), last)


def _ends(words: list[str]) -> tuple[tuple[float, float], bool]:
    """Return both ends, and whether they are dates."""
    with suppress(ValueError):
        days = (date.fromisoformat(word.strip()) for word in words)
        first, last = (float(day.toordinal()) for day in days)
        return (first, last), True
    try:
        first, last = (float(word) for word in words)
    except ValueError:
        listed = " and ".join(repr(word.strip()) for word in words)
        raise ValueError(f"FROM and TO are numbers or dates, not {listed}") from None
    if not math.isfinite(last - first):
        raise ValueError(
            f"FROM, TO and the numbers between them must be finite, not {first:g} and "
            f"{last:g}"
        )
    return (first, last), False


def _day(ordinal: float) -> str:
    return date.fromordinal(int(ordinal)).isoformat()


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OPENING, _CLOSING = "[{", "]}"


@dataclass(frozen=True)
class Structure:
    """A list or mapping as one setting, by its text; `data` is what it holds.

    >>> made = Structure.of({"name": "hardliner", "premium_km2": 160})
    >>> made.text, made.data["premium_km2"]
    ('{name: hardliner, premium_km2: 160}', 160)
    """

    text: str

    @classmethod
    def of(cls, data: object) -> "Structure":
        """Return a list or mapping of plain data as a setting.

        Raises ValueError if something in it is no number, word, date, list or mapping,
        or it is nested too deep to be read again.
        """
        text = _written(data)
        problems = read_text(text, "").problems
        if problems:
            raise ValueError(f"cannot be a setting: {problems[0].message}")
        return cls(text)

    @property
    def data(self) -> Any:
        """The list or mapping."""
        return read_text(self.text, "").data


def split(text: str) -> Iterator[str]:
    """Yield what stands between commas, those within brackets or quotes apart.

    >>> list(split("[], [hand_back, aid_freeze], 'a, b'"))
    ['[]', ' [hand_back, aid_freeze]', " 'a, b'"]
    """
    depth, quote, begin, closed, escaped, before = 0, "", 0, -1, False, ""
    for i, letter in enumerate(text):
        if quote:
            if not escaped and letter == quote:
                quote, closed = "", i
            escaped = not escaped and letter == "\\" and quote == '"'
        elif letter in "'\"" and (
            before in ("", *",:[{")
            or (letter == "'" and closed == i - 1 and text[closed] == "'")
        ):
            quote = letter
        elif letter in _OPENING:
            depth += 1
        elif letter in _CLOSING:
            depth -= 1
        elif letter == "," and depth <= 0:
            yield text[begin:i]
            begin, before = i + 1, ""
            continue
        if not letter.isspace():
            before = letter
    yield text[begin:]


def _written(data: object) -> str:
    if isinstance(data, Mapping):
        entries = (f"{_written(str(name))}: {_written(data[name])}" for name in data)
        return f"{{{', '.join(entries)}}}"
    if isinstance(data, list | tuple):
        return f"[{', '.join(map(_written, data))}]"
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, str):
        plain = _PLAIN.fullmatch(data) and read_text(data, "").data == data
        return data if plain else quoted(data)
    try:
        return json.dumps(data, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError(f"a setting holds numbers and words, not {data!r}") from None


Setting: TypeAlias = float | str | bool | Structure | None
"""A number, a word (also a date), true or false, a list or mapping, or `null`."""

Choice: TypeAlias = tuple[Setting, ...] | Range
"""Settings of a path, or a range that a design draws from."""

HOW = "needs PATH=FROM:TO:COUNT or PATH=a,b,c"


def parse_vary(text: str) -> tuple[str, Choice]:
    """Return path and settings of `PATH=FROM:TO:COUNT`, `PATH=a,b,c` or `PATH=FROM:TO`.

    >>> parse_vary("chips.kursk.area_km2=0:1000:5")
    ('chips.kursk.area_km2', (0.0, 250.0, 500.0, 750.0, 1000.0))
    >>> parse_vary("chips.kursk.regime=lull,collapse")
    ('chips.kursk.regime', ('lull', 'collapse'))
    >>> str(parse_vary("aid.level=0:1.5")[1])
    '0:1.5'

    Raises UsageError if it is neither, or a setting is given twice.
    """
    path, equals, values = text.partition("=")
    path = path.strip()
    if not equals or not path:
        raise UsageError(f"--vary {HOW}, not {text!r}")
    return path, chosen(path, values)


def chosen(path: str, values: Iterable[object] | Range) -> Choice:
    """Return what `--vary` gives a path; UsageError if it is neither."""
    if isinstance(values, Range):
        return values
    given = values if isinstance(values, str) else several(f"--vary {path}", values)
    try:
        return choice(given)
    except (ValueError, TypeError) as error:
        raise UsageError(f"--vary {path}: {error}") from None


def to_draw_from(path: str, values: Iterable[object]) -> Iterable[object] | Range:
    """Return the range between the ends in a tuple of two numbers or days.

    So bounds are written where others sample, too; a list stays a list, as does what
    is parsed from a text. UsageError if the first end is not below the second.
    """
    ends = tuple(map(plain, values)) if isinstance(values, tuple) else ()
    if len(ends) != 2 or not all(
        isinstance(each, Real | date) and not isinstance(each, bool) for each in ends
    ):
        return values
    try:
        return parse_range(":".join(map(str, ends)))
    except ValueError as error:
        raise UsageError(f"--vary {path}: {error}") from None


def choice(values: Iterable[object]) -> Choice:
    """Return a range for the text `FROM:TO`, or settings; ValueError if neither."""
    if isinstance(values, str) and _colons(values) == 1:
        return parse_range(values)
    return settings(values)


def parse_settings(text: str) -> tuple[object, ...]:
    """Return the values of `FROM:TO:COUNT` or `a,b,c`; words are read as YAML is.

    >>> parse_settings("30, null, [hand_back]")
    (30, None, ['hand_back'])

    Raises ValueError with what is wrong, in words for the user.
    """
    if _colons(text) == 2:
        return spaced(text)
    words = [word.strip() for word in split(text)]
    if not all(words) or _colons(text):
        raise ValueError(f"{HOW}, not {text.strip()!r}")
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

    Raises ValueError if there is none, one cannot be a setting, or one is given twice.
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


def vary_words(vary: Mapping[str, Choice]) -> list[str]:
    """Return what varies as one writes it in a command."""
    words = []
    for path, chosen in vary.items():
        if isinstance(chosen, Range):
            text = str(chosen)
        else:
            text = ",".join(map(shown, chosen))
        words += ["--vary", f"{path}={text}"]
    return words
