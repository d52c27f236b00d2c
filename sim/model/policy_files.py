"""A policy in a file of the user's own: `russia=my_policy.py:Stubborn`.

The file is run as any script of its owner would be, with the modules that lie beside
it, so a policy of somebody else's is to be read before it is used.
"""

import hashlib
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType

from sim.errors import InputMissingError, PolicyError
from sim.model import policies
from sim.model.policies import Policy
from sim.model.users_code import users_code
from sim.scenario.references import did_you_mean

_PACKAGE = str(Path(__file__).resolve().parent)


@dataclass(frozen=True)
class PolicyFile:
    """A class in a file of the user's, and the file as it was read.

    The content goes along, so that a file which is edited while a sweep runs is the
    same for all of its worlds.
    """

    file: Path
    name: str
    source: bytes = field(repr=False)

    def plain(self) -> dict[str, str | None]:
        """Return what `described` returns of an object of the class."""
        digest = hashlib.sha256(self.source).hexdigest()
        return {"class": self.name, "sha256": digest}


def read_policies(
    texts: Sequence[str], parties: Collection[str]
) -> dict[str, PolicyFile]:
    """Return one file and class a party, from texts of the form `PARTY=FILE.py:CLASS`.

    PolicyError if a text has another form, or a party is unknown or named twice;
    InputMissingError if there is no such file.
    """
    found: dict[str, PolicyFile] = {}
    for text in texts:
        party, _, place = text.partition("=")
        file, _, name = place.rpartition(":")
        if not (party and file and name.isidentifier()):
            raise PolicyError(f"--policy needs PARTY=FILE.py:CLASS, not '{text}'")
        if party not in parties:
            hint = did_you_mean(party, parties)
            raise PolicyError(
                f"--policy {text}: no party '{party}' here{hint} "
                f"(parties: {', '.join(parties)})"
            )
        if party in found:
            raise PolicyError(f"--policy gives {party} twice")
        found[party] = PolicyFile(Path(file), name, _source(Path(file)))
    return found


def made(files: Mapping[str, PolicyFile]) -> dict[str, Policy]:
    """Run each file once, afresh, and make one policy a party.

    PolicyError if a file fails when it is run, or a class is missing or no policy.
    """
    for each in files.values():
        _beside.pop(_folder(each.file), None)
        _paths.pop(_folder(each.file), None)
    modules: dict[Path, ModuleType] = {}
    made_of: dict[str, Policy] = {}
    for party, each in files.items():
        with at_home(_folder(each.file)):
            if each.file not in modules:
                modules[each.file] = _module(each.file, each.source, party)
            made_of[party] = _made(modules[each.file], each.file, each.name, party)
    return made_of


def load_policies(texts: Sequence[str], parties: Collection[str]) -> dict[str, Policy]:
    """Return one policy a party; texts and errors as `read_policies` and `made`."""
    return made(read_policies(texts, parties))


def described(policy: Policy) -> dict[str, str | None]:
    """Return the name of a policy's class, and the SHA-256 of the file it stands in.

    A class that was typed in has no file.
    """
    file, digest = _file_of(policy), None
    if file is not None and Path(file).is_file():
        digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return {"class": type(policy).__qualname__, "sha256": digest}


def _file_of(policy: Policy) -> str | None:
    return getattr(sys.modules.get(type(policy).__module__), "__file__", None)


def home_of(policy: Policy) -> str:
    """Return the folder of the file that a policy was made from, or "" if none was."""
    return _homes.get(type(policy).__module__, "")


def place_of(policy: Policy, act: str) -> str:
    """Return where a method of a policy begins, or else its file, for a message."""
    code = getattr(getattr(type(policy), act, None), "__code__", None)
    if code is not None and not code.co_filename.startswith(_PACKAGE):
        return f'File "{code.co_filename}", line {code.co_firstlineno}, in {act}'
    file = _file_of(policy)
    return "" if file is None else f'File "{file}"'


# Files of policies that were written for the layout before import from here; for one
# release more.
sys.modules.setdefault("sim.policies", policies)


@contextmanager
def at_home(folder: str) -> Iterator[None]:
    """Let modules of a folder be imported, as a script there could; "" is no folder.

    They are out of sight of all else, so that two policies may have neighbours of the
    same name. No cache is left beside them.
    """
    if not folder:
        yield
        return
    own = _beside.setdefault(folder, {})
    sys.modules.update(own)
    path, before = sys.path[:], set(sys.modules)
    cached = sys.dont_write_bytecode
    sys.path[:] = _paths.setdefault(folder, [folder, *path])
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = cached
        _paths[folder], sys.path[:] = sys.path[:], path
        for name in sys.modules.keys() - before:
            if _lies_in(folder, name):
                own[name] = sys.modules[name]
        for name in own:
            sys.modules.pop(name, None)


# By folder, the modules beside the policies there, since these were made, and where
# they look for others; and by the name of its module, the folder of each policy.
_paths: dict[str, list[str]] = {}
_beside: dict[str, dict[str, ModuleType]] = {}
_homes: dict[str, str] = {}


def _folder(file: Path) -> str:
    return str(file.resolve().parent)


def _lies_in(folder: str, name: str) -> bool:
    """Say whether a module lies right in a folder, or in a package there."""
    module, top = sys.modules[name], name.partition(".")[0]
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    start = str(Path(folder, top))
    return top != __name__.partition(".")[0] and any(
        str(place) == start or str(place).startswith((f"{start}.", f"{start}{os.sep}"))
        for place in places
    )


def _source(file: Path) -> bytes:
    try:
        if file.exists() and not file.is_file():  # a pipe or a device may have no end
            raise InputMissingError(f"{file}: is no file of Python")
        return file.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        beside = [each.name for each in file.parent.glob("*.py")]
        near = ", ".join(get_close_matches(file.name, beside, n=3))
        hint = f"; similar names: {near}" if near else ""
        raise InputMissingError(f"{file}: {reason}{hint}") from None


@lru_cache(maxsize=16)
def _code(source: bytes, file: str) -> CodeType:
    return compile(source, file, "exec", dont_inherit=True)


def _module(file: Path, source: bytes, party: str) -> ModuleType:
    """Run a file as a module, without leaving a cache beside it."""
    known_as = hashlib.sha256(bytes(file.resolve())).hexdigest()[:8]
    module = ModuleType(f"policy_{known_as}_{file.stem}")
    module.__file__ = str(file)
    # Python looks there for the module of a class: dataclasses and pickle need it.
    sys.modules[module.__name__] = module
    _homes[module.__name__] = _folder(file)
    try:
        with users_code(f"{file} of {party}", " cannot be run"):
            exec(_code(source, str(file)), module.__dict__)
    except PolicyError:
        del sys.modules[module.__name__]
        raise
    return module


def _made(module: ModuleType, file: Path, name: str, party: str) -> Policy:
    """Return a policy of the class of that name."""
    known = vars(module)
    own = (each for each in known if _is_policy(known[each]))
    there = [each for each in own if known[each].__module__ == module.__name__]
    listed = f" (policies there: {', '.join(there) or 'none'})"
    if name not in known:
        raise PolicyError(
            f"{file}: no class '{name}'{did_you_mean(name, there)}{listed}"
        )
    kind = known[name]
    if not _is_policy(kind):
        raise PolicyError(
            f"{file}: '{name}' is no policy; derive it from "
            f"sim.model.policies.BestResponse{listed}"
        )
    with users_code(f"{file}: {name}() of {party}", " cannot be made"):
        policy = kind()
        if not isinstance(policy, Policy):
            raise PolicyError("it makes no policy, but something else")
    return policy


def _is_policy(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Policy)
