"""A sweep on Dask workers: the bytes of a local one, whatever becomes of them."""

import asyncio
import contextlib
import gc
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request

import pytest

from sim.api.sweep import carry_out, sweep
from sim.batch import dask_executor, tasks
from sim.batch.checkpoint import Checkpoint
from sim.batch.manifest import describe, identity
from sim.batch.plan import Part
from sim.batch.policy_worlds import file_policies
from sim.batch.progress import Progress
from sim.batch.tables import read_manifest
from sim.batch.tasks import WorldChunk
from sim.errors import CheckFailedError, InputMissingError, UsageError
from sim.model.policies import BestResponse
from tests.batch.small import AREA, SHORT, files_of, plan

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="distributed is not installed: pip install 'ceasefire-sim[cluster]'",
)

SCHEDULER = "from distributed.cli.dask_scheduler import main; main()"
WORKER = "from distributed.cli.dask_worker import main; main()"
HERE = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch):
    monkeypatch.setattr(tasks, "CHUNK_STEPS", 10 * SHORT["horizon_days"])
    monkeypatch.setattr(tasks, "POLICY_CHUNK_STEPS", 10 * SHORT["horizon_days"])


def asked(**changes):
    return plan(input_sets=3, input_replicates=5, **changes)


class Machines:
    """A scheduler on loopback, and workers that are started and killed."""

    def __init__(self, folder, protocol="tcp"):
        self.folder = folder
        self.workers = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"{protocol}://127.0.0.1:{port}"
        more = ["--protocol", protocol, "--port", str(port)]
        self.scheduler = self._start(SCHEDULER, *HERE, *more)

    def start(self, count, program=WORKER):
        more = ["--no-nanny", "--nthreads", "1", "--local-directory", self.folder]
        for _ in range(count):
            self.workers.append(self._start(program, self.address, *HERE, *more))
        return self

    def wait(self):
        from distributed import Client

        with Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=20)
        return self

    def kill(self):
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()

    def _start(self, program, *words):
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", program, *map(str, words)],
                stdout=log,
                stderr=log,
            )


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler and two workers that nobody kills."""
    machines = Machines(tmp_path_factory.mktemp("dask")).start(2).wait()
    yield machines
    machines.kill()


@pytest.fixture
def machines(tmp_path):
    """A scheduler and workers of a test's own."""
    made = Machines(tmp_path)
    yield made
    made.kill()


class Told(Progress):
    """Progress that remembers, and does something after some chunks."""

    def __init__(self, after=0, do=None):
        self.notes, self.left, self.do = [], after, do

    def note(self, text):
        self.notes.append(text)

    def start(self, worlds, done):
        self.done = done

    def advance(self, worlds):
        self.left -= 1
        if self.left == 0:
            self.do()


def by_value(function):
    """Let a worker have a function that it cannot import."""
    function.__module__ = "__main__"
    return function


# ---- the same bytes ------------------------------------------------------------------


@needs_dask
@pytest.mark.slow
def test_any_workers_give_the_bytes_of_a_local_sweep(two, tmp_path):
    for number, a_plan in enumerate([asked(keep_worlds=True), asked()]):
        here, there = tmp_path / f"here{number}", tmp_path / f"there{number}"
        told = Told()
        carry_out(a_plan, here)
        carry_out(a_plan, there, scheduler=two.address, progress=told)
        assert files_of(there) == files_of(here)
        assert told.notes == [f"2 Dask workers of {two.address}, 2 chunks at once"]


@needs_dask
@pytest.mark.slow
def test_a_precision_and_a_part_give_the_same_bytes_too(two, tmp_path):
    precise = plan(
        replicates=None, precision=0.07, set={"horizon_days": 40}, vary={AREA: [0, 800]}
    )
    carry_out(precise, tmp_path / "here")
    carry_out(precise, tmp_path / "there", scheduler=two.address)
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")
    part = asked(part=Part(2, 3))
    carry_out(part, tmp_path / "parts")
    carry_out(part, tmp_path / "parts there", scheduler=two.address)
    assert files_of(tmp_path / "parts there") == files_of(tmp_path / "parts")


