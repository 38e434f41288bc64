"""Experts are told which entries they are given and which they have lost: one mail for each run."""

import re
from collections import Counter

import pytest
from django.urls import reverse

from accounts.role.roles import Role
from common.mail.models import OutgoingMail
from prizes.contest.models import Contest
from prizes.entry.workflow import Status
from prizes.panel.assigning import LISTED, assign
from prizes.panel.decision import Assignment
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Panel, PanelMember, Review
from tests.factories import OrganizationFactory, UserFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def contest():
    return ContestFactory(now="nomination", title="WSIS Prizes 2044", slug="2044")


@pytest.fixture
def officer(settings):
    settings.REQUIRE_STAFF_MFA = False
    return UserFactory(role=Role.SECRETARIAT)


def category(contest, line="C4"):
    return contest.categories.get(action_line=line)


def entries_of(contest, count, line="C4", **more):
    return EntryFactory.create_batch(
        count, contest=contest, line=line, status=Status.ACCEPTED, **more
    )


def judges_of(contest, count, line="C4"):
    return [expert(category(contest, line), language="en") for _n in range(count)]


def mails():
    """Reader → subject and text of each mail since the last call."""
    told = {}
    for mail in OutgoingMail.objects.order_by("pk"):
        told.setdefault(mail.to, []).append(f"{mail.subject}\n{mail.body}")
    OutgoingMail.objects.all().delete()
    return told


def one_mail(told, person):
    (text,) = told[person.email]
    return text


def holder_of(entry):
    return Assignment.objects.filter(entry=entry).first().expert


def test_each_expert_gets_one_mail_about_all_panels(client, contest, officer):
    one, two = judges_of(contest, 2)
    other = expert(category(contest, "C1"), language="en")
    PanelMember.objects.create(panel=category(contest, "C1").panel, expert=one)
    Panel.objects.update(reviews_per_entry=1)
    entries = entries_of(contest, 3) + entries_of(contest, 3, "C1")
    client.force_login(officer)
    panels = {
        "action": "share_out",
        "_selected_action": list(Panel.objects.values_list("pk", flat=True)),
    }

    client.post(reverse("admin:prizes_panel_changelist"), panels)

    told = mails()
    assert set(told) == {one.email, two.email, other.email}
    held = Counter(Assignment.objects.values_list("expert", flat=True))
    for person in (one, two, other):
        text = one_mail(told, person)
        assert f"{held[person.pk]} entries of the WSIS Prizes 2044 are assigned" in text
        assert "no longer" not in text
        assert "Please submit your reviews by" in text
        assert reverse("prizes:panels", args=["2044"]) in text
    for entry in entries:
        assert f"{entry.category.code}: {entry}" in one_mail(told, holder_of(entry))
    client.post(reverse("admin:prizes_panel_changelist"), panels)
    assert mails() == {}


def test_who_loses_an_entry_and_who_gets_it_are_told(contest):
    judges = judges_of(contest, 4)
    entry = entries_of(contest, 1)[0]
    assign(contest)
    mails()
    gone = holder_of(entry)
    held = {row.expert_id for row in entry.assignments.all()}
    (new,) = (judge for judge in judges if judge.pk not in held)
    PanelMember.objects.filter(expert=gone).delete()

    assign(contest)

    told = mails()
    assert set(told) == {gone.email, new.email}
    lost = one_mail(told, gone)
    assert "1 entry of the WSIS Prizes 2044 is no longer assigned to you" in lost
    assert f"C4: {entry}" in lost
    assert "Please submit" not in lost
    assert "is assigned to you for review" in one_mail(told, new)


def test_who_declares_a_conflict_knows_it_and_is_not_written_to(client, contest):
    judges_of(contest, 4)
    entry = entries_of(contest, 1)[0]
    assign(contest)
    mails()
    gone = holder_of(entry)
    client.force_login(gone)
    address = reverse("prizes:conflict", args=["2044", entry.pk])

    client.post(address, {"reason": "I advised them"})

    told = mails()
    assert list(told) == [entry.assignments.latest("pk").expert.email]
    assert gone.email not in told


def test_whom_the_secretariat_recuses_is_told(client, contest, officer):
    judges_of(contest, 4)
    entry = entries_of(contest, 1)[0]
    assign(contest)
    mails()
    gone = holder_of(entry)
    client.force_login(officer)

    client.post(
        reverse("admin:prizes_conflict_add"),
        {"entry": entry.pk, "expert": gone.pk, "reason": "Relative of the owner"},
    )

    told = mails()
    assert "is no longer assigned to you" in one_mail(told, gone)
    assert "Relative" not in one_mail(told, gone)
    assert len(told) == 2


def test_a_preview_of_who_drops_out_writes_to_nobody(client, contest, officer):
    judges_of(contest, 4)
    entries_of(contest, 4)
    assign(contest)
    mails()
    gone = Assignment.objects.first().expert
    client.force_login(officer)
    address = reverse("admin:prizes_contest_dropping_out", args=[contest.pk, gone.pk])

    client.get(address)
    before = mails()
    client.post(address)

    told = mails()
    assert before == {}
    assert "3 entries of the WSIS Prizes 2044 are no longer" in one_mail(told, gone)
    assert sum("assigned to you for review" in t[0] for t in told.values()) >= 1


def test_experts_of_both_categories_are_told_of_an_entry_that_moves(contest, officer):
    old, new = judges_of(contest, 3), judges_of(contest, 3, "C1")
    moved, *_rest = entries_of(contest, 2)
    entries_of(contest, 1, "C1")
    assign(contest)
    mails()
    row = Forwarding.objects.create(
        entry=moved,
        source=moved.category,
        target=category(contest, "C1"),
        reason="It is about governance",
        by=old[0],
    )

    row.decide(officer, confirmed=True)

    told = mails()
    for person in old:
        assert f"C4: {moved}" in one_mail(told, person)
    for person in new:
        assert f"C1: {moved}" in one_mail(told, person)


def test_a_mail_names_nobody_where_reviews_are_without_names(contest):
    Contest.objects.filter(pk=contest.pk).update(reviews_anonymous=True)
    contest.refresh_from_db()
    judges_of(contest, 3)
    organization = OrganizationFactory(name="Kiosk Foundation")
    entries_of(
        contest, 1, title="Kiosks of the Kiosk Foundation", organization=organization
    )

    assign(contest)

    for (text,) in mails().values():
        assert "Kiosk Foundation" not in text
        assert "Kiosks of" in text


def test_a_long_list_is_cut_and_says_how_many_there_are(contest):
    (judge,) = judges_of(contest, 1)
    Panel.objects.update(reviews_per_entry=1, load_cap=100)
    entries_of(contest, LISTED + 5)

    assign(contest)

    text = one_mail(mails(), judge)
    assert f"{LISTED + 5} entries of the" in text
    assert len(re.findall(r"^- C4: ", text, flags=re.M)) == LISTED
    assert "and 5 more" in text


def test_who_has_reviewed_an_entry_before_is_not_asked_again(contest):
    (judge,) = judges_of(contest, 1)
    entry = entries_of(contest, 1)[0]
    Review.objects.create(entry=entry, reviewer=judge, state="done")

    made = assign(contest).made

    assert [row.expert for row in made] == [judge]
    assert mails() == {}


def test_the_mail_is_in_the_language_of_its_reader(contest):
    judge = expert(category(contest), language="ar")
    entries_of(contest, 1, title="Ключи")

    assign(contest)

    text = one_mail(mails(), judge)
    assert "الخبراء" in text or "تقييم" in text or "مراجع" in text
    assert "assigned" not in text
    assert "C4: Ключи" in text
