"""Letters to an audience in the demonstration: one sent, one that waits for its day."""

from datetime import timedelta

from linli import playbook
from linli.demo.society import Society
from linli.letters.mailing import carrying, sending
from linli.letters.models import Campaign
from linli.lib import clock

SENT = "to-post-holders"
WAITS = "to-those-away"


def live(society: Society) -> None:
    """The manager of the walk's home wrote to those who hold a post there; the county prepares."""
    letters, manager = playbook.current().letters, society.roles["manager"]
    sent = sending.prepare(letters[SENT], by=manager)
    if sent.state == Campaign.State.READY:
        with clock.moved_to(clock.now() - timedelta(minutes=30)):
            sending.ask_or_send(sent, by=manager)
    waits = sending.prepare(letters[WAITS], by=society.roles["coordinator"])
    if waits.state == Campaign.State.READY:
        sending.test_copy(waits, by=society.roles["coordinator"])
    carrying.carry()
