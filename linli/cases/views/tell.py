"""Tell us something: words and place, then topic and contact, then the receipt."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language

from linli import playbook
from linli.cases import routing, suggest
from linli.cases.actions.join import join
from linli.cases.actions.receive import Draft, Receipt, SaidOtherwise, receive
from linli.cases.forms.playbook_fields import values_of
from linli.cases.forms.tell import DetailsForm, WordsForm
from linli.cases.models import Case
from linli.cases.policies import check_can_open
from linli.cases.views import access
from linli.cases.views.suggestions import why
from linli.files import photos
from linli.people import limits
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.schema import CaseKind
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

MOST_PHOTOS = 3


@door("case.submit")
def tell(request: HttpRequest, kind: str = "") -> HttpResponse:
    """The form of one kind of matter; without a name, the county desk's."""
    rule = _rule(kind)
    actor = actor_of(request)
    try:
        check_can_open(rule, actor)
    except Denied as denied:
        return _words_page(request, rule, WordsForm(rule=rule), denied=denied, status=403)
    if request.method != "POST":
        return _words_page(request, rule, _first_form(request, rule))
    if "send" in request.POST:
        return _send(request, rule, actor)
    form = WordsForm(request.POST, rule=rule)
    kept, problem = _photos(request)
    if problem:
        form.add_error(None, problem)
    if not form.is_valid():
        return _words_page(request, rule, form, kept=kept, status=422)
    details = DetailsForm(data=request.POST, rule=rule, signed_in=actor.user is not None)
    return _details_page(request, rule, details, form.cleaned_data, kept, asked=False)


def _rule(kind: str) -> CaseKind:
    book = playbook.current()
    rule = book.kinds.get(kind or book.county.intake)
    if rule is None:
        raise Http404
    return rule


def _first_form(request: HttpRequest, rule: CaseKind) -> WordsForm:
    """An empty form; a door card's code puts the place in."""
    first = WordsForm.fresh()
    at = Place.objects.current().filter(code=request.GET.get("at", "")).first()
    if at:
        first["place"] = at.code
    form = WordsForm(initial=first, rule=rule)
    form.matches = [at] if at else []
    return form