POLICY = """
    import os
    from sim.model.policies import BestResponse


    class Refusing(BestResponse):
        def answer(self, view):
            print("thinking")
            return view.refuse()


    class Dying(BestResponse):
        def answer(self, view):
            if view.world["replicate"][0] == 3:
                os.kill(os.getpid(), 9)
            return view.refuse()


    class Misspelt(BestResponse):
        def answer(self, view):
            return view.refuze()
"""


@pytest.fixture
def policies(tmp_path):
    file = tmp_path / "my_policy.py"
    file.write_text(textwrap.dedent(POLICY), encoding="utf-8")

    def make(name):
        return file_policies([f"russia={file}:{name}"], ["russia", "ukraine"])

    return make


@needs_dask
@pytest.mark.slow
def test_policies_run_in_processes_of_the_workers(two, tmp_path, policies):
    a_plan = plan(vary={AREA: [0]}, replicates=10, policies=policies("Refusing"))
    told = Told()
    carry_out(a_plan, tmp_path / "here", threads=2)
    carry_out(a_plan, tmp_path / "there", scheduler=two.address, progress=told)
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")
    assert "slower Mesa model; 2 Dask workers" in told.notes[0]


@needs_dask
@pytest.mark.slow
def test_a_policy_that_ends_its_process_ends_no_worker(two, policies):
    only = {"vary": {AREA: [0]}, "replicates": 10, "series": 0}
    a_plan = plan(**only, policies=policies("Dying"))
    with pytest.raises(CheckFailedError) as error:
        carry_out(a_plan, None, scheduler=two.address)
    named = f"  cell 0 ({AREA} 0), replicates 0 to 9: killed by signal 9"
    assert str(error.value).splitlines()[1:] == [named]
    assert [worker.poll() for worker in two.workers] == [None, None]
    a_plan = plan(**only, policies=policies("Misspelt"))
    with pytest.raises(UsageError, match=r"refuze(.|\n)*this world alone"):
        carry_out(a_plan, None, scheduler=two.address)


# ---- whatever becomes of them --------------------------------------------------------


@needs_dask
@pytest.mark.slow
def test_a_worker_killed_midway_changes_nothing(machines, tmp_path):
    machines.start(2).wait()
    carry_out(asked(), tmp_path / "here")
    told = Told(after=3, do=machines.workers[0].kill)
    carry_out(asked(), tmp_path / "there", scheduler=machines.address, progress=told)
    assert machines.workers[0].wait() == -signal.SIGKILL
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


@needs_dask
@pytest.mark.slow
def test_a_chunk_that_ends_its_workers_is_named_and_the_rest_done(
    tmp_path, monkeypatch
):
    compute = dask_executor.compute

    @by_value
    def poisoned(setup, chunk):
        if chunk == WorldChunk(1, 10, 10):
            os._exit(9)
        return compute(setup, chunk)

    with monkeypatch.context() as patch:
        patch.setattr(dask_executor, "compute", poisoned)
        with pytest.raises(CheckFailedError) as error:
            carry_out(asked(), tmp_path / "there", scheduler="local", threads=2)
    (named,) = str(error.value).splitlines()[1:]
    chunk = re.escape(f"  cell 1 ({AREA} 400), replicates 10 to 19: 4 Dask workers")
    assert re.match(rf"{chunk} ended, the last tls://127\.0\.0\.1:\d+", named)
    of = identity(describe(asked()))
    journal = Checkpoint(tmp_path / "there" / "unfinished" / "journal.jsonl", of).read()
    assert sum(entry["kind"] == "worlds" for entry in journal) == 8
    assert sum(entry["kind"] == "inputs" for entry in journal) == 6
    # The same sweep goes on anywhere.
    carry_out(asked(), tmp_path / "there")
    carry_out(asked(), tmp_path / "here")
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


@needs_dask
@pytest.mark.slow
def test_a_lost_scheduler_ends_the_sweep_and_keeps_what_is_finished(
    machines, tmp_path, capfd
):
    machines.start(1).wait()
    told = Told(after=4, do=machines.scheduler.kill)
    began = time.monotonic()
    with pytest.raises(InputMissingError, match="was lost; what is finished is kept"):
        carry_out(asked(), tmp_path / "out", scheduler=machines.address, progress=told)
    assert time.monotonic() < began + 30
    assert capfd.readouterr() == ("", "")
    told = Told()
    carry_out(asked(), tmp_path / "out", progress=told)
    assert told.done >= 3 * 5
    carry_out(asked(), tmp_path / "here")
    assert files_of(tmp_path / "out") == files_of(tmp_path / "here")


