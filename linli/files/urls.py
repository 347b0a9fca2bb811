from django.urls import URLPattern, URLResolver, path

from linli.files import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("files/<str:token>/", views.photo, name="photo"),
]
