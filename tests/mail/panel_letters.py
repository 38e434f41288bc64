"""What the letters to the experts of the Prizes are told."""

import datetime

from django.utils import timezone

from common.mail.links import digest
from prizes.invitation.models import Invitation, context_of
from prizes.panel.delegation import Delegation
from prizes.panel.models import Panel, PanelMember
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory

PAST = timezone.now() - datetime.timedelta(days=1)


def seat_offered(user):
    """This person is asked to chair a panel."""
    contest = ContestFactory(now="submission")
    panel = Panel.objects.create(category=contest.categories.get(action_line="C4"))
    seat = Invitation.objects.create(
        panel=panel, expert=user, is_chair=True, asked_at=PAST
    )
    return context_of(contest, [seat])


def reviews_missing(user):
    """Five reviews of this person are missing."""
    contest = ContestFactory(now="nomination")
    panel = Panel.objects.create(category=contest.categories.get(action_line="C4"))
    PanelMember.objects.create(panel=panel, expert=user)
    work = contest.phases.get(kind="nomination")
    return {"contest": contest, "missing": 5, "work": work}


def assignments_changed(user):
    """This person has got an entry, and has lost another."""
    contest = ContestFactory(now="nomination")
    given, lost = EntryFactory.create_batch(2, contest=contest, status="accepted")
    panel = Panel.objects.create(category=given.category)
    PanelMember.objects.create(panel=panel, expert=user)
    return {
        "contest": contest,
        "work": contest.phases.get(kind="nomination"),
        "given": 1,
        "given_entries": [given],
        "more_given": 0,
        "lost": 30,
        "lost_entries": [lost],
        "more_lost": 29,
    }


TOKEN = "a-token-of-a-link"


def delegated(*, expert_reads, accepted):
    """A review in the hands of a colleague; the reader is the expert, or the colleague."""

    def make(user):
        other = UserFactory(first_name="Rokhaya")
        expert, colleague = (user, other) if expert_reads else (other, user)
        author = UserFactory(email="author@elsewhere.example")
        entry = EntryFactory(
            contest=ContestFactory(now="nomination"),
            project=ProjectFactory(owner=author, contact_email=author.email),
            status="accepted",
        )
        panel = Panel.objects.create(category=entry.category)
        PanelMember.objects.create(panel=panel, expert=expert)
        row = Delegation.objects.create(
            entry=entry,
            expert=expert,
            colleague=colleague if accepted else None,
            email=colleague.email,
            message="You know kiosks.",
            token=digest(TOKEN),
        )
        return {
            "delegation": row,
            "entry": entry,
            "token": TOKEN,
            "note": "Please say more about reach.",
        }

    return make


PANEL_LETTERS = {
    "prizes/panel_assignments": assignments_changed,
    "prizes/panel_delegation": delegated(expert_reads=False, accepted=False),
    "prizes/panel_delegation_back": delegated(expert_reads=False, accepted=True),
    "prizes/panel_delegation_declined": delegated(expert_reads=True, accepted=True),
    "prizes/panel_delegation_sent": delegated(expert_reads=True, accepted=True),
    "prizes/panel_invitation": seat_offered,
    "prizes/panel_reminder": reviews_missing,
}
