"""The open consultation: phases in order, submissions from draft to disposition, figures."""

import datetime
import re

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from common.mail.models import OutgoingMail
from common.moves.workflow import MoveRefused
from forum.consultation.models import Submission
from forum.consultation.phases import Phase
from forum.consultation.statistics import statistics
from forum.consultation.workflow import SubmissionStatus
from forum.session.models import Session
from tests.factories import CountryFactory, MemberFactory, RegionFactory, UserFactory
from tests.forum.records import (
    EditionFactory,
    PhaseFactory,
    SessionTypeFactory,
    SubmissionFactory,
    officer,
    released,
)

pytestmark = pytest.mark.django_db
DAYS = datetime.timedelta


def day(number):
    return timezone.now().date() + DAYS(days=number)


GOOD = {
    "kind": "workshop",
    "title": "Masts for villages",
    "language": "en",
    "text": "We propose to speak of masts.",
    "organization_name": "Ministry of ICT",
    "stakeholder_type": "GOV",
    "country": "KE",
    "session_type": "WORKSHOP",
    "action_lines": ["C2"],
    "sdgs": ["9"],
}


@pytest.fixture
def author(client):
    SessionTypeFactory()
    PhaseFactory()
    user = UserFactory()
    client.force_login(user)
    return user


def new():
    return reverse("forum:submission-new", args=["2027"])


# --- phases ---------------------------------------------------------------------------------


def test_the_phase_of_today_is_marked(client):
    edition = EditionFactory()
    for number, (opens, closes) in enumerate([(-9, -8), (-1, 1), (5, 6)], start=1):
        PhaseFactory(
            edition=edition, number=number, opens_on=day(opens), closes_on=day(closes)
        )

    phases = client.get(reverse("forum:consultation", args=["2027"])).context["phases"]

    assert [(p.is_over, p.is_current) for p in phases] == [
        (True, False),
        (False, True),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "field", "sentence"),
    [
        (
            5,
            8,
            "opens_on",
            "“2. Second” begins on {begins}, but “1. First” ends only on {0}.",
        ),
        (
            10,
            20,
            "closes_on",
            "“3. Third” begins on {1}, but “2. Second” ends only on {ends}.",
        ),
        (6, 5, "__all__", "The last day lies before the first."),
    ],
)
def test_phases_out_of_order_are_refused(opens, closes, field, sentence):
    edition = EditionFactory()
    Phase.objects.create(
        edition=edition, number=1, name="First", opens_on=day(0), closes_on=day(5)
    )
    Phase.objects.create(
        edition=edition, number=3, name="Third", opens_on=day(15), closes_on=day(18)
    )
    between = Phase(
        edition=edition,
        number=2,
        name="Second",
        opens_on=day(opens),
        closes_on=day(closes),
    )

    with pytest.raises(ValidationError) as refused:
        between.full_clean()

    said = sentence.format(
        date_format(day(5)),
        date_format(day(15)),
        begins=date_format(day(opens)),
        ends=date_format(day(closes)),
    )
    assert said in refused.value.message_dict[field]


def test_the_database_itself_refuses_two_phases_at_once():
    PhaseFactory(number=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        PhaseFactory(number=2)


def test_a_phase_that_was_read_from_a_source_may_lack_its_first_day():
    phase = Phase(edition=EditionFactory(), number=4, name="Deadline", closes_on=day(3))

    phase.full_clean()
    phase.save()

    assert Phase.objects.with_state().get().is_current


# --- writing --------------------------------------------------------------------------------


def test_a_draft_may_lack_almost_everything(client, author):
    response = client.post(new(), {"kind": "theme", "language": "en", "save": "1"})

    draft = Submission.objects.get()
    assert response.url == reverse("forum:submission-edit", args=[draft.pk])
    assert (draft.owner, draft.status, draft.kind.code) == (author, "draft", "theme")


def test_what_the_profile_says_need_not_be_typed(client, author):
    MemberFactory(user=author)

    form = client.get(new()).context["form"]

    assert form["country"].value() == "KE"
    assert form["organization_name"].value().startswith("Ministry of ICT")


def test_a_complete_submission_is_handed_in_and_confirmed(client, author):
    response = client.post(new(), GOOD | {"submit": "1"})

    submission = Submission.objects.get()
    mail = OutgoingMail.objects.get()
    assert response.url == submission.get_absolute_url()
    assert (submission.status, submission.submitted_at is None) == ("submitted", False)
    assert [line.pk for line in submission.action_lines.all()] == ["C2"]
    assert mail.subject == f"{submission.number}: we have received your submission"


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"title": ""}, ["title"]),
        ({"text": "", "country": ""}, ["country", "text"]),
        ({"session_type": ""}, ["session_type"]),
        ({"kind": "theme", "session_type": ""}, []),
        ({"kind": "nomination", "session_type": ""}, ["people"]),
    ],
)
def test_what_a_submission_needs_depends_on_its_kind(client, author, values, missing):
    response = client.post(new(), GOOD | values | {"submit": "1"})

    draft = Submission.objects.get()
    assert draft.status == ("draft" if missing else "submitted")
    if missing:
        errors = response.context["form"].errors
        assert errors == {n: ["Fill in this field before you submit."] for n in missing}


