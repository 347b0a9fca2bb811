"""Who somebody is whose telephone number a diner gave at the desk."""

from linli.people.contact import normal_phone
from linli.people.models import User
from linli.vault import sealing


def account_of(phone: str) -> User | None:
    """The account that signs in with this number, if there is one; the number is not kept."""
    number = normal_phone(phone)
    subjects = sealing.find("phone", str(number)) if number else []
    return User.objects.filter(vault_subject__in=subjects, is_active=True).first()
