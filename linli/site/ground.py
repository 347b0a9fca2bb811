"""What must be right before Linli serves anybody: database, durability, keys, playbook, files."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from linli import playbook
from linli.journal import keyfiles
from linli.playbook.problems import PlaybookErrors
from linli.vault import keys

# Before this one a reset of the WAL by two connections at once can corrupt the file.
SOUND_SQLITE = (3, 51, 3)
FLUSHING = {"on", "local", "remote_write", "remote_apply"}  # synchronous_commit that waits for disk
LEAST_SPACE = 500_000_000  # bytes; below it a county's photos of a day may not fit


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `must` is true where serving on would break a promise."""

    name: str
    good: bool
    words: str
    must: bool = True

    def __str__(self) -> str:
        mark = "ok  " if self.good else "BAD " if self.must else "warn"
        return f"{mark} {self.name}: {self.words}"


def findings() -> list[Finding]:
    """Everything there is to look at, in the order in which it can go wrong."""
    found: list[Finding] = []
    for look in LOOKS:
        try:
            found += look()
        except DatabaseError as error:
            found.append(Finding("database", False, f"does not answer: {first_words(error)}"))
    return found


def first_words(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def pending_migrations() -> list[str]:
    """Names of the migrations that this version brings and the database does not have yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{step.app_label}.{step.name}" for step, _backwards in plan]


def _engine() -> Iterator[Finding]:
    if connection.vendor == "postgresql":
        yield from _postgresql()
    else:
        yield from _sqlite()


def _sqlite() -> Iterator[Finding]:
    text = _asked("SELECT sqlite_version()")
    version = tuple(map(int, text.split(".")))
    yield Finding(
        "SQLite version", version >= SOUND_SQLITE,
        text if version >= SOUND_SQLITE else
        f"{text} can corrupt its file when two connections reset the WAL at once; "
        f"use {'.'.join(map(str, SOUND_SQLITE))} or newer (the pysqlite3 package brings one)",
        must=False,
    )  # fmt: skip
    mode = _asked("PRAGMA journal_mode")
    yield Finding("SQLite journal", mode == "wal", f"journal_mode={mode}, wanted wal")
    flush = int(_asked("PRAGMA synchronous"))
    yield Finding("SQLite flushing", flush >= 2, f"synchronous={flush}, wanted 2 (FULL)")
    erase = int(_asked("PRAGMA secure_delete"))
    yield Finding("SQLite erasing", erase == 1, f"secure_delete={erase}, wanted 1")


def _postgresql() -> Iterator[Finding]:
    yield Finding("PostgreSQL version", True, _asked("SHOW server_version"))
    for name in ("fsync", "full_page_writes"):
        value = _asked(f"SHOW {name}")
        yield Finding(f"PostgreSQL {name}", value == "on", f"{value}, wanted on")
    value = _asked("SHOW synchronous_commit")
    standbys = _asked("SHOW synchronous_standby_names")
    wanted = FLUSHING - {"local"} if standbys else FLUSHING
    yield Finding("PostgreSQL synchronous_commit", value in wanted, f"{value}, wanted on")
    words = standbys or "none declared: one machine, so its disk is the only copy until the backup"
    yield Finding("PostgreSQL standby", True, words, must=False)


def _replicas() -> Iterator[Finding]:
    """Copies are a help, not a need: without them every page comes from the original."""
    for alias in settings.LINLI_REPLICAS:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT pg_is_in_recovery()")
                follows = bool(cursor.fetchone()[0])
        except DatabaseError as error:
            words = f"does not answer: {first_words(error)}"
            yield Finding(f"copy {alias}", False, words, must=False)
            continue
        words = (
            "follows the original" if follows else "is no standby (any more), so nobody reads it"
        )
        yield Finding(f"copy {alias}", follows, words, must=False)


def _asked(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return str(cursor.fetchone()[0])


def _schema() -> Iterator[Finding]:
    missing = pending_migrations()
    words = "all applied"
    if missing:
        words = f"{len(missing)} not applied yet ({missing[0]} …); run: linli serve --migrate"
    yield Finding("migrations", not missing, words)


def _keys() -> Iterator[Finding]:
    try:
        current = keys.ring().current.id
        yield Finding("master key of the vault", True, f"present, id {current}")
    except (keys.WrongKey, keyfiles.UnsafeKeyFile, OSError) as error:
        yield Finding("master key of the vault", False, first_words(error))
    yield Finding("key of sessions and receipts", len(settings.SECRET_KEY) >= 32, "present")


def _playbook() -> Iterator[Finding]:
    try:
        book = playbook.current()
    except PlaybookErrors as errors:
        yield Finding("playbook", False, first_words(errors))
        return
    words = f"{book.county.name.en}, {len(book.kinds)} kinds of case, version {book.version}"
    yield Finding("playbook", True, words)


def _folder() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.DATA).free
    words = f"{settings.DATA}, {free / 1e9:.1f} GB free"
    yield Finding("data folder", free > LEAST_SPACE, words, must=False)


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _engine, _replicas, _schema, _keys, _playbook, _folder,
)  # fmt: skip


def refuse_unsound() -> None:
    """Raise ImproperlyConfigured, with every reason, if a promise could not be kept (D4)."""
    bad = [finding for finding in findings() if finding.must and not finding.good]
    if bad:
        raise ImproperlyConfigured("\n".join(str(finding) for finding in bad))
