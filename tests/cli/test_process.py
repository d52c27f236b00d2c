"""What the system does to a command: streams, limits, Ctrl-C; never a fault of ours."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

import sim.cli.list
from sim.cli.group import COMMANDS

FLAGSHIP = "kursk-2025-03-13"
CEASEFIRE = [sys.executable, "-m", "sim"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and limits of POSIX")


def shell(line, **options):
    """Run a line of the shell, in which `ceasefire` is the command."""
    script = f'ceasefire() {{ "{sys.executable}" -m sim "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, **options
    )


@pytest.mark.parametrize("words", ["--help", "--version", "list", f"show {FLAGSHIP}"])
@pytest.mark.parametrize(
    ("end", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
def test_output_that_cannot_be_written_is_told(words, end, reason):
    if not Path("/dev/full").exists():
        pytest.skip("no such device here")
    reply = shell(f"ceasefire {words} {end}")
    expected = f"ceasefire: standard output cannot be written: {reason}\n"
    assert (reply.returncode, reply.stderr) == (4, expected)


@pytest.mark.parametrize("end", ["2>&-", "2>/dev/full", "<&-", "2>&- <&-"])
def test_words_that_nobody_can_read_stop_no_work(end):
    plain = shell(f"ceasefire show {FLAGSHIP}")
    reply = shell(f"ceasefire show {FLAGSHIP} {end}")
    assert (reply.returncode, reply.stdout) == (0, plain.stdout)


def test_a_file_is_not_taken_for_an_output_that_the_shell_closed(tmp_path):
    """The next file that is opened gets the number of the stream that is missing."""
    reply = shell("ceasefire new war.yaml >&- 2>&-", cwd=tmp_path)
    assert reply.returncode == 0
    assert shell("ceasefire validate war.yaml", cwd=tmp_path).returncode == 0


def test_a_reader_that_has_seen_enough_stops_no_work(tmp_path):
    line = "{ ceasefire show %s --json; ceasefire new war.yaml; } 2>&1 | head -1"
    reply = shell(f"{line % FLAGSHIP}; echo ${{PIPESTATUS[0]}}", cwd=tmp_path)
    assert reply.stdout == "{\n0\n"
    assert reply.stderr == ""
    assert (tmp_path / "war.yaml").exists()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MemoryError(), "the memory that this process may use is used up"),
        (OSError(errno.EMFILE, "Too many open files", "x.so"), "x.so cannot be rea"),
        (OSError(errno.ENOSPC, "No space left", "x.csv"), "x.csv cannot be written"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "x"), "x cannot be reached"),
        (FileNotFoundError(errno.ENOENT, "No such file"), "the folder that you are in"),
        (OSError(errno.EIO, "Input/output error"), "the system refused"),
        (ImportError("libz.so: failed to map segment", name="zlib"), "a library that"),
        (SystemError("returned NULL"), "a library that"),
        (
            RuntimeError("can't start new thread"),
            "the system will not start any more threads",
        ),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates"), "a name or a file"),
    ],
)
def test_what_the_system_refuses_is_one_line_and_4(
    ceasefire, monkeypatch, error, words
):
    """f22: none of these is a fault in ceasefire-sim."""
    raises(monkeypatch, error)
    reply = ceasefire("list")
    assert (reply.code, reply.out) == (4, "")
    assert reply.err.startswith(f"ceasefire: {words}")
    assert len(reply.err.splitlines()) == 1


def raises(monkeypatch, error):
    """Let `ceasefire list` end in this way."""

    @click.command()
    def listing():
        raise error

    monkeypatch.setattr(sim.cli.list, "list", listing)


def test_an_error_that_memory_or_ctrl_c_was_turned_into_is_still_that(
    ceasefire, monkeypatch
):
    """Compilers and imports wrap what happens within them."""
    for inner, code in ((MemoryError(), 4), (KeyboardInterrupt(), 130)):
        outer = ValueError("lowering failed")
        outer.__context__ = inner
        raises(monkeypatch, outer)
        reply = ceasefire("list")
        assert reply.code == code
        assert "fault" not in reply.err


def test_a_module_of_ours_that_is_missing_is_a_fault_of_ours(ceasefire, monkeypatch):
    raises(monkeypatch, ImportError("cannot import name 'x'", name="sim.scenario"))
    reply = ceasefire("list")
    assert reply.code == 1
    assert "this is a fault" in reply.err


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_names_that_the_system_does_not_take_are_told_by_every_command(
    ceasefire, tmp_path, monkeypatch, name
):
    """f22: a name too long, a link to itself, a file in place of a folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    for place in ("x" * 300, "a", "a/x.yaml", "x" * 300 + ".yaml", "/dev/null/x"):
        reply = ceasefire(name, place)
        assert "this is a fault" not in reply.err, place
        assert reply.code in (0, 2, 3, 4), (place, reply)


