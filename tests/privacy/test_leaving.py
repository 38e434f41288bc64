"""What waits on somebody ends in order when the account closes or is erased."""

import datetime
import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.personal_data.models import Erasure
from accounts.role.roles import Role
from accounts.second_factor.models import FactorReset
from accounts.user.models import User
from common.mail.models import OutgoingMail
from forum.consultation.models import Submission
from forum.consultation.workflow import SubmissionStatus
from forum.registration.models import Registration
from forum.registration.workflow import LIVE
from privacy.classes import Erase
from privacy.erasure import empty, erase
from privacy.export import zipped
from privacy.records import of_people
from privacy.tasks import erase_due, leave_closed_accounts
from prizes.ballot.models import cast
from prizes.entry.models import Entry
from prizes.entry.workflow import Status as EntryStatus
from prizes.panel.decision import Assignment
from prizes.panel.models import Panel, PanelMember
from roadmap.agency.models import AgencyMembership
from roadmap.position.models import PositionVersion
from stocktaking.base.workflow import Status
from stocktaking.batch.models import Batch, BatchItem
from stocktaking.batch.tasks import work_on_batches
from stocktaking.coeditor.models import CoEditor
from stocktaking.organization.roles import OrganizationRole
from stocktaking.organization.workflow import RoleStatus
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.reminder.tasks import remind_of_returned
from stocktaking.review.models import DeskAssignment
from stocktaking.revision.models import Revision
from stocktaking.revision.workflow import OPEN_REVISIONS
from stocktaking.screening.models import Screening
from stocktaking.screening.tasks import screen_waiting
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus
from tests.factories import MemberFactory, ProjectFactory, UserFactory
from tests.forum.records import CapacityFactory, SubmissionFactory, registered
from tests.prizes.records import ContestFactory, EntryFactory, voter
from tests.roadmap.records import AgencyFactory, MilestoneFactory
from tests.stocktaking.people import OrganizationRoleFactory

pytestmark = pytest.mark.django_db
FAR = datetime.date(2090, 7, 5)


def waiting_revision(user):
    project = ProjectFactory(owner=user, title="Villages")
    revision = Revision.objects.begin(project, user)
    revision.content |= {"title": "Villages and towns"}
    revision.save()
    return revision.move("submit", user)


@pytest.fixture
def leaver():
    """Somebody on whom something waits in every part of the portal."""
    user = MemberFactory(user__language="en").user
    owner = UserFactory()
    revision = waiting_revision(user)
    ownership_request = OwnershipRequest.objects.create(
        project=ProjectFactory(owner=owner), by=user, reason="Mine."
    )
    role = OrganizationRoleFactory(member=user.member)
    project = ProjectFactory(owner=user, status=Status.SUBMITTED, version=1)
    CoEditor.objects.invite(ProjectFactory(owner=owner), user.email, owner)
    CoEditor.objects.invite(project, "colleague@example.org", user)
    edition = CapacityFactory(edition__end_date=FAR).edition
    registered(edition, user)
    SubmissionFactory(edition=edition, owner=user, status=SubmissionStatus.SUBMITTED)
    contest = ContestFactory()
    EntryFactory(contest=contest, owner=user, status=EntryStatus.SUBMITTED)
    reviewed = EntryFactory(contest=contest)
    panel = Panel.objects.create(category=reviewed.category)
    PanelMember.objects.create(panel=panel, expert=user)
    Assignment.objects.create(entry=reviewed, expert=user)
    agency = AgencyFactory()
    AgencyMembership.objects.create(user=user, agency=agency)
    PositionVersion.objects.create(
        milestone=MilestoneFactory(),
        agency=agency,
        version=1,
        completion="limited",
        text="Slow.",
        by=user,
    )
    ProjectText.objects.create(
        project=revision.project,
        language="fr",
        title="Villages",
        summary="Des centres.",
        status=TextStatus.SUBMITTED,
        by=user,
        kind="human",
        based_on=1,
    )
    Reminder.objects.create(
        project=project, kind=Reminder.Kind.STAFF, about=timezone.now(), to=user
    )
    until = timezone.now() + datetime.timedelta(minutes=9)
    DeskAssignment.objects.create(project=project, by=user, until=until)
    FactorReset.objects.create(user=user)
    return SimpleNamespace(
        user=user,
        owner=owner,
        revision=revision,
        ownership_request=ownership_request,
        role=role,
    )


