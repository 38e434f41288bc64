"""The pages of a contest's year in the admin: what is missing when, and the control room of its
panels."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext, ngettext

from common.tables.csv_files import csv_response
from common.tables.xlsx import workbook_response
from common.text.digits import whole_number
from prizes.ballot.order import exposure
from prizes.contest.models import Contest
from prizes.entry.models import Entry
from prizes.panel.anonymous import prepare
from prizes.panel.assigning import assign, remind
from prizes.screening.admin import progress_of
from prizes.year.agenda import Year
from prizes.year.copying_admin import page as copy_page
from prizes.year.dropping_out import page as dropping_out_page
from prizes.year.forms import PanelsForm
from prizes.year.panels import COLUMNS, ControlRoom, make_panels

FORMS = ("csv", "xlsx")


class YearMixin(admin.ModelAdmin):
    """Pages beside the form of a contest."""

    change_form_template = "admin/prizes/contest/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("copy/", self.copy_view, "copy"),
            ("year/", self.year_view, "year"),
            ("panels/", self.panels_view, "panels"),
            ("exposure/", self.exposure_view, "exposure"),
            ("panels/missing.<str:file_format>", self.missing_view, "missing"),
            (
                "panels/dropping-out/<int:expert>/",
                self.dropping_out_view,
                "dropping_out",
            ),
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

    def copy_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return copy_page(self, request, pk)

    def year_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The phases on a line, what is missing before each, and the next step."""
        contest = self._contest(request, pk)
        year = Year(contest, timezone.now())
        context = self._context(request, contest, gettext("The year"))
        context |= {
            "year": year,
            "rtl": get_language_bidi(),
            "screening": progress_of(contest),
        }
        return render(request, "admin/prizes/contest/year.html", context)

    def panels_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far panels and experts are; its buttons remind, assign entries again, and make the
        panels that are missing."""
        contest = self._contest(request, pk)
        form = PanelsForm(request.POST if "create" in request.POST else None)
        if request.method == "POST" and not (form.is_bound and not form.is_valid()):
            if form.is_bound:
                self._create(request, contest, form)
            elif "redact" in request.POST:
                self._redact(request, contest)
            elif "assign" in request.POST:
                self._assign(request, contest)
            else:
                self._remind(request, contest)
            return redirect("admin:prizes_contest_panels", contest.pk)
        room = ControlRoom(contest, request.user)
        context = self._context(request, contest, gettext("Control room of the panels"))
        context |= {
            "panels": room.panels(),
            "experts": room.experts(),
            "form": form,
            "without": contest.categories.filter(panel=None).count(),
        }
        return render(request, "admin/prizes/contest/panels.html", context)

    def dropping_out_view(
        self, request: HttpRequest, pk: int, expert: int
    ) -> HttpResponse:
        contest = self._contest(request, pk)
        title = gettext("An expert drops out")
        context = self._context(request, contest, title)
        return dropping_out_page(self, request, contest, expert, context)

    def exposure_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To how many voters each nominee was shown, by category, least first."""
        contest = self._contest(request, pk)
        shown = exposure(contest)
        nominees = Entry.objects.on_ballot().filter(contest=contest)
        rows: dict[Any, list[tuple[Entry, int]]] = {}
        listed = nominees.select_related("category").order_by("category__number", "pk")
        for entry in listed.defer("words", "answers", "description"):
            rows.setdefault(entry.category, []).append((entry, shown.get(entry.pk, 0)))
        places = []
        for place, pairs in rows.items():
            pairs.sort(key=lambda pair: pair[1])
            places.append((place, pairs, pairs[0][1], pairs[-1][1]))
        context = self._context(request, contest, gettext("Exposure of nominees"))
        context |= {"places": places}
        return render(request, "admin/prizes/contest/exposure.html", context)

    def missing_view(
        self, request: HttpRequest, pk: int, file_format: str
    ) -> HttpResponse:
        """The missing reviews as a sheet, a row each."""
        contest = self._contest(request, pk)
        if file_format not in FORMS:
            raise Http404
        head = [str(column) for column in COLUMNS]
        head[5] = f"{head[5]} ({contest.zone.label})"
        rows = ControlRoom(contest, request.user).sheet()
        name = f"missing-reviews-{contest.slug}.{file_format}"
        if file_format == "csv":
            return csv_response(name, [head, *rows])
        title = gettext("Missing reviews")
        return workbook_response(name, [head], rows, title, get_language_bidi())

    def _contest(self, request: HttpRequest, pk: int) -> Contest:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Contest.objects.prefetch_related("phases"), pk=pk)

    def _context(
        self, request: HttpRequest, contest: Contest, title: str
    ) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "title": title,
            "opts": self.opts,
            "contest": contest,
        }

    def _remind(self, request: HttpRequest, contest: Contest) -> None:
        """One expert, or all whose reviews are missing."""
        one = whole_number(request.POST.get("expert", "")) or 0
        count = remind(contest, None if "remind" in request.POST else [one])
        if not count:
            messages.warning(
                request,
                gettext(
                    "Nobody is reminded: no reviews are missing, the experts are not at work, "
                    "or the last reminder is less than three days old."
                ),
            )
            return
        sentence = ngettext(
            "%(count)d expert is reminded by e-mail.",
            "%(count)d experts are reminded by e-mail.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        self.log_change(request, contest, f"remind: {count}")

    def _assign(self, request: HttpRequest, contest: Contest) -> None:
        """All panels: missing assignments are made, those that cannot be kept are replaced."""
        shared = assign(contest)
        made = len(shared.made)
        sentence = gettext(
            "Assignments made: %(made)d; taken back: %(replaced)d; entries without enough "
            "experts: %(short)d."
        )
        values = {
            "made": made,
            "replaced": shared.replaced,
            "short": shared.short,
        }
        level = messages.WARNING if shared.short else messages.SUCCESS
        messages.add_message(request, level, sentence % values)
        self.log_change(request, contest, f"assign: {made}")

    def _redact(self, request: HttpRequest, contest: Contest) -> None:
        count = prepare(contest)
        sentence = ngettext(
            "%(count)d redacted text made.", "%(count)d redacted texts made.", count
        )
        messages.success(request, sentence % {"count": count})
        self.log_change(request, contest, f"redacted texts: {count}")

    def _create(self, request: HttpRequest, contest: Contest, form: PanelsForm) -> None:
        count = make_panels(contest, **form.cleaned_data)
        sentence = ngettext(
            "%(count)d panel created.", "%(count)d panels created.", count
        )
        messages.success(request, sentence % {"count": count})
        self.log_change(request, contest, f"create panels: {count}")
