"""The pages for users of Mesa, EMA and SALib: every example runs, from the top."""

import warnings

import pytest

from sim.model.mesa_model import CeasefireModel
from tests.docs import runner

pytestmark = pytest.mark.slow


def blocks(name):
    return runner.blocks(runner.page(name), "python")


# Later versions of Mesa call `iterations` by another name.
@pytest.mark.filterwarnings("ignore:The `iterations`:DeprecationWarning")
def test_the_examples_for_mesa_users_run(capsys):
    *examples, _ = blocks("for-mesa-users")
    assert len(examples) == 7
    names = {}
    for code in examples:
        exec(code, names)
        assert capsys.readouterr().out
    seeds = names["worlds"]["seed"]
    assert seeds.nunique() == len(seeds) == 5
    assert (
        abs(names["same"].to_numpy() - names["cells"]["payoff.russia_mean"])
    ).max() < (1e-9)


def test_the_page_of_solara_is_drawn_and_its_sliders_make_worlds():
    solara = pytest.importorskip("solara")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Mesa's and Solara's own
        names = {}
        exec(blocks("for-mesa-users")[-1], names)
        box, context = solara.render(names["page"], handle_error=False)
        assert box.children
        context.close()
    moved = CeasefireModel(
        **{"scenario": "kursk-2025-03-13", "seed": 3, "chips.kursk.area_km2": 250}
    )
    assert moved.days[0]["chips_km2"]["kursk"] == pytest.approx(250.0)


def test_the_examples_for_ema_and_salib_users_run(capsys):
    names = {}
    for code in blocks("for-ema-and-salib-users"):
        exec(code, names)
        assert capsys.readouterr().out
    area = names["drawn"].cells["chips.kursk.area_km2"]
    assert area.nunique() == 64
    assert 0 <= area.min() < area.max() <= 1000
    assert set(names["drawn"].cells["chips.kursk.regime"]) == {"lull", "collapse"}
