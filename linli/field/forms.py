"""Forms from the playbook as plain data: a telephone draws them without knowing any kind.

A form carries a version made of its own words, so that a record says under which form it was
written; the forms handed out are kept and an old record can be read with its labels (O26).
"""

import hashlib
import json
from collections.abc import Collection
from typing import Any, Final

from django.utils.translation import gettext as _

from linli import playbook
from linli.cases.models import Visibility
from linli.cases.policies import check_can_open
from linli.field.effects.matters import CHANNELS, OWN
from linli.field.models import FormVersion
from linli.lib import clock
from linli.people.actors import Actor, under
from linli.people.policies import allowed
from linli.playbook.schema import ActivityKind, CaseKind, Field
from linli.web.language import lang

Form = dict[str, Any]
LONGEST: Final = 2000  # characters of a text
MOST_PHOTOS: Final = 3
FIELD_WAYS: Final = frozenset(CHANNELS) - {"desk", "web"}  # by these a matter is met outdoors


def forms_for(actor: Actor, activities: Collection[str] = ()) -> list[Form]:
    """The forms that this person can fill in outdoors, in the order of the playbook.

    `activities` names the kinds of what they do today; with each comes what it may open.
    """
    known = playbook.current()
    doing = [rule for rule in known.activities.values() if rule.offline and rule.id in activities]
    matters = [form_of_case(rule) for rule in case_kinds(actor)]
    offered = {form["id"] for form in matters}
    for kind in dict.fromkeys(kind for rule in doing for kind in rule.yields):
        post = _post_for(known.kinds[kind], actor)
        if post and f"case:{kind}" not in offered:
            matters.append({**form_of_case(known.kinds[kind]), "acting": post})
    pages = [form_of_page(rule) for rule in doing if rule.paper]
    stays = [form_of_stay("check-in"), form_of_stay("check-out")] if activities else []
    return [*map(form_of_activity, doing), *pages, *matters, *stays]


def _post_for(rule: CaseKind, actor: Actor) -> str:
    """Under which of their posts somebody may write down what comes of an activity; "" for none.

    Out there nobody changes their post first: the form says which one it is, and so does the record.
    """
    for row in actor.appointments:
        if allowed(check_can_open, rule, under(row, actor.appointments)):
            return str(row.pk)
    return ""


def form_of_page(rule: ActivityKind) -> Form:
    """One page of paper: its number and its picture; the desk types what stands on it."""
    fields = [
        _field("number", "count", _("Number of the page"), required=True),
        _field("place", "place", _("Which line or place?"), level=rule.at),
    ]
    name = _("Photograph a page: %(what)s") % {"what": rule.name.text(lang())}
    return signed({
        "id": f"page:{rule.id}", "name": name, "outcomes": [], "fields": fields, "photos": 1,
        "help": _("The whole page in the picture, in good light. The desk types it; you need not."),
    })  # fmt: skip


def form_of_stay(kind: str) -> Form:
    """Coming and going: the moment is noted when it is pressed."""
    names = {"check-in": _("I am here"), "check-out": _("I am going")}
    hint = _("It stands on the list at the door. Leave it empty if you keep the list yourself.")
    fields = [_field("code", "text", _("The word at the door"), hint=hint, most=10)]
    return signed({
        "id": kind, "name": names[kind], "help": "", "outcomes": [], "fields": fields, "photos": 0,
    })  # fmt: skip


def form_of_activity(rule: ActivityKind) -> Form:
    """What is noted of an activity: how it went first, all answers being equal."""
    tongue = lang()
    fields = [own_field(field) for field in rule.fields if field.type != "photo"]
    if rule.consent != "none":
        words = rule.consent_text.text(tongue) if rule.consent_text else _("They agreed.")
        fields.insert(
            0, _field(OWN + "consent", "tick", words, required=rule.consent == "required")
        )
    outcomes = [
        {"id": one.id, "name": one.name.text(tongue), "held": one.held, "final": one.final}
        for one in rule.outcomes
    ]
    return signed({
        "id": f"activity:{rule.id}",
        "name": rule.name.text(tongue),
        "help": rule.summary.text(tongue),
        "outcomes": outcomes,
        "fields": fields,
        "photos": MOST_PHOTOS if any(field.type == "photo" for field in rule.fields) else 0,
        "opens": [f"case:{kind}" for kind in rule.yields],
    })  # fmt: skip


