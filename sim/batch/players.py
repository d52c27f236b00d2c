"""Who takes part in a tournament: policies of a scenario, by name, and one's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.batch.settings import Structure, parse_settings, split
from sim.errors import UsageError
from sim.model.policies import Policy
from sim.model.state import POLICIES
from sim.scenario.arguments import several, shortly
from sim.scenario.references import did_you_mean

MOST_POLICIES = 12
# Those that need no more than their name.
BUILT_IN = tuple(name for name in POLICIES if name != "scripted")
_FILE = re.compile(r"(.+):([^\W\d]\w*)", re.DOTALL)


@dataclass(frozen=True)
class Player:
    """A policy that takes part, and what it is called in tables.

    `setting` is what a scenario says of a policy, `own` a class as `FILE.py:CLASS` or
    an object; one of them is None.
    """

    name: str
    setting: Structure | None = None
    own: str | Policy | None = None

    @property
    def text(self) -> str:
        """What a command calls it; of an object, its class."""
        if self.setting is not None:
            told = self.setting.data
            return str(told["name"]) if len(told) == 1 else self.setting.text
        return self.own if isinstance(self.own, str) else self.name


def players(given: object) -> tuple[Player, ...]:
    """Return who takes part: a text as after `--policies`, or a list.

    In a list are names of built-in policies, mappings as in a scenario, texts
    `FILE.py:CLASS`, classes and objects. UsageError if one is no policy, one is given
    twice, or there are too few or too many.

    >>> [each.name for each in players("best_response,{name: conceder, beta: 4}")]
    ['best response', 'conceder, beta 4']
    """
    is_text = isinstance(given, str)
    wanted = list(split(str(given))) if is_text else several("--policies", given)
    if not 2 <= len(wanted) <= MOST_POLICIES:
        raise UsageError(
            f"--policies: a tournament has 2 to {MOST_POLICIES} policies, not "
            f"{len(wanted)}"
        )
    found = [_player(each) for each in wanted]
    names = [each.name for each in found]
    # Classes of one name in different files are told apart by their files.
    found = [
        Player(each.text, each.setting, each.own)
        if names.count(each.name) > 1
        else each
        for each in found
    ]
    names = [each.name for each in found]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"--policies: {name} is given twice")
    return tuple(found)


def _player(given: object) -> Player:
    if isinstance(given, type) and issubclass(given, Policy):
        given = given()
    if isinstance(given, Policy):
        return Player(type(given).__qualname__, own=given)
    if isinstance(given, str):
        text = given.strip()
        if not text.startswith("{"):
            own = _FILE.fullmatch(text)
            return (
                _built_in({"name": text}) if own is None else Player(own[2], own=text)
            )
        try:
            (given,) = parse_settings(text)
        except ValueError as error:
            raise UsageError(f"--policies {text}: {error}") from None
    return _built_in(given)


def _built_in(given: object) -> Player:
    name = given.get("name") if isinstance(given, Mapping) else given
    if not isinstance(given, Mapping) or name not in POLICIES:
        raise UsageError(
            f"--policies: no policy {shortly(name)}{did_you_mean(str(name), POLICIES)} "
            f"({', '.join(BUILT_IN)}; a class of your own is FILE.py:CLASS)"
        )
    try:
        setting = Structure.of(given)
    except ValueError as error:
        raise UsageError(f"--policies: {error}") from None
    more = [f"{key} {given[key]}" for key in given if key != "name"]
    return Player(", ".join([str(name).replace("_", " "), *more]), setting)
