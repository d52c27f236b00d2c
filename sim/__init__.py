"""What brings warring parties to a ceasefire, simulated world by world.

>>> import sim
>>> names = sorted(name for name in dir(sim) if name in sim.__all__)
>>> names[:6]
['CeasefireModel', '__version__', 'backtest', 'calibrate', 'compare', 'conditions']
>>> names[6:11]
['infer', 'load', 'open_result', 'play', 'plot']
>>> names[11:]
['replay', 'run', 'sensitivity', 'sweep', 'tournament', 'values', 'why']

A name is imported when it is first used, so `import sim` costs nothing and
`ceasefire --help` does not wait for numba or Mesa.
"""

from importlib import import_module

__version__ = "0.1.0"

__all__ = [
    "CeasefireModel",
    "__version__",
    "backtest",
    "calibrate",
    "compare",
    "conditions",
    "infer",
    "load",
    "open_result",
    "play",
    "plot",
    "replay",
    "run",
    "sensitivity",
    "sweep",
    "tournament",
    "values",
    "why",
]

# The one table of the public verbs; their types are in __init__.pyi.
_WHERE = {
    "CeasefireModel": "sim.model.mesa_model",
    "backtest": "sim.api.calibration",
    "calibrate": "sim.api.calibration",
    "compare": "sim.api.compare",
    "conditions": "sim.api.discovery",
    "infer": "sim.api.inference",
    "load": "sim.scenario.load",
    "open_result": "sim.api.result",
    "play": "sim.api.play",
    "plot": "sim.api.figures",
    "replay": "sim.api.run",
    "run": "sim.api.run",
    "sensitivity": "sim.api.sensitivity",
    "sweep": "sim.api.sweep",
    "tournament": "sim.api.tournament",
    "values": "sim.analysis.values",
    "why": "sim.api.why",
}


def __getattr__(name: str) -> object:
    """Import the public name where it is written (PEP 562)."""
    if name not in _WHERE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    """Names already there, and those that would be imported when used."""
    return sorted(set(globals()) | set(__all__))
