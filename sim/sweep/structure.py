"""Settings that are lists or mappings, written in brackets as YAML has them.

A party's conditions, who may make an offer, a policy with its parameters, a line at a
share: a cell may set each of them whole.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sim.scenario.yaml_reader import quoted, read_text

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_OPENING, _CLOSING = "[{", "]}"


@dataclass(frozen=True)
class Structure:
    """A list or mapping as one setting, by its text; `data` is what it holds.

    >>> made = Structure.of({"name": "hardliner", "premium": 0.02})
    >>> made.text, made.data["premium"]
    ('{name: hardliner, premium: 0.02}', 0.02)
    """

    text: str

    @classmethod
    def of(cls, data: object) -> "Structure":
        """Return a list or mapping of plain data as a setting.

        Raises
        ------
        ValueError
            If something in it is no number, word, date, list or mapping, or it is
        nested too deep to be read again.
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
