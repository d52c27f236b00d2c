"""Nothing is committed that belongs to one machine or can be made again."""

import re
import subprocess
import sys
import tomllib

# Written in pieces, or this file would be its own first finding.
MACHINE = re.compile(
    "|".join(
        [
            r"py" r"pi\.org",
            r"python" r"hosted",
            r"registry\.npm" r"js",
            r"deb\.debian" r"\.org",
            r"--(?:extra-)?index" r"-url",
            r"(?<![\w.])/(?:work|farm|root|home|Users|opt)" r"/\w",
            r"(?<![\w.])/tmp" r"/\w",
        ]
    )
)
LOCKS = re.compile(
    r"(?:^|/)(?:(?:uv|poetry|pdm|Pipfile)\.lock|pylock\..*toml|package-lock\.json)$"
)
LARGEST_KIB = 1024


def test_no_file_names_a_machine_path_or_a_package_index(checkout, project_files):
    found = []
    for name in project_files:
        text = (checkout / name).read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), start=1):
            if MACHINE.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []


def test_no_lock_file_and_nothing_large_is_committed(checkout, project_files):
    assert [n for n in project_files if LOCKS.search(n.as_posix())] == []
    sizes = {name: (checkout / name).stat().st_size for name in project_files}
    assert [n for n, size in sizes.items() if size > LARGEST_KIB * 1024] == []


def test_every_dependency_has_a_lower_bound_and_tasks_can_read_it(checkout):
    code = "import tasks; print('\\n'.join(tasks.lower_bounds()))"
    reply = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True
    )
    assert reply.returncode == 0, reply.stderr
    names = {line.split("==")[0] for line in reply.stdout.split()}
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"]
    assert {re.split(r"[<>=~]", line)[0] for line in declared} <= names
