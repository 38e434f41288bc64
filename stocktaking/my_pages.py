"""What “My pages” shows a member of the Stocktaking database."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.role.roles import Role
from accounts.user.models import User
from common.overview.my_pages import Line, Section, counted
from stocktaking.base.workflow import EDITABLE, WAITING, Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.follow.models import Follow
from stocktaking.organization.roles import OrganizationRole
from stocktaking.organization.workflow import RoleStatus
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.ownership.workflow import OwnershipStatus
from stocktaking.project.models import Project
from stocktaking.text.models import ProjectText

ROWS = 5  # projects and ownership requests that are named


def section(user: User) -> Section:
    """Projects by status, open ones by name, invitations, ownership requests, follows, roles."""
    projects = Project.objects.written_by(user)
    desk = _desk_rows() if user.is_secretariat else {}
    n = counted(
        user,
        **{status.value: projects.filter(status=status) for status in Status},
        invitations=CoEditor.objects.waiting_for(user),
        follows=Follow.objects.filter(user=user),
        roles=OrganizationRole.objects.of(user).filter(status=RoleStatus.VERIFIED),
        asked=OrganizationRole.objects.of(user).filter(status=RoleStatus.ASKED),
        **desk,
    )
    lines = [*_projects(projects, n), *_ownership_requests(user)]
    follows = Line(
        _("My saved searches and follows"), reverse("stocktaking:follows"), n["follows"]
    )
    lines += [follows, *_roles(n)]
    if user.is_secretariat or Role.AGENCY in user.roles:
        lines.append(
            Line(_("Import projects"), reverse("imports:list", args=["projects"]))
        )
    return Section(_("Projects"), lines, _desk(n) if desk else ())


def _projects(projects: Any, n: dict[str, int]) -> list[Line]:
    """Links to the list and its statuses, open projects, and invitations as a co-editor."""
    page = reverse("stocktaking:my-projects")
    lines = [Line(_("My projects"), page, sum(n[status] for status in Status))]
    lines += [
        Line(status.label, f"{page}?{urlencode({'status': status.value})}", n[status])
        for status in Status
        if n[status]
    ]
    for project in (
        projects.filter(status__in=(*EDITABLE, *WAITING)).with_place().for_list()[:ROWS]
    ):
        if project.status in EDITABLE:
            address, note = reverse("stocktaking:project-edit", args=[project.pk]), ""
        else:
            address = reverse("stocktaking:project-done", args=[project.pk])
            sentence = _("number %(place)d in the queue")
            note = sentence % {"place": project.place} if project.place else ""
        state = project.get_status_display()
        lines.append(
            Line(project, address, note=f"{state} · {note}" if note else state)
        )
    if n["invitations"]:
        note = _("open the link in the e-mail that we sent you")
        lines.append(Line(_("Invitations to co-edit"), "", n["invitations"], note))
    return lines


def _ownership_requests(user: User) -> list[Line]:
    rows = OwnershipRequest.objects.filter(
        by=user, status=OwnershipStatus.OPEN
    ).select_related("project")
    requests = OwnershipRequest.objects.for_owner(user)
    return [
        *(
            Line(
                _("%(name)s asks to become the owner of %(project)s")
                % {
                    "name": ownership_request.by.get_full_name(),
                    "project": ownership_request.project,
                },
                ownership_request.answer_url(),
                note=ownership_request.get_answer_display()
                if ownership_request.answer
                else _("answer"),
            )
            for ownership_request in requests[:ROWS]
        ),
        *(
            Line(
                _("Ownership request: %(project)s")
                % {"project": ownership_request.project},
                ownership_request.get_absolute_url(),
                note=ownership_request.get_status_display(),
            )
            for ownership_request in rows[:ROWS]
        ),
    ]


def _roles(n: dict[str, int]) -> list[Line]:
    waiting = (
        _("%(count)d awaiting verification") % {"count": n["asked"]}
        if n["asked"]
        else ""
    )
    return [
        Line(
            _("My roles in organizations"),
            reverse("stocktaking:my-roles"),
            n["roles"],
            waiting,
        ),
        Line(
            _("My profile in the directory of members"),
            reverse("stocktaking:my-profile"),
        ),
    ]


def _desk_rows() -> dict[str, Any]:
    return {
        "queue": Project.objects.at_desk(),
        "texts": ProjectText.objects.queue(),
        "ownership_requests": OwnershipRequest.objects.queue(),
        "role_requests": OrganizationRole.objects.filter(status=RoleStatus.ASKED),
    }


def _desk(n: dict[str, int]) -> tuple[Line, ...]:
    roles_url = f"{reverse('admin:stocktaking_organizationrole_changelist')}?status__exact=asked"
    opened = (
        f"{reverse('admin:stocktaking_ownershiprequest_changelist')}?status__exact=open"
    )
    desk = reverse("admin:stocktaking_project_desk")
    texts = reverse("admin:stocktaking_projecttext_changelist")
    return (
        Line(_("Review queue"), desk, n["queue"]),
        Line(_("Texts in other languages"), texts, n["texts"]),
        Line(_("Ownership requests"), opened, n["ownership_requests"]),
        Line(_("Roles to verify"), roles_url, n["role_requests"]),
    )
