"""What authors do with their own floors: edit, take back, ask for another look; and reporting."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.files import photos
from linli.forum import markup
from linli.forum.actions.core import changed, lose, tell
from linli.forum.actions.floors import LOOK_WITHIN, causes_in
from linli.forum.models import Decision, Floor, FloorState, Reason, Report, Topic, Version
from linli.forum.models.moderation import ReportKind
from linli.forum.policies import (
    check_can_ask_again,
    check_can_change,
    check_can_post,
    check_can_take_back,
)
from linli.forum.words import clean_text
from linli.lib import clock
from linli.people import limits
from linli.people.actors import Actor
from linli.people.policies import Denied


@transaction.atomic
def edit(floor: Floor, text: str, *, by: Actor, blank_out: bool = False) -> Floor:
    """Put other words in place; what stood there before can be read by everybody.

    Words that look like an advert go to the moderators first. Raises Denied with a sentence.
    """
    check_can_change(floor, by)
    user = check_can_post(by)
    clean = clean_text(text, blank_out=blank_out)
    if clean == floor.text:
        return floor
    limits.hit("forum.floor", str(user.pk))
    causes = causes_in("", clean, user, by)
    now, before = clock.now(), floor.edits
    values = {"text": clean, "html": markup.render(clean), "edited_at": now, "edits": before + 1}
    if causes:
        values |= {"state": FloorState.HELD, "reason": Reason.ADVERT}
    rows = Floor.objects.filter(pk=floor.pk, edits=before, state=floor.state)
    if not rows.update(**values):
        raise Denied(_("This floor has changed meanwhile. Please look at it again."))
    Version.objects.create(floor=floor, number=before + 1, text=floor.text, until=now)
    if causes:
        lose(floor.topic, floor.number)
        Report.objects.get_or_create(
            floor=floor, kind=ReportKind.HELD, settled_at=None,
            defaults={"reason": Reason.ADVERT, "at": now, "due_at": now + LOOK_WITHIN},
        )  # fmt: skip
    changed(floor.topic)
    tell(floor.topic, "forum.edited", by=by, facts={"floor": floor.number, "held": bool(causes)})
    floor.refresh_from_db()
    return floor


@transaction.atomic
def take_back(floor: Floor, *, by: Actor) -> None:
    """The author takes their words back: gone from view at once, erased after 30 days (R16).

    The number stays. Raises Denied with a sentence.
    """
    check_can_take_back(floor, by)
    rows = Floor.objects.filter(pk=floor.pk, state=floor.state)
    if not rows.update(state=FloorState.TAKEN_BACK, reason="", state_at=clock.now()):
        raise Denied(_("This floor has changed meanwhile. Please look at it again."))
    gone(floor.topic, floor)
    tell(floor.topic, "forum.taken_back", by=by, facts={"floor": floor.number})
    floor.refresh_from_db()


def gone(topic: Topic, floor: Floor) -> None:
    """What follows when a floor is no longer for everybody: search, open reports, kept pages."""
    lose(topic, floor.number)
    floor.reports.filter(settled_at=None).exclude(kind=ReportKind.APPEAL).update(
        settled_at=clock.now()
    )
    changed(topic)


@transaction.atomic
def erase_words(floor: Floor) -> None:
    """Erase text, earlier versions and pictures for good; number, state and reason stay."""
    for row in floor.pictures.select_related("photo"):
        photos.erase(row.photo)
    floor.versions.all().delete()
    Floor.objects.filter(pk=floor.pk).update(text="", html="", photos_count=0, edits=0)


@transaction.atomic
def report(floor: Floor, reason: str, *, by: Actor) -> None:
    """A reader asks a moderator to look at a floor; nobody is shown who asked.

    Twice by the same person is once. Raises Denied with a sentence.
    """
    user = check_can_post(by)
    if not floor.is_readable:
        raise Denied(_("This floor is not shown any more."))
    if reason not in Reason.values:
        raise Denied(_("Please choose a reason."))
    limits.hit("forum.report", str(user.pk))
    now = clock.now()
    try:
        with transaction.atomic():
            Report.objects.create(
                floor=floor, kind=ReportKind.REPORT, reason=reason, user=user, at=now,
                due_at=now + LOOK_WITHIN,
            )  # fmt: skip
    except IntegrityError:
        return
    tell(floor.topic, "forum.reported", by="anonymous", facts={"floor": floor.number})


@transaction.atomic
def ask_again(floor: Floor, *, by: Actor) -> None:
    """The author of a hidden floor asks for another look, by another unit; once for a decision."""
    check_can_ask_again(floor, by)
    decided = Decision.objects.filter(topic=floor.topic_id, floor=floor.number).order_by("-pk")
    last = decided.first()
    if last is not None and last.after_appeal:
        raise Denied(_("A second unit has looked at it; that decision stands."))
    now = clock.now()
    try:
        with transaction.atomic():
            Report.objects.create(
                floor=floor, kind=ReportKind.APPEAL, user=by.user, at=now, due_at=now + LOOK_WITHIN,
                not_unit=last.unit if last else None,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("You have asked already; a moderator will look.")) from None
    tell(floor.topic, "forum.asked_again", by=by, facts={"floor": floor.number})


@transaction.atomic
def agree_to_case(floor: Floor, *, by: Actor, agreed: bool) -> None:
    """The author's answer to "may this become a matter?"; a yes leads to the form."""
    check_can_take_back(floor, by)
    if Floor.objects.filter(pk=floor.pk, asked_for_case=True).update(asked_for_case=False):
        Topic.objects.filter(pk=floor.topic_id).update(revision=F("revision") + 1)
        verb = "forum.case_agreed" if agreed else "forum.case_declined"
        tell(floor.topic, verb, by=by, facts={"floor": floor.number})
