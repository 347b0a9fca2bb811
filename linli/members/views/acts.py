"""What the desk's page of one member can do: one form, one action, one sentence each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from linli.members import reading
from linli.members.actions import adverse, entering, moving
from linli.members.forms import DecisionForm, NoticeForm, PaperForm, StepForm, WordsForm
from linli.members.models import Member, Proceeding
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.web.language import lang

Run = Callable[[Member, Any, Actor], str]


@dataclass(frozen=True)
class Act:
    """One thing that can be done, with its form if it has one."""

    name: str
    run: Run
    form: type[forms.Form] | None = None

    def form_of(self, view: reading.OneView, said: QueryDict | None) -> forms.Form | None:
        """The form, with what was typed or empty."""
        if self.form is None:
            return None
        given: dict[str, Any] = {}
        if self.form is PaperForm:
            given["kinds"] = view.kinds
        if self.form is NoticeForm:
            given["rule"] = view.member.rule
            given["steps"] = [(w.step.id, w.step.name.text(lang())) for w in view.against]
        return self.form(said, **given)


def _paper(member: Member, form: forms.Form, by: Actor) -> str:
    said = form.cleaned_data
    entering.note_paper(member, said["kind"], said["dated"], by=by)
    return _("Noted with its day.")


def _step(member: Member, form: forms.Form, by: Actor) -> str:
    move = moving.propose(member, form.cleaned_data["step"], on=form.cleaned_data["on"], by=by)
    if move.state == move.State.WAITING and member.rule.step(move.step).second:
        return _("Proposed. Somebody else has to agree.")
    return _("Done, with its day.")


def _away(member: Member, _form: Any, by: Actor) -> str:
    entering.set_away(member, member.away_since is None, by=by)
    return _("Noted.")


def _notice(member: Member, form: forms.Form, by: Actor) -> str:
    said = form.cleaned_data
    row = adverse.give_notice(
        member, said["step"], ground=said["ground"], evidence=said["evidence"], by=by
    )
    return _("Notice is given. The person can reply until %(day)s.") % {
        "day": row.reply_until.isoformat()
    }


def _open(member: Member) -> Proceeding:
    row = member.proceedings.filter(state__in=Proceeding.OPEN).first()
    if row is None:
        raise Denied(_("There is no step against this person."))
    row.member = member
    return row


def _reply(member: Member, form: forms.Form, by: Actor) -> str:
    row, words = _open(member), form.cleaned_data["words"]
    if row.state == Proceeding.State.DECIDED:
        adverse.appeal(row, words, by=by, on_paper=True)
    else:
        adverse.reply(row, words, by=by, on_paper=True)
    return _("Kept as they wrote it.")


def _decide(member: Member, form: DecisionForm, by: Actor) -> str:
    row = _open(member)
    act = adverse.decide_appeal if row.state == Proceeding.State.APPEALED else adverse.decide
    act(row, upheld=form.is_upheld, why=form.cleaned_data["why"], by=by)
    return _("Decided. The person reads why.")


ACTS: Final = {
    act.name: act
    for act in (
        Act("paper", _paper, PaperForm),
        Act("step", _step, StepForm),
        Act("away", _away),
        Act("notice", _notice, NoticeForm),
        Act("reply", _reply, WordsForm),
        Act("decide", _decide, DecisionForm),
    )
}


def member_or_404(key: Any) -> Member:
    """The member with their body."""
    return get_object_or_404(Member.objects.with_bodies(), pk=key)
