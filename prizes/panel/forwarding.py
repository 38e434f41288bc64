"""An entry that belongs into another category: a chair proposes it, the secretariat confirms."""

from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.user.models import User
from common.moves.workflow import CONCERNED, MoveRefused
from prizes.contest.models import Category
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.panel.assigning import assign, give_back, tell
from prizes.panel.decision import Assignment

REASON_LENGTH = 500


OWN_PROPOSAL = _("Another person has to decide on your own proposal.")


class ForwardingQuerySet(models.QuerySet["Forwarding"]):
    def open(self) -> Self:
        return self.filter(decided_at=None)

    def for_list(self) -> Self:
        return self.select_related("source", "target", "by", "decided_by").order_by(
            "-at", "-pk"
        )


class Forwarding(models.Model):
    """From one category to another, by whom and why; the row stays when it is decided."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="forwardings", verbose_name=_("entry")
    )
    source = models.ForeignKey(
        Category,
        models.PROTECT,
        related_name="+",
        verbose_name=_("from the category"),
    )
    target = models.ForeignKey(
        Category, models.PROTECT, related_name="+", verbose_name=_("to the category")
    )
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    confirmed = models.BooleanField(
        _("confirmed"), null=True, blank=True, editable=False
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(
        _("decided at"), null=True, blank=True, editable=False
    )

    objects = ForwardingQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry forwarded to another category")
        verbose_name_plural = _("entries forwarded to another category")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(decided_at=None),
                name="forwarding_one_open",
                violation_error_message=_(
                    "It is proposed already to forward this entry."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("target")),
                name="forwarding_elsewhere",
                violation_error_message=_("The entry is in this category already."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("by")),
                name="forwarding_by_two",
                violation_error_message=OWN_PROPOSAL,
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, confirmed=None, decided_by=None)
                | Q(
                    decided_at__isnull=False,
                    confirmed__isnull=False,
                    decided_by__isnull=False,
                ),
                name="forwarding_decided_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry}: {self.source} → {self.target}"

    @transaction.atomic
    def decide(self, by: User, *, confirmed: bool) -> None:
        """Confirm, which moves the entry and gives it to experts of the other panel, or decline.
        Raises MoveRefused."""
        rows = Forwarding.objects.select_for_update(of=("self",)).select_related("by")
        row = rows.get(pk=self.pk)
        if row.decided_at:
            raise MoveRefused(_("This has been decided already."))
        if by.is_same_person(row.by):
            raise MoveRefused(OWN_PROPOSAL)
        rivals = Entry.objects.filter(category__in=(row.source_id, row.target_id))
        if rivals.concerning(by).exists():
            raise MoveRefused(CONCERNED)
        if confirmed:
            row._move_entry()
        Forwarding.objects.filter(pk=self.pk).update(
            confirmed=confirmed, decided_by=by, decided_at=Now()
        )

    def _move_entry(self) -> None:
        entry = Entry.objects.select_for_update(of=("self",)).get(pk=self.entry_id)
        require_forwardable(entry)
        if entry.category_id != self.source_id:
            raise MoveRefused(_("The entry has changed its category meanwhile."))
        entry.category = self.target
        try:
            entry.validate_constraints()
        except ValidationError as error:
            raise MoveRefused(" ".join(error.messages)) from error
        was_assigned = list(Assignment.objects.filter(entry=entry))
        is_shared = Assignment.objects.filter(entry__category=self.target).exists()
        give_back(was_assigned)
        tell(entry.contest, [], was_assigned)
        entry.save(update_fields=["category", "updated_at"])
        if is_shared:
            assign(entry.contest, [entry.pk])


def require_forwardable(entry: Entry) -> None:
    """Raises MoveRefused unless the panel still has to decide on it."""
    entry.require_before_voting()
    if entry.status != Status.ACCEPTED:
        raise MoveRefused(
            _("Only entries on which the panel has not decided can be forwarded.")
        )


@transaction.atomic
def propose(entry: Entry, target: Category, by: User, reason: str) -> Forwarding:
    """Raises MoveRefused; ValidationError for what the constraints say."""
    entry = Entry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    require_forwardable(entry)
    if entry.category is None:
        raise MoveRefused(_("The entry has no category."))
    row = Forwarding(
        entry=entry, source=entry.category, target=target, by=by, reason=reason
    )
    row.full_clean()
    row.save()
    return row