def test_what_is_missing_is_added_to_the_same_draft(client, author):
    """By the form as the page has it: its address and the marks of what it was opened with."""
    opened = client.get(new()).context["form"]["opened_with"].value()
    short = GOOD | {"title": "", "submit": "1"}

    page = client.post(new(), short | {"opened_with": opened})
    action = re.search(
        r'<form class="stack"[^>]*action="([^"]+)"', page.content.decode()
    )[1]
    marks = page.context["form"]["opened_with"].value()
    answer = client.post(action, GOOD | {"submit": "1", "opened_with": marks})

    submission = Submission.objects.get()
    assert page.status_code == 400
    assert "Draft" in page.content.decode()
    assert answer.url == submission.get_absolute_url()
    assert (submission.status, submission.title) == ("submitted", GOOD["title"])


@pytest.mark.parametrize(
    ("bad", "field", "sentence"),
    [
        (
            {"title": "x" * 251},
            "title",
            "Ensure this value has at most 250 characters (it has 251).",
        ),
        ({"text": "word " * 601}, "text", "Enter at most 600 words; you have 601."),
        (
            {"text": "x" * 8001},
            "text",
            "Ensure this value has at most 8000 characters (it has 8001).",
        ),
        (
            {"kind": "poem"},
            "kind",
            "Select a valid choice. poem is not one of the available choices.",
        ),
        (
            {"country": "XX"},
            "country",
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            {"sdgs": ["18"]},
            "sdgs",
            "Select a valid choice. 18 is not one of the available choices.",
        ),
        (
            {"people": "\ufffd"},
            "people",
            "Some characters could not be read (“�”). Type them again.",
        ),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_typed_text_stays(
    client, author, bad, field, sentence
):
    response = client.post(new(), GOOD | bad)

    assert (response.status_code, response.context["form"].errors) == (
        400,
        {field: [sentence]},
    )
    assert GOOD["organization_name"] in response.content.decode()


def test_nobody_begins_while_the_consultation_is_closed(client, author):
    Phase.objects.update(takes_submissions=False)

    response = client.post(new(), GOOD | {"submit": "1"})

    assert response.url == reverse("forum:consultation", args=["2027"])
    assert Submission.objects.count() == 0


def test_what_was_handed_in_is_taken_back_to_be_changed(client, author):
    client.post(new(), GOOD | {"submit": "1"})
    submission = Submission.objects.get()
    edit = reverse("forum:submission-edit", args=[submission.pk])
    closed = client.post(edit, GOOD | {"title": "Changed", "save": "1"})

    client.post(
        reverse("forum:submission-move", args=[submission.pk]), {"move": "take_back"}
    )
    client.post(edit, GOOD | {"title": "Changed", "save": "1"})

    submission.refresh_from_db()
    assert closed.url == submission.get_absolute_url()
    assert (submission.status, submission.title) == ("draft", "Changed")


# --- deciding -------------------------------------------------------------------------------


@pytest.fixture
def desk(client):
    user = officer()
    client.force_login(user)
    return user


def decide(client, submission, **data):
    return client.post(reverse("forum:submission-move", args=[submission.pk]), data)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("use", "used"), ("merge", "merged"), ("note", "noted"), ("decline", "not_used")],
)
def test_each_submission_gets_a_disposition_that_its_author_reads(
    client, desk, kind, status
):
    session = released(title="The villages session")
    other, submission = SubmissionFactory.create_batch(
        2, status=SubmissionStatus.SUBMITTED
    )

    decide(
        client,
        submission,
        move=kind,
        note="Thank you.",
        session=session.pk,
        merged_into=other.number,
    )

    submission.refresh_from_db()
    client.force_login(submission.owner)
    page = client.get(submission.get_absolute_url()).content.decode()
    mail = OutgoingMail.objects.get()
    assert submission.status == status
    assert "Thank you." in page
    assert "Thank you." in mail.body
    if kind == "use":
        assert "The villages session" in page
    if kind == "merge":
        assert other.number in mail.body


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        ({"move": "use"}, 409, "Enter the session in which the submission is used."),
        ({"move": "merge"}, 409, "Enter the submission with which this one is merged."),
        (
            {"move": "decline"},
            400,
            "Enter a reason: it is sent to the person concerned.",
        ),
        (
            {"move": "merge", "merged_into": "OCP-2027-999999"},
            400,
            "There is no other submission with this number.",
        ),
        (
            {"move": "use", "session": "1e9"},
            400,
            "Select a valid choice. That choice is not one of the available choices.",
        ),
        (
            {"move": "note", "note": "x" * 2001},
            400,
            "Ensure this value has at most 2000 characters (it has 2001).",
        ),
    ],
)
def test_a_disposition_that_lacks_something_is_refused(
    client, desk, data, status, sentence
):
    submission = SubmissionFactory(status=SubmissionStatus.SUBMITTED)

    response = decide(client, submission, **data)

    submission.refresh_from_db()
    assert (response.status_code, submission.status) == (status, "submitted")
    assert sentence in response.content.decode()


