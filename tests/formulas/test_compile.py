"""Compiled code follows its sources, whoever compiles, wherever it is kept."""

import os
import subprocess
import sys
import time
from pathlib import Path
from shutil import copy

import pytest

import sim
from sim.model import compile as compiling
from sim.model.compile import cache_folder, kernel

pytestmark = pytest.mark.compiled

CALLEE = """
from sim.model.compile import kernel

@kernel
def cost(x):
    return 2.0 * x
"""

CALLER = """
from sim.model.compile import kernel
from sim.model.stages.costs import cost

@kernel
def war(x):
    return cost(x) + 1.0

def chained(first, second):
    @kernel
    def run(x):
        return second(first(x))
    return run

twice, cost_of_war, war_of_cost = (
    chained(war, war), chained(war, cost), chained(cost, war)
)
"""

USE = """
from sim.model.worlds import war
print(float(war(3.0)), sum(war.stats.cache_hits.values()))
"""


@pytest.fixture
def package(tmp_path):
    """A small package `sim` with our compile.py, a kernel, and one that calls it."""
    source = Path(sim.__file__).parent
    model = tmp_path / "sim" / "model"
    (model / "stages").mkdir(parents=True)
    # without them the installed package would be found instead
    for folder in (tmp_path / "sim", model, model / "stages"):
        (folder / "__init__.py").touch()
    for name in ("compile.py", "linking.py"):
        copy(source / "model" / name, model)
    (model / "stages" / "costs.py").write_text(CALLEE)
    (model / "worlds.py").write_text(CALLER)
    return tmp_path


def started(package, code, **settings):
    """Start Python on the small package, with its own cache folder."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_")}
    own = {"PYTHONPATH": str(package), "CEASEFIRE_CACHE_DIR": str(package / "cache")}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code],
        env=inherited | own | settings,
        cwd=package,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(package, code=USE, **settings):
    """Run code on the small package; what it printed, and its notices."""
    process = started(package, code, **settings)
    out, notices = process.communicate()
    assert process.returncode == 0, notices
    return out.split(), notices


def kept(folder):
    return [path for path in folder.rglob("*") if path.suffix == ".nbc"]


def test_an_edited_callee_changes_the_result_of_its_caller(package):
    assert run(package) == (["7.0", "0"], "")
    assert run(package) == (["7.0", "1"], "")
    callee = package / "sim" / "model" / "stages" / "costs.py"
    callee.write_text(CALLEE.replace("2.0 * x", "5.0 * x"))
    assert run(package) == (["16.0", "0"], "")


@pytest.mark.slow
def test_an_edit_and_its_reversal_find_the_first_code_again(package):
    run(package)
    callee = package / "sim" / "model" / "stages" / "costs.py"
    callee.write_text(CALLEE + "# why two\n")
    assert run(package)[0] == ["7.0", "0"]
    callee.write_text(CALLEE)
    assert run(package)[0] == ["7.0", "1"]


def test_a_kernel_made_of_kernels_is_compiled_once_and_taken_for_no_other(package):
    code = """
from sim.model.worlds import cost_of_war, twice, war_of_cost
for chain in (twice, cost_of_war, war_of_cost):
    print(float(chain(3.0)), sum(chain.stats.cache_hits.values()))
