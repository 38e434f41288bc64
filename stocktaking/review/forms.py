"""The forms of the moderation desk, and the letter made from canned reasons."""

import datetime
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.dates.fields import ZonedDateTimeField
from common.forms.values import refuse_unreadable
from common.moves.workflow import NOTE_MAX_LENGTH
from common.text.digits import western
from stocktaking.base.workflow import WAITING, Status
from stocktaking.project.forms import FORM_FIELDS
from stocktaking.project.models import Project
from stocktaking.reminder.forms import within_reach
from stocktaking.review.models import Reason, SavedView

LINE_MAX_LENGTH = 500


RECORD_NUMBER = re.compile(r"(?:WSIS-[0-9]{4}-)?0*([1-9][0-9]{0,11})", re.IGNORECASE)


MOVES = ("publish", "approve", "send_back", "refuse", "hold", "duplicate", "resume")


def field_choices() -> list[tuple[str, str]]:
    names = {
        name: Project._meta.get_field(name)
        for name in FORM_FIELDS
        if name != "image_alt"
    }
    return [(name, capfirst(str(field.verbose_name))) for name, field in names.items()]  # type: ignore[union-attr]  # plain fields


class DecisionForm(forms.Form):
    """The form of a move at the desk: canned reasons, the fields they are about, and a free
    line."""

    move = forms.ChoiceField(choices=[(name, name) for name in MOVES])
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    fields_meant = forms.MultipleChoiceField(
        label=gettext_lazy("Fields"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    public_from = ZonedDateTimeField(label=gettext_lazy("Public from"))
    record = forms.CharField(
        label=gettext_lazy("Number of the project that is there already"),
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "WSIS-2026-004512", "dir": "ltr"}),
        error_messages={
            "required": gettext_lazy(
                "Enter the number of the project, such as WSIS-2026-004512."
            )
        },
    )
    line = forms.CharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=LINE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[refuse_unreadable],
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        offered: list[Reason],
        language: str,
        record: str = "",
        about: Project | None = None,
    ) -> None:
        """`offered` are reasons with their texts; labels are in `language`, the officer's own.
        `record` is the number of the likeliest duplicate, `about` what is decided about."""
        own = data if data is not None and data.get("move") == kind else None
        super().__init__(
            own, auto_id=f"id_{kind}_%s", initial={"record": record, "move": kind}
        )
        self.kind = kind
        self.about = about
        if kind != "approve":
            del self.fields["public_from"]
        if kind != "duplicate":
            del self.fields["record"]
        self.offered = {
            reason.code: reason for reason in offered if reason.move == kind
        }
        worded = [
            (code, reason.wording(language)) for code, reason in self.offered.items()
        ]
        choices: Any = self.fields
        choices["reasons"].choices = [
            (code, text.label) for code, text in worded if text
        ]
        choices["fields_meant"].choices = field_choices()
        choices["line"].widget.attrs.pop("maxlength", None)

    def clean_public_from(self) -> datetime.datetime:
        return within_reach(self.cleaned_data["public_from"])

    def clean_record(self) -> Project:
        """The public or waiting project with this number. Raises ValidationError."""
        text = western(self.cleaned_data["record"]).strip()
        number = RECORD_NUMBER.fullmatch(text)
        project = Project.objects.filter(pk=int(number[1])).first() if number else None
        if project is None or project.status not in (*WAITING, Status.PUBLISHED):
            raise ValidationError(
                _(
                    "There is no project “%(value)s”. Enter a number such as WSIS-2026-004512."
                ),
                params={"value": text},
            )
        if self.about and project.pk == self.about.pk:
            raise ValidationError(
                _("Enter the number of the other project, not of this one.")
            )
        return project

    def note(self, language: str) -> str:
        """The text that is sent: the reasons in the reader's language, the fields, the officer's
        line."""
        data = self.cleaned_data
        texts = [self.offered[code].wording(language) for code in data["reasons"]]
        parts = [text.text for text in texts if text]
        with translation.override(language):
            labels = dict(field_choices())
            named = [labels[name] for name in data["fields_meant"]]
            if named:
                parts.append(_("Fields: %(fields)s") % {"fields": ", ".join(named)})
            if record := data.get("record"):
                parts.append(f"{record.number} – {record}")
                if record.status == Status.PUBLISHED:  # others cannot be read
                    parts.append(settings.SITE_URL + record.get_absolute_url())
        note = "\n".join([*parts, data["line"]]).strip()
        return note[:NOTE_MAX_LENGTH]


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "query")


class ReasonNoteForm(forms.Form):
    """The reason for a change of the level of trust in an organization."""

    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LINE_MAX_LENGTH,
        validators=[refuse_unreadable],
    )
