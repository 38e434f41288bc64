"""Whether a project is up to date: how often its owner promised to check it, and the last
confirmation."""

import datetime
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.models import StatusChange
from common.records.models import RecordVersion
from stocktaking.project.models import Project

DAYS_OF_A_MONTH = 365.25 / 12
GRACE = datetime.timedelta(
    days=60
)  # due for so long before a project counts as overdue
LINK_LASTS = datetime.timedelta(days=60)
PROJECTS_PER_MAIL = 20
SALT = "stocktaking.still-correct"


class Freshness(models.TextChoices):
    UP_TO_DATE = "up-to-date", _("Up to date")
    DUE = "due", _("Confirmation due")
    OVERDUE = "overdue", _("Confirmation overdue")


class State(NamedTuple):
    freshness: Freshness
    since: datetime.datetime  # when somebody last wrote or confirmed it
    until: datetime.datetime  # when it is, or was, due


class UpkeepQuerySet(models.QuerySet["Upkeep"]):
    @transaction.atomic
    def confirm(self, project: Project, by: User | None) -> "Upkeep":
        """Confirm that a public project is still correct; its history notes it."""
        now = timezone.now()
        upkeep, _made = self.update_or_create(
            project=project, defaults={"confirmed_at": now, "asked_at": None}
        )
        StatusChange.objects.create(
            record_kind="stocktaking.project",
            record_id=project.pk,
            move="confirm",
            by=by,
            source=project.status,
            target=project.status,
        )
        return upkeep


class Upkeep(models.Model):
    """How often the owner of a project promises to check it, and when somebody last did."""

    class Rhythm(models.IntegerChoices):
        HALF_YEAR = 6, _("every six months")
        YEAR = 12, _("every year")
        TWO_YEARS = 24, _("every two years")

    project = models.OneToOneField(
        "stocktaking.Project",
        models.CASCADE,
        primary_key=True,
        related_name="upkeep",
        verbose_name=_("project"),
    )
    rhythm = models.PositiveSmallIntegerField(
        _("the owner reviews it"), choices=Rhythm.choices, default=Rhythm.YEAR
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)

    objects = UpkeepQuerySet.as_manager()

    class Meta:
        verbose_name = _("upkeep of a project")
        verbose_name_plural = _("upkeep of projects")
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm__in=[6, 12, 24]), name="upkeep_rhythm"
            ),
        ]

    def __str__(self) -> str:
        return str(self.project_id)


def state(project: Project) -> State:
    """The freshness of a published project; a new version counts as a confirmation. Two queries."""
    upkeep = Upkeep.objects.filter(project=project).first() or Upkeep(project=project)
    written = project.versions.values_list("at", flat=True).first()
    times = [at for at in (upkeep.confirmed_at, written, project.published_at) if at]
    since = max(times, default=project.created_at)
    until = since + datetime.timedelta(days=upkeep.rhythm * DAYS_OF_A_MONTH)
    now = timezone.now()
    if now < until:
        return State(Freshness.UP_TO_DATE, since, until)
    return State(
        Freshness.DUE if now < until + GRACE else Freshness.OVERDUE, since, until
    )


def to_be_asked() -> models.QuerySet[Project]:
    """A person's published projects that are due and whose owner was not asked lately."""
    key = Cast(OuterRef("pk"), models.CharField())
    written = (
        RecordVersion.objects.of_models(Project)
        .filter(record_id=key)
        .order_by("-version")
    )
    month = datetime.timedelta(days=DAYS_OF_A_MONTH)
    since = Greatest(
        "upkeep__confirmed_at",
        Subquery(written.values("at")[:1]),
        "published_at",
    )
    length = models.ExpressionWrapper(
        Coalesce(F("upkeep__rhythm"), Upkeep.Rhythm.YEAR) * models.Value(month),
        models.DurationField(),
    )
    lately = Q(upkeep__asked_at__gt=timezone.now() - GRACE)
    published = Project.objects.published().filter(
        owner__isnull=False, owner__is_active=True
    )
    return published.exclude(lately).filter(
        pk__in=Project.objects.annotate(
            until=models.ExpressionWrapper(since + length, models.DateTimeField())
        )
        .filter(until__lt=timezone.now())
        .values("pk")
    )


def link(project: Project) -> str:
    """The address, for mails only, at which the owner confirms without signing in."""
    token = signing.dumps([project.pk, project.owner_id], salt=SALT)
    return settings.SITE_URL + reverse("stocktaking:confirm", args=[token])


def of_link(token: str) -> Project | None:
    """The published project of a link, as long as it has the owner to whom it was sent."""
    try:
        pk, owner = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except (signing.BadSignature, ValueError):
        return None
    return (
        Project.objects.published()
        .filter(pk=pk, owner=owner, owner__is_active=True)
        .first()
    )


def is_ours(token: str) -> bool:
    """Whether an outdated link was in a mail of ours."""
    try:
        signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError):
        return False
    return True
