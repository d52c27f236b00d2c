"""What the findings say is in the table of claims, which says what comes out."""

import re

import pytest

from experiments.claims.headlines import (
    BEGUN,
    HEADLINES,
    REPLICATES,
    SCENARIO,
    SEED,
    STOPPED,
)
from experiments.claims.page import page
from experiments.claims.recompute import HOLDS, assumptions, draws_of, rare, under
from sim import sweep

pytestmark = pytest.mark.compiled


@pytest.fixture(scope="module")
def report(checkout):
    return (checkout / "docs" / "reports" / "claims.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def findings(checkout):
    page = checkout / "docs" / "findings.md"
    return " ".join(page.read_text(encoding="utf-8").split())


def test_every_assumption_has_a_row_and_every_headline_a_column(report):
    rows = [line for line in report.splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == [one.path for one in assumptions()]
    for row in rows:
        assert row.count("|") == 4 + len(HEADLINES)
    for headline in HEADLINES:
        said = f'**{headline.name}**: "{headline.says}"'
        assert said in " ".join(report.split())


def test_the_findings_count_what_the_table_counts(report, findings):
    pause, stop, *_ = re.findall(
        r"Of (\d+) changes it holds under (\d+), is not .*? flips under (\d+)",
        " ".join(report.split()),
    )
    assert f"in {pause[1]} of {pause[0]} cases, the second in {stop[1]}" in findings
    assert (pause[2], stop[2]) == ("0", "1")
    assert "and in one it turns round" in findings
    told = []
    rows = [row.split("|") for row in report.splitlines() if row.startswith("| `")]
    for column in (3, 4):
        cells = [int(n) for row in rows for n in re.findall(r"[-+]?\d+", row[column])]
        told.append(f"{min(cells)} to {max(cells)}")
    assert f"**The sizes do not**: {told[0]} and {told[1]} more worlds" in findings


def test_the_findings_say_what_the_demo_counts(findings):
    area, regime = "chips.kursk.area_km2", "chips.kursk.regime"
    swept = sweep(
        SCENARIO,
        vary={area: [0, 300, 1000], regime: ["collapse", "lull"]},
        replicates=REPLICATES,
        seed=SEED,
    )
    cells = swept.cells.set_index([area, regime])
    found = {
        (outcome, held, way): f"{100 * cells.loc[(held, way), outcome]:.0f}"
        for outcome in (BEGUN, STOPPED)
        for held in (0, 300, 1000)
        for way in ("collapse", "lull")
    }
    begun, stopped = found[BEGUN, 0, "collapse"], found[STOPPED, 0, "collapse"]
    assert (
        f"a truce begins in {begun} of 100 worlds if no land is held there and in "
        f"{found[BEGUN, 1000, 'collapse']} if 1,000 km2 are; but the fighting has "
        f"stopped in {stopped} and in {found[STOPPED, 1000, 'collapse']}."
    ) in findings
    assert (
        f"stopped in {found[STOPPED, 0, 'lull']} of 100 worlds with no land and in "
        f"{found[STOPPED, 1000, 'lull']} with 1,000 km2; the most truces begin with "
        f"300 km2, in {found[BEGUN, 300, 'lull']} of 100."
    ) in findings


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
