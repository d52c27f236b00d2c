"""A policy in a file of the user's own: `russia=my_policy.py:Stubborn`.

The file is run as any script of its owner would be, so a policy of somebody else's is
to be read before it is used.
"""

import hashlib
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType

from sim.errors import InputMissingError
from sim.policies import Policy
from sim.policy_errors import PolicyError, told
from sim.scenario.names import did_you_mean

_FORM = "PARTY=FILE.py:CLASS"


def load_policies(texts: Sequence[str], parties: Collection[str]) -> dict[str, Policy]:
    """Return one policy a party, from texts of the form `PARTY=FILE.py:CLASS`.

    Raises
    ------
    PolicyError
        If a text has another form, a party is unknown or named twice, the file fails
        when it is run, or the class is missing or no policy.
    InputMissingError
        If there is no such file.
    """
    modules: dict[Path, ModuleType] = {}
    policies: dict[str, Policy] = {}
    for text in texts:
        party, file, name = _parts(text)
        if party not in parties:
            hint = did_you_mean(party, parties)
            raise PolicyError(
                f"--policy {text}: no party '{party}' here{hint} "
                f"(parties: {', '.join(parties)})"
            )
        if party in policies:
            raise PolicyError(f"--policy gives {party} twice")
        if file not in modules:
            modules[file] = _module(file)
        policies[party] = _made(modules[file], file, name)
    return policies


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


def _module(file: Path) -> ModuleType:
    """Run a file as a module, as it is now and without leaving a cache beside it."""
    try:
        source = file.read_bytes()
    except OSError as error:
        reason = error.strerror or error
        raise InputMissingError(f"{file}: {reason}{_suggestion(file)}") from None
    known_as = hashlib.sha256(bytes(file.resolve())).hexdigest()[:8]
    module = ModuleType(f"policy_{known_as}_{file.stem}")
    module.__file__ = str(file)
    # Python looks there for the module of a class: dataclasses and pickle need it.
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(file), "exec", dont_inherit=True), module.__dict__)
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
            f"sim.policies.BestResponse{listed}"
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