def open_things(user):
    """What still waits on the person, by name."""
    found = {
        "revisions": Revision.objects.filter(by=user, status__in=OPEN_REVISIONS),
        "ownership_requests": OwnershipRequest.objects.filter(by=user, status="open"),
        "roles": OrganizationRole.objects.filter(
            member__user=user, status=RoleStatus.ASKED
        ),
        "projects": Project.objects.filter(
            owner=user, status__in=["submitted", "on_hold"]
        ),
        "invitations": CoEditor.objects.standing().filter(user=None),
        "registrations": Registration.objects.filter(user=user, status__in=LIVE),
        "submissions": Submission.objects.filter(owner=user, status="submitted"),
        "entries": Entry.objects.filter(owner=user, status="submitted"),
        "assignments": Assignment.objects.filter(expert=user),
        "seats": PanelMember.objects.filter(expert=user),
        "positions": PositionVersion.objects.filter(
            by=user, status__in=["draft", "cleared"]
        ),
        "texts": ProjectText.objects.filter(by=user, status="submitted"),
        "reminders": Reminder.objects.filter(to=user, sent_at=None),
        "desk": DeskAssignment.objects.filter(by=user),
        "factor resets": FactorReset.objects.open().filter(user=user),
    }
    return sorted(name for name, rows in found.items() if rows.exists())


def test_everything_waits_before(leaver):
    assert len(open_things(leaver.user)) == 15


def test_nothing_waits_after_an_erasure(leaver):
    erase(leaver.user)

    assert open_things(leaver.user) == []


def test_nothing_waits_a_minute_after_an_account_was_closed(leaver):
    User.objects.filter(pk=leaver.user.pk).update(is_active=False)

    ended = [leave_closed_accounts(), leave_closed_accounts()]

    assert ended == [1, 0]
    assert open_things(leaver.user) == []
    assert Project.objects.get(title="Villages").status == Status.PUBLISHED


def test_the_ends_are_moves_that_the_history_shows(leaver):
    erase(leaver.user)

    for record, move in (
        (leaver.revision, "withdraw"),
        (leaver.ownership_request, "withdraw"),
    ):
        assert record.history().first().move == move


def test_an_account_that_opens_again_can_close_again(leaver):
    users = User.objects.filter(pk=leaver.user.pk)
    users.update(is_active=False)
    leave_closed_accounts()
    users.update(is_active=True)
    leave_closed_accounts()
    waiting = OwnershipRequest.objects.create(
        project=ProjectFactory(), by=leaver.user, reason="Again."
    )
    users.update(is_active=False)

    leave_closed_accounts()

    waiting.refresh_from_db()
    assert waiting.status == "withdrawn"


def test_a_revision_that_a_coeditor_began_stays_with_the_owner_of_the_entry():
    owner, coeditor = UserFactory(), UserFactory()
    project = ProjectFactory(owner=owner)
    revision = Revision.objects.begin(project, coeditor)

    erase(coeditor)

    revision.refresh_from_db()
    assert (revision.by, revision.content["title"]) == (owner, project.title)


def staff_pages():
    """Every page of the desk and the admin that shows rows, with the rows that there are."""
    for name in (
        "my-pages",
        "home",
        "stocktaking:projects",
        "stocktaking:members",
        "stocktaking:member-figures",
        "prizes:contests",
        "forum:editions",
    ):
        try:
            yield reverse(name)
        except NoReverseMatch:
            continue
    for model in apps.get_models():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        try:
            yield reverse(f"admin:{label}_changelist")
        except NoReverseMatch:
            continue
        # rows of a vocabulary know nobody: two of each are as good as twenty
        count = 2 if model._meta.app_label == "reference" else 20
        for row in model._default_manager.all()[:count]:
            yield reverse(f"admin:{label}_change", args=[row.pk])
            yield reverse(f"admin:{label}_history", args=[row.pk])
            if hasattr(row, "get_absolute_url"):
                yield row.get_absolute_url()


@pytest.mark.filterwarnings("ignore:The default scheme will be changed")
def test_no_page_of_staff_breaks_after_an_erasure(leaver, client):
    erase(leaver.user)
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    client.raise_request_exception = False

    answers = {
        page: client.get(page).status_code for page in dict.fromkeys(staff_pages())
    }

    assert len(answers) > 100
    assert [page for page, status in answers.items() if status >= 500] == []


def test_the_checks_of_the_desk_go_on_after_an_erasure(leaver):
    other = ProjectFactory(status=Status.SUBMITTED)
    erase(leaver.user)

    screen_waiting()

    assert Screening.objects.filter(project=other).exists()


def test_one_broken_row_does_not_stop_the_checks_of_the_others(caplog):
    broken = waiting_revision(UserFactory())
    Revision.objects.filter(pk=broken.pk).update(base="", content="")
    other = ProjectFactory(status=Status.SUBMITTED)

    screen_waiting()

    assert Screening.objects.filter(project=other).exists()
    assert "stocktaking.screen_waiting" in caplog.text


def test_one_broken_row_does_not_stop_a_batch():
    officer = UserFactory(role=Role.SECRETARIAT)
    broken = waiting_revision(UserFactory())
    Revision.objects.filter(pk=broken.pk).update(base="", content="")
    other = ProjectFactory(status=Status.SUBMITTED)
    batch = Batch(move="publish", by=officer, previewed_at=timezone.now())
    batch.start([broken.project_id, other.pk])

    work_on_batches()

    other.refresh_from_db()
    batch.refresh_from_db()
    assert other.status == Status.PUBLISHED
    assert batch.finished_at is not None
    assert list(BatchItem.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "refused",
        "done",
    ]


