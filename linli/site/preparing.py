"""What a server does before its first page: bring the database up to date, see that all is sound."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError

from linli.site import ground, static_files


def prepare(*, migrate: bool) -> None:
    """Make the data folder fit to serve; raises ImproperlyConfigured where it is not."""
    try:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False)
        missing = ground.pending_migrations()
    except DatabaseError as error:
        words = ground.first_words(error)
        raise ImproperlyConfigured(f"The database does not answer: {words}") from error
    if missing:
        raise ImproperlyConfigured(
            f"The database lacks {len(missing)} migrations ({missing[0]} …). "
            "Make a backup, then start with --migrate."
        )
    if not settings.DEMO:  # a demonstration may run on a database that does not flush
        ground.refuse_unsound()
    static_files.collect_when_stale()
