"""The sentences of the telephone's scripts, in the reader's language: no text stands in JavaScript."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def sentences() -> dict[str, str]:
    """Every sentence by its key. Named gaps (`%(n)s`) are filled in by the script."""
    return {**_bar(), **_reasons(), **_today(), **_form(), **_queue(), **_service()}


def _bar() -> dict[str, str]:
    return {
        "bar": _("%(waiting)s waiting, %(sending)s sending, %(help)s need help"),
        "bar_empty": _("Everything has been sent."),
        "ready": _("You can leave: everything is on this phone."),
        "not_ready_saving": _("Not yet: the pages are still being saved on this phone."),
        "not_ready_old": _("Not yet: what is saved here is of %(day)s. It needs a connection once."),
        "not_ready_none": _("Not yet: today's work has not been loaded."),
        "size": _("%(size)s on this phone, saved %(time)s"),
        "mb": _("%(n)s MB"),
        "gb": _("%(n)s GB"),
        "kb": _("%(n)s kB"),
        "blocked": _("Another tab of this site is open with an older version. Please close it."),
        "no_offline": _("This browser cannot keep anything without a connection: the forms below "
                        "go straight to the office. A newer browser, or an address that begins "
                        "with https, can."),
        "old_unsent": _("Something has waited here for %(days)s days. Please find a connection soon: "
                        "some phones empty what a site keeps after a week without a visit."),
        "other_person": _("Somebody else is signed in. What was noted here by you waits until you "
                          "sign in."),
        "signed_out_note": _("You are signed out. You can go on noting; sign in before it is sent."),
    }  # fmt: skip


def _reasons() -> dict[str, str]:
    """Why something is still here: for every state one sentence."""
    return {
        "why_waiting": _("Waits for a connection. The text goes first, pictures later."),
        "why_sending": _("Is being sent now."),
        "why_photos": _("The text has arrived. The picture is on its way: %(share)s %%."),
        "why_photos_wait": _("The text has arrived. The picture waits for a better connection."),
        "why_later": _("No answer came. It goes again by itself at %(time)s."),
        "why_portal": _("There is a network, but nobody of ours answers: perhaps a sign-in page of "
                        "that network. It stays here and goes again at %(time)s."),
        "why_busy": _("The office is busy. It goes again at %(time)s."),
        "why_signed_out": _("You are signed out. Sign in, then it goes by itself."),
        "why_locked": _("Your post needs your passkey or the code of your app again. Sign in, then "
                        "it goes by itself."),
        "why_rights_ended": _("The post in which you wrote this has ended, or this phone was "
                              "removed. Ask your unit; it stays here."),
        "why_other_person": _("Somebody else is signed in. It goes when you sign in yourself."),
        "why_closed": _("Closed with your PIN. Open it, then it goes by itself."),
        "why_refused": _("A rule does not let it in: %(said)s"),
        "why_too_big": _("It is larger than one record may be. Write it as two, or save it to a file "
                         "and take it to the office."),
        "why_conflict": _("Other words arrived before under the same name. The office has kept both; "
                          "you say which one counts."),
        "why_deleted": _("It was deleted on purpose at the office and is not taken in again."),
        "why_text_first": _("The office does not know this record. Please send it again."),
        "why_server_forgot": _("You hold a receipt, but the office does not find it. Show them the "
                               "number and this page."),
        "why_photo_refused": _("The text has arrived. The picture is not taken: %(said)s"),
        "why_photo_lost": _("The text has arrived. The picture is no longer on this phone."),
        "why_photo_text_first": _("The office does not find the record of this picture. It asks again."),
        "why_photo_too_big": _("The text has arrived. The picture is too large."),
        "why_": _("Waits for a connection. The text goes first, pictures later."),
    }  # fmt: skip


def _today() -> dict[str, str]:
    return {
        "stops_left": _("%(n)s of %(all)s still to do"),
        "all_done": _("All done."),
        "last_visit": pgettext("field", "last visit %(day)s"),
        "first_visit": pgettext("field", "first visit"),
        "promise": _("promised to come back by %(day)s"),
        "noted": _("noted"),
        "noted_waits": _("noted, waits for a connection"),
        "begun": _("begun"),
        "cancelled": _("cancelled"),
        "nothing": _("Nothing is planned for you today. You can still note something."),
    }


def _form() -> dict[str, str]:
    return {
        "saved": _("Saved on this phone at %(time)s."),
        "optional": _("(you may leave this out)"),
        "missing": _("“%(field)s” is still empty."),
        "choose": _("Please choose one of the answers."),
        "no_room": _(
            "Less than 50 MB are free on this phone. Send what waits first, or go on without "
            "a picture."
        ),
        "no_picture": _("This cannot be read as a picture."),
        "most_photos": _("At most %(n)s pictures."),
        "frozen": _("Saved on this phone. Its tag is %(tag)s; the number comes from the office."),
        "not_saved": _(
            "It could not be saved on this phone: %(said)s Nothing is lost as long as this "
            "page stays open."
        ),
        "two_tabs": _("This record is open in another tab. Close it there, or begin another one."),
        "no_form": _("This form is not on the phone. Open today's page once with a connection."),
    }


def _queue() -> dict[str, str]:
    return {
        "state_draft": _("not finished"),
        "state_frozen": _("waiting"),
        "state_sending": _("sending"),
        "state_stored": _("text arrived"),
        "state_needs_help": _("needs help"),
        "state_wiped": _("arrived"),
        "arrived": _("Arrived on %(time)s."),
        "number": _("Number %(number)s"),
        "word": _("Receipt word for them: %(word)s"),
        "tag": _("Tag %(tag)s"),
        "sure": _("Press again: it will be gone from this phone."),
        "exported": _("Records in the file: %(n)s. Its code: %(code)s"),
        "nothing_to_export": _("Nothing waits here, so there is nothing to save."),
        "persisted": _("The browser has promised not to clear this by itself."),
        "not_persisted": _("The browser may clear this when the phone is full. Adding the site to the "
                           "home screen helps."),
        "room": _("%(size)s free."),
        "pin_short": _("A PIN has at least 4 digits."),
        "pin_wrong": _("That is another PIN."),
        "pin_set": _("Closed with your PIN from now on, 15 minutes after the last use."),
    }  # fmt: skip


def _service() -> dict[str, str]:
    return {
        "hours": _("%(n)s hours this year"),
        "minutes": _("%(n)s min"),
        "no_stays": _("No hours yet: they come from checking in and out."),
        "rest": _("Next duty possible from %(time)s (11 hours of rest)."),
        "rested": _("No rest is due."),
        "unsettled": _(
            "%(n)s times you did not check out; your unit settles them with a second person."
        ),
    }
