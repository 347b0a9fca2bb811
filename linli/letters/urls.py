from django.urls import URLPattern, URLResolver, path

from linli.letters import views
from linli.letters.mailing import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read-letters"),
    path("inbox/<uuid:letter_id>/", views.open_letter, name="open-letter"),
    path("letters/sms/", views.sms, name="sms-inbound"),
    path("letters/dead/", views.dead_letters, name="dead-letters"),
    path("letters/dead/retry/", views.retry, name="retry-letters"),
    path("letters/received/<uuid:row_id>/", pages.received, name="received"),
    path("desk/letters/", pages.mailings, name="mailings"),
    path("desk/letters/<uuid:campaign_id>/", pages.mailing, name="mailing"),
]
