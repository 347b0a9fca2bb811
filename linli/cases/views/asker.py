"""Pages of the person who asked: receipt, "where is my matter?", and their word on the answer."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.cases import contacts, suggest, timeline
from linli.cases.actions import asker as acts
from linli.cases.actions.steps import check_can_do, do_step
from linli.cases.forms.playbook_fields import form_fields, values_of
from linli.cases.models import Asker, Case, Reply
from linli.cases.steps import Standing, standings
from linli.cases.views import access
from linli.files import photos
from linli.lib import ids
from linli.people import limits
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.vault import sealing
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


class WhereForm(forms.Form):
    """Number and receipt word, as they stand on the receipt."""

    number = forms.CharField(
        label=gettext_lazy("Your number"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    word = forms.CharField(
        label=gettext_lazy("The word on your receipt"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Six letters and digits. Without it you see the public page only."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )

    def clean_number(self) -> str:
        try:
            return ids.parse_number(self.cleaned_data["number"])
        except ids.WrongNumber as wrong:
            raise forms.ValidationError(
                _("A number has ten digits, for example 26 3842 0569.")
                if wrong.reason == "length"
                else _("One digit is wrong or two are swapped. Please look again.")
            ) from wrong


class ReplyForm(forms.Form):
    """Solved, not solved, cannot judge; and whether the manner was right."""

    reply = forms.ChoiceField(
        label=gettext_lazy("Is it solved?"),
        choices=[(r.value, r.label) for r in (Reply.SOLVED, Reply.UNSOLVED, Reply.UNSURE)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of the three answers.")},
    )
    satisfied = forms.TypedChoiceField(
        label=gettext_lazy("Were you treated well?"),
        choices=[
            ("", gettext_lazy("no word")),
            ("1", pgettext_lazy("satisfied", "Yes")),
            ("0", pgettext_lazy("satisfied", "No")),
        ],
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Anything the unit should know?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@door("case.look_up")
def where(request: HttpRequest) -> HttpResponse:
    """ "Where is my matter?" by number and word; the number alone leads to the public page."""
    form = WhereForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            limits.hit("case.look_up", request)
        except Denied as denied:
            form.add_error(None, str(denied))
            return page(request, "cases/where.html", {"form": form}, status=429)
        asker = Asker.objects.filter(number=form.cleaned_data["number"]).first()
        word = form.cleaned_data["word"]
        if asker and word and asker.knows(word):
            access.remember(request, asker)
            return redirect("my-matter", asker.number)
        if asker and not word:
            return redirect("case", asker.number)
        form.add_error(None, _("Number and word do not belong together. Please look again."))
    return page(request, "cases/where.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@door("case.view_progress")
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """What to take home: number, word, unit, day, and what happens if it is late."""
    asker = access.asker_or_404(request, number)
    return page(request, "cases/receipt.html", {
        "asker": asker, "case": asker.case, "rule": asker.case.rule,
        "word": access.word_of(request, asker),
    })  # fmt: skip


@require_GET
@door("case.view_progress")
def mine(request: HttpRequest) -> HttpResponse:
    """Everything this person asked, the newest first."""
    actor = actor_of(request)
    if actor.user is None:
        return redirect("where")
    askers = (
        Asker.objects.filter(user=actor.user)
        .select_related("case__place", "case__owner")
        .order_by("-joined_at")[:50]
    )
    return page(request, "cases/mine.html", {"askers": askers})


@require_GET
@door("case.view_progress")
def my_matter(request: HttpRequest, number: str) -> HttpResponse:
    """The whole story for the asker: timeline, answer, and what they can do now."""
    asker = access.asker_or_404(request, number)
    return _matter(request, asker)


def _matter(
    request: HttpRequest, asker: Asker, *, denied: Denied | None = None, status: int = 200,
    reply_form: ReplyForm | None = None, step_form: forms.Form | None = None,
) -> HttpResponse:  # fmt: skip
    case = asker.case
    actor = actor_of(request)
    opener = contacts.opener(case, by=actor, reason=_own_words()) if case.is_sealed else None
    moments = timeline.story(case, timeline.ASKER, opener, str(asker.pk))
    open_steps = [
        (standing, step_form if step_form and status != 200 else _step_form(standing))
        for standing in standings(case)
        if standing.step.by in {"asker", "verifier"}
        and allowed(check_can_do, case, standing, actor, asker)
    ]
    return page(request, "cases/my_matter.html", {
        "asker": asker, "case": case, "rule": case.rule, "denied": denied,
        "moments": moments,
        "steps": standings(case), "my_steps": open_steps,
        "reply_form": reply_form or ReplyForm(),
        "asked": case.state == "answered" and not asker.reply,
        "reads": sealing.reads_of(asker.subject) if asker.subject else [],
        "sealed_reads": sealing.reads_of(case.sealed_subject) if case.sealed_subject else [],
        "earlier": suggest.earlier_answers(case),
        "photos": _photo_links(case) if asker.is_first else [],
        "confirm_until": acts.confirm_until(case),
        "text": _own_text(asker, actor, moments),
    }, status=status)  # fmt: skip


def _own_text(asker: Asker, actor: Actor, moments: list[timeline.Moment]) -> str:
    """What this asker wrote, and nobody else: their case's text, or their words on joining one."""
    case = asker.case
    if case.is_sealed:  # the reading is logged like every other
        return contacts.words_of(case, by=actor, reason=_own_words())
    if asker.is_first:
        return case.text
    joined = (moment.words for moment in moments if moment.verb == "case.joined")
    merged = Case.objects.filter(number=asker.number).values_list("text", flat=True).first()
    return merged or next(filter(None, joined), "")


