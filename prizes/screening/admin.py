"""Screening in the admin: the list of a contest, one entry after another, batches; the checks and
the canned reasons."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline

from accounts.user.models import User
from common.admin.deletion import DeletesMistakes
from common.admin.read_only import ReadOnlyAdmin
from common.forms.values import chosen_ids
from common.lists.paging import keyset_page
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.entry.workflow import Status
from prizes.screening import batch_pages
from prizes.screening.batch import ScreeningBatch, ScreeningBatchItem
from prizes.screening.forms import AnswersForm, ReasonsForm, ScreeningFilters
from prizes.screening.models import (
    EntryReason,
    EntryReasonText,
    Finding,
    Screening,
    ScreeningCheck,
)
from prizes.screening.queue import AT_MOST, assign, entries_for, officers, suggested
from prizes.screening.undo import let_mail_wait, undo_offered
from prizes.screening.usual import add_usual

ROWS = 20
DECISIONS = ("accept", "send_back", "refuse")
TWINS_SHOWN = 10


class ScreeningMixin(admin.ModelAdmin):
    """Pages of the screening beside the form of a contest."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("screening/", self.screening_view, "screening"),
            ("screening/accept/", self.accept_view, "screening_accept"),
            ("screening/return/", self.return_view, "screening_return"),
            ("screening/reject/", self.reject_view, "screening_reject"),
            ("screening/batches/<int:batch>/", self.batch_view, "screening_batch"),
            ("screening/<int:entry>/", self.entry_view, "screening_entry"),
        )
        return [
            *(
                path(
                    f"<int:pk>/{address}",
                    self.admin_site.admin_view(view),
                    name=f"prizes_contest_{name}",
                )
                for address, view, name in pages
            ),
            *super().get_urls(),
        ]

    # --- the list ---

    def screening_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The entries, filtered and in the chosen order; its buttons assign them."""
        contest = self.screened_contest(request, pk)
        if request.method == "POST":
            return self._post_to_list(request, contest)
        people = list(officers())
        filters = ScreeningFilters(contest, people, request.GET)
        rows = filters.apply(entries_for(request.user, contest), contest)
        context = self.screening_context(request, contest, gettext("Screening"))
        context |= {
            "filters": filters,
            "page": keyset_page(request, rows, ROWS),
            "query": request.GET.urlencode(),
            "officers": people,
            "checks": contest.checks.count(),
            "progress": progress_of(contest),
        }
        return render(request, "admin/prizes/screening/list.html", context)

    def _post_to_list(self, request: HttpRequest, contest: Contest) -> HttpResponse:
        if "usual" in request.POST:
            add_usual(contest)
            self.log_change(request, contest, "screening: usual checks and reasons")
        else:
            self._share_out(request, contest)
        query = request.GET.urlencode()
        return redirect(f"{request.path}?{query}" if query else request.path)

    def _share_out(self, request: HttpRequest, contest: Contest) -> None:
        """The selected entries, or all that nobody has, to the selected officers."""
        chosen = set(chosen_ids(",".join(request.POST.getlist("officers")), AT_MOST))
        people = [one for one in officers() if one.pk in chosen]
        if not people:
            messages.error(request, gettext("Select at least one officer."))
            return
        ids = None
        if "selected" in request.POST:
            ids = chosen_ids(",".join(request.POST.getlist("ids")), AT_MOST)
        given = assign(contest, people, ids)
        told = ", ".join(f"{one}: {count}" for one, count in given.items())
        messages.success(request, gettext("Assigned – %(numbers)s") % {"numbers": told})
        self.log_change(request, contest, f"screening: {told}")

    # --- one entry ---

    def entry_view(self, request: HttpRequest, pk: int, entry: int) -> HttpResponse:
        """One entry with its checks; the buttons store the answers, decide, and go on."""
        contest = self.screened_contest(request, pk)
        rows = entries_for(request.user, contest).select_related("owner", "contest")
        if request.method != "POST":
            return self._entry_page(request, get_object_or_404(rows, pk=entry))
        with transaction.atomic():
            locked = rows.select_for_update(of=("self",))
            return self._save(request, get_object_or_404(locked, pk=entry))

    def _forms(
        self, request: HttpRequest, entry: Entry, data: Any = None
    ) -> tuple[AnswersForm, list[ReasonsForm]]:
        screening = Screening.objects.filter(entry=entry).first()
        screening = screening or Screening(entry=entry)
        checks = list(entry.contest.checks.all())
        twins = list(Entry.objects.all().likely_twins_of(entry)[:TWINS_SHOWN])
        offered = list(EntryReason.objects.offered(entry.contest))
        language = get_language() or "en"
        answers = AnswersForm(screening, checks, data, suggested(entry, checks, twins))
        answers.twins = twins
        return answers, [
            ReasonsForm(move, offered, language, data)
            for move in ("send_back", "refuse")
        ]

    def _entry_page(
        self,
        request: HttpRequest,
        entry: Entry,
        forms: Any = None,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        answers, reasons = forms or self._forms(request, entry)
        before, after, place, total = self._neighbours(request, entry)
        context = self.screening_context(request, entry.contest, str(entry))
        context |= {
            "entry": entry,
            "form": answers,
            "reasons": reasons,
            "twins": answers.twins,
            "refusal": refusal,
            "before": before,
            "after": after,
            "place": place,
            "total": total,
            "query": request.GET.urlencode(),
            "decidable": entry.status == Status.SUBMITTED,
            "can_reopen": entry.status == Status.ACCEPTED,
            "undo_until": undo_offered(entry, request.user),  # type: ignore[arg-type]  # staff
            "history": entry.history()[:TWINS_SHOWN],
        }
        page = "admin/prizes/screening/entry.html"
        return render(request, page, context, status=status)

    def _neighbours(
        self, request: HttpRequest, entry: Entry
    ) -> tuple[int | None, int | None, int, int]:
        """The entries before and after in the list from which this one was opened, its place
        there (0: it is not in it any more), and how many there are. One query."""
        filters = ScreeningFilters(entry.contest, officers(), request.GET)
        rows = filters.apply(entries_for(request.user, entry.contest), entry.contest)
        ids = list(rows.values_list("pk", flat=True)[:AT_MOST])
        if entry.pk not in ids:
            return None, ids[0] if ids else None, 0, len(ids)
        place = ids.index(entry.pk)
        before = ids[place - 1] if place else None
        after = ids[place + 1] if place + 1 < len(ids) else None
        return before, after, place + 1, len(ids)

    def _save(self, request: HttpRequest, entry: Entry) -> HttpResponse:
        """Store the answers; then decide, if a button says so, and open the next entry."""
        forms = answers, reasons = self._forms(request, entry, request.POST)
        after = self._neighbours(request, entry)[1]
        valid = answers.is_valid()
        move = request.POST.get("move", "")
        all_yes = move == "pass"
        form = next((one for one in reasons if one.move == move), None)
        if answers.conflicts:
            return self._entry_page(request, entry, forms, status=409)
        if not valid or (form is not None and not form.is_valid()):
            return self._entry_page(request, entry, forms, status=400)
        screening = answers.instance
        screening.note = answers.cleaned_data["note"]
        screening.updated_by = request.user
        screening.screener = screening.screener or request.user
        screening.save()
        screening.store_answers(answers.answers(all_yes=all_yes))
        screening.save()
        if refusal := self._decide(request, entry, "accept" if all_yes else move, form):
            return self._entry_page(request, entry, forms, refusal, 409)
        query = request.GET.urlencode()
        if move == "undo":
            return redirect(request.get_full_path())
        if after is None:
            messages.success(request, gettext("This was the last entry of the list."))
            page = reverse("admin:prizes_contest_screening", args=[entry.contest_id])
        else:
            page = reverse(
                "admin:prizes_contest_screening_entry", args=[entry.contest_id, after]
            )
        return redirect(f"{page}?{query}" if query else page)

    def _decide(
        self, request: HttpRequest, entry: Entry, move: str, form: ReasonsForm | None
    ) -> str:
        """Make the move of the button; returns a sentence when it was refused, else ""."""
        if move not in (*DECISIONS, "reopen", "undo"):
            return ""
        if move == "undo" and not undo_offered(entry, request.user):  # type: ignore[arg-type]  # staff
            return gettext("This can no longer be undone.")
        language = entry.owner.language if entry.owner else "en"
        note = form.note_for(language) if form else ""
        try:
            with transaction.atomic():
                moved = entry.move(move, request.user, note)
                let_mail_wait(moved, move)
        except MoveRefused as error:
            return str(error.message)
        except ValidationError as error:
            return " ".join(error.messages)
        self._tell(request, moved)
        return ""

    def _tell(self, request: HttpRequest, moved: Entry) -> None:
        """What the decision was, and the way back to it: the page shows the next entry by now."""
        told = f"{moved}: {moved.get_status_display()}"
        if not undo_offered(moved, request.user):  # type: ignore[arg-type]  # staff
            messages.success(request, told)
            return
        page = reverse(
            "admin:prizes_contest_screening_entry", args=[moved.contest_id, moved.pk]
        )
        link = format_html('<a href="{}#undo">{}</a>', page, gettext("Undo …"))
        messages.success(request, format_html("<bdi>{}</bdi> {}", told, link))

    # --- batches ---

    def accept_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._batch_of(request, pk, "accept")

    def return_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._batch_of(request, pk, "send_back")

    def reject_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._batch_of(request, pk, "refuse")

    def _batch_of(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        contest = self.screened_contest(request, pk)
        return batch_pages.preview(self, request, contest, move)

    def batch_view(self, request: HttpRequest, pk: int, batch: int) -> HttpResponse:
        contest = self.screened_contest(request, pk)
        return batch_pages.progress(self, request, contest, batch)

    # --- what the pages share ---

    def screened_contest(self, request: HttpRequest, pk: int) -> Contest:
        if not request.user.has_perm("prizes.change_entry"):
            raise PermissionDenied
        return get_object_or_404(Contest.objects.prefetch_related("phases"), pk=pk)

    def screening_context(
        self, request: HttpRequest, contest: Contest, title: str
    ) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "contest": contest,
        }


def progress_of(contest: Contest) -> list[tuple[Any, Any]]:
    """Each screener with the numbers of `Screening.objects.progress`, busiest first."""
    rows = list(Screening.objects.progress(contest))
    people = User.objects.in_bulk([row[0] for row in rows if row[0]]) if rows else {}
    named = [(people.get(row[0]) or gettext("Nobody"), row[1:]) for row in rows]
    return sorted(named, key=lambda row: -row[1][0])


class CheckInline(TranslationTabularInline):
    model = ScreeningCheck
    extra = 0


class ReasonTextInline(admin.TabularInline):
    model = EntryReasonText
    extra = 0
    max_num = 6


@admin.register(ScreeningCheck)
class ScreeningCheckAdmin(DeletesMistakes, TranslationAdmin):
    list_display = ("contest", "order", "text", "finds")
    list_select_related = ("contest",)
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter),)
    search_fields = ("text",)


@admin.register(EntryReason)
class EntryReasonAdmin(DeletesMistakes):
    """A change affects new decisions only: past ones keep the text that was sent."""

    goes_along = (EntryReasonText,)
    list_display = ("contest", "move", "order", "name", "active")
    list_filter = ("move", "active", ("contest", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("contest",)
    search_fields = ("texts__label", "texts__text")
    inlines = (ReasonTextInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("texts")

    @admin.display(description=_("short name"))
    def name(self, reason: EntryReason) -> str:
        return str(reason)


@admin.register(ScreeningBatch)
class ScreeningBatchAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "contest", "by", "state", "finished_at", "undo_at")
    list_filter = ("state",)
    list_select_related = ("by", "contest")


class NotOfOwnEntries(ReadOnlyAdmin):
    """Without rows of entries that concern the reader; `entry_path` leads to the entry."""

    entry_path = "entry"

    def get_queryset(self, request: HttpRequest) -> Any:
        own = Entry.objects.concerning(request.user).order_by().values("pk")
        return super().get_queryset(request).exclude(**{f"{self.entry_path}__in": own})


@admin.register(Screening)
class ScreeningAdmin(NotOfOwnEntries):
    list_display = ("entry", "screener", "state", "updated_by", "updated_at")
    list_filter = ("state",)
    list_select_related = ("entry", "screener", "updated_by")


@admin.register(Finding)
class FindingAdmin(NotOfOwnEntries):
    entry_path = "screening__entry"
    list_display = ("screening", "screening_check", "answer", "note")
    list_filter = ("answer",)
    list_select_related = ("screening__entry", "screening_check")


@admin.register(ScreeningBatchItem)
class ScreeningBatchItemAdmin(NotOfOwnEntries):
    list_display = ("batch", "entry", "outcome", "sentence")
    list_filter = ("outcome",)
    list_select_related = ("batch", "entry")


@admin.register(EntryReasonText)
class EntryReasonTextAdmin(ReadOnlyAdmin):
    """Texts are edited on the page of their reason."""

    list_display = ("reason", "language", "label")
    list_filter = ("language",)
    list_select_related = ("reason",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("reason__texts")
