"""Expert panels in the admin: seats, assignments, conflicts, reviews, choices of winners."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.functions import Now
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.role.roles import Role
from common.admin.deletion import DeletesMistakes
from common.admin.people import label_of
from common.admin.read_only import KeptAdmin, ReadOnlyAdmin
from common.dates.admin import ZonedAdmin
from common.moves.workflow import MoveRefused
from common.text.digits import whole_number
from prizes.base.admin import of_contest
from prizes.contest.models import Category, Contest
from prizes.entry.models import Entry
from prizes.entry.querysets import REVIEWERS
from prizes.panel.anonymous import RedactedText
from prizes.panel.assigning import assign, replace
from prizes.panel.decision import Assignment, Choice
from prizes.panel.delegation import Delegation
from prizes.panel.forwarding import Forwarding
from prizes.panel.models import Conflict, Panel, PanelMember, Review, Score
from prizes.panel.ties import OrganizationTie


class SeatInline(admin.TabularInline):
    model = PanelMember
    extra = 1


class CategoryField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.contest}: {obj.action_line_id} {obj.action_line}"


@admin.register(Panel)
class PanelAdmin(DeletesMistakes, KeptAdmin):
    """Offers the categories without a panel, those of one contest with `?contest=…`."""

    goes_along = (PanelMember,)
    list_display = ("category", "reviews_per_entry", "load_cap")
    actions = ("share_out",)
    list_select_related = ("category__contest",)
    search_fields = ("category__contest__title", "category__action_line__code")
    inlines = (SeatInline,)

    def formfield_for_foreignkey(
        self, db_field: Any, request: Any, **kwargs: Any
    ) -> Any:
        if db_field.name == "category":
            match = request.resolver_match
            own = whole_number(match.kwargs.get("object_id", "")) if match else None
            free = Q(panel=None) | Q(panel=own)
            rows = Category.objects.filter(free).select_related(
                "contest", "action_line"
            )
            kwargs["queryset"] = of_contest(request, rows, "contest").order_by(
                "-contest__year", "number"
            )
            kwargs["form_class"] = CategoryField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def kept_because(self, record: Panel) -> str:
        given = Assignment.objects.filter(entry__category=record.category_id)
        written = Review.objects.filter(entry__category=record.category_id)
        if given.exists() or written.exists():
            return gettext("Its experts have entries to review already.")
        return super().kept_because(record)

    def save_formset(
        self,
        request: HttpRequest,
        form: ModelForm,
        formset: BaseModelFormSet,
        change: bool,
    ) -> None:
        """A person who is given a seat also gets access to what the seat is for."""
        super().save_formset(request, form, formset, change)
        for seat in form.instance.seats.select_related("expert"):
            if seat.expert.roles & REVIEWERS:
                continue
            seat.expert.grant(Role.EXPERT)
            sentence = gettext("%(person)s now has the role of expert.")
            messages.info(request, sentence % {"person": label_of(seat.expert)})
            self.log_change(request, seat.expert, f"{Role.EXPERT}: {form.instance}")

    @admin.action(description=_("Assign the entries to the experts"))
    def share_out(self, request: HttpRequest, chosen: QuerySet[Panel]) -> None:
        """The panels of one contest together: who sits on several gets one mail."""
        rows = chosen.select_related("category__contest").order_by("category")
        by_contest: dict[Contest, list[Panel]] = {}
        for row in rows:
            by_contest.setdefault(row.category.contest, []).append(row)
        for contest, panels in by_contest.items():
            entries = Entry.objects.filter(category__panel__in=panels)
            shared = assign(contest, entries.order_by().values_list("pk", flat=True))
            panel = ", ".join(str(row) for row in panels)
            level = messages.WARNING if shared.short else messages.SUCCESS
            sentence = gettext(
                "%(panel)s: %(made)d assignments made; entries without enough "
                "experts: %(short)d."
            )
            values = {
                "panel": panel,
                "made": len(shared.made),
                "short": shared.short,
            }
            messages.add_message(request, level, sentence % values)
            if shared.replaced:
                sentence = gettext(
                    "%(panel)s: assignments taken back because the expert has left the panel or "
                    "has a conflict of interest: %(count)d."
                )
                messages.info(
                    request, sentence % {"panel": panel, "count": shared.replaced}
                )


class NotOwnEntries(admin.ModelAdmin):
    """Without rows of entries that concern the reader: no officer sees who reviews their own
    entry, and how."""

    entry_path = "entry"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        own = Entry.objects.concerning(request.user).values("pk")
        return super().get_queryset(request).exclude(**{f"{self.entry_path}__in": own})


class ReviewFilter(admin.SimpleListFilter):
    """The same assignments that the first page of the admin counts."""

    title = _("review")
    parameter_name = "review"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [("missing", _("Not submitted"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.without_review() if self.value() == "missing" else queryset


class AssignmentForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        """Entries are assigned to experts of their category's panel."""
        data = super().clean() or self.cleaned_data
        entry, person = data.get("entry"), data.get("expert")
        if entry and person:
            seats = PanelMember.objects.filter(
                panel__category=entry.category_id, expert=person
            )
            if not seats.exists():
                sentence = gettext(
                    "%(person)s has no seat on the panel of %(category)s."
                )
                values = {"person": label_of(person), "category": entry.category}
                self.add_error("expert", sentence % values)
        return data


