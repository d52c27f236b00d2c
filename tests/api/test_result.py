"""What every verb returns: saved, opened again, drawn and shown in the same way."""

import json

import pytest

import sim
from sim.batch.files import sealed
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
    if kind == "tournament":
        return sim.tournament(loaded, "best_response,hardliner", 5)
    return sim.sweep(loaded, {"aid.level": [0.5, 1.0]}, 5, within_days=10, series=2)


@pytest.mark.parametrize("kind", ["run", "why", "compare", "sweep", "tournament"])
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


@pytest.mark.parametrize(
    ("version", "why"), [(1, "land as shares of the stake"), (3, "is a later one")]
)
def test_what_another_format_kept_is_refused_with_its_command(version, why, tmp_path):
    made("sweep").save(tmp_path)
    file = tmp_path / "manifest.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    other = sealed({**kept, "schema_version": version})
    file.write_text(json.dumps(other), encoding="utf-8")
    told = f"schema_version is {version}, .*{why}.*made by ceasefire sweep {FLAGSHIP}"
    with pytest.raises(InputMissingError, match=told):
        sim.open_result(tmp_path)
    with pytest.raises(InputMissingError, match=told):
        sim.replay(tmp_path, 0, 0)
    with pytest.raises(InputMissingError, match=f"{told}.*--force replaces it"):
        sim.sweep(FLAGSHIP, {"aid.level": [0.5]}, 5, out=tmp_path)
