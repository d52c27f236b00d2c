"""What the page shows first: handed over by who starts the server, in one process."""

from sim.web.dashboard.choice import Choice

_first: list[Choice] = []


def begin_with(choice: Choice) -> None:
    """Let every page begin with a choice."""
    _first[:] = [choice]


def choice() -> Choice:
    """Return the choice that a page begins with."""
    return _first[0]
