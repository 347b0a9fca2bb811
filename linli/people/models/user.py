"""Who signed up, the addresses they sign in with (hashed), and the codes on their way."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.lib import clock, ids

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from linli.people.models.appointment import Appointment


def new_subject() -> str:
    """A name for the person's file in the vault; it says nothing about them."""
    return str(ids.new_uuid())


class UserManager(BaseUserManager["User"]):
    def create_user(self, **fields: Any) -> "User":
        """A user without a password: people sign in by a code or a passkey."""
        user = self.model(**fields)
        user.set_unusable_password()
        user.save(using=self._db, force_insert=True)
        return user


class User(AbstractBaseUser):
    """Somebody who signed in once. Phone and e-mail are not here but in the vault.

    There is no superuser and there are no Django permissions: what a person may do is decided by
    their appointment and `permissions.csv` alone.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    # The password is unusable; its random part changes to end all sessions of the person.
    display_name = models.CharField(_("name shown to others"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    large_letters = models.BooleanField(_("large letters"), default=False)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("since"), default=clock.now, editable=False)
    # Under this name the vault keeps what identifies the person.
    vault_subject = models.CharField(
        max_length=36, unique=True, default=new_subject, editable=False
    )

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    if TYPE_CHECKING:
        appointments: RelatedManager[Appointment]
        addresses: RelatedManager["SignInAddress"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.display_name or str(self.pk)

    def get_full_name(self) -> str:
        return str(self)

    # Django's admin asks these of every user; the doors have decided before (middleware.py).
    @property
    def is_staff(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Channel(models.TextChoices):
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")


class SignInAddress(models.Model):
    """An address somebody signs in with, as a keyed hash: it finds, and cannot be read."""

    digest = models.CharField(max_length=64, primary_key=True)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "channel"], name="people_one_address_each"),
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="people_address_channel_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.digest[:8]}"


class SignInCode(models.Model):
    """A code that was sent. The browser that asked for it holds the id, so nobody else can use up
    its tries; the address itself is in that browser only."""

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    digest = models.CharField(max_length=64)  # of id, address and code together
    sent_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    MOST_TRIES: ClassVar[int] = 3

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(tries__lte=3), name="people_code_tries"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="people_code_expires"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
