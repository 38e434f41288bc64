"""What was made by mistake goes again; what somebody read or used stays, with a sentence."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.role.roles import Role
from common.records.models import Change, RecordVersion
from prizes.contest.models import Category, Contest
from prizes.entry.workflow import Status as PrizeStatus
from prizes.panel.models import Panel
from reports.publication.models import Publication
from reports.publication.workflow import Status as ReportStatus
from roadmap.meeting.models import Meeting
from roadmap.milestone.models import Milestone
from roadmap.milestone.workflow import Status as MilestoneStatus
from stocktaking.organization.models import Organization
from stocktaking.review.models import Reason, ReasonText
from tests.factories import (
    MemberFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.forum.records import SessionFactory
from tests.prizes.records import ContestFactory, EntryFactory, expert, set_phases
from tests.reports.records import frozen
from tests.roadmap.records import MeetingFactory, MilestoneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = UserFactory(role=Role.SECRETARIAT)
    client.force_login(user)
    return user


def delete(client, record):
    """Press Delete on the page of the record, then confirm."""
    opts = record._meta
    change = reverse(
        f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk]
    )
    address = reverse(
        f"admin:{opts.app_label}_{opts.model_name}_delete", args=[record.pk]
    )
    page = client.get(change).content.decode()
    if f'href="{address}' not in page:
        return page
    assert "Are you sure" in client.get(address).content.decode()
    return client.post(address, {"post": "yes"}, follow=True).content.decode()


def gone(record):
    return not type(record)._base_manager.filter(pk=record.pk).exists()


def test_a_contest_of_the_future_without_entries_goes_with_its_parts(client, officer):
    contest = ContestFactory()
    now = timezone.now()
    for place, phase in enumerate(contest.phases.all()):
        start = now + datetime.timedelta(days=10 * (place + 1))
        end = start + datetime.timedelta(days=9)
        contest.phases.filter(pk=phase.pk).update(opens_at=start, closes_at=end)

    delete(client, contest)

    assert gone(contest)
    assert not Category.objects.filter(contest=contest.pk).exists()


def test_a_contest_that_has_begun_stays_and_says_why(client, officer):
    contest = ContestFactory()

    page = delete(client, contest)

    assert not gone(contest)
    assert "This record cannot be deleted. One of its phases has begun" in page


def test_an_old_page_that_still_offers_to_delete_is_answered_with_the_sentence(
    client, officer
):
    contest = ContestFactory()
    address = reverse("admin:prizes_contest_delete", args=[contest.pk])

    page = client.post(address, {"post": "yes"}, follow=True).content.decode()

    assert not gone(contest)
    assert "cannot be deleted. One of its phases has begun" in page


def test_a_contest_with_a_draft_entry_stays(client, officer):
    contest = ContestFactory()
    contest.phases.update(opens_at=None, closes_at=None)
    EntryFactory(contest=contest, status=PrizeStatus.DRAFT)

    page = delete(client, contest)

    assert not gone(contest)
    assert "prize entries (1)" in page


def test_category_and_panel_without_entries_can_be_deleted_and_made_again(
    client, officer
):
    contest = ContestFactory()
    used = EntryFactory(contest=contest).category
    spare = contest.categories.exclude(pk=used.pk).first()
    spare = spare or Category.objects.create(
        contest=contest, action_line_id="C1", number=99
    )
    panel = Panel.objects.create(category=spare)

    kept = delete(client, spare)
    delete(client, panel)
    delete(client, spare)
    client.post(
        reverse("admin:prizes_category_add"),
        {
            "contest": contest.pk,
            "action_line": spare.action_line_id,
            "number": spare.number,
        },
    )

    assert "panels (1)" in kept
    assert gone(panel)
    assert gone(spare)
    assert contest.categories.filter(action_line=spare.action_line_id).exists()
    assert "prize entries (1)" in delete(client, used)
    assert not gone(used)


def test_a_panel_whose_experts_have_work_stays(client, officer):
    contest = ContestFactory()
    set_phases(contest, "nomination")
    entry = EntryFactory(contest=contest, status=PrizeStatus.ACCEPTED)
    judge = expert(entry.category)
    entry.assignments.create(expert=judge)

    page = delete(client, entry.category.panel)

    assert not gone(entry.category.panel)
    assert "Its experts have entries to review already." in page


def test_a_draft_milestone_goes_and_a_published_one_stays(client, officer):
    draft, public = MilestoneFactory(status=MilestoneStatus.DRAFT), MilestoneFactory()
    draft.action_lines.set([])

    delete(client, draft)
    page = delete(client, public)

    assert gone(draft)
    assert not gone(public)
    assert "It has been public" in page
    assert Milestone.objects.filter(pk=public.pk).exists()


def test_a_meeting_typed_by_mistake_goes_the_same_day_and_the_log_says_so(
    client, officer
):
    meeting = MeetingFactory()
    meeting.keep()

    delete(client, meeting)

    assert gone(meeting)
    log = Change.objects.filter(
        record_kind="roadmap.meeting", record_id=str(meeting.pk)
    )
    assert log.order_by("-pk").first().kind == Change.Kind.DELETE
    assert RecordVersion.objects.filter(
        record_kind="roadmap.meeting", record_id=str(meeting.pk)
    ).exists()


def test_a_meeting_that_was_read_for_days_stays(client, officer):
    meeting = MeetingFactory()
    meeting.keep()
    RecordVersion.objects.update(at=timezone.now() - datetime.timedelta(days=2))

    page = delete(client, meeting)

    assert Meeting.objects.filter(pk=meeting.pk).exists()
    assert "public for more than 24 hours: correct it instead" in page


def test_a_report_that_was_never_public_goes_with_its_files(
    client, officer, django_capture_on_commit_callbacks
):
    draft = frozen(status=ReportStatus.READY)
    public = frozen(status=ReportStatus.PUBLISHED, language="fr")
    file = draft.artefacts.get().file

    with django_capture_on_commit_callbacks(execute=True):
        delete(client, draft)
    page = delete(client, public)

    assert gone(draft)
    assert not file.storage.exists(file.name)
    assert "It has been public: withdraw it instead." in page
    assert Publication.objects.filter(pk=public.pk).exists()


def test_an_organization_that_nothing_points_to_goes_others_are_merged(client, officer):
    empty, of_project, of_member, of_session = OrganizationFactory.create_batch(4)
    ProjectFactory(organization=of_project)
    MemberFactory(organization=of_member)
    SessionFactory().organizers.update(organization=of_session)

    delete(client, empty)
    pages = [delete(client, one) for one in (of_project, of_member, of_session)]

    assert gone(empty)
    assert (
        Organization.objects.filter(
            pk__in=[of_project.pk, of_member.pk, of_session.pk]
        ).count()
        == 3
    )
    assert ["Other records depend on it" in page for page in pages] == [True] * 3
    assert "projects (1)" in pages[0]
    assert "members (1)" in pages[1]


def test_a_reason_for_decisions_can_be_deleted_with_its_words(client, officer):
    reason = Reason.objects.create(code="typo", move="refuse")
    ReasonText.objects.create(reason=reason, language="fr", label="x", text="y")

    delete(client, reason)

    assert gone(reason)


def test_many_are_deleted_only_when_none_of_them_has_to_stay(client, officer):
    empty, used = OrganizationFactory.create_batch(2)
    ProjectFactory(organization=used)
    data = {
        "action": "delete_selected",
        "_selected_action": [empty.pk, used.pk],
        "post": "yes",
    }

    page = client.post(reverse("admin:stocktaking_organization_changelist"), data)

    assert not gone(empty)
    assert "Other records depend on it: projects (1)" in page.content.decode()
    assert Contest.objects.count() == 0
