"""Letters about outcomes in the admin: templates, drafts, the second look, what became of them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from common.admin.deletion import DeletesMistakes
from common.admin.read_only import ReadOnlyAdmin
from common.lists.paging import keyset_page
from common.mail import outbox, returned
from common.mail.models import OutgoingMail
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest
from prizes.letter.audience import Outcome
from prizes.letter.drafting import approve, digest_of, draft, overview
from prizes.letter.forms import BounceForm, LetterForm
from prizes.letter.models import Letter, LetterBatch, LetterTemplate
from prizes.letter.tasks import send_letters

ROWS = 50
TROUBLE_SHOWN = 100


@admin.register(LetterTemplate)
class LetterTemplateAdmin(DeletesMistakes, TranslationAdmin):
    """Deleting a template changes no letter: drafts have a text of their own."""

    list_display = ("outcome", "contest", "subject")
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter), "outcome")
    list_select_related = ("contest",)
    list_per_page = 50


@admin.register(LetterBatch)
class LetterBatchAdmin(ReadOnlyAdmin):
    """The pages beside a contest do the work; this is the list of all contests."""

    list_display = ("contest", "outcome", "state", "percent", "by", "created_at")
    list_filter = (("contest", admin.RelatedOnlyFieldListFilter), "state")
    list_select_related = ("contest", "by")
    exclude = ("token",)


class ReturnedFilter(admin.SimpleListFilter):
    """Filters for the same letters that the first page of the admin counts."""

    title = _("came back")
    parameter_name = "back"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("open", _("Not seen to")), ("all", _("Came back"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset.filter(Letter.CAME_BACK)
        return queryset.came_back() if self.value() == "open" else queryset


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    """All letters, to be searched; without those to the reader."""

    list_display = (
        "entry",
        "outcome",
        "state",
        "returned",
        "page",
    )
    list_filter = (ReturnedFilter, "outcome", "state")
    list_select_related = ("entry", "mail", "batch")
    search_fields = ("entry__title", "subject")
    fields = (
        "page",
        "batch",
        "entry",
        "outcome",
        "language",
        "subject",
        "text",
        "written_by",
        "approved_by",
        "state",
        "sentence",
        "mail",
        "returned",
        "is_settled",
    )
    readonly_fields = ("page", "returned")

    @admin.display(description=_("came back"))
    def returned(self, letter: Letter) -> str:
        return letter.returned

    @admin.display(description=_("page of the letter"))
    def page(self, letter: Letter) -> str:
        return format_html(
            '<a href="{}">{}</a>', letter.get_absolute_url(), gettext("Open")
        )

    def get_queryset(self, request: HttpRequest) -> Any:
        return Letter.objects.seen_by(request.user)  # type: ignore[arg-type]  # staff


class LettersMixin(admin.ModelAdmin):
    """Pages of letters beside the form of a contest."""

    def get_urls(self) -> list[URLPattern]:
        pages = (
            ("letters/", self.letters_view, "letters"),
            ("letters/<int:batch>/", self.letter_batch_view, "letter_batch"),
            ("letters/<int:batch>/<int:letter>/", self.letter_view, "letter"),
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

    # --- all letters of a contest ---

    def letters_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For each outcome: template, entries, letters; a button drafts those that are missing."""
        contest = self._of(request, pk)
        if request.method == "POST":
            return self._draft(request, contest)
        batches = contest.letter_batches.select_related("by").order_by("-pk")
        return self._page(
            request,
            contest,
            "letters",
            title=gettext("Letters"),
            rows=overview(contest),
            page=keyset_page(request, batches),
        )

    def _draft(self, request: HttpRequest, contest: Contest) -> HttpResponse:
        outcome = request.POST.get("outcome", "")
        if outcome not in Outcome.values:
            raise Http404
        try:
            batch = draft(contest, outcome, request.user)  # type: ignore[arg-type]  # staff
        except MoveRefused as refused:
            messages.error(request, str(refused.message))
            return redirect("admin:prizes_contest_letters", contest.pk)
        if batch is None:
            messages.warning(request, gettext("Every entry has its letter already."))
            return redirect("admin:prizes_contest_letters", contest.pk)
        messages.success(request, gettext("Drafted. Nothing was sent yet."))
        return redirect(batch)

    # --- one batch ---

    def letter_batch_view(
        self, request: SignedInRequest, pk: int, batch: int
    ) -> HttpResponse:
        """Drafts to look at and approve; of what was approved how far it is."""
        contest = self._of(request, pk)
        found = get_object_or_404(
            LetterBatch.objects.select_related("by"), pk=batch, contest=contest
        )
        found.contest = contest
        if request.method == "POST":
            act = BATCH_ACTS.get(request.POST.get("act", ""))
            if act is None:
                raise Http404
            act(request, found)
            return redirect(found)
        user: Any = request.user
        letters = found.letters.seen_by(user).order_by("pk")
        trouble = letters.exclude(sentence="") | letters.filter(Letter.FAILING)
        trouble |= letters.filter(Letter.CAME_BACK)
        approvable = found.letters.to_approve(user)
        return self._page(
            request,
            contest,
            "letter_batch",
            title=gettext("Letters: %(outcome)s")
            % {"outcome": found.get_outcome_display()},
            batch=found,
            figures=found.figures(user),
            page=keyset_page(request, letters.select_related("entry"), ROWS),
            trouble=trouble.select_related("entry", "mail").order_by("pk")[
                :TROUBLE_SHOWN
            ],
            to_approve=approvable.count(),
            sample=approvable.order_by("pk").first(),
            seen=digest_of(found, user),
            returned_mail_is_read=returned.is_read(),
            returned_mail_read_at=returned.last_read(),
        )

    # --- one letter ---

    def letter_view(
        self, request: SignedInRequest, pk: int, batch: int, letter: int
    ) -> HttpResponse:
        """A draft is edited, tried or removed; of one that has left it can be said that it came
        back."""
        contest = self._of(request, pk)
        user: Any = request.user
        with transaction.atomic():
            rows = Letter.objects.seen_by(user).select_related(
                "entry", "batch", "mail", "written_by", "approved_by"
            )
            found = get_object_or_404(
                rows.select_for_update(of=("self",)),
                pk=letter,
                batch=batch,
                batch__contest=contest,
            )
            act = request.POST.get("act", "") if request.method == "POST" else None
            if act in LETTER_ACTS and found.state in LETTER_ACTS[act][1]:
                return LETTER_ACTS[act][0](request, found)
            return self._letter(request, contest, found, act)

    def _letter(
        self, request: HttpRequest, contest: Contest, letter: Letter, act: str | None
    ) -> HttpResponse:
        wanted, form_class = FORMS.get(letter.state, ("", None))
        if act not in (None, wanted):
            messages.error(request, gettext("This is not possible in its state."))
            return redirect(letter)
        data = [request.POST] if act else []
        form = form_class(*data, instance=letter) if form_class else None
        if form and act and form.is_valid():
            if letter.is_draft:
                form.instance.written_by = request.user
            form.save()
            letter.batch.log_move(wanted, request.user, str(letter.pk))  # type: ignore[arg-type]  # staff
            messages.success(request, gettext("Saved."))
            return redirect(letter)
        following = letter.batch.letters.seen_by(request.user).filter(pk__gt=letter.pk)  # type: ignore[arg-type]  # staff
        return self._page(
            request,
            contest,
            "letter",
            title=gettext("Letter"),
            letter=Letter.objects.select_related("entry", "batch", "mail").get(
                pk=letter.pk
            ),
            form=form,
            next=following.order_by("pk").first(),
            status=409
            if getattr(form, "conflicts", None)
            else 400
            if form and form.errors
            else 200,
        )

    def _of(self, request: HttpRequest, pk: int) -> Contest:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Contest, pk=pk)

    def _page(
        self,
        request: HttpRequest,
        contest: Contest,
        template: str,
        status: int = 200,
        **context: Any,
    ) -> HttpResponse:
        context |= self.admin_site.each_context(request) | {
            "title": context["title"],
            "opts": self.opts,
            "contest": contest,
        }
        page = f"admin/prizes/contest/{template}.html"
        return render(request, page, context, status=status)


