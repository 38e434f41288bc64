"""The forms of agencies, and the note of the secretariat about their positions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from common.moves.workflow import NOTE_MAX_LENGTH
from roadmap.document.models import Issue
from roadmap.position.models import (
    MAX_EVIDENCE,
    Evidence,
    PositionVersion,
    ReconciliationNote,
)
from roadmap.position.uploads import clean_pdf

EVIDENCE_FIELDS = {"links", "document", "file"}
LINKS_MAX_LENGTH = MAX_EVIDENCE * 700


class PositionForm(forms.ModelForm):
    """An agency's next version. `version` is the one its writer has seen; `instance` says of
    which milestone and agency, and who writes."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1
    )
    links = forms.CharField(
        label=_("Evidence: links"),
        required=False,
        max_length=LINKS_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One address per line, at most 20. Text after the address is used as its name."
        ),
    )
    document = forms.ModelChoiceField(
        label=_("Evidence: a document of this milestone"),
        queryset=Issue.objects.none(),
        required=False,
    )
    file = forms.FileField(
        label=_("Evidence: a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        help_text=_("PDF, at most 10 MB."),
    )

    class Meta:
        model = PositionVersion
        fields = ("completion", "text", "language", "expected")
        widgets = {
            "completion": forms.RadioSelect,
            "text": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "text": _("What has changed, at most 100 words."),
            "completion": _("“Complete” requires evidence below."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].queryset = Issue.objects.filter(  # type: ignore[attr-defined]  # a choice of rows
            document__milestone=self.instance.milestone
        ).select_related("document")
        self.fields["completion"].choices = PositionVersion.Completion.choices  # type: ignore[attr-defined]  # a choice
        self.fields["text"].validators.append(refuse_unreadable)
        for name in (
            "text",
            "links",
        ):  # the server reports what is too long, and loses nothing
            self.fields[name].widget.attrs.pop("maxlength", None)

    def clean_links(self) -> list[Evidence]:
        pieces = []
        for line in filter(
            None, map(str.strip, self.cleaned_data["links"].splitlines())
        ):
            address, _space, label = line.partition(" ")
            piece = Evidence(link=address, label=(label.strip() or address)[:200])
            try:
                piece.clean_fields(exclude=["position", "file", "issue"])
            except ValidationError as error:
                raise ValidationError(error.messages) from error
            pieces.append(piece)
        if len(pieces) > MAX_EVIDENCE:
            raise ValidationError(_("Enter at most 20 links."))
        return pieces

    def clean_file(self) -> Any:
        sent = self.cleaned_data["file"]
        return clean_pdf(sent) if sent else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        refused = self.errors.keys() & EVIDENCE_FIELDS  # that is meant as evidence too
        self.instance.evidence_count = len(self.evidence()) + len(refused)
        self.instance.version = data.get("version", 0) + 1
        return data

    def evidence(self) -> list[Evidence]:
        data = self.cleaned_data
        pieces = list(data.get("links") or [])
        if data.get("document"):
            pieces.append(
                Evidence(issue=data["document"], label=str(data["document"])[:200])
            )
        if data.get("file"):
            pieces.append(Evidence(file=data["file"], label=data["file"].label))
        return pieces


class NoteForm(forms.Form):
    """The reason of a move."""

    note = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=NOTE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Required to discard or withdraw."),
        validators=[refuse_unreadable],
    )


class ReconciliationForm(forms.ModelForm):
    class Meta:
        model = ReconciliationNote
        fields = ("text",)
        labels = {"text": _("Where the positions agree and where they differ")}
        help_texts = {
            "text": _("At most 200 words. The positions themselves do not change.")
        }
