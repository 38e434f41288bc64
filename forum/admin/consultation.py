"""Phases and submissions of the open consultation."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from common.workflow import MoveRefused
from forum.admin import merging
from forum.admin.moves import KeptAdmin, MovesAdmin
from forum.models import Phase, Submission
from forum.workflow import SUBMISSION_WORKFLOW, SubmissionStatus


@admin.register(Phase)
class PhaseAdmin(KeptAdmin):
    list_display = (
        "edition",
        "number",
        "name",
        "opens_on",
        "closes_on",
        "takes_submissions",
    )
    list_filter = (("edition", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("edition",)
    search_fields = ("name",)


@admin.register(Submission)
class SubmissionAdmin(MovesAdmin):
    """Name the session or the other submission, save, then press the move."""

    workflow = SUBMISSION_WORKFLOW
    list_display = (
        "title",
        "status_tag",
        "kind",
        "organisation_name",
        "country",
        "session",
        "submitted_at",
    )
    list_filter = (
        "status",
        "kind",
        ("edition", admin.RelatedOnlyFieldListFilter),
        "stakeholder_type",
        "country__region",
    )
    list_select_related = ("country", "session", "edition")
    search_fields = ("title", "organisation_name", "owner__email")
    ordering = ("submitted_at", "pk")
    actions = (merging.merge_into_session,)
    autocomplete_fields = ("session", "merged_into")
    readonly_fields = ("edition", "owner", "status", "submitted_at", "history")
    change_form_template = "admin/forum/submission/change_form.html"
    formfield_overrides = KeptAdmin.formfield_overrides | {
        models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}
    }

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.merge_view)
        session = self.admin_site.admin_view(self.session_view)
        return [
            path("merge/", view, name="forum_submission_merge"),
            path("<int:pk>/session/", session, name="forum_submission_session"),
            *super().get_urls(),
        ]

    def session_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The button beside an accepted request; then the draft session that was made of it."""
        if request.method != "POST":
            raise Http404
        if not self.has_change_permission(request):
            raise PermissionDenied
        submission = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            session = submission.make_session(request.user)
        except MoveRefused as refused:
            messages.error(request, f"{submission}: {refused.message}")
            return redirect("admin:forum_submission_change", pk)
        messages.success(request, _("The session is now a draft."))
        return redirect("admin:forum_session_change", session.pk)

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        return merging.page(self, request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Submissions are written by their authors."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Submission]:
        """Drafts belong to their authors alone."""
        return super().get_queryset(request).exclude(status=SubmissionStatus.DRAFT)
