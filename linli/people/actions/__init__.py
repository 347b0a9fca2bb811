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
from linli.people.actions.holding import appoint, end

__all__ = [
    "appoint",
    "change_profile",
    "close_organisation",
    "deactivate",
    "describe_organisation",
    "end",
    "open_account",
    "open_organisation",
    "open_post",
    "sign_out_everywhere",
]
