"""Libraries that few callers need are loaded at the first use, not with the file that names them.

SciPy alone takes 25 MB and a second; a web process that plans no rota should pay neither.
"""

from importlib import import_module
from typing import Any


class Lazy:
    """`optimize = Lazy("scipy.optimize")`: the module, imported when something of it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
