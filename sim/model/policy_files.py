"""A policy in a file of the user's own: `russia=my_policy.py:Stubborn`.

The file is run as any script of its owner would be, so a policy of somebody else's is
to be read before it is used.
"""

import hashlib
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import CodeType, ModuleType

from sim.errors import InputMissingError, PolicyError, told
from sim.model.policies import Policy
from sim.scenario.references import did_you_mean

_FORM = "PARTY=FILE.py:CLASS"


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

    Raises
    ------
    PolicyError
        If a text has another form, or a party is unknown or named twice.
    InputMissingError
        If there is no such file.
    """
    found: dict[str, PolicyFile] = {}
    for text in texts:
        party, file, name = _parts(text)
        if party not in parties:
            hint = did_you_mean(party, parties)
            raise PolicyError(
                f"--policy {text}: no party '{party}' here{hint} "
                f"(parties: {', '.join(parties)})"
            )
        if party in found:
            raise PolicyError(f"--policy gives {party} twice")
        found[party] = PolicyFile(file, name, _source(file))
    return found


def made(files: Mapping[str, PolicyFile]) -> dict[str, Policy]:
    """Run each file once, afresh, and make one policy a party.

    Raises
    ------
    PolicyError
        If a file fails when it is run, or a class is missing or no policy.
    """
    modules: dict[Path, ModuleType] = {}
    policies: dict[str, Policy] = {}
    for party, each in files.items():
        if each.file not in modules:
            modules[each.file] = _module(each.file, each.source)
        policies[party] = _made(modules[each.file], each.file, each.name)
    return policies


def load_policies(texts: Sequence[str], parties: Collection[str]) -> dict[str, Policy]:
    """Return one policy a party; texts and errors as `read_policies` and `made`."""
    return made(read_policies(texts, parties))


def described(policy: Policy) -> dict[str, str | None]:
    """Return the name of a policy's class, and the SHA-256 of the file it stands in.

    A class that was typed in has no file.
    """
    kind = type(policy)
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    digest = None
    if file is not None and Path(file).is_file():
        digest = hashlib.sha256(Path(file).read_bytes()).hexdigest()
    return {"class": kind.__qualname__, "sha256": digest}


def _parts(text: str) -> tuple[str, Path, str]:
    party, _, place = text.partition("=")
    file, _, name = place.rpartition(":")
    if not (party and file and name.isidentifier()):
        raise PolicyError(f"--policy needs {_FORM}, not '{text}'")
    return party, Path(file), name


def _source(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputMissingError(f"{file}: {reason}{_suggestion(file)}") from None


@lru_cache(maxsize=16)
def _code(source: bytes, file: str) -> CodeType:
    return compile(source, file, "exec", dont_inherit=True)


def _module(file: Path, source: bytes) -> ModuleType:
    """Run a file as a module, without leaving a cache beside it."""
    known_as = hashlib.sha256(bytes(file.resolve())).hexdigest()[:8]
    module = ModuleType(f"policy_{known_as}_{file.stem}")
    module.__file__ = str(file)
    # Python looks there for the module of a class: dataclasses and pickle need it.
    sys.modules[module.__name__] = module
    try:
        exec(_code(source, str(file)), module.__dict__)
    except (Exception, SystemExit) as error:
        del sys.modules[module.__name__]
        raise PolicyError(f"{file} cannot be run:\n{told(error)}") from error
    return module


def _made(module: ModuleType, file: Path, name: str) -> Policy:
    """Return a policy of the class of that name."""
    kind = getattr(module, name, None)
    there = [
        known
        for known, each in vars(module).items()
        if _is_policy(each) and each.__module__ == module.__name__
    ]
    listed = f" (policies there: {', '.join(there) or 'none'})"
    if kind is None:
        raise PolicyError(
            f"{file}: no class '{name}'{did_you_mean(name, there)}{listed}"
        )
    if not _is_policy(kind):
        raise PolicyError(
            f"{file}: '{name}' is no policy; derive it from "
            f"sim.model.policies.BestResponse{listed}"
        )
    try:
        policy: Policy = kind()
    except Exception as error:
        raise PolicyError(f"{file}: {name}() cannot be made:\n{told(error)}") from error
    return policy


def _is_policy(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Policy)


def _suggestion(file: Path) -> str:
    names = [each.name for each in file.parent.glob("*.py")]
    near = get_close_matches(file.name, names, n=3)
    return f"; near names: {', '.join(near)}" if near else ""
