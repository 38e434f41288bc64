"""What “My pages” shows a participant of the Forum."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.user.models import User
from common.overview.my_pages import Line, Section, counted
from forum.agenda.models import Star
from forum.checkin.models import Steward
from forum.consultation.models import Submission
from forum.consultation.workflow import SubmissionStatus
from forum.edition.models import Edition, today
from forum.offer.models import waiting_for
from forum.outcome.calls import owed_by
from forum.people.models import Person
from forum.registration.delegation import Delegation, FocalPoint
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from forum.review.models import Reviewer
from forum.room.models import Coordinator

REPORTS_SHOWN = 5
CHOICES_SHOWN = 5


def section(user: User) -> Section:
    desk = _desk_rows() if user.is_secretariat else {}
    n = counted(
        user,
        proposals=Submission.objects.of_owner(user),
        drafts=Submission.objects.of_owner(user).filter(
            status__in=(SubmissionStatus.DRAFT, SubmissionStatus.RETURNED)
        ),
        registrations=Registration.objects.filter(user=user).live(),
        stars=Star.objects.filter(user=user),
        tracks=Coordinator.objects.filter(user=user),
        entrances=Steward.objects.filter(user=user, edition__end_date__gte=today()),
        reviewing=Reviewer.objects.seated().filter(user=user),
        delegations=FocalPoint.objects.filter(user=user),
        reports=owed_by(user),
        records=Person.objects.unmerged().filter(user=user),
        choices=waiting_for(user),
        **desk,
    )
    agenda, proposals = reverse("forum:my-agenda"), reverse("forum:submissions")
    drafts = _("%(count)d to finish") % {"count": n["drafts"]} if n["drafts"] else ""
    lines = [
        Line(_("My proposals"), proposals, n["proposals"], drafts),
        Line(_("My registrations"), agenda, n["registrations"]),
        Line(_("Sessions on my agenda"), agenda, n["stars"]),
    ]
    if n["choices"]:
        lines += _choices(user)
    if n["reports"]:
        lines += _reports(user)
    if n["records"]:
        lines.append(Line(_("My record as a speaker"), reverse("forum:own-record")))
    if n["tracks"]:
        lines += _plans(user)
    if n["entrances"]:
        lines += _entrances(user)
    if n["reviewing"]:
        lines += _reviews(user)
    if n["delegations"]:
        lines += _delegations(user)
    return Section(_("Forum"), lines, _desk(n) if desk else ())


def _plans(user: User) -> list[Line]:
    """The tracks that this person coordinates in editions that are not over."""
    rows = Coordinator.objects.filter(user=user, edition__end_date__gte=today())
    return [
        Line(
            _("Plan the agenda: %(track)s") % {"track": row.track},
            reverse("forum:plan", args=[row.edition.slug]),
        )
        for row in rows.select_related("edition", "track")
    ]


def _entrances(user: User) -> list[Line]:
    """The editions that are not over, in which this person checks in."""
    rows = Steward.objects.filter(user=user, edition__end_date__gte=today())
    return [
        Line(
            _("Check-in: %(edition)s") % {"edition": row.edition},
            reverse("forum:check-in", args=[row.edition.slug]),
        )
        for row in rows.select_related("edition")
    ]


def _choices(user: User) -> list[Line]:
    """The sessions without a place for which this person may choose an offered slot."""
    rows = waiting_for(user).order_by("title", "pk")[:CHOICES_SHOWN]
    return [
        Line(
            _("Choose a slot: %(session)s") % {"session": row.title},
            reverse("forum:session-slot", args=[row.pk]),
        )
        for row in rows
    ]


def _reviews(user: User) -> list[Line]:
    """The editions that are not over and whose proposals this person reviews."""
    seats = Reviewer.objects.seated().filter(user=user)
    editions = Edition.objects.filter(reviewers__in=seats, end_date__gte=today())
    return [
        Line(
            _("Review proposals: %(edition)s") % {"edition": edition},
            reverse("forum:review-list", args=[edition.slug]),
        )
        for edition in editions.distinct().order_by("start_date", "pk")
    ]


def _delegations(user: User) -> list[Line]:
    """The delegations whose members this person registers, of editions that are not over."""
    rows = Delegation.objects.of_focal_point(user).exclude(
        edition__end_date__lt=today()
    )
    return [
        Line(
            _("Delegation: %(name)s") % {"name": row.name},
            row.get_absolute_url(),
            row.members,
        )
        for row in rows
    ]


def _reports(user: User) -> list[Line]:
    """The sessions that are over and wait for this person's report."""
    rows = owed_by(user).order_by("end", "pk")[:REPORTS_SHOWN]
    return [
        Line(
            _("Write the report: %(session)s") % {"session": row.title},
            reverse("forum:outcome-edit", args=[row.pk]),
        )
        for row in rows
    ]


def _desk_rows() -> dict[str, Any]:
    return {
        "submitted": Submission.objects.filter(status=SubmissionStatus.SUBMITTED),
        "requested": Registration.objects.filter(status=RegistrationStatus.REQUESTED),
    }


def _desk(n: dict[str, int]) -> tuple[Line, ...]:
    proposals = reverse("admin:forum_submission_changelist")
    requests = reverse("admin:forum_registration_changelist")
    return (
        Line(
            _("Proposals to the Forum"),
            f"{proposals}?status__exact=submitted",
            n["submitted"],
        ),
        Line(
            _("Registrations to decide"),
            f"{requests}?status__exact=requested",
            n["requested"],
        ),
    )
