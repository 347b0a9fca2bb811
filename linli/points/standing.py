"""Who can have points at all: volunteers and holders of posts. A resident never can."""

from linli.activities import service
from linli.activities.models import Enrolment, SignUp
from linli.activities.models.people import PRESENT
from linli.lib import clock
from linli.people.models import Appointment, User
from linli.playbook.award import Standing


def standing_of(user: User) -> set[Standing]:
    """As what somebody serves: holds a post, volunteers, both, or neither."""
    found: set[Standing] = set()
    if Appointment.objects.in_force(clock.today()).filter(user=user).exists():
        found.add("post")
    if _volunteers(user):
        found.add("volunteer")
    return found


def _volunteers(user: User) -> bool:
    """Registered with a host that said welcome, or has come in a role that gives time."""
    enrolled = Enrolment.objects.filter(user=user, ended_at=None, confirmed_at__isnull=False)
    if enrolled.exists():
        return True
    came = SignUp.objects.filter(user=user, state__in=PRESENT).select_related("seat", "occurrence")
    return any(service.gives_time(row) for row in came.order_by("-in_at")[:20])