@pytest.mark.parametrize("place", ["x" * 300, "a", "a/x", "/dev/null/x"])
def test_a_folder_that_cannot_be_made_is_told(ceasefire, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    reply = ceasefire("sweep", FLAGSHIP, "--replicates", "2", "--out", place)
    assert reply.code in (2, 4), reply
    assert "this is a fault" not in reply.err


@pytest.mark.parametrize(
    "setting",
    [
        {"LC_ALL": "xx"},
        {"PYTHONIOENCODING": "ascii"},
        {"MPLBACKEND": "qt4agg"},
        {"HOME": "/dev/null"},
        {"TMPDIR": "/dev/null/x"},
        {"COLUMNS": "x"},
    ],
    ids=lambda setting: next(iter(setting)),
)
def test_odd_surroundings_change_no_result(process, setting):
    reply = process("show", FLAGSHIP, env=os.environ | setting)
    plain = process("show", FLAGSHIP)
    assert reply.code == 0
    assert reply.err == plain.err
    assert len(reply.out.splitlines()) == len(plain.out.splitlines())


def test_a_folder_that_is_gone_stops_no_command_that_needs_none(tmp_path):
    line = f"mkdir gone; cd gone; rmdir ../gone; ceasefire show {FLAGSHIP} | wc -l"
    code = "import sys; sys.argv[0] = 'ceasefire'; from sim.cli import main; main()"
    path = os.pathsep.join(filter(None, sys.path))
    line = line.replace("ceasefire show", f'"{sys.executable}" -P -c "{code}" show')
    reply = shell(line, cwd=tmp_path, env=os.environ | {"PYTHONPATH": path})
    assert int(reply.stdout) > 50, reply.stderr


@pytest.mark.slow
@pytest.mark.parametrize("kilobytes", [150_000, 700_000, 1_000_000, 1_200_000])
def test_too_little_memory_is_no_fault_of_ours(kilobytes):
    """f22: while importing, while compiling; a library may end the process itself."""
    reply = shell(f"ulimit -v {kilobytes}; ceasefire values {FLAGSHIP}")
    assert "this is a fault" not in reply.stderr
    assert "Traceback" not in reply.stderr


@pytest.mark.parametrize("command", ["values", "run", "sweep", "theory"])
@pytest.mark.parametrize("kilobytes", [500_000, 700_000, 970_000])
def test_a_limit_at_which_libraries_would_wait_for_ever_is_refused(command, kilobytes):
    """f22: OpenBLAS does between 420 and 580 MB, and scipy's between 650 and 800."""
    reply = shell(f"ulimit -v {kilobytes}; ceasefire {command} {FLAGSHIP}")
    assert reply.returncode == 4
    assert re.match(
        r"ceasefire: this process may use only \d+ MB of memory", reply.stderr
    )


@pytest.mark.slow
@pytest.mark.parametrize("files", [5, 8, 12, 16, 24])
def test_too_few_open_files_are_no_fault_of_ours(files):
    resource = pytest.importorskip("resource")
    limit = (files, files)
    reply = subprocess.run(
        [*CEASEFIRE, "values", FLAGSHIP],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, limit),
    )
    assert "this is a fault" not in reply.stderr


def interrupted(words, seconds, cwd, **settings):
    """Press Ctrl-C after a while; exit code, words on stderr, how long it took then."""
    process = subprocess.Popen(
        [*CEASEFIRE, *words],
        cwd=cwd,
        env=os.environ | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGINT)
    pressed = time.monotonic()
    said = process.communicate(timeout=60)[1]
    return process.returncode, said, time.monotonic() - pressed


SLEEPS = """
import sys, sim.cli.list, click
from sim.cli import main

@click.command()
def listing():
    {body}

sim.cli.list.list = listing
sys.argv = ["ceasefire", "list"]
main()
"""


@pytest.mark.parametrize(
    "body",
    [
        "print(flush=True); import time; time.sleep(30)",
        # a library that swallows it, and goes on
        """while True:
        try:
            print(flush=True)
            import time; time.sleep(30)
        except BaseException:
            pass""",
        # one that makes another error of it
        """try:
        print(flush=True)
        import time; time.sleep(30)
    except BaseException:
        raise ValueError("lowering") from None""",
        # a thread that is not waited for
        """import threading, time
    threading.Thread(target=time.sleep, args=(30,)).start()
    print(flush=True)
    time.sleep(30)""",
        # where no exception can be raised, as in a callback of a compiler
        """import weakref, time
    class Each: pass
    def gone(_):
        print(flush=True)
        time.sleep(30)
    each = Each()
    watch = weakref.ref(each, gone)
    del each
    time.sleep(30)""",
    ],
    ids=["asleep", "swallowed", "changed", "thread", "callback"],
)
def test_ctrl_c_ends_a_command_soon_whatever_it_is_doing(body):
    """f08: exit 130 within two seconds, and no traceback."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPS.format(body=body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "\n"
    pressed = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=20)[1]
    assert (process.returncode, said) == (130, "ceasefire: interrupted\n")
    assert time.monotonic() - pressed < 10.0  # a loaded machine is slower


def test_who_is_started_to_ignore_ctrl_c_ignores_it():
    line = f"trap '' INT; ceasefire show {FLAGSHIP} & sleep 0.1; kill -INT $!; wait $!"
    assert shell(line).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["values", FLAGSHIP],
        ["run", FLAGSHIP],
        ["why", FLAGSHIP, "--day", "0"],
        ["sensitivity", FLAGSHIP],
        ["plot", FLAGSHIP, "--figure", "run_timeline", "--out", "figures"],
        ["sweep", FLAGSHIP, "--replicates", "20000", "--out", "swept"],
        ["compare", FLAGSHIP, "aid-cut-for-good"],
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("cold", [True, False], ids=["compiling", "compiled"])
def test_ctrl_c_at_any_time_in_any_command(words, cold, tmp_path):
    """f08: while importing, compiling, computing, writing."""
    settings = {"CEASEFIRE_CACHE_DIR": str(tmp_path / "cache")} if cold else {}
    for seconds in (0.7, 2.0, 6.0) if cold else (0.3, 0.7, 1.2, 2.0):
        code, said, waited = interrupted(words, seconds, tmp_path, **settings)
        if code == 0:
            break  # it was done before
        assert code == 130, (seconds, code, said)
        assert "Traceback" not in said
        assert "this is a fault" not in said
        assert waited < 10.0, seconds  # two, on a machine that does nothing else
