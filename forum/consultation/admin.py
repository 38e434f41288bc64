"""Phases of the consultation and its submissions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.admin.read_only import KeptAdmin
from common.forms.together import Misplaced, RowForm, TogetherFormSet
from common.moves.workflow import MoveRefused
from forum.base.admin import MovesAdmin
from forum.consultation import merging_admin
from forum.consultation.kinds_admin import KindFilter
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind, Phase, misplaced
from forum.consultation.workflow import SUBMISSION_WORKFLOW, SubmissionStatus

PHASES_APART = "phase_number_once, phase_one_at_a_time"  # constraints of the database


class PhaseForm(RowForm):
    def validate_constraints(self) -> None:
        """The form set validates numbers and days against the other phases as they will be."""
        try:
            self.instance.validate_constraints(exclude={"edition"})
        except ValidationError as error:
            self._update_errors(error)  # type: ignore[attr-defined]  # of ModelForm


class PhaseFormSet(TogetherFormSet):
    def judge(self, records: list[Phase]) -> list[Misplaced]:
        return misplaced(records)

    def save(self, commit: bool = True) -> list[Phase]:
        """Rows are saved one by one; the order of phases is checked when all are saved."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {PHASES_APART} DEFERRED")
            saved: list[Phase] = super().save(commit)
            cursor.execute(f"SET CONSTRAINTS {PHASES_APART} IMMEDIATE")
        return saved


class PhaseInline(admin.TabularInline):
    model = Phase
    form = PhaseForm
    formset = PhaseFormSet
    fields = ("number", "name", "opens_on", "closes_on", "takes_submissions")
    extra = 0


@admin.action(
    description=gettext_lazy("Make a session of each of the selected requests"),
    permissions=["change"],
)
def make_sessions(
    desk: admin.ModelAdmin, request: HttpRequest, chosen: models.QuerySet
) -> None:
    """Each accepted request becomes a draft session; what cannot is named with the reason."""
    made = 0
    for submission in chosen:
        try:
            submission.make_session(request.user)
        except MoveRefused as refused:
            messages.error(request, f"{submission}: {refused.message}")
        else:
            made += 1
    if made:
        sentence = ngettext(
            "%(count)d session is now a draft.",
            "%(count)d sessions are now drafts.",
            made,
        )
        messages.success(request, sentence % {"count": made})


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
    """Choose the session or the other submission, save, then press the button of the move."""

    workflow = SUBMISSION_WORKFLOW
    list_display = (
        "title",
        "status_tag",
        "kind",
        "organization_name",
        "country",
        "session",
        "submitted_at",
    )
    list_filter = (
        "status",
        KindFilter,
        ("edition", admin.RelatedOnlyFieldListFilter),
        "track",
        "stakeholder_type",
        "country__region",
    )
    list_select_related = ("country", "session", "edition", "kind")
    search_fields = ("title", "organization_name", "owner__email")
    ordering = ("submitted_at", "pk")
    actions = (make_sessions, merging_admin.merge_into_session)
    autocomplete_fields = ("session", "merged_into")
    readonly_fields = (
        "edition",
        "owner",
        "answers_text",
        "status",
        "submitted_at",
        "history",
    )
    change_form_template = "admin/forum/submission/change_form.html"
    formfield_overrides = {
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
        """The button on an accepted request; leads to the draft session made from it."""
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
        return merging_admin.page(self, request)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **options: Any
    ) -> forms.ModelChoiceField | None:
        """Kinds of its own edition only."""
        if db_field.name == "kind" and request.resolver_match:
            record = request.resolver_match.kwargs.get("object_id")
            kinds = InputKind.objects.filter(edition__submissions=record)
            options["queryset"] = kinds
        field: forms.ModelChoiceField | None = super().formfield_for_foreignkey(
            db_field, request, **options
        )
        return field

    def get_readonly_fields(
        self, request: HttpRequest, obj: Submission | None = None
    ) -> tuple[str, ...]:
        """Staff may end the publication for an author who asks for it, but not agree to it in the
        author's place."""
        consent = ("is_public",) if obj and not obj.is_public else ()
        return (*super().get_readonly_fields(request, obj), *consent)

    @admin.display(description=gettext_lazy("answers"))
    def answers_text(self, submission: Submission) -> SafeString | str:
        rows = submission.answers_in_words()
        return format_html_join("", "<p><b>{}</b><br>{}</p>", rows) or "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Submissions are written by their authors."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Submission]:
        """Drafts are visible to their authors only."""
        return super().get_queryset(request).exclude(status=SubmissionStatus.DRAFT)
