"""`ceasefire cite`: what stands in CITATION.cff, for those who have no checkout."""

import re
import subprocess
import sys

import pytest
import yaml

import sim
from sim.cli.cite import ABSTRACT, AUTHORS, LICENSE, TITLE


@pytest.fixture(scope="module")
def citation(checkout):
    return yaml.safe_load((checkout / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_command_knows_what_the_file_of_the_checkout_says(citation):
    assert citation["title"] == TITLE
    assert citation["abstract"] == ABSTRACT
    assert citation["license"] == LICENSE
    assert citation["version"] == sim.__version__
    assert citation["authors"] == [{"name": name} for name in AUTHORS]


def test_the_file_says_nothing_that_the_command_would_leave_out(citation):
    about_the_file = {"cff-version", "message", "type", "keywords"}
    told = {"title", "abstract", "license", "version", "authors"}
    assert set(citation) == about_the_file | told


def test_the_reference_is_given_in_words_and_as_bibtex(ceasefire):
    reply = ceasefire("cite")
    assert (reply.code, reply.err) == (0, "")
    first = reply.out.splitlines()[0]
    for part in (*AUTHORS, TITLE, f"version {sim.__version__}", LICENSE):
        assert part in first
    entry = re.search(r"^@(\w+)\{(\w+),\n(.*?)^\}$", reply.out, re.M | re.S)
    fields = dict(re.findall(r"^  (\w+) += \{(.*)\},$", entry[3], re.M))
    assert entry[1] == "misc"  # known to every style, unlike @software
    assert fields["author"] == "{The ceasefire-sim authors}"
    assert fields["title"] == "{ceasefire-sim}"
    assert sim.__version__ in fields["howpublished"]
    assert all(text.count("{") == text.count("}") for text in fields.values())


def test_what_makes_a_result_repeatable_is_named(ceasefire):
    told = " ".join(ceasefire("cite").out.split())
    for word in ("scenario", "hash", "seed", "command"):
        assert word in told


def test_it_works_away_from_the_checkout_without_a_heavy_library(tmp_path, checkout):
    code = (
        f"import sys; sys.path.insert(0, {str(checkout)!r})\n"
        "from sim.cli import exit_code\n"
        "code = exit_code(['cite'])\n"
        "heavy = {'numpy', 'numba', 'matplotlib', 'mesa'} & set(sys.modules)\n"
        "print(code, heavy, file=sys.stderr)"
    )
    reply = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert reply.stderr == "0 set()\n"
    assert TITLE in reply.stdout