@pytest.mark.parametrize("data", [{"move": "fly"}, {}, {"move": "submit"}])
def test_an_unknown_move_is_not_there(client, desk, data):
    submission = SubmissionFactory(status=SubmissionStatus.SUBMITTED)

    assert decide(client, submission, **data).status_code == 404


def test_an_accepted_workshop_request_becomes_a_draft_session_of_its_author(
    client, desk
):
    submission = SubmissionFactory(status=SubmissionStatus.SUBMITTED)
    submission.action_lines.set(["C4"])
    submission.move("accept", desk)

    client.post(reverse("forum:submission-session", args=[submission.pk]))

    session = Session.objects.get()
    submission.refresh_from_db()
    assert (session.title, session.status, session.owner) == (
        submission.title,
        "draft",
        submission.owner,
    )
    assert session.organizer_names == ["Ministry of ICT"]
    assert session.action_line_codes == ["C4"]
    assert (submission.status, submission.session) == ("used", session)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": SubmissionStatus.SUBMITTED},
        {"status": SubmissionStatus.ACCEPTED, "kind": "theme"},
        {"status": SubmissionStatus.NOTED},
    ],
)
def test_nothing_else_becomes_a_session(desk, fields):
    with pytest.raises(MoveRefused):
        SubmissionFactory(**fields).make_session(desk)

    assert Session.objects.count() == 0


@pytest.mark.parametrize("status", SubmissionStatus.values)
def test_who_reads_a_submission(client, status):
    submission = SubmissionFactory(
        status=status, session=released(), merged_into=SubmissionFactory()
    )
    people = {
        "owner": submission.owner,
        "stranger": UserFactory(),
        "secretariat": officer(),
    }

    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(submission.get_absolute_url()).status_code

    drafts_are_private = 404 if status == "draft" else 200
    assert found == {"owner": 200, "stranger": 404, "secretariat": drafts_are_private}


# --- figures --------------------------------------------------------------------------------


def test_statistics_count_what_was_handed_in_and_name_nobody(client):
    edition = EditionFactory()
    CountryFactory(
        code="FR", name="France", region=RegionFactory(code="EUR", name="Europe")
    )
    SubmissionFactory.create_batch(
        2, status=SubmissionStatus.SUBMITTED, title="Secret title"
    )
    SubmissionFactory(
        status=SubmissionStatus.NOTED,
        kind="theme",
        country_id="FR",
        country=None,
        stakeholder_type=None,
    )
    SubmissionFactory(status=SubmissionStatus.DRAFT)

    figures = statistics(edition)
    page = client.get(reverse("forum:consultation", args=["2027"])).content.decode()

    assert {
        n: [(bar.code, bar.count) for bar in bars] for n, bars in figures.items()
    } == {
        "kind": [("workshop", 2), ("theme", 1)],
        "stakeholder_type": [("GOV", 2), ("", 1)],
        "region": [("AFR", 2), ("EUR", 1)],
    }
    assert "Secret title" not in page


@pytest.mark.parametrize("rows", [1, 10])
def test_list_queries(client, django_assert_num_queries, rows):
    user = UserFactory()
    client.force_login(user)
    for _row in range(rows):
        SubmissionFactory(owner=user)
    client.get(reverse("forum:submissions"))

    with django_assert_num_queries(5):  # session, user, roles; count, submissions
        response = client.get(reverse("forum:submissions"))

    assert len(response.context["page"].object_list) == rows


@time_machine.travel("2027-03-01 23:30:00+00:00")
def test_the_clock_is_the_databases():
    """A web server whose clock is wrong opens nothing."""
    PhaseFactory(
        opens_on=datetime.date(2027, 3, 1), closes_on=datetime.date(2027, 3, 2)
    )

    assert not Phase.objects.taking_submissions().exists()
