"""CONTRIBUTING.md names the files that an addition touches, and they do hold it."""

import re

import pytest

SECTION = re.compile(r"^### ([^\n]+): (\d+) files?\n(.*?)(?=^##)", re.M | re.DOTALL)
ROW = re.compile(r"^\| (\d*) ?\| `(sim/[^`]+)` \| ", re.M)
FILE = re.compile(
    r"`((?:sim|tests|docs|scenarios|experiments)/[\w/.-]*|\w+\.(?:py|md))`"
)


@pytest.fixture(scope="module")
def page(checkout):
    return (checkout / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sources(checkout):
    """Text of every file of the program that may grow, by its path."""
    files = [*checkout.glob("sim/**/*.py"), *checkout.glob("sim/**/*.yaml")]
    return {
        file.relative_to(checkout).as_posix(): file.read_text(encoding="utf-8")
        for file in files
        if file.name != "version_1.py"  # a version that is past gets no new names
    }


def test_the_lists_are_those_of_the_code(page, sources):
    sections = SECTION.findall(page)
    assert len(sections) == 7
    for name, count, text in sections:
        (pattern,) = re.findall(r"Found by\s`(.+)`\.", text)
        told = ROW.findall(text)
        found = {path for path, code in sources.items() if re.search(pattern, code)}
        assert {path for _, path in told} == found, name
        numbers = [int(number) for number, _ in told if number]
        assert numbers == list(range(1, int(count) + 1)), name


def test_every_file_that_is_named_is_there(page, checkout):
    named = FILE.findall(page)
    assert len(named) > 60
    assert [name for name in named if not (checkout / name).exists()] == []


def test_its_tasks_are_tasks(page, checkout):
    makefile = (checkout / "Makefile").read_text(encoding="utf-8")
    (tasks,) = re.findall(r"^TASKS = (.*)$", makefile, re.M)
    assert set(re.findall(r"`make (\w+)`", page)) <= set(tasks.split())


def test_its_packages_are_those_of_the_program(page, checkout):
    table = page.split("| package | what it is |")[1].split("\n\n")[0]
    told = set(re.findall(r"^\| `sim/(\w+)", table, re.M))
    there = {file.parent.name for file in checkout.glob("sim/*/__init__.py")}
    assert told == there | {"errors"}


def test_its_names_are_those_of_the_code(page, sources):
    table = page.split("| write | for |")[1].split("\n\n")[0]
    names = re.findall(r"`(\w+)`", table)
    assert len(names) > 25
    code = "\n".join([*sources, *sources.values()])
    words = set(re.findall(r"[A-Za-z_]+", code))
    # Modules in the plural may hold things in the singular.
    assert [each for each in names if not {each, f"{each}s"} & words] == []
