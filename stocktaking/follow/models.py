"""Follows: a saved search, an organization or a project that a member follows."""

import datetime
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.moves.actors import AnyUser
from common.records.models import Change

MAX_FOLLOWS = 50  # per member


MAX_QUERY = 2000  # characters


SALT = "stocktaking.follow"


class Rhythm(models.TextChoices):
    DAILY = "daily", _("every day")
    WEEKLY = "weekly", _("every week")


PAUSES = {
    Rhythm.DAILY: datetime.timedelta(days=1),
    Rhythm.WEEKLY: datetime.timedelta(days=7),
}


def latest_position() -> tuple[int, int]:
    """(transaction, id) of the last settled row of the change log; (0, 0) when it is empty."""
    rows = Change.objects.settled().reverse().values_list("transaction", "pk")
    return rows.first() or (0, 0)


class FollowQuerySet(models.QuerySet["Follow"]):
    def of(self, user: AnyUser) -> Self:
        """This member's follows, newest first."""
        return (
            self.filter(user=user)
            .select_related("organization", "project")
            .order_by("-pk")
        )

    def due(self) -> Self:
        """Follows whose mails are on and due after a day or a week, of people who can sign in."""
        return self.filter(is_on=True, next_at__lte=Now(), user__is_active=True)

    def signed(self, token: str) -> "Follow | None":
        """The follow that a link in a mail stands for; None for a forged or outdated link."""
        try:
            pk = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return None
        return self.filter(pk=pk).first()


class Follow(models.Model):
    """One thing that a member follows: exactly one of query, organization and project.

    A country or an action line is followed as the search for it. (`transaction`, `change_id`) is
    how far the change log was read for this row, so that each change is sent once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="follows",
        verbose_name=_("member"),
    )
    query = models.CharField(_("search"), max_length=MAX_QUERY, blank=True)
    organization = models.ForeignKey(
        "stocktaking.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="follows",
        verbose_name=_("organization"),
    )
    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="follows",
        verbose_name=_("project"),
    )
    rhythm = models.CharField(
        _("how often"), max_length=10, choices=Rhythm.choices, default=Rhythm.WEEKLY
    )
    is_on = models.BooleanField(_("sends e-mail"), default=True)
    next_at = models.DateTimeField(_("next check on"), db_default=Now())
    transaction = models.BigIntegerField(_("log read up to transaction"), default=0)
    change_id = models.BigIntegerField(_("and up to row"), default=0)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved search or follow")
        verbose_name_plural = _("saved searches and follows")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "query", "organization", "project"],
                name="follow_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(organization=None, project=None)
                | Q(query="", organization=None)
                | Q(query="", project=None),
                name="follow_one_thing",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="follow_due", condition=Q(is_on=True))
        ]

    def __str__(self) -> str:
        return str(self.project or self.organization or self.query or _("All projects"))

    def rival_at(self, other: models.Model) -> "Follow | None":
        """The same person's follow of another record, for a merge."""
        kind = "project" if self.project_id else "organization"
        return Follow.objects.filter(user=self.user_id, **{kind: other.pk}).first()

    def outranks(self, other: "Follow") -> bool:
        """Of two follows, the one with mails on is kept."""
        return self.is_on and not other.is_on

    def stop(self) -> None:
        self.is_on = False
        self.save(update_fields=["is_on"])

    @property
    def stop_url(self) -> str:
        """The unsubscribe address in a mail, which works without signing in."""
        return reverse(
            "stocktaking:follow-stop", args=[signing.dumps(self.pk, salt=SALT)]
        )
