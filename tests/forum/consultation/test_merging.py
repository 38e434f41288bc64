"""Requests of the consultation that are merged: one session, all their organizations hold it."""

import pytest
from django.urls import reverse

from common.mail.models import OutgoingMail
from forum.consultation.models import Submission
from forum.consultation.workflow import SubmissionStatus
from forum.session.models import Session
from tests.factories import ActionLineFactory
from tests.forum.records import SubmissionFactory, officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    return user


def merge(client, submission, other):
    address = reverse("forum:submission-move", args=[submission.pk])
    return client.post(address, {"move": "merge", "merged_into": other.number})


def requests(*statuses):
    """Workshop requests of different organizations, each with an action line of its own."""
    found = []
    for number, (status, line) in enumerate(
        zip(statuses, ("C1", "C2", "C3"), strict=False)
    ):
        found.append(
            SubmissionFactory(status=status, organization_name=f"Ministry {number}")
        )
        found[-1].action_lines.set([ActionLineFactory(code=line)])
    return found


def together(client, leader, *others, **data):
    ids = ",".join(str(one.pk) for one in (leader, *others))
    data = {"ids": ids, "leader": leader.pk} | data
    return client.post(reverse("admin:forum_submission_merge"), data)


def test_requests_become_one_session_that_all_of_them_hold(client, desk):
    first, second, third = requests("submitted", "accepted", "submitted")
    page = client.post(
        reverse("admin:forum_submission_changelist"),
        {
            "action": "merge_into_session",
            "_selected_action": [first.pk, second.pk, third.pk],
        },
    )
    shown = client.get(page.url)

    made = together(client, second, first, third)

    session = Session.objects.get()
    rows = Submission.objects.order_by("pk").values_list(
        "status", "merged_into", "session"
    )
    assert shown.context["requests"] == [first, second, third]
    assert made.url == reverse("admin:forum_session_change", args=[session.pk])
    assert list(rows) == [
        ("merged", second.pk, session.pk),
        ("used", None, session.pk),
        ("merged", second.pk, session.pk),
    ]
    assert (session.title, session.owner, session.status) == (
        second.title,
        second.owner,
        "draft",
    )
    assert session.organizer_names == ["Ministry 1", "Ministry 0", "Ministry 2"]
    assert session.action_line_codes == ["C1", "C2", "C3"]
    mails = {mail.to: mail.body for mail in OutgoingMail.objects.all()}
    assert set(mails) == {one.owner.email for one in (first, second, third)}
    assert second.number in mails[first.owner.email]


def test_one_merged_before_its_session_or_after_holds_it_too(desk):
    leader, early, late = requests("accepted", "submitted", "submitted")
    for one in (early, late):
        one.merged_into = leader
        one.save()
    early.move("merge", desk)
    session = leader.make_session(desk)
    late.refresh_from_db()

    late.move("merge", desk)

    assert session.organizer_names == ["Ministry 0", "Ministry 1", "Ministry 2"]
    assert set(session.submissions.all()) == {leader, early, late}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "noted"}, "This is no longer possible: the status is now “Noted”."),
        (
            {"kind": "theme"},
            "Only workshop requests of one edition can form a session.",
        ),
    ],
)
def test_what_cannot_be_merged_leaves_all_as_it_was(client, desk, fields, sentence):
    leader, good = requests("submitted", "submitted")
    bad = SubmissionFactory(**{"status": SubmissionStatus.SUBMITTED} | fields)

    response = together(client, leader, good, bad)

    assert (response.status_code, response.context["refused"]) == (409, sentence)
    statuses = Submission.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["submitted", "submitted", bad.status]
    assert Session.objects.count() == OutgoingMail.objects.count() == 0


def test_one_session_is_made_of_twenty_requests_at_most(client, desk):
    ids = [one.pk for one in SubmissionFactory.create_batch(21, status="submitted")]

    response = client.post(
        reverse("admin:forum_submission_changelist"),
        {"action": "merge_into_session", "_selected_action": ids},
        follow=True,
    )

    assert "Choose at most 20 requests." in response.content.decode()


@pytest.mark.parametrize("ids", ["", "x", "0"])
def test_no_requests_no_page(client, desk, ids):
    assert (
        client.get(reverse("admin:forum_submission_merge"), {"ids": ids}).status_code
        == 404
    )


def test_a_merged_request_is_no_target(client, desk):
    leader, middle, last = requests("submitted", "submitted", "submitted")
    merge(client, middle, leader)

    response = merge(client, last, middle)

    assert response.status_code == 409
    assert (
        f"{middle.number} has itself been merged with another submission"
        in response.content.decode()
    )
