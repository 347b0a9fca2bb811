"""Somebody who asked: an own number, an own answer, an own word on whether it is solved."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from linli.cases.models.case import Case
from linli.lib import ids
from linli.people.models import User


class Reply(models.TextChoices):
    SOLVED = "solved", _("Solved")
    UNSOLVED = "unsolved", _("Not solved")
    UNSURE = "unsure", _("I cannot judge")
    SILENT = "silent", _("No word")


def word_hash(number: str, word: str) -> str:
    """What the database keeps of a receipt word: a keyed hash, useless without the server's key."""
    return salted_hmac(
        "linli.cases.receipt", f"{number}:{ids.normal_word(word)}", algorithm="sha256"
    ).hexdigest()


class Asker(models.Model):
    """One person's tie to a case. Without account and contact it holds a receipt's hash only.

    `subject` names the person's file in the vault, where contact and name are sealed.
    `client_id` names the intention: sent twice, it is one asker with one receipt (O20).
    """

    class Anonymity(models.TextChoices):
        NAMED = "L0", _("Your name may be shown with it.")
        HIDDEN = "L1", _("The public does not see your name; the unit that answers does.")
        SEALED = "L2", _("Nobody sees your contact without writing down why, and you see who did.")
        NOTHING = (
            "L3",
            _("We ask nothing: the number and the word on the receipt are all there is."),
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="askers")
    number = models.CharField(max_length=10, unique=True)
    client_id = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    word_hash = models.CharField(max_length=64, blank=True)
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    subject = models.CharField(max_length=64, blank=True)
    anonymity = models.CharField(max_length=2, choices=Anonymity)
    language = models.CharField(max_length=10, default="zh-hans")
    is_first = models.BooleanField(default=False)
    joined_at = models.DateTimeField()

    asked_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=8, choices=Reply, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    satisfied = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(is_first=True), name="asker_first_once"
            ),
            models.CheckConstraint(
                name="asker_reply_after_question",
                condition=Q(reply="") | Q(asked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="asker_l3_leaves_nothing",
                condition=~Q(anonymity="L3") | Q(user__isnull=True, subject=""),
            ),
        ]
        indexes = [models.Index(fields=["user", "-joined_at"], name="asker_mine")]

    def __str__(self) -> str:
        return self.pretty_number

    @property
    def pretty_number(self) -> str:
        return ids.pretty_number(self.number)

    def knows(self, word: str) -> bool:
        """Whether `word` is the one on this asker's receipt."""
        return bool(self.word_hash) and constant_time_compare(
            self.word_hash, word_hash(self.number, word)
        )
