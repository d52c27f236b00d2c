"""What commands call a scenario, and what was changed in it since it was read."""

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from pydantic import BaseModel

from sim.batch.inputs import value_at
from sim.batch.settings import shown
from sim.scenario.library import known
from sim.scenario.load import Loaded
from sim.scenario.problems import KeyPath, dotted
from sim.scenario.yaml_file import quoted, read_text


def scenario_name(loaded: Loaded) -> str:
    """Return what a command calls a scenario: its id if shipped, or else its file."""
    file = loaded.files[-1]
    return file.stem if known().get(file.stem) == file else str(file)


def assignments(loaded: Loaded) -> Iterator[str]:
    """Yield `PATH=VALUE` of what was changed since the scenario was read."""
    changed = {
        path: about
        for path, about in loaded.sourced.annotations.items()
        if about.kind == "set"
    }
    for path, about in changed.items():
        if not any(path[:end] in changed for end in range(1, len(path))):
            kept = about.low is not None or about.high is not None
            # With its bounds left, the number alone was changed.
            name = (*path, "value") if kept and path[-1] != "value" else path
            yield f"{dotted(name)}={_text(loaded, path, number=kept)}"


def scenario_words(loaded: Loaded) -> list[str]:
    """Return the words of a command for a scenario and what was changed in it."""
    changed = (("--set", text) for text in assignments(loaded))
    return [scenario_name(loaded), *chain.from_iterable(changed)]


def _text(loaded: Loaded, path: KeyPath, *, number: bool) -> str:
    value: Any = value_at(loaded.scenario, path)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
        value = value["value"] if number else value
    if isinstance(value, float):
        return shown(value)
    if not isinstance(value, str):
        return json.dumps(value, default=str)  # which YAML reads as it is
    return value if read_text(value, "").data == value else quoted(value)
