"""The reports on the inference come out of their commands, as their numbers have it."""

import re

import numpy as np
import pytest

from experiments.inference import record, report
from experiments.inference.calibration import INPUTS, QUANTITIES
from experiments.inference.ranks import BINS
from experiments.inference.truths import seen, truths
from experiments.inference.variants import VARIANTS, WEIGHTS, space

MISCODED = 0.02


def test_truths_have_luck_of_their_own_and_the_first_are_those_of_fewer():
    whole = space(VARIANTS[0], seed=1, worlds=2)
    few, more = (truths(whole, n, miscoded=MISCODED, seed=3) for n in (40, 60))
    assert (few.places == more.places[:40]).all()
    for one, other in zip(few.patterns, more.patterns, strict=True):
        assert (one == other[:40]).all()
        assert set(np.unique(one)) <= {0, 1}
    case = whole.cases[whole.told_by]
    same = np.repeat(few.places[:1], 30, axis=0)
    shared = seen(whole, case, same)
    assert (shared.begun == shared.begun[0]).all()
    own = seen(whole, case, same, own_luck=True)
    assert not (own.said == own.said[0]).all()
    assert (own.said[0] == shared.said[0]).all()  # replicates 0 and 1


def test_worlds_of_ones_own_do_not_depend_on_blocks():
    whole = space(VARIANTS[0], seed=1, worlds=2)
    case, places = whole.cases[0], whole.places(6)
    at_once = whole.see(case, places, own_luck=True)
    later = whole.see(case, places[4:], first=4, own_luck=True)
    assert (at_once.said[4:] == later.said).all()


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_variants_change_both_scenarios_and_nothing_else(variant):
    shipped, found = (space(each, seed=1, worlds=2) for each in (VARIANTS[0], variant))
    assert set(shipped.paths) - set(found.paths) == set(variant.fixed)
    assert set(variant.fixed) <= set(WEIGHTS)
    for case in found.cases:
        sides = [case.loaded.scenario.parties[name] for name in ("russia", "ukraine")]
        wanted = "quantal" if variant.changes else "best_response"
        assert [each.policy.name for each in sides] == [wanted] * 2
        assert [each.bargaining_weight for each in sides] == [0.0, 0.0]


def test_inputs_that_are_ranked_are_inputs():
    assert set(INPUTS) <= set(space(VARIANTS[0], seed=1, worlds=2).paths)


@pytest.mark.parametrize(
    ("module", "words", "said"),
    [
        (report, ["--truths", "5"], "--truths must be at least 20"),
        (report, ["--sets", "5"], "--sets must be at least 64"),
        (record, ["--sets", "5"], "--sets must be at least 64"),
    ],
)
def test_too_few_are_refused(module, words, said, capsys):
    with pytest.raises(SystemExit) as stop:
        module.main(words)
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def headings(text):
    return re.findall(r"^#+ .*$", text, flags=re.M)


@pytest.mark.slow
@pytest.mark.compiled
def test_the_report_and_its_figure_come_out_of_the_command(tmp_path, checkout):
    page, figure = tmp_path / "page.md", tmp_path / "ranks.svg"
    words = ["--truths", "20", "--sets", "64", "--out", str(page)]
    words += ["--figure", str(figure), "--kept", str(tmp_path / "kept")]
    assert report.main(words) == 0
    text = page.read_text(encoding="utf-8")
    assert "`python -m experiments.inference.report --truths 20 --sets 64`" in text
    kept = (checkout / report.OUT).read_text(encoding="utf-8")
    shown = [each for each in headings(kept) if "truths" not in each]
    assert [each for each in headings(text) if "truths" not in each] == shown
    drawn = figure.read_text(encoding="utf-8")
    for counts in re.findall(r": ([\d, ]+)\.", drawn):
        numbers = [int(each) for each in counts.split(",")]
        if len(numbers) == BINS:
            assert sum(numbers) == 20
    # again, from what was kept: the same
    assert report.main(words) == 0
    assert page.read_text(encoding="utf-8") == text
    assert figure.read_text(encoding="utf-8") == drawn


@pytest.mark.slow
@pytest.mark.compiled
def test_what_the_record_tells_comes_out_of_its_command(tmp_path, checkout):
    page = tmp_path / "page.md"
    assert record.main(["--sets", "300", "--out", str(page)]) == 0
    text, kept = (
        each.read_text(encoding="utf-8") for each in (page, checkout / record.OUT)
    )
    assert headings(text) == headings(kept)
    assert "`python -m experiments.inference.record --sets 300`" in " ".join(
        text.split()
    )


def test_the_figure_that_is_shown_is_that_of_the_page_that_is_shown(checkout):
    page = (checkout / report.OUT).read_text(encoding="utf-8")
    drawn = (checkout / report.FIGURE).read_text(encoding="utf-8")
    [truths_] = re.findall(r"^## Ranks of (\d+) truths$", page, flags=re.M)
    rows = [
        [int(each) for each in counts.split(",")]
        for counts in re.findall(r": (\d+(?:, \d+)+)\.", drawn.partition("</desc>")[0])
    ]
    assert len(rows) == len(QUANTITIES)
    assert {sum(row) for row in rows} == {int(truths_)}
    assert {len(row) for row in rows} == {BINS}


def test_what_the_page_says_of_facts_is_of_the_shipped_ones(checkout):
    text = (checkout / record.OUT).read_text(encoding="utf-8")
    shipped = record.load_facts(record.FACTS).content.facts
    table = text.partition("## Which facts mattered")[2].partition("\n## ")[0]
    names = [cells(line)[0] for line in table.splitlines() if line.startswith("|")]
    assert names[2:] == [fact.id.replace("_", " ") for fact in shipped]
    with_more = record.with_questions().content.facts
    start = record.load(record.SCENARIO).scenario.start_date
    assert all(each.date > start for each in with_more[len(shipped) :])
