"""Spoilt scenarios: none crashes, none takes long, those accepted run in range."""

import pytest

from tests.fuzz import SEED, fuzz, mutant


def test_a_mutant_is_made_again_from_its_seed_and_number():
    texts = ["id: a\ntitle: b\n", "id: c\n"]
    assert [mutant(texts, 1, i) for i in range(50)] == [
        mutant(texts, 1, i) for i in range(50)
    ]


@pytest.mark.slow
def test_mutants_are_refused_in_words_or_run_in_range():
    told, failures = fuzz(1_500)
    print(f"seed {SEED}: {dict(told)}")  # noqa: T201
    assert failures == []
    assert told["accepted"] > 75
    assert told["compiled"] > 7
    assert told["agents"] > 0
