"""`import sim` costs nothing, and each public name comes from where it is written."""

import subprocess
import sys

import pytest

import sim

HEAVY = ("matplotlib", "mesa", "numba", "numpy", "pandas", "pydantic", "scipy")


def python(code: str) -> str:
    """Output of a fresh interpreter; a failure there is shown here."""
    reply = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert reply.returncode == 0, reply.stderr
    return reply.stdout


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sim, sys; print([m for m in {HEAVY} if m in sys.modules])"
    assert python(code).strip() == "[]"


def test_a_function_is_never_the_module_of_its_name_in_whatever_order():
    code = """
import sys
import sim.api.sensitivity, sim.api.sweep, sim.batch, sim.theory
from sim import compare, sensitivity, sweep
import sim.api.compare
for name in ("compare", "sensitivity", "sweep"):
    here = globals()[name]
    assert here is getattr(sim, name) is getattr(sys.modules[f"sim.api.{name}"], name)
"""
    python(code)


@pytest.mark.parametrize("name", sorted(set(sim.__all__) - {"__version__"}))
def test_a_public_name_can_be_called(name):
    assert callable(getattr(sim, name))
    assert name in dir(sim)


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'armistice'"):
        _ = sim.armistice
