"""How a published model is described: inputs, results, formula, source, lesson.

A description stands above the function that computes the model, and every input is
described where the function takes it:

>>> @model(
...     title="Half of it",
...     question="How much is half?",
...     results={"half": "half of the share"},
...     formula="half = S/2",
...     source="arithmetic",
...     teaches="Halves are small.",
...     example="S=0.5",
... )
... def half_of(share: float = takes("S", "a share", SHARE)) -> Results:
...     return {"half": share / 2.0}
>>> half_of.name, half_of.signature, half_of(share=0.5)
('half_of', 'S', {'half': 0.25})
"""

import inspect
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from sim.errors import UsageError
from sim.scenario.references import did_you_mean
from sim.scenario.types import shown

Results = dict[str, Any]
"""Numbers, truth values, words or lists by name; None for what does not exist."""


@dataclass(frozen=True)
class Range:
    """Numbers that an input may be; a bound may be the name of another input.

    >>> str(Range(0, 1)), str(Range(0, 1, above=True)), str(Range(1, "N"))
    ('0 to 1', 'above 0, at most 1', '1 to N')
    """

    low: float | str
    high: float | str = math.inf
    above: bool = False  # the lower bound itself is excluded
    below: bool = False  # the upper bound is

    def __str__(self) -> str:
        """Return the range in words."""
        low, high = _named(self.low), _named(self.high)
        if self.high == math.inf:
            return f"above {low}" if self.above else f"at least {low}"
        if not self.above and not self.below:
            return f"{low} to {high}"
        first = f"above {low}" if self.above else f"at least {low}"
        return f"{first}, {'below' if self.below else 'at most'} {high}"

    def problem(
        self, number: float, others: Mapping[str, float] = MappingProxyType({})
    ) -> str:
        """Say how a number is out of the range; "" if it is in it, or none can be told.

        `others` are the inputs that may be bounds, as far as they are known. This is
        the one check of numbers in this package: formulas compute without checking.

        >>> Range(0, 1).problem(1.5), Range(0, "N").problem(3, {"N": 2})
        ('1.5 is above 1', '3 is above N=2')
        """
        low, high = (_known(limit, others) for limit in (self.low, self.high))
        text = f"{number:.12g}"
        if low is not None and number < low:
            return f"{text} is below {_named(self.low, low)}"
        if low is not None and self.above and number == low:
            return f"{text} is not above {_named(self.low, low)}"
        if high is not None and number > high:
            return f"{text} is above {_named(self.high, high)}"
        if high is not None and self.below and number == high:
            return f"{text} is not below {_named(self.high, high)}"
        return ""


def _known(limit: float | str, others: Mapping[str, float]) -> float | None:
    """Return a bound as a number; None where it is an input that is not known."""
    return others.get(limit) if isinstance(limit, str) else float(limit)


def _named(limit: float | str, number: float | None = None) -> str:
    """Return a bound as text, one that is an input with its value if that is known."""
    if not isinstance(limit, str):
        return f"{limit:.12g}"
    return limit if number is None else f"{limit}={number:.12g}"


SHARE: Final = Range(0, 1)
INSIDE: Final = Range(0, 1, above=True, below=True)
# As the model keeps beliefs: where log-odds are of moderate size.
ODDS: Final = Range(1e-6, 1 - 1e-6)
# Closer to 1, the value of war would be mostly rounding.
DISCOUNT: Final = Range(1e-6, 1 - 1e-7)
FLOW: Final = Range(-10, 10)
COST: Final = Range(0, 10)


@dataclass(frozen=True)
class Input:
    """An input: its name in the paper, meaning, range, and its name in our code.

    An input that is not `required` is `default` when left out. A "file"
    is the path of a file, or the name of a shipped one.
    """

    name: str
    meaning: str
    within: Range | None
    kind: Literal["number", "whole", "file"]
    required: bool
    default: Any
    may_be_endless: bool
    argument: str = ""

    @property
    def allowed(self) -> str:
        """What the input may be, in words."""
        if self.kind == "file":
            return "a path or a name"
        whole = "whole, " if self.kind == "whole" else ""
        text = f"{whole}{self.within}"
        return f"{text}, or inf" if self.may_be_endless else text


def takes(
    name: str,
    meaning: str,
    within: Range | None = None,
    kind: Literal["number", "whole", "file"] = "number",
    *,
    default: Any = ...,
    may_be_endless: bool = False,
) -> Any:
    """Describe the input that a parameter is, in place of its default."""
    required = default is ...
    usual = None if required else default
    return Input(name, meaning, within, kind, required, usual, may_be_endless)


