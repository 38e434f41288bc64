"""Badges of an edition as one file."""

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from forum.badge.drawing import pdf_of
from forum.badge.forms import ONLY_NEW, BadgePrintForm
from forum.badge.models import Badge
from forum.printing.kinds import PrintKind, register


@register
class BadgePrint(PrintKind):
    name, title, form = "badges", _("Badges"), BadgePrintForm

    def rows(self) -> list[Badge]:
        """Of approved registrations, by name, so that they can be laid out in order."""
        Badge.objects.issue_all(self.job.edition)
        badges = Badge.objects.of_edition(self.job.edition).approved()
        which = Q(registration__attendance=self.options["attendance"])
        if self.options["which"] == ONLY_NEW:
            which &= Q(printed_at=None)
        in_order = badges.filter(which).for_print().order_by("registration__name", "pk")
        return list(in_order)

    def document(self, rows: list[Badge]) -> bytes:
        with translation.override(self.options["language"]):
            return pdf_of(rows, self.options["layout"])

    def finish(self, rows: list[Badge]) -> None:
        printed = Badge.objects.filter(pk__in=[badge.pk for badge in rows])
        printed.update(printed_at=timezone.now())
