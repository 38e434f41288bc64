"""What waits for the staff of the Forum."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from common.overview.staff_desk import (
    ROWS_AT_MOST,
    Deadline,
    Job,
    Waiting,
    Work,
    coming_days,
    coming_moments,
)
from common.translation.workflow import TextStatus
from forum.consultation.models import Submission
from forum.consultation.phases import Phase
from forum.consultation.workflow import SubmissionStatus
from forum.edition.models import Edition
from forum.outcome.calls import ReportCall
from forum.outcome.models import OutcomeReport
from forum.people.models import Person
from forum.registration.models import Registration
from forum.registration.workflow import RegistrationStatus
from forum.text.models import SessionTranslation

EDITIONS = "forum.change_edition"
SESSIONS = "forum.change_session"
REGISTRATIONS = "forum.change_registration"


def work() -> Work:
    return Work(
        title=_("Forum"),
        waiting=_waiting(),
        jobs=_jobs(),
        deadlines=[*_phases(), *_registrations(), *_first_days(), *_reports()],
    )


def _list(model: str) -> str:
    return reverse(f"admin:forum_{model}_changelist")


def _waiting() -> list[Waiting]:
    return [
        Waiting(
            _("Proposals and inputs"),
            f"{_list('submission')}?status__exact={SubmissionStatus.SUBMITTED}",
            Submission.objects.filter(status=SubmissionStatus.SUBMITTED),
            "submitted_at",
            "forum.change_submission",
        ),
        Waiting(
            _("People of the Forum whose e-mail address does not exist"),
            f"{_list('person')}?mail=no_such_address",
            Person.objects.unreachable(),
            "came_back_at",
            "forum.change_person",
        ),
        Waiting(
            _("Registrations to approve"),
            f"{_list('registration')}?status__exact={RegistrationStatus.REQUESTED}",
            Registration.objects.filter(status=RegistrationStatus.REQUESTED),
            "created_at",
            "forum.change_registration",
        ),
        Waiting(
            _("Texts of sessions in other languages"),
            f"{_list('sessiontranslation')}?status__exact={TextStatus.SUBMITTED}",
            SessionTranslation.objects.queue(),
            "updated_at",
            "forum.view_sessiontranslation",
        ),
        Waiting(
            _("Outcome reports to publish"),
            f"{_list('outcomereport')}?handed_in_at__isempty=0&published_at__isempty=1",
            OutcomeReport.objects.handed_in().filter(published_at=None),
            "handed_in_at",
            "forum.change_outcomereport",
        ),
    ]


def _jobs() -> list[Job]:
    coming = Edition.objects.current_or_next()
    plan = reverse("forum:plan", args=[coming.slug]) if coming else ""
    mails = reverse("forum:mailings", args=[coming.slug]) if coming else ""
    entrance = reverse("forum:check-in", args=[coming.slug]) if coming else ""
    printing = reverse("forum:printing", args=[coming.slug]) if coming else ""
    return [
        *([Job(_("Plan the agenda"), plan, SESSIONS)] if coming else []),
        *([Job(_("Check-in"), entrance, REGISTRATIONS)] if coming else []),
        *([Job(_("Print badges"), printing, "forum.view_badge")] if coming else []),
        Job(_("Sessions"), _list("session"), SESSIONS),
        *([Job(_("E-mails to groups"), mails, EDITIONS)] if coming else []),
        Job(_("Release the agenda"), reverse("admin:forum_session_release"), SESSIONS),
        Job(_("Proposals and inputs"), _list("submission"), "forum.change_submission"),
        *(
            [
                Job(
                    _("Screening of proposals"),
                    reverse("forum:screening", args=[coming.slug]),
                    "forum.change_submission",
                ),
                Job(
                    _("Groups of inputs"),
                    reverse("forum:input-groups", args=[coming.slug]),
                    "forum.change_submission",
                ),
                Job(
                    _("Reviews of proposals"),
                    reverse("forum:reviews", args=[coming.slug]),
                    "forum.change_submission",
                ),
            ]
            if coming
            else []
        ),
        Job(_("Kinds of input"), _list("inputkind"), "forum.change_inputkind"),
        Job(_("Registrations"), _list("registration"), "forum.change_registration"),
        Job(_("Sign-ups for sessions"), _list("signuplist"), "forum.change_signuplist"),
        Job(_("Delegations"), _list("delegation"), "forum.change_delegation"),
        *_job_of_reports(),
        Job(_("Templates of letters"), _list("lettertemplate"), REGISTRATIONS),
        Job(_("Import sessions"), _import("sessions"), SESSIONS),
        Job(_("Import sessions as drafts"), _import("session-drafts"), SESSIONS),
        Job(
            _("Import members of a delegation"),
            _import("delegations"),
            "forum.change_registration",
        ),
        Job(_("People"), _list("person"), "forum.change_person"),
        Job(_("Rooms"), _list("room"), "forum.change_room"),
        Job(
            _("Breaks and blocked times"),
            _list("blockedtime"),
            "forum.change_blockedtime",
        ),
        Job(_("Offered slots"), _list("offeredslot"), "forum.change_offeredslot"),
        Job(_("Editions, phases and places"), _list("edition"), EDITIONS),
    ]


def _job_of_reports() -> list[Job]:
    """The list of reports of the newest edition that has called for some."""
    call = ReportCall.objects.select_related("edition").first()
    if call is None:
        return []
    address = reverse("forum:reports", args=[call.edition.slug])
    return [Job(_("Reports of sessions"), address, "forum.change_outcomereport")]


def _import(kind: str) -> str:
    return reverse("imports:list", args=[kind])


def _page_of(edition_id: int) -> str:
    return reverse("admin:forum_edition_change", args=[edition_id])


def _phases() -> Iterator[Deadline]:
    """First and last days of the phases of a consultation."""
    first, last = coming_days()
    coming = Q(opens_on__range=(first, last)) | Q(closes_on__range=(first, last))
    phases = (
        Phase.objects.filter(coming)
        .select_related("edition")
        .order_by("closes_on", "pk")
    )
    for phase in phases[:ROWS_AT_MOST]:
        for day, sentence in (
            (phase.opens_on, _("%(phase)s begins")),
            (phase.closes_on, _("%(phase)s: last day")),
        ):
            if day and first <= day <= last:
                text = sentence % {"phase": phase.name}
                yield Deadline(
                    day, text, phase.edition, _page_of(phase.edition_id), EDITIONS
                )


def _registrations() -> Iterator[Deadline]:
    now, until = coming_moments()
    coming = Q(registration_opens_at__range=(now, until)) | Q(
        registration_closes_at__range=(now, until)
    )
    for edition in Edition.objects.filter(coming)[:ROWS_AT_MOST]:
        for at, text in (
            (edition.registration_opens_at, _("Registration opens")),
            (edition.registration_closes_at, _("Registration closes")),
        ):
            if at and now <= at <= until:
                yield Deadline(
                    at, text, edition, _page_of(edition.pk), EDITIONS, edition.zone
                )


def _first_days() -> Iterator[Deadline]:
    editions = Edition.objects.filter(start_date__range=coming_days())
    for edition in editions[:ROWS_AT_MOST]:
        if edition.start_date:
            text = _("The Forum begins")
            yield Deadline(
                edition.start_date, text, edition, _page_of(edition.pk), EDITIONS
            )


def _reports() -> Iterator[Deadline]:
    calls = ReportCall.objects.filter(due_at__range=coming_moments())
    for call in calls.select_related("edition")[:ROWS_AT_MOST]:
        yield Deadline(
            call.due_at,
            _("Reports of sessions are due"),
            call.edition,
            reverse("forum:reports", args=[call.edition.slug]),
            "forum.change_outcomereport",
            call.edition.zone,
        )
