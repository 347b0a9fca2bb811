"""SQLite with writers in a queue: whoever waits is woken, nobody sleeps past their turn.

SQLite lets one transaction write at a time. A connection that finds the file locked sleeps and
looks again, longer each time, up to a tenth of a second: under load somebody always waits a second
or gets "database is locked". Here a transaction first takes a file lock beside the database, where
the system wakes the next one as soon as the last is done, in this process or in another.
"""

import os
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # not on Windows: there SQLite's own waiting has to do
    fcntl = None  # type: ignore[assignment]


class DatabaseWrapper(base.DatabaseWrapper):
    _gate: int | None = None  # of this connection alone; a lock belongs to the open file
    _held = False

    def _start_transaction_under_autocommit(self) -> None:
        self._enter()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            if not self._open_transaction():
                self._leave()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            if not self._open_transaction():
                self._leave()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave()
            if self._gate is not None:
                os.close(self._gate)
                self._gate = None

    def _open_transaction(self) -> bool:
        return self.connection is not None and bool(self.connection.in_transaction)

    def _enter(self) -> None:
        if fcntl is None or self.is_in_memory_db() or self._held:
            return
        if self._gate is None:
            path = f"{self.settings_dict['NAME']}-queue"
            self._gate = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._gate, fcntl.LOCK_EX)
        self._held = True

    def _leave(self) -> None:
        if self._held and self._gate is not None:
            fcntl.flock(self._gate, fcntl.LOCK_UN)
            self._held = False
