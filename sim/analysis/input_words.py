"""Paths of a scenario as a reader would say them: "Russia: belief, win probability"."""

from sim.analysis.words import display_name

# Blocks whose entries have names of their own.
_NAMED = {"parties": "", "chips": "", "offers": "offer "}
_LEFT_OUT = {"regimes", "value"}
_GROUPS = {"negotiation": "talks"}


def input_words(path: str) -> str:
    """Return a path in words; other than the path, it need not be unique.

    >>> input_words("parties.russia.belief.win_probability")
    'Russia: belief, win probability'
    >>> input_words("chips.kursk.regimes.collapse.loss_per_week")
    'Kursk: collapse, loss per week'
    >>> input_words("chips.kursk.value_to.russia"), input_words("front.step_km2")
    ('Kursk: value to Russia', 'front: step, km²')
    >>> input_words("negotiation.offers.thirty_days.monitoring")
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
    words = [_spaced(name) for name in names if name not in _LEFT_OUT]
    return head + ", ".join(words)


def number_words(number: float) -> str:
    """Return a number of an input with as many digits as one would say.

    >>> number_words(0.0005), number_words(1078.0), number_words(0.46)
    ('0.0005', '1,078', '0.46')
    """
    return f"{number:,.4g}" if abs(number) < 1e4 else f"{number:,.0f}"


def _spaced(name: str) -> str:
    return name.replace("_km2", ", km²").replace("_", " ")
