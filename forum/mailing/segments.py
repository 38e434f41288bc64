"""Who has to do with an edition, by what: the segments of its mails."""

from collections.abc import Callable, Iterable

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forum.edition.models import Edition
from forum.people.models import PRESENT, Participation
from forum.registration.delegation import FocalPoint
from forum.registration.models import Attendance, Registration, RegistrationTag
from forum.registration.workflow import RegistrationStatus
from forum.review.models import Reviewer
from forum.room.models import Coordinator
from forum.session.models import Session
from forum.session.workflow import SessionStatus

# Account, or None → address, country. One person may come several times.
Found = Iterable[tuple[int | None, str, str | None]]


class Segment(models.TextChoices):
    ON_SITE = "on_site", _("Registered on site")
    REMOTE = "remote", _("Registered remotely")
    WAITING = "waiting", _("On the waiting list")
    REQUESTED = "requested", _("Registration not decided yet")
    SPEAKERS = "speakers", _("People of the programme")
    ORGANIZERS = "organizers", _("Organizers of sessions")
    COORDINATORS = "coordinators", _("Track coordinators")
    FOCAL_POINTS = "focal_points", _("Focal points of delegations")
    REVIEWERS = "reviewers", _("Reviewers of proposals")


def registered(edition: Edition, **which: str) -> Found:
    rows = Registration.objects.filter(edition=edition, user__is_active=True, **which)
    return rows.values_list("user", "user__email", "country")


def on_site(edition: Edition) -> Found:
    return registered(
        edition,
        status=RegistrationStatus.APPROVED,
        attendance=Attendance.ON_SITE,
    )


def remote(edition: Edition) -> Found:
    return registered(
        edition, status=RegistrationStatus.APPROVED, attendance=Attendance.REMOTE
    )


def waiting(edition: Edition) -> Found:
    return registered(edition, status=RegistrationStatus.WAITLISTED)


def requested(edition: Edition) -> Found:
    return registered(edition, status=RegistrationStatus.REQUESTED)


def speakers(edition: Edition) -> Found:
    """People with a part in a session that takes place: by their account, else by the address
    that the secretariat knows."""
    rows = Participation.objects.filter(
        session__edition=edition,
        session__status__in=(SessionStatus.SCHEDULED, SessionStatus.RELEASED),
        role__in=PRESENT,
    )
    people = rows.values_list(
        "person__user",
        "person__user__email",
        "person__user__is_active",
        "person__email",
        "person__country",
    )
    for user, address, is_active, own, country in people:
        if user and is_active:
            yield user, address, country
        elif not user and own:
            yield None, own, country


def organizers(edition: Edition) -> Found:
    rows = Session.objects.filter(edition=edition).exclude(
        status=SessionStatus.CANCELLED
    )
    owners = rows.filter(owner__is_active=True)
    yield from (
        (pk, address, None)
        for pk, address in owners.values_list("owner", "owner__email")
    )
    others = rows.filter(
        Q(submissions__kind__proposes_session=True), submissions__owner__is_active=True
    )
    pairs = others.values_list("submissions__owner", "submissions__owner__email")
    yield from ((pk, address, None) for pk, address in pairs)


def coordinators(edition: Edition) -> Found:
    rows = Coordinator.objects.filter(edition=edition, user__is_active=True)
    yield from (
        (pk, address, None) for pk, address in rows.values_list("user", "user__email")
    )


def focal_points(edition: Edition) -> Found:
    rows = FocalPoint.objects.filter(delegation__edition=edition, user__is_active=True)
    for pk, address in rows.values_list("user", "user__email"):
        yield pk, address, None


def reviewers(edition: Edition) -> Found:
    """Those who review, not those who have not accepted."""
    rows = Reviewer.objects.seated().filter(edition=edition, user__is_active=True)
    for pk, address in rows.values_list("user", "user__email"):
        yield pk, address, None


FINDERS: dict[str, Callable[[Edition], Found]] = {
    Segment.ON_SITE: on_site,
    Segment.REMOTE: remote,
    Segment.WAITING: waiting,
    Segment.REQUESTED: requested,
    Segment.SPEAKERS: speakers,
    Segment.ORGANIZERS: organizers,
    Segment.COORDINATORS: coordinators,
    Segment.FOCAL_POINTS: focal_points,
    Segment.REVIEWERS: reviewers,
}


def people_of(
    edition: Edition,
    segments: Iterable[str],
    countries: set[str],
    tags: Iterable[RegistrationTag] = (),
) -> list[tuple[int | None, str]]:
    """Each address once, with its account if there is one, in the order of addresses; with tags
    only people whose registration has one of them."""
    found: dict[str, int | None] = {}
    for segment in segments:
        for user, address, country in FINDERS[segment](edition):
            if not countries or country in countries:
                found[address] = found.get(address) or user
    everybody = [(user, address) for address, user in sorted(found.items())]
    wanted = [tag.pk for tag in tags]
    if not wanted:
        return everybody
    rows = Registration.objects.filter(edition=edition, tags__in=wanted).live()
    tagged = set(rows.values_list("user", flat=True))
    return [(user, address) for user, address in everybody if user in tagged]
