from django.urls import URLPattern, URLResolver, path

from linli.letters import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read-letters"),
    path("inbox/<uuid:letter_id>/", views.open_letter, name="open-letter"),
    path("letters/sms/", views.sms, name="sms-inbound"),
    path("letters/dead/", views.dead_letters, name="dead-letters"),
    path("letters/dead/retry/", views.retry, name="retry-letters"),
]
