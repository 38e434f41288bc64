"""What the owner of a record wrote there for themselves and the secretariat stays theirs."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.actors import AnyUser


class OwnersOwn(models.Model):
    """Rows of a record that its next owner does not read: drafts, letters, files never public.

    `former_owner` is empty while they belong to whoever owns the record.
    """

    former_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("former owner, whose it is"),
    )

    class Meta:
        abstract = True


def readable_by(user: AnyUser) -> Q:
    """Not those of a former owner, unless this person is the one."""
    return Q(former_owner=None) | Q(former_owner=user.pk)


def coedited_by(
    user: AnyUser, rows: models.QuerySet[Any], path: str = ""
) -> models.QuerySet[Any]:
    """Of these rows those whose project, at the end of the path, has this person as co-editor."""
    coeditor = {f"{path}coeditors__user": user, f"{path}coeditors__revoked_at": None}
    return rows.filter(**coeditor)


def pass_on(project: Any, old: User | None, new: User | None) -> None:
    """The record changes hands: what is there becomes its former owner's own; what the next owner
    had from an earlier time is theirs again. Call inside the transaction."""
    for name in ("revisions", "texts", "messages", "files"):
        rows = getattr(project, name).all()
        back = (
            list(rows.filter(former_owner=new).values_list("pk", flat=True))
            if new
            else []
        )
        rows.filter(former_owner=None).update(former_owner=old)
        rows.filter(pk__in=back).update(former_owner=None)
