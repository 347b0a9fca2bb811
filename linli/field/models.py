"""What came in from telephones: the bytes as they were frozen, and how far they have got."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock
from linli.people.models import User

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

SHA = 64  # hex digits of SHA-256


class Device(models.Model):
    """A telephone of one person. Its key signs what is frozen on it, whoever carries it here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    public_key = models.CharField(max_length=200)  # P-256, the uncompressed point in base64
    label = models.CharField(max_length=60, blank=True)
    enrolled_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(default=clock.now)  # the last status call
    unsent = models.PositiveIntegerField(default=0)  # as the telephone said then
    oldest_unsent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "seen_at"], name="field_devices_of")]
        constraints = [
            models.UniqueConstraint(fields=["user", "public_key"], name="field_one_device_a_key"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class Item(models.Model):
    """One thing frozen on a telephone. `client_id` names the intention: it has one effect, ever.

    `received`: understood and done, pictures are still missing. `complete`: all bytes are here, a
    picture waits to be attached. `processed`: nothing is left to do. `staff_task`: received, but not
    understood; a person looks. `conflict`: somebody else noted the same; its writer decides.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("received, pictures are missing")
        COMPLETE = "complete", _("all here, being filed")
        PROCESSED = "processed", _("done")
        STAFF_TASK = "staff_task", _("received, a person looks at it")
        CONFLICT = "conflict", _("received beside something else")

    client_id = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=SHA)  # of the bytes
    size = models.PositiveIntegerField()  # bytes
    kind = models.CharField(max_length=60)
    form_version = models.CharField(max_length=80, blank=True)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="items")
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=60, blank=True)  # in the vault, while the bytes are kept
    replaces = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State)
    number = models.CharField(max_length=12)  # what people quote
    effect = models.CharField(max_length=120, blank=True)  # the row it became, as the journal says
    href = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)  # the telephone's word, evidence only
    received_at = models.DateTimeField(default=clock.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    replays = models.PositiveIntegerField(default=0)
    replayed_at = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        photos: RelatedManager["ItemPhoto"]
        rivals: RelatedManager["Rival"]

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="field_items_of"),
            models.Index(fields=["device", "received_at"], name="field_items_volume"),
            models.Index(fields=["state", "received_at"], name="field_items_open",
                         condition=~Q(state="processed")),
            models.Index(fields=["replayed_at"], name="field_items_replayed"),
            models.Index(fields=["replaces"], name="field_items_replaces"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                name="field_settled_when_processed",
                condition=~Q(state="processed") | Q(settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ItemPhoto(models.Model):
    """A picture that an item names by its hash: missing, here, or left out by its owner's wish."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="photos")
    sha256 = models.CharField(max_length=SHA)
    order = models.PositiveSmallIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)  # bytes that came in
    arrived_at = models.DateTimeField(null=True, blank=True)
    photo = models.UUIDField(null=True, blank=True)  # what it became; the sibling app holds it
    left_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["item", "sha256"], name="field_photo_once_an_item"),
        ]
        indexes = [models.Index(fields=["sha256"], name="field_photo_sha")]

    def __str__(self) -> str:
        return self.sha256[:12]


class Blob(models.Model):
    """A picture on its way: so many bytes of it lie in a file until it is whole."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=SHA)
    total = models.PositiveIntegerField()  # bytes
    received = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "sha256"], name="field_one_blob"),
            models.CheckConstraint(
                name="field_blob_fits", condition=Q(received__lte=models.F("total"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} {self.received}/{self.total}"


class Rival(models.Model):
    """Other words under a name that is taken, or about something a colleague noted already.

    Both are kept, and nothing but a person's decision closes it. `beside` names the colleague's
    row; it is empty where the item itself was here first.
    """

    class Decision(models.TextChoices):
        FIRST = "first", _("what was here first stays")
        SECOND = "second", _("the second takes its place")
        ASK = "ask", _("the office decides")

    item = models.ForeignKey(Item, models.CASCADE, related_name="rivals")
    beside = models.CharField(max_length=120, blank=True)  # as the journal names it
    client_id = models.UUIDField()
    sha256 = models.CharField(max_length=SHA)
    size = models.PositiveIntegerField()
    form_version = models.CharField(max_length=80, blank=True)
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    subject = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=6, choices=Decision, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # the office has done what was asked

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client_id", "sha256"], name="field_rival_once"),
            models.CheckConstraint(
                name="field_rival_decided",
                condition=Q(decision="", decided_at=None)
                | (~Q(decision="") & Q(decided_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], condition=Q(closed_at=None), name="field_rival_open"
            )
        ]

    def __str__(self) -> str:
        return f"beside {self.item_id}"


class Tombstone(models.Model):
    """Something was deleted on purpose: whoever sends it again is told so, and it stays deleted."""

    client_id = models.UUIDField(unique=True)
    sha256 = models.CharField(max_length=SHA)
    kind = models.CharField(max_length=60)
    why = models.CharField(max_length=20)  # "withdrawn", "erased", "expired"
    deleted_at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.why}"


class FormVersion(models.Model):
    """A form as it was handed to telephones, so that an old record can be read with its labels."""

    version = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=60)
    form = models.JSONField()
    first_at = models.DateTimeField(default=clock.now)
    offered_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.version
