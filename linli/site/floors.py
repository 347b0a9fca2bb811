"""A floor of the forum becomes a case at its author's wish, and the answer comes back as a floor.

The forum lies below the cases and knows none; this is the place that sees both.
"""

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from linli import playbook
from linli.cases.actions.receive import Draft, Receipt, receive
from linli.cases.models import Case, Visibility, Words
from linli.cases.suggest import likely
from linli.forum import markup
from linli.forum.actions import core, own
from linli.forum.actions.floors import come_back
from linli.forum.actions.open_topic import tie
from linli.forum.models import Floor, Tie
from linli.forum.policies import check_can_take_back
from linli.forum.views.floor import floor_or_404
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.people.actors import SYSTEM, Actor, actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Kind, Place
from linli.places.search import search
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

# What the topic is told of. Other verbs change nothing that a reader of the forum sees.
VERBS: Final = (
    "case.routed", "case.accepted", "case.answered", "case.declined", "case.confirmed",
    "case.silent", "case.reopened", "case.transferred", "case.withdrawn", "case.merged",
)  # fmt: skip
ANSWERS: Final = frozenset({"case.answered", "case.declined"})


class CaseForm(forms.Form):
    """What a matter needs that a floor does not say: where, the topic, and who may see it."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    where = forms.CharField(
        label=gettext_lazy("Where is it?"), max_length=80,
        help_text=gettext_lazy("The village or community, or the code on the door card."),
    )  # fmt: skip
    category = forms.ChoiceField(label=gettext_lazy("Which of these fits best?"))
    visibility = forms.ChoiceField(label=gettext_lazy("Who may see it?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, floor: Floor, **given: Any) -> None:
        super().__init__(*args, **given)
        county = playbook.current().county
        rule = playbook.current().kinds[county.intake]
        first = [row.category for row in likely(markup.words_of(floor.html), rule)]
        rest = [c for c in county.categories if rule.takes(c.id) and c not in first]
        self.place: Place | None = None
        choices = [(c.id, c.name.text(lang())) for c in [*first, *rest]]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]
        offered = [(v.value, v.label) for v in Visibility if v.value in rule.visibilities]
        self.fields["visibility"].choices = offered  # type: ignore[attr-defined]

    def clean_where(self) -> str:
        words = str(self.cleaned_data["where"])
        found = list(search(words, 2))
        if not found:
            raise forms.ValidationError(
                _("We know no place of that name. Try the village, or the town.")
            )
        self.place = found[0]
        return words


@require_http_methods(["GET", "POST"])
@door("case.submit")
def floor_to_case(request: HttpRequest, topic_id: int, number: int) -> HttpResponse:
    """The author of a floor makes it a matter, or says no to a moderator who asked."""
    row, actor = floor_or_404(topic_id, number), actor_of(request)
    check_can_take_back(row, actor)
    if request.method == "POST" and "no" in request.POST:
        own.agree_to_case(row, by=actor, agreed=False)
        return redirect("floor-more", topic_id, number)
    known = Tie.objects.filter(topic=topic_id, floor=number).exists()
    initial = {"client_id": uuid.uuid4(), "visibility": "public", "where": _where(row)}
    form = CaseForm(request.POST or None, floor=row, initial=initial)
    if request.method == "POST" and form.is_valid() and not known:
        try:
            make_case(row, form, by=actor)
            return redirect("floor", topic_id, number)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "site/floor_to_case.html", {
        "floor": row, "topic": row.topic, "form": form, "known": known,
    }, status=422 if form.errors else 200)  # fmt: skip


def _where(row: Floor) -> str:
    place = row.topic.board.place
    return "" if place.kind == Kind.COUNTY else place.name


def make_case(row: Floor, form: CaseForm, *, by: Actor) -> Receipt:
    """Take the floor's words in as a case of its author and tie both, all or nothing."""
    said = form.cleaned_data
    if form.place is None:
        raise Denied(_("We know no place of that name. Try the village, or the town."))
    return open_case(row, place=form.place, category=said["category"],
                     visibility=said["visibility"], client_id=said["client_id"], by=by)  # fmt: skip


def open_case(
    row: Floor, *, place: Place, category: str, visibility: str, client_id: uuid.UUID, by: Actor
) -> Receipt:
    """The same for whoever has the answers already. Raises Denied with the case's own sentence."""
    check_can_take_back(row, by)
    draft = Draft(
        kind=playbook.current().county.intake, channel="web", category=category, place=place,
        text=markup.words_of(row.html), client_id=client_id, visibility=visibility, user=by.user,
        language=by.user.language if by.user else settings.LANGUAGE_CODE,
    )  # fmt: skip

    def then(receipt: Receipt) -> None:
        tie(row.topic, subject_of(receipt.case), by=by, floor=row.number)
        own.agree_to_case(row, by=by, agreed=True)

    return receive(draft, by=by, then=then)


def handle(entries: Sequence[Entry]) -> None:
    """Follower: the topic shows the case's state anew, and an answer becomes a floor of it.

    Only of cases that everybody may see: of another, not even the existence is told.
    """
    names = {entry.subject for entry in entries}
    ties = {row.subject: row for row in Tie.objects.filter(subject__in=names)
            .select_related("topic__board__place")}  # fmt: skip
    if not ties:
        return
    keys = [name.partition(":")[2] for name in ties]
    cases = {subject_of(row): row for row in Case.objects.listed().filter(pk__in=keys)}
    for entry in entries:
        if entry.subject not in cases:
            continue
        core.changed(ties[entry.subject].topic)
        if entry.verb in ANSWERS:
            _come_back(entry, cases[entry.subject])


def _come_back(entry: Entry, case: Case) -> None:
    said = Words.objects.filter(entry=entry.seq, public=True).values_list("text", flat=True).first()
    with translation.override(settings.LANGUAGE_CODE):
        heading = _("Answer to matter %(number)s:") % {"number": case.pretty_number}
        words = said or _("The unit has answered those who asked.")
    come_back(
        entry.subject, f"**{heading}**\n\n{words}", unit=_unit(entry) or case.owner,
        came_of=f"journal {entry.seq}", by=SYSTEM,
    )  # fmt: skip


def _unit(entry: Entry) -> Organisation | None:
    """Who answered: the unit that the line names."""
    if not entry.org.isdigit():
        return None
    return Organisation.objects.filter(pk=int(entry.org)).first()