def test_one_erasure_that_fails_does_not_keep_the_others_waiting(monkeypatch):
    past = timezone.now() - datetime.timedelta(minutes=1)
    bad, good = (
        Erasure.objects.create(user=UserFactory(), due_at=past) for _n in range(2)
    )
    real = erase

    def fails_for_one(user):
        if user == bad.user:
            raise RuntimeError("broken")
        real(user)

    monkeypatch.setattr("privacy.tasks.erase", fails_for_one)

    assert erase_due() == 1
    good.refresh_from_db()
    assert good.done_at is not None


def blanked_fields():
    for model, record in of_people():
        if record.erase == Erase.BLANK:
            names = [
                *record.names("members", "personal", "secret"),
                *record.forget.split(),
            ]
            for name in names:
                field = model._meta.get_field(name)
                if not (field.many_to_many or field.is_relation):
                    yield pytest.param(
                        model, field, id=f"{model._meta.label_lower}.{name}"
                    )


@pytest.mark.parametrize(("model", "field"), list(blanked_fields()))
def test_what_erasing_leaves_in_a_column_is_of_its_type(model, field):
    """Whoever reads the column finds what it always holds: never "" in a column of JSON."""
    value = empty(field)

    if value is None:
        assert field.null
    elif isinstance(field, models.JSONField):
        assert isinstance(value, dict | list)
    elif isinstance(field, models.CharField | models.TextField | models.FileField):
        assert isinstance(value, str)
    else:
        assert type(field.to_python(value)) is type(value)
        assert value != ""


def test_the_person_hears_that_it_is_done(
    mailoutbox, django_capture_on_commit_callbacks
):
    user = UserFactory(language="fr", email="gone@example.org")

    with django_capture_on_commit_callbacks(execute=True):
        erase(user)

    assert [mail.to for mail in mailoutbox] == [["gone@example.org"]]
    assert OutgoingMail.objects.filter(to="gone@example.org").count() == 0


def test_closed_accounts_get_no_reminders_and_nobody_two_at_once():
    late = timezone.now() - datetime.timedelta(days=30)
    for active in (True, False):
        ProjectFactory(
            owner=UserFactory(is_active=active),
            status=Status.RETURNED,
            returned_at=late,
        )

    assert [remind_of_returned(), remind_of_returned()] == [1, 0]


# --- the copy -------------------------------------------------------------------------------


def copy_of(user):
    archive = zipfile.ZipFile(io.BytesIO(zipped(user, lambda percent: None)))
    return json.loads(archive.read("data.json")), archive.read("index.html").decode()


def test_the_copy_names_what_records_point_to_and_says_nothing_of_itself(leaver):
    data, page = copy_of(leaver.user)

    role = data["stocktaking.organizationrole"][0]
    assert role["organization"] == leaver.role.organization.name
    assert leaver.role.organization.name in page
    assert leaver.owner.email not in page + json.dumps(data)
    assert "running" not in json.dumps(data["accounts.dataexport"])


@pytest.mark.parametrize("language", ["ar", "fr", "zh-hans"])
def test_the_copy_can_be_read_in_the_language_of_its_person(language):
    user = UserFactory(language=language)
    OutgoingMail.objects.create(to=user.email, subject="Hello", body="The whole text.")

    data, page = copy_of(user)

    assert f'lang="{language}"' in page
    assert ('dir="rtl"' in page) == (language == "ar")
    assert "The whole text." in page
    assert data["common.outgoingmail"][0]["body"] == "The whole text."


def test_the_copy_holds_the_votes_with_their_receipts():
    user = voter()
    entry = EntryFactory(contest=ContestFactory(now="voting"))
    cast(entry, user)
    vote = entry.votes.get() if hasattr(entry, "votes") else None

    data, page = copy_of(user)

    (shown,) = data["prizes.vote"]
    assert shown["entry"] == str(entry)
    assert shown["receipt"] in page
    assert vote is None or shown["receipt"] == vote.event.receipt


def test_what_my_pages_show_is_in_the_copy(client):
    user = MemberFactory(bio="I build networks.").user
    ProjectFactory(owner=user, title="Villages of light")
    OwnershipRequest.objects.create(
        project=ProjectFactory(title="Clinics"), by=user, reason="I lead it."
    )
    owner = UserFactory()
    CoEditor.objects.invite(ProjectFactory(title="Shared shores"), user.email, owner)
    SubmissionFactory(owner=user, title="A talk on tides")
    capacity = CapacityFactory()
    registered(capacity.edition, user)
    client.force_login(user)
    shown = "".join(
        client.get(reverse(name)).content.decode()
        for name in ("my-pages", "stocktaking:my-projects", "stocktaking:my-profile")
    )

    _data, page = copy_of(user)

    for text in ("Villages of light", "Clinics", "I build networks."):
        assert text in shown
        assert text in page
    for text in ("Shared shores", "A talk on tides", str(capacity.edition)):
        assert text in page