@dataclass(frozen=True)
class Rule:
    """What must hold between the inputs that `holds` takes; `text` says what does not.

    It is checked if all of them are there and in range.
    """

    holds: Callable[..., bool]
    text: str


@dataclass(frozen=True, kw_only=True)
class Model:
    """A published model: what it asks, takes and gives, and the function that does.

    `results` are their meanings by name, `inputs` those of the function, in order.
    """

    name: str
    title: str
    question: str
    inputs: tuple[Input, ...]
    results: Mapping[str, str]
    formula: str
    source: str
    teaches: str
    example: str
    rules: tuple[Rule, ...] = ()
    function: Callable[..., Results]

    def __call__(self, **given: Any) -> Results:
        """Compute results, with nothing checked, from inputs by their names in code."""
        usual = {each.argument: each.default for each in self.inputs}
        return self.function(**usual | given)

    @property
    def signature(self) -> str:
        """Names of the inputs in order, optional ones in brackets."""
        return " ".join(
            each.name if each.required else f"[{each.name}]" for each in self.inputs
        )


def model(**about: Any) -> Callable[[Callable[..., Results]], Model]:
    """Describe the function below as the model of its name; `about` as in `Model`."""

    def described(function: Callable[..., Results]) -> Model:
        inputs = tuple(
            replace(each.default, argument=name)
            for name, each in inspect.signature(function).parameters.items()
        )
        name = function.__name__
        return Model(name=name, inputs=inputs, function=function, **about)

    return described


# A number as scenario files write them; Python's float() would take 1_000, too.
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_ENDLESS = ("inf", "+inf", ".inf", "infinity")


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
            problems.append(f"{shown(word)} is not name=value")
        elif name in given:
            problems.append(f"{_printable(name)}: is given twice")
        else:
            given[name] = value
    return given, problems


def checked(
    model: Model, given: Mapping[str, object], problems: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a value for each input of a model, by the names of the paper.

    `problems` are mistakes that were found before; all are reported together, as one
    `UsageError`: every input that is unknown, missing, no number or out of range.
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
        except ValueError as wrong:
            found.append(f"{name}: {wrong}")
    # A bound may be another input, so ranges wait until all are read.
    outside = {}
    for name, each in known.items():
        if name not in values or name not in given or each.within is None:
            continue
        number = values[name]
        endless = each.may_be_endless and number == math.inf
        if not endless and (problem := each.within.problem(number, values)):
            outside[name] = f"{name}: {problem} ({each.allowed})"
    found += outside.values()
    sound = values.keys() - outside.keys()
    named = {each.argument: each.name for each in model.inputs}
    for rule in model.rules:
        names = [named[each] for each in inspect.signature(rule.holds).parameters]
        if sound.issuperset(names) and not rule.holds(*(values[n] for n in names)):
            found.append(f"{', '.join(names)}: {rule.text}")
    if found:
        lines = "".join(f"\n  {problem}" for problem in found)
        raise UsageError(f"{model.name} takes {model.signature}{lines}")
    return values


def _same_letter(name: str, known: Iterable[str]) -> str:
    """Suggest `p` for `P`: one letter is like no other to `did_you_mean`."""
    near = [each for each in known if each.lower() == name.lower()]
    return f"; did you mean '{near[0]}'?" if near else ""


def _value(wanted: Input, given: object) -> Any:
    """Return the value of an input; ValueError says what is wrong with it."""
    if wanted.kind == "file":
        if not isinstance(given, str | Path) or not str(given):
            raise ValueError(f"needs the path of a file, not {shown(given)}")
        return str(given)
    number = given
    if isinstance(given, str):
        text = given.strip()
        if wanted.may_be_endless and text.lower() in _ENDLESS:
            return math.inf
        number = float(text) if _NUMBER.fullmatch(text) else None
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise ValueError(f"needs a number, not {shown(given)}")
    try:
        number = float(number)
    except OverflowError:
        number = math.nan
    if wanted.may_be_endless and number == math.inf:
        return number
    if not math.isfinite(number):
        raise ValueError(f"needs a finite number, not {shown(given)}")
    if wanted.kind == "whole" and not number.is_integer():
        raise ValueError(f"needs a whole number, not {shown(given)}")
    return number + 0.0  # -0.0 becomes 0.0


def _printable(name: object) -> str:
    """Return a name without quotes, short and on one line."""
    return ascii(str(name)[:40])[1:-1]
