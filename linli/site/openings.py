"""A case that comes of an activity: the two stand side by side, this is where they meet."""

from django.db import transaction

from linli import playbook
from linli.activities.opening import Given, Matter
from linli.cases.actions.receive import Draft, receive
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor


def open_case(matter: Matter, by: Actor, occurrence: str) -> Given:
    """Take the matter in as a case; its story says that it came of an activity, and of which."""
    rule = playbook.current().kinds[matter.kind]
    draft = Draft(
        kind=matter.kind,
        channel=matter.channel,
        category=matter.category,
        place=matter.place,
        text=matter.text,
        client_id=matter.client_id,
        visibility=rule.visibility,
        name=matter.name,
        phone=matter.phone,
        consent=matter.consent,
        fields=matter.fields,
    )
    with transaction.atomic():
        receipt = receive(draft, by=by)
        if not receipt.replayed:
            case = receipt.case
            record(
                "case.came_of", on=case, by=by, place=case.place_path, org=str(case.owner_id),
                method=case.kind, facts={"kind": case.kind, "activity": matter.activity,
                                          "occurrence": occurrence},
                coarse=True, when=case.received_at if clock.is_moved() else None,
            )  # fmt: skip
    case = receipt.case
    unit = case.owner.name
    return Given(receipt.number, receipt.word, unit, case.due_at or case.answer_due_at)
