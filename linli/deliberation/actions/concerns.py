"""What people bring to the hall: written down, sorted in time, and made a motion where it is one."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.deliberation.actions.core import raced
from linli.deliberation.models import Concern
from linli.deliberation.policies import check_keeps_log, check_public_words
from linli.journal.record import record
from linli.lib import clock, workdays
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.procedure import Concerns

LONGEST_TOPIC = 200


def log_of(procedure: str) -> Concerns:
    """The rules of the log of this procedure. Raises Denied if it has none."""
    rule = playbook.current().procedures.get(procedure)
    if rule is None or rule.concerns is None:
        raise Denied(_("This procedure keeps no such log."))
    return rule.concerns


@transaction.atomic
def note(
    *, procedure: str, organisation: Organisation, place: Place, topic: str, by: Actor,
    group: str = "", own: bool = False,
) -> Concern:  # fmt: skip
    """Write down what somebody brought: the topic and the group, never a name.

    With `own` a resident brings it themselves and reads the answer on the page "my concerns".
    """
    log = log_of(procedure)
    if own:
        by.check("matter.propose")
    else:
        check_keeps_log(by, organisation, place.path)
    if organisation.kind not in playbook.current().procedures[procedure].host:
        raise Denied(_("This body keeps no such log."))
    concern = Concern.objects.create(
        procedure=procedure, organisation=organisation, place=place, place_path=place.path,
        group=group.strip()[:20], user=by.user if own else None,
        topic=check_public_words(topic, _("what it is about"), most=LONGEST_TOPIC),
        due_at=workdays.add(clock.now(), log.sort),
    )  # fmt: skip
    _tell(concern, "concern.noted", by="anonymous" if own else by)
    return concern


@transaction.atomic
def sort(concern: Concern, *, route: str, answer: str, by: Actor) -> Concern:
    """Sort it: deliberate, mediate, refer (where to) or explain (what). Once."""
    log = log_of(concern.procedure)
    check_keeps_log(by, concern.organisation, concern.place_path)
    if route not in log.routes:
        raise Denied(_("Choose how to go about it."))
    words = answer.strip()
    if route in ("refer", "explain"):
        words = check_public_words(words, _("where to go, or what the rules are"))
    elif words:
        words = check_public_words(words, _("an answer"))
    rows = Concern.objects.filter(pk=concern.pk, route="")
    if not rows.update(route=route, answer=words, sorted_at=clock.now()):
        raise raced()
    late = concern.is_late
    concern.refresh_from_db()
    _tell(concern, "concern.sorted", by=by, route=route, late=late)
    return concern


def _tell(concern: Concern, verb: str, *, by: Actor | str, **facts: object) -> None:
    record(
        verb, on=concern, by=by, place=concern.place_path, org=str(concern.organisation_id),
        method=concern.procedure, facts={"procedure": concern.procedure, **facts},
    )  # fmt: skip
