"""Everything a unit does with a case. Every verb is a resource of its own that is posted to."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.cases import reading, units
from linli.cases.actions import handle as acts
from linli.cases.actions import join, pass_on
from linli.cases.actions.attach import do_step_with_photos
from linli.cases.forms import handle as forms
from linli.cases.forms.playbook_fields import values_of
from linli.cases.models import Asker, Case
from linli.cases.policies import check_can_handle, check_is_owner, may
from linli.cases.steps import standings
from linli.cases.views import handling
from linli.cases.views.handling import Attempt
from linli.lib.text import mask
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.web.doors import door

# Who may do it at all: a no is a 403. Whether it may be done now is the action's to say.
WHO: dict[str, Callable[[Case, Actor], None]] = {
    "accept": check_is_owner,
    "assign": check_can_handle,
    "note": lambda row, actor: check_can_handle(row, actor, "case.write_note"),
    "extend": check_is_owner,
    "answer": lambda row, actor: check_can_handle(row, actor, "case.publish_answer"),
    "decline": lambda row, actor: check_can_handle(row, actor, "case.publish_answer"),
    "refuse": check_is_owner,
    "transfer": lambda row, actor: check_can_handle(row, actor, "case.reassign"),
    "merge": lambda row, actor: check_can_handle(row, actor, "case.merge"),
    "publish": lambda row, actor: check_can_handle(row, actor, "case.publish_answer"),
    "step": lambda row, actor: check_can_handle(row, actor, "case.step"),
}


@require_GET
@door("desk.read")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case: clock, words, what blocks it, and what this reader can do."""
    return handling.draw(request, handling.case_or_404(request, number))


@require_POST
@door("case.transition")
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """Take it on."""
    row, actor = _case(request, number)
    form = forms.AcceptForm(request.POST, case=row)
    done = _("Taken on. It is yours to answer now.")
    return _do(request, row, "accept", form, lambda: acts.accept(row, by=actor), done)


@require_POST
@door("case.transition")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """Name the colleague who deals with it."""
    row, actor = _case(request, number)
    form = forms.AssignForm(request.POST, case=row, colleagues=units.colleagues(row))

    def act() -> None:
        acts.assign(row, form.cleaned_data["to"], by=actor)

    return _do(request, row, "assign", form, act, _("Given to your colleague."))


@require_POST
@door("case.write_note")
def note(request: HttpRequest, number: str) -> HttpResponse:
    """A note inside the unit."""
    row, actor = _case(request, number)
    form = forms.NoteForm(request.POST, case=row)

    def act() -> None:
        acts.note(row, form.cleaned_data["words"], by=actor)

    return _do(request, row, "note", form, act, _("Noted."))


@require_POST
@door("case.transition")
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """More time, with a reason and a new day that the asker is told."""
    row, actor = _case(request, number)
    form = forms.ExtendForm(request.POST, case=row)

    def act() -> None:
        acts.extend(row, form.moment, form.sentence, by=actor)

    done = _("The time is extended; the asker is told why.")
    return _do(request, row, "extend", form, act, done)


@require_POST
@door("case.publish_answer")
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the asker. What is for everybody goes out only without anything personal."""
    row, actor = _case(request, number)
    form = forms.AnswerForm(request.POST, case=row)
    if "mask" in request.POST:
        return _masked(request, row, actor)

    def act() -> None:
        words, private = form.cleaned_data["words"], form.cleaned_data.get("private")
        acts.answer(row, words, by=actor, public=not private)

    done = _("Answered. The asker is asked whether it is solved.")
    return _do(request, row, "answer", form, act, done)


def _masked(request: HttpRequest, row: Case, actor: Actor) -> HttpResponse:
    """The answer again without what looks personal, to be read once more before it goes out."""
    WHO["answer"](row, actor)
    form = forms.AnswerForm(case=row, initial={"words": mask(request.POST.get("words", ""))})
    said = _("What looked personal is now “***”. Read it once more, then send it.")
    return handling.draw(request, row, attempt=Attempt("answer", form, said, tone="info"))


@require_POST
@door("case.publish_answer")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """Nobody here can do it: why, and who can."""
    row, actor = _case(request, number)
    form = forms.DeclineForm(request.POST, case=row)

    def act() -> None:
        acts.decline(row, form.cleaned_data["words"], form.cleaned_data["address"], by=actor)

    done = _("Closed, with the right address for the asker.")
    return _do(request, row, "decline", form, act, done)


@require_POST
@door("case.transition")
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Not ours: back to who sent it, with a reason for the public ledger."""
    row, actor = _case(request, number)
    form = forms.RefuseForm(request.POST, case=row)

    def act() -> None:
        pass_on.refuse(row, form.sentence, by=actor, suggested=form.found)

    done = _("It went back, and your reason stands in the public ledger.")
    return _do(request, row, "refuse", form, act, done)


