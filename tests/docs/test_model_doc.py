"""The page about the model names what exists, and prints what the model says."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from sim import values
from sim.model.schedule import STAGES
from sim.model.state import WORLD
from sim.scenario.schema import Scenario

NAME = r"[a-z][a-z0-9_.]*:[A-Za-z_.]+"
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
WIDEST = 100

ANY_NAME = {"PARTY", "CHIP", "REGIME", "OFFER"}


@pytest.fixture(scope="module")
def page(checkout: Path) -> str:
    return (checkout / "docs" / "model.md").read_text(encoding="utf-8")


def table(page: str, *header: str) -> list[list[str]]:
    """Rows of the one table with this header, as lists of cells."""
    top = "| " + " | ".join(header) + " |\n"
    assert page.count(top) == 1, header
    rows = []
    for line in page.split(top)[1].splitlines()[1:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
        assert len(rows[-1]) == len(header), line
    return rows


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def found(name: str) -> Any:
    """What `package.module:attribute` names, below `sim`."""
    module, _, path = name.partition(":")
    thing: Any = import_module(f"sim.{module}")
    for part in path.split("."):
        thing = getattr(thing, part)
    return thing


def plain(kind: Any) -> Iterator[Any]:
    """Types that an annotation allows, without what is said about them."""
    origin = get_origin(kind)
    if origin is Annotated:
        yield from plain(get_args(kind)[0])
    elif origin in (Union, UnionType):
        for each in get_args(kind):
            yield from plain(each)
    else:
        yield kind


def is_field(path: str) -> bool:
    """Say whether a scenario may have a value at a path."""
    kinds: list[Any] = [Scenario]
    for part in path.split("."):
        inner: list[Any] = []
        for kind in kinds:
            if get_origin(kind) is dict and part in ANY_NAME:
                inner += plain(get_args(kind)[1])
            elif isinstance(kind, type) and issubclass(kind, BaseModel):
                field = kind.model_fields.get(part)
                inner += plain(field.annotation) if field else []
        kinds = inner
    return bool(kinds)


def test_the_stages_are_those_of_the_model_in_its_order(page):
    rows = table(page, "stage", "who", "what happens")
    told = [(quoted(name)[0], who) for name, who, _ in rows]
    assert told == [(stage.name, stage.role) for stage in STAGES]


def test_every_field_of_a_world_is_explained_once(page):
    rows = table(page, "field", "meaning", "unit")
    told = [name for fields, _, _ in rows for name in quoted(fields)]
    assert sorted(told) == sorted(WORLD.names)
    assert all(meaning and unit for _, meaning, unit in rows)


def test_symbols_stand_for_fields_functions_and_tests_that_exist(page, checkout):
    rows = table(page, "symbol", "scenario field", "function", "tests")
    assert len(rows) > 80
    for symbol, fields, function, tests in rows:
        assert symbol
        for path in quoted(fields):
            assert is_field(path), path
        assert quoted(fields) or fields == "computed"
        assert callable(_unwrapped(found(quoted(function)[0]))), function
        folder, name = quoted(tests)[0].split("/")
        assert (checkout / "tests" / folder / f"test_{name}.py").is_file(), tests


def _unwrapped(thing: Any) -> Any:
    return thing.fget if isinstance(thing, property) else thing


def test_a_misspelt_path_is_no_field():
    assert is_field("negotiation.offers.OFFER.line")
    assert not is_field("negotiation.offers.OFFER.lime")
    assert not is_field("parties.PARTY.belief.weight")
    assert not is_field("front.side.ukraine")


def test_every_function_in_the_text_exists(page):
    names = re.findall(rf"`({NAME})`", page)
    assert len(names) > 50
    for name in names:
        assert callable(_unwrapped(found(name))), name


def test_gains_of_the_flagship_are_those_of_the_model(page):
    offers = values("kursk-2025-03-13")["offers"]
    rows = table(page, "offer", "Ukraine", "Russia", "P+")
    assert {quoted(name)[0] for name, *_ in rows} == set(offers)
    for name, *printed in rows:
        offer = offers[quoted(name)[0]]
        gain, chance = offer["gain"], offer["settlement_chance"]
        exact = [gain["ukraine"], gain["russia"], chance]
        told = [float(each) for each in printed]
        assert told[:2] == pytest.approx(exact[:2], abs=6e-3)
        assert told[2] == pytest.approx(exact[2], abs=6e-4)


def test_lines_are_short_enough_to_read(checkout):
    for path in (checkout / "docs").glob("*.md"):
        # A command is one line, so that a test can run it; a row of a table must be.
        in_block = False
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            in_block ^= line.startswith("```")
            one_line = in_block or line.startswith("|")
            assert one_line or len(line) <= WIDEST, f"{path.name}:{number}"


def test_every_link_of_the_index_leads_somewhere_and_every_page_is_in_it(checkout):
    folder = checkout / "docs"
    index = folder / "README.md"
    text = index.read_text(encoding="utf-8")
    links = {(folder / link).resolve() for link in LINK.findall(text)}
    assert all(link.exists() for link in links)
    pages = {page.resolve() for page in folder.glob("*.md")} - {index.resolve()}
    assert pages <= links
