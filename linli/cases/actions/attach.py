"""A step of the kind together with the pictures taken for it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.cases.actions.steps import do_step
from linli.cases.models import Case, CasePhoto
from linli.files import photos
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.case import Step
from linli.web.language import lang

PREFIX = "f-"


@transaction.atomic
def do_step_with_photos(
    case: Case, step: Step, values: Mapping[str, Any], files: Mapping[str, Any], *, by: Actor
) -> None:
    """Do the step; every picture of it becomes a photo of the case, or nothing happens at all."""
    given = dict(values)
    last = case.photos.aggregate(last=Max("order"))["last"] or 0
    for field in step.fields:
        upload = files.get(PREFIX + field.id) if field.type == "photo" else None
        if upload is None:
            continue
        if not case.rule.keeps_copies:
            raise Denied(_("No pictures are kept of this kind of matter."))
        last += 1
        try:
            photo = photos.keep(upload)
        except photos.Refused as refused:
            name = field.name.text(lang())
            raise Denied(f"{name}: {refused}") from None
        CasePhoto.objects.create(case=case, photo=photo, order=last)
        given[field.id] = str(photo.pk)
    do_step(case, step.id, given, by=by)
