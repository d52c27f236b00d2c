"""What the README says is in the table of claims, and the table says what comes out."""

import re

import pytest

from experiments.claims.headlines import HEADLINES
from experiments.claims.page import page
from experiments.claims.recompute import HOLDS, assumptions, draws_of, rare, under

pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def report(checkout):
    return (checkout / "docs" / "reports" / "claims.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def readme(checkout):
    return " ".join((checkout / "README.md").read_text(encoding="utf-8").split())


def test_every_assumption_has_a_row_and_every_headline_a_column(report):
    rows = [line for line in report.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [one.path for one in assumptions()]
    for row in rows:
        assert row.count("|") == 4 + len(HEADLINES)
    for headline in HEADLINES:
        said = f'**{headline.name}**: "{headline.says}"'
        assert said in " ".join(report.split())


def test_the_readme_counts_what_the_table_counts(report, readme):
    kursk, *_, level = re.findall(
        r"Of (\d+) changes it holds under (\d+), is not .*? flips under (\d+)",
        " ".join(report.split()),
    )
    assert f"in {kursk[1]} of {kursk[0]} cases" in readme
    rows = [row.split("|")[3] for row in report.splitlines() if row.startswith("| `")]
    sizes = [int(each) for row in rows for each in re.findall(r"[-+]\d+", row)]
    assert f"The size, {min(sizes)} to {max(sizes)}, does not stand" in readme
    assert level[2] == "8"
    assert "eight such moves take it above half" in readme


def test_headlines_come_out_as_the_table_says_with_the_scenarios_own_values(report):
    for headline in HEADLINES:
        [own] = under(headline, [{}])
        assert own.verdict == HOLDS
        before, after = (f"{100 * share:.0f}" for share in (own.before, own.after))
        assert f"own values {before} and {after} of 100" in " ".join(report.split())


def test_a_row_of_the_table_is_what_comes_out(report):
    [one] = [each for each in assumptions() if each.path == "territory_flow"]
    row = next(line for line in report.splitlines() if "`territory_flow` |" in line)
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    kursk = [f"{100 * each.change.estimate:+.0f}" for each in
             under(HEADLINES[0], draws_of([one])[1:])]  # fmt: skip
    assert [each.strip("(*)") for each in cells[2].split(", ")] == kursk
    levels = [f"{100 * each.share.estimate:.0f}" for each in rare(draws_of([one])[1:])]
    assert [each.strip("(*)") for each in cells[-1].split(", ")] == levels


def test_what_flips_is_bold_and_what_is_not_shown_in_brackets():
    inputs = assumptions()[:2]
    answers = {each.name: list(under(each, draws_of(inputs))) for each in HEADLINES}
    text = page(answers, list(rare(draws_of(inputs))), inputs)
    assert text.count("| `") == 2
    assert "holds under" in text
