"""What may be said about an error in a log or a table: where it happened, never its message."""

import traceback


def place_of(error: BaseException) -> str:
    """ "OperationalError at outbox.py:40": messages quote addresses and rows, this does not."""
    steps = traceback.extract_tb(error.__traceback__)
    ours = [step for step in steps if "/linli/" in step.filename] or steps
    where = f" at {ours[-1].filename.rpartition('/')[2]}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"
