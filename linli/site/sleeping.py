"""Accounts that nobody uses: a reminder after 22 months, the end after 24 (promises R38)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from linli.cases.models import Asker
from linli.field.models import Device
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.members.models import Member
from linli.people.actors import SYSTEM
from linli.people.models import Appointment, User
from linli.site.erasing import erase_person

REMINDED: Final = timedelta(days=670)
ENDED: Final = timedelta(days=730)
WARNING: Final = ENDED - REMINDED
TEMPLATE: Final = "account.sleeping"


def asleep(before: datetime) -> QuerySet[User]:
    """Residents who used to sign in and have not since: no post, no roll, nothing open, no phone."""
    mine = {"user": OuterRef("pk")}
    posts = Appointment.objects.filter(**mine, to_date__gt=clock.today())
    rolls = Member.objects.filter(**mine)
    open_ = Asker.objects.filter(**mine, case__closed_at=None)
    phones = Device.objects.filter(**mine, seen_at__gte=before, revoked_at=None)
    rows = User.objects.filter(is_active=True, last_login__lt=before)
    return rows.exclude(Exists(posts) | Exists(rolls) | Exists(open_) | Exists(phones))


def remind() -> int:
    """Tell those who sleep that their account will end, once; how many were told just now."""
    now, count = clock.now(), 0
    for user in list(asleep(now - REMINDED)):
        if _told(user).exists():
            continue
        with transaction.atomic():
            when = (now + WARNING).astimezone(clock.LOCAL).date().isoformat()
            send(Recipient(user, language=user.language), TEMPLATE,
                 {"when": when, "path": reverse("my-file")}, key=_key(user))  # fmt: skip
            count += 1
    return count


def end() -> int:
    """Erase who was told two months ago and has not come; how many."""
    now, count = clock.now(), 0
    for user in list(asleep(now - ENDED)):
        told = _told(user).filter(created_at__lte=now - WARNING)
        if told.exists() and not told.filter(state__in=[State.WAITING, State.DEAD]).exists():
            erase_person(user, by=SYSTEM, reason="asleep for two years")
            count += 1
    return count


def _told(user: User) -> QuerySet[Letter]:
    return Letter.objects.filter(user=user, template=TEMPLATE, key__endswith=f":{_key(user)}")


def _key(user: User) -> str:
    """One reminder for one sleep: who signs in again begins a new one."""
    assert user.last_login is not None  # asleep() asks for those who have signed in
    return f"since-{user.last_login:%Y%m%d}"
