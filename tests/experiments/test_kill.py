"""A sweep killed at a random moment loses nothing, whoever computes it."""

import sys
from importlib.util import find_spec

import pytest

from experiments.benchmarks import kill


@pytest.mark.slow
@pytest.mark.compiled
@pytest.mark.skipif(sys.platform != "linux", reason="looks for workers in /proc")
@pytest.mark.parametrize("case", kill.CASES)
def test_a_killed_sweep_ends_with_the_same_files(case, capsys):
    if case.startswith("dask") and find_spec("distributed") is None:
        pytest.skip("Dask is not installed")
    assert kill.main(["1", "--case", case, "--seed", "7"]) == 0
    assert capsys.readouterr().out.split()[-1] == "1/1"