# --- the buttons of a batch ---


def act_approve(request: SignedInRequest, batch: LetterBatch) -> None:
    try:
        number = approve(batch, request.user, request.POST.get("seen", ""))
    except MoveRefused as refused:
        messages.error(request, str(refused.message))
        return
    send_letters.delay_on_commit()  # type: ignore[attr-defined]  # of Celery
    sentence = ngettext(
        "%(count)d letter is being sent.", "%(count)d letters are being sent.", number
    )
    messages.success(request, sentence % {"count": number})


def act_stop(request: SignedInRequest, batch: LetterBatch) -> None:
    if batch.stop(request.user):
        messages.success(
            request,
            gettext("Stopped. What has not left is a draft again."),
        )


def act_retry(request: SignedInRequest, batch: LetterBatch) -> None:
    """Go on after the worker was lost several times."""
    if batch.can_be_retried and batch.retry(request.user):
        batch.log_move("retry", request.user)
        send_letters.delay_on_commit()  # type: ignore[attr-defined]  # of Celery


def act_deliver(request: SignedInRequest, batch: LetterBatch) -> None:
    """Try the mails again that the mail server has refused."""
    failing = batch.letters.filter(Letter.FAILING).values("mail")
    number = OutgoingMail.objects.filter(pk__in=failing).try_again()
    batch.log_move("deliver", request.user, str(number))
    sentence = ngettext(
        "%(count)s e-mail is tried again.", "%(count)s e-mails are tried again.", number
    )
    messages.success(request, sentence % {"count": number})


