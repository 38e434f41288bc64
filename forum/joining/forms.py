"""Proposing to join two requests."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.text.digits import whole_number
from forum.consultation.models import Submission
from forum.joining.models import DAYS_TO_ANSWER, MOST_DAYS, today_at


class JoiningForm(forms.Form):
    """The other request, by its number; which of the two leads; until when to answer."""

    number = forms.CharField(
        max_length=30,
        label=_("The other request"),
        help_text=_("Its number, such as OCP-2027-000123."),
    )
    leads = forms.ChoiceField(
        choices=(("this", _("This request")), ("other", _("The other request"))),
        label=_("Whose title and text are kept"),
        widget=forms.RadioSelect,
        initial="this",
    )
    note = forms.CharField(
        required=False,
        max_length=500,
        label=_("Why you propose it (optional)"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_("Both authors read it. At most 500 characters."),
    )
    answer_by = forms.DateField(
        label=_("Answer by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, submission: Submission, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.today = today_at(submission)
        self.fields["answer_by"].initial = self.today + datetime.timedelta(
            days=DAYS_TO_ANSWER
        )
        self.fields["answer_by"].help_text = submission.edition.zone.label
        self.fields["note"].widget.attrs.pop("maxlength", None)

    def clean_number(self) -> Submission:
        number = whole_number(self.cleaned_data["number"].strip().rpartition("-")[2])
        rows = Submission.objects.handed_in().filter(edition=self.submission.edition)
        others = rows.select_related("edition", "kind", "owner")
        other = others.filter(pk=number or 0).exclude(pk=self.submission.pk).first()
        if other is None:
            raise ValidationError(_("There is no other submission with this number."))
        return other

    def clean_answer_by(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["answer_by"]
        last = self.today + datetime.timedelta(days=MOST_DAYS)
        if not self.today < day <= last:
            raise ValidationError(
                _("Enter a day after today, at most %(limit)d days from now.")
                % {"limit": MOST_DAYS}
            )
        return day
