"""Setting one disposition for the proposals that were ticked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms.values import refuse_unreadable
from forum.consultation.models import Submission
from forum.decision.models import Disposition
from forum.edition.models import Edition

REMARK_LENGTH = 500


class PendingForm(forms.Form):
    REMOVE = "remove"

    submissions: Any = forms.ModelMultipleChoiceField(
        Submission.objects.none(),
        error_messages={"required": _("Tick at least one proposal.")},
    )
    move = forms.ChoiceField(
        choices=[*Disposition.choices, (REMOVE, _("Remove the pending disposition"))],
        label=_("Pending disposition"),
    )
    remark = forms.CharField(
        required=False,
        max_length=REMARK_LENGTH,
        label=_("Remark for these authors"),
        validators=[refuse_unreadable],
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Submission.objects.handed_in().filter(edition=edition)
        self.fields["submissions"].queryset = rows.select_related("kind", "edition")  # type: ignore[attr-defined]  # a choice of rows
        self.fields["remark"].widget.attrs.pop("maxlength", None)
