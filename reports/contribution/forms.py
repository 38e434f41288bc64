"""What an editor fills in to ask for a text, and what the person of the agency writes."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from common.forms.autosave import AutosavedMixin
from common.forms.values import refuse_unreadable
from common.mail.addresses import AddressInput
from common.text.sentences import filled
from common.text.words import count_words
from reports.asking.models import (
    GRACE,
    MAX_DRAFT,
    MAX_NAME,
    MAX_NOTE,
    MAX_QUESTION,
    MAX_WORDS,
    MIN_WORDS,
    USUAL_WORDS,
    Contribution,
    today,
)
from reports.contribution.people import Suggestion
from reports.report.models import Section
from stocktaking.text.reading import direction

AT_MOST_AHEAD = datetime.timedelta(days=366)
AT_MOST = _("At most %(limit)s characters.")
USUAL_TIME = datetime.timedelta(days=28)


def day_field(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def require_coming(day: datetime.date) -> datetime.date:
    if not today() <= day <= today() + AT_MOST_AHEAD:
        raise ValidationError(_("Choose a day from today to a year from now."))
    return day


def person_fields() -> dict[str, forms.Field]:
    text = forms.TextInput(attrs={"dir": "auto"})
    return {
        "name": forms.CharField(
            label=_("Name"),
            max_length=MAX_NAME,
            widget=text,
            validators=[refuse_unreadable],
        ),
        "email": AddressInput(label=_("E-mail address")),
        "agency": forms.CharField(
            label=_("Agency"),
            max_length=MAX_NAME,
            help_text=_("Printed as the author."),
            widget=text,
            validators=[refuse_unreadable],
        ),
        "language": forms.ChoiceField(
            label=_("Language of the e-mail"), choices=settings.LANGUAGES
        ),
    }


class RequestForm(forms.Form):
    """What is asked, how long, until when: the same for one person or for many."""

    question = forms.CharField(
        label=_("What you ask for"),
        max_length=MAX_QUESTION,
        help_text=filled(AT_MOST, limit=MAX_QUESTION),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        validators=[refuse_unreadable],
    )
    words = forms.IntegerField(
        label=_("Length in words"),
        min_value=MIN_WORDS,
        max_value=MAX_WORDS,
        initial=USUAL_WORDS,
    )
    deadline = day_field(
        _("Deadline"),
        filled(
            ngettext_lazy(
                "It ends at midnight, Geneva time. The link works %(days)s day longer.",
                "It ends at midnight, Geneva time. The link works %(days)s days longer.",
                GRACE.days,
            ),
            days=GRACE.days,
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deadline"].initial = today() + USUAL_TIME
        self.fields["question"].initial = _(
            "What was reached on this action line in the years of the report, what was "
            "difficult, and which trends you see."
        )

    def clean_deadline(self) -> datetime.date:
        return require_coming(self.cleaned_data["deadline"])

    def asked(self) -> dict[str, Any]:
        """The values of a new contribution."""
        values = {name: self.cleaned_data[name] for name in RequestForm.base_fields}
        return values | {"ends_on": values["deadline"] + GRACE}


class AskForm(RequestForm):
    """The same, of one person."""

    field_order = ("name", "email", "agency", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= person_fields()
        self.order_fields(self.field_order)

    def asked(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in person_fields()}
        return super().asked() | values


class ChapterForm(forms.Form):
    """A row of the table: whom to ask for one chapter."""

    ask = forms.BooleanField(label=_("Ask"), required=False)

    def __init__(
        self, section: Section, people: list[Suggestion], data: QueryDict | None = None
    ) -> None:
        first = people[0] if people else None
        initial = first._asdict() | {"ask": True} if first else {"language": "en"}
        super().__init__(data, prefix=f"s{section.pk}", initial=initial)
        self.section = section
        self.fields |= person_fields()
        for field in self.fields.values():
            field.required = False
            field.help_text = ""
            field.widget.attrs["aria-label"] = f"{field.label}: {section}"

    def clean(self) -> dict[str, Any]:
        """Of a chapter that is asked for everything has to be known."""
        values = super().clean() or {}
        if values.get("ask"):
            for name in ("name", "email", "agency", "language"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("This field is required."))
        return values

    @property
    def is_asked(self) -> bool:
        return bool(self.cleaned_data.get("ask"))

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in person_fields()}


class DatesForm(forms.Form):
    """More time: the editor moves the deadline, or the last day of the link."""

    deadline = day_field(_("Deadline"), _("It ends at midnight, Geneva time."))
    ends_on = day_field(_("The link works until"), "")

    def clean_deadline(self) -> datetime.date:
        return require_coming(self.cleaned_data["deadline"])

    def clean_ends_on(self) -> datetime.date:
        return require_coming(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and values["ends_on"] < values["deadline"]:
            self.add_error("ends_on", _("The link ends before the deadline."))
        return values


class NoteForm(forms.Form):
    note = forms.CharField(
        label=_("What is to be changed"),
        max_length=MAX_NOTE,
        help_text=filled(AT_MOST, limit=MAX_NOTE),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        validators=[refuse_unreadable],
    )


class TextForm(AutosavedMixin, forms.Form):
    """The text of the person of the agency; it saves itself like the pages of editors."""

    text = forms.CharField(
        label=_("Your text"),
        required=False,
        max_length=MAX_DRAFT,
        help_text=filled(AT_MOST, limit=MAX_DRAFT),
        validators=[refuse_unreadable],
    )

    def __init__(self, asked: Contribution, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"text": asked.text})
        self.asked = asked
        self.left_alone = set()
        language = asked.block.section.report.language
        lines = min(24, max(12, len(asked.text) // 80 + 2))
        self.fields["text"].widget = forms.Textarea(
            attrs={"rows": lines, "lang": language, "dir": direction(language)}
        )

    def keep(self) -> None:
        """Store the draft, unless another window of the same person wrote something else."""
        if self.is_valid() and "text" not in self.left_alone:
            text = self.cleaned_data["text"].replace("\r\n", "\n")
            if text != self.asked.text:
                self.asked.stamp("saved_at", text=text)

    def require_text(self) -> None:
        if not self.errors and not self.asked.text.strip():
            self.add_error("text", _("Write the text before you send it."))

    @property
    def length(self) -> int:
        return count_words(self.asked.text)
