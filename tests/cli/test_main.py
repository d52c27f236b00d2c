"""The program itself: help, names of commands, exit codes, pipes and colours."""

import json
import os
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

import sim
import sim.cli.list
from sim.cli import exit_code, main
from sim.cli.group import COMMANDS
from sim.errors import CheckFailedError, InputMissingError, ScenarioError, UsageError
from sim.scenario.library import shipped

FLAGSHIP = "kursk-2025-03-13"
HEAVY = ("matplotlib", "mesa", "numba", "numpy", "pandas", "scipy")


def command_that(monkeypatch: pytest.MonkeyPatch, ending: BaseException) -> None:
    """Let `ceasefire list` end in this way."""

    @click.command()
    def listing() -> None:
        raise ending

    monkeypatch.setattr(sim.cli.list, "list", listing)


def test_help_lists_every_command_with_its_line(ceasefire):
    reply = ceasefire("--help")
    assert (reply.code, reply.err) == (0, "")
    widest = max(map(len, COMMANDS))
    for name, told in COMMANDS.items():
        assert f"  {name:{widest}}  {told.does}\n" in reply.out
    assert "not a forecast" in reply.out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_of_itself_what_the_list_says_of_it(name):
    command = getattr(import_module(f"sim.cli.{name}"), name)
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help.splitlines()[0] == COMMANDS[name].does


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help_of_its_own(ceasefire, name):
    reply = ceasefire(name, "--help")
    assert (reply.code, reply.err) == (0, "")
    assert reply.out.startswith(f"Usage: ceasefire {name} ")


