"""Every route of the whole site has a door that is in the table, or the build fails."""

from django.urls import URLPattern, URLResolver, get_resolver

from linli.people.roles import table
from linli.web.doors import action_of


def routes(resolver: URLResolver | None = None, start: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for part in (resolver or get_resolver()).url_patterns:
        where = start + str(part.pattern)
        found += routes(part, where) if isinstance(part, URLResolver) else [(where, part)]
    return found


def test_every_route_has_a_door_that_is_in_the_table():
    shut = [
        (where, action_of(part.callback))
        for where, part in routes()
        if action_of(part.callback) not in table()
    ]
    assert shut == [], "Give these views @door(…) and the action a row in people/permissions.csv."


def test_views_of_other_packages_have_fitting_doors():
    doors = {part.name: action_of(part.callback) for _where, part in routes() if part.name}
    assert doors["mfa_index"] == doors["mfa_add_webauthn"] == "profile.own"
    assert doors["mfa_authenticate"] == doors["mfa_login_webauthn"] == "sign_in"
    admins = {action_of(part.callback) for where, part in routes() if where.startswith("admin/")}
    assert admins == {"admin.tables", "sign_in"}