"""
    assert run(package, code)[0] == ["15.0", "0", "14.0", "0", "13.0", "0"]
    assert run(package, code)[0] == ["15.0", "1", "14.0", "1", "13.0", "1"]


def names_of_kept(package):
    """Each kernel with its form: entered by Python, or within other kernels."""
    names = (path.name.split("-") for path in kept(package))
    return sorted(f"{name.split('.')[-1]} {rest.split('.')[1]}" for name, rest in names)


def test_a_kernel_has_code_to_enter_only_if_python_enters_it(package):
    assert run(package)[0] == ["7.0", "0"]
    assert names_of_kept(package) == ["cost inner", "war entered"]
    both = USE + "from sim.model.stages.costs import cost\nprint(float(cost(3.0)))\n"
    assert run(package, both)[0] == ["7.0", "1", "6.0"]
    assert names_of_kept(package) == ["cost entered", "cost inner", "war entered"]


def test_what_is_within_one_kernel_is_not_compiled_again_for_another(package):
    run(package)
    before = {path: path.stat().st_mtime_ns for path in kept(package)}
    code = "from sim.model.worlds import war_of_cost\nprint(float(war_of_cost(3.0)))\n"
    assert run(package, code)[0] == ["13.0"]
    assert names_of_kept(package) == [
        *("cost inner", "run entered", "war entered", "war inner")
    ]
    assert before.items() <= {p: p.stat().st_mtime_ns for p in kept(package)}.items()


def test_where_numba_is_another_inside_every_kernel_has_code_of_its_own(package):
    other = "from numba.core import codegen\ndel codegen.JITCodeLibrary\n"
    assert run(package, other + USE) == (["7.0", "0"], "")
    assert names_of_kept(package) == ["cost entered", "war entered"]
    assert run(package, other + USE) == (["7.0", "1"], "")
    assert run(package) == (["7.0", "1"], "")


def test_a_function_that_others_compile_may_call_a_kernel():
    import numba

    @kernel
    def half(share):
        return share / 2.0

    @kernel
    def quarter(share):
        return half(half(share))

    @numba.njit
    def theirs(share):
        return quarter(share) + half(share)

    assert theirs(4.0) == 3.0
    assert quarter(4.0) == 1.0


@pytest.mark.slow
def test_a_setting_of_the_compiler_has_its_own_code(package):
    run(package)
    assert run(package, NUMBA_BOUNDSCHECK="1")[0] == ["7.0", "0"]
    assert run(package)[0] == ["7.0", "1"]


def test_functions_of_others_are_kept_where_their_user_says(package):
    (package / "theirs.py").write_text(
        "import numba\n@numba.njit(cache=True)\ndef half(x):\n    return x / 2.0\n"
    )
    code = USE + (
        "import numba, theirs\n"
        "theirs.half(3.0)\n"
        "print(numba.config.CACHE_DIR, theirs.half.stats.cache_path)\n"
    )
    elsewhere = package / "elsewhere"
    (*_, setting, path), _ = run(package, code, NUMBA_CACHE_DIR=str(elsewhere))
    assert setting == str(elsewhere)
    assert Path(path).is_relative_to(elsewhere)
    names = {file.name.split("-")[0] for file in kept(elsewhere)}
    assert names == {"theirs.half"}
    assert kept(package / "cache")


def test_without_a_folder_to_write_to_it_runs_and_says_so_once(package):
    # A file in the way stops every user, root too.
    (package / "file").write_text("")
    out, notices = run(package, CEASEFIRE_CACHE_DIR=str(package / "file" / "below"))
    assert out == ["7.0", "0"]
    assert notices.count("compiled code is not kept") == 1
    assert len(notices.splitlines()) == 1
    assert not kept(package)


def test_a_folder_that_goes_away_costs_no_run(package):
    code = """
import shutil
import sim.model.worlds
from sim.model.compile import cache_folder
folder = cache_folder()
shutil.rmtree(folder)
folder.write_text("in the way")
print(float(sim.model.worlds.war(3.0)), float(sim.model.worlds.twice(3.0)))
"""
    out, notices = run(package, code)
    assert out == ["7.0", "15.0"]
    assert notices.count("compiled code is not kept") == 1


def test_damaged_code_is_compiled_anew_and_replaced_wherever_a_byte_is_wrong(package):
    """r16: the least that may come of it is time; a wrong number, or none, must not."""
    code = """
from pathlib import Path
from sim.model.compile import kernel
from sim.model.worlds import war

def used():
    again = kernel(war.py_func)
    return float(again(3.0)), sum(again.stats.cache_hits.values())

