"""Being told of new editions: with an account by a switch, without one by a confirmed address."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.notification.unsubscribe import Switch, stops_mails
from common.limits.throttle import throttled
from common.mail import outbox
from common.mail.links import private
from common.moves.actors import SignedInRequest
from reports.subscription.forms import SubscribeForm
from reports.subscription.models import TO_CONFIRM, Subscription

ASKED_AN_HOUR = 20  # of one address of the network


@throttled("subscribe", ASKED_AN_HOUR, 3600, methods="POST")
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """What one is told of already, and the form for more."""
    sent = request.POST if request.method == "POST" else None
    form = SubscribeForm(request.user, sent, initial=request.GET.dict())
    if sent is not None and form.is_valid():
        return add(request, form)
    subscriptions = (
        Subscription.objects.of(request.user) if request.user.is_authenticated else []
    )
    context = {"form": form, "subscriptions": subscriptions}
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return render(
        request, "reports/subscription/subscribe.html", context, status=status
    )


def add(request: HttpRequest, form: SubscribeForm) -> HttpResponse:
    """The answer to an address is always the same: it tells nobody who is subscribed."""
    if request.user.is_authenticated:
        row = Subscription.objects.follow(request.user, **form.about())
        text = _("You will get an e-mail about each new edition: %(series)s.")
        messages.success(request, text % {"series": row.about})
        return redirect("reports:subscribe")
    email, language = form.cleaned_data["email"], get_language() or "en"
    row = Subscription.objects.ask(email, language, **form.about())
    if row.confirmed_at is None:
        context = {"about": row.about, "token": row.token}
        outbox.send_to_address("reports/subscribe", email, row.language, context)
    text = _("Open the link in the e-mail that we have sent to %(to)s.")
    messages.success(request, text % {"to": email})
    return redirect("reports:subscribe")


@login_required
@require_POST
def subscription_end(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Subscription.objects.of(request.user), pk=pk)
    row.delete()
    messages.success(request, _("You will no longer get e-mails about this series."))
    return redirect("reports:subscribe")


@require_http_methods(["GET", "HEAD", "POST"])
def subscription_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The page of the link: mail scanners open links, so a button confirms."""
    row = Subscription.objects.signed(token, TO_CONFIRM)
    done = row is not None and request.method == "POST"
    if row and done:
        row.confirm()
    status = HTTPStatus.OK if row else HTTPStatus.NOT_FOUND
    context = {"subscription": row, "done": done}
    return private(
        render(request, "reports/subscription/confirm.html", context, status=status)
    )


@stops_mails
def subscription_stop(token: str) -> Switch | None:
    """End a subscription by the link in a mail, which also works a second time."""
    row = Subscription.objects.signed(token)
    if row is None:
        return None
    return Switch(row.about, row.delete, "reports:subscribe")
