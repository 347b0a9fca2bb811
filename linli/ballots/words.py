"""What pages say about a ballot: rules, ways to vote, options, results, in plain words."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from linli.ballots.counting.choices import APPROVAL, BUDGET, RANKED, SINGLE, YES_NO
from linli.ballots.models import Ballot
from linli.ballots.models.ballot import KIOSK, MEETING, PAPER, WEB
from linli.ballots.results import Result
from linli.lib import clock


def option(ballot: Ballot, name: str) -> str:
    """What an option is called; yes and no in the reader's language."""
    text = ballot.text_of(name)
    if ballot.rule == YES_NO and text == name:
        return {"yes": _("In favour"), "no": _("Against")}[name]
    return text


def choice(ballot: Ballot, chosen: Sequence[str]) -> list[str]:
    """A choice in words, line by line."""
    if not chosen:
        return [_("Abstention: no option")]
    return [option(ballot, one) for one in chosen]


def how(ballot: Ballot) -> str:
    """How to mark the paper."""
    return {
        YES_NO: _("Choose one, or abstain."),
        SINGLE: _("Choose one, or abstain."),
        APPROVAL: _("Tick all you agree with. No tick is an abstention."),
        RANKED: _("Give your first choice 1, the next 2, and so on. You need not number all."),
        BUDGET: _("Tick all projects that are worth their money to you. No tick is an abstention."),
    }[ballot.rule]


def rule(ballot: Ballot) -> str:
    """How it is counted, in two sentences, with the source."""
    return {
        YES_NO: _("Papers in favour and against are counted; more in favour than against wins."),
        SINGLE: _("The option on most papers wins. Equal numbers are a tie and are said to be one."),
        APPROVAL: _("The option on most papers wins. Equal numbers are a tie and are said to be one."),
        RANKED: _("The Schulze rule (Schulze 2011, also used by Debian): every two options are "
                  "compared on all papers; who wins all comparisons, directly or along the "
                  "strongest chain, is first. A tie is said to be one."),
        BUDGET: _("The method of equal shares (Peters, Pierczyński and Skowron 2021): everybody "
                  "has the same part of the money, and a project is paid by those who ticked it. "
                  "What is left goes to the projects with most ticks that still fit."),
    }[ballot.rule]  # fmt: skip


def ways(ballot: Ballot) -> list[str]:
    """The ways in which one can vote."""
    names = {
        WEB: _("signed in, on your own device"),
        KIOSK: _("with a one-time code at the voting machine; no telephone needed"),
        PAPER: _("on paper at the polling station"),
        MEETING: _("by hand in the meeting"),
    }
    return [
        names[channel] for channel in (WEB, KIOSK, PAPER, MEETING) if channel in ballot.channels
    ]


def state(ballot: Ballot) -> tuple[str, str]:
    """Words and tone of where it stands."""
    now = clock.now()
    if not ballot.is_open:
        return _("counted"), "ok"
    if now < ballot.opens_at:
        return _("not begun yet"), "plain"
    if now < ballot.closes_at:
        return _("voting is open"), "warn"
    return _("over, waits to be counted"), "plain"


def standing(name: str) -> str:
    """What the voter alone is told about their own vote."""
    return {
        "open": _("You are on the roll. You have not voted yet."),
        "voted": _("Your vote is in. Until the end you can vote again; only the last one counts."),
        "paper": _("You were given a voting paper: your vote is on that."),
        "code": _("You were given a one-time code: you vote with that."),
        "took": _("You are on the roll, and a vote was cast for you."),
        "took not": _("You are on the roll, and no vote was cast for you."),
        "none": "",
    }[name]


def differs(ballot: Ballot, names: Sequence[str]) -> str:
    """What two counts by hand differ in."""
    fixed = {"spoilt": _("Spoilt"), "unused": _("Unused"), "": _("Abstentions")}
    return "; ".join(
        fixed.get(name) or " › ".join(option(ballot, one) for one in name.split(">"))
        for name in names
    )


def sheet(ballot: Ballot) -> list[list[str]]:
    """The lines of the counters' sheet: what, and an empty place for how many."""
    names = [option(ballot, one["id"]) for one in ballot.options]
    empty = [[name, ""] for name in (*names, _("Abstentions"), _("Spoilt"), _("Unused"))]
    return [[_("Printed"), str(ballot.papers)], *empty]


def outcome(ballot: Ballot, result: Result) -> dict[str, Any]:
    """What a page shows of a result: rows of options with their counts, winners, ties."""
    winners = set(result.winners)
    rows = [
        {
            "name": option(ballot, one["id"]),
            "n": (result.by_option or {}).get(one["id"]),
            "won": one["id"] in winners,
            "cost": one["cost"],
        }
        for one in ballot.options
    ]
    return {
        "rows": rows,
        "winners": [option(ballot, one) for one in result.winners],
        "ties": [option(ballot, one) for one in result.ties],
        "lots": [[option(ballot, one) for one in lot] for lot in _lots(result)],
        "result": result,
    }


def _lots(result: Result) -> list[list[str]]:
    found = result.more.get("lots")
    return found if isinstance(found, list) else []
