"""Kernels within kernels: joined to those that Python enters, and emitted once.

Numba makes machine code of every function, with all that it calls inside it, and does
so again for each caller: two thirds of the time of a first start. Here a kernel has two
forms. The one that Python enters is compiled as numba does it. The one that kernels
call stays in the language between source and machine code, until what Python enters
takes it in, is optimised as a whole and emitted; so it is kept on disk, too, for what
else will be entered. The bits are the same.

This uses a part of numba that may change. Where it is not as it is known here, kernels
call the first form, and all is as it is without this file, only slower to start.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding
import numba
from numba.core import codegen, compiler, registry

_njit: Any = numba.njit
_Compiler: Any = compiler.Compiler
_CompileResult: Any = compiler.CompileResult
_parse: Any = llvmlite.binding.parse_bitcode
_Library: Any = getattr(codegen, "JITCodeLibrary", object)

# what is used of a library, as numba calls the code of a function
_USED = (
    *("_final_module", "_finalize_dynamic_globals", "_finalized", "_shared_module"),
    *("_get_module_for_linking", "_linking_libraries", "codegen", "finalize"),
    *("get_pointer_to_function", "serialize_using_object_code"),
)


@cache
def is_possible() -> bool:
    """Whether this numba has what is used here of its inside."""
    made = registry.cpu_target.target_context.codegen().create_library("any")
    return type(made) is _Library and all(hasattr(made, name) for name in _USED)


class _Joined(_Library):  # type: ignore[misc]
    """Code of a kernel and of all that it calls, not optimised and not emitted."""

    def finalize(self) -> None:
        """Join the code of what is called, which is all that happens to it here."""
        for library in dict.fromkeys(self._linking_libraries):
            called = library._get_module_for_linking()
            self._final_module.link_in(called, preserve=True)
        self._finalize_dynamic_globals()
        self._finalized = True

    def serialize_using_object_code(self) -> tuple[str, bytes]:
        """Return what is kept on disk: no object code, what is linked."""
        return self.name, self._get_module_for_linking().as_bitcode()

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0: there is no machine code for Python to enter."""
        return 0

    @property
    def codegen(self) -> "_Joined":
        """Who is asked to set an environment, by which machine code finds Python."""
        return self

    def set_env(self, name: str, environment: Any) -> None:
        """Set none: kernels hold numbers only, and there is no machine code."""


class _ForKernels(_Compiler):  # type: ignore[misc]
    """Numba's compiler, stopped short of machine code."""

    def __init__(self, typing: Any, target: Any, library: Any, *rest: Any) -> None:
        joined = _Joined(target.codegen(), "kernel")
        super().__init__(typing, target, joined, *rest)


def rebuilt(target: Any, kept: Any) -> Any:
    """Return the result of a compilation of the second form, from what was kept."""
    (name, code), described, environment, signature, objectmode, lifted, *more = kept
    library = _Joined(target.codegen(), name)
    library._final_module = library._shared_module = _parse(code)
    library._finalized = True
    annotation, reload_init, environments = more
    return _CompileResult(
        typing_context=target.typing_context,
        target_context=target,
        entry_point=target.get_executable(library, described, environment),
        typing_error=None,
        type_annotation=annotation,
        signature=signature,
        objectmode=objectmode,
        lifted=lifted,
        fndesc=described,
        library=library,
        call_helper=None,
        environment=environment,
        metadata=None,
        reload_init=reload_init,
        referenced_envs=environments,
    )


def let_kernels_join(entered: Any, function: Callable[..., Any], **options: Any) -> Any:
    """Give a kernel that Python enters a second form, which kernels call.

    `entered` is what numba has made of the function with these options. Returns the
    second form, or None where kernels call the first.
    """
    if not is_possible():
        return None
    form = _njit(**options, no_cpython_wrapper=True, pipeline_class=_ForKernels)
    inner = form(function)
    entered.get_call_template = inner.get_call_template
    entered.get_overload = inner.get_overload
    return inner
