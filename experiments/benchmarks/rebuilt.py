"""Stages with some of the kernels that they call put in place of others."""

from types import FunctionType
from typing import Any

from sim.model.compile import kernel


def rebuilt(function: Any, instead: dict[Any, Any], made: dict[Any, Any]) -> Any:
    """Return a kernel that calls other kernels in place of some, however deep.

    `instead` says which in place of which; one that stands in for another may call the
    one it stands for. A kernel that calls none of them is returned as it is.
    """
    key = function, *instead
    if key in made:
        return made[key]
    made[key] = function  # a field of a record may have the name of a stage
    if function in instead:
        others = {old: new for old, new in instead.items() if old is not function}
        made[key] = rebuilt(instead[function], others, made)
        return made[key]
    plain = getattr(function, "py_func", function)
    called = {
        name: plain.__globals__[name]
        for name in plain.__code__.co_names
        if _is_of_a_stage(plain.__globals__.get(name))
    }
    others = {name: rebuilt(each, instead, made) for name, each in called.items()}
    if others != called:
        # code from another file than this is looked for in the cache of the original
        code = plain.__code__.replace(co_filename=__file__)
        scope = {**plain.__globals__, **others}
        copy = FunctionType(code, scope, plain.__name__, plain.__defaults__)
        always = getattr(function, "targetoptions", {}).get("forceinline", False)
        made[key] = kernel(inline="always" if always else "never")(copy)
    return made[key]


def _is_of_a_stage(value: Any) -> bool:
    plain = getattr(value, "py_func", value)
    return isinstance(plain, FunctionType) and plain.__module__.startswith(
        "sim.model.stages."
    )
