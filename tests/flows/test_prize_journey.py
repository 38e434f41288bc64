"""A project enters a prize and wins it: member, secretariat, experts, twenty voters, HTTP only."""

import datetime

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from prizes.contest.models import Category, Contest
from prizes.entry.announcing import announce
from prizes.entry.models import Entry
from prizes.public_record.verifying import verify
from prizes.result.tasks import work_on_verifications
from tests.factories import ProjectFactory, UserFactory
from tests.prizes.records import (
    WORDS,
    ContestFactory,
    EntryFactory,
    expert,
    set_phases,
    voter,
)

VOTERS = 20
REASON = "The clearest results in numbers, and others can do the same."


def url(name, contest, *rest):
    return reverse(f"prizes:{name}", args=[contest.slug, *rest])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


class Journey:
    """The people of one contest, and the entry that one of them hands in."""

    def __init__(self, run_tasks):
        self.contest = ContestFactory(slug="journey")
        self.line = Category.objects.get(contest=self.contest, action_line="C4")
        self.project = ProjectFactory(title="Telecentres on the lake")
        self.owner, self.reader = signed_in(self.project.owner), Client()
        self.desk = signed_in(UserFactory(role=Role.SECRETARIAT))
        self.experts = [signed_in(expert(self.line)) for _n in range(3)]
        self.chair = signed_in(expert(self.line, chair=True))
        self.run_tasks = run_tasks

    @property
    def entry(self):
        return Entry.objects.get(project=self.project)

    def enter(self):
        set_phases(self.contest, "submission")
        question = self.contest.questions.get()
        gate = {"project": self.project.pk, "category": self.line.pk}
        draft = self.owner.post(
            url("enter", self.contest), gate | {f"question_{question.pk}": "yes"}
        ).url
        self.hand_in(draft)
        set_phases(self.contest, "nomination")

    def hand_in(self, draft):
        with self.run_tasks(execute=True):
            text = {"category": self.line.pk, "description": WORDS, "submit": "1"}
            assert self.owner.post(draft, text).status_code == 302

    def move(self, who, move, note=""):
        with self.run_tasks(execute=True):
            address = url("entry-move", self.contest, self.entry.pk)
            assert who.post(address, {"move": move, "note": note}).status_code == 302

    def screen(self):
        self.move(self.desk, "send_back", "Say whom it reached.")
        self.hand_in(url("entry", self.contest, self.entry.pk))
        self.move(self.desk, "accept")

    def review(self):
        for points, judge in enumerate([*self.experts, self.chair], start=2):
            scores = {f"score_{c.pk}": points for c in self.contest.criteria.all()}
            address = url("review", self.contest, self.entry.pk)
            judge.post(address, scores | {"hand_in": "1", "comment": "Read."})
        table = self.chair.get(url("panel", self.contest, "C4")).content.decode()
        self.move(self.chair, "nominate")
        return table

    def vote(self):
        rival = EntryFactory(contest=self.contest, line="C4")
        set_phases(self.contest, "voting")
        for n in range(VOTERS):
            chosen = rival if n % 4 == 0 else self.entry
            phone = signed_in(voter())
            phone.post(url("ballot-category", self.contest, "C4"), {"entry": chosen.pk})
        set_phases(self.contest, "selection")
        return rival

    def count(self):
        """Two officers look at the same preview and press the button, one after the other."""
        page = reverse("admin:prizes_contest_count", args=[self.contest.pk])
        self.desk.post(
            reverse("admin:prizes_contest_verify", args=[self.contest.pk]),
            {"begin": "1"},
        )
        work_on_verifications()
        for officer in (self.desk, signed_in(UserFactory(role=Role.SECRETARIAT))):
            seen = officer.get(page).context["seen"]
            officer.post(page, {"digest": seen.digest})

    def decide(self):
        """Three of four experts are for the entry, one is for its rival; the desk confirms."""
        rival = Entry.objects.exclude(pk=self.entry.pk).get(category=self.line)
        for judge, chosen in zip(
            [*self.experts, self.chair],
            [self.entry, rival, self.entry, self.entry],
            strict=True,
        ):
            answer = judge.post(
                url("decision", self.contest, "C4"),
                {"entry": chosen.pk, "reason": "Its reach."},
            )
            assert answer.status_code == 302
        self.move(self.desk, "choose", REASON)

    def release(self):
        now = timezone.now() - datetime.timedelta(minutes=1)
        Contest.objects.filter(pk=self.contest.pk).update(
            champions_at=now, winners_at=now
        )
        with self.run_tasks(execute=True):
            announce()


@pytest.fixture
def journey(db, django_capture_on_commit_callbacks):
    return Journey(django_capture_on_commit_callbacks)


def test_from_the_gate_to_the_certificate(journey):
    journey.enter()
    journey.screen()
    table = journey.review()
    hidden = journey.reader.get(journey.entry.get_absolute_url()).status_code
    rival = journey.vote()
    journey.count()
    journey.decide()
    page = url("results", journey.contest)
    embargoed = journey.reader.get(page).content.decode()
    journey.release()

    results = journey.reader.get(page).content.decode()
    certificate = reverse("prizes:certificate", args=[journey.entry.code])
    printed = journey.reader.get(certificate).content.decode()
    rows = journey.reader.get("/api/v1/prizes/results/").json()["results"]
    assert (hidden, "Telecentres" in embargoed) == (404, False)
    assert "Telecentres on the lake" in table
    assert "Telecentres on the lake" in results
    assert REASON in printed
    assert "15 valid votes" in printed
    assert {(row["title"], row["outcome"], row["votes"]) for row in rows} == {
        ("Telecentres on the lake", "winner", 15),
        (rival.title, "champion", 5),
    }
    assert verify(journey.contest).broken is None
    assert [
        m.subject.partition(": ")[2]
        for m in mail.outbox
        if m.to == [journey.project.owner.email]
    ] == [
        "we have received your entry",
        "please change your entry",
        "we have received your entry",
        "your project has won",
    ]
    assert [c.move for c in journey.entry.history()][::-1] == [
        "submit",
        "send_back",
        "submit",
        "accept",
        "nominate",
        "crown",
        "choose",
    ]
