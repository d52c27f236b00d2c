"""Room for records, in the form that kernels take."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray


def room(dtype: np.dtype[Any], n: int) -> NDArray[np.void]:
    """Return n blank records, shape (n,)."""
    return as_kernels_take_it(np.zeros(n, dtype))


def as_kernels_take_it(records: NDArray[np.void]) -> NDArray[np.void]:
    """Return the same memory; without the compiler, fields must be attributes too.

    Compiled kernels read any structured array, and enter faster with a plain one.
    """
    # numba exports no types for its settings
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return records.view(np.recarray)
    return records
