"""Addresses of this app."""

from django.urls import URLPattern, URLResolver, path

from linli.ballots.views import desk, kiosk, public, vote

urlpatterns: list[URLPattern | URLResolver] = [
    path("ballots/", public.every, name="ballots"),
    path("ballots/recount.py", public.program, name="recount-program"),
    path("ballots/<uuid:key>/", public.one, name="ballot"),
    path("ballots/<uuid:key>/vote/", vote.vote, name="ballot-vote"),
    path("ballots/<uuid:key>/kiosk/", kiosk.kiosk, name="ballot-kiosk"),
    path("ballots/<uuid:key>/board/", public.board, name="ballot-board"),
    path("ballots/<uuid:key>/BOARD.json", public.as_json, name="ballot-json"),
    path("desk/ballots/", desk.every, name="desk-ballots"),
    path("desk/ballots/open/", desk.open_one, name="desk-open-ballot"),
    path("desk/ballots/<uuid:key>/", desk.one, name="desk-ballot"),
    path("desk/ballots/<uuid:key>/codes/", desk.codes, name="ballot-codes"),
    path("desk/ballots/<uuid:key>/papers/", desk.papers, name="ballot-papers"),
    path("desk/ballots/<uuid:key>/hand-out/", desk.hand_out, name="ballot-hand-out"),
    path("desk/ballots/<uuid:key>/count/<slug:what>/", desk.count, name="ballot-count"),
    path("desk/ballots/<uuid:key>/closing/", desk.closing, name="ballot-closing"),
]
