"""Addresses of incubators."""

from django.urls import URLPattern, URLResolver, path

from linli.incubators.views import desk, public

urlpatterns: list[URLPattern | URLResolver] = [
    path("incubators/", public.index, name="incubators"),
    path("incubators/mine/<uuid:tenancy_id>/", public.tenancy, name="tenancy"),
    path("incubators/mine/<uuid:tenancy_id>/end/", public.leave, name="tenancy-end"),
    path("incubators/<slug:code>/", public.one, name="incubator"),
    path("incubators/<slug:code>/application/", public.apply, name="incubator-apply"),
    path("desk/incubators/<slug:code>/", desk.house, name="desk-incubator"),
    path("desk/incubators/<slug:code>/<uuid:tenancy_id>/", desk.tenant, name="desk-tenant"),
    path(
        "desk/incubators/<slug:code>/projects/<int:project_id>/", desk.advance, name="desk-project"
    ),
]
