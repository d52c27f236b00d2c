"""Paths of a scenario as labels: "Russia: belief about the odds"."""

from sim.analysis.words import display_name

# Blocks whose entries have names of their own.
_NAMED = {"parties": "", "chips": "", "offers": "offer "}
_LEFT_OUT = {"regimes", "value"}
_GROUPS = {"negotiation": "talks"}


def short_name(path: str) -> str:
    """Return a path in words; other than the path, it need not be unique.

    >>> short_name("parties.russia.belief.win_probability")
    'Russia: belief about the odds'
    >>> short_name("chips.kursk.regimes.collapse.loss_per_week")
    'Kursk: collapse, loss per week'
    >>> short_name("chips.kursk.value_to.russia"), short_name("front.step_km2")
    ('Kursk: value to Russia', 'front: step, km²')
    >>> short_name("negotiation.offers.thirty_days.monitoring")
    'offer thirty days: monitoring'
    """
    names = path.split(".")
    if names[:2] == ["negotiation", "offers"]:
        names = names[1:]
    head = ""
    if len(names) > 2 and names[0] in _NAMED:
        shown = names[1] if names[0] == "offers" else display_name(names[1])
        head, names = f"{_NAMED[names[0]]}{_spaced(shown)}: ", names[2:]
    elif len(names) > 1:
        head, names = f"{_GROUPS.get(names[0], _spaced(names[0]))}: ", names[1:]
    if names[0] in ("value_to", "proposer_weights") and len(names) == 2:
        what = "value to" if names[0] == "value_to" else "weight as proposer,"
        return f"{head}{what} {display_name(names[1])}"
    if names == ["belief", "win_probability"]:
        return f"{head}belief about the odds"
    words = [_spaced(name) for name in names if name not in _LEFT_OUT]
    return head + ", ".join(words)


def short_number(number: float) -> str:
    """Return a number of an input with as many digits as one would say.

    >>> short_number(0.0005), short_number(1078.0), short_number(0.46)
    ('0.0005', '1,078', '0.46')
    """
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.0f}"


def _spaced(name: str) -> str:
    return name.replace("_km2", ", km²").replace("_", " ")
