"""Chromium for the tests of what is looked at in a browser, and pages to look at.

A test with the mark `browser` takes `open_page` (or `browser`). Chromium is the
system's, driven by Playwright; without it these tests are skipped with that reason, or
fail if CEASEFIRE_BROWSER=required, as in `.ci/run`.
"""

import math
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.api.sweep import sweep
from sim.api.sweep_result import Sweep
from sim.web.compact import ABSENT, LETTERS, SAME
from sim.web.content import content_of
from sim.web.page import assembled
from sim.web.words import words_from

FLAGSHIP = "kursk-2025-03-13"
AREA, AID = "chips.kursk.area_km2", "aid.level"
VARY = {AREA: [0, 400, 800], AID: [1, 0.5]}

# Nothing but this machine can be reached, and nothing is tried in the background.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules="
    "MAP rebound.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def unpacked(text: str) -> list[float]:
    """The numbers of a packed text, as `js/read.js` reads it."""
    found: list[float] = []
    before, at = 0, 0
    while at < len(text):
        sign = text[at]
        if sign == ABSENT:
            found.append(math.nan)
            at += 1
            continue
        number, at = _read(text, at + (sign == SAME))
        if sign == SAME:
            found += [float(before)] * number
        else:
            before += -(number >> 1) if number & 1 else number >> 1
            found.append(float(before))
    return found


def _read(text: str, at: int) -> tuple[int, int]:
    """The number whose first letter is at a place, and the place after it."""
    number = shift = 0
    while True:
        letter = LETTERS.index(text[at])
        number |= (letter & 31) << shift
        at, shift = at + 1, shift + 5
        if letter < 32:
            return number, at


def without(what: str) -> None:
    if os.environ.get("CEASEFIRE_BROWSER") == "required":
        pytest.fail(f"{what}, and CEASEFIRE_BROWSER=required")
    pytest.skip(what)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium, without a window."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        without("no Chromium here (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        without("Playwright is not installed (pip install '.[test]')")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Open an address; at the end: no request left this machine, nothing went wrong.

    A violation of the page's own policy is an error on the console.
    """
    contexts, requests, errors = [], [], []

    def opened(address: str, **options: Any) -> Any:
        context = browser.new_context(accept_downloads=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda line: (
                errors.append(line.text) if line.type in ("error", "warning") else None
            ),
        )
        page.goto(address)
        return page

    opened.requests, opened.errors = requests, errors
    yield opened
    for context in contexts:
        context.close()
    own = ("file:", "data:", "blob:", "http://localhost", "ws://localhost")
    assert [url for url in requests if not url.startswith(own)] == []
    assert errors == []


@pytest.fixture(scope="session")
def small_sweep(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Six settings of a short flagship, with input sets, in a folder."""
    return sweep(
        FLAGSHIP,
        VARY,
        replicates=120,
        set={"horizon_days": 60},
        reference={AREA: 400},
        input_sets=3,
        input_replicates=50,
        within_days=45,
        out=tmp_path_factory.mktemp("sweep") / "small",
    )


@pytest.fixture(scope="session")
def small_data(small_sweep: Sweep) -> dict[str, Any]:
    """What a page holds of it."""
    return content_of(small_sweep, worlds=120).with_days(1)


@pytest.fixture(scope="session")
def write_page(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Write a page with some data and words; return its address."""

    def write(data: dict[str, Any], words: dict[str, Any] | None = None) -> str:
        file = tmp_path_factory.mktemp("page") / "page.html"
        html = assembled(data, words_from() if words is None else words)
        file.write_text(html, encoding="utf-8", newline="\n")
        return Path(file).as_uri()

    return write


@pytest.fixture(scope="session")
def address(small_data: dict[str, Any], write_page: Callable[..., str]) -> str:
    """Address of the page of the small sweep."""
    return write_page(small_data)
