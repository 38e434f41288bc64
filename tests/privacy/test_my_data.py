"""My data: every field has a class, the copy is complete, nothing is left after an erasure."""

import datetime
import io
import json
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.consent.models import Consent, TextVersion
from accounts.personal_data.models import DataExport, Erasure
from accounts.sign_in.models import SignIn
from accounts.user.models import User
from common.api.models import KeptAnswer
from common.mail.models import OutgoingMail
from forum.agenda.models import CalendarKey, Star
from forum.consultation.models import Submission
from forum.consultation.workflow import SubmissionStatus
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from privacy.erasure import erase, replay
from privacy.export import zipped
from privacy.tasks import erase_due
from privacy.unclassified import unclassified
from prizes.ballot.models import Vote, cast
from prizes.entry.models import Entry
from prizes.entry.workflow import Status as EntryStatus
from prizes.panel.models import Conflict, Panel, PanelMember, Review
from roadmap.agency.models import AgencyMembership
from stocktaking.base.workflow import Status
from stocktaking.follow.models import Follow
from stocktaking.member.models import Member
from stocktaking.project.models import Project
from tests.factories import PASSWORD, MemberFactory, ProjectFactory, UserFactory
from tests.forum.records import (
    CapacityFactory,
    EditionFactory,
    PersonFactory,
    SessionFactory,
    SubmissionFactory,
    registered,
    released,
)
from tests.prizes.records import ContestFactory, EntryFactory, voter
from tests.roadmap.records import AgencyFactory
from tests.stocktaking.people import OrganizationRoleFactory

# What may still hold a forgotten person's words, and why.
LEGAL_HOLD = {
    "common_statuschange.note": "reasons of decisions are part of the history of a public record",
    "accounts_consent": "proof of consent, without a name",
    "prizes_ballotevent.voter": "a vote stays counted; the pseudonym leads to no name",
    "prizes_vote.voter": "a vote stays counted; the pseudonym leads to no name",
    "prizes_choice.reason": "reasons that decided on the work of others, without a name",
    "prizes_review.comment": "assessments that decided on the work of others, without a name",
    "forum_person.name": "who spoke in a released programme is part of its record",
    "forum_releasedsession.people": "who spoke in a released programme is part of its record",
    "forum_agendarelease.content": "who spoke in a released programme is part of its record",
}

pytestmark = pytest.mark.django_db
CANARY = "Canary7Zwitscher"
FAR = datetime.date(2090, 7, 5)
TEXTS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND (data_type IN ('text', 'character varying', 'json', 'jsonb',
'ARRAY', 'tsvector', 'inet') OR data_type = 'USER-DEFINED')
"""


def test_every_field_of_every_model_has_a_class():
    """Write what is missing into RECORDS of privacy/records.py."""
    assert unclassified() == []


@pytest.fixture
def person(client):
    """A member with everything, the canary's name in each place."""
    for path in files_with(CANARY):  # the store of the tests outlives a test
        default_storage.delete(path)
    user = UserFactory(
        email=f"{CANARY}@example.org",
        first_name=CANARY,
        last_name=CANARY,
        time_zone="Asia/Dubai",
    )
    client.force_login(user)
    client.get(reverse("account-profile"), headers={"user-agent": CANARY})
    member = MemberFactory(user=user, bio=CANARY, listed=True)
    OrganizationRoleFactory(member=member, title=CANARY)
    EmailAddress.objects.create(user=user, email=f"second-{CANARY}@example.org")
    Authenticator.objects.create(user=user, type="webauthn", data={"name": CANARY})
    UserSession.objects.get_or_create(
        session_key=client.session.session_key,
        defaults={"user": user, "ip": "192.0.2.77", "user_agent": CANARY},
    )
    SignIn.objects.create(user=user, ip="192.0.2.77", user_agent=CANARY)
    KeptAnswer.objects.create(
        user=user, key=CANARY, question="x", status=201, data={"a": CANARY}
    )
    OutgoingMail.objects.create(to=user.email, subject=CANARY, body=CANARY)
    OutgoingMail.objects.create(
        to="staff@example.org", subject="x", body=f"about {user.email}"
    )
    LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=CANARY,
        action_flag=2,
    )
    draft = ProjectFactory(
        owner=user, status=Status.DRAFT, title=CANARY, contact_name=CANARY
    )
    draft.image.save("x.webp", ContentFile(CANARY.encode()), save=False)
    draft.image_alt = CANARY
    draft.save()
    ProjectFactory(
        owner=user,
        title="Open",
        contact_name=CANARY,
        contact_email=f"{CANARY}@example.org",
    )
    others_apps(user)
    return user


