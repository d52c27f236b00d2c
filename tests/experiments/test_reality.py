"""The report about reality refuses what makes no sense."""

import pytest

from experiments.reality import report


def test_too_few_paths_are_refused(capsys):
    with pytest.raises(SystemExit) as refused:
        report.main(["--paths", "5"])
    assert refused.value.code == 2
    assert "at least 100" in capsys.readouterr().err
