from django.conf import settings
from django.core.mail import EmailMessage

from linli.letters.templates import Text


def send(address: str, text: Text, key: str) -> None:
    """Send by Django's mail; the key is the message's id, so that a repeat can be recognised."""
    EmailMessage(
        text.subject, text.body, settings.DEFAULT_FROM_EMAIL, [address],
        headers={"Message-ID": f"<{key}@linli>"},
    ).send()  # fmt: skip