def others_apps(user):
    """What the person has in the Forum, the prizes, the roadmap and among the follows."""
    edition = CapacityFactory(places=1, edition__end_date=FAR).edition
    registered(edition, user, name=CANARY, organization_name=CANARY, needs=CANARY)
    SubmissionFactory(edition=edition, owner=user, title=CANARY, text=CANARY)
    SubmissionFactory(
        edition=edition,
        owner=user,
        status=SubmissionStatus.SUBMITTED,
        title=CANARY,
        people=CANARY,
    )
    talk = SessionFactory(
        edition=edition,
        owner=user,
        speakers=[
            PersonFactory(
                name=CANARY, bio=CANARY, user=user, email=f"own-{CANARY}@example.org"
            ),
            PersonFactory(name="Somebody", email=f"{CANARY}@example.org"),
        ],
    )
    Star.objects.create(user=user, session=talk)
    CalendarKey.objects.create(user=user)
    Follow.objects.create(user=user, query=f"q={CANARY}")
    contest = ContestFactory()
    hidden = ProjectFactory(owner=user, status=Status.DRAFT, version=0, title=CANARY)
    EntryFactory(contest=contest, project=hidden, status=EntryStatus.DRAFT)
    entry = EntryFactory(
        contest=contest, project=ProjectFactory(title="Open to all", owner=user)
    )
    panel = Panel.objects.create(category=entry.category)
    PanelMember.objects.create(panel=panel, expert=user)
    Conflict.objects.create(entry=entry, expert=user, reason=CANARY)
    Review.objects.create(entry=entry, reviewer=user, comment=CANARY)
    AgencyMembership.objects.create(user=user, agency=AgencyFactory(), approves=True)


