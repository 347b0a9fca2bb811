"""The one table of what follows what: names once, and everything in it can run."""

import pytest

from linli import playbook
from linli.letters import inbound
from linli.letters.templates import ASKS_FOR_WORD
from linli.letters.worker import work_once
from linli.points.actions import earning
from linli.site.wiring import FOLLOWERS, JOBS


def test_names_are_bookmarks_so_each_stands_once():
    names = [follower.name for follower in FOLLOWERS]
    jobs = [job.name for job in JOBS]
    assert len(set(names)) == len(names)
    assert len(set(jobs)) == len(jobs)


def test_every_letter_that_asks_for_a_word_has_somebody_who_hears_it():
    assert set(inbound.HANDLERS) == set(ASKS_FOR_WORD)


def test_points_follow_every_verb_that_a_rule_of_the_playbook_awards():
    found = {one.name: one for one in FOLLOWERS}
    verbs = {rule.verb for rule in playbook.current().awards.values()}
    assert found["points"].handle is earning.handle
    assert set(found["points"].verbs) == verbs | {"case.answered"}


@pytest.mark.django_db(transaction=True)  # the vault is swept outside of any transaction
def test_one_round_runs_everything():
    work_once(FOLLOWERS, JOBS)
    work_once(FOLLOWERS, JOBS)  # what the jobs of the first round wrote is read in the second
    assert work_once(FOLLOWERS, JOBS) == 0
