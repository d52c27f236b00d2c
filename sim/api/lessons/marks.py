"""Numbers in the text of a lesson, each marked with what it is.

    at the start 35<!--100 * risk.0.4.war--> of 100 such demands are refused

The mark, which no reader of the page sees, follows the number. It is a name of
`numbers.json` or a sum or product of such; the number must be its value, rounded to the
digits printed. `{expression:.0f}` in `lesson.yaml` is written out in the same way.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

Numbers = Mapping[str, float]

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)?(?:(?<=\d)\.\d+|\.\d+|(?<=\d))"
_MARKED = re.compile(rf"(?P<sign>[-\u2212]?)(?P<text>{_NUMBER})<!--(?P<mark>.*?)-->")
# A minus belongs to a name where a setting is negative: `quick.-14.full_truce_share`.
_NAME = re.compile(r"[A-Za-z_](?:[\w.,]|(?<=[.,])-(?=\d))*\w")
_OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
# What may hold digits without a mark: code, comments, targets of links, list numbers,
# dates, other lessons, the 100 of counts, the confidence of an interval, references.
_FREE = re.compile(
    r"```.*?```|`[^`]*`|<!--.*?-->|\]\([^)]*\)|^\d\. "
    r"|\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December) \d{4}\b"
    r"|\b[Ll]essons? \d+(?: and \d+)?|\b95 %|\b100\b(?![.,]\d)|^# .*?$"
    r"|^## The paper behind it.*?(?=^## |\Z)",
    re.MULTILINE | re.DOTALL,
)


class Marked(NamedTuple):
    """A number of the text, its mark, and the line it stands in."""

    text: str
    mark: str
    line: int


def marked(page: str) -> list[Marked]:
    """Return the marked numbers of a page.

    >>> marked("from 0.25<!--base.low--> on")
    [Marked(text='0.25', mark='base.low', line=1)]
    """
    return [
        Marked(
            ("-" if found["sign"] else "") + found["text"],
            found["mark"].strip(),
            page.count("\n", 0, found.start()) + 1,
        )
        for found in _MARKED.finditer(page)
    ]


def unmarked(page: str) -> list[str]:
    """Return what has digits, no mark and no leave to be without.

    >>> unmarked("In March 2025, 3 of 4<!--a.b--> said `x=2`")
    ['3']
    """
    left = _FREE.sub(" ", _MARKED.sub(" ", page))
    return re.findall(r"\S*\d\S*", left)


def wrong(found: Marked, numbers: Numbers) -> str:
    """Return what is wrong with a number, or nothing.

    >>> wrong(Marked("0.3", "a.b", 7), {"a.b": 0.26})
    ''
    >>> wrong(Marked("0.30", "a.b", 7), {"a.b": 0.26})
    'line 7: 0.30 should be 0.26 (a.b)'
    """
    try:
        value = evaluate(found.mark, numbers)
    except ValueError as error:
        return f"line {found.line}: {error}"
    text = found.text.replace(",", "")
    digits = len(text.partition(".")[2])
    if abs(float(text) - value) <= 0.5 * 10.0**-digits + 1e-9:
        return ""
    return (
        f"line {found.line}: {found.text} should be {value:.{digits}f} ({found.mark})"
    )


def evaluate(expression: str, numbers: Numbers) -> float:
    """Return the value of a name, or of a sum or product of names.

    >>> evaluate("100 * (a.0.5.x - b.y)", {"a.0.5.x": 0.5, "b.y": 0.25})
    25.0
    >>> evaluate("a.-5.x - 2", {"a.-5.x": 3.0})
    1.0

    Raises
    ------
    ValueError
        If there is no such name, or it is no such expression.
    """

    def value_of(name: re.Match[str]) -> str:
        if name[0] not in numbers:
            raise ValueError(f"no number is called {name[0]!r}")
        return f"({numbers[name[0]]!r})"

    text = _NAME.sub(value_of, expression)
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, KeyError, ZeroDivisionError):
        raise ValueError(f"cannot compute {expression!r}") from None


def written_out(text: str, numbers: Numbers) -> str:
    """Return a text with each `{expression:format}` computed.

    >>> written_out("{100 * a.b:.0f} of 100", {"a.b": 0.254})
    '25 of 100'
    """

    def number(found: re.Match[str]) -> str:
        return format(evaluate(found[1], numbers), found[2])

    return " ".join(re.sub(r"\{([^{}:]*):([^{}]*)\}", number, text).split())


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp):
        operation = _OPERATIONS[type(node.op)]
        return operation(_value(node.left), _value(node.right))
    raise SyntaxError
