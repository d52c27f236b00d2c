"""The how-to of the classroom page does what it says, line by line."""

import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

FENCE = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.slow
def test_the_blocks_of_the_how_to_make_pages(checkout, tmp_path):
    text = (checkout / "docs" / "how-to-make-a-classroom-page.md").read_text("utf-8")
    lines = "".join(FENCE.findall(text)).splitlines()
    shutil.copytree(checkout / "sim" / "web", tmp_path / "sim" / "web")
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    for line in lines:
        program, *words = shlex.split(line)
        command = [program, *words]
        if program == "ceasefire":
            command = [sys.executable, "-P", "-m", "sim", *words]
        reply = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert reply.returncode == 0, reply.stderr
    pages = sorted((tmp_path / "out" / "class").glob("*.html"))
    assert [page.name for page in pages] == ["page-uk.html", "page.html"]
    size = pages[1].stat().st_size
    assert size < 1_000_000
    # The how-to says how large it is.
    (said,) = re.findall(r"about ([\d.]+) MB", text)
    assert size / 1e6 == pytest.approx(float(said), abs=0.06)
