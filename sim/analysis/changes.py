"""What two scenarios do not have in common, value by value."""

from dataclasses import dataclass
from typing import Any

from sim.scenario.load import Loaded
from sim.scenario.provenance import known_paths


@dataclass(frozen=True)
class Change:
    """A value of a scenario that is another one in the scenario compared with.

    `now` and `was` are as in `show --json`, None where one of the two has no such
    value or it is null.
    """

    path: str
    now: Any
    was: Any
    added: bool = False
    removed: bool = False

    def __str__(self) -> str:
        """Return the change as a label.

        >>> str(Change("aid.level", 0.5, 1.0))
        'aid.level 0.5, was 1'
        >>> str(Change("chips.kursk.area_km2", 189.0, None, added=True))
        'chips.kursk.area_km2 189, was absent'
        """
        now = "absent" if self.removed else _shown(self.now)
        was = "absent" if self.added else _shown(self.was)
        return f"{self.path} {now}, was {was}"

    def to_dict(self) -> dict[str, Any]:
        """Return the change as plain data; absent values are null."""
        return {"path": self.path, "now": _plain(self.now), "was": _plain(self.was)}


def changed_fields(here: Loaded, first: Loaded) -> list[Change]:
    """Return the values that differ between two scenarios, prose and sources left out.

    In the order of the scenario; what only `first` has comes last.
    """
    now, was = known_paths(here), known_paths(first)
    found = [
        Change(
            path,
            now[path].value if path in now else None,
            was[path].value if path in was else None,
            added=path not in was,
            removed=path not in now,
        )
        for path in {**now, **was}
    ]
    return [
        each
        for each in found
        if each.added or each.removed or _plain(each.now) != _plain(each.was)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    return value if isinstance(value, bool | int | float | None) else str(value)


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:.10g}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{name}: {_shown(each)}" for name, each in value.items())
        return f"{{{inside}}}"
    return str(value)
