"""numba where it is installed, with its machine code kept on disk.

Compiled kernels are cached beside the package, else in the user's cache folder, else (a service
without a home on a read-only install) under LINLI_DATA. They release the interpreter's lock, so
plain threads run them side by side: numba's own parallel loops take many times longer to compile.
"""

import importlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final


def optional(name: str) -> Any:
    """A package that only makes things faster; None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


numba: Final = optional("numba")
AVAILABLE = numba is not None and os.environ.get("LINLI_REACH_ENGINE", "") != "scipy"
THREADS = max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity")
                     else os.cpu_count() or 1))  # fmt: skip


def kernel(function: Callable[..., Any]) -> Any:
    """Compile at the first call of each kind of arguments; left alone where numba is missing."""
    if numba is None:
        return function
    return numba.njit(cache=_cached(), nogil=True, boundscheck=False)(function)


def _cached() -> bool:
    """Is there a place that can be written? numba refuses to cache, loudly, where there is none."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return True
    home = Path(os.path.expanduser("~"))
    if os.access(Path(__file__).parent, os.W_OK) or os.access(home, os.W_OK):
        return True
    data = os.environ.get("LINLI_DATA", "")
    if not (data and os.access(data, os.W_OK)):
        return False
    numba.config.CACHE_DIR = str(Path(data) / "numba")
    return True