@needs_dask
@pytest.mark.slow
def test_a_sweep_whose_workers_are_all_gone_ends(machines, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_executor, "PATIENCE_SECONDS", 1.0)
    with pytest.raises(InputMissingError, match="has no workers"):
        carry_out(asked(), tmp_path / "out", scheduler=machines.address)
    assert not (tmp_path / "out").exists()
    machines.start(1).wait()
    told = Told(after=4, do=machines.workers[0].kill)
    with pytest.raises(InputMissingError, match="no Dask worker has been left there"):
        carry_out(asked(), tmp_path / "out", scheduler=machines.address, progress=told)


# ---- other code ----------------------------------------------------------------------

OTHER = "from sim.batch import manifest; manifest.model = lambda: 'another'; " + WORKER
WITHOUT = "import sys; sys.modules['sim'] = None; " + WORKER


@needs_dask
@pytest.mark.slow
def test_workers_with_other_code_are_refused_by_name(machines, tmp_path):
    machines.start(1).start(1, OTHER).start(1, WITHOUT).wait()
    with pytest.raises(UsageError) as error:
        carry_out(asked(), tmp_path / "out", scheduler=machines.address)
    head, *lines = str(error.value).splitlines()
    assert machines.address in head
    assert all(re.match(r"  tcp://127\.0\.0\.1:\d+: ", line) for line in lines)
    assert len(lines) == 2
    listed = "\n".join(lines)
    assert re.search(r': model: "\w+" here, "another" there$', listed, re.MULTILINE)
    assert "No module named 'sim" in listed
    assert not (tmp_path / "out").exists()


@needs_dask
@pytest.mark.slow
def test_a_worker_with_other_code_that_comes_later_is_refused(machines, tmp_path):
    machines.start(1).wait()

    def exchange():
        machines.start(1, OTHER).wait()
        machines.workers[0].kill()

    with pytest.raises(UsageError, match=r'cannot compute(.|\n)*"another" there'):
        carry_out(
            asked(),
            tmp_path / "out",
            scheduler=machines.address,
            progress=Told(after=3, do=exchange),
        )


# ---- nobody there --------------------------------------------------------------------


@needs_dask
@pytest.mark.slow
def test_nothing_is_left_of_a_client_that_failed(monkeypatch):
    """It closes itself when collected, and deadlocks if that is while another starts.

    Seen once: a test of certificates waited for ever for the scheduler after it.
    """
    from distributed import Client

    def clients():
        return {id(each) for each in gc.get_objects() if type(each) is Client}

    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1.0)
    gc.collect()
    before = clients()
    gc.disable()
    try:
        for address in ("tcp://127.0.0.1:1", "tls://127.0.0.1:1"):
            with pytest.raises((InputMissingError, UsageError)):
                carry_out(asked(), None, scheduler=address)
            assert clients() <= before  # those of other tests may end meanwhile
    finally:
        gc.enable()


@needs_dask
@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_told_soon(tmp_path, monkeypatch):
    monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 1.0)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for port in (silent.getsockname()[1], 1):
            with pytest.raises(InputMissingError, match="no Dask scheduler answers"):
                carry_out(plan(), tmp_path / "o", scheduler=f"tcp://127.0.0.1:{port}")
    assert time.monotonic() < began + 15
    assert not (tmp_path / "o").exists()


def test_what_is_no_address_is_refused(monkeypatch):
    monkeypatch.setattr(dask_executor, "imported", lambda: Nobody)
    for scheduler in ("somewhere", "host:8786", "tcp://host", "Local", "ws://h:1"):
        with pytest.raises(UsageError, match=r"--scheduler is tcp://HOST:PORT, tls://"):
            carry_out(plan(), None, scheduler=scheduler)
    with pytest.raises(
        UsageError, match="--threads cannot change the number of workers"
    ):
        carry_out(plan(), None, scheduler="tcp://host:1", threads=3)
    with pytest.raises(UsageError, match="policies given as objects cannot be sent"):
        sweep(
            "kursk-2025-03-13",
            policies={"russia": BestResponse()},
            scheduler="tcp://host:1",
        )


