"""Phases, criteria and reviewers in the admin."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.dates.admin import ZonedAdmin
from forum.base.admin import DeletesWithParts
from forum.review.asking import ask
from forum.review.models import ReviewCriterion, Reviewer, ReviewPhase
from forum.room.admin import OfComingEdition

EDITION = ("edition", admin.RelatedOnlyFieldListFilter)


@admin.register(ReviewPhase)
class ReviewPhaseAdmin(DeletesWithParts, OfComingEdition):
    list_display = (
        "name",
        "edition",
        "opens_on",
        "closes_on",
        "takes_reviews",
        "shows_names",
        "others",
    )
    list_filter = (EDITION,)
    list_select_related = ("edition",)
    search_fields = ("name",)
    list_per_page = 50


@admin.register(ReviewCriterion)
class ReviewCriterionAdmin(DeletesWithParts, OfComingEdition):
    list_display = ("text", "edition", "order", "weight", "scale")
    list_filter = (EDITION,)
    list_select_related = ("edition",)
    search_fields = ("text",)
    list_per_page = 50


@admin.register(Reviewer)
class ReviewerAdmin(ZonedAdmin, DeletesWithParts, OfComingEdition):
    zone_from = ("edition",)
    list_display = (
        "user",
        "track",
        "edition",
        "accepted",
        "asked_at",
        "answered_at",
        "reminded_at",
    )
    readonly_fields = ("asked_at", "answered_at", "reminded_at")
    actions = ("ask_by_mail",)
    list_filter = (EDITION, "accepted", "track")
    list_select_related = ("edition", "track", "user")
    search_fields = ("user__email", "user__last_name")
    list_per_page = 50

    @admin.action(description=_("Ask by e-mail, or remind"), permissions=["change"])
    def ask_by_mail(self, request: HttpRequest, chosen: QuerySet[Reviewer]) -> None:
        mails, left_out = ask(chosen)  # type: ignore[arg-type]  # its own queryset
        sentence = ngettext(
            "%(count)d person is asked by e-mail.",
            "%(count)d people are asked by e-mail.",
            mails,
        )
        messages.success(request, sentence % {"count": mails})
        if left_out:
            sentence = gettext(
                "Left out, because they were answered or asked in the last three days, or the "
                "account is closed: %(count)d."
            )
            messages.warning(request, sentence % {"count": left_out})
