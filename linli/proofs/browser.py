"""P5: "saved on this phone" is true.

A real Chromium notes records in the real pages while it is killed with -9 at random moments and the
line loses what it can. Whatever the page called saved must in the end be at the office, once.

A killed process does not test flushing: the page cache survives. This proof speaks of browsers that
die, not of batteries.
"""

from importlib import import_module

from linli.proofs.result import Result

PROMISE = "What the phone calls saved is saved, whatever kills the browser"
BROKEN = ("early-saved", "delete-on-refusal")


def prove(n: int, seed: int, broken: str) -> Result:
    """Kill the browser `n` times. Needs Debian's Chromium and playwright, which tests have."""
    result: Result = import_module("linli.proofs.browser_run").run(PROMISE, n, seed, broken)
    return result
