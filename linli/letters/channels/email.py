"""E-mail by Django's own means; which server is a setting."""

from smtplib import SMTPRecipientsRefused
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage

from linli.letters.channels import Undeliverable
from linli.letters.templates import Text

address_kind: Final = "email"
NEVER: Final = 500  # from here on the answer of a mail server is final (RFC 5321, 4.2.1)


def send(address: str, text: Text, key: str) -> None:
    """Send one message; the key is its id, so that a repeat can be recognised."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMessage(
        text.subject, text.body, settings.DEFAULT_FROM_EMAIL, [address],
        headers={"Message-ID": f"<{key}@{domain}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        message.send()
    except SMTPRecipientsRefused as refused:
        if all(code >= NEVER for code, _words in refused.recipients.values()):
            raise Undeliverable from None
        raise
