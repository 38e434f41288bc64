"""The form of a mail to segments: to whom, and the text in each language."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable
from forum.base.forms import PlainForm
from forum.mailing.models import MAX_SUBJECT, MAX_TEXT, Mailing
from forum.mailing.placeholders import PLACEHOLDERS, require_known
from forum.mailing.segments import Segment


class TextsForm(PlainForm):
    """Subject and text in each language are fields of one form; English is required, because
    readers of a language without a text get that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = {}
        if self.instance.pk:
            stored = {text.language: text for text in self.instance.texts.all()}
        # English comes first: it is the text that must be there.
        for code, name in sorted(settings.LANGUAGES, key=lambda one: one[0] != "en"):
            text = stored.get(code)
            self.fields[f"subject_{code}"] = forms.CharField(
                label=gettext("Subject: %(language)s") % {"language": name},
                max_length=MAX_SUBJECT,
                required=code == "en",
                initial=text.subject if text else "",
                validators=[require_known, refuse_unreadable],
                widget=forms.TextInput(attrs={"lang": code, "dir": "auto"}),
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=gettext("Text: %(language)s") % {"language": name},
                max_length=MAX_TEXT,
                required=code == "en",
                initial=text.text if text else "",
                validators=[require_known, refuse_unreadable],
                widget=forms.Textarea(attrs={"rows": 8, "lang": code, "dir": "auto"}),
            )
            for part in ("subject", "text"):
                attributes = self.fields[f"{part}_{code}"].widget.attrs
                attributes.pop("maxlength", None)  # the server says what is too long


class MailingForm(TwoTabsMixin, TextsForm):
    segments = forms.MultipleChoiceField(
        label=_("To"),
        choices=Segment.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one group.")},
    )

    class Meta:
        model = Mailing
        fields = ("segments", "countries", "tags")
        widgets = {"tags": forms.CheckboxSelectMultiple}

    def clean(self) -> dict[str, Any]:
        """A language has both subject and text, or neither."""
        data = super().clean()
        for code, _name in settings.LANGUAGES:
            subject, text = (f"{part}_{code}" for part in ("subject", "text"))
            if (
                subject in data
                and text in data
                and bool(data[subject]) != bool(data[text])
            ):
                empty = subject if data[text] else text
                self.add_error(
                    empty,
                    ValidationError(gettext("Fill in both, or leave both empty.")),
                )
        return data

    def save(self, commit: bool = True) -> Any:
        mailing = super().save(commit)
        for code, _name in settings.LANGUAGES:
            subject = self.cleaned_data[f"subject_{code}"]
            if not subject:
                mailing.texts.filter(language=code).delete()
                continue
            mailing.texts.update_or_create(
                language=code,
                defaults={
                    "subject": subject,
                    "text": self.cleaned_data[f"text_{code}"],
                },
            )
        return mailing

    @staticmethod
    def placeholders() -> list[tuple[str, Any]]:
        return [(f"{{{sign}}}", name) for sign, name in PLACEHOLDERS.items()]
