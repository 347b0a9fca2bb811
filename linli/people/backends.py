"""Who a session belongs to, asked in one prepared statement."""

from uuid import UUID

from django.contrib.auth.backends import ModelBackend

from linli.people.models import User
from linli.web.prepared import Prepared

_NAMES = [field.attname for field in User._meta.concrete_fields]
_USER = Prepared(lambda pk: User.objects.filter(pk=pk).values_list(*_NAMES), pk=UUID)


class Backend(ModelBackend):
    """Django's, with a quicker way to find the person of a session. Nobody has a password."""

    def get_user(self, user_id: object) -> User | None:
        """The active person with this id."""
        try:
            rows = _USER(pk=user_id if isinstance(user_id, UUID) else UUID(str(user_id)))
        except ValueError:
            return None
        if not rows:
            return None
        user = User.from_db(_USER.alias, _NAMES, rows[0])
        return user if self.user_can_authenticate(user) else None
