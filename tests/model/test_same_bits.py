"""The same bits everywhere: luck, and exp, log and the quantile, which are our own.

The digests are of many values, to their last bits. They hold compiled and as plain
Python, on every version of Python and numpy and on any processor; if one changes, so
do all worlds.
"""

import hashlib

import numpy as np
import pytest

from sim.model.formulas import elementary
from sim.model.rng import uniform

COUNT = 20_000
MASK = 2**63 - 1


def addresses():
    """Seed, replicate, step and stream, small and large, by a plain recurrence."""
    state = 1
    for i in range(COUNT):
        found = []
        for bits in (63, 63, 32, 32):
            state = (6364136223846793005 * state + 1442695040888963407) % 2**64
            # every other address has small numbers, as most worlds do
            found.append((state >> 1 & MASK) >> (63 - (bits if i % 2 else bits // 4)))
        yield found


def digest(values):
    content = np.array(values, dtype="<f8").tobytes()
    return hashlib.sha256(content).hexdigest()[:32]


@pytest.fixture(scope="module")
def uniforms():
    return [uniform(*address) for address in addresses()]


def test_every_address_gives_the_number_that_it_always_gave(uniforms):
    assert digest(uniforms) == "3d833c99bc825642711ae4d8fc3266ad"


def wide(u, v):
    """A number of any size, from two uniforms."""
    return (0.5 + 0.5 * u) * 2.0 ** int(2000 * v - 1000)


ARGUMENTS = {
    "exp": lambda u, v: 1450.0 * u - 742.0 if v < 0.5 else 2.0 * u - 1.0,
    "log": lambda u, v: wide(u, v) if v < 0.5 else 0.5 + u,
    "normal_quantile": lambda u, v: u if v < 0.8 else u * 2.0 ** int(-200 * v),
    "expit": lambda u, v: 70.0 * u - 35.0,
    "softplus": lambda u, v: 80.0 * u - 40.0,
    "logit": lambda u, v: u,
}
DIGESTS = {
    "exp": "71010fd5fc834bfa9853377ae7ef7232",
    "log": "90a26d1dbc60c8ad8031f8c17349e9d7",
    "normal_quantile": "0b2cf1896e43755f253852b7fab1e63e",
    "expit": "71cf5aa3c80dcdd738f04a49cf01d675",
    "softplus": "79ca007420d090ccafd5d21afb76aa6f",
    "logit": "63c877bd77b90623f12caad8e8ca5926",
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_argument_gives_the_bits_that_it_always_gave(uniforms, name):
    function, argument = getattr(elementary, name), ARGUMENTS[name]
    pairs = zip(uniforms[::2], uniforms[1::2], strict=True)
    values = [function(argument(u, v)) for u, v in pairs]
    assert np.isfinite(values).all()
    assert np.unique(values).size > 0.8 * len(values)
    assert digest(values) == DIGESTS[name]
