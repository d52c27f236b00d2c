"""What brings warring parties to a ceasefire, simulated world by world.

>>> import sim
>>> names = sorted(name for name in dir(sim) if name in sim.__all__)
>>> names[:5]
['CeasefireModel', '__version__', 'compare', 'load', 'replay']
>>> names[5:]
['run', 'sweep', 'values', 'why']

A name is imported when it is first used, so `import sim` costs nothing and
`ceasefire --help` does not wait for numba or Mesa.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.api import load, replay, run, sweep, values
    from sim.comparison import compare
    from sim.explanation import why
    from sim.model import CeasefireModel

__version__ = "0.1.0"

__all__ = [
    "CeasefireModel",
    "__version__",
    "compare",
    "load",
    "replay",
    "run",
    "sweep",
    "values",
    "why",
]

_WHERE = {
    "CeasefireModel": "sim.model",
    "compare": "sim.comparison",
    "load": "sim.api",
    "replay": "sim.api",
    "run": "sim.api",
    "sweep": "sim.api",
    "values": "sim.api",
    "why": "sim.explanation",
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

    Python hangs each imported subpackage on its parent, so without this
    `from sim import sweep` would turn from the function into the folder `sim/sweep`
    as soon as anything imported from there. Code of ours writes
    `from sim.sweep.design import ...`, which does not pass through this name.
    """

    @property
    def sweep(self) -> object:
        return __getattr__("sweep")

    @sweep.setter
    def sweep(self, folder: ModuleType) -> None:
        """Leave the subpackage in `sys.modules`, where imports find it."""


sys.modules[__name__].__class__ = _Package
