"""What forty days do by themselves to what telephones brought."""

from datetime import timedelta
from uuid import uuid4

from linli.cases.models import Asker
from linli.field import keeping, parts
from linli.field.actions import erasing
from linli.field.models import Item, ItemPhoto
from linli.lib import clock


def forty_days(forget: bool) -> None:
    """The nightly sweeps as in forty days; with `forget` names are kept for a day only (broken)."""
    with clock.moved_to(clock.now() + timedelta(days=40)):
        keeping.forget_old()
        parts.sweep()
        erasing.forget_old()
        if forget:
            yesterday = clock.now() - timedelta(days=1)
            ItemPhoto.objects.filter(item__received_at__lt=yesterday).delete()
            Item.objects.filter(received_at__lt=yesterday).delete()
            for asker in Asker.objects.all():
                Asker.objects.filter(pk=asker.pk).update(client_id=uuid4())
