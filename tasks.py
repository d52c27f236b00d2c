"""Set-up and checks in one file, for a machine that has only Python: see --help.

Each task makes the environment it needs (`.venv` and its like, in this folder),
installs the project there and runs. `make demo` and the like call this file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
SUPPORTED = ("3.11", "3.12", "3.13")
# Inside an activated environment: the Python that it was made with.
INTERPRETER = str(getattr(sys, "_base_executable", None) or sys.executable)

DEMO = (
    (
        "One world, told in words: Russia is about to retake Kursk.",
        "ceasefire run kursk-2025-03-13 --replicate 7 --out out/demo-run --force",
    ),
    (
        "Many worlds at 11 sizes of the Kursk area that Ukraine holds, where the front"
        " collapses and where it is quiet; also with inputs that fit the record.",
        "ceasefire sweep kursk-2025-03-13"
        " --vary chips.kursk.area_km2=0:1000:11"
        " --vary chips.kursk.regime=collapse,lull --replicates 2000"
        " --inputs march-2025 --input-sets 100 --input-replicates 100"
        " --out out/demo --force",
    ),
    (
        "The figure: when a truce begins, and when the fighting has stopped.",
        "ceasefire plot out/demo --figure outcome_curve --force",
    ),
)

# What docs/figures.md shows beside what the demo draws.
GALLERY = (
    "ceasefire plot kursk-2025-03-13 --figure all --out out/gallery --force --quiet",
    "ceasefire plot kursk-2024-08-20 --figure fan_chart --out out/gallery --force"
    " --quiet",
    "ceasefire plot kursk-2025-03-13 --figure survival --more"
    " --out out/gallery --force --quiet",
    "ceasefire plot kursk-2025-03-13 --figure bargaining_range --replicate 4"
    " --out out/gallery --force --quiet",
    "ceasefire sensitivity kursk-2025-03-13 --out out/drivers --force --quiet",
    "ceasefire infer kursk-2025-03-13 --facts march-2025 --out out/inference --force"
    " --quiet",
    "ceasefire tournament kursk-2025-03-13 --out out/tournament --force --quiet",
)

# What a class sees, as a picture.
PAGE = (
    "ceasefire page out/demo --out out/demo/page.html --force --quiet",
    "python docs/_screenshot.py out/demo/page.html docs/figures/page.png",
)

# What fits the record is shipped, from what the gallery makes of it.
FITTED = ("out/inference", "scenarios/fitted/march-2025")

# What README and docs show.
FIGURES = (
    "out/demo/figures/outcome_curve.svg",
    "out/demo-run/figures/run_timeline.svg",
    "out/gallery/bargaining_range.svg",
    "out/gallery/outcome_heatmap.svg",
    "out/gallery/outcome_scatter.svg",
    "out/gallery/fan_chart.svg",
    "out/gallery/outcome_dots.svg",
    "out/gallery/payoff_waterfall.svg",
    "out/gallery/comparison.svg",
    "out/gallery/survival.svg",
    "out/drivers/figures/sensitivity.svg",
    "out/inference/figures/inference.svg",
    "out/tournament/figures/tournament.svg",
)

# What `reality` runs: two rows at a time, one after the other within a row. None of
# them keeps two processors busy by itself, and the report needs the recovery.
REALITY = (
    (
        "python -m experiments.reality.recovery",
        "python -m experiments.reality.report",
    ),
    (
        "python -m experiments.wars.report",
        "python -m experiments.claims",
        "python -m experiments.drivers.report",
        "python -m experiments.durations.report",
        "python -m experiments.inference.record",
        "python -m experiments.inference.report",
    ),
)

CHECKS = (
    "ruff check .",
    "ruff format --check .",
    "mypy",
    "lint-imports",
)

# What the lower bounds need beside them: old Matplotlib warns about new pyparsing.
OLD_COMPANIONS = ("pyparsing<3.3",)

# On every processor; the tests of a file stay together, as they share what they made.
PYTEST = ("pytest", "-q", "--numprocesses", "auto", "--dist", "loadfile")

# Slow tests start processes, servers and browsers, and wait for them: twice as many at
# once, and any of them wherever there is nothing to do.
PYTEST_SLOW = (
    *("pytest", "-q", "-m", "slow", "--durations", "25"),
    *("--numprocesses", str(2 * (os.cpu_count() or 1)), "--dist", "worksteal"),
)

# What other versions of Python and of packages are hardly able to change: the words of
# pages, plain arithmetic, and what kernels compute: formulas and agreement stay, and
# the commands, which call what is left out.
LEFT_TO_ONE_VERSION = (
    "tests/analysis",
    "tests/calibration",
    "tests/directions",
    "tests/docs",
    "tests/experiments",
    "tests/inference",
    "tests/packaging",
    "tests/stages",
    "tests/statistics",
    "tests/theory",
    "tests/web",
)

# What is worth running as plain Python, without the compiler: the formulas, each
# stage, and one short agreement of the two paths. A test there that is about
# compilation itself carries the mark `compiled`.
PLAIN_PYTHON = ("sim/model", "tests/formulas", "tests/stages", "tests/agreement")


COMPILE_ALL = (
    "import compileall, sysconfig\n"
    "compileall.compile_dir(sysconfig.get_path('purelib'), quiet=2, workers=0)"
)


class TaskError(Exception):
    """A task cannot go on; the text says why in one line."""


def say(text: str) -> None:
    """Write one line that marks where we are; words of ours go to stderr."""
    print(f"==> {text}", file=sys.stderr, flush=True)


def call(command: list[str], **extra_environment: str) -> None:
    """Run a command in the project folder; its failure ends the task."""
    environment = {**os.environ, "PYTHONNOUSERSITE": "1", **extra_environment}
    environment.pop("PYTHONPATH", None)
    status = subprocess.call(command, cwd=ROOT, env=environment)
    if status:
        raise TaskError(f"exit code {status} from: {shlex.join(command)}")


class Environment:
    """A virtual environment in the project folder, made and kept up by us.

    A small file inside remembers what was installed. It is empty while we work on
    the environment, so an interrupted attempt is recognised and made anew.
    """

    def __init__(self, name: str, interpreter: str = INTERPRETER) -> None:
        self.folder = ROOT / name
        self.interpreter = interpreter
        self.scripts = self.folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = str(
            self.scripts / ("python.exe" if os.name == "nt" else "python")
        )
        self.memory = self.folder / "made-by-tasks.json"

    def run(self, command: list[str], **extra_environment: str) -> None:
        """Run one of the environment's own commands."""
        program = shutil.which(command[0], path=str(self.scripts))
        if program is None:
            raise TaskError(f"{command[0]} is not in {self.folder.name}")
        path = os.pathsep.join([str(self.scripts), os.environ.get("PATH", "")])
        call([program, *command[1:]], PATH=path, **extra_environment)

    def provide(
        self, *extras: str, constraints: list[str] | None = None
    ) -> Environment:
        """Make the environment and install the project, unless that was done."""
        before = self._remembered()
        if before is None or not self._usable():
            self._make_anew()
            before = {}
        wanted = {
            "pyproject.toml": hashlib.sha256(_pyproject().encode()).hexdigest(),
            "constraints": constraints or [],
            "extras": sorted({*extras, *before.get("extras", [])}),
        }
        if before == wanted:
            return self
        say(f"installing into {self.folder.name}; the first time it takes minutes")
        self.memory.write_text("", encoding="utf-8")
        # Twice quiet: errors are shown, notices about the machine's pip are not. For
        # the demo Python compiles what is imported when it first is, a tenth of all.
        pip = [self.python, "-m", "pip", "install", "-qq", "--no-compile"]
        pip += ["--disable-pip-version-check", "--editable"]
        pip += [f".[{','.join(wanted['extras'])}]" if wanted["extras"] else "."]
        if constraints:
            listing = self.folder / "constraints.txt"
            listing.write_text("\n".join(constraints) + "\n", encoding="utf-8")
            pip += ["--constraint", str(listing)]
        call(pip)
        if wanted["extras"] or constraints:
            # Tests take warnings for errors; those about old code of others are here.
            call([self.python, "-W", "ignore", "-c", COMPILE_ALL])
        self.memory.write_text(json.dumps(wanted, indent=1), encoding="utf-8")
        return self

    def versions(self) -> None:
        """Print what a result may depend on."""
        names = "mesa networkx numpy scipy numba pandas pyarrow pydantic matplotlib"
        code = (
            "import platform; from importlib.metadata import version\n"
            f"names = {names.split()!r}\n"
            "print(f'Python {platform.python_version()}', *"
            "(f'{n} {version(n)}' for n in names), sep=', ')"
        )
        call([self.python, "-c", code])

    def _remembered(self) -> dict[str, Any] | None:
        """What was installed; None when interrupted; {} when made by other means."""
        if not self.memory.exists():
            return {}
        try:
            return dict(json.loads(self.memory.read_text(encoding="utf-8")))
        except ValueError:
            return None

    def _usable(self) -> bool:
        """Whether the environment works and has the Python that is wanted."""
        try:
            command = [self.python, "-m", "pip", "--version"]
            if subprocess.run(command, capture_output=True).returncode != 0:
                return False
        except OSError:
            return False
        same = _version_of(self.python) == _version_of(self.interpreter)
        if not same and not self.memory.exists():
            raise TaskError(
                f"{self.folder.name} holds another Python and was not made by this "
                "file: move it away and try again"
            )
        return same

    def _make_anew(self) -> None:
        say(f"making {self.folder.name} with {self.interpreter}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(exist_ok=True)
        self.memory.write_text("", encoding="utf-8")
        try:
            call([self.interpreter, "-m", "venv", str(self.folder)])
        except TaskError as error:
            raise TaskError(
                f"{error}; on Debian and Ubuntu venv is a package of its own, "
                "python3-venv"
            ) from None


def _pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _version_of(interpreter: str) -> str | None:
    """Version of a Python, as "3.11.7"; None when it does not start."""
    code = "import platform; print(platform.python_version())"
    try:
        reply = subprocess.run(
            [interpreter, "-c", code], capture_output=True, text=True
        )
    except OSError:
        return None
    return reply.stdout.strip() if reply.returncode == 0 else None


def find_python(version: str) -> str:
    """Path of a Python of that version, such as "3.13": this one, PATH, pyenv."""
    candidates = [INTERPRETER]
    candidates += filter(None, map(shutil.which, (f"python{version}", "python3")))
    for root in (os.environ.get("PYENV_ROOT", ""), Path.home() / ".pyenv"):
        installed = Path(root, "versions").glob(f"{version}.*/bin/python")
        candidates += sorted(map(str, installed), reverse=True)
    if launcher := shutil.which("py"):
        command = [launcher, f"-{version}", "-c", "import sys; print(sys.executable)"]
        reply = subprocess.run(command, capture_output=True, text=True)
        candidates += reply.stdout.split("\n")[:1]
    for candidate in filter(None, candidates):
        if (_version_of(candidate) or "").startswith(version + "."):
            return candidate
    raise TaskError(f"no Python {version} found, neither on PATH nor under pyenv")


def lower_bounds() -> list[str]:
    """Every lower bound in pyproject.toml, as `name==version`."""
    import tomllib

    project = tomllib.loads(_pyproject())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["test"]
    bounds = []
    for requirement in wanted:
        match = re.match(r"([\w.-]+)>=([\w.]+)", requirement)
        if match is None:
            raise TaskError(f"no lower bound in pyproject.toml: {requirement}")
        bounds.append("{}=={}".format(*match.groups()))
    return bounds


def fast_tests(environment: Environment, *options: str) -> None:
    """Every test but the slow ones."""
    environment.versions()
    environment.run([*PYTEST, "-m", "not slow", *options])


def version_tests(environment: Environment) -> None:
    """Every fast test that another version might break, with few random examples."""
    left_out = (f"--ignore={path}" for path in LEFT_TO_ONE_VERSION)
    fast_tests(environment, "--hypothesis-profile", "few", *left_out)


def demo(_: list[str]) -> None:
    """One world in words, then a sweep over Kursk and its figure."""
    environment = Environment(".venv").provide()
    for what, command in DEMO:
        say(what)
        say(f"$ {command}")
        # old code of others, which is compiled here, is no matter of who looks on
        environment.run(shlex.split(command), PYTHONWARNINGS="ignore::SyntaxWarning")


def figures(_: list[str]) -> None:
    """The figures that README and docs show, made anew."""
    demo([])
    environment = Environment(".venv").provide("test")
    for command in (*GALLERY, *PAGE):
        say(f"$ {command}")
        environment.run(shlex.split(command))
    shown = ROOT / "docs" / "figures"
    shown.mkdir(parents=True, exist_ok=True)
    for source in FIGURES:
        shutil.copyfile(ROOT / source, shown / Path(source).name)
    made, shipped = (ROOT / each for each in FITTED)
    shutil.rmtree(shipped, ignore_errors=True)
    shutil.copytree(made, shipped, ignore=shutil.ignore_patterns("figures"))


def test(_: list[str]) -> None:
    """The fast tests."""
    fast_tests(Environment(".venv").provide("test"))


def slow(_: list[str]) -> None:
    """The slow tests."""
    environment = Environment(".venv").provide("test", "cluster", "dashboard")
    environment.run([*PYTEST_SLOW])


def fuzz(wanted: list[str]) -> None:
    """Spoilt and odd scenarios, random properties: make fuzz ARGS="100000 [SEED]"."""
    if not all(each.isdecimal() for each in wanted) or len(wanted) > 2:
        raise TaskError("takes a number of scenarios, and a seed to repeat a run")
    defaults = ("10000", str(secrets.randbelow(2**32)))
    count, seed = (*wanted, *defaults[len(wanted) :])
    say(f'seed {seed}; the same again: make fuzz ARGS="{count} {seed}"')
    environment = Environment(".venv").provide("test")
    environment.run(["python", "-m", "tests.fuzz", count, seed])
    options = ["--hypothesis-profile", "explore", "--hypothesis-seed", seed]
    environment.run(
        [*PYTEST, "-m", "hypothesis", *options],
        CEASEFIRE_EXAMPLES=str(max(100, int(count) // 10)),
    )
    environment.run(
        [*PYTEST, "-m", "slow", "tests/cli/test_unusual.py"], CEASEFIRE_WALK="whole"
    )


def check(_: list[str]) -> None:
    """Style, types and the direction of imports; all are tried."""
    environment = Environment(".venv").provide("dev", "test")
    failed = []
    for command in CHECKS:
        say(command)
        try:
            environment.run(shlex.split(command))
        except TaskError:
            failed.append(command)
    if failed:
        raise TaskError(f"failed: {', '.join(failed)}")


def plain(_: list[str]) -> None:
    """Formulas, stages and agreement again as plain Python, uncompiled."""
    command = [*PYTEST, "-m", "not slow and not compiled"]
    command += [path for path in PLAIN_PYTHON if (ROOT / path).exists()]
    Environment(".venv").provide("test").run(command, NUMBA_DISABLE_JIT="1")


def oldest(_: list[str]) -> None:
    """The fast tests that may differ, on the oldest Python with every lower bound."""
    python = find_python(SUPPORTED[0])
    environment = Environment(".venv-oldest", python)
    constraints = [*lower_bounds(), *OLD_COMPANIONS]
    version_tests(environment.provide("test", constraints=constraints))


def versions(wanted: list[str]) -> None:
    """The fast tests that may differ, on each supported Python or on those named."""
    for version in wanted or SUPPORTED:
        environment = Environment(f".venv-{version}", find_python(version))
        version_tests(environment.provide("test"))


def sanity(_: list[str]) -> None:
    """Many worlds of every scenario, and docs/reports/sanity.md on them."""
    Environment(".venv").provide().run(["python", "experiments/sanity/report.py"])


def predictions(_: list[str]) -> None:
    """Every signed prediction of the theory: docs/reports/predictions.md."""
    Environment(".venv").provide().run(["python", "-m", "experiments.predictions"])


def reality(_: list[str]) -> None:
    """The model against what was seen: docs/reports/ and docs/reports/claims.md."""
    environment = Environment(".venv").provide()

    def row(commands: tuple[str, ...]) -> None:
        for command in commands:
            say(command)
            began = time.monotonic()
            environment.run(shlex.split(command))
            say(f"{command}: {time.monotonic() - began:.0f} s")

    with ThreadPoolExecutor(len(REALITY)) as pool:
        # All rows go to their ends before the first failure is raised.
        for ended in [pool.submit(row, commands) for commands in REALITY]:
            ended.result()


def claims(_: list[str]) -> None:
    """What the README claims under every assumption: docs/reports/claims.md."""
    Environment(".venv").provide().run(["python", "-m", "experiments.claims"])


def lesson(wanted: list[str]) -> None:
    """A lesson by its number: make lesson ARGS=1."""
    Environment(".venv").provide().run(["ceasefire", "lesson", *wanted])


def docs(_: list[str]) -> None:
    """The documentation site, in out/site; the build needs no network."""
    environment = Environment(".venv").provide("docs")
    command = ["mkdocs", "build", "--strict", "--quiet"]
    environment.run(command, NO_MKDOCS_2_WARNING="1")
    say("with search: python -m http.server --directory out/site")


def clean(_: list[str]) -> None:
    """Remove environments and caches; results in out/ stay."""
    names = ["build", "dist", ".hypothesis", ".mypy_cache", ".pytest_cache"]
    names += [".ruff_cache", ".import_linter_cache"]
    folders = [*ROOT.glob(".venv*"), *(ROOT / name for name in names)]
    for source in ("sim", "tests", "experiments"):
        folders += (ROOT / source).rglob("__pycache__")
    for folder in filter(Path.is_dir, folders):
        say(f"removing {folder.relative_to(ROOT)}")
        shutil.rmtree(folder)


TASKS = {
    task.__name__: task
    for task in (
        demo,
        figures,
        test,
        slow,
        fuzz,
        check,
        plain,
        oldest,
        versions,
        sanity,
        predictions,
        reality,
        claims,
        lesson,
        docs,
        clean,
    )
}


def main() -> int:
    """Read the command line and run one task."""
    if sys.version_info < (3, 11):  # noqa: UP036
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python 3.11 or newer is needed; this is {found}.", file=sys.stderr)
        return 2
    lines = [f"  {name:12}{task.__doc__}" for name, task in TASKS.items()]
    parser = argparse.ArgumentParser(
        description="What to do, in an environment made for it:\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("task", choices=TASKS, metavar="TASK")
    parser.add_argument(
        "wanted", nargs="*", help="such as 3.13 for versions, 1 for lesson"
    )
    arguments = parser.parse_args()
    began = time.monotonic()
    try:
        TASKS[arguments.task](arguments.wanted)
    except TaskError as error:
        print(f"tasks.py {arguments.task}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    say(f"{arguments.task}: done in {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
