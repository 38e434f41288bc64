"""What waits for the staff of the Stocktaking database."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Deadline,
    Job,
    Waiting,
    Work,
    coming_moments,
)
from stocktaking.base.workflow import Status
from stocktaking.file.models import Attachment, Scan
from stocktaking.message.models import Message
from stocktaking.organization.models import Organization
from stocktaking.organization.roles import OrganizationRole
from stocktaking.organization.workflow import RoleStatus
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.project.models import Project
from stocktaking.revision.workflow import RevisionStatus
from stocktaking.text.models import ProjectText

PROJECTS = "stocktaking.change_project"
ORGANIZATIONS = "stocktaking.change_organization"


def work() -> Work:
    return Work(
        title=_("Stocktaking"),
        waiting=[*_at_the_moderation_desk(), *_beside_it()],
        jobs=_jobs(),
        deadlines=_deadlines(),
    )


def _at_the_moderation_desk() -> list[Waiting]:
    desk = reverse("admin:stocktaking_project_desk")
    submitted = Project.objects.at_desk(Status.SUBMITTED)
    on_hold = Project.objects.at_desk(Status.ON_HOLD)
    return [
        Waiting(
            _("Projects submitted"),
            f"{desk}?status={Status.SUBMITTED}&kind=project",
            submitted.filter(revision_id__isnull=True),  # type: ignore[misc]  # annotated
            "waits_since",
            PROJECTS,
        ),
        Waiting(
            _("Revisions of published projects"),
            f"{desk}?status={RevisionStatus.SUBMITTED}&kind=version",
            submitted.filter(revision_id__isnull=False),  # type: ignore[misc]  # annotated
            "waits_since",
            PROJECTS,
        ),
        Waiting(
            _("On hold"),
            f"{desk}?status={Status.ON_HOLD}",
            on_hold,
            "waits_since",
            PROJECTS,
        ),
        Waiting(
            _("Approved, public from a later date"),
            f"{_list('project')}?status={Status.APPROVED}",
            Project.objects.filter(status=Status.APPROVED),
            "submitted_at",
            PROJECTS,
        ),
    ]


def _beside_it() -> list[Waiting]:
    return [
        Waiting(
            _("Texts in other languages"),
            f"{_list('projecttext')}?status__exact=submitted",
            ProjectText.objects.queue(),
            "submitted_at",
            "stocktaking.view_projecttext",
        ),
        Waiting(
            _("Ownership requests"),
            f"{_list('ownershiprequest')}?status__exact=open",
            OwnershipRequest.objects.queue(),
            "created_at",
            "stocktaking.view_ownershiprequest",
        ),
        Waiting(
            _("Messages without an answer"),
            f"{_list('message')}?answer=none",
            Message.objects.unanswered(),
            "at",
            "stocktaking.view_message",
        ),
        Waiting(
            _("Roles in organizations to verify"),
            f"{_list('organizationrole')}?status__exact={RoleStatus.ASKED}",
            OrganizationRole.objects.filter(status=RoleStatus.ASKED),
            "asked_at",
            "stocktaking.change_organizationrole",
        ),
        Waiting(
            _("Organizations to confirm"),
            f"{_list('organization')}?confirmed=no",
            Organization.objects.filter(confirmed_at=None, successor=None),
            "created_at",
            ORGANIZATIONS,
        ),
        Waiting(
            _("Files held until the virus check answers"),
            f"{_list('attachment')}?scan__exact={Scan.HELD}",
            Attachment.objects.filter(scan=Scan.HELD),
            "at",
            "stocktaking.view_attachment",
        ),
    ]


def _list(model: str) -> str:
    return reverse(f"admin:stocktaking_{model}_changelist")


def _jobs() -> list[Job]:
    return [
        Job(_("Moderation desk"), reverse("admin:stocktaking_project_desk"), PROJECTS),
        Job(_("Find a project"), f"{_list('project')}?status=all", PROJECTS),
        Job(_("Import projects"), reverse("imports:list", args=["projects"]), PROJECTS),
        Job(
            _("Import machine translations"),
            reverse("imports:list", args=["texts"]),
            "stocktaking.view_projecttext",
        ),
        Job(_("Organizations"), _list("organization"), ORGANIZATIONS),
        Job(_("Members"), _list("member"), "stocktaking.view_member"),
        Job(_("Reasons for decisions"), _list("reason"), "stocktaking.change_reason"),
    ]


def _deadlines() -> list[Deadline]:
    """Dates on which approved projects become public."""
    projects = Project.objects.filter(
        status=Status.APPROVED, public_from__range=coming_moments()
    ).order_by("public_from")
    text = _("Project becomes public")
    return [
        Deadline(
            project.public_from,
            text,
            project,
            reverse("admin:stocktaking_project_change", args=[project.pk]),
            PROJECTS,
        )
        for project in projects.only("title", "public_from")[:ROWS_AT_MOST]
        if project.public_from
    ]
