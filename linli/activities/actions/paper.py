"""A page of paper: copied by one, read by a second, agreed, and every line settled."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import uuid5

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.activities import opening
from linli.activities.actions.planning import rule_of
from linli.activities.models import Line, Occurrence, Sheet
from linli.activities.models.paper import Stage
from linli.files import photos
from linli.files.models import Photo
from linli.journal.record import record
from linli.lib import clock, text
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place

MOST_LINES: Final = 60
LONGEST_LINE: Final = 400
KEEP_WORDS: Final = timedelta(days=90)  # R15


def holds_paper_post(by: Actor, kind: str, organisation: int) -> bool:
    """Whether the person holds a post that copies pages of this kind, in that body."""
    paper = rule_of(kind).paper
    return paper is not None and any(
        row.post.kind in paper.by and row.post.organisation_id == organisation
        for row in by.appointments
    )


def check_desk(by: Actor, kind: str, organisation: int) -> None:
    """Only people named for the pages of a body copy, read and settle them."""
    by.check("card.transcribe_batch", assigned=holds_paper_post(by, kind, organisation))


@transaction.atomic
def add_sheet(
    *, kind: str, organisation: Organisation, place: Place, number: int, week: date, by: Actor,
    photo: Photo | None = None, occurrence: Occurrence | None = None,
) -> Sheet:  # fmt: skip
    """Bring in one page. Kept of its origin: the line, the week and the page's own number.

    Raises Denied if the same page is there already, or for a body that has no such pages.
    """
    rule = rule_of(kind)
    if rule.paper is None or organisation.kind not in rule.host:
        raise Denied(_("No pages of paper belong to this."))
    check_desk(by, kind, organisation.pk)
    monday = week - timedelta(days=week.weekday())
    if photo is not None and not photos.claim(photo):
        raise Denied(_("This photo was used already."))
    try:
        with transaction.atomic():
            sheet = Sheet.objects.create(
                kind=kind, occurrence=occurrence, place=place, place_path=place.path,
                organisation=organisation, number=number, week=monday, photo=photo,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("This page is here already.")) from None
    _tell(sheet, "activity.page_added", by)
    return sheet


@transaction.atomic
def add_picture(sheet: Sheet, photo: Photo, *, by: Actor) -> None:
    """The picture of a page that was noted before it could be sent. Raises Denied if it has one."""
    check_desk(by, sheet.kind, sheet.organisation_id)
    rows = Sheet.objects.filter(pk=sheet.pk, photo=None, stage__in=[Stage.COPY, Stage.READ])
    if not photos.claim(photo) or not rows.update(photo=photo):
        raise Denied(_("This page has its picture already."))


@transaction.atomic
def copy(sheet: Sheet, lines: Sequence[str], *, by: Actor) -> None:
    """The first person writes down what stands on the page, line by line."""
    check_desk(by, sheet.kind, sheet.organisation_id)
    clean = _clean(lines)
    _step(sheet, Stage.COPY, Stage.READ, copier=by.user)
    Line.objects.bulk_create(
        Line(sheet=sheet, number=n, first=words) for n, words in enumerate(clean, 1)
    )
    _tell(sheet, "activity.page_copied", by, {"lines": len(clean)})


@transaction.atomic
def read(sheet: Sheet, lines: Sequence[str], *, by: Actor) -> None:
    """A second person reads the page too, without seeing the first reading."""
    check_desk(by, sheet.kind, sheet.organisation_id)
    if by.user is not None and sheet.copier_id == by.user.pk:
        raise Denied(_("Another person reads it: two pairs of eyes see more."))
    clean = _clean(lines)
    _step(sheet, Stage.READ, Stage.AGREE, reader=by.user)
    known = {line.number: line for line in sheet.lines.all()}
    for n, words in enumerate(clean, 1):
        if n in known:
            Line.objects.filter(pk=known[n].pk).update(second=words)
        else:
            Line.objects.create(sheet=sheet, number=n, second=words)
    _tell(sheet, "activity.page_read", by, {"lines": len(clean)})
    _compare(sheet, by)


@transaction.atomic
def correct(sheet: Sheet, said: Mapping[int, str], *, by: Actor) -> None:
    """One of the two looks at a difference again and says what stands there, by line number.

    A line is agreed once both readings are the same; an empty one on both sides goes.
    """
    check_desk(by, sheet.kind, sheet.organisation_id)
    user = by.user.pk if by.user else None
    column = {sheet.copier_id: "first", sheet.reader_id: "second"}.get(user)
    if column is None:
        raise Denied(_("Only the two who read this page settle where they differ."))
    if sheet.stage != Stage.AGREE:
        raise Denied(_("There are no differences left on this page."))
    for number, words in said.items():
        clean = _clean([words] if words.strip() else [])
        sheet.lines.filter(number=number, agreed=False).update(
            **{column: clean[0] if clean else ""}
        )
    _compare(sheet, by)


def differences(sheet: Sheet) -> list[Line]:
    """The lines on which the two do not agree."""
    return [line for line in sheet.lines.all() if not line.agreed]


@transaction.atomic
def settle_line(
    line: Line, *, by: Actor, category: str = "", reason: str = ""
) -> opening.Given | None:  # fmt: skip
    """The line becomes a case of this topic, or needs no action for a reason of the playbook.

    The last line closes the page. Raises Denied; a line is settled once.
    """
    sheet = line.sheet
    check_desk(by, sheet.kind, sheet.organisation_id)
    if sheet.stage != Stage.SETTLE:
        raise Denied(_("First two people have to agree what stands on the page."))
    if bool(category) == bool(reason):
        raise Denied(_("Choose a topic, or say why nothing is to be done."))
    if reason and reason not in {row.id for row in sheet.paper.reasons}:
        raise Denied(_("Choose one of the reasons offered."))
    given = _to_case(line, category, by) if category else None
    rows = Line.objects.filter(pk=line.pk, settled_at=None)
    number = given.number if given else ""
    if not rows.update(settled_at=clock.now(), case_number=number, reason=reason):
        raise Denied(_("This line is settled already."))
    _close_if_done(sheet, by)
    return given


def _to_case(line: Line, category: str, by: Actor) -> opening.Given:
    sheet = line.sheet
    matter = opening.Matter(
        kind=sheet.paper.case,
        channel="paper",
        category=category,
        place=sheet.place,
        text=text.mask(line.text),
        client_id=uuid5(sheet.pk, str(line.number)),
        activity=sheet.kind,
    )
    return opening.link(matter, occurrence=sheet.occurrence, by=by)


def _compare(sheet: Sheet, by: Actor) -> None:
    """Mark what is agreed; when all is, the picture is erased in the same moment."""
    for line in sheet.lines.filter(agreed=False):
        if _same(line.first) == _same(line.second):
            if not line.first:
                line.delete()
            else:
                Line.objects.filter(pk=line.pk).update(agreed=True, text=line.first)
    if sheet.lines.filter(agreed=False).exists():
        return
    photo = sheet.photo
    _step(sheet, Stage.AGREE, Stage.SETTLE, photo=None, agreed_at=clock.now())
    sheet.lines.update(first="", second="")
    if photo is not None:
        photos.erase(photo)
    _tell(sheet, "activity.page_agreed", by, {"lines": sheet.lines.count()})
    _close_if_done(sheet, by)


def _close_if_done(sheet: Sheet, by: Actor) -> None:
    """A page closes when every line is a case or has its reason, and never before."""
    if sheet.lines.filter(settled_at=None).exists():
        return
    _step(sheet, Stage.SETTLE, Stage.CLOSED, closed_at=clock.now())
    lines = sheet.lines.count()
    cases = sheet.lines.exclude(case_number="").count()
    _tell(sheet, "activity.page_closed", by, {"lines": lines, "cases": cases})


def forget() -> int:
    """Erase the words of pages closed ninety days ago; counts and case numbers stay."""
    old = Sheet.objects.filter(closed_at__lt=clock.now() - KEEP_WORDS, forgotten_at=None)
    keys = list(old.values_list("pk", flat=True))
    Line.objects.filter(sheet__in=keys).update(first="", second="", text="")
    return Sheet.objects.filter(pk__in=keys).update(forgotten_at=clock.now())


def _step(sheet: Sheet, before: Stage, after: Stage, **changes: Any) -> None:
    rows = Sheet.objects.filter(pk=sheet.pk, stage=before)
    if not rows.update(stage=after, **changes):
        raise Denied(_("Someone else has just worked on this page. Look at it again."))
    sheet.refresh_from_db()


def _clean(lines: Sequence[str]) -> list[str]:
    rows = [" ".join(line.split()) for line in lines]
    rows = [row for row in rows if row]
    if len(rows) > MOST_LINES or any(len(row) > LONGEST_LINE for row in rows):
        raise Denied(
            _("A page has at most %(lines)s lines of %(most)s characters.")
            % {"lines": MOST_LINES, "most": LONGEST_LINE}
        )
    return rows


def _same(words: str) -> str:
    """The spelling under which two readings count as the same: width and spaces do not matter."""
    plain = unicodedata.normalize("NFKC", words)
    return "".join(sign for sign in plain if not sign.isspace() and sign not in "。.,、;")


def _tell(sheet: Sheet, verb: str, by: Actor, facts: dict[str, Any] | None = None) -> None:
    record(verb, on=sheet, by=by, place=sheet.place_path, org=str(sheet.organisation_id),
           method=sheet.kind, facts={"kind": sheet.kind, **(facts or {})})  # fmt: skip


def waiting(by: Actor) -> list[Sheet]:
    """The pages that this person can work on now, those they began first."""
    if by.user is None:
        return []
    bodies = {row.post.organisation_id for row in by.appointments}
    rows = Sheet.objects.filter(organisation__in=bodies).exclude(stage=Stage.CLOSED)
    mine = Q(copier=by.user) | Q(reader=by.user)
    return [
        sheet
        for sheet in rows.select_related("place", "organisation").order_by("week", "number")
        if holds_paper_post(by, sheet.kind, sheet.organisation_id)
        and not (sheet.stage == Stage.READ and sheet.copier_id == by.user.pk)
        and (sheet.stage != Stage.AGREE or rows.filter(mine, pk=sheet.pk).exists())
    ]
