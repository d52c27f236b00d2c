"""Luck by address: the published generator, and one address for each use."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import rng
from sim.model.rng import ONCE, open_uniform, philox, spot, uniform, uniform_pair

WORD = 0xFFFFFFFF
numbers = st.integers(0, 2**63 - 1)
words = st.integers(0, WORD)
SIDES = 2


def reference(counter, key):
    """Philox4x32-10 with Python's integers, as section 3.3 of the paper words it."""
    left0, right0, left1, right1 = counter
    key0, key1 = key
    for step in range(10):
        product0, product1 = 0xD2511F53 * left0, 0xCD9E8D57 * left1
        bump0 = (key0 + step * 0x9E3779B9) % 2**32
        bump1 = (key1 + step * 0xBB67AE85) % 2**32
        left0, right0, left1, right1 = (
            product1 // 2**32 ^ right0 ^ bump0,
            product1 % 2**32,
            product0 // 2**32 ^ right1 ^ bump1,
            product0 % 2**32,
        )
    return left0, right0, left1, right1


def middle(high, low):
    """The middle of one of 2^52 equal intervals, from two words."""
    return ((high * 2**20 + low // 2**12) * 2 + 1) / 2**53


def drawn(counter, key):
    return tuple(int(word) for word in philox(*map(np.uint64, (*counter, *key))))


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        (
            (0, 0, 0, 0),
            (0, 0),
            (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8),
        ),
        (
            (WORD, WORD, WORD, WORD),
            (WORD, WORD),
            (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
        ),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_the_generator_gives_its_published_test_vectors(counter, key, expected):
    assert drawn(counter, key) == expected


@given(st.tuples(words, words, words, words), st.tuples(words, words))
def test_the_generator_is_the_one_of_the_paper_for_every_counter(counter, key):
    assert drawn(counter, key) == reference(counter, key)


@given(numbers, numbers, words, st.integers(0, 2**31 - 1))
def test_a_uniform_depends_on_seed_replicate_step_and_stream(
    seed, replicate, step, block
):
    a, b, c, d = reference(
        (replicate % 2**32, replicate // 2**32, step, block),
        (seed % 2**32, seed // 2**32),
    )
    assert uniform(seed, replicate, step, 2 * block) == middle(a, b)
    assert uniform(seed, replicate, step, 2 * block + 1) == middle(c, d)


@given(numbers, numbers, words, st.integers(0, 2**31 - 1))
def test_a_pair_is_the_two_streams_of_its_block(seed, replicate, step, block):
    pair = uniform_pair(seed, replicate, step, block)
    one_by_one = (
        uniform(seed, replicate, step, 2 * block),
        uniform(seed, replicate, step, 2 * block + 1),
    )
    assert pair == one_by_one


@given(numbers, numbers, words)
def test_numbers_of_a_record_mean_what_python_numbers_mean(seed, replicate, step):
    fields = np.array([seed, replicate, step, rng.FRONT_MOVE])
    assert uniform(*fields) == uniform(seed, replicate, step, rng.FRONT_MOVE)


@given(words, words)
def test_no_uniform_is_zero_or_one(high, low):
    value = open_uniform(np.uint64(high), np.uint64(low))
    assert 0.0 < value < 1.0
    assert value == middle(high, low)


def test_the_outermost_uniforms_lie_equally_far_from_the_ends():
    zero, full = np.uint64(0), np.uint64(WORD)
    assert open_uniform(zero, zero) == 2.0**-53
    assert open_uniform(full, full) == 1.0 - 2.0**-53


def test_no_two_uses_of_chance_share_an_address():
    sides = range(SIDES)
    spots = [0, 1, 2, spot("kursk"), spot("thirty_days"), (1 << 24) - 1]
    in_a_step = [
        rng.FRONT_MOVE,
        rng.TRUCE_END,
        rng.AID_REVERT,
        rng.PROPOSER,
        rng.PARTIAL_END,
        *(rng.CHIP_MOVE + 4 * chip for chip in spots),
        *(rng.CHIP_SWITCH + 4 * chip for chip in spots),
        *(rng.CHIP_CAPTURE + 4 * chip for chip in spots),
        *(rng.ANSWER + 2 * offer + side for offer in spots for side in sides),
    ]
    once = [
        *(rng.COST + side for side in sides),
        *(rng.DECISION_NOISE + 2 * offer + side for offer in spots for side in sides),
    ]
    assert len(set(in_a_step)) == len(in_a_step)
    assert len(set(once)) == len(once)
    assert ONCE > 10**9, "no run has so many steps"


def test_what_is_drawn_together_shares_a_block():
    assert rng.CHIP_MOVE >> 1 == rng.CHIP_SWITCH >> 1


def test_uniforms_of_neighbouring_addresses_are_uniform_and_unrelated():
    n = 4000
    by_name = {
        "replicate": [uniform(0, i, 5, rng.FRONT_MOVE) for i in range(n)],
        "step": [uniform(0, 3, i, rng.FRONT_MOVE) for i in range(n)],
        "seed": [uniform(i, 3, 5, rng.FRONT_MOVE) for i in range(n)],
        "stream": [uniform(0, 3, 5, i) for i in range(n)],
    }
    for name, values in by_name.items():
        counts = np.histogram(values, bins=20, range=(0.0, 1.0))[0]
        chi_square = ((counts - n / 20) ** 2 / (n / 20)).sum()
        assert chi_square < 43.8, name  # exceeded once in a thousand, 19 degrees
        lagged = np.corrcoef(values[:-1], values[1:])[0, 1]
        assert abs(lagged) < 3.3 / np.sqrt(n), name