def _words_page(
    request: HttpRequest, rule: CaseKind, form: WordsForm, *, kept: list[str] | None = None,
    denied: Denied | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    elsewhere = form["where"].value() or form["lon"].value()
    code = "" if elsewhere else form["place"].value()
    preset = Place.objects.current().filter(code=code).first() if code else None
    return page(request, "cases/tell.html", {
        "rule": rule, "form": form, "denied": denied, "kept": kept or [], "preset": preset,
        "action": _address(rule), "most_photos": MOST_PHOTOS,
    }, status=status)  # fmt: skip


def _details_page(
    request: HttpRequest, rule: CaseKind, form: DetailsForm, said: dict[str, Any],
    kept: list[str], *, asked: bool, denied: Denied | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    place: Place = said["place_found"]
    topic = form["category"].value() or "".join(form.likely[:1])
    way = routing.route(rule, topic or "*", place)
    if not asked:  # page two is shown for the first time: nothing on it is wrong yet
        start = "office" if _why_private(topic) else rule.visibility
        shown = {"visibility": start, **request.POST.dict(), "place": place.code}
        form = DetailsForm(data=shown, rule=rule, signed_in=actor_of(request).user is not None)
        form.full_clean()
        form.errors.clear()
    return page(request, "cases/tell_details.html", {
        "rule": rule, "form": form, "place": place, "kept": kept, "denied": denied,
        "neighbours": suggest.neighbours(
            place, rule, form.likely or [topic], said.get("text", ""), said.get("lon"), said.get("lat")
        ),
        "joined": request.POST.get("join", ""), "why": why, "unit": way.organisation,
        "action": _address(rule), "said": said,
        "why_private": _why_private(topic),
    }, status=status)  # fmt: skip


def _why_private(topic: str) -> str:
    """Why matters of this topic start with the office only; "" for all others."""
    for category in playbook.current().county.categories:
        if category.id == topic and category.sensitive and category.why:
            return category.why.text(lang())
    return ""


def _send(request: HttpRequest, rule: CaseKind, actor: Actor) -> HttpResponse:
    typed = request.POST.copy()
    if not typed.get("category"):  # who joins a neighbour's matter has said what it is about
        typed["category"] = _topic_of(typed.get("join", ""))
    form = DetailsForm(data=typed, rule=rule, signed_in=actor.user is not None)
    kept, _problem = _photos(request)
    form.is_valid()
    said = form.cleaned_data
    if said.get("place_found") is None:
        return _words_page(request, rule, WordsForm(request.POST, rule=rule), kept=kept, status=422)
    if form.errors:
        return _details_page(request, rule, form, said, kept, asked=True, status=422)
    try:
        receipt = _take_in(request, rule, said, kept, actor)
    except SaidOtherwise as denied:
        return _details_page(request, rule, form, said, kept, asked=True, denied=denied, status=409)
    except Denied as denied:
        return _details_page(request, rule, form, said, kept, asked=True, denied=denied, status=422)
    return redirect("receipt", receipt.asker.number)


def _topic_of(number: str) -> str:
    """What the matter is about that somebody joins; "" for none."""
    listed = Case.objects.listed().filter(number=number) if number else Case.objects.none()
    return listed.values_list("category", flat=True).first() or ""


def _take_in(
    request: HttpRequest, rule: CaseKind, said: dict[str, Any], kept: list[str], actor: Actor
) -> Receipt:
    """The matter, its count against the limit and this browser's receipt: all of it or nothing.

    The limit comes last, so that neighbours of one network wait for each other as short as can be.
    """

    def also(receipt: Receipt) -> None:
        limits.hit("case.submit", request)
        access.remember(request, receipt.asker, receipt.word)
        request.session.save_now()  # type: ignore[attr-defined]

    draft = _draft(request, rule, said, kept, actor)
    chosen = request.POST.get("join", "")
    case = Case.objects.listed().with_names().filter(number=chosen).first() if chosen else None
    if case:
        with transaction.atomic():
            receipt = join(case, draft, by=actor)
            if not receipt.replayed:
                also(receipt)
    else:
        receipt = receive(draft, by=actor, then=also)
    if receipt.replayed:
        access.remember(request, receipt.asker, receipt.word)
    return receipt


def _draft(
    request: HttpRequest, rule: CaseKind, said: dict[str, Any], kept: list[str], actor: Actor
) -> Draft:
    # At the desk somebody writes for somebody else, unless the kind is the unit's own report.
    staff = actor.organisation is not None and rule.on_behalf
    channel = "desk" if staff and "desk" in rule.channels else "web"
    if channel not in rule.channels:
        channel = rule.channels[0]
    user = None if staff or said.get("without_account") or rule.identity == "none" else actor.user
    about = None
    if said.get("about_unit"):
        about = routing.route(rule, said["category"], said["place_found"]).organisation
    return Draft(
        kind=rule.id,
        channel=channel,
        category=said["category"],
        place=said["place_found"],
        text=said["text"],
        client_id=said["client_id"],
        spot=said.get("spot", ""),
        lon=said.get("lon"),
        lat=said.get("lat"),
        visibility=said.get("visibility") or rule.visibility,
        user=user,
        phone=said.get("phone", ""),
        email=said.get("email", ""),
        name=said.get("name", ""),
        language=get_language() or settings.LANGUAGE_CODE,
        about=about,
        consent=bool(said.get("consent")),
        fields=values_of(rule.fields, said),
        photos=photos.unclaimed(kept),
    )


def _photos(request: HttpRequest) -> tuple[list[str], str]:
    """Photos kept on page one travel to page two as signed names; returns them and what went wrong."""
    kept = [name for name in request.POST.getlist("kept") if photos.unclaimed([name])][:MOST_PHOTOS]
    for upload in request.FILES.getlist("photo")[: MOST_PHOTOS - len(kept)]:
        try:
            kept.append(photos.ticket(photos.keep(upload)))
        except photos.Refused as refused:
            return kept, str(refused)
    return kept, ""


def _address(rule: CaseKind) -> str:
    if rule.id == playbook.current().county.intake:
        return reverse("tell")
    return reverse("tell-kind", args=[rule.id])
