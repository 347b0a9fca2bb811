"""What the body's page of a motion can do: one form, one action, one sentence each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from linli.deliberation.actions import calling, doing, drafting, meeting, proposing, showing
from linli.deliberation.forms import carry
from linli.deliberation.forms import motion as motion_forms
from linli.deliberation.models import Motion, Objection, Sitting, Task
from linli.deliberation.standing import notice_of
from linli.files import photos
from linli.files.models import Photo
from linli.people.actors import Actor
from linli.people.policies import Denied

Run = Callable[[Motion, Any, HttpRequest, Actor], str]


@dataclass(frozen=True)
class Act:
    """One thing that can be done, with its form if it has one."""

    name: str
    run: Run
    form: type[forms.Form] | None = None
    about_motion: bool = False  # the form is made for this motion

    def form_of(self, motion: Motion, request: HttpRequest) -> forms.Form | None:
        """The form with what was typed."""
        if self.form is None:
            return None
        given: dict[str, Any] = {"motion": motion} if self.about_motion else {}
        return self.form(request.POST, request.FILES, **given)

    def fresh(self, motion: Motion) -> forms.Form | None:
        """The form, empty."""
        if self.form is None:
            return None
        given: dict[str, Any] = {"motion": motion} if self.about_motion else {}
        return self.form(**given)


def photo_of(upload: "UploadedFile[bytes] | None") -> Photo | None:
    """The photo, drawn anew; before the transaction of the action."""
    return photos.keep(upload) if upload else None


def _take_up(motion: Motion, _form: Any, _request: HttpRequest, by: Actor) -> str:
    proposing.take_up(motion, by=by)
    return _("Taken up. The next stage is open.")


def _decline(motion: Motion, form: carry.ReasonForm, _request: HttpRequest, by: Actor) -> str:
    proposing.decline(motion, reason=form.cleaned_data["reason"], by=by)
    return _("Not taken up. Everybody reads why.")


def _draft(motion: Motion, form: carry.DraftForm, _request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    drafting.write_draft(motion, text=said["text"], cost_fen=said["cost"], by=by)
    return _("The draft is kept as a new version.")


def _finish(motion: Motion, _form: Any, _request: HttpRequest, by: Actor) -> str:
    """On to the next stage, whatever the present one does."""
    step = motion.step
    finish = {
        "draft": drafting.finish_draft, "publish": showing.finish_publishing,
        "do": doing.finish_doing, "rate": doing.finish_rating,
    }.get(step.rule.does if step else "")  # fmt: skip
    if finish is None:
        raise Denied(_("This stage ends in another way."))
    finish(motion, by=by)
    motion.refresh_from_db()
    return _("Complete. The next stage is open.") if motion.is_live else _("The motion is over.")


def _publish(motion: Motion, form: carry.PublishForm, _request: HttpRequest, by: Actor) -> str:
    showing.publish(motion, by=by, spot=form.cleaned_data["spot"])
    return _("Published on its page. Add the photo of the board where one is needed.")


def _prove(motion: Motion, form: carry.ProofForm, request: HttpRequest, by: Actor) -> str:
    step = motion.step
    what = (step.rule.publishes or "call") if step and step.rule.does == "publish" else "call"
    notice = notice_of(step, what) if step else None
    if notice is None:
        raise Denied(_("Nothing is published yet that a photo could prove."))
    photo = photo_of(request.FILES.get("photo"))
    assert photo is not None  # the form asks for it
    showing.prove(notice, photo, day=form.cleaned_data["day"], by=by)
    return _("The photo is kept with its date.")


def _paper(motion: Motion, form: motion_forms.WordsForm, _request: HttpRequest, by: Actor) -> str:
    showing.object_to(motion, form.cleaned_data["words"], by=by, on_paper=True)
    return _("The objection is written down.")


def _answer(motion: Motion, form: carry.AnswerForm, request: HttpRequest, by: Actor) -> str:
    number = request.POST.get("number", "")
    row = get_object_or_404(Objection, motion=motion, number=number if number.isdigit() else 0)
    row.motion = motion
    said = form.cleaned_data
    showing.answer(row, outcome=said["outcome"], words=said["words"], by=by)
    return _("The answer stands beside the objection, in public.")


def _call(motion: Motion, form: carry.CallForm, _request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    calling.call(
        motion, body=said["body"], secrecy=said["secrecy"], begins_at=form.begins_at,
        ends_at=form.ends_at, spot=said["spot"], merged=said.get("merged", False), by=by,
    )  # fmt: skip
    return _("The meeting is called. Everybody on the roll with an account is told.")


def _call_off(motion: Motion, _form: Any, _request: HttpRequest, by: Actor) -> str:
    calling.call_off(motion, by=by)
    return _("The call is taken back.")


def _open(motion: Motion, _form: Any, _request: HttpRequest, by: Actor) -> str:
    sitting = calling.open_sitting(motion, by=by)
    return _("The meeting is open. The roll is frozen with %(n)s entries.") % {"n": sitting.size}


def _presence(motion: Motion, form: carry.PresenceForm, _request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    row = meeting.note_presence(motion, said["present"], spoken_for=said["spoken_for"], by=by)
    return _("%(n)s of %(size)s are there.") % {"n": row.present, "size": row.size}


def _aside(motion: Motion, form: carry.AsideForm, _request: HttpRequest, by: Actor) -> str:
    count = meeting.stand_aside(motion, form.cleaned_data["numbers"], by=by)
    return _("%(n)s stand aside.") % {"n": count}


def _hands(motion: Motion, form: carry.HandsForm, _request: HttpRequest, by: Actor) -> str:
    votes = form.votes
    given: dict[str, Any] = {"counts": votes} if motion.options else votes
    row = meeting.count_hands(motion, abstained=form.cleaned_data["abstained"], by=by, **given)
    if row.state == Sitting.State.CLOSED:
        return _("Both counted the same. The meeting is closed.")
    if row.sheets.count() > 1:
        return _("Kept. The two counts differ: count again, both of you.")
    return _("Kept. A second person counts as well, without seeing yours.")


def _ballot(motion: Motion, _form: Any, _request: HttpRequest, by: Actor) -> str:
    meeting.take_ballot(motion, by=by)
    return _("The result of the ballot is taken over. The meeting is closed.")


def _minutes(motion: Motion, form: carry.MinutesForm, _request: HttpRequest, by: Actor) -> str:
    row = (
        Sitting.objects.filter(step__motion=motion, minutes="")
        .exclude(state=Sitting.State.CALLED).select_related("step__motion").order_by("pk").first()
    )  # fmt: skip
    if row is None:
        raise Denied(_("There is no meeting without minutes."))
    meeting.write_minutes(row, form.cleaned_data["text"], by=by)
    return _("The minutes are public.")


def _task(motion: Motion, form: carry.TaskForm, _request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    doing.add_task(motion, what=said["what"], doer=said["doer"], due=said["due"],
                   money_fen=said["money"], by=by)  # fmt: skip
    return _("It stands in the ledger.")


def _task_of(motion: Motion, request: HttpRequest) -> Task:
    number = request.POST.get("number", "")
    return get_object_or_404(
        Task.objects.select_related("motion__organisation", "doer"), motion=motion,
        number=number if number.isdigit() else 0,
    )  # fmt: skip


def _done(motion: Motion, form: carry.DoneForm, request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    doing.finish_task(_task_of(motion, request), evidence=said["evidence"], spent_fen=said["spent"],
                      photo=photo_of(request.FILES.get("photo")), by=by)  # fmt: skip
    return _("Done, and everybody sees what shows it.")


def _drop(motion: Motion, form: motion_forms.WordsForm, request: HttpRequest, by: Actor) -> str:
    doing.drop_task(_task_of(motion, request), reason=form.cleaned_data["words"], by=by)
    return _("Dropped. Everybody reads why.")


def _opinion(motion: Motion, form: carry.OpinionForm, _request: HttpRequest, by: Actor) -> str:
    said = form.cleaned_data
    doing.opinion(motion, good=said["good"] == "yes", words=said["words"], heard=said["heard"],
                  content=said["content"], by=by)  # fmt: skip
    return _("What the supervisors found is public.")


ACTS: Final = {act.name: act for act in (
    Act("take-up", _take_up), Act("decline", _decline, carry.ReasonForm),
    Act("draft", _draft, carry.DraftForm), Act("finish", _finish),
    Act("publish", _publish, carry.PublishForm), Act("prove", _prove, carry.ProofForm),
    Act("paper", _paper, motion_forms.WordsForm), Act("answer", _answer, carry.AnswerForm),
    Act("call", _call, carry.CallForm, about_motion=True), Act("call-off", _call_off),
    Act("open", _open), Act("presence", _presence, carry.PresenceForm),
    Act("aside", _aside, carry.AsideForm),
    Act("hands", _hands, carry.HandsForm, about_motion=True), Act("ballot", _ballot),
    Act("minutes", _minutes, carry.MinutesForm),
    Act("task", _task, carry.TaskForm, about_motion=True), Act("done", _done, carry.DoneForm),
    Act("drop", _drop, motion_forms.WordsForm), Act("opinion", _opinion, carry.OpinionForm),
)}  # fmt: skip
