"""`linli people`: who holds which post, from the machine itself.

Whoever may run these commands runs the server: what they do is in the journal as "system".
"""

from datetime import datetime

import click
from django.db import transaction

from linli import playbook
from linli.lib import clock
from linli.people import actions, limits, sign_in
from linli.people.actors import SYSTEM
from linli.people.contact import Address, NoAddress, parse
from linli.people.models import Appointment, Organisation, Post, User
from linli.people.policies import Denied
from linli.places.models import Place

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def people() -> None:
    """Accounts, bodies, posts and who holds them."""


@people.command("list")
@click.option("--vacant", is_flag=True, help="Posts that nobody holds.")
@click.option("--body", help="Only this body, by its code.")
def list_(vacant: bool, body: str | None) -> None:
    """Posts and their holders today."""
    today = clock.today()
    posts = Post.objects.vacant(today) if vacant else Post.objects.in_force(today)
    if body:
        posts = posts.filter(organisation__code=body)
    rows = posts.select_related("organisation__place", "place").order_by(
        "organisation__code", "kind", "pk"
    )
    for post in rows.iterator(chunk_size=500):
        held = Appointment.objects.in_force(today).filter(post=post).select_related("user")
        names = ", ".join(f"{row.user} until {row.to_date}" for row in held) or "vacant"
        click.echo(f"{post.pk:>6}  {post.organisation.code:<24} {post.title('en')}: {names}")


@people.command()
@click.argument("post", type=int)
@click.argument("address")
@click.option("--from", "start", type=DAY, help="First day; default: today.")
@click.option("--until", type=DAY, help="First day after it; default: in a year.")
@click.option("--deputy", is_flag=True, help="As deputy; takes no seat.")
@click.option("--name", default="", help="Name on the door card, if the person agreed to one.")
def appoint(
    post: int, address: str, start: datetime | None, until: datetime | None, deputy: bool, name: str
) -> None:
    """Put the person who signs in with ADDRESS (phone or e-mail) into POST, by its number."""
    row = Post.objects.filter(pk=post).first()
    if row is None:
        raise click.ClickException(f"There is no post {post}; `linli people list` shows them.")
    try:
        with transaction.atomic():
            made = actions.appoint(
                row, _person(address), by=SYSTEM, deputy=deputy, public_name=name,
                consented=bool(name), from_date=start.date() if start else None,
                to_date=until.date() if until else None,
            )  # fmt: skip
    except Denied as denied:
        raise click.ClickException(str(denied)) from denied
    click.echo(f"{made.post.title('en')}: until {made.to_date}")


@people.command("open-body")
@click.argument("code")
@click.argument("kind")
@click.argument("place")
@click.argument("name")
@click.option("--name-en", default="")
@click.option("--line", default="", help="Public telephone of the office.")
@click.option("--post", "posts", multiple=True, help="Posts to open in it, by kind; repeatable.")
def open_body(
    code: str, kind: str, place: str, name: str, name_en: str, line: str, posts: tuple[str, ...]
) -> None:
    """Write a body of KIND at PLACE (by its code) into the register, with its posts."""
    where = Place.objects.current().filter(code=place).first()
    if where is None:
        raise click.ClickException(f"There is no place with the code {place}.")
    try:
        with transaction.atomic():
            body = actions.open_organisation(
                code=code, kind=kind, name=name, name_en=name_en, place=where, public_line=line,
                by=SYSTEM,
            )  # fmt: skip
            made = [actions.open_post(post, body, by=SYSTEM) for post in posts]
    except Denied as denied:
        raise click.ClickException(str(denied)) from denied
    for post in made:
        click.echo(f"post {post.pk}: {post.title('en')}")


@people.command("create-admin")
@click.argument("address")
@click.option("--name", default="", help="Name shown to others.")
def create_admin(address: str, name: str) -> None:
    """Give ADDRESS (phone or e-mail) the administrator's post at the county desk, for a year."""
    try:
        with transaction.atomic():
            post = _administrators_post()
            made = actions.appoint(post, _person(address, name), by=SYSTEM)
    except Denied as denied:
        raise click.ClickException(str(denied)) from denied
    click.echo(f"Administrator until {made.to_date}. Sign in and add a passkey first.")


def _administrators_post() -> Post:
    """The post at the county desk; desk and post are opened where there are none yet."""
    county = playbook.current().county
    today = clock.today()
    desk = Organisation.objects.in_force(today).of_kind(county.desk.body).order_by("pk").first()
    if desk is None:
        place = Place.objects.current().filter(code=county.place).first()
        if place is None:
            raise click.ClickException(
                f"There is no place {county.place} yet; load the places first "
                "(`linli places gazetteer`)."
            )
        desk = actions.open_organisation(
            code=county.desk.body, kind=county.desk.body, name=county.desk.name.zh,
            name_en=county.desk.name.en, place=place, public_line=county.desk.phone, by=SYSTEM,
        )  # fmt: skip
    kind = "administrator"
    open_one = Post.objects.in_force(today).filter(kind=kind, organisation=desk).first()
    return open_one or actions.open_post(kind, desk, by=SYSTEM)


@people.command()
@click.argument("address")
def close(address: str) -> None:
    """Close the account of ADDRESS: no sign-in, no role, every session over."""
    user = sign_in.owner(_address(address))
    if user is None:
        raise click.ClickException("Nobody signs in with this address.")
    try:
        actions.deactivate(user, by=SYSTEM)
    except Denied as denied:
        raise click.ClickException(str(denied)) from denied
    click.echo("Closed.")


@people.command()
def tidy() -> None:
    """Forget codes and counts whose time is over; run it daily."""
    click.echo(f"{sign_in.forget()} codes, {limits.forget()} counts forgotten")


def _address(words: str) -> Address:
    try:
        return parse(words)
    except NoAddress as error:
        raise click.ClickException(str(error)) from error


def _person(words: str, name: str = "") -> User:
    """Who signs in with this address; an account is made where there is none."""
    address = _address(words)
    user = sign_in.owner(address)
    if user is None:
        user = actions.open_account(display_name=name)
        sign_in.add_address(user, address)
    return user
