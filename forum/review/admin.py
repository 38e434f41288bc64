"""Phases, criteria and reviewers in the admin."""

from django.contrib import admin

from forum.base.admin import DeletesWithParts
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
class ReviewerAdmin(DeletesWithParts, OfComingEdition):
    list_display = ("user", "track", "edition")
    list_filter = (EDITION, "track")
    list_select_related = ("edition", "track", "user")
    search_fields = ("user__email", "user__last_name")
    list_per_page = 50
