"""What the invitation letter needs, and how certificates are printed for many."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from forum.base.forms import PlainForm
from forum.follow_up.models import FollowUp
from forum.letter.models import CERTIFICATES, LetterKind


class PassportForm(PlainForm):
    """The passport in the answers of the follow-up form, which is its only place."""

    class Meta:
        model = FollowUp
        fields = ("passport_name", "passport_number")
        widgets = {
            "passport_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "passport_number": forms.TextInput(
                attrs={"autocomplete": "off", "dir": "ltr"}
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True

    def save(self, commit: bool = True) -> Any:
        self.instance.visa_letter = True
        return super().save(commit)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, validators=[refuse_unreadable]
    )


class CertificatePrintForm(forms.Form):
    letter = forms.ChoiceField(
        label=_("Certificate"),
        choices=[(kind.value, kind.label) for kind in CERTIFICATES],
        widget=forms.RadioSelect,
        initial=LetterKind.PARTICIPATION,
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        initial=settings.LANGUAGE_CODE,
    )
