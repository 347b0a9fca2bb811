"""A step of the kind together with the pictures taken for it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from linli.cases.actions.steps import do_step
from linli.cases.models import Case, CasePhoto
from linli.files import photos
from linli.files.models import Photo
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.case import Step
from linli.web.language import lang

PREFIX = "f-"


def do_step_with_photos(
    case: Case, step: Step, values: Mapping[str, Any], files: Mapping[str, Any], *, by: Actor
) -> None:
    """Do the step; every picture of it becomes a photo of the case, or nothing happens at all."""
    taken = _taken(case, step, files)  # it takes a while: before the transaction, not inside
    with transaction.atomic():
        last = case.photos.aggregate(last=Max("order"))["last"] or 0
        for order, photo in enumerate(taken.values(), start=last + 1):
            photos.claim(photo)
            CasePhoto.objects.create(case=case, photo=photo, order=order)
        names = {field: str(photo.pk) for field, photo in taken.items()}
        do_step(case, step.id, {**values, **names}, by=by)


def _taken(case: Case, step: Step, files: Mapping[str, Any]) -> dict[str, Photo]:
    """The pictures of the step's fields, kept but not held yet: unless the step is done they go."""
    taken: dict[str, Photo] = {}
    for field in step.fields:
        upload = files.get(PREFIX + field.id) if field.type == "photo" else None
        if upload is None:
            continue
        if not case.rule.keeps_copies:
            raise Denied(_("No pictures are kept of this kind of matter."))
        try:
            taken[field.id] = photos.keep(upload)
        except photos.Refused as refused:
            name = field.name.text(lang())
            raise Denied(f"{name}: {refused}") from None
    return taken
