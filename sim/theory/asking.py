"""Reading the inputs of a model: numbers or texts, checked together."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.scenario.names import did_you_mean
from sim.theory.describe import Input, Model

# A number as scenario files write them; Python's float() would take 1_000, too.
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_ENDLESS = ("inf", "+inf", ".inf", "infinity")


class _WrongError(Exception):
    """What is wrong with one value."""


def pairs(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Return the values of words `name=value`, and what is wrong with other words.

    >>> pairs(["N=10", "k", "N=12"])
    ({'N': '10'}, ["'k' is not name=value", 'N: is given twice'])
    """
    given: dict[str, str] = {}
    problems: list[str] = []
    for word in words:
        name, equals, value = (part.strip() for part in word.partition("="))
        if not equals or not name:
            problems.append(f"{_shown(word)} is not name=value")
        elif name in given:
            problems.append(f"{_printable(name)}: is given twice")
        else:
            given[name] = value
    return given, problems


def checked(
    model: Model, given: Mapping[str, object], problems: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a value for each input of a model, by the names of the paper.

    `problems` are mistakes that were found before; all are reported together.

    Raises
    ------
    UsageError
        With every input that is unknown, missing, no number or out of range.
    """
    found = list(problems)
    known = {each.name: each for each in model.inputs}
    for name in given:
        if name not in known:
            hint = did_you_mean(name, known) or _same_letter(name, known)
            found.append(f"{_printable(name)}: unknown input{hint}")
    values: dict[str, Any] = {}
    for name, each in known.items():
        if name not in given:
            if each.required:
                found.append(f"{name}: is missing: {each.meaning} ({each.allowed})")
            else:
                values[name] = each.default
            continue
        try:
            values[name] = _value(each, given[name])
        except _WrongError as wrong:
            found.append(f"{name}: {wrong}")
    # A bound may be another input, so ranges wait until all are read.
    outside = {}
    for name in [name for name in known if name in values and name in given]:
        if problem := _outside(known[name], values):
            outside[name] = f"{name}: {problem} ({known[name].allowed})"
    found += outside.values()
    sound = values.keys() - outside.keys()
    found += [
        f"{', '.join(rule.inputs)}: {rule.text}"
        for rule in model.rules
        if sound.issuperset(rule.inputs) and not rule.holds(values)
    ]
    if found:
        lines = "".join(f"\n  {problem}" for problem in found)
        raise UsageError(f"{model.name} takes {model.signature}{lines}")
    return values


def _same_letter(name: str, known: Iterable[str]) -> str:
    """Suggest `p` for `P`: one letter is like no other to `did_you_mean`."""
    near = [each for each in known if each.lower() == name.lower()]
    return f"; did you mean '{near[0]}'?" if near else ""


def _value(wanted: Input, given: object) -> Any:
    if wanted.kind == "file":
        if not isinstance(given, str | Path) or not str(given):
            raise _WrongError(f"needs the path of a file, not {_shown(given)}")
        return str(given)
    number = _number(given, may_be_endless=wanted.may_be_endless)
    if wanted.kind == "whole" and not number.is_integer() and math.isfinite(number):
        raise _WrongError(f"needs a whole number, not {_shown(given)}")
    return number


def _number(given: object, *, may_be_endless: bool = False) -> float:
    if isinstance(given, str):
        text = given.strip()
        if may_be_endless and text.lower() in _ENDLESS:
            return math.inf
        if not _NUMBER.fullmatch(text):
            raise _WrongError(f"needs a number, not {_shown(given)}")
        number = float(text)
    elif isinstance(given, bool) or not isinstance(given, int | float):
        raise _WrongError(f"needs a number, not {_shown(given)}")
    else:
        try:
            number = float(given)
        except OverflowError:
            number = math.nan
    if not math.isfinite(number) and not (may_be_endless and number == math.inf):
        raise _WrongError(f"needs a finite number, not {_shown(given)}")
    return number + 0.0  # -0.0 becomes 0.0


def _outside(wanted: Input, values: Mapping[str, Any]) -> str:
    """Say how a value is out of its range; "" if it is in it, or none can be told."""
    within, number = wanted.within, values[wanted.name]
    if within is None or (wanted.may_be_endless and number == math.inf):
        return ""
    return within.problem(number, values)


def _shown(value: object) -> str:
    """Return a value as a message shows it, as for scenario files."""
    from sim.scenario.fields import shown

    return shown(value)


def _printable(name: object) -> str:
    """Return a name without quotes, short and on one line."""
    return ascii(str(name)[:40])[1:-1]