@transaction.atomic
def act_discard(request: SignedInRequest, batch: LetterBatch) -> None:
    """Remove all drafts, so that they can be drafted anew from a better template."""
    batch = LetterBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    drafts = batch.letters.seen_by(request.user).filter(state=Letter.State.DRAFT)
    number = 0 if batch.is_live else drafts.delete()[0]
    batch.log_move("discard", request.user, str(number))
    sentence = ngettext(
        "%(count)d draft is removed.", "%(count)d drafts are removed.", number
    )
    messages.success(request, sentence % {"count": number})


BATCH_ACTS = {
    "approve": act_approve,
    "stop": act_stop,
    "retry": act_retry,
    "deliver": act_deliver,
    "discard": act_discard,
}


# --- the buttons of a draft ---


def act_test(request: SignedInRequest, letter: Letter) -> HttpResponse:
    mark = gettext("Test")
    body = letter.body | {"subject": f"[{mark}] {letter.subject}"}
    outbox.send("prizes/letter_test", request.user, body)
    messages.success(
        request,
        gettext("A test was sent to %(address)s.") % {"address": request.user.email},
    )
    return redirect(letter)


def act_remove(request: SignedInRequest, letter: Letter) -> HttpResponse:
    """The entry has no letter of this outcome then, and can be drafted anew."""
    letter.batch.log_move("remove", request.user, str(letter.entry_id))
    batch = letter.batch
    letter.delete()
    messages.success(request, gettext("The draft is removed."))
    return redirect(batch)


# Button → what it does, and in which states of the letter.
LETTER_ACTS: dict[str, Any] = {
    "test": (act_test, (Letter.State.DRAFT,)),
    "remove": (act_remove, (Letter.State.DRAFT, Letter.State.REFUSED)),
}
# State → the button that saves its form, and the form.
FORMS: dict[str, Any] = {
    Letter.State.DRAFT: ("save", LetterForm),
    Letter.State.SENT: ("bounce", BounceForm),
}
