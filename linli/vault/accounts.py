"""Finding somebody's account by the telephone they sign in with."""

from django.utils.translation import gettext as _

from linli.people.contact import normal_phone
from linli.people.models import User
from linli.vault import sealing


def account_of(phone: str) -> User | None:
    """The account with this telephone; the number itself is not kept. ValueError: no number."""
    if not phone.strip():
        return None
    number = normal_phone(phone)
    if not number:
        raise ValueError(_("that is no telephone number"))
    subjects = sealing.find("phone", str(number))
    return User.objects.filter(vault_subject__in=subjects, is_active=True).first()
