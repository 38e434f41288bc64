"""A member's own entries: eligibility, writing, submission."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.forms.two_tabs import MARKS
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.moves.actors import SignedInRequest
from common.moves.workflow import MoveRefused
from prizes.contest.models import Contest, Phase
from prizes.contest.views import the_contest
from prizes.entry.amendment import DISQUALIFIED, Amendment
from prizes.entry.forms import EnterForm, EntryForm, line_of
from prizes.entry.models import IN_HAND, Entry
from prizes.entry.readiness import ONE_IS_ALLOWED
from prizes.entry.workflow import Status
from stocktaking.base.workflow import EDITABLE
from stocktaking.base.workflow import Status as ProjectStatus

LABELS = dict(Status.choices) | {DISQUALIFIED: Amendment.Kind.DISQUALIFIED.label}


def reason_of(entry: Any) -> str:
    """The panel's reason for choosing this winner."""
    choice = entry.history().filter(move="choose").first()
    return choice.note if choice else ""


ENTRIES_A_DAY = 20


@login_required
@require_safe
def my_entries(request: SignedInRequest) -> HttpResponse:
    rows = Entry.objects.written_by(request.user).for_list().defer("words")
    return render(
        request, "prizes/entry/my_entries.html", {"page": keyset_page(request, rows)}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("enter", ENTRIES_A_DAY, 24 * 3600, by="user", methods="POST")
def enter(request: SignedInRequest, edition: str) -> HttpResponse:
    """The page before the form: project, category, eligibility questions."""
    contest = the_contest(edition)
    is_open = contest.is_open(Phase.Kind.SUBMISSION)
    sent = request.POST if request.method == "POST" else None
    form = EnterForm(
        contest, request.user, sent, initial={"project": request.GET.get("project")}
    )
    if sent is None or not is_open:
        return _gate(request, contest, form, is_open, 200 if sent is None else 409)
    if not form.is_valid() or not form.begin_project():
        return _gate(request, contest, form, is_open)
    begun = Entry.objects.filter(
        contest=contest, project=form.cleaned_data["project"], source=""
    ).exclude(status__in=("refused", "withdrawn"))
    try:
        with transaction.atomic():
            started = begun.select_for_update().first()
            draft = _taken_up(request, started, form) if started else form.save()
    except (
        IntegrityError
    ):  # the same form sent twice at once: both go on with one draft
        draft = begun.get()
    return redirect("prizes:entry", contest.slug, draft.pk)


def _taken_up(request: SignedInRequest, draft: Entry, form: EnterForm) -> Entry:
    """Continue an existing draft with the present choices; the page says so."""
    if not draft.is_written_by(request.user) or draft.status not in IN_HAND:
        messages.info(request, _("This project already takes part in this contest."))
    elif form.take_up(draft):
        sentence = _(
            "You had begun this entry before. Its category is now: %(category)s"
        )
        messages.info(request, sentence % {"category": line_of(draft.category)})
    else:
        messages.info(
            request, _("You had begun this entry before. Here is your draft.")
        )
    return draft


def _gate(
    request: SignedInRequest,
    contest: Contest,
    form: EnterForm,
    is_open: bool,
    status: int = 200,
) -> HttpResponse:
    context = {
        "contest": contest,
        "form": form,
        "open": is_open,
        "now": timezone.now(),
        "phase": contest.phase(Phase.Kind.SUBMISSION),
    }
    return render(request, "prizes/entry/enter.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """The form of a draft or returned entry; after the close it is read-only."""
    if request.method == "POST":
        return _save(request, edition, pk)
    entry = get_object_or_404(_mine(request, edition), pk=pk)
    if entry.status not in IN_HAND:
        return redirect(entry)
    return _form_page(request, entry, EntryForm(instance=entry))


def _mine(request: SignedInRequest, edition: str) -> Any:
    return (
        Entry.objects.written_by(request.user)
        .filter(contest__slug=edition)
        .select_related("contest", "project", "organization")
    )


def _form_page(
    request: SignedInRequest,
    entry: Entry,
    form: EntryForm,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    returned = entry.history().filter(move="send_back").first()
    context = {
        "contest": entry.contest,
        "entry": entry,
        "form": form,
        "closed": closed_because(entry),
        "refusal": refusal,
        "now": timezone.now(),
        "conflicts": form.conflicts,
        "rivals": readable_ones(request, form.rivals),
        "project_state": project_state(entry),
        "returned": returned if entry.status == "returned" else None,
        "phase": entry.contest.phase(Phase.Kind.SUBMISSION),
        "resubmit_until": resubmit_until(entry),
    }
    return render(request, "prizes/entry/entry_form.html", context, status=status)


def resubmit_until(entry: Entry) -> Any:
    """When a returned entry can be sent in for the last time; None for the others."""
    if entry.status != Status.RETURNED:
        return None
    kinds = (Phase.Kind.SUBMISSION, Phase.Kind.NOMINATION)
    phases = [entry.contest.phase(kind) for kind in kinds]
    ends = [phase.closes_at for phase in phases if phase and phase.closes_at]
    return max(ends, default=None)


def closed_because(entry: Entry) -> str:
    """A sentence when its text cannot be changed now, else ""."""
    if entry.status not in IN_HAND:
        return _("The project has been submitted: take it back to change it.")
    try:
        entry.require_open()
    except MoveRefused as error:
        return str(error.message)
    return ""


def readable_ones(
    request: SignedInRequest, rivals: list[Entry]
) -> list[tuple[Entry, bool]]:
    """Entries that may be of the same organization, and whether this person may read each: what
    others have entered is not told before the deadline."""
    if not rivals:
        return []
    visible = set(
        Entry.objects.visible_to(request.user)
        .filter(pk__in=[entry.pk for entry in rivals])
        .values_list("pk", flat=True)
    )
    return [(entry, entry.pk in visible) for entry in rivals]


def project_state(entry: Entry) -> str:
    """What the project still needs: "draft", "waiting", or "" when it is published."""
    status = entry.project.status if entry.project else ProjectStatus.PUBLISHED
    if status == ProjectStatus.PUBLISHED:
        return ""
    return "draft" if status in EDITABLE else "waiting"


@transaction.atomic
def _save(request: SignedInRequest, edition: str, pk: int) -> HttpResponse:
    """Store what was typed, under a lock; then submit it, if requested."""
    entries = _mine(request, edition).select_for_update(of=("self",))
    entry = get_object_or_404(entries, pk=pk)
    form = EntryForm(request.POST, instance=entry)
    typed = form.is_valid()
    closed = closed_because(entry)
    if request.headers.get("HX-Request") == "true":
        return _saved_by_itself(request, entry, form, closed)
    if closed or form.conflicts:
        return _form_page(request, entry, form, closed, 409)
    if not typed:
        return _form_page(request, entry, form)
    form.save()
    if "submit" not in request.POST:
        messages.success(request, _("The draft is saved."))
        return redirect("prizes:entry", edition, pk)
    return _submit(request, entry, form)


def _saved_by_itself(
    request: SignedInRequest, entry: Entry, form: EntryForm, closed: str
) -> HttpResponse:
    """What the script is told: saved at, or which fields were not saved and why."""
    if closed:
        return answer_of_autosave(request, {"closed": closed}, "closed", 409)
    told: dict[str, Any] = {"conflicts": form.conflicts}
    if form.conflicts:
        told["opened_with"] = form.data[MARKS]
        return answer_of_autosave(request, told, "conflict", 409)
    form.keep()
    stored = EntryForm(instance=_mine(request, entry.contest.slug).get(pk=entry.pk))
    told["saved_at"] = clock_in_words(timezone.now(), "H:i:s")
    told["refused"] = [field for field in form if field.errors]
    told["others"] = form.kept_of_others
    told["opened_with"] = form.marks_after(stored)
    return answer_of_autosave(request, told, "saved", 200)


def _submit(request: SignedInRequest, entry: Entry, form: EntryForm) -> HttpResponse:
    try:
        with transaction.atomic():
            moved = entry.move("submit", request.user)
    except MoveRefused as error:
        return _form_page(request, entry, form, str(error.message), error.http_status)
    except ValidationError as error:
        form.take(error)
        return _form_page(request, entry, form)
    except (
        IntegrityError
    ):  # a colleague of the organization submitted at the same moment
        form.add_error("category", ONE_IS_ALLOWED)
        return _form_page(request, entry, form, status=409)
    messages.success(
        request, _("Your entry has been submitted. We have sent you a copy.")
    )
    return redirect(moved)
