"""Addresses of a case. What the unit does has its own list, urls_desk."""

from django.urls import URLPattern, URLResolver, path

from linli.cases.urls_desk import urlpatterns as desk
from linli.cases.views import asker, case_page, listing, public, suggestions, tell

urlpatterns: list[URLPattern | URLResolver] = [
    path("tell/", tell.tell, name="tell"),
    path("tell/<slug:kind>/", tell.tell, name="tell-kind"),
    path("suggestions/<slug:kind>/", suggestions.suggestions, name="suggestions"),
    path("receipt/<str:number>/", asker.receipt, name="receipt"),
    path("where/", asker.where, name="where"),
    path("mine/", asker.mine, name="mine"),
    path("mine/<str:number>/", asker.my_matter, name="my-matter"),
    path("mine/<str:number>/reply/", asker.reply, name="reply"),
    path("mine/<str:number>/words/", asker.add, name="add-words"),
    path("mine/<str:number>/withdrawal/", asker.withdraw, name="withdraw"),
    path("mine/<str:number>/anonymity/", asker.anonymous, name="go-anonymous"),
    path("mine/<str:number>/steps/<slug:step_id>/", asker.step, name="my-step"),
    path("r/<str:token>/", asker.reply_link, name="reply-link"),
    path("case/<str:number>/", case_page.case, name="case"),
    path("case/<str:number>/claims/<slug:step_id>/", public.claim, name="claim"),
    path("claims/", public.claims, name="claims"),
    path("claims/<int:claim_id>/return/", public.give_back, name="give-back"),
    path("claims/<int:claim_id>/fulfilment/", public.fulfil, name="fulfil"),
    path("cases/", listing.cases, name="cases"),
    path("search/", listing.search, name="search"),
    path("near/", listing.around, name="near"),
    path("at/<str:code>/", public.door_card, name="door-card"),
    *desk,
]
