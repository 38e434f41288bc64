"""Nothing is kept a day longer than promised, and nothing goes a day earlier."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.personal_data.models import DataExport
from accounts.sign_in.models import SignIn
from accounts.user.models import User
from common.imports.models import ImportJob
from common.mail.models import OutgoingMail
from forum.edition.models import Edition
from forum.people.models import Person
from privacy.retention import keep_no_longer, months_ago
from reports.asking.models import Contribution
from reports.early.models import EarlyReader, EarlyReading
from reports.output.models import Snapshot
from reports.publication.models import Publication
from stocktaking.base.workflow import Status
from stocktaking.project.models import Project
from tests.factories import ProjectFactory, UserFactory
from tests.forum.records import EditionFactory, PersonFactory, SessionFactory
from tests.reports.contribution.records import asked_for
from tests.reports.records import approved, frozen, invited_early, secretariat

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 5, 31, 12, tzinfo=datetime.UTC)
SECOND, NOTHING = datetime.timedelta(seconds=1), datetime.timedelta(0)
AMINA = "amina@example.org"


@pytest.fixture(autouse=True)
def _noon(time_machine):
    time_machine.move_to(NOW, tick=False)


def draft(**touched):
    project = ProjectFactory(status=Status.DRAFT)
    Project.objects.filter(pk=project.pk).update(updated_at=touched["at"])
    return project


@pytest.mark.parametrize(
    ("now", "count", "then"),
    [
        ("2026-05-31", 12, "2025-05-31"),
        ("2026-05-31", 11, "2025-06-30"),
        ("2028-02-29", 12, "2027-02-28"),
    ],
)
def test_months_end_where_the_calendar_says(time_machine, now, count, then):
    time_machine.move_to(f"{now}T12:00:00+00:00", tick=False)

    assert months_ago(count).date().isoformat() == then


def test_a_draft_goes_after_twelve_months_and_not_a_second_before():
    year = months_ago(12)
    old, young = draft(at=year), draft(at=year + SECOND)
    submitted = ProjectFactory(status=Status.SUBMITTED)
    Project.objects.filter(pk=submitted.pk).update(updated_at=year)

    keep_no_longer()
    keep_no_longer()

    assert set(Project.objects.all()) == {young, submitted}
    assert old.pk not in Project.objects.values_list("pk", flat=True)


def test_owners_are_reminded_a_month_and_a_week_before_once_each(time_machine):
    project = draft(at=NOW)
    days, seen = [334, 335, 336, 357, 358, 359, 364, 365], []
    for day in days:
        time_machine.move_to(NOW + datetime.timedelta(days=day), tick=False)
        keep_no_longer()
        keep_no_longer()
        seen.append(
            (
                OutgoingMail.objects.count(),
                Project.objects.filter(pk=project.pk).exists(),
            )
        )

    assert dict(zip(days, seen, strict=True)) == {
        334: (0, True),
        335: (1, True),
        336: (1, True),
        357: (1, True),
        358: (2, True),
        359: (2, True),
        364: (2, True),
        365: (2, False),
    }


def test_a_draft_that_was_touched_is_counted_anew():
    project = draft(at=months_ago(11))
    keep_no_longer()
    Project.objects.filter(pk=project.pk).update(updated_at=NOW)

    assert keep_no_longer()["remind_of_drafts"] == 0


@pytest.mark.parametrize(("before", "left"), [(SECOND, 1), (datetime.timedelta(0), 0)])
def test_files_of_imports_after_thirty_days(before, left):
    path = default_storage.save("imports/retention", ContentFile(b"x"))
    job = ImportJob.objects.create(
        kind="projects", by=UserFactory(), name="x.csv", file=path
    )
    ImportJob.objects.update(created_at=NOW - datetime.timedelta(days=30) + before)

    keep_no_longer()

    job.refresh_from_db()
    assert (bool(job.file), default_storage.exists(path)) == (bool(left), bool(left))
    default_storage.delete(path)


@pytest.mark.parametrize(("before", "left"), [(SECOND, 1), (datetime.timedelta(0), 0)])
def test_copies_of_personal_data_after_seven_days(before, left):
    path = default_storage.save("exports/retention.zip", ContentFile(b"x"))
    finished = NOW - datetime.timedelta(days=7) + before
    DataExport.objects.create(
        user=UserFactory(), state="done", file=path, finished_at=finished
    )

    keep_no_longer()

    assert default_storage.exists(path) == bool(left)
    default_storage.delete(path)


@pytest.mark.parametrize(("before", "left"), [(SECOND, 1), (datetime.timedelta(0), 0)])
def test_accounts_that_were_never_verified_after_seven_days(before, left):
    joined = NOW - datetime.timedelta(days=7) + before
    user, verified, by_staff = UserFactory.create_batch(3, date_joined=joined)
    EmailAddress.objects.filter(user=user).update(verified=False)
    EmailAddress.objects.filter(user=by_staff).delete()  # made in the admin

    keep_no_longer()

    assert User.objects.filter(pk=user.pk).count() == left
    assert User.objects.filter(pk__in=[verified.pk, by_staff.pk]).count() == 2


@pytest.mark.parametrize(("before", "left"), [(SECOND, 1), (datetime.timedelta(0), 0)])
def test_the_log_of_sign_ins_after_twelve_months(before, left):
    SignIn.objects.create(user=UserFactory())
    SignIn.objects.update(at=months_ago(12) + before)

    keep_no_longer()

    assert SignIn.objects.count() == left


@pytest.mark.parametrize(
    ("before", "body"), [(SECOND, "Text"), (datetime.timedelta(0), "")]
)
def test_texts_of_sent_mails_after_thirty_days(before, body):
    sent = NOW - datetime.timedelta(days=30) + before
    OutgoingMail.objects.create(
        to="a@example.org", subject="S", body="Text", sent_at=sent
    )
    OutgoingMail.objects.create(to="b@example.org", subject="S", body="Waits")

    keep_no_longer()

    assert sorted(OutgoingMail.objects.values_list("body", flat=True)) == sorted(
        [body, "Waits"]
    )


def test_codes_and_links_go_when_they_are_sent(mailoutbox):
    mail = OutgoingMail.objects.create(
        to="a@example.org", subject="S", body="123456", once=True
    )

    OutgoingMail.objects.deliver(mail.pk)

    mail.refresh_from_db()
    assert (mailoutbox[0].body, mail.body, mail.sent_at) == (
        "123456",
        "",
        timezone.now(),
    )


@pytest.mark.parametrize(("before", "left"), [(SECOND, True), (NOTHING, False)])
def test_addresses_of_early_readers_two_years_after_the_publication(
    client, before, left
):
    publication = approved_early_read()
    OutgoingMail.objects.create(to=AMINA, subject="The report", body="", sent_at=NOW)
    OutgoingMail.objects.update(created_at=months_ago(25))
    publication.move("publish", secretariat())
    Snapshot.objects.update(published_at=months_ago(24) + before)

    keep_no_longer()

    public = client.get(publication.get_absolute_url()).content.decode()
    client.force_login(secretariat())
    own = client.get(f"/en/reports/{publication.pk}/clearance/").content.decode()
    assert "Amina Diallo" in public
    assert "Amina Diallo" in own
    assert (AMINA in own) == left
    assert OutgoingMail.objects.filter(to=AMINA).exists() == left
    assert EarlyReading.objects.count() == 1


@pytest.mark.parametrize(("before", "left"), [(SECOND, True), (NOTHING, False)])
def test_addresses_of_early_readers_of_what_was_never_published(client, before, left):
    publication = approved_early_read()
    ended = months_ago(24) + before
    EarlyReader.objects.update(begins_at=ended - SECOND, ends_at=ended)

    keep_no_longer()

    client.force_login(secretariat())
    own = client.get(f"/en/reports/{publication.pk}/clearance/").content.decode()
    assert (AMINA in own) == left


def approved_early_read():
    """An approved report that a person of the pre-release list has read."""
    publication = approved()
    for email in (AMINA, "other@example.org"):
        begins_at = months_ago(26)
        reader, _token = invited_early(publication, email=email, begins_at=begins_at)
    EarlyReading.objects.create(reader=reader, what="page")
    return publication


def asked_long_ago(published_at=None):
    """A contribution whose link ended two years ago this night, and its page."""
    asked = asked_for(secretariat())
    deadline = months_ago(24).date() - datetime.timedelta(days=1)
    Contribution.objects.update(deadline=deadline, ends_on=deadline)
    if published_at:
        Publication.objects.filter(pk=frozen().pk).update(
            report=asked.block.section.report
        )
        Snapshot.objects.update(published_at=published_at)
    section = asked.block.section
    place = [section.report_id, section.pk, asked.block_id]
    return reverse("reports:contribution", args=place)


@pytest.mark.parametrize(
    ("day", "published", "left"),
    [
        (0, None, False),
        (1, None, True),
        (0, SECOND, True),
        (0, NOTHING, False),
    ],
)
def test_addresses_of_contributors(client, day, published, left):
    page = asked_long_ago(None if published is None else months_ago(24) + published)
    later = datetime.timedelta(days=day)
    Contribution.objects.update(
        deadline=F("deadline") + later, ends_on=F("ends_on") + later
    )

    keep_no_longer()

    client.force_login(secretariat())
    shown = client.get(page).content.decode()
    assert "Awa Diop" in shown
    assert ("awa@unesco.example" in shown) == left
    assert ("Give more time" in shown) == left


def test_a_letter_after_the_deadline_goes_with_the_address(time_machine):
    asked_long_ago()
    grace = datetime.timedelta(days=14)
    Contribution.objects.update(ends_on=F("ends_on") + grace)
    late = OutgoingMail.objects.create(to="awa@unesco.example", subject="Late")
    OutgoingMail.objects.update(created_at=months_ago(24) + datetime.timedelta(hours=1))

    for moment in (NOW, NOW + grace):
        time_machine.move_to(moment, tick=False)
        keep_no_longer()

    assert not Contribution.objects.exclude(email="").exists()
    assert not OutgoingMail.objects.filter(pk=late.pk).exists()


@pytest.mark.parametrize(
    ("last_day", "later", "left"),
    [
        ("2024-05-31", None, False),
        ("2024-06-01", None, True),
        (None, None, True),  # a year without days: until its end
        ("2024-05-31", "2026-07-09", True),
    ],
)
def test_addresses_of_speakers(time_machine, last_day, later, left):
    time_machine.move_to(months_ago(24), tick=False)
    amina = PersonFactory(name="Amina Otieno", email=AMINA)
    edition = EditionFactory(slug="2024", first_year=2024, last_year=2024)
    SessionFactory(edition=edition, speakers=[amina])
    Edition.objects.update(start_date=last_day, end_date=last_day)
    if later:
        next_one = EditionFactory(slug="2026", start_date=later, end_date=later)
        SessionFactory(edition=next_one, speakers=[amina])
    time_machine.move_to(NOW, tick=False)

    keep_no_longer()
    keep_no_longer()

    person = Person.objects.get()
    assert (person.email, person.name) == (AMINA if left else "", "Amina Otieno")


def test_the_address_of_somebody_who_has_no_part_yet_is_kept_as_long(time_machine):
    PersonFactory(email=AMINA)
    Person.objects.update(created_at=months_ago(24) + SECOND)

    keep_no_longer()
    kept = Person.objects.get().email
    time_machine.move_to(NOW + SECOND, tick=False)
    keep_no_longer()

    assert (kept, Person.objects.get().email) == (AMINA, "")