def places_of(word):
    """table.column of each text of the database that holds the word, whatever its case."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s',
                [f"%{word}%"],
            )
            found += [f"{table}.{column}"] if cursor.fetchone()[0] else []
    return sorted(found)


def files_with(word, folder=""):
    found = []
    folders, names = default_storage.listdir(folder)
    for name in names:
        path = f"{folder}/{name}".lstrip("/")
        if word.encode() in default_storage.open(path).read() or word in path:
            found.append(path)
    for name in folders:
        found += files_with(word, f"{folder}/{name}".lstrip("/"))
    return found


def test_the_copy_holds_rows_and_files_but_no_secrets(person):
    archive = zipfile.ZipFile(io.BytesIO(zipped(person, lambda percent: None)))
    data = json.loads(archive.read("data.json"))

    titles = {project["title"] for project in data["stocktaking.project"]}
    assert titles == {CANARY, "Open", "Open to all"}
    assert data["forum.registration"][0]["name"] == CANARY
    assert data["forum.person"][0]["bio"] == CANARY
    assert data["prizes.review"][0]["comment"] == CANARY
    assert data["stocktaking.follow"][0]["query"] == f"q={CANARY}"
    assert "token" not in data["forum.calendarkey"][0]
    assert data["accounts.user"][0]["email"] == person.email
    assert data["stocktaking.organizationrole"][0]["title"] == CANARY
    assert data["common.outgoingmail"][0]["subject"] == CANARY
    assert [
        name for name in archive.namelist() if name.startswith("files/projects/")
    ] != []
    assert (
        "password" in data["accounts.user"][0],
        "data" in data["mfa.authenticator"][0],
    ) == (
        False,
        False,
    )


def test_nothing_is_left_after_an_erasure(person, django_capture_on_commit_callbacks):
    before = places_of(CANARY)

    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    assert len(before) > 12
    assert [place for place in places_of(CANARY) if place not in LEGAL_HOLD] == []
    assert places_of("192.0.2.77") == []
    assert files_with(CANARY) == []
    client = cache._cache.get_client()
    assert [key for key in client.scan_iter("*") if CANARY.encode() in key] == []


def test_published_work_and_figures_stay_without_a_name(person):
    member = Member.objects.get(user=person)

    erase(person)

    project = Project.objects.get(owner=person, title="Open")
    person.refresh_from_db()
    member.refresh_from_db()
    assert (project.title, project.contact_name, project.status) == (
        "Open",
        "",
        "published",
    )
    assert (str(person), person.is_active) == (
        f"erased-{person.pk}@erased.invalid",
        False,
    )
    assert (member.country_id, member.stakeholder_type_id, member.listed) == (
        "KE",
        "GOV",
        False,
    )
    assert (
        OutgoingMail.objects.waiting().filter(to__endswith="erased.invalid").count()
        == 0
    )


def test_a_place_at_the_forum_goes_to_who_waits_and_work_there_loses_its_author(person):
    edition = Registration.objects.get(user=person).edition
    waits = registered(edition)

    erase(person)

    left = Registration.objects.get(user=person)
    waits.refresh_from_db()
    assert (left.status, left.name, waits.status) == (
        RegistrationStatus.CANCELLED,
        "",
        RegistrationStatus.REQUESTED,
    )
    assert (
        list(Submission.objects.all()) == []
    )  # what waited was taken back, and went as a draft
    assert list(Entry.objects.values_list("status", "title")) == [
        (EntryStatus.NOMINATED, "Open to all")
    ]
    assert (Review.objects.count(), Conflict.objects.get().reason) == (0, "")


def test_who_spoke_in_a_released_programme_stays_without_the_account():
    user = UserFactory()
    person = PersonFactory(name="Amina Speaker", bio="Long life.", user=user)
    released(edition=EditionFactory(), speakers=[person])

    erase(user)

    person.refresh_from_db()
    assert (person.name, person.bio, person.user) == ("Amina Speaker", "", None)


def test_a_record_that_others_need_stays():
    project = ProjectFactory(status=Status.SUBMITTED, version=0)
    entry = EntryFactory(project=project, status=EntryStatus.WITHDRAWN)
    Review.objects.create(entry=entry, reviewer=UserFactory(), state="done")

    erase(project.owner)

    assert list(Project.objects.values_list("pk", "contact_email")) == [
        (project.pk, "")
    ]


def test_votes_stay_counted():
    user = voter()
    entry = EntryFactory(contest=ContestFactory(now="voting"))
    cast(entry, user)

    erase(user)

    assert Vote.objects.filter(entry=entry).count() == 1


def test_an_erasure_may_run_twice_and_is_replayed_after_a_restore(person):
    erase(person)
    erase(person)
    User.objects.filter(pk=person.pk).update(
        email="back@example.org", first_name="Back"
    )

    replayed = [replay(), replay()]

    person.refresh_from_db()
    assert (replayed, person.first_name) == ([1, 0], "")


def prove(client):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def test_to_be_forgotten_one_proves_who_one_is_and_has_two_weeks(client):
    user = UserFactory()
    client.force_login(user)
    address = reverse("my-data-erase")

    unproved = client.post(address)
    prove(client)
    client.post(address)
    client.post(address)
    asked = Erasure.objects.get()

    assert unproved.status_code == 302
    assert (asked.user, (asked.due_at - asked.asked_at).days) == (user, 14)
    assert OutgoingMail.objects.filter(to=user.email).count() == 1
    assert erase_due() == 0


def test_only_those_whose_time_has_come_and_who_did_not_call_it_off(client):
    early, late, kept = (Erasure.objects.create(user=UserFactory()) for _n in range(3))
    past = timezone.now() - datetime.timedelta(minutes=1)
    Erasure.objects.filter(pk__in=[late.pk, kept.pk]).update(due_at=past)
    client.force_login(kept.user)
    client.post(reverse("my-data-keep"))

    assert [erase_due(), erase_due()] == [1, 0]
    forgotten = User.objects.filter(email__endswith="@erased.invalid")
    assert (list(forgotten), early.done_at) == ([late.user], None)


def test_the_file_is_for_its_person_for_seven_days(
    client, django_capture_on_commit_callbacks
):
    user = UserFactory()
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("my-data-export"))
    made = DataExport.objects.get()
    address = reverse("my-data-file", args=[made.pk])

    fetched = client.get(address)
    zipfile.ZipFile(io.BytesIO(b"".join(fetched.streaming_content)))
    client.force_login(UserFactory())
    by_other = client.get(address).status_code
    client.force_login(user)
    DataExport.objects.update(finished_at=timezone.now() - datetime.timedelta(days=7))
    too_late = client.get(address).status_code

    assert (made.state, made.percent, fetched.status_code) == ("done", 100, 200)
    assert (by_other, too_late) == (404, 404)
    assert "no-store" in fetched["Cache-Control"]


def test_a_new_version_asks_at_the_next_sign_in_and_reading_stays_open(client):
    user = UserFactory()
    text = TextVersion.objects.create(
        kind="terms", version="2", summary="Shorter.", published_at=timezone.now()
    )

    came = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )
    reading = client.get(reverse("stocktaking:projects"))
    client.post(
        reverse("consent"), {f"text-{text.pk}": "on", "next": "https://evil.example/"}
    )
    client.logout()
    again = client.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}
    )

    assert came["Location"].startswith("/en/account/consent/?next=")
    assert reading.status_code == 200
    assert list(Consent.objects.values_list("user", "text")) == [(user.pk, text.pk)]
    assert "consent" not in again["Location"]
    assert SignIn.objects.filter(user=user).count() == 2


@pytest.mark.parametrize(
    ("language", "summary"),
    [
        ("ar", "\u062a\u063a\u064a\u0631 \u0627\u0644\u0646\u0635"),
        ("zh-hans", "\u66f4\u77ed\u3002"),
        ("en", "Shorter."),
    ],
)
def test_what_has_changed_in_a_text_is_told_in_the_language_of_its_reader(
    client, language, summary
):
    TextVersion.objects.create(
        kind="terms",
        version="3",
        summary_en="Shorter.",
        published_at=timezone.now(),
        **(
            {f"summary_{language.replace('-', '_')}": summary}
            if language != "en"
            else {}
        ),
    )
    client.force_login(UserFactory(language=language))

    page = client.get(f"/{language}/account/consent/").content.decode()

    assert summary in page