class Nobody:
    KilledWorker = Exception


def test_without_dask_it_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'ceasefire-sim\[cluster\]'"):
        carry_out(plan(), tmp_path / "out", scheduler="local")
    assert not (tmp_path / "out").exists()


def test_a_local_sweep_does_not_import_dask():
    code = "import sys, sim.api.sweep, sim.batch.runner, sim.batch.executors\n"
    code += "print({'dask', 'distributed', 'mesa'} & set(sys.modules))"
    reply = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert reply.stdout == "set()\n", reply.stderr


# ---- a cluster of its own ------------------------------------------------------------

SCRIPT = """
from sim import sweep
print("began")
found = sweep(
    "kursk-2025-03-13", {"chips.kursk.area_km2": [0, 800]}, 20, within_days=15,
    set={"horizon_days": 20}, scheduler="local", threads=1,
)
print(list(found.cells["replicates"]))
"""


def below(pid):
    import psutil

    return psutil.Process(pid).children(recursive=True)


def ports(pid):
    """Ports on which processes below this one listen."""
    import psutil

    found = []
    for process in below(pid):
        with contextlib.suppress(psutil.Error):
            found += process.net_connections()
    return [port for port in found if port.status == psutil.CONN_LISTEN]


def assert_gone(processes):
    """See to it that processes end soon; nobody may have taken note of their end."""
    import psutil

    _, left = psutil.wait_procs(processes, timeout=20)
    assert [each for each in left if each.status() != psutil.STATUS_ZOMBIE] == []


@needs_dask
@pytest.mark.slow
def test_a_script_needs_no_guard(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, script]
    reply = subprocess.run(command, capture_output=True, text=True)
    assert (reply.stdout, reply.stderr) == ("began\n[20, 20]\n", "")


@needs_dask
@pytest.mark.slow
def test_local_workers_listen_on_loopback_only_and_end_with_a_sweep_that_is_killed():
    long = SCRIPT.replace(" 20, within", " 2_000_000, within")
    process = subprocess.Popen([sys.executable, "-c", long], stdout=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 60
        # The scheduler's, the worker's, and a port of each where a dashboard would be.
        while len(listening := ports(process.pid)) < 4 and time.monotonic() < limit:
            time.sleep(0.05)
        time.sleep(1.0)
        left = below(process.pid)
    finally:
        process.kill()
        process.wait()
    assert len(listening) >= 4
    assert {port.laddr.ip for port in listening} == {"127.0.0.1"}
    assert len(left) >= 2
    assert_gone(left)


def long_sweep(folder, replicates=200_000, days=30):
    """Start a sweep on workers of its own that takes a minute."""
    words = ["--set", f"horizon_days={days}", "--replicates", str(replicates)]
    words = ["kursk-2025-03-13", *words, "--scheduler", "local", "--threads", "2"]
    command = [sys.executable, "-m", "sim", "sweep", *words, "--out", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def until(true, process, seconds=120):
    """Wait for what a process that is at work brings about."""
    limit = time.monotonic() + seconds
    while not (found := true()):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < limit
        time.sleep(0.01)
    return found


def below_with(pid, words):
    import psutil

    found = []
    for process in below(pid):
        with contextlib.suppress(psutil.Error):
            if words in " ".join(process.cmdline()):
                found.append(process)
    return found


@needs_dask
@pytest.mark.slow
def test_local_workers_let_in_nobody_who_knows_their_ports_alone(tmp_path):
    """r04: without the key of this sweep there is no talking, with another neither."""
    from distributed import Security
    from distributed.comm import connect

    stranger = Security.temporary().get_connection_args("client")

    async def talk(address, **key):
        # A web server waits for more, and Dask for its reply, whatever its timeout.
        await asyncio.wait_for(connect(address, timeout=1, **key), 3)

    process = long_sweep(tmp_path / "out", replicates=20_000_000, days=180)
    try:
        # Of the scheduler two, and of each worker that and its keeper's.
        until(lambda: len(ports(process.pid)) >= 8, process)
        tried = {port.laddr.port for port in ports(process.pid)}
        for port in tried:
            with pytest.raises(OSError):  # noqa: PT011
                asyncio.run(talk(f"tcp://127.0.0.1:{port}"))
            with pytest.raises(OSError):  # noqa: PT011
                asyncio.run(talk(f"tls://127.0.0.1:{port}", **stranger))
            with contextlib.suppress(OSError):
                page = f"http://127.0.0.1:{port}/info/main/workers.html"
                with urllib.request.urlopen(page, timeout=2) as reply:
                    assert reply.status == 404
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.4, 0.8, 1.2, 1.6, 2.4])
def test_a_local_worker_killed_while_things_start_is_replaced(tmp_path, seconds):
    """r20, at six moments."""
    process = long_sweep(tmp_path / "out", replicates=4000)
    worker = until(lambda: below_with(process.pid, "spawn_main"), process)[0]
    time.sleep(seconds)
    worker.kill()
    _, told = process.communicate(timeout=120)
    assert process.returncode == 0, told
    assert b"Traceback" not in told


