"""From built to public: review, approval by a second person, a time of publication."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.role.roles import Role
from reports.clearance.tasks import publish_due
from reports.publication.models import Publication
from reports.publication.workflow import Status
from tests.factories import UserFactory
from tests.reports.records import approved, frozen, secretariat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mails_are_sent(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def page(publication):
    return f"/en/reports/{publication.pk}/clearance/"


def post(client, publication, **values):
    return client.post(page(publication), values, follow=True)


def scheduled(when=None, **fields):
    publication = approved(**fields)
    moment = when or timezone.now() + datetime.timedelta(minutes=5)
    return publication.schedule_for(moment, secretariat())


def test_named_reviewers_get_a_mail_and_read_the_version_that_waits(
    client, django_capture_on_commit_callbacks
):
    publication = frozen(status=Status.READY)
    reviewer = UserFactory(email="reviewer@escwa.example")
    client.force_login(publication.requested_by)
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(
            client,
            publication,
            do="review",
            reviewers="Reviewer@ESCWA.example\n",
            note="Chapter 3, please.",
        )

    assert "has not finished yet" in answer.content.decode()
    publication.refresh_from_db()
    assert publication.status == Status.IN_REVIEW
    assert publication.history()[0].note == "Chapter 3, please."
    sent = [m for m in mail.outbox if m.to == [reviewer.email]]
    assert len(sent) == 1
    assert f"/reports/{publication.pk}/review/" in sent[0].body
    assert "Chapter 3, please." in sent[0].body
    client.force_login(reviewer)
    read = client.get(publication.get_absolute_url()).content.decode()
    assert "DRAFT" in read
    assert f"/en/reports/{publication.pk}/review/" in read
    client.force_login(UserFactory())
    assert client.get(publication.get_absolute_url()).status_code == 404
    assert client.get(f"/en/reports/{publication.pk}/review/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This field is required."),
        ("nobody@example.org", "No account has the address nobody@example.org."),
    ],
)
def test_who_has_no_account_cannot_be_asked(client, typed, sentence):
    publication = frozen(status=Status.READY)
    client.force_login(secretariat())

    answer = client.post(page(publication), {"do": "review", "reviewers": typed})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    publication.refresh_from_db()
    assert publication.status == Status.READY


def in_review():
    publication = frozen(status=Status.READY)
    reviewer = UserFactory()
    return publication.send_to_reviewers([reviewer], secretariat()), reviewer


def test_a_reviewer_comments_on_a_block_and_finishes(
    client, django_capture_on_commit_callbacks
):
    publication, reviewer = in_review()
    block = publication.report.sections.first().blocks.first()
    snapshot = publication.snapshots.get()
    snapshot.body = [
        {
            "id": block.section_id,
            "kind": "text",
            "level": 1,
            "heading": {"text": "Foreword", "language": "", "runs": []},
            "blocks": [
                {
                    "id": block.pk,
                    "kind": "text",
                    "is_missing": False,
                    "nodes": [
                        {
                            "kind": "paragraph",
                            "inlines": [{"kind": "text", "text": "As it is."}],
                        }
                    ],
                }
            ],
        }
    ]
    snapshot.save()
    client.force_login(reviewer)
    address = f"/en/reports/{publication.pk}/review/"

    shown = client.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            address,
            {f"comment-{block.pk}": "Say why.", "note": "Good.", "finish": "1"},
        )

    assert "As it is." in shown
    comment = block.comments.get()
    assert (comment.text, comment.by) == ("Say why.", reviewer)
    assert publication.reviewers.get().note == "Good."
    told = [m for m in mail.outbox if "has finished the review" in m.body]
    assert [m.to for m in told] == [[publication.requested_by.email]]
    again = client.get(address).content.decode()
    assert "Say why." in again
    assert "You have finished on" in again


def test_a_reviewer_returns_the_report_with_a_reason(client):
    publication, reviewer = in_review()
    client.force_login(reviewer)
    address = f"/en/reports/{publication.pk}/review/"

    refused = client.post(address, {"return": "1"})
    client.post(address, {"return": "1", "note": "The foreword is missing."})

    assert "Enter a reason" in refused.content.decode()
    publication.refresh_from_db()
    assert publication.status == Status.READY
    assert publication.history()[0].note == "The foreword is missing."
    assert client.get(publication.get_absolute_url()).status_code == 404


def test_who_asked_for_the_build_does_not_approve_after_the_review(client):
    publication, _reviewer = in_review()
    client.force_login(publication.requested_by)

    answer = client.post(f"/en/reports/{publication.pk}/move/", {"move": "approve"})

    assert answer.status_code == 403
    approved_one = publication.move("approve", secretariat())
    assert approved_one.status == Status.APPROVED


def test_the_time_is_typed_and_shown_by_the_clock_of_geneva(client):
    publication = approved()
    client.force_login(secretariat())
    with time_machine.travel("2027-07-01T08:00Z", tick=False):
        client.force_login(secretariat())
        answer = post(client, publication, do="schedule", moment="2027-07-07T10:00")

    text = answer.content.decode()
    assert "7 July 2027, 10:00 (Geneva time)" in text
    assert "Scheduled" in text
    publication.refresh_from_db()
    assert publication.publish_at == datetime.datetime(
        2027, 7, 7, 8, tzinfo=datetime.UTC
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "This field is required."),
        ("tomorrow", "Enter a valid date/time."),
        ("2020-01-01T10:00", "Enter a time in the future."),
        ("2027-03-28T02:30", "There is no 02:30 on 28 March 2027 (Geneva time)"),
    ],
)
def test_a_time_that_cannot_be_is_refused_beside_its_field(client, typed, sentence):
    publication = approved()
    client.force_login(secretariat())

    answer = client.post(page(publication), {"do": "schedule", "moment": typed})

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.APPROVED, None)


def test_it_is_published_at_its_minute_once(client):
    publication = scheduled()
    before = publish_due()
    hidden = client.get(publication.get_absolute_url()).status_code

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=6)):
        # the clock of the database is asked too
        Publication.objects.update(publish_at=timezone.now() - DAY)
        done = (publish_due(), publish_due())

    assert (before, hidden, done) == (0, 404, (1, 0))
    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.PUBLISHED, None)
    assert client.get(publication.get_absolute_url()).status_code == 200
    assert publication.history()[0].move == "release"
    assert publication.history()[0].by is None


DAY = datetime.timedelta(days=1)


def test_a_task_that_starts_late_publishes_at_once():
    publication = scheduled()
    Publication.objects.filter(pk=publication.pk).update(
        publish_at=timezone.now() - 3 * DAY
    )

    assert publish_due() == 1
    publication.refresh_from_db()
    assert publication.status == Status.PUBLISHED


def test_a_cancelled_time_is_not_kept(client):
    publication = scheduled()
    client.force_login(secretariat())

    client.post(f"/en/reports/{publication.pk}/move/", {"move": "unschedule"})

    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.APPROVED, None)
    assert publish_due() == 0


def test_a_later_time_replaces_the_earlier_one(client):
    publication = scheduled()
    later = timezone.now() + 2 * DAY
    publication = publication.schedule_for(later, secretariat())

    assert (publication.status, publication.publish_at) == (Status.SCHEDULED, later)
    assert [c.move for c in publication.history()][:2] == ["schedule", "schedule"]


def emptied(publication):
    """Somebody emptied a section after the approval."""
    section = publication.report.sections.first()
    section.write("heading", "en", "Foreword of the Secretary-General", None)
    return section


def test_what_has_an_error_at_its_time_is_held_and_the_secretariat_is_told(
    client, django_capture_on_commit_callbacks
):
    publication = scheduled()
    emptied(publication)
    Publication.objects.filter(pk=publication.pk).update(
        publish_at=timezone.now() - DAY
    )
    officer = UserFactory(role=Role.SECRETARIAT)

    with django_capture_on_commit_callbacks(execute=True):
        done = (publish_due(), publish_due())

    assert done == (0, 0)
    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.APPROVED, None)
    assert "has to be corrected" in publication.history()[0].note or (
        "have to be corrected" in publication.history()[0].note
    )
    told = [
        m
        for m in mail.outbox
        if m.to == [officer.email] and m.subject.startswith("Not published")
    ]
    assert len(told) == 1
    assert "The text was changed after this version was built" in told[0].body
    assert client.get(publication.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("way", ["schedule", "publish"])
def test_an_error_of_the_checklist_refuses_the_publication(client, way):
    publication = approved()
    emptied(publication)
    client.force_login(secretariat())
    moment = "2099-07-07T10:00"

    answers = {
        "schedule": lambda: client.post(
            page(publication), {"do": "schedule", "moment": moment}
        ),
        "publish": lambda: client.post(
            f"/en/reports/{publication.pk}/move/", {"move": "publish"}
        ),
    }
    answer = answers[way]()

    assert answer.status_code in (400, 409)
    assert (
        "The text was changed after this version was built" in answer.content.decode()
    )
    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.APPROVED, None)


def test_withdrawing_an_amendment_that_is_scheduled_forgets_its_time():
    publication = frozen()
    Publication.objects.filter(pk=publication.pk).update(
        status=Status.SCHEDULED, publish_at=timezone.now() + DAY
    )

    publication.move("withdraw", secretariat(), "Wrong.")

    publication.refresh_from_db()
    assert (publication.status, publication.publish_at) == (Status.WITHDRAWN, None)
    assert publish_due() == 0
