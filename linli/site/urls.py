from django.urls import URLPattern, URLResolver, path

from linli.site import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", views.language, name="language"),
    path("letters/", views.letters, name="letters"),
    path("design/", views.design, name="design"),
]
