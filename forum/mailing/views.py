"""Mails to segments: write, look, try, look again, send, and see what became of them."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts.session.requests import secretariat_only
from accounts.user.models import User
from common.limits.throttle import throttled
from common.lists.paging import keyset_page
from common.mail import returned
from common.mail.placeholders import marked
from common.moves.actors import SignedInRequest
from common.text.digits import BIGGEST_INTEGER, whole_number
from forum.edition.models import Edition
from forum.mailing.forms import MailingForm
from forum.mailing.models import Mailing, Recipient
from forum.mailing.placeholders import values_for
from forum.mailing.segments import people_of
from forum.mailing.sending import send_test
from forum.mailing.tasks import send_mailing
from forum.people.models import Person

PAGE = ["GET", "HEAD", "POST"]
SHOWN = 50  # recipients whose mails failed


@secretariat_only
@require_safe
def mailings(request: SignedInRequest, slug: str) -> HttpResponse:
    edition = get_object_or_404(Edition, slug=slug)
    rows = Mailing.objects.of_edition(edition).prefetch_related("texts")
    context = {"edition": edition, "page": keyset_page(request, rows)}
    return render(request, "forum/mailing/mailings.html", context)


@secretariat_only
@require_http_methods(PAGE)
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
@transaction.atomic
def mailing_edit(
    request: SignedInRequest, slug: str, pk: int | None = None
) -> HttpResponse:
    """Write a mail, or go on with a draft; one that was sent is not changed."""
    edition = get_object_or_404(Edition, slug=slug)
    if pk is None:
        draft = Mailing(edition=edition, by=request.user)
    else:
        rows = Mailing.objects.select_for_update(of=("self",))
        draft = get_object_or_404(rows, pk=pk, edition=edition)
        if not draft.is_draft:
            return redirect(draft)
    data = [request.POST] if request.method == "POST" else []
    form = MailingForm(*data, instance=draft)
    if form.is_valid():
        saved = form.save()
        messages.success(request, _("Saved. Nothing was sent yet."))
        return redirect(saved)
    context = {"edition": edition, "form": form, "mailing": draft}
    status = 409 if form.conflicts else 400 if form.errors else 200
    return render(request, "forum/mailing/edit.html", context, status=status)


def found(slug: str, pk: int) -> Mailing:
    rows = Mailing.objects.select_related("edition", "by").prefetch_related("texts")
    return get_object_or_404(rows, pk=pk, edition__slug=slug)


def people_for(mailing: Mailing) -> list[tuple[int | None, str]]:
    countries = set(mailing.countries.values_list("pk", flat=True))
    tags = mailing.tags.all()
    return people_of(mailing.edition, mailing.segments, countries, tags)


@secretariat_only
@require_safe
def mailing(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """A draft as a real person would get it; of one that was sent how far it is."""
    mailing = found(slug, pk)
    context: dict[str, Any] = {"mailing": mailing, "edition": mailing.edition}
    if mailing.is_draft:
        people = people_for(mailing)
        context |= preview(mailing, people, request.GET.get("person", ""))
        context |= {"count": len(people), "languages": by_language(people)}
    else:
        rows = mailing.recipients.filter(Recipient.FAILING).select_related("mail")
        context |= {
            "figures": mailing.figures(),
            "failing": rows.order_by("pk")[:SHOWN],
            "page": keyset_page(request, returned_to(mailing), SHOWN),
            "returned_mail_is_read": returned.is_read(),
        }
    context["segments"] = names_of(mailing)
    return render(request, "forum/mailing/mailing.html", context)


def returned_to(mailing: Mailing) -> QuerySet[Recipient]:
    """Recipients whose mail came back."""
    rows = mailing.recipients.filter(Recipient.CAME_BACK)
    return rows.select_related("mail", "user").order_by("pk")


def names_of(mailing: Mailing) -> list[Any]:
    labels = dict(Mailing._meta.get_field("segments").base_field.flatchoices)  # type: ignore[union-attr]  # an array
    return [labels[code] for code in mailing.segments]


def by_language(people: list[tuple[int | None, str]]) -> list[tuple[str, int]]:
    """How many readers get which language."""
    ids = [user for user, _address in people if user]
    rows = User.objects.filter(pk__in=ids).values_list("language", flat=True)
    counts = Counter(rows)
    counts["en"] += len(people) - len(ids)
    return [(name, counts[code]) for code, name in settings.LANGUAGES if counts[code]]


def preview(
    mailing: Mailing, people: list[tuple[int | None, str]], place: str
) -> dict[str, Any]:
    """The text for one of the people, with what was filled in marked; `place` chooses whom."""
    if not people:
        return {"reader": None}
    number = (whole_number(place, BIGGEST_INTEGER) or 0) % len(people)
    user_id, address = people[number]
    user = User.objects.filter(pk=user_id).first() if user_id else None
    person = Person.objects.unmerged().filter(email=address).first()
    name = str(user) if user else person.name if person else address
    language = user.language if user else "en"
    text = mailing.text_for(language)
    values = values_for(mailing.edition, name, language)
    return {
        "reader": name,
        "next": (number + 1) % len(people),
        "language": language,
        "subject": marked(text.subject, values) if text else "",
        "body": marked(text.text, values) if text else "",
        "text_language": text.language if text else "en",
    }


@secretariat_only
@require_POST
@throttled("forum-write", *settings.LIMITS["forum-write"], by="user", methods="POST")
def mailing_act(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """The buttons of a mailing: test, send after a second look, cancel, try failed ones again."""
    mailing = found(slug, pk)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    return act(request, mailing)


def act_test(request: SignedInRequest, mailing: Mailing) -> HttpResponse:
    language = request.POST.get("language", request.user.language)
    send_test(mailing, request.user, language)
    messages.success(
        request, _("A test was sent to %(address)s.") % {"address": request.user.email}
    )
    return redirect(mailing)


def act_send(request: SignedInRequest, mailing: Mailing) -> HttpResponse:
    """Without the number that was seen the page asks once more; a number that has changed since
    is shown again."""
    people = people_for(mailing)
    if not mailing.is_draft:
        return redirect(mailing)
    if not people:
        messages.error(request, _("Nobody is in these groups: nothing was sent."))
        return redirect(mailing)
    if request.POST.get("seen") != str(len(people)):
        context = {
            "mailing": mailing,
            "edition": mailing.edition,
            "count": len(people),
            "languages": by_language(people),
            "segments": names_of(mailing),
            "changed": "seen" in request.POST,
        }
        return render(request, "forum/mailing/confirm.html", context)
    with transaction.atomic():
        if mailing.start(people, request.user):
            send_mailing.delay_on_commit(mailing.pk)  # type: ignore[attr-defined]  # Celery's Django task
    return redirect(mailing)


def act_cancel(request: SignedInRequest, mailing: Mailing) -> HttpResponse:
    if mailing.stop(request.user):
        mailing.log_move("cancel", "running", "cancelled", request.user)
        messages.success(
            request, _("Cancelled. What was written before is not called back.")
        )
    return redirect(mailing)


def act_retry(request: SignedInRequest, mailing: Mailing) -> HttpResponse:
    number = mailing.retry_failed()
    mailing.log_move("retry", mailing.state, mailing.state, request.user)
    sentence = ngettext(
        "%(count)s e-mail is tried again.", "%(count)s e-mails are tried again.", number
    )
    messages.success(request, sentence % {"count": number})
    return redirect(mailing)


ACTS = {
    "test": act_test,
    "send": act_send,
    "cancel": act_cancel,
    "retry": act_retry,
}
