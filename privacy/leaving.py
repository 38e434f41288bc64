"""Ends everything that waits for a person, by the usual moves, when the account is closed or
erased."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.api_key.models import ApiKey
from accounts.second_factor.models import FactorReset
from accounts.user.models import User
from common.imports.models import ImportJob
from common.jobs.rows import one_by_one
from forum.consultation.models import Submission
from forum.consultation.workflow import SubmissionStatus
from forum.registration.models import Registration
from prizes.entry.models import Entry
from prizes.entry.workflow import Status as EntryStatus
from prizes.panel.decision import Assignment
from prizes.panel.models import PanelMember, Review
from roadmap.position.models import PositionVersion
from roadmap.position.workflow import PositionStatus
from stocktaking.base.workflow import Status
from stocktaking.coeditor.models import CoEditor
from stocktaking.organization.roles import OrganizationRole
from stocktaking.organization.workflow import RoleStatus
from stocktaking.ownership.models import OwnershipRequest
from stocktaking.ownership.workflow import OwnershipStatus
from stocktaking.project.models import Project
from stocktaking.reminder.models import Reminder
from stocktaking.review.models import DeskAssignment
from stocktaking.revision.models import Revision
from stocktaking.text.models import ProjectText
from stocktaking.text.workflow import TextStatus

AT_ONCE = 200

# A record that waits, and the move that ends it.
Ending = tuple[Any, str]


def revisions(user: User) -> Iterator[Ending]:
    for revision in Revision.objects.open().filter(project__owner=user):
        yield revision, "withdraw"


def projects(user: User) -> Iterator[Ending]:
    waiting = (Status.SUBMITTED, Status.ON_HOLD)
    for project in Project.objects.filter(owner=user, status__in=waiting):
        yield project, "take_back"


def texts(user: User) -> Iterator[Ending]:
    waiting = (TextStatus.DRAFT, TextStatus.SUBMITTED)
    for text in ProjectText.objects.filter(
        project__owner=user, status__in=waiting, kind="human"
    ):
        yield text, "withdraw"


def ownership_requests(user: User) -> Iterator[Ending]:
    for ownership_request in OwnershipRequest.objects.filter(
        by=user, status=OwnershipStatus.OPEN
    ):
        yield ownership_request, "withdraw"


def roles(user: User) -> Iterator[Ending]:
    for role in OrganizationRole.objects.filter(
        member__user=user, status=RoleStatus.ASKED
    ):
        yield role, "end"


def entries(user: User) -> Iterator[Ending]:
    for entry in Entry.objects.filter(owner=user, status=EntryStatus.SUBMITTED):
        yield entry, "withdraw"


def submissions(user: User) -> Iterator[Ending]:
    for one in Submission.objects.filter(owner=user, status=SubmissionStatus.SUBMITTED):
        yield one, "take_back"


def registrations(user: User) -> Iterator[Ending]:
    """Places at an edition that is not over go to the waiting list."""
    today = timezone.localdate()
    coming = Registration.objects.live().filter(user=user)
    for registration in coming.exclude(edition__end_date__lt=today):
        yield registration, "cancel"


def positions(user: User) -> Iterator[Ending]:
    unpublished = (PositionStatus.DRAFT, PositionStatus.CLEARED)
    for position in PositionVersion.objects.filter(by=user, status__in=unpublished):
        yield position, "discard"


def factor_resets(user: User) -> Iterator[Ending]:
    for reset in FactorReset.objects.open().filter(user=user):
        yield reset, "stop"


def accepted_entries(user: User) -> Iterator[Ending]:
    """Nobody is responsible for them any more; only an erasure ends them."""
    for entry in Entry.objects.filter(owner=user, status=EntryStatus.ACCEPTED):
        yield entry, "withdraw"


WAITING: tuple[Callable[[User], Iterable[Ending]], ...] = (
    revisions,
    projects,
    texts,
    ownership_requests,
    roles,
    entries,
    submissions,
    registrations,
    positions,
    factor_resets,
)


def end_what_waits(user: User, *, for_ever: bool = False) -> None:
    """Make the moves that end what waits, and release what the person holds.

    A move that is refused, or a record that is broken, is logged and does not prevent the rest.
    Safe to run twice.
    """
    with translation.override("en"):
        reason = _("The account was closed.")
    parts = (*WAITING, accepted_entries) if for_ever else WAITING
    for part in parts:
        make = partial(_make, user=user, reason=reason)
        one_by_one(list(part(user)), make, "leaving")
    hand_back(user)


def _make(ending: Ending, user: User, reason: str) -> bool:
    record, move = ending
    with transaction.atomic():
        record.move(move, user, reason)
    return True


@transaction.atomic
def hand_back(user: User) -> None:
    """What has no moves: assignments at the desk, invitations, reviews, seats, keys, imports."""
    # A new version that a co-editor has begun belongs to the project, and so to its owner.
    for revision in (
        Revision.objects.open().filter(by=user).exclude(project__owner=user)
    ):
        Revision.objects.filter(pk=revision.pk).update(by=revision.project.owner)
    DeskAssignment.objects.filter(by=user).delete()
    Reminder.objects.filter(to=user, sent_at=None).delete()
    invited = Q(user=user) | Q(by=user, user=None) | Q(email=user.email, user=None)
    CoEditor.objects.standing().filter(invited).update(revoked_at=timezone.now())
    ImportJob.objects.filter(by=user, state=ImportJob.State.QUEUED).update(
        state=ImportJob.State.FAILED, error="", finished_at=timezone.now()
    )
    reviewed = Review.objects.filter(reviewer=user).exclude(state=Review.State.DRAFT)
    open_reviews = Assignment.objects.filter(expert=user)
    open_reviews.exclude(entry__in=reviewed.values("entry")).delete()
    decided = Entry.objects.filter(status=EntryStatus.WINNER).values("category")
    PanelMember.objects.filter(expert=user).exclude(
        panel__category__in=decided
    ).delete()
    for key in ApiKey.objects.of(user).usable():
        key.revoke(None)


def leave_closed() -> int:
    """End what waits for accounts that were closed since the last run, and reset the mark of
    those that were reopened; returns how many accounts were closed."""
    User.objects.filter(is_active=True).exclude(left_at=None).update(left_at=None)
    closed = User.objects.filter(is_active=False, left_at=None).order_by("pk")[:AT_ONCE]
    return one_by_one(list(closed), _leave, "portal.leave_closed")


def _leave(user: User) -> bool:
    end_what_waits(user)
    User.objects.filter(pk=user.pk).update(left_at=timezone.now())
    return True
