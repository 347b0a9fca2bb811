"""The only code that writes about people: each verb is one function and one transaction."""

from linli.people.actions.accounts import (
    change_profile,
    deactivate,
    open_account,
    sign_out_everywhere,
)
from linli.people.actions.bodies import (
    close_organisation,
    describe_organisation,
    open_organisation,
    open_post,
)
from linli.people.actions.handing import receivers
from linli.people.actions.holding import appoint, end
from linli.people.actions.inviting import be_asked, be_left_alone, confirm, invite
from linli.people.actions.standing_in import cannot_come

__all__ = [
    "appoint",
    "be_asked",
    "be_left_alone",
    "cannot_come",
    "change_profile",
    "close_organisation",
    "confirm",
    "deactivate",
    "describe_organisation",
    "end",
    "invite",
    "open_account",
    "open_organisation",
    "open_post",
    "receivers",
    "sign_out_everywhere",
]
