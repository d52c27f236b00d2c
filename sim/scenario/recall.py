"""The scenario of a file that a command has written, loaded again.

Such a file names the scenario by its id and hash, and holds the command, which has the
path of a file of the user's own, and what was changed by `--set`.
"""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.scenario.assign import parse_assignment
from sim.scenario.load import Loaded, load

# Commands whose first word is the scenario that they ran.
_OF_A_SCENARIO = frozenset({"run", "why"})


def recall(data: Mapping[str, Any], file: Path) -> Loaded:
    """Return the scenario that `data` of a file is about: `scenario_hash`, `command`.

    Raises
    ------
    KeyError, TypeError, ValueError
        If the data are not of such a file.
    InputMissingError, ScenarioError
        As `load`.
    UsageError
        If the scenario is another one by now.
    """
    command = str(data["command"])
    words = shlex.split(command)
    if words[1] in _OF_A_SCENARIO:
        given = [words[at + 1] for at, word in enumerate(words) if word == "--set"]
        loaded = load(words[2], set=dict(map(parse_assignment, given)))
    else:
        loaded = load(data["scenario"])
    if loaded.hash != data["scenario_hash"]:
        raise UsageError(
            f"{file}: its scenario is not {data['scenario']} as it is here; its own "
            f"command draws it: {command} --out DIR"
        )
    return loaded