def test_every_command_has_an_example_that_it_takes(ceasefire):
    for name, told in COMMANDS.items():
        example = told.example
        program, command, *words = shlex.split(example)
        assert (program, command) == ("ceasefire", name)
        found = getattr(import_module(f"sim.cli.{name}"), name)
        assert found.make_context(name, words).params is not None
        assert f"Example:\n    {example}\n" in ceasefire(name, "--help").out


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ceasefire to", {"tournament"}),
        ("ceasefire show kursk-2025", {"kursk-2025-03-03", "kursk-2025-03-13"}),
        ("ceasefire lesson --an", {"--answers"}),
    ],
)
def test_a_shell_may_complete_commands_scenarios_and_options(
    ceasefire, monkeypatch, typed, completed
):
    monkeypatch.setenv("_CEASEFIRE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    reply = ceasefire()
    assert (reply.code, reply.err) == (0, "")
    assert {line.partition(",")[2] for line in reply.out.splitlines()} == completed


def test_a_shell_is_given_its_script(ceasefire, monkeypatch):
    monkeypatch.setenv("_CEASEFIRE_COMPLETE", "zsh_source")
    reply = ceasefire()
    assert reply.code == 0
    assert "_CEASEFIRE_COMPLETE=zsh_complete ceasefire" in reply.out


def test_the_version_is_that_of_the_package(ceasefire):
    assert ceasefire("--version").out == f"ceasefire, version {sim.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [["--help"], ["list"], ["validate", "FILE"], ["show", FLAGSHIP], ["shwo"]],
    ids=lambda words: words[0],
)
def test_light_commands_start_without_heavy_libraries(scenario_file, words):
    words = [str(scenario_file()) if word == "FILE" else word for word in words]
    code = (
        "import sys; from sim.cli import exit_code\n"
        f"code = exit_code({words})\n"
        f"print(code, [m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    reply = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert reply.returncode == 0, reply.stderr
    expected = 2 if words == ["shwo"] else 0
    assert reply.stderr.splitlines()[-1] == f"{expected} []"


def test_help_imports_no_command():
    code = (
        "import sys; from sim.cli import exit_code; exit_code(['--help'])\n"
        "assert 'sim.cli.run' not in sys.modules\n"
        "assert 'pydantic' not in sys.modules and 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE)


def test_an_unknown_command_is_answered_with_the_nearest_one(ceasefire):
    reply = ceasefire("vlaues", FLAGSHIP)
    assert (reply.code, reply.out) == (2, "")
    assert "No such command 'vlaues'; did you mean 'values'?" in reply.err


def test_a_name_like_no_command_gets_no_suggestion(ceasefire):
    reply = ceasefire("zzzzzz")
    assert reply.code == 2
    assert "did you mean" not in reply.err


def test_an_unknown_option_is_a_matter_of_usage(ceasefire):
    reply = ceasefire("list", "--jsn")
    assert (reply.code, reply.out) == (2, "")
    assert "--jsn" in reply.err


def test_a_missing_argument_is_a_matter_of_usage(ceasefire):
    reply = ceasefire("show")
    assert (reply.code, reply.out) == (2, "")
    assert "SCENARIO" in reply.err


def test_without_arguments_the_help_is_shown(ceasefire):
    reply = ceasefire()
    assert reply.code == 0
    assert "Commands:" in reply.out


@pytest.mark.parametrize(
    ("ending", "code", "words"),
    [
        (UsageError("no such cell"), 2, "ceasefire: no such cell\n"),
        (ScenarioError(["a: wrong", "b: wrong"]), 3, "a: wrong\nb: wrong\n"),
        (InputMissingError("no file x"), 4, "ceasefire: no file x\n"),
        (CheckFailedError("2 chunks failed"), 5, "ceasefire: 2 chunks failed\n"),
        (KeyboardInterrupt(), 130, "ceasefire: interrupted\n"),
        (PermissionError(13, "No", "x/y"), 4, "ceasefire: x/y cannot be reached: No\n"),
    ],
    ids=["usage", "scenario", "input", "check", "interrupt", "permission"],
)
def test_each_way_to_end_has_its_exit_code(ceasefire, monkeypatch, ending, code, words):
    command_that(monkeypatch, ending)
    assert ceasefire("list") == (code, "", words)


def test_a_fault_of_ours_is_one_line_that_asks_for_a_report(ceasefire, monkeypatch):
    command_that(monkeypatch, ZeroDivisionError("two\nlines"))
    reply = ceasefire("list")
    assert (reply.code, reply.out) == (1, "")
    assert len(reply.err.splitlines()) == 1
    assert "fault" in reply.err
    assert "ZeroDivisionError: two" in reply.err
    assert "report" in reply.err
    assert "--debug" in reply.err


@pytest.mark.parametrize("words", [("list", "--debug"), ("--debug", "list")])
def test_the_traceback_of_our_fault_is_shown_on_request(ceasefire, monkeypatch, words):
    command_that(monkeypatch, ZeroDivisionError("oh"))
    reply = ceasefire(*words)
    assert reply.code == 1
    assert reply.err.startswith("Traceback (most recent call last)")
    assert reply.err.splitlines()[-1].endswith("the command you typed")


def test_main_leaves_with_the_exit_code():
    with pytest.raises(SystemExit) as end:
        main(["nonsense"])
    assert end.value.code == 2


@pytest.mark.skipif(os.name == "nt", reason="shells of Windows have no such pipe")
def test_a_reader_that_closes_the_pipe_is_no_fault(tmp_path):
    # More than a pipe holds, so that writing goes on after the reader has left.
    more = "from sim.cli import list as l\nimport click\n"
    more += "@click.command()\ndef f():\n    for _ in range(100_000): click.echo('x')\n"
    code = f"{more}l.list = f\nfrom sim.cli import main\nmain(['list'])"
    writer = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout.readline() == b"x\n"
    writer.stdout.close()
    errors = writer.stderr.read()
    writer.stderr.close()
    assert (writer.wait(), errors) == (0, b"")


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals there")
@pytest.mark.parametrize(("no_color", "bold"), [(None, True), ("", True), ("1", False)])
def test_no_color_is_honoured_on_a_terminal(no_color, bold):
    import pty

    environment = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    environment |= {"TERM": "xterm"} | (
        {} if no_color is None else {"NO_COLOR": no_color}
    )
    ours, terminal = pty.openpty()
    command = [sys.executable, "-m", "sim", "show", FLAGSHIP]
    with subprocess.Popen(command, stdout=terminal, env=environment):
        os.close(terminal)
        seen = b"".join(iter(lambda: read_terminal(ours), b""))
    os.close(ours)
    assert seen.startswith(b"\x1b[1m") is bold
    assert (b"\x1b" in seen) is bold


def read_terminal(descriptor: int) -> bytes:
    """What has been written; nothing when the writer has ended."""
    try:
        return os.read(descriptor, 65536)
    except OSError:  # how Linux tells that the other end is closed
        return b""


def test_a_terminal_without_our_letters_gets_question_marks(process, scenario_file):
    file = scenario_file(title="North → south")
    reply = process("show", file, env=os.environ | {"PYTHONIOENCODING": "cp1252"})
    assert reply.code == 0
    assert reply.out.startswith("North ? south\n")


def test_exit_codes_are_returned_and_not_raised():
    assert exit_code(["nonsense"]) == 2


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A scenario, a finished sweep, an experiment and words, in one folder."""
    folder = tmp_path_factory.mktemp("read")
    experiment = "scenario: mine.yaml\nvary:\n  aid.level: [0, 1]\n"
    words = Path(sim.__file__).with_name("web") / "words.yaml"
    assert exit_code(["new", str(folder / "mine.yaml"), "--from", FLAGSHIP]) == 0
    (folder / "child.yaml").write_text("extends: mine.yaml\nid: child\n")
    (folder / "exp.yaml").write_text(experiment)
    (folder / "words.yaml").write_bytes(words.read_bytes())
    (folder / "points.csv").write_text("aid.level\n0\n1\n")
    (folder / "own.py").write_text("from sim import Policy\n")
    sweep = ["sweep", str(folder / "mine.yaml"), "--vary", "aid.level=0,1", "--quiet"]
    few = ["--replicates", "10", "--set", "horizon_days=15", "--within-days", "9"]
    assert exit_code([*sweep, *few, "--out", str(folder / "sweep")]) == 0
    return folder


@pytest.mark.parametrize(
    ("command", "out", "inside", "what"),
    [
        ("run child.yaml", "out", "manifest.json", "mine.yaml"),
        ("run mine.yaml --policy ukraine=own.py:Own", "out", "manifest.json", "own.py"),
        (
            "replay sweep --cell 0 --replicate 1",
            "out",
            "manifest.json",
            "sweep/cells.parquet",
        ),
        ("why mine.yaml --day 0", "out", "manifest.json", "mine.yaml"),
        ("compare mine.yaml child.yaml", "out", "compare.csv", "child.yaml"),
        (
            "plot sweep --figure outcome_dots",
            "out",
            "outcome_dots.csv",
            "sweep/cells.parquet",
        ),
        (
            "plot child.yaml --figure run_timeline",
            "out",
            "run_timeline.txt",
            "mine.yaml",
        ),
        ("page sweep", "sweep/cells.parquet", "", "sweep/cells.parquet"),
        ("page sweep --words words.yaml", "words.yaml", "", "words.yaml"),
        ("sensitivity exp.yaml", "out", "manifest.json", "exp.yaml"),
        ("sweep child.yaml --vary aid.level=0,1", "out", "cells.parquet", "mine.yaml"),
        ("sweep exp.yaml", "out", "manifest.json", "exp.yaml"),
        ("sweep mine.yaml --design points.csv", "out", "cells.parquet", "points.csv"),
        ("sweep mine.yaml --design sweep", "sweep", "", "sweep/manifest.json"),
        ("backtest mine.yaml --events events", "out", "forecasts.csv", "mine.yaml"),
        (
            "backtest mine.yaml --observed kursk_held",
            "out",
            "manifest.json",
            "mine.yaml",
        ),
    ],
)
def test_no_command_overwrites_what_it_reads(
    ceasefire, read, tmp_path, monkeypatch, command, out, inside, what
):
    """f02: neither by its name nor through a link in the folder written to."""
    monkeypatch.chdir(read)
    before = {file: file.read_bytes() for file in read.rglob("*") if file.is_file()}
    if inside:
        out = tmp_path / out
        (out / inside).parent.mkdir()
        (out / inside).hardlink_to(read / what)
    reply = ceasefire(*command.split(), "--out", out, "--force")
    assert reply.code == 2, reply.err
    assert f"{what}" in reply.err
    assert "is used as input and would be overwritten" in reply.err
    assert all(file.read_bytes() == content for file, content in before.items())


def test_a_copy_does_not_replace_what_it_is_a_copy_of(ceasefire, tmp_path):
    """f02: the shipped scenario itself, through a link."""
    (tmp_path / "mine.yaml").hardlink_to(shipped()[FLAGSHIP])
    reply = ceasefire("new", tmp_path / "mine.yaml", "--from", FLAGSHIP, "--force")
    assert (reply.code, "is used as input" in reply.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ["run", FLAGSHIP, "--set", "horizon_days=20"],
        pytest.param(
            ["why", FLAGSHIP, "--set", "horizon_days=20", "--day", "0"],
            marks=pytest.mark.slow,
        ),
        ["compare", FLAGSHIP, "--set", "aid.level=0.5", "--replicates", "5"],
        ["sweep", FLAGSHIP, "--vary", "aid.level=0.5,1", "--replicates", "5"],
        [
            "sensitivity",
            FLAGSHIP,
            *["--samples", "16", "--replicates", "2", "--trajectories", "2"],
            *["--tornado-replicates", "20", "--single", "1"],
        ],
    ],
    ids=lambda words: words[0],
)
def test_what_json_prints_is_what_the_folder_gives(ceasefire, words, tmp_path):
    reply = ceasefire(*words, "--out", tmp_path / "made", "--json")
    assert reply.code == 0, reply.err
    told = sim.open_result(tmp_path / "made").to_dict()
    assert json.loads(json.dumps(told)) == json.loads(reply.out)