@needs_dask
@pytest.mark.slow
def test_a_local_scheduler_that_is_killed_ends_the_sweep_and_leaves_nobody(tmp_path):
    process = long_sweep(tmp_path / "out")
    journal = tmp_path / "out" / "unfinished" / "journal.jsonl"
    until(journal.exists, process)
    everybody = below(process.pid)
    (scheduler,) = below_with(process.pid, "sim.batch.dask_cluster import serve")
    scheduler.kill()
    _, told = process.communicate(timeout=60)
    assert process.returncode == 4
    assert b"was lost; what is finished is kept" in told
    assert_gone(everybody)


@needs_dask
@pytest.mark.slow
def test_a_sweep_killed_while_its_workers_start_leaves_nobody(tmp_path):
    process = long_sweep(tmp_path / "out")
    until(lambda: below_with(process.pid, "spawn_main"), process)
    everybody = below(process.pid)
    process.kill()
    _, told = process.communicate(timeout=60)
    assert_gone(everybody)
    assert b"Traceback" not in told


@needs_dask
@pytest.mark.slow
def test_a_scheduler_with_certificates_needs_those_here_too(tmp_path, monkeypatch):
    import dask
    from distributed import Security

    made = Security.temporary()
    (tmp_path / "ca.pem").write_text(made.tls_ca_file)
    both = tmp_path / "both.pem"
    both.write_text(made.tls_client_cert + made.tls_client_key)
    here = {"ca-file": str(tmp_path / "ca.pem")}
    for role in ("scheduler", "worker", "client"):
        here |= {f"{role}.cert": str(both), f"{role}.key": str(both)}
    for name, file in here.items():
        name = name.replace(".", "__").replace("-", "_").upper()
        monkeypatch.setenv(f"DASK_DISTRIBUTED__COMM__TLS__{name}", file)
    machines = Machines(tmp_path, "tls")
    try:
        with pytest.raises(UsageError, match="--scheduler tls://"):
            carry_out(asked(), None, scheduler=machines.address)
        with dask.config.set({f"distributed.comm.tls.{k}": v for k, v in here.items()}):
            machines.start(1).wait()
            carry_out(asked(), tmp_path / "there", scheduler=machines.address)
        monkeypatch.setattr(dask_executor, "CONNECT_SECONDS", 2.0)
        plain = machines.address.replace("tls", "tcp")
        with pytest.raises(InputMissingError, match="no Dask scheduler answers"):
            carry_out(asked(), None, scheduler=plain)
    finally:
        machines.kill()
    carry_out(asked(), tmp_path / "here")
    assert files_of(tmp_path / "there") == files_of(tmp_path / "here")


@needs_dask
@pytest.mark.slow
def test_ctrl_c_keeps_finished_chunks_and_ends_with_130(two, tmp_path):
    words = ["kursk-2025-03-13", "--vary", f"{AREA}=0:1000:12", "--replicates", "20000"]
    out = ["--out", str(tmp_path / "out"), "--scheduler", two.address]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "sweep", *words, *out],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    file = tmp_path / "out" / "unfinished" / "journal.jsonl"
    limit = time.monotonic() + 60
    while not (file.exists() and file.read_bytes().count(b"\n") > 2):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < limit
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "the same command continues from there" in told
    assert "Traceback" not in told
    journal = Checkpoint(file, identity(read_manifest(tmp_path / "out"))).read()
    assert sum(entry["kind"] == "worlds" for entry in journal) > 1