def _own_words() -> str:
    return _("the asker reads their own words")


def _photo_links(case: Case) -> list[Any]:
    return [photos.links(row.photo) for row in case.photos.select_related("photo")]


def _step_form(standing: Standing, data: Any = None) -> forms.Form:
    form = forms.Form(data)
    form.fields.update(form_fields(standing.step.fields))
    return form


@require_POST
@door("case.confirm_or_reopen")
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """The asker's word on the answer."""
    asker = access.asker_or_404(request, number)
    return _take_reply(request, asker)


def _take_reply(request: HttpRequest, asker: Asker) -> HttpResponse:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _matter(request, asker, reply_form=form, status=422)
    said = form.cleaned_data
    try:
        acts.reply(asker, said["reply"], by=actor_of(request), satisfied=said["satisfied"],
                   words=said["words"])  # fmt: skip
    except Denied as denied:
        asker.refresh_from_db()
        return _matter(request, asker, denied=denied, reply_form=form, status=409)
    messages.success(request, _thanks(asker))
    return redirect("my-matter", asker.number)


def _thanks(asker: Asker) -> str:
    if asker.reply != Reply.UNSOLVED:
        return _("Thank you for your word.")
    case = type(asker.case).objects.select_related("owner").get(pk=asker.case_id)
    return _("It is open again and goes to %(unit)s.") % {"unit": case.owner.name_for(lang())}


@require_http_methods(["GET", "POST"])
@door("case.confirm_or_reopen")
def reply_link(request: HttpRequest, token: str) -> HttpResponse:
    """The one-tap link of a message: the same three answers, without number or word."""
    asker, round_ = access.follow(token)
    access.remember(request, asker)
    if round_ != asker.case.reopened + 1 and asker.case.is_open:
        messages.info(request, _("This link was for an earlier answer. Here is how it stands now."))
        return redirect("my-matter", asker.number)
    if request.method == "POST":
        return _take_reply(request, asker)
    form = ReplyForm(initial={"reply": request.GET.get("say", "")})
    return _matter(request, asker, reply_form=form)


@require_POST
@door("case.confirm_or_reopen")
def add(request: HttpRequest, number: str) -> HttpResponse:
    """The asker adds a word."""
    asker = access.asker_or_404(request, number)
    return _act(request, asker, lambda: acts.add_words(
        asker, request.POST.get("words", ""), by=actor_of(request)), _("Added."))  # fmt: skip


@require_POST
@door("case.confirm_or_reopen")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The asker takes it back."""
    asker = access.asker_or_404(request, number)
    return _act(request, asker, lambda: acts.withdraw(asker, by=actor_of(request)), _("Withdrawn."))


@require_POST
@door("case.go_anonymous_later")
def anonymous(request: HttpRequest, number: str) -> HttpResponse:
    """The asker cuts the tie between themselves and the matter."""
    asker = access.asker_or_404(request, number)
    word = access.word_of(request, asker)
    done = _("Nothing ties you to this matter any more. Keep the number and the word.")
    answer = _act(
        request, asker, lambda: acts.go_anonymous(asker, by=actor_of(request), word=word), done
    )
    access.remember(request, asker)
    return answer


@require_POST
@door("case.confirm_or_reopen")
def step(request: HttpRequest, number: str, step_id: str) -> HttpResponse:
    """A step that is the asker's: sign the mandate, confirm the return …"""
    asker = access.asker_or_404(request, number)
    standing = next((s for s in standings(asker.case) if s.step.id == step_id), None)
    if standing is None:
        return redirect("my-matter", number)
    form = _step_form(standing, request.POST)
    if not form.is_valid():
        return _matter(request, asker, step_form=form, status=422)
    values = {**values_of(standing.step.fields, form.cleaned_data),
              "returned": request.POST.getlist("returned")}  # fmt: skip
    return _act(request, asker, lambda: do_step(
        asker.case, step_id, values, by=actor_of(request), asker=asker), _("Done."))  # fmt: skip


def _act(request: HttpRequest, asker: Asker, act: Any, done: str) -> HttpResponse:
    """Do one thing; on a refusal show the page again with the sentence and what was typed."""
    try:
        act()
    except Denied as denied:
        return _matter(request, asker, denied=denied, status=409)
    messages.success(request, done)
    return redirect("my-matter", asker.number)
