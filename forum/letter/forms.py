"""What the invitation letter needs, and how certificates are printed for many."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from forum.base.forms import PlainForm
from forum.letter.models import CERTIFICATES, LetterKind, TravelDocument


class TravelDocumentForm(PlainForm):
    class Meta:
        model = TravelDocument
        fields = ("passport_name", "passport_number")
        widgets = {
            "passport_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "passport_number": forms.TextInput(attrs={"autocomplete": "off"}),
        }


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
