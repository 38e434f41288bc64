"""The pages about project boxes: the editor asks, and the owners of the projects answer."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.session.requests import SignedInRequest
from common.forms.values import refuse_unreadable
from common.limits.throttle import throttled
from common.mail.links import private
from common.text.digits import BIGGEST_ID, whole_number
from common.text.sentences import filled
from reports.asking.models import MAX_BOX, Answer, BoxQuestion
from reports.box import work
from reports.builders.projects import Content, contents_of
from reports.report.boxes import numbers_of
from reports.report.kinds import BlockKind
from reports.report.models import Block
from reports.report.views import block_of, report_for, section_in

PRESSES_A_DAY = 300  # each box may be asked about, accepted and left out
ANSWERS_AN_HOUR = 200
AT_MOST = gettext_lazy("At most %(limit)s characters.")

# --- the editor ---


@login_required
@throttled("boxes", PRESSES_A_DAY, 24 * 3600, by="user", methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def boxes(request: SignedInRequest, pk: int, section: int, block: int) -> HttpResponse:
    """The chosen projects, what their owners say, and what the editor does with it."""
    report = report_for(request, pk, lock=request.method == "POST")
    chosen = block_of(section_in(report, section), block, BlockKind.BOXES)
    if request.method == "POST":
        press(request, chosen)
        return redirect(own_url(chosen))
    questions = {one.project_id: one for one in chosen.box_questions.all()}
    contents = work.boxes_of(chosen)
    owned = set(work.with_owners(contents).values_list("pk", flat=True))
    rows = [
        (entry, questions.get(entry["pk"]), entry["pk"] in owned) for entry in contents
    ]
    context = {
        "report": report,
        "section": chosen.section,
        "block": chosen,
        "rows": rows,
        "is_fixed": bool(numbers_of(chosen.settings)),
        "unasked": sum(not question and has_owner for _, question, has_owner in rows),
    }
    return render(request, "reports/box/boxes.html", context)


def own_url(block: Block) -> str:
    section = block.section
    return reverse("reports:boxes", args=[section.report_id, section.pk, block.pk])


def press(request: SignedInRequest, block: Block) -> None:
    """What the button says."""
    if "ask" in request.POST:
        count = work.ask(block, request.user)
        if count == 0:
            messages.info(request, _("All owners were asked before."))
            return
        sentence = ngettext(
            "%(count)s owner was asked.", "%(count)s owners were asked.", count
        )
        messages.success(request, sentence % {"count": count})
    elif number := request.POST.get("leave-out"):
        if numbers_of(block.settings) == [number]:
            messages.error(
                request,
                _("It is the last project of the block: remove the block instead."),
            )
            return
        work.leave_out(block, number)
        messages.success(request, _("The project is left out."))
    elif "accept" in request.POST:
        question = named(block.box_questions.all(), request.POST["accept"])
        if question.answer == Answer.AMENDED:
            work.accept(question, request.user)
            messages.success(request, _("The text is accepted."))


def named(questions: Any, number: str) -> BoxQuestion:
    """The question that a button names. Raises Http404."""
    pk = min(whole_number(number) or 0, BIGGEST_ID)
    question: BoxQuestion = get_object_or_404(questions, pk=pk)
    return question


# --- the owner ---


class BoxForm(forms.Form):
    """The words that an owner wants in the box."""

    text = forms.CharField(
        label=gettext_lazy("Text of the box"),
        max_length=MAX_BOX,
        help_text=filled(AT_MOST, limit=MAX_BOX),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        validators=[refuse_unreadable],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A browser would truncate a long text silently; the server reports it.
        self.fields["text"].widget.attrs.pop("maxlength", None)


@throttled("box-answers", ANSWERS_AN_HOUR, 3600, methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link of a mail: each project as it is printed, and three buttons."""
    rows = BoxQuestion.objects.with_token(token).select_related(
        "block__section__report__region", "project"
    )
    questions = list(rows.select_for_update(of=("self",)))
    if not questions:
        return answer_page(request, [], {}, HTTPStatus.NOT_FOUND)
    contents = printed(questions)
    form = None
    if request.method == "POST" and questions[0].is_open:
        form = take(request, questions, contents)
        if form is None:
            messages.success(request, _("Thank you. Your answer was saved."))
            return redirect(request.path)
    status = HTTPStatus.OK if questions[0].is_open else HTTPStatus.GONE
    if form:
        status = HTTPStatus.BAD_REQUEST
    return answer_page(request, questions, contents, status, form)


def printed(questions: list[BoxQuestion]) -> dict[int, Content]:
    """The projects that are still public, as the report prints them."""
    scope = questions[0].block.section.report.scope
    pks = [question.project_id for question in questions]
    contents = contents_of(scope.projects().filter(pk__in=pks))
    return {content["pk"]: content for content in contents}


def take(
    request: HttpRequest, questions: list[BoxQuestion], contents: dict[int, Content]
) -> BoxForm | None:
    """Store the answer; the form when its text cannot be taken."""
    by_number = {str(question.pk): question for question in questions}
    for said in Answer.values:
        question = by_number.get(request.POST.get(said, ""))
        if question is None:
            continue
        if said == Answer.AMENDED:
            prefix = f"q{question.pk}"
            form = BoxForm(request.POST, prefix=prefix)
            if not form.is_valid():
                return form
            work.answer(question, said, form.cleaned_data["text"])
        else:
            entry = contents.get(question.project_id, {})
            work.answer(question, said, entry.get("summary", ""))
    return None


def answer_page(
    request: HttpRequest,
    questions: list[BoxQuestion],
    contents: dict[int, Content],
    status: int,
    form: BoxForm | None = None,
) -> HttpResponse:
    rows = []
    for question in questions:
        entry = contents.get(question.project_id)
        if entry is None:
            continue  # withdrawn meanwhile: it is not printed
        prefix = f"q{question.pk}"
        initial = {"text": question.text or entry["summary"]}
        own = form if form and form.prefix == prefix else None
        rows.append(
            {
                "question": question,
                "entry": entry | ({"summary": question.text} if question.text else {}),
                "form": own or BoxForm(prefix=prefix, initial=initial),
            }
        )
    first = questions[0] if questions else None
    context = {
        "rows": rows,
        "first": first,
        "report": first.block.section.report if first else None,
        "form": form,
    }
    return private(render(request, "reports/box/answer.html", context, status=status))
