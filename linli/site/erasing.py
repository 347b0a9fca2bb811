"""Erasing a person at their wish, or an account that slept too long: every floor cuts its own ties."""

from django.db import transaction

from linli.activities import my_file as activities_file
from linli.ballots import my_file as ballots_file
from linli.cases import my_file as cases_file
from linli.clubs import my_file as clubs_file
from linli.deliberation import my_file as deliberation_file
from linli.facilities import my_file as facilities_file
from linli.field.actions import erasing
from linli.forum import my_file as forum_file
from linli.incubators import my_file as incubators_file
from linli.letters import my_file as letters_file
from linli.members import my_file as members_file
from linli.pairings import my_file as pairings_file
from linli.people import asked
from linli.people.actions import accounts
from linli.people.actors import Actor
from linli.people.models import User
from linli.points import my_file as points_file
from linli.stores import my_file as stores_file
from linli.talent import my_file as talent_file
from linli.travel.models import Study
from linli.vault import sealing

OWN_WISH = "erased at the person's own wish"


@transaction.atomic
def erase_person(user: User, *, by: Actor, reason: str = OWN_WISH) -> None:
    """Shred the person's keys and unlink their matters; the journal, the ledger and the rates stay.

    Everything or nothing: a floor that refuses (a child is at a club just now) leaves the person as
    they were. Raises Denied.
    """
    own = user.vault_subject
    clubs_file.erase(user, by=by)
    cases_file.erase(user, by=by, reason=reason)
    erasing.erase_person(user, by=by)
    activities_file.erase(user, by=by)
    forum_file.erase(user, by=by)
    ballots_file.erase(user)
    deliberation_file.erase(user)
    facilities_file.erase(user)
    incubators_file.erase(user)
    members_file.erase(user)
    pairings_file.erase(user)
    points_file.erase(user)
    talent_file.erase(user)
    Study.objects.filter(made_by=user).update(made_by=None)
    stores_file.erase(user, by=by)
    letters_file.erase(user)
    asked.erase(user)
    sealing.destroy(own, by=by, reason=reason)
    accounts.forget(user)