@admin.register(Assignment)
class AssignmentAdmin(NotOwnEntries):
    """An expert who is not available is replaced here; existing reviews stay."""

    form = AssignmentForm

    show_full_result_count = False
    list_per_page = 50
    list_display = ("entry", "expert", "at")
    list_filter = (ReviewFilter, ("entry__contest", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("entry", "expert")
    search_fields = ("entry__title", "expert__email")
    autocomplete_fields = ("entry",)


class OpenFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [("open", _("Not decided yet"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.open() if self.value() == "open" else queryset


@admin.register(Forwarding)
class ForwardingAdmin(NotOwnEntries, ZonedAdmin, ReadOnlyAdmin):
    """The secretariat confirms what a chair has proposed, or declines it."""

    zone_from = ("source", "contest")
    list_display = ("entry", "source", "target", "reason", "by", "at", "confirmed")
    list_filter = (OpenFilter,)
    list_select_related = ("entry", "source__contest", "target__contest", "by")
    search_fields = ("entry__title", "reason")
    actions = ("confirm", "decline")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("prizes.change_entry")

    @admin.action(description=_("Confirm"), permissions=["decide"])
    def confirm(self, request: HttpRequest, chosen: QuerySet[Forwarding]) -> None:
        self._decide(request, chosen, confirmed=True)

    @admin.action(description=_("Decline"), permissions=["decide"])
    def decline(self, request: HttpRequest, chosen: QuerySet[Forwarding]) -> None:
        self._decide(request, chosen, confirmed=False)

    def _decide(
        self, request: HttpRequest, chosen: QuerySet[Forwarding], *, confirmed: bool
    ) -> None:
        for row in chosen.select_related("entry"):
            try:
                row.decide(request.user, confirmed=confirmed)  # type: ignore[arg-type]  # signed in
            except MoveRefused as refused:
                messages.error(request, f"{row.entry}: {refused.message}")
                continue
            self.log_change(request, row, "confirm" if confirmed else "decline")
            sentence = (
                gettext("%(entry)s is now in the category %(category)s.")
                if confirmed
                else gettext("%(entry)s stays in its category, not %(category)s.")
            )
            values = {"entry": row.entry, "category": row.target}
            messages.success(request, sentence % values)


@admin.register(Delegation)
class DelegationAdmin(NotOwnEntries, ReadOnlyAdmin):
    fields = (
        "entry",
        "expert",
        "email",
        "colleague",
        "message",
        "asked_at",
        "accepted_at",
        "sent_at",
        "ended_at",
    )
    list_display = ("entry", "expert", "email", "colleague", "accepted_at", "ended_at")
    list_select_related = ("entry", "expert", "colleague")
    search_fields = ("entry__title", "expert__email", "colleague__email", "email")


@admin.register(Choice)
class ChoiceAdmin(NotOwnEntries, ZonedAdmin, ReadOnlyAdmin):
    entry_path = "panel__category__entries"
    zone_from = ("panel", "category", "contest")
    list_display = ("panel", "expert", "entry", "reason", "at", "standing")
    list_filter = ("standing",)
    list_select_related = ("panel__category__contest", "expert", "entry")
    search_fields = ("expert__email", "entry__title", "reason")


@admin.register(PanelMember)
class PanelMemberAdmin(ReadOnlyAdmin):
    list_display = ("panel", "expert", "is_chair")
    list_filter = ("is_chair",)
    list_select_related = ("panel__category__contest", "expert")
    search_fields = ("expert__email",)


@admin.register(Conflict)
class ConflictAdmin(NotOwnEntries, KeptAdmin):
    """An expert whose conflict is recorded here is replaced in the same moment."""

    list_display = ("expert", "entry", "reason", "by", "at")
    list_select_related = ("expert", "entry", "by")
    search_fields = ("expert__email", "entry__title", "reason")
    autocomplete_fields = ("entry",)

    def save_model(
        self, request: HttpRequest, obj: Conflict, form: ModelForm, change: bool
    ) -> None:
        if not change:
            obj.by_id = request.user.pk
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            replace(obj.entry, obj.expert, asked_by=request.user)  # type: ignore[arg-type]  # staff


@admin.register(OrganizationTie)
class OrganizationTieAdmin(admin.ModelAdmin):
    """Experts of one organization do not review entries of the other."""

    fields = ("organization", "kind", "other")
    list_display = ("organization", "kind", "other", "at")
    list_filter = ("kind",)
    list_select_related = ("organization", "other")
    list_per_page = 50
    search_fields = ("organization__name", "other__name")
    autocomplete_fields = ("organization", "other")
    show_full_result_count = False


class ScoreInline(admin.TabularInline):
    model = Score
    extra = 0


@admin.register(RedactedText)
class RedactedTextAdmin(NotOwnEntries, ReadOnlyAdmin):
    """What experts read where reviews are without names; it stands once one has reviewed by it."""

    fields = ("entry", "original", "title", "description")
    readonly_fields = ("entry", "original")
    list_display = ("title", "entry", "updated_at")
    list_select_related = ("entry",)
    search_fields = ("title", "entry__title")

    @admin.display(description=_("text of the entry"))
    def original(self, row: RedactedText) -> str:
        return row.entry.description

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        may = admin.ModelAdmin.has_change_permission(self, request, obj)
        return may and not (isinstance(obj, RedactedText) and obj.is_read)


class FeedbackFilter(admin.SimpleListFilter):
    title = _("feedback for the entrant")
    parameter_name = "feedback"

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin
    ) -> list[tuple[str, Any]]:
        return [("open", _("Not approved yet")), ("approved", _("Approved"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "open":
                return queryset.feedback_to_approve()
            case "approved":
                return queryset.exclude(feedback_approved_at=None)
        return queryset


@admin.register(Review)
class ReviewAdmin(NotOwnEntries, ReadOnlyAdmin):
    list_display = (
        "entry",
        "reviewer",
        "state",
        "feedback",
        "feedback_approved_at",
        "updated_at",
    )
    list_filter = ("state", FeedbackFilter)
    list_select_related = ("entry", "reviewer")
    search_fields = ("entry__title", "reviewer__email", "feedback")
    inlines = (ScoreInline,)
    actions = ("approve_feedback", "withdraw_feedback")

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("prizes.change_entry")

    @admin.action(
        description=_("Approve the feedback for the entrants"), permissions=["approve"]
    )
    def approve_feedback(self, request: HttpRequest, chosen: Any) -> None:
        rows = list(chosen.feedback_to_approve())
        Review.objects.filter(pk__in=[row.pk for row in rows]).update(
            feedback_approved_at=Now()
        )
        self._say(request, rows, "approve feedback")

    @admin.action(
        description=_("Withdraw the approval of the feedback"), permissions=["approve"]
    )
    def withdraw_feedback(self, request: HttpRequest, chosen: Any) -> None:
        rows = list(chosen.exclude(feedback_approved_at=None))
        Review.objects.filter(pk__in=[row.pk for row in rows]).update(
            feedback_approved_at=None
        )
        self._say(request, rows, "withdraw feedback")

    def _say(self, request: HttpRequest, rows: list[Review], what: str) -> None:
        for row in rows:
            self.log_change(request, row, what)
        sentence = ngettext(
            "%(count)d text of feedback changed.",
            "%(count)d texts of feedback changed.",
            len(rows),
        )
        messages.success(request, sentence % {"count": len(rows)})


@admin.register(Score)
class ScoreAdmin(NotOwnEntries, ReadOnlyAdmin):
    entry_path = "review__entry"
    list_display = ("review", "criterion", "value")
    list_select_related = ("review__entry", "review__reviewer", "criterion")
    search_fields = ("review__entry__title",)
