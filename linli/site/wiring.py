"""What follows what: the one place that sees all floors.

A floor that needs a higher one writes a line into the journal; the tables below name who reads it,
what time does by itself, and what an incoming message sets off. Read them to know what happens.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.utils.module_loading import import_string

from linli.activities import notices as activity_notices
from linli.activities.actions import planning
from linli.activities.opening import OPENER
from linli.activities.planner import actions as planner
from linli.activities.work import Organising, Seats
from linli.cases import gaps as desk_gaps
from linli.cases import notices, searching, tallies
from linli.cases.actions import tick
from linli.cases.work import Matters
from linli.clubs import notices as club_notices
from linli.clubs.actions import keeping as club_keeping
from linli.coverage import counting, follow, gaps, near
from linli.coverage import notices as post_notices
from linli.deliberation import notices as motion_notices
from linli.deliberation import subjects as motion_subjects
from linli.deliberation.actions import doing
from linli.facilities import notices as facility_notices
from linli.field import parts, receipts
from linli.figures import kept
from linli.files import shelf
from linli.forum import notices as forum_notices
from linli.forum import searching as forum_searching
from linli.forum.subjects import TELLERS
from linli.journal import seal
from linli.journal.followers import Follower
from linli.letters import inbound
from linli.letters.mailing import audiences, carrying
from linli.letters.worker import Periodic
from linli.members import notices as member_notices
from linli.members.actions import adverse
from linli.pairings import notices as tie_notices
from linli.pairings.actions import tying
from linli.people import work
from linli.people.actions import handing, inviting, standing_in
from linli.points.actions import earning, years
from linli.site import audiences as known
from linli.site import floors, openings, replies, retention, sleeping, subjects
from linli.talent import notices as talent_notices
from linli.vault import keeping


def later(name: str) -> Callable[..., Any]:
    """A function by its whole name, imported when it first runs: web processes never load it."""
    return lambda *args: import_string(name)(*args)


TEN_SECONDS: Final = timedelta(seconds=10)
MINUTE: Final = timedelta(minutes=1)
HALF_HOUR: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

# Who reads the journal, which verbs they hear, and what they do with them.
FOLLOWERS: Final = (
    Follower("letters", notices.VERBS, notices.handle),
    Follower("activities", activity_notices.VERBS, activity_notices.handle),
    Follower("search", searching.VERBS, searching.handle),
    Follower("coverage", follow.VERBS, follow.handle),
    Follower("forum", forum_notices.VERBS, forum_notices.handle),
    Follower("forum search", forum_searching.VERBS, forum_searching.handle),
    Follower("forum floors", floors.VERBS, floors.handle),
    Follower("deliberation", motion_notices.VERBS, motion_notices.handle),
    Follower("facilities", facility_notices.VERBS, facility_notices.handle),
    Follower("posts", post_notices.VERBS, post_notices.handle),
    Follower("members", member_notices.VERBS, member_notices.handle),
    Follower("ties", tie_notices.VERBS, tie_notices.handle),
    Follower("clubs", club_notices.VERBS, club_notices.handle),
    Follower("talent", talent_notices.VERBS, talent_notices.handle),
    Follower("points", earning.VERBS, earning.handle),
    Follower("letters to one", carrying.VERBS, carrying.handle),
)  # fmt: skip

# What the worker does by the clock.
JOBS: Final = (
    Periodic("cases: silence closes", MINUTE, tick.close_silent),
    Periodic("cases: lateness is said", MINUTE, tick.note_late),
    Periodic("cases: one problem, many askers", HALF_HOUR, later("linli.cases.regrouping.regroup")),
    Periodic("cases: topics are learned", DAY, later("linli.cases.learning.relearn")),
    Periodic("cases: claims lapse", MINUTE, tick.lapse_claims),
    Periodic("cases: kept counts are folded", HOUR, tallies.fold),
    Periodic("figures: kept boards are counted again", MINUTE, kept.count_again),
    # Hourly, so that a day has its seal soon after midnight whenever the worker was started.
    Periodic("journal: days are sealed", HOUR, seal.seal_up_to_yesterday),
    Periodic("activities: two months ahead", HOUR, planning.extend_all),
    Periodic("travel: sites are found", TEN_SECONDS, later("linli.travel.studies.work_out_waiting")),
    Periodic("activities: rotas are proposed", TEN_SECONDS, planner.propose_waiting),
    Periodic("deliberation: what is overdue is said", HOUR, doing.note_late),
    Periodic("members: decisions take effect", HOUR, adverse.settle),
    Periodic("points: quarters, stars, ends", HOUR, years.keep_time),
    Periodic("ties: terms end", HOUR, tying.end_terms),
    Periodic("ties: lists are matched", HOUR, later("linli.pairings.actions.bringing.match_every")),
    Periodic("coverage: counted", DAY, counting.run_all),
    Periodic("coverage: what changed is counted again", MINUTE, counting.run_stale),
    Periodic("clubs: a child that waits is said", MINUTE, club_keeping.say_waiting),
    Periodic("posts: invitations lapse", HOUR, inviting.lapse),
    Periodic("posts: the next is asked", MINUTE, standing_in.lapse),
    Periodic("posts: handovers begin and end", HOUR, handing.follow_days),
    Periodic("posts: ended posts leave no work behind", HOUR, handing.settle_ended),
    *(Periodic(f"retention: {one.id}", DAY, partial(retention.run, one)) for one in retention.CLOCKS),
    Periodic("people: who sleeps is told", DAY, sleeping.remind),
    Periodic("vault: swept", DAY, keeping.sweep),
    Periodic("photos: files that nobody owns", DAY, shelf.sweep),
    Periodic("letters: those of the year lie ready", HOUR, carrying.prepare_yearly),
    Periodic("letters: to everybody of an audience", MINUTE, carrying.carry),
    Periodic("field: the key of receipts is in the journal", HOUR, receipts.announce_key),
    Periodic("field: halves of pictures", DAY, parts.sweep),
)  # fmt: skip

# Letters that expect a word back -> what the word does.
inbound.HANDLERS.update({"case.answered": replies.on_answer})

# Whom a letter to an audience knows, and whom a line of the journal is about.
audiences.SOURCES["members"] = known.members
audiences.CONCERNED["member.moved"] = known.moved

# Whose work moves when a post changes hands, and who can come instead of whom.
work.HOLDERS.update(cases=Matters(), activities=Organising())
work.DUTIES.update(activities=Seats())

# The number of gaps on the desk.
desk_gaps.COUNTERS[:] = [gaps.count]

# Who knows how long the way to a facility is.
near.TELLERS[:] = [later("linli.travel.covering.reached")]

# What opens a case that comes of an activity.
OPENER["case"] = openings.open_case

# What the forum can talk about.
TELLERS.update({"cases.Case": subjects.cases, "activities.Occurrence": subjects.activities})
TELLERS[motion_subjects.KIND] = motion_subjects.tell
