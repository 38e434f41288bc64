"""Forms of the consultation: a submission, and its disposition."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms.two_tabs import TwoTabsMixin
from common.forms.values import refuse_unreadable, with_code
from common.moves.workflow import NOTE_MAX_LENGTH
from common.text.digits import whole_number
from forum.consultation.models import Submission
from forum.consultation.phases import InputKind
from forum.consultation.questions import AskingForm
from forum.room.models import offered_tracks, offered_types
from forum.session.models import Session


class SubmissionForm(TwoTabsMixin, AskingForm):
    """A draft may be incomplete; what a submission needs is checked when it is submitted."""

    optional = ("track", "action_lines", "sdgs")

    class Meta:
        model = Submission
        fields = (
            "kind",
            "title",
            "language",
            "text",
            "organization_name",
            "stakeholder_type",
            "country",
            "session_type",
            "track",
            "people",
            "action_lines",
            "sdgs",
            "is_public",
        )
        widgets = {
            "action_lines": forms.CheckboxSelectMultiple,
            "sdgs": forms.CheckboxSelectMultiple,
            "people": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "text": _(
                "What you propose, for whom, and what should come of it. At most 600 words."
            ),
            "session_type": _("Required for a workshop request."),
            "people": _(
                "Required for a nomination: name, role and organization, one person per "
                "line. Ask them first."
            ),
        }

    kind: Any = forms.ModelChoiceField(
        InputKind.objects.none(),
        to_field_name="code",
        label=_("Kind"),
        error_messages=forms.ChoiceField.default_error_messages,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["session_type"]
        offered.queryset = offered_types(
            self.instance.edition, self.instance.session_type_id
        )
        tracks: Any = self.fields["track"]
        tracks.queryset = offered_tracks(self.instance.edition, self.instance.track_id)
        for name in ("action_lines", "sdgs"):
            self.fields[name].label_from_instance = with_code  # type: ignore[attr-defined]  # a choice of terms

    def keep(self) -> Submission:
        """Store each field that is valid, while somebody types."""
        draft: Submission = self.instance
        draft.save()
        self._save_m2m()  # type: ignore[attr-defined]  # of a ModelForm; skips what is not valid
        return draft

    def require_complete(self) -> None:
        """Add an error to each field that a submission lacks; call after saving.

        When another window has chosen another kind, the form lacks the questions of that kind.
        """
        missing = self.instance.missing()
        for name in missing:
            if name in self.fields:
                self.add_error(name, _("Fill in this field before you submit."))
        if not self.fields.keys() >= set(missing):
            sentence = _("This was saved elsewhere after you had opened the form.")
            self.add_error(None, sentence)


class DispositionForm(forms.Form):
    """The disposition of a submission: the session or submission it goes into, and the reason."""

    session = forms.ModelChoiceField(
        queryset=Session.objects.none(), required=False, label=_("Used in session")
    )
    merged_into = forms.CharField(
        required=False,
        max_length=30,
        label=_("Merged with"),
        help_text=_("The number of the other submission, such as OCP-2027-000123."),
    )
    note = forms.CharField(
        required=False,
        max_length=NOTE_MAX_LENGTH,
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[refuse_unreadable],
        help_text=_(
            "Sent to the author, and published with the input if its author agreed. At most 2,000 "
            "characters."
        ),
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.submission = submission
        self.fields["session"].queryset = Session.objects.of_edition(  # type: ignore[attr-defined]  # a choice of rows
            submission.edition
        ).order_by("title", "pk")
        self.fields["session"].initial = submission.session_id
        self.fields["note"].widget.attrs.pop("maxlength", None)

    def clean_merged_into(self) -> Submission | None:
        text = self.cleaned_data["merged_into"].strip()
        if not text:
            return None
        number = whole_number(text.rpartition("-")[2])
        others = Submission.objects.handed_in().filter(edition=self.submission.edition)
        other = others.filter(pk=number or 0).exclude(pk=self.submission.pk).first()
        if other is None:
            raise ValidationError(_("There is no other submission with this number."))
        return other
