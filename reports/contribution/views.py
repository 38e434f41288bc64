"""The pages of contributions: the editor asks, and the person of the agency writes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.session.requests import SignedInRequest
from common.dates.zones import clock_in_words
from common.forms.autosave import answer_of_autosave
from common.limits.throttle import throttled
from common.mail.links import private
from common.mail.returned import sentence_since
from reports.asking.models import Contribution
from reports.contribution import letters, work
from reports.contribution.facts import facts_of
from reports.contribution.forms import (
    AskForm,
    ChapterForm,
    DatesForm,
    NoteForm,
    RequestForm,
    TextForm,
)
from reports.contribution.people import Suggestion, suggested
from reports.report import arranging
from reports.report.kinds import BlockKind
from reports.report.models import Block, Report, Section
from reports.report.views import block_of, report_for, section_in
from stocktaking.text.reading import direction

ASKED_A_DAY = 300  # mails that one editor may cause, letters and repetitions
SAVES_AN_HOUR = (
    3000  # of all windows behind one address: one each two seconds is normal
)

# --- the editor ---


@login_required
@throttled("contribution", ASKED_A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def contribution(
    request: SignedInRequest, pk: int, section: int, block: int
) -> HttpResponse:
    """One contribution: whom to ask, how far it is, and what the editor does with it."""
    report = report_for(request, pk, lock=request.method == "POST")
    chosen = block_of(section_in(report, section), block, BlockKind.CONTRIBUTION)
    asked = chosen.contribution
    forms = forms_of(chosen, asked, request)
    if request.method == "POST":
        button = next((name for name in BUTTONS if name in request.POST), "")
        if button and (asked is None) == (button == "ask"):
            form = forms.get(button)
            if form is None or form.is_valid():
                BUTTONS[button](request, chosen, asked, form)
                return redirect(own_url(chosen))
        else:
            return redirect(own_url(chosen))
    return contribution_page(request, chosen, asked, forms)


def own_url(block: Block) -> str:
    section = block.section
    place = [section.report_id, section.pk, block.pk]
    return reverse("reports:contribution", args=place)


def forms_of(
    block: Block, asked: Contribution | None, request: HttpRequest
) -> dict[str, Any]:
    """The forms of the page by the name of their button; the pressed one is filled in."""

    def data(button: str) -> Any:
        return request.POST if button in request.POST else None

    if asked is None:
        people = suggested(block.section.action_line)
        initial = people[0]._asdict() if people else {"language": "en"}
        return {"ask": AskForm(data("ask"), initial=initial)}
    dates = {"deadline": asked.deadline, "ends_on": asked.ends_on}
    return {
        "dates": DatesForm(data("dates"), initial=dates),
        "return": NoteForm(data("return")),
    }


def contribution_page(
    request: HttpRequest,
    block: Block,
    asked: Contribution | None,
    forms: dict[str, Any],
) -> HttpResponse:
    section = block.section
    bound = next((form for form in forms.values() if form.is_bound), None)
    context = {
        "report": section.report,
        "section": section,
        "block": block,
        "asked": asked,
        "returned_mail": sentence_since(asked.email, asked.asked_at) if asked else "",
        "earlier": block.contributions.exclude(withdrawn_at=None).order_by("-pk")
        if asked is None
        else [],
        "people": suggested(section.action_line) if asked is None else [],
        "form": bound,
        "ask_form": forms.get("ask"),
        "dates_form": forms.get("dates"),
        "note_form": forms.get("return"),
    }
    status = HTTPStatus.BAD_REQUEST if bound else HTTPStatus.OK
    return render(
        request, "reports/contribution/contribution.html", context, status=status
    )


def press_ask(
    request: SignedInRequest, block: Block, asked: Contribution | None, form: AskForm
) -> None:
    asked = work.ask(block, form.asked(), request.user)
    tell_sent(request, asked)


def tell_sent(request: HttpRequest, asked: Contribution) -> None:
    text = _("The e-mail to %(name)s was sent.") % {"name": asked.name}
    messages.success(request, text)


def press_again(
    request: SignedInRequest, block: Block, asked: Contribution, form: None
) -> None:
    """A new link, to the same address: the first mail was lost."""
    if asked.is_open:
        letters.write(asked, letters.ASK)
        tell_sent(request, asked)


def press_dates(
    request: SignedInRequest, block: Block, asked: Contribution, form: DatesForm
) -> None:
    if asked.email:
        asked.stamp(**form.cleaned_data, reminded_at=None, late_reminded_at=None)
        messages.success(request, _("The dates were changed."))


def press_accept(
    request: SignedInRequest, block: Block, asked: Contribution, form: None
) -> None:
    if asked.sent_at:
        work.accept(asked, request.user)
        messages.success(request, _("The text is accepted."))


def press_return(
    request: SignedInRequest, block: Block, asked: Contribution, form: NoteForm
) -> None:
    if asked.sent_at and asked.email:
        work.send_back(asked, form.cleaned_data["note"])
        tell_sent(request, asked)


def press_withdraw(
    request: SignedInRequest, block: Block, asked: Contribution, form: None
) -> None:
    work.withdraw(asked)
    messages.success(
        request, _("The link no longer works. You may ask another person.")
    )


BUTTONS: dict[str, Callable[[SignedInRequest, Block, Any, Any], None]] = {
    "ask": press_ask,
    "again": press_again,
    "dates": press_dates,
    "accept": press_accept,
    "return": press_return,
    "withdraw": press_withdraw,
}

# --- all chapters at once ---


@login_required
@throttled("contributions", 20, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def contributions(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far all contributions are; and one form that asks for those of all chapters."""
    report = report_for(request, pk, lock=request.method == "POST")
    data = request.POST if request.method == "POST" else None
    form = RequestForm(data)
    rows = [ChapterForm(section, people_of(section), data) for section in free(report)]
    if request.method == "POST":
        valid = [one.is_valid() for one in (form, *rows)]
        if all(valid):
            return ask_all(request, report, form, rows)
    context = {
        "report": report,
        "form": form,
        "rows": rows,
        "asked": asked_in(report),
        "has_errors": any(one.errors for one in rows),
    }
    status = HTTPStatus.OK if data is None else HTTPStatus.BAD_REQUEST
    return render(
        request, "reports/contribution/contributions.html", context, status=status
    )


