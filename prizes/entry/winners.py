"""Winners of imported contests: staff say which projects they are, where names alone do not."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramSimilarity
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.records.models import Change
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from stocktaking.project.models import Project

TITLES_ALIKE = 0.5  # share of three-letter pieces of two titles of one project
OFFERED = 3  # projects for each winner


class WinnerAnswer(models.Model):
    """Whether a winner that a public source names is this project. The one that stands can be
    taken back; then the two are offered again."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="winner_answers", verbose_name=_("winner")
    )
    project = models.ForeignKey(
        "stocktaking.Project",
        models.CASCADE,
        related_name="+",
        verbose_name=_("project"),
    )
    is_same = models.BooleanField(_("the same project"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer on a winner")
        verbose_name_plural = _("answers on winners")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "project"], name="winner_answer_once"
            ),
            models.UniqueConstraint(
                fields=["entry"],
                condition=models.Q(is_same=True),
                name="winner_is_one_project",
            ),
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="winner_answer_order")]

    def __str__(self) -> str:
        return f"{self.entry}: {self.project}"


def imported_winners() -> Any:
    return Entry.objects.filter(status=Status.WINNER).exclude(source="")


def unlinked_winners() -> Any:
    """Imported winners without a project, with `candidates`: ids of published projects with a
    similar title, the most similar first, without those that staff have denied."""
    denied = WinnerAnswer.objects.filter(
        entry=OuterRef(OuterRef("pk")), project=OuterRef("pk"), is_same=False
    )
    title: Any = OuterRef("title")
    similar = (
        Project.objects.published()
        .filter(title__trigram_similar=title)
        .annotate(likeness=TrigramSimilarity("title", title))
        .filter(~Exists(denied), likeness__gte=TITLES_ALIKE)
        .order_by("-likeness", "pk")
        .values("pk")[:OFFERED]
    )
    rows = imported_winners().filter(project=None).exclude(title="")
    return (
        rows.annotate(candidates=ArraySubquery(similar))
        .filter(candidates__len__gt=0)
        .select_related("contest")
        .defer("words")
        .order_by("-contest__year", "pk")
    )


@transaction.atomic
def answer(entry: Entry, project: Project, is_same: bool, by: User) -> bool:
    """Store an answer and, with yes, link the two; False when somebody was faster."""
    locked = imported_winners().select_for_update().filter(pk=entry.pk, project=None)
    if not locked.exists():
        return False
    WinnerAnswer.objects.update_or_create(
        entry=entry, project=project, defaults={"is_same": is_same, "by": by}
    )
    if is_same:
        _link(entry, project)
    return True


@transaction.atomic
def take_back(given: WinnerAnswer) -> None:
    """The answer goes, and with it the link that it made."""
    if given.is_same and given.entry.project_id == given.project_id:
        _link(given.entry, None)
    given.delete()


def _link(entry: Entry, project: Project | None) -> None:
    """It is public, so the log of changes is told."""
    entry.project = project
    entry.save(update_fields=["project", "updated_at"])
    Entry.record_changes([entry], Change.Kind.UPDATE)
