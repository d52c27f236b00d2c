"""What brings warring parties to a ceasefire, simulated world by world.

>>> import sim
>>> names = sorted(name for name in dir(sim) if name in sim.__all__)
>>> names[:6]
['CeasefireModel', '__version__', 'backtest', 'calibrate', 'compare', 'conditions']
>>> names[6:]
['load', 'replay', 'run', 'sensitivity', 'sweep', 'values', 'why']

A name is imported when it is first used, so `import sim` costs nothing and
`ceasefire --help` does not wait for numba or Mesa.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.api.calibration import backtest, calibrate
    from sim.api.compare import compare
    from sim.api.discovery import conditions
    from sim.api.run import load, replay, run, sweep, values
    from sim.api.sensitivity import sensitivity
    from sim.api.why import why
    from sim.model.mesa_model import CeasefireModel

__version__ = "0.1.0"

__all__ = [
    "CeasefireModel",
    "__version__",
    "backtest",
    "calibrate",
    "compare",
    "conditions",
    "load",
    "replay",
    "run",
    "sensitivity",
    "sweep",
    "values",
    "why",
]

_WHERE = {
    "CeasefireModel": "sim.model",
    "backtest": "sim.api.calibration",
    "calibrate": "sim.api.calibration",
    "compare": "sim.api.compare",
    "conditions": "sim.conditions",
    "load": "sim.api",
    "replay": "sim.api",
    "run": "sim.api",
    "sensitivity": "sim.sensitivity",
    "sweep": "sim.api",
    "values": "sim.api",
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


class _Package(ModuleType):
    """The package itself: `sim.sweep` is the function, in whatever order of imports.

    Python hangs each imported module on its parent, so without this
    `from sim import sweep` would turn from the function into the folder `sim/sweep`
    as soon as anything imported from there. Code of ours writes
    `from sim.batch.design import ...`, which does not pass through this name.
    """

    def __setattr__(self, name: str, value: object) -> None:
        """Leave a module of a public name in `sys.modules`, where imports find it."""
        if not (name in _WHERE and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