def people_of(section: Section) -> list[Suggestion]:
    return suggested(section.action_line)


def asked_in(report: Report) -> list[Contribution]:
    return [
        block.contribution
        for section in report.sections.all()
        for block in section.blocks.all()
        if block.contribution
    ]


def free(report: Report) -> list[Section]:
    """Chapters of action lines in which nobody was asked yet."""
    return [
        section
        for section in report.sections.all()
        if section.action_line
        and not any(block.contribution for block in section.blocks.all())
    ]


def ask_all(
    request: SignedInRequest,
    report: Report,
    form: RequestForm,
    rows: list[ChapterForm],
) -> HttpResponse:
    """Ask for each ticked chapter; a chapter without such a block gets one at its end."""
    chosen = [row for row in rows if row.is_asked]
    for row in chosen:
        of_kind = [
            block
            for block in row.section.blocks.all()
            if block.kind == BlockKind.CONTRIBUTION
        ]
        block = (
            of_kind[0]
            if of_kind
            else arranging.add_block(row.section, BlockKind.CONTRIBUTION)
        )
        work.ask(block, form.asked() | row.asked(), request.user)
    sentence = ngettext(
        "%(count)s text was asked for.", "%(count)s texts were asked for.", len(chosen)
    )
    messages.success(request, sentence % {"count": len(chosen)})
    return redirect("reports:contributions", report.pk)


# --- the person of the agency ---


@throttled("contribute", SAVES_AN_HOUR, 3600, methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def contribute(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a mail: no account, one form."""
    asked = work.locked(token)
    if asked is None:
        return text_page(request, None, HTTPStatus.NOT_FOUND)
    if not asked.is_open:
        return closed_page(request, asked)
    if request.method == "POST":
        return save_text(request, asked)
    if asked.opened_at is None and request.method == "GET":
        asked.stamp("opened_at")
    return text_page(request, TextForm(asked))


def closed_page(request: HttpRequest, asked: Contribution) -> HttpResponse:
    """Sent, withdrawn, or ended. A page that is still open is told by its script."""
    if request.headers.get("HX-Request") == "true":
        told = {"closed": _("This text can no longer be changed here.")}
        return answer_of_autosave(request, told, "closed", HTTPStatus.CONFLICT)
    status = HTTPStatus.OK if asked.sent_at else HTTPStatus.GONE
    context = {"asked": asked, "report": asked.block.section.report}
    return private(
        render(request, "reports/contribution/closed.html", context, status=status)
    )


def save_text(request: HttpRequest, asked: Contribution) -> HttpResponse:
    form = TextForm(asked, request.POST)
    begun = request.POST.get("versions", "")
    conflicts = form.reconcile(begun)
    form.keep()
    told: dict[str, Any] = {"conflicts": conflicts}
    told["saved_at"] = clock_in_words(timezone.now(), "H:i:s")
    if request.headers.get("HX-Request") == "true":
        stored = TextForm(asked)
        told["refused"] = [field for field in form if field.errors]
        told["versions"] = stored.versions()
        said, status = ("conflict", 409) if conflicts else ("saved", 200)
        return answer_of_autosave(request, told, said, status)
    if "send" in request.POST and not conflicts:
        form.require_text()
    if conflicts or form.errors:
        status = HTTPStatus.CONFLICT if conflicts else HTTPStatus.BAD_REQUEST
        return text_page(request, form, status, told)
    if "send" in request.POST:
        work.send(asked)
    else:
        messages.success(
            request,
            _("Saved. The link in your e-mail leads back to this page."),
        )
    return redirect(request.path)


def text_page(
    request: HttpRequest,
    form: TextForm | None,
    status: int = HTTPStatus.OK,
    told: dict[str, Any] | None = None,
) -> HttpResponse:
    context = told or {}
    if form:
        asked = form.asked
        section = asked.block.section
        context |= {
            "form": form,
            "asked": asked,
            "section": section,
            "report": section.report,
            "facts": facts_of(section),
            "versions": TextForm(asked).versions(),
            "text_direction": direction(section.report.language),
        }
    template = "contribute" if form else "unknown"
    return private(
        render(request, f"reports/contribution/{template}.html", context, status=status)
    )
