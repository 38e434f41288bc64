"""One's own letters, the public page that checks a letter, and the preview of a template."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.session.requests import secretariat_only
from common.limits.throttle import throttled
from common.mail.links import private
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_ID
from forum.badge.models import read_token
from forum.edition.models import Edition
from forum.follow_up.models import FollowUp
from forum.letter.drawing import pdf_of, preview_of
from forum.letter.forms import PassportForm, WithdrawForm
from forum.letter.models import (
    CODE_LENGTH,
    IssuedLetter,
    LetterKind,
    LetterTemplate,
    entitled,
)
from forum.registration.models import Registration


def _registration(request: SignedInRequest, pk: int) -> Registration:
    rows = Registration.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("edition"), pk=min(pk, BIGGEST_ID))


def _entitled_to(
    request: SignedInRequest, registration: Registration, kind: str
) -> bool:
    """Once a letter was withdrawn, staff alone issue another."""
    is_own = registration.user_id == request.user.pk
    again = request.user.is_secretariat and not is_own
    people = entitled(registration.edition, kind, again=again)
    return people.filter(pk=registration.pk).exists()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def letters(request: SignedInRequest, pk: int) -> HttpResponse:
    """The letters that a person may have; posting asks for one, or withdraws one (staff)."""
    registration = _registration(request, pk)
    told = FollowUp.objects.filter(registration=registration).first()
    told = told or FollowUp(registration=registration)
    form = PassportForm(instance=told)
    withdrawing = WithdrawForm()
    if request.method == "POST" and "withdraw" in request.POST:
        withdrawing = WithdrawForm(request.POST)
        if withdrawing.is_valid():
            return _withdraw(request, registration, withdrawing.cleaned_data["reason"])
    elif request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in LetterKind.values or not _entitled_to(
            request, registration, kind
        ):
            raise Http404
        form = PassportForm(request.POST, instance=told)
        if kind != LetterKind.VISA or form.is_valid():
            if kind == LetterKind.VISA:
                form.save()
            IssuedLetter.objects.issue([registration], kind)
            return redirect("forum:letters", pk=pk)
    wrong = form if form.errors else withdrawing
    context = {
        "registration": registration,
        "edition": registration.edition,
        "rows": _rows(request, registration),
        "form": wrong if wrong.errors else None,
        "travel_form": form,
        "withdraw_form": withdrawing,
        "is_staff": request.user.is_secretariat,
    }
    status = 400 if wrong.errors else 200
    return private(render(request, "forum/letter/letters.html", context, status=status))


def _rows(request: SignedInRequest, registration: Registration) -> list[dict[str, Any]]:
    """Each kind that has a template: the letter, and whether it can be asked for now."""
    rows = IssuedLetter.objects.current().filter(registration=registration)
    issued = {one.kind: one for one in rows.for_print()}
    templates = LetterTemplate.objects.filter(edition=registration.edition_id)
    return [
        {
            "kind": one.kind,
            "label": one.get_kind_display(),
            "letter": issued.get(one.kind),
            "is_open": _entitled_to(request, registration, one.kind),
            "is_visa": one.kind == LetterKind.VISA,
        }
        for one in templates.order_by("pk")
    ]


def _withdraw(
    request: SignedInRequest, registration: Registration, reason: str
) -> HttpResponse:
    if not request.user.is_secretariat:
        raise PermissionDenied
    kind = request.POST["withdraw"]
    rows = IssuedLetter.objects.current().filter(registration=registration, kind=kind)
    get_object_or_404(rows).withdraw(request.user, reason)
    messages.success(request, _("The letter was withdrawn."))
    return redirect("forum:letters", pk=registration.pk)


@login_required
@require_safe
def letter_file(request: SignedInRequest, pk: int, kind: str) -> HttpResponse:
    """The letter that was issued, in the language of the page."""
    registration = _registration(request, pk)
    rows = IssuedLetter.objects.current().filter(registration=registration, kind=kind)
    letter = get_object_or_404(rows.for_print())
    templates = LetterTemplate.objects.select_related("edition")
    template: LetterTemplate = get_object_or_404(
        templates, edition=registration.edition_id, kind=kind
    )
    if not letter.is_valid:
        raise Http404
    return _pdf(pdf_of(template, [letter]), f"{letter.number}.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


@require_safe
def letter_check(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a letter is valid; of its person only the name."""
    plain = read_token(code[: 2 * CODE_LENGTH])
    letter = get_object_or_404(
        IssuedLetter.objects.select_related("registration__edition"), code=plain
    )
    context = {"letter": letter, "edition": letter.registration.edition}
    page = private(render(request, "forum/letter/check.html", context))
    page["X-Robots-Tag"] = "noindex"
    return page


@secretariat_only
@require_safe
def letter_preview(request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
    """The template as PDF, with the names of its placeholders, in the language of the page."""
    edition = get_object_or_404(Edition, slug=slug)
    templates = LetterTemplate.objects.select_related("edition")
    template: LetterTemplate = get_object_or_404(templates, edition=edition, kind=kind)
    return _pdf(preview_of(template), f"{slug}-{kind}.pdf")
