from django.urls import URLPattern, URLResolver, path

from linli.site import pins, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", views.language, name="language"),
    path("letters/", views.letters, name="letters"),
    path("places/locate", pins.place_at, name="place-at"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security, name="security"),
    path("design/", views.design, name="design"),
]
