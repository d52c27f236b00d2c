"""What every verb returns: saved, opened again, drawn and shown in the same way."""

import pytest

import sim
from sim.errors import InputMissingError, UsageError

FLAGSHIP = "kursk-2025-03-13"
SHORT = {"horizon_days": 20}


def made(kind):
    loaded = sim.load(FLAGSHIP, set=SHORT)
    if kind == "run":
        return sim.run(loaded)
    if kind == "why":
        return sim.why(loaded, 0, party="russia")
    if kind == "compare":
        return sim.compare(loaded, changes=[{"aid.level": 0.5}], replicates=5)
    return sim.sweep(loaded, {"aid.level": [0.5, 1.0]}, 5, within_days=10, series=2)


@pytest.mark.parametrize("kind", ["run", "why", "compare", "sweep"])
def test_a_result_is_saved_and_opened_again(kind, tmp_path):
    result = made(kind)
    result.save(tmp_path)
    again = sim.open_result(tmp_path)
    assert type(again) is type(result)
    assert again.manifest["scenario_hash"] == result.manifest["scenario_hash"]
    for name, table in result.tables.items():
        assert again.tables[name].to_csv() == table.to_csv()
    assert "not a forecast" in again._repr_html_()
    with pytest.raises(UsageError, match="would be overwritten"):
        result.save(tmp_path)
    for name in result.tables:
        file = tmp_path / name
        whole = file.read_bytes()
        file.write_bytes(b"another")
        with pytest.raises(InputMissingError, match=name):
            assert sim.open_result(tmp_path).tables
        file.write_bytes(whole)