@require_POST
@door("case.reassign")
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """Send it to another unit."""
    row, actor = _case(request, number)
    form = forms.TransferForm(request.POST, case=row)

    def act() -> None:
        assert form.found is not None  # the form does not pass without a unit
        pass_on.transfer(row, form.found, form.cleaned_data["words"], by=actor)

    return _do(request, row, "transfer", form, act, _("Sent on. The promised day stays as it was."))


@require_POST
@door("case.merge")
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """The same thing twice: this one ends in the other, every asker keeps a number."""
    row, actor = _case(request, number)
    form = forms.MergeForm(request.POST, case=row)

    def act() -> None:
        asker = Asker.objects.filter(number=form.cleaned_data["number"]).first()
        if asker is None:
            raise Denied(_("No matter of yours has this number."))
        join.merge(row, handling.other_case(request, asker.case_id), by=actor)

    return _do(request, row, "merge", form, act, _("Joined. The askers are answered there."))


@require_POST
@door("case.publish_answer")
def publish(request: HttpRequest, number: str) -> HttpResponse:
    """Let everybody read the text, after a person has read it."""
    row, actor = _case(request, number)
    form = forms.PublishForm(request.POST, case=row)

    def act() -> None:
        acts.publish(row, form.cleaned_data["words"], by=actor)

    return _do(request, row, "publish", form, act, _("Everybody can read it now."))


@require_POST
@door("case.step")
def step(request: HttpRequest, number: str, step_id: str) -> HttpResponse:
    """A special step of the kind, with the fields that the playbook gives it."""
    row, actor = _case(request, number)
    standing = next((s for s in standings(row) if s.step.id == step_id), None)
    if standing is None:
        raise Http404
    form = handling.step_form(row, standing, request.POST)

    def act() -> None:
        given = {**values_of(standing.step.fields, form.cleaned_data),
                 "returned": form.cleaned_data.get("returned", [])}  # fmt: skip
        do_step_with_photos(row, standing.step, given, request.FILES, by=actor)

    return _do(request, row, f"step {step_id}", form, act, _("Done."))


@require_POST
@door("case.view_text")
def read(request: HttpRequest, number: str) -> HttpResponse:
    """Open the words that do not lie open. The reason is logged, and the asker reads it."""
    row, actor = _case(request, number)
    form = forms.ReasonForm(request.POST, case=row)
    reading.check_can_read(row, actor, reading.WITH_A_REASON)
    if not form.is_valid():
        return handling.draw(request, row, attempt=Attempt("read", form), status=422)
    try:
        values = reading.read_words(row, by=actor, reason=form.cleaned_data["reason"])
    except Denied as denied:
        return handling.draw(request, row, attempt=Attempt("read", form, str(denied)), status=409)
    return handling.draw(request, row, opened=handling.Opened("words", values=values))


@require_POST
@door("case.view_contact")
def contact(request: HttpRequest, number: str) -> HttpResponse:
    """Open how an asker can be reached. The reason is logged, and the asker reads it."""
    row, actor = _case(request, number)
    form = forms.ReasonForm(request.POST, case=row)
    reading.check_can_reach(row, actor, reading.WITH_A_REASON)
    if not form.is_valid():
        return handling.draw(request, row, attempt=Attempt("contact", form), status=422)
    asker = get_object_or_404(Asker, case=row, number=form.cleaned_data["asker"])
    try:
        values = reading.read_contact(row, asker, by=actor, reason=form.cleaned_data["reason"])
    except Denied as denied:
        attempt = Attempt("contact", form, str(denied))
        return handling.draw(request, row, attempt=attempt, status=409)
    return handling.draw(request, row, opened=handling.Opened("contact", asker.number, values))


def _case(request: HttpRequest, number: str) -> tuple[Case, Actor]:
    return handling.case_or_404(request, number), request.actor  # type: ignore[attr-defined]


def _do(
    request: HttpRequest,
    row: Case,
    verb: str,
    form: forms.VerbForm,
    act: Callable[[], None],
    done: str,
) -> HttpResponse:
    """Do one thing; on any no the page comes back with the sentence and all that was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if verb != "note" and form.is_behind:
        return handling.draw(request, row, attempt=handling.stale(verb, form), status=409)
    WHO[verb.split()[0]](row, actor)
    if not form.is_valid():
        return handling.draw(request, row, attempt=Attempt(verb, form), status=422)
    try:
        act()
    except Denied as denied:
        row.refresh_from_db()
        attempt = Attempt(verb, form.brought_up_to_date(), str(denied))
        return handling.draw(request, row, attempt=attempt, status=409)
    messages.success(request, done)
    # After a refusal it is with somebody else, and no longer ours to read.
    seen = may("case.view_progress", actor, row)
    return redirect("desk-case", row.number) if seen else redirect("desk")