def case_kinds(actor: Actor) -> list[CaseKind]:
    """Kinds of matters that are met in the field, or that one writes down for somebody else."""
    return [
        rule for rule in playbook.current().kinds.values()
        if (FIELD_WAYS & set(rule.channels) or rule.on_behalf)
        and allowed(check_can_open, rule, actor)
    ]  # fmt: skip


def form_of_case(rule: CaseKind) -> Form:
    """What is asked when somebody brings in a matter of this kind."""
    tongue = lang()
    fields = [
        _field("text", "long", rule.prompt.text(tongue), required=True, most=LONGEST),
        *_topics(rule),
        _field("place", "place", _("Where is it?"), required=True, level=rule.place),
        _field("spot", "text", _("Where exactly?"), most=120),
        *_seen_by(rule),
        *[own_field(field) for field in rule.fields if field.type != "photo"],
        *_asker(rule),
    ]
    return signed({
        "id": f"case:{rule.id}",
        "name": rule.name.text(tongue),
        "help": rule.help.text(tongue) if rule.help else "",
        "outcomes": [],
        "fields": fields,
        "photos": MOST_PHOTOS if rule.keeps_copies else 0,
    })  # fmt: skip


def own_field(field: Field) -> Form:
    """A field of the playbook as the telephone draws it."""
    tongue = lang()
    kind = "long" if field.type == "text" and field.max_length > 120 else field.type
    return _field(
        OWN + field.id, kind, field.name.text(tongue), required=field.required,
        hint=field.help.text(tongue) if field.help else "", most=field.max_length,
        choices=[{"id": c.id, "name": c.name.text(tongue)} for c in field.choices],
    )  # fmt: skip


def signed(form: Form) -> Form:
    """The form with its version: the same words give the same version."""
    words = json.dumps(form, sort_keys=True, ensure_ascii=False).encode()
    return {**form, "version": f"{form['id'][:60]}@{hashlib.sha256(words).hexdigest()[:12]}"}


def remember(forms: list[Form]) -> None:
    """Keep the forms that are handed out; the day on which each was last offered is renewed."""
    now = clock.now()
    versions = [form["version"] for form in forms]
    known = dict(
        FormVersion.objects.filter(version__in=versions).values_list("version", "offered_at")
    )
    FormVersion.objects.bulk_create(
        [FormVersion(version=f["version"], kind=f["id"], form={**f, "acting": ""}, first_at=now,
                     offered_at=now)
         for f in forms if f["version"] not in known],
        ignore_conflicts=True,
    )  # fmt: skip
    stale = [version for version, at in known.items() if at.date() < now.date()]
    if stale:
        FormVersion.objects.filter(version__in=stale).update(offered_at=now)


def _field(name: str, kind: str, label: str, *, required: bool = False, hint: str = "",
           most: int = 0, choices: list[dict[str, str]] | None = None, level: str = "",
           start: str = "") -> Form:  # fmt: skip
    form: Form = {"id": name, "type": kind, "label": label, "required": required}
    more = {"hint": hint, "most": most, "choices": choices, "level": level, "start": start}
    return form | {key: value for key, value in more.items() if value}


def _topics(rule: CaseKind) -> list[Form]:
    taken = [c for c in playbook.current().county.categories if rule.takes(c.id)]
    if len(taken) < 2:
        return []
    choices = [{"id": c.id, "name": c.name.text(lang())} for c in taken]
    return [_field("category", "choice", _("Which of these fits best?"), required=True,
                   choices=choices)]  # fmt: skip


def _seen_by(rule: CaseKind) -> list[Form]:
    if len(rule.visibilities) < 2:
        return []
    names = {v.value: str(v.label) for v in Visibility}
    choices = [{"id": one, "name": names[one]} for one in rule.visibilities]
    return [_field("visibility", "choice", _("Who may see it?"), required=True, choices=choices,
                   start=rule.visibility)]  # fmt: skip


def _asker(rule: CaseKind) -> list[Form]:
    """What is asked about the person for whom it is written down; nothing where no name is kept."""
    asked = []
    if rule.identity != "none" and rule.on_behalf:
        needed = rule.identity == "required"
        if needed:
            asked.append(_field("name", "text", _("Name of the person"), required=True, most=40))
        asked.append(
            _field("phone", "tel", _("Phone number for the answer"), required=needed, most=20)
        )
    if rule.consent:
        asked.append(_field("consent", "tick", rule.consent.text(lang()), required=True))
    return asked