war(3.0)
(file,) = (path for path in Path("cache").rglob("*.nbc") if ".war-" in path.name)
whole = file.read_bytes()
assert used() == (7.0, 1)
damaged = [b"", whole[:-1], whole + b"0"]
for place in (0, 31, 32, 33, len(whole) // 2, len(whole) * 9 // 10, -1):
    flipped = bytearray(whole)
    flipped[place] ^= 0xE9
    damaged.append(bytes(flipped))
for content in damaged:
    file.write_bytes(content)
    assert used() == (7.0, 0)
    assert used() == (7.0, 1)
"""
    assert run(package, code) == ([], "")


@pytest.mark.slow
def test_code_kept_for_something_else_is_not_run(package):
    """A file that is whole, under the name of another signature or other sources."""
    code = USE.replace("war(3.0)", "war({argument})")
    run(package, code.format(argument="3.0"))
    (file,) = (path for path in kept(package) if ".war-" in path.name)
    run(package, code.format(argument="3"))
    (other,) = (path for path in kept(package) if ".war-" in path.name and path != file)
    other.write_bytes(file.read_bytes())
    assert run(package, code.format(argument="3"))[0] == ["7.0", "0"]

    callee = package / "sim" / "model" / "stages" / "costs.py"
    callee.write_text(CALLEE.replace("2.0 * x", "5.0 * x"))
    run(package)
    (newer,) = (
        path
        for path in kept(package)
        if ".war-" in path.name and path.parent != file.parent
    )
    newer.write_bytes(file.read_bytes())
    assert run(package)[0] == ["16.0", "0"]


posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")


@posix
def test_a_pipe_in_place_of_code_keeps_nobody_waiting(package):
    run(package)
    for path in kept(package):
        path.unlink()
        os.mkfifo(path)
    assert run(package)[0] == ["7.0", "0"]


@pytest.mark.slow
@posix
@pytest.mark.parametrize("below", ["", "kernels", "kernels/*"])
def test_a_folder_that_others_may_write_to_is_not_used(package, below):
    """It holds code, and whoever can put a file there could put any code there."""
    run(package)
    (folder,) = (package / "cache").glob(below) if below else [package / "cache"]
    for mode in (0o775, 0o757):
        folder.chmod(mode)
        out, notices = run(package)
        assert out == ["7.0", "0"]
        assert f"{folder} belongs to somebody else or others may write" in notices
        assert len(notices.splitlines()) == 1
    folder.chmod(0o755)
    assert run(package) == (["7.0", "1"], "")


@posix
def test_a_file_that_others_may_write_to_is_replaced(package):
    run(package)
    for path in kept(package):
        path.chmod(0o666)
    assert run(package) == (["7.0", "0"], "")
    assert run(package) == (["7.0", "1"], "")


@pytest.mark.slow
@posix
@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away"
)
def test_what_belongs_to_somebody_else_is_not_run(package):
    run(package)
    for path in kept(package):
        os.chown(path, 12345, -1)
    assert run(package)[0] == ["7.0", "0"]
    assert run(package)[0] == ["7.0", "1"]
    os.chown(package / "cache" / "kernels", 12345, -1)
    out, notices = run(package)
    assert out == ["7.0", "0"]
    assert "belongs to somebody else" in notices


@posix
def test_what_is_written_is_writable_for_nobody_else_whatever_the_umask(package):
    code = "import os; os.umask(0o002)\n" + USE
    assert run(package, code) == (["7.0", "0"], "")
    assert run(package, code) == (["7.0", "1"], "")


@posix
def test_a_cache_that_can_only_be_read_is_read(package):
    """f13: the image of a lab, or a disk mounted to be read; root needs a real one."""
    run(package)
    code = (
        """
import os
from pathlib import Path
refuse = PermissionError(13, "Permission denied")
real = os.open, Path.mkdir, Path.touch
def opened(path, flags, *rest, **more):
    if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise refuse
    return real[0](path, flags, *rest, **more)
def touch(path, *rest, **more):
    raise refuse
os.open, Path.touch = opened, touch
import sys
import sim.model.worlds
if "new" in os.environ:
    sim.model.worlds.war(3)
"""
        + USE
    )
    assert run(package, code) == (["7.0", "1"], "")
    out, notices = run(package, code, new="1")
    assert out == ["7.0", "1"]
    assert "compiled code is not kept" in notices
    assert "Permission denied" in notices


def test_a_lock_left_by_anybody_holds_up_nobody(package):
    """r17: there is nothing to wait for; each file is written whole, by itself."""
    run(package)
    assert [
        path.name
        for path in (package / "cache").rglob("*")
        if path.is_file()
        if path.suffix != ".nbc"
    ] == ["used"]


def test_without_compiler_the_functions_are_those_that_are_written(package):
    code = """
from sim.model.worlds import war
print(type(war).__name__, war(3.0))
"""
    out, notices = run(package, code, NUMBA_DISABLE_JIT="1")
    assert out == ["function", "7.0"]
    assert notices == ""
    assert not (package / "cache").exists()


@pytest.mark.slow
def test_processes_that_compile_at_once_lose_nothing_and_mix_up_nothing(package):
    kinds = ["int16", "int32", "float32", "float64"]
    code = """
import time, pathlib
import numpy as np
from sim.model.worlds import war
kind, start = "{kind}", pathlib.Path("start")
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
value = war(getattr(np, kind)(3))
print(float(value), sum(war.stats.cache_hits.values()))
"""
    processes = [started(package, code.format(kind=kind)) for kind in kinds]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    (package / "start").touch()
    for process in processes:
        assert process.communicate() == ("7.0 0\n", "")
    code = f"""
import numpy as np
from sim.model.worlds import war
for kind in {kinds}:
    print(float(war(getattr(np, kind)(3))))
print(sum(war.stats.cache_hits.values()))
"""
    assert run(package, code)[0] == ["7.0"] * 4 + ["4"]


def test_old_folders_are_removed_but_those_in_use_are_not(tmp_path):
    now = time.time()
    days = {"today": 0.0, "hours": 0.5, "week": 7, "month": 30, "year": 365}
    for name, age in days.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "used").touch()
        for path in (tmp_path / name / "used", tmp_path / name):
            os.utime(path, (now - age * 86400.0, now - age * 86400.0))
    compiling._remove_old_folders(tmp_path, tmp_path / "today")
    assert {path.name for path in tmp_path.iterdir()} == {
        *("today", "hours", "week", "month")
    }
    for extra in "abc":
        (tmp_path / extra).mkdir()
    compiling._remove_old_folders(tmp_path, tmp_path / "today")
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"today", "hours", "a", "b", "c"}


def test_the_folder_of_a_user_is_used_where_none_is_chosen(monkeypatch):
    monkeypatch.delenv("CEASEFIRE_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path("base").absolute()))
    root = compiling._cache_root()
    assert "ceasefire-sim" in root.parts
    assert root.name == "kernels"
    if sys.platform == "linux":
        assert root == Path("base").absolute() / "ceasefire-sim" / "kernels"


@pytest.mark.skipif(sys.platform != "linux", reason="where a home is a variable")
def test_without_a_home_no_code_comes_from_the_folder_one_is_in(package):
    """`~/.cache`, read as it stands, would be a folder of whoever made this one."""
    nobody = "import os; os.environ.pop('HOME', None)\n"
    nobody += "import pwd; pwd.getpwuid = lambda uid: {}[uid]\n"
    code = nobody + "del os.environ['CEASEFIRE_CACHE_DIR']\n" + USE
    out, notices = run(package, code)
    assert out == ["7.0", "0"]
    assert "compiled code is not kept" in notices
    assert not kept(package)
    assert not (package / "~").exists()


def test_a_kernel_outside_the_hashed_sources_is_compiled_but_not_kept():
    @kernel
    def half(share):
        return share / 2.0

    assert half(3.0) == 1.5
    assert half.stats.cache_path is None


def test_a_kernel_of_the_package_is_kept_in_its_folder():
    from sim.model.formulas.elementary import exp

    folder = cache_folder()
    if folder is None:
        pytest.skip("no cache folder can be written here")
    assert Path(exp.stats.cache_path).is_relative_to(folder)


def test_compiled_arithmetic_is_the_one_of_python():
    @kernel
    def residue(a, b, c):
        return a * b - c

    # With a fused multiply-add the result would be 2^-60.
    a = 1.0 + 2.0**-30
    assert residue(a, a, a * a) == 0.0

    @kernel(inline="always")
    def sum_of(a, b, c):
        return (a + b) + c

    # With reordered sums it would be 1.
    assert sum_of(1.0, 1e300, -1e300) == 0.0


def test_dividing_by_zero_gives_an_infinity():
    @kernel
    def odds(p):
        return p / (1.0 - p)

    assert odds(1.0) == float("inf")
