"""The public page on which four words say whether a vote is counted."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from common.limits.throttle import allow, client_ip, too_often
from prizes.ballot.receipt import LENGTH, number_of, words_of
from prizes.contest.views import the_contest
from prizes.page.receipt_state import find


class ReceiptForm(forms.Form):
    receipt = forms.CharField(
        label=_("Your receipt"),
        max_length=LENGTH,
        help_text=_("Four words, such as lake-olive-river-nice."),
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "lang": "en",
                "dir": "ltr",
            }
        ),
    )

    def clean_receipt(self) -> int:
        return number_of(self.cleaned_data["receipt"])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, edition: str) -> HttpResponse:
    """POST `receipt` asks; the words are in no address, so in no log and no history."""
    contest = the_contest(edition)
    if request.method == "POST":
        limit = settings.LIMITS["receipt"]
        verdict = allow("receipt", client_ip(request), *limit)
        if not verdict.allowed:
            return too_often(request, verdict.retry_after)
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    context = {"contest": contest, "form": form, "words": "", "vote": None}
    status = 200
    if form.is_bound:
        status = 200 if form.is_valid() else 400
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["receipt"]
        context |= {"words": words_of(number), "vote": find(contest, number)}
    return render(request, "prizes/ballot/verify.html", context, status=status)
