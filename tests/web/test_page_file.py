"""The page as a file: whole, alone, and safe whatever a scenario's author wrote."""

import base64
import hashlib
import json
import re

import pytest

from sim.errors import CheckFailedError
from sim.web import page as module
from sim.web.page import assembled
from sim.web.words import words_from

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u2028"


@pytest.fixture(scope="module")
def html(small_data):
    return assembled(small_data, words_from())


def scripts_of(html):
    return re.findall(r"<script>(.*?)</script>", html, re.DOTALL)


def test_its_policy_is_the_strict_one_and_names_each_script(html):
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', html)
    sums = [
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for text in scripts_of(html)
    ]
    named = " ".join(f"'sha256-{each}'" for each in sums)
    assert policy == (
        f"default-src 'none'; script-src {named}; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert len(sums) == 3


def test_it_refers_to_nothing_outside(html):
    own = html
    for library in scripts_of(html)[:2]:
        own = own.replace(library, "")
    assert not re.search(
        r"""(?:src|href)\s*=|@import|url\((?!#)""", own.split("<script")[0]
    )
    assert not re.search(
        r"\b(?:fetch|XMLHttpRequest|WebSocket|import)\s*\(", scripts_of(own)[-1]
    )
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\.html\(",
        scripts_of(own)[-1],
    )


def test_what_a_scenario_says_cannot_leave_its_element(small_data):
    about = {**small_data["about"], "scenario_title": HOSTILE, "notes": HOSTILE}
    html = assembled({**small_data, "about": about}, words_from())
    assert HOSTILE not in html
    assert len(scripts_of(html)) == 3
    (data,) = re.findall(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert json.loads(data)["about"]["notes"] == HOSTILE
    assert "&lt;/script&gt;" in re.findall(r"<title>(.*?)</title>", html, re.DOTALL)[0]


def test_the_same_sweep_gives_the_same_page(small_data, html):
    assert assembled(small_data, words_from()) == html


def test_libraries_are_as_published_and_an_altered_one_is_refused(
    tmp_path, monkeypatch
):
    vendor = module._VENDOR
    for line in (vendor / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        known, name = line.split()
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == known
    for file in vendor.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes() + b" ")
    (tmp_path / "SHA256SUMS").write_bytes((vendor / "SHA256SUMS").read_bytes())
    monkeypatch.setattr(module, "_VENDOR", tmp_path)
    with pytest.raises(CheckFailedError, match="not the file that was published"):
        module._library(module._LIBRARIES[0])


def test_every_script_of_the_folder_is_in_the_page():
    folder = module._HERE / "js"
    assert {file.stem for file in folder.glob("*.js")} == set(module._MODULES)
